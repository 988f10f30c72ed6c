"""Grids of a whole budget → its tables of one kind: headings of one or more rows, rows joined over pages' ends."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from extract.amount_unit import labelled_unit
from extract.layouts.guangdong_headings import Column, Heading, heading_at
from extract.layouts.guangdong_joining import (
    Cells,
    continues,
    is_note,
    joined,
    lines_above,
    middle_of,
    place_of,
    with_wrapped_lines,
)
from extract.layouts.guangdong_rows import Row, RowSubtotal, Table, table_unit
from extract.layouts.indicator_text import indicators_start, read_indicators
from extract.layouts.other_titles import other_table, other_title
from extract.publisher import labelled_publisher
from extract.records import Cell, Grid, Issue, Page
from extract.vocabularies import vocabulary
from extract.wording import is_blank, label, tidy_name, unwrapped

_TOTAL_NAMES = vocabulary("guangdong_list")["total_names"]
_TITLE = re.compile(rf"^(?:{'|'.join(vocabulary('guangdong_budget')['table_titles'])})\s*[\d一二三四五六七八九十]")
_SAME_EDGE = 3.0  # points between the edges of one column on two pages
_SAME_WIDTH = 15.0  # points between the outer edges of one table on two pages


@dataclass(slots=True)
class _Walk:
    """A table while its grids are followed: its heading, the grid and the page where it stood last."""

    table: Table
    heading: Heading
    last: Grid
    page_number: int


def tables(pages: Sequence[Page], is_ours: Callable[[Heading], bool], issues: list[Issue]) -> list[Table]:
    """Every table whose heading is of the asked kind; it goes on over pages with its heading or its columns' edges."""
    found: list[Table] = []
    walk: _Walk | None = None
    nearest: str | None = None
    for page in pages:
        for position, grid in enumerate(with_wrapped_lines(page, lambda row: heading_at([row], 0) is not None)):
            above = lines_above(grid, page)
            unit = next((unit for text in reversed(above) if (unit := labelled_unit(text))), None)
            publisher = next((name for text in reversed(above) if (name := labelled_publisher(text))), None)
            if walk is not None and not _may_carry_on(walk, grid, page, position, above):
                if _looks_like_the_rest(walk, grid, page, position, above):
                    issues.append(_rest_not_read(grid))
                walk = None
            if walk is None and _is_of_others(grid, above, issues):
                continue
            index = 0
            while index < len(grid.rows):
                heading = heading_at(grid.rows, index)
                if heading is None or not is_ours(heading):
                    if heading is not None:
                        walk = None
                    if walk is not None:
                        _take(walk, grid, index, found, issues)
                        walk.last, walk.page_number = grid, page.page_number
                    index += 1
                    continue
                printed = table_unit(heading.units, unit)
                if walk is None or not _carries_on(walk, heading, printed, publisher):
                    labels = " | ".join("/".join(column.labels) for column in heading.columns if column.labels)
                    found.append(Table([], printed, publisher, nearest, labels, heading.units))
                    issues.extend(_unknown_columns(heading, grid.rows[index]))
                    walk = _Walk(found[-1], heading, grid, page.page_number)
                walk.heading = heading
                rest = _behind_labels(grid.rows[index : index + heading.depth])
                index += heading.depth
                if rest is not None and walk.table.rows:
                    walk.table.rows[-1] = joined(walk.table.rows[-1], _row(rest, heading, issues))
        nearest = next((u for line in reversed(page.lines) if (u := labelled_unit(line.text))), nearest)
    return [_finished(table) for table in found if table.rows]


def _finished(table: Table) -> Table:
    return replace(table, rows=[_with_indicators(row) for row in table.rows])


def _is_of_others(grid: Grid, above: Sequence[str], issues: list[Issue]) -> bool:
    """Whether a grid's title names other targets than those of projects; said where its headings look like theirs."""
    other = other_title(above)
    if other is not None and any(heading_at(grid.rows, index) for index in range(len(grid.rows))):
        issues.append(other_table(grid, *other))
    return other is not None


