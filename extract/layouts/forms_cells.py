"""Grids → cells with extents: which cell covers a place, stands beside or below another, whatever was merged.

Readers without geometry give grids without boxes; there rows and columns serve as coordinates.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extract.layouts.hull import hull
from extract.records import BBox, Cell, Grid, Part

NEAR = 4.0  # points by which edges of one rule differ
_NOWHERE = Part()
_STEP = 20.0  # the size of a row and a column where a grid has no boxes


class Box(NamedTuple):
    """A cell with its extent in points from the top left (or in steps, where its grid has no geometry)."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    part: Part

    @property
    def middle_x(self) -> float:
        """The middle between left and right edge."""
        return (self.x0 + self.x1) / 2

    @property
    def middle_y(self) -> float:
        """The middle between upper and lower edge."""
        return (self.top + self.bottom) / 2


def boxes_of(grid: Grid) -> list[Box]:
    """The cells of a grid from top to bottom and left to right, each with what it covers."""
    boxes = []
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                x0, top, x1, bottom = cell.part.bbox or _covered(grid, row, column)
                boxes.append(Box(cell.text, x0, top, x1, bottom, _part(cell, grid)))
    return sorted(boxes, key=lambda box: (box.top, box.x0))


def _part(cell: Cell, grid: Grid) -> Part:
    return cell.part if cell.part.bbox is not None or cell.part != _NOWHERE else grid.part


def _covered(grid: Grid, row: int, column: int) -> BBox:
    cells = grid.rows[row]
    right = column + 1
    while right < len(cells) and cells[right] is None:
        right += 1
    below = row + 1
    while below < len(grid.rows) and all(cell is None for cell in grid.rows[below][column:right]):
        below += 1
    return column * _STEP, row * _STEP, right * _STEP, below * _STEP


def right_of(box: Box, boxes: Sequence[Box]) -> list[Box]:
    """The cells that touch a cell's right edge, from top to bottom."""
    return [b for b in boxes if abs(b.x0 - box.x1) <= NEAR and _overlap(b, box)]


def is_right_of(one: Box, other: Box) -> bool:
    """Whether a cell touches another's right edge."""
    return abs(one.x0 - other.x1) <= NEAR and _overlap(one, other)


def below(box: Box, boxes: Sequence[Box]) -> Box | None:
    """The cell of the same columns that touches a cell's lower edge."""
    return next((b for b in boxes if abs(b.top - box.bottom) <= NEAR and same_columns(b, box)), None)


def same_columns(one: Box, other: Box) -> bool:
    """Whether two cells have the same left and right edges."""
    return abs(one.x0 - other.x0) <= NEAR and abs(one.x1 - other.x1) <= NEAR


def on_row(box: Box, boxes: Sequence[Box]) -> list[Box]:
    """The cells that cover the middle of a cell's height, itself included, from left to right."""
    return sorted((b for b in boxes if b.top <= box.middle_y <= b.bottom), key=lambda b: b.x0)


def around(boxes: Iterable[Box]) -> tuple[Part, ...]:
    """The places of cells: one box around those of each page, or their parts where they have none."""
    by_page: dict[int | None, list[BBox]] = {}
    plain: dict[Part, None] = {}
    for box in boxes:
        if box.part.bbox is None:
            plain[box.part] = None
        else:
            by_page.setdefault(box.part.page_number, []).append(box.part.bbox)
    return (*(Part(page, hull(bboxes)) for page, bboxes in by_page.items()), *plain)


def _overlap(one: Box, other: Box) -> bool:
    """Whether two cells share some of their height."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > NEAR / 2
