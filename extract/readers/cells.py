"""The cells of a ruled table and the characters in it → a grid, every character in the one cell that holds it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from extract.readers.characters import Run, text_of
from extract.readers.overflow import overflows
from extract.readers.rules import Table, outline
from extract.records import BBox, Cell, Grid, Issue, Part


def parted(runs: Sequence[Run], box: BBox) -> tuple[list[Run], list[Run]]:
    """The runs whose characters' middles a box holds, and the others; one that lies across its edge is taken apart."""
    x0, top, x1, bottom = box
    inside: list[Run] = []
    outside: list[Run] = []
    for run in runs:
        if not top <= (run.top + run.bottom) / 2 <= bottom:
            outside.append(run)
            continue
        first, last = x0 <= run.first_middle_x <= x1, x0 <= run.last_middle_x <= x1
        if first and last:
            inside.append(run)
        elif not run.starts or run.last_middle_x < x0 or run.first_middle_x > x1:
            outside.append(run)
        else:
            for character in run.characters():
                (inside if x0 <= character.first_middle_x <= x1 else outside).append(character)
    return inside, outside


def grid_of(table: Table, runs: Sequence[Run], page_number: int) -> tuple[Grid, list[Run], list[Issue]]:
    """The grid of a table with the text of every cell, the printed runs that no cell holds, and what overflows."""
    columns = sorted({cell[0] for cell in table.cells})
    rows = sorted({cell[1] for cell in table.cells})
    places = _Places(table.cells, columns, rows)
    held: dict[BBox, list[Run]] = {cell: [] for cell in table.cells}
    orphans: list[Run] = []
    for run in runs:
        cell = places.cell_of(run.first_middle_x, run.middle_y)
        if cell is not None and run.last_middle_x <= cell[2]:
            held[cell].append(run)
            continue
        for member in run.characters():
            cell = places.cell_of(member.first_middle_x, member.middle_y)
            if cell is not None:
                held[cell].append(member)
            elif not member.text.isspace():
                orphans.append(member)
    at = {(cell[1], cell[0]): cell for cell in table.cells}
    grid = tuple(
        tuple(
            None if (box := at.get((top, x0))) is None else Cell(text_of(held[box]), Part(page_number, box))
            for x0 in columns
        )
        for top in rows
    )
    issues = [issue for cell, inside in held.items() if inside for issue in overflows(cell, inside, page_number)]
    return Grid(grid, Part(page_number, outline(table.cells)), table.open_top, table.open_bottom), orphans, issues


class _Places:
    """Every place of a grid → the cell that covers it, merged cells included."""

    def __init__(self, cells: Sequence[BBox], columns: Sequence[float], rows: Sequence[float]) -> None:
        self.columns, self.rows = columns, rows
        self.cells: dict[tuple[int, int], BBox] = {}
        for cell in cells:
            first_row, last_row = bisect_left(rows, cell[1]), bisect_right(rows, cell[3] - 0.01)
            first_column, last_column = bisect_left(columns, cell[0]), bisect_right(columns, cell[2] - 0.01)
            for row in range(first_row, last_row):
                for column in range(first_column, last_column):
                    self.cells[row, column] = cell

    def cell_of(self, x: float, y: float) -> BBox | None:
        """The cell that holds a point."""
        cell = self.cells.get((bisect_right(self.rows, y) - 1, bisect_right(self.columns, x) - 1))
        if cell is not None and cell[0] <= x <= cell[2] and cell[1] <= y <= cell[3]:
            return cell
        return None
