"""表12 of a Guangdong budget → lines: 支出项目类别 | 总计 | kinds of money, some under 财政拨款 | 绩效目标."""

from __future__ import annotations

from collections.abc import Sequence

from extract.layouts import guangdong_budget_grids
from extract.layouts.guangdong_headings import Heading
from extract.layouts.guangdong_lines import Style, lines_of_tables
from extract.layouts.interpretation import Context, Interpretation
from extract.records import Issue, Page

NAME = "guangdong_table12"


def interpret(pages: Sequence[Page], context: Context) -> Interpretation | None:
    """The lines of every such table in a document; None where its headings do not stand."""
    issues: list[Issue] = []
    tables = guangdong_budget_grids.tables(pages, _is_ours, issues)
    return lines_of_tables(tables, context, Style(NAME, "budget"), issues) if tables else None


def _is_ours(heading: Heading) -> bool:
    return heading.is_of_a_budget and heading.has("fund")
