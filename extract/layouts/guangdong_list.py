"""The Guangdong list → lines: 项目名称 | 总计 | fund sources | 绩效目标 | 绩效指标, one row per project under its unit.

Rows come from ruled grids, from tabbed text that may have lost columns, or from blocks of text that lost them all;
from there on the three are one.
"""

from __future__ import annotations

from collections.abc import Sequence

from extract.layouts import guangdong_blocks, guangdong_grids
from extract.layouts.guangdong_lines import Style, lines_of_tables
from extract.layouts.interpretation import Context, Interpretation
from extract.records import Issue, Page

NAME = "guangdong_list"


def interpret(pages: Sequence[Page], context: Context) -> Interpretation | None:
    """The lines of every Guangdong list in a document; None where its headings do not stand."""
    issues: list[Issue] = []
    tables = guangdong_grids.tables(pages, issues) or guangdong_blocks.tables(pages, issues)
    if not tables:
        return None
    return lines_of_tables(tables, context, Style(NAME, "targets"), issues)
