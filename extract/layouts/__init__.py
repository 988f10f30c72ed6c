"""Interpret tables: pages of grids and lines → project lines. Meaning only: no layout knows what a PDF is.

A layout is a module with ``NAME`` and ``interpret(pages, context)``; it returns None where its headings do not stand.
A new layout is one more module in ``LAYOUTS``. A grid belongs to the first of them that reads lines from it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extract.layouts import (
    by_headings,
    guangdong_key_projects,
    guangdong_list,
    guangdong_table12,
    indicator_rows,
    project_forms,
)
from extract.layouts.interpretation import Context, Interpretation
from extract.records import Grid, Line, Page, Part

LAYOUTS = (guangdong_list, guangdong_table12, guangdong_key_projects, project_forms, indicator_rows, by_headings)


def interpret_tables(pages: Sequence[Page], context: Context) -> list[Interpretation]:
    """What every layout that knows itself in these pages makes of them; tables are numbered through the document."""
    found: list[Interpretation] = []
    tables = 0
    for layout in LAYOUTS:
        interpretation = layout.interpret(pages, context)
        if interpretation is not None:
            found.append(_numbered_from(tables, interpretation))
            tables = max((line.table_number for line in found[-1].lines), default=tables)
            pages = _without_grids_of(interpretation.lines, pages)
    return found


def _without_grids_of(lines: Sequence[Line], pages: Sequence[Page]) -> Sequence[Page]:
    """The pages without the grids that lines stand in."""
    places: dict[int, list[Part]] = {}
    for part in (part for line in lines for part in line.locator):
        places.setdefault(part.page_number or 1, []).append(part)
    return [
        replace(page, grids=tuple(grid for grid in page.grids if not _holds_any(grid, places[page.page_number])))
        if page.page_number in places
        else page
        for page in pages
    ]


def _holds_any(grid: Grid, parts: Sequence[Part]) -> bool:
    return any(_holds(grid.part, part) for part in parts)


def _holds(outer: Part, part: Part) -> bool:
    if outer.bbox is not None and part.bbox is not None:
        middle_x, middle_y = (part.bbox[0] + part.bbox[2]) / 2, (part.bbox[1] + part.bbox[3]) / 2
        return outer.bbox[0] <= middle_x <= outer.bbox[2] and outer.bbox[1] <= middle_y <= outer.bbox[3]
    if outer.first_line is not None and outer.last_line is not None and part.first_line is not None:
        return outer.first_line <= part.first_line <= outer.last_line
    return False


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
