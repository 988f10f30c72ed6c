"""Titles above a table → whether it holds other targets than those of projects: a department's, a region's, results."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extract.records import Grid, Issue
from extract.vocabularies import vocabulary
from extract.wording import tidy_name, unspaced

_WORDS = vocabulary("indicator_rows")
_LONGEST_TITLE = 45


def other_title(above: Sequence[str]) -> tuple[str, str] | None:
    """The nearest title above a table and what kind of other targets it names; None where it names none."""
    for line in reversed(above):
        text = unspaced(line)
        if len(text) > _LONGEST_TITLE or not any(word in text for word in _WORDS["title_words"]):
            continue
        if re.sub(r"[（(][^（）()]*[）)]$", "", text).endswith(tuple(_WORDS["title_endings"])):
            kinds = (kind for kind, words in _WORDS["other_tables"].items() if any(word in text for word in words))
            kind = next(kinds, None)
            return (tidy_name(line), kind) if kind else None
    return None


def other_table(grid: Grid, title: str, kind: str) -> Issue:
    """What is said of such a table."""
    return Issue(
        "info",
        "other_targets_table",
        f"{title} ({kind}) is no table of projects' targets",
        "Nothing; its targets are not those of projects and are not in the data.",
        grid.part.page_number or 1,
        bbox=grid.part.bbox,
    )
