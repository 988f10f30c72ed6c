"""Find: the text of a page → whether its tables are asked for. Whole budgets are long, and few of their pages are."""

from __future__ import annotations

import re

from extract.vocabularies import vocabulary

_EXPENDITURE = vocabulary("expenditure")
_WORDS = re.compile(
    rf"{'|'.join(vocabulary('documents')['targets_words'])}"
    rf"|(?:{'|'.join(_EXPENDITURE['project_titles'])}).{{0,10}}表"
    rf"|{'|'.join(_EXPENDITURE['function_titles'])}"
)
_SPACE = re.compile(r"\s+")


def may_be_needed(text: str) -> bool:
    """Whether a page with this text has to be read in full: for targets, or for the project expenditure they cover.

    Prose that speaks of them does, too: that costs a moment, and a page passed over would cost its projects.
    """
    return _WORDS.search(_SPACE.sub("", text)) is not None