def _may_carry_on(walk: _Walk, grid: Grid, page: Page, position: int, above: Sequence[str]) -> bool:
    """Whether a grid that prints no heading may carry on a table: the next on paper, its columns at the same edges.

    A grid that prints the heading again is told by that; here it is enough that it stands near and starts nothing.
    """
    if heading_at(grid.rows, 0) is not None:
        return page.page_number <= walk.page_number + 1
    if grid.part.bbox is None:
        return True
    if not _is_next(walk, page, position, above):
        return False
    edges, before = _edges(grid), _edges(walk.last)
    return len(edges) <= len(before) and all(any(abs(x - y) <= _SAME_EDGE for y in before) for x in edges)


def _is_next(walk: _Walk, page: Page, position: int, above: Sequence[str]) -> bool:
    """Whether a grid is the first on the page after a table's, below no title and no money unit of its own."""
    starts_another = any(_TITLE.match(text) or labelled_unit(text) for text in above)
    return position == 0 and page.page_number == walk.page_number + 1 and not starts_another


def _looks_like_the_rest(walk: _Walk, grid: Grid, page: Page, position: int, above: Sequence[str]) -> bool:
    """Whether a grid that does not carry a table on stands where its rest would: as wide, without any heading."""
    one, other = walk.last.part.bbox, grid.part.bbox
    if one is None or other is None or heading_at(grid.rows, 0) is not None:
        return False
    is_as_wide = abs(one[0] - other[0]) <= _SAME_WIDTH and abs(one[2] - other[2]) <= _SAME_WIDTH
    return is_as_wide and _is_next(walk, page, position, above)


def _rest_not_read(grid: Grid) -> Issue:
    return Issue(
        "error",
        "rest_not_read",
        "A table without headings stands where the table of the page before may go on; its columns are others",
        "Look at the page; if it is the rest of the table, its rows are missing from the data.",
        grid.part.page_number,
        bbox=grid.part.bbox,
    )


def _edges(grid: Grid) -> list[float]:
    boxes = [cell.part.bbox for row in grid.rows for cell in row if cell is not None and cell.part.bbox is not None]
    return sorted({box[0] for box in boxes} | {box[2] for box in boxes})


def _carries_on(walk: _Walk, heading: Heading, unit: str | None, publisher: str | None) -> bool:
    """Whether a heading only repeats the one before: the same labels, no other unit and no other body."""
    table = walk.table
    return (
        heading.is_like(walk.heading)
        and (unit is None or table.unit in (None, unit))
        and (publisher is None or table.publisher in (None, publisher))
    )


def _take(walk: _Walk, grid: Grid, index: int, found: list[Table], issues: list[Issue]) -> None:
    """One row below a heading into its table."""
    cells = grid.rows[index]
    if not any(cell and cell.text for cell in cells) or is_note(cells):
        return
    row = _row(cells, walk.heading, issues)
    rows = walk.table.rows
    has_money = bool(row.total.strip() or row.funds)
    is_rest = bool(rows) and (
        (not has_money and _is_covered(cells, walk.heading))
        or (walk.last is not grid and continues(rows[-1], row, walk.last, grid))
    )
    if is_rest:
        rows[-1] = joined(rows[-1], row)
    elif not has_money and is_blank(row.goal) and is_blank(row.indicators) and not row.project_total.strip():
        issues.append(_without_money(row))
    elif rows and _is_total(row) and _is_total(rows[0]):
        walk.table = replace(walk.table, rows=[row])
        found.append(walk.table)
    else:
        rows.append(row)


def _is_covered(cells: Cells, heading: Heading) -> bool:
    """Whether the name's place is covered by the name of the row above."""
    return any(
        column.role == "name" and cells[index] is None
        for index, column in enumerate(heading.columns)
        if index < len(cells)
    )


def _is_total(row: Row) -> bool:
    return tidy_name(row.name) in _TOTAL_NAMES


def _without_money(row: Row) -> Issue:
    place = row.parts[0] if row.parts else None
    return Issue(
        "warning",
        "row_without_money",
        f"“{unwrapped(row.name)[:60]}” stands alone in its row; it is not read as a line",
        "Look at the row; it may head the rows below, or be cut.",
        place.page_number if place else None,
        bbox=place.bbox if place else None,
    )


