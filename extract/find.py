"""Find: the text of a page → whether its tables are asked for. Whole budgets are long, and few of their pages are."""

from __future__ import annotations

import re

from extract.readers.wanted import Wanted
from extract.vocabularies import vocabulary

_EXPENDITURE = vocabulary("expenditure")
_WORDS = re.compile(
    rf"{'|'.join(vocabulary('documents')['targets_words'])}"
    rf"|(?:{'|'.join(_EXPENDITURE['project_titles'])}).{{0,10}}表"
    rf"|{'|'.join(_EXPENDITURE['function_titles'])}"
)
_SPACE = re.compile(r"\s+")
_NUMBERED_TITLE = re.compile(r"(?:附件?)?表[\d一二三四五六七八九十]+")
_FIRST_LINES = 4


def may_be_needed(text: str) -> bool:
    """Whether a page with this text has to be read in full: for targets, or for the project expenditure they cover.

    Prose that speaks of them does, too: that costs a moment, and a page passed over would cost its projects.
    """
    return _WORDS.search(_SPACE.sub("", text)) is not None


def begins_another_table(text: str, before: str) -> bool:
    """Whether a page begins with the numbered title of a table (表9) that the page ``before`` it does not name."""
    lines = [_SPACE.sub("", line) for line in text.splitlines()]
    titles = [line for line in [line for line in lines if line][:_FIRST_LINES] if _NUMBERED_TITLE.match(line)]
    return bool(titles) and titles[0] not in _SPACE.sub("", before)


NEEDED = Wanted(may_be_needed, begins_another_table)
"""The pages that this project asks for."""
