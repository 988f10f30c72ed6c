"""Find: the text of a page → whether it may hold targets. Whole budgets are long, and few of their pages do."""

from __future__ import annotations

import re

from extract.vocabularies import vocabulary

_WORDS = re.compile("|".join(vocabulary("documents")["targets_words"]))
_SPACE = re.compile(r"\s+")


def may_hold_targets(text: str) -> bool:
    """Whether a page with this text has to be read in full.

    Prose that speaks of targets does, too: that costs a moment, and a page passed over would cost its projects.
    """
    return _WORDS.search(_SPACE.sub("", text)) is not None
