"""What rows of Guangdong tables have in common, whatever their columns: their place, notes, rows split over pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from extract.layouts.guangdong_rows import Row
from extract.layouts.hull import hull
from extract.layouts.indicator_text import starts_indicators
from extract.records import Cell, Grid, Page, Part, TextLine
from extract.vocabularies import vocabulary
from extract.wording import is_blank

NOTE = re.compile(rf"\s*(?:{'|'.join(vocabulary('guangdong_list')['notes'])})\s*\d*\s*[:：]")
"""How a note begins that stands in or below a table."""

Cells = Sequence[Cell | None]


def lines_above(grid: Grid, page: Page) -> list[str]:
    """The lines of a page above a grid."""
    return [line.text for line in page.lines if _position(line.part) < _position(grid.part)]


def _position(part: Part) -> float:
    if part.bbox is not None:
        return part.bbox[1]
    return float(part.first_line or 0)


def with_wrapped_lines(page: Page, is_heading: Callable[[Cells], bool]) -> Iterator[Grid]:
    """The grids of a page; in a text, lines without tabs right below a row are the rest of its last cell."""
    if not any(grid.part.first_line for grid in page.grids):
        yield from page.grids
        return
    start = next(
        (row[0].part.first_line for grid in page.grids for row in grid.rows if row[0] and is_heading(row)), None
    )
    lines = {line.part.first_line: line for line in page.lines if line.text.strip()}
    for grid in page.grids:
        rows = []
        for row in grid.rows:
            number = row[0].part.last_line if row[0] else None
            wrapped = []
            while start is not None and number is not None and number > start and number + 1 in lines:
                number += 1
                if NOTE.match(lines[number].text):
                    break
                wrapped.append(lines[number])
            rows.append(_with_wrapped(row, wrapped) if wrapped else row)
        yield replace(grid, rows=tuple(rows))


def _with_wrapped(row: Cells, wrapped: Sequence[TextLine]) -> tuple[Cell | None, ...]:
    cells = list(row)
    index = max((i for i, cell in enumerate(cells) if cell and cell.text), default=0)
    cell = cells[index] or Cell("", Part())
    last_line = wrapped[-1].part.last_line
    text = "\n".join([cell.text, *(line.text.strip() for line in wrapped)])
    cells[index] = Cell(text, replace(cell.part, last_line=last_line))
    return tuple(cells)


def is_note(cells: Cells) -> bool:
    """Whether a row is a note over the whole width: its only text stands in its first cell and says so."""
    filled = [index for index, cell in enumerate(cells) if cell and cell.text]
    first = cells[0]
    return filled == [0] and first is not None and NOTE.match(first.text) is not None


def middle_of(cell: Cell | None) -> float | None:
    """The middle of a cell's column in points; None in text."""
    box = cell.part.bbox if cell else None
    return (box[0] + box[2]) / 2 if box else None


def place_of(cells: Cells) -> tuple[Part, ...]:
    """The places of cells as one: the box around them, or their range of lines."""
    parts = [cell.part for cell in cells if cell is not None]
    boxes = [part.bbox for part in parts if part.bbox is not None]
    if boxes:
        return (Part(parts[0].page_number, hull(boxes)),)
    numbers = [n for part in parts for n in (part.first_line, part.last_line) if n is not None]
    return (Part(first_line=min(numbers), last_line=max(numbers)),) if numbers else ()


def continues(head: Row, first: Row, last: Grid | None, grid: Grid) -> bool:
    """Whether the first row of a page is the rest of the last row of the page before.

    Where the page's end drew no rule, the rows are one if either lacks its money. Where it did, a row without money is
    the rest of another unless it begins something itself: indicators from their start, or a name with nothing beside.
    Text has no pages' ends.
    """
    if grid.part.bbox is None or last is None or last is grid:
        return False
    has_money = bool(first.total.strip() or first.funds)
    head_has_money = bool(head.total.strip() or head.funds)
    if last.open_bottom or grid.open_top:
        return not (has_money and head_has_money)
    if has_money:
        return not head_has_money and not head.name.strip()
    if not first.name.strip():
        return True
    is_bare = is_blank(first.goal) and is_blank(first.indicators)
    return not is_bare and not starts_indicators(first.indicators)


def joined(head: Row, tail: Row) -> Row:
    """One row of its two parts on two pages."""
    return replace(
        head,
        name=_with(head.name, tail.name),
        total=head.total or tail.total,
        funds=head.funds or tail.funds,
        goal=_with(head.goal, tail.goal),
        organization=_with(head.organization, tail.organization),
        project_total=head.project_total or tail.project_total,
        project_goal=_with(head.project_goal, tail.project_goal),
        indicators=_with(head.indicators, tail.indicators),
        parts=head.parts + tail.parts,
        fund_parts=head.fund_parts or tail.fund_parts,
        indicator_parts=head.indicator_parts + (tail.indicator_parts if tail.indicators else ()),
    )


def _with(head: str, tail: str) -> str:
    return f"{head}\n{tail}" if head and tail else head or tail
