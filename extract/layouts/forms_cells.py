"""Grids → cells with extents: which cell covers a place, stands beside or below another, whatever was merged.

Text has no places; ``forms_tabbed`` gives it some.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from extract.layouts.hull import hull
from extract.records import BBox, Grid, Part

NEAR = 4.0  # points by which edges of one rule differ


class Box(NamedTuple):
    """A cell with its extent in points from the top left (or in steps, in formats without pages)."""

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
    for cells in grid.rows:
        for cell in cells:
            if cell is not None and cell.part.bbox is not None:
                x0, top, x1, bottom = cell.part.bbox
                boxes.append(Box(cell.text, x0, top, x1, bottom, cell.part))
    return sorted(boxes, key=lambda box: (box.top, box.x0))


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
    """The places of cells: one box around those of each page; in a text, their range of lines."""
    by_page: dict[int | None, list[BBox]] = {}
    lines: list[int] = []
    for box in boxes:
        if box.part.first_line is not None:
            lines += [box.part.first_line, box.part.last_line or box.part.first_line]
            continue
        if box.part.bbox is None:
            continue
        by_page.setdefault(box.part.page_number, []).append(box.part.bbox)
    ranges = [Part(first_line=min(lines), last_line=max(lines))] if lines else []
    return (*(Part(page, hull(bboxes)) for page, bboxes in by_page.items()), *ranges)


def _overlap(one: Box, other: Box) -> bool:
    """Whether two cells share some of their height."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return shared > NEAR / 2
