"""Interpret tables: pages of grids and lines → project lines. Meaning only: no layout knows what a PDF is.

A layout is a module with ``NAME`` and ``interpret(pages, context)``; it returns None where its headings do not stand.
A new layout is one more module in ``LAYOUTS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.layouts import guangdong_key_projects, guangdong_list, guangdong_table12
from extract.layouts.interpretation import Context, Interpretation
from extract.records import Page

LAYOUTS = (guangdong_list, guangdong_table12, guangdong_key_projects)


def interpret_tables(pages: Sequence[Page], context: Context) -> list[Interpretation]:
    """What every layout that knows itself in these pages makes of them; tables are numbered through the document."""
    found: list[Interpretation] = []
    tables = 0
    for layout in LAYOUTS:
        interpretation = layout.interpret(pages, context)
        if interpretation is not None:
            found.append(_numbered_from(tables, interpretation))
            tables = max((line.table_number for line in found[-1].lines), default=tables)
    return found


def _numbered_from(tables: int, interpretation: Interpretation) -> Interpretation:
    if not tables:
        return interpretation
    return Interpretation(
        tuple(replace(line, table_number=line.table_number + tables) for line in interpretation.lines),
        tuple(
            issue if issue.table_number is None else replace(issue, table_number=issue.table_number + tables)
            for issue in interpretation.issues
        ),
    )
