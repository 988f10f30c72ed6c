"""Lines and headings → the money unit that they print."""

from __future__ import annotations

import re

from extract.vocabularies import vocabulary

_UNITS = "|".join(sorted(vocabulary("documents")["amount_units"], key=len, reverse=True))
_LABELLED = re.compile(rf"单\s*位\s*[:：]\s*(?:人民币)?\s*(?P<unit>{_UNITS})")
_BRACKETED = re.compile(rf"[（(]\s*(?:单\s*位\s*[:：])?\s*(?P<unit>{_UNITS})\s*[）)]")


def labelled_unit(text: str) -> str | None:
    """The unit that a line names (单位：万元); None where it names none."""
    match = _LABELLED.search(text)
    return match["unit"] if match else None


def bracketed_unit(heading: str) -> str | None:
    """The unit that a heading carries in brackets (总计（元）)."""
    match = _BRACKETED.search(heading)
    return match["unit"] if match else None