def _unknown_columns(heading: Heading, cells: Cells) -> list[Issue]:
    part = next((cell.part for cell in cells if cell), None)
    return [
        Issue(
            "warning",
            "unknown_column",
            f"The heading “{' '.join(column.labels)}” names a column that is not known; what stands below is not read",
            "Look at the table; add the heading to the layout's vocabulary.",
            part.page_number if part else None,
            bbox=part.bbox if part else None,
        )
        for column in heading.columns
        if column.role == "unknown"
    ]


def _behind_labels(rows: Sequence[Cells]) -> Cells | None:
    """What stands under the labels of a heading of one row: the end of a row that the page before cut."""
    if len(rows) != 1:
        return None
    known = vocabulary("guangdong_budget")["columns"]
    rest: list[Cell | None] = []
    for cell in rows[0]:
        head, _, behind = cell.text.partition("\n") if cell else ("", "", "")
        whole = cell is not None and any(label(cell.text) in names for names in known.values())
        is_fused = behind and not whole and any(label(head) in names for names in known.values())
        rest.append(replace(cell, text=behind) if cell and is_fused else None)
    return rest if any(rest) else None


def _row(cells: Cells, heading: Heading, issues: list[Issue]) -> Row:
    held = _held(cells, heading, issues)

    def text(role: str) -> str:
        parts = [cell.text for column, cell in held if column.role == role and cell.text]
        return "\n".join(parts)

    funds = [(column, cell) for column, cell in held if column.role == "fund" and not is_blank(cell.text)]
    levels = [(column, cell) for column, cell in held if column.role == "level" and not is_blank(cell.text)]
    goal, indicators = text("goal"), text("indicators")
    return Row(
        name=text("name") or ("" if goal or indicators or levels else _name_elsewhere(held)),
        total=text("total"),
        funds=tuple((cell.text, frozenset([column.source])) for column, cell in funds),
        goal=goal,
        indicators=indicators or "；".join(f"{column.labels[-1]}：{cell.text}" for column, cell in levels),
        parts=place_of(cells),
        fund_parts=tuple(place_of([cell]) for _, cell in funds),
        indicator_parts=place_of([c for column, c in held if column.role in ("indicators", "level")])
        or place_of([cell for column, cell in held if column.role == "goal"]),
        organization=text("unit") or text("department"),
        project_total=text("project_total"),
        project_goal=text("project_goal"),
        subtotals=tuple(
            RowSubtotal(column.source, column.summed, cell.text, place_of([cell]))
            for column, cell in held
            if column.role == "subtotal" and not is_blank(cell.text)
        ),
    )


def _name_elsewhere(held: Sequence[tuple[Column, Cell]]) -> str:
    """The name of a body or total whose name column is empty: it stands in a column before it."""
    roles = ("unit", "department", "ignored")
    texts = [cell.text for column, cell in held if column.role in roles and cell.text.strip()]
    return next((text for text in texts if not text.strip().isdigit()), "")


def _held(cells: Cells, heading: Heading, issues: list[Issue]) -> list[tuple[Column, Cell]]:
    """Each cell with its column: by place where both have as many, on paper else by the nearest middle."""
    held: list[tuple[Column, Cell]] = []
    for index, cell in enumerate(cells):
        if cell is None:
            continue
        column = heading.columns[index] if index < len(heading.columns) else None
        middle = middle_of(cell)
        if len(cells) != len(heading.columns) and middle is not None:
            near = [(abs(c.middle - middle), i) for i, c in enumerate(heading.columns) if c.middle is not None]
            column = heading.columns[min(near)[1]] if near else None
        if column is not None and (column.labels or not cell.text):
            held.append((column, cell))
        elif cell.text:
            issues.append(
                Issue(
                    "error",
                    "surplus_cells",
                    f"“{unwrapped(cell.text)[:60]}” stands in a cell below no heading",
                    "Look at the row; the text is missing from the data.",
                    cell.part.page_number,
                    bbox=cell.part.bbox,
                )
            )
    return held


def _with_indicators(row: Row) -> Row:
    """The row with the indicators apart that its goal goes over into, where they print targets."""
    start = indicators_start(row.goal) if not row.indicators else None
    if start is None:
        return row
    read = read_indicators(row.goal[start:], row.indicator_parts, None)
    if not any(target.text for indicator in read.indicators for target in indicator.targets):
        return row
    return replace(row, goal=row.goal[:start].rstrip(), indicators=row.goal[start:])
