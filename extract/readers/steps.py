"""Cells with spans → grids: where a format has no points, rows and columns serve as coordinates, one step each.

So all layouts know one geometry, and places are told in rows and columns again when a document is understood.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.readers.unreadable import UnreadableError
from extract.records import BBox, Cell, Grid, Page, Part, TextLine

_STEP = 20.0  # more than layouts allow between edges that are the same
MOST_CELLS = 300_000


@dataclass(frozen=True, slots=True)
class Spanned:
    """A cell: its text, its place counted from 1, and how many rows and columns it covers."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


def grid_of(cells: Sequence[Spanned], page_number: int) -> Grid:
    """The grid of cells that do not overlap; a place that no cell covers is an empty cell.

    Rows and columns in which no cell begins have no place of their own: what stands before them reaches over them, as
    on paper, where a rule stands only where a cell begins.

    Raises:
        UnreadableError: there are too many places.
    """
    rows, columns = sorted({cell.row for cell in cells}), sorted({cell.column for cell in cells})
    if len(rows) * len(columns) > MOST_CELLS:
        raise too_complex(f"one table has {len(rows)} rows of {len(columns)} columns")
    below = max(cell.row + cell.rows for cell in cells)
    beyond = max(cell.column + cell.columns for cell in cells)

    def part(top: int, left: int, after_row: int, after_column: int) -> Part:
        bottom = rows[after_row] if after_row < len(rows) else below
        right = columns[after_column] if after_column < len(columns) else beyond
        return Part(page_number, _box(rows[top], columns[left], bottom, right))

    places: list[list[Cell | None]] = [
        [Cell("", part(row, column, row + 1, column + 1)) for column in range(len(columns))] for row in range(len(rows))
    ]
    for cell in cells:
        top, left = bisect_left(rows, cell.row), bisect_left(columns, cell.column)
        after_row = bisect_left(rows, cell.row + cell.rows)
        after_column = bisect_left(columns, cell.column + cell.columns)
        for row in range(top, after_row):
            places[row][left:after_column] = [None] * (after_column - left)
        places[top][left] = Cell(cell.text, part(top, left, after_row, after_column))
    return Grid(tuple(map(tuple, places)), Part(page_number, _box(rows[0], columns[0], below, beyond)))


def _box(row: int, column: int, below: int, beyond: int) -> BBox:
    return (column - 1) * _STEP, (row - 1) * _STEP, (beyond - 1) * _STEP, (below - 1) * _STEP


def shown(text: str) -> str:
    """A text as it is seen: lines end in one way, a space that does not break is a space, nothing around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ").strip()


def line_of(text: str, row: int, column: int, page_number: int) -> TextLine:
    """A line of text in a row (0 and less above a table's first one).

    It is half as high as the row: lines of two rows are never near enough to be one that was wrapped.
    """
    x0, top, x1, bottom = _box(row, column, row + 1, column + 1)
    return TextLine(text, Part(page_number, (x0, top + _STEP / 4, x1, bottom - _STEP / 4)))


def part_of_page(page: Page, box: BBox | None) -> Part:
    """The place in the document's own terms of a box on a page that was laid out in steps."""
    if box is None:
        return Part(sheet=page.sheet, table=page.table)
    x0, top, x1, bottom = box
    row, column = max(1, int(top // _STEP) + 1), max(1, int(x0 // _STEP) + 1)
    return Part(
        sheet=page.sheet,
        table=page.table,
        row=row,
        column=column,
        last_row=max(row, int(-(-bottom // _STEP))),
        last_column=max(column, int(-(-x1 // _STEP))),
    )


def rows_within(page: Page, place: Part) -> Iterator[list[str]]:
    """The texts of a page's cells that begin within a place, row by row."""
    for grid in page.grids:
        for row in grid.rows:
            own = [(cell.text, part_of_page(page, cell.part.bbox)) for cell in row if cell is not None and cell.text]
            texts = [
                text
                for text, part in own
                if (place.row or 0) <= (part.row or 0) <= (place.last_row or 0)
                and (place.column or 0) <= (part.column or 0) <= (place.last_column or 0)
            ]
            if texts:
                yield texts


def too_complex(why: str) -> UnreadableError:
    """The refusal of a document that would take too much memory or time."""
    return UnreadableError(
        "too_complex",
        f"The document is too complex to read: {why}",
        "Save the sheets or tables of project targets in a file of their own, and add that.",
    )
