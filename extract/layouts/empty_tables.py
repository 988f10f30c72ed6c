"""Tables that are published empty: their headings, and rows that print nothing, or say that there is nothing."""

from __future__ import annotations

import re

from extract.records import Issue, Part
from extract.vocabularies import vocabulary
from extract.wording import is_blank, joined_chinese

_NOTHING = re.compile(rf"(?:{'|'.join(vocabulary('guangdong_list')['nothing'])})")


def says_nothing(name: str) -> bool:
    """Whether the name of a row without money, goal and indicators says that there is no project (本部门无项目…)."""
    return is_blank(name) or _NOTHING.search(joined_chinese(name)) is not None


def empty_table(place: Part, table_number: int | None = None) -> Issue:
    """What is said of such a table."""
    return Issue(
        "info",
        "empty_table",
        "A table of targets holds its headings and no project",
        "Nothing, if the body has no projects to publish.",
        place.page_number or 1,
        table_number,
        bbox=place.bbox,
    )
