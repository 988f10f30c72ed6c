"""Lists of no known layout → lines: read by headings that name a project, its goal or indicators, and its money.

It comes last, takes only what no other layout read, and says of every table that it was read so.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.layouts import guangdong_budget_grids
from extract.layouts.guangdong_headings import Heading
from extract.layouts.guangdong_lines import Style, lines_of_tables
from extract.layouts.guangdong_rows import Table
from extract.layouts.interpretation import Context, Interpretation
from extract.records import Issue, Page

NAME = "by_headings"


def interpret(pages: Sequence[Page], context: Context) -> Interpretation | None:
    """The lines of every list whose headings are recognised; None where no such headings stand."""
    issues: list[Issue] = []
    tables = guangdong_budget_grids.tables(pages, _is_ours, issues)
    if not tables:
        return Interpretation((), tuple(issues)) if issues else None
    issues.extend(_read_by_headings(table, number) for number, table in enumerate(tables, 1))
    return lines_of_tables(tables, context, Style(NAME, "targets"), issues)


def _is_ours(heading: Heading) -> bool:
    return heading.is_of_projects


def _read_by_headings(table: Table, table_number: int) -> Issue:
    part = table.rows[0].parts[0] if table.rows[0].parts else None
    return Issue(
        "warning",
        "read_by_headings",
        f"The layout of this table is not known; it is read by its headings {table.heading}",
        "Compare what you use with the page.",
        part.page_number if part else None,
        table_number,
        bbox=part.bbox if part else None,
    )
