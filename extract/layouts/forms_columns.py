"""The headings of a form's indicators → its columns by their edges, so that pages without headings can follow them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from extract.layouts.forms_cells import NEAR, Box
from extract.vocabularies import by_name, vocabulary
from extract.wording import label

_YEAR = re.compile(r"^20\d\d年度?")  # 2026年指标值
_SPOKEN_OF = ("nature", "operator", "unit", "weight", "explanation")
NOTES = ("nature", "explanation", "prior_value")
"""Columns that say something beside a target; a form may have several of one kind."""
_WORDS = vocabulary("project_forms")
_COLUMNS = by_name(_WORDS["columns"])
_SPOKEN_COLUMNS = by_name({role: _WORDS["columns"][role] for role in _WORDS["columns"] if role in _SPOKEN_OF})
_OF_PERIOD = "|".join(_WORDS["project_value_words"])
_VALUE = re.compile(rf"(?:{'|'.join(_WORDS['value_words'])}|{_OF_PERIOD})+值")
_PREFIXES = re.compile(rf"^(?:{'|'.join(_WORDS['column_prefixes'])})+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column: what it holds (a role of the vocabulary, or None where its heading is unknown) and its edges."""

    role: str | None
    heading: str
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class Header:
    """The row of headings: its columns from left to right and its extent."""

    columns: tuple[Column, ...]
    top: float
    bottom: float
    first: Box

    @property
    def roles(self) -> tuple[str | None, ...]:
        """What its columns hold, from left to right."""
        return tuple(column.role for column in self.columns)

    def column(self, role: str) -> Column | None:
        """The first column of a role."""
        return next((column for column in self.columns if column.role == role), None)

    @property
    def second_half(self) -> float | None:
        """Where the columns start again, for another period: the left edge of the first role that is repeated."""
        seen: set[str] = set()
        for column in self.columns:
            if column.role in seen:
                return column.x0
            if column.role not in (None, "ignored", *NOTES):
                seen.add(str(column.role))
        return None

    @property
    def of_project(self) -> Header:
        """The same headings over values of the whole period."""
        columns = (replace(c, role="project_value") if c.role == "value" else c for c in self.columns)
        return replace(self, columns=tuple(columns))

    def is_of(self, boxes: Sequence[Box]) -> bool:
        """Whether the headings are printed among these cells."""
        return self.first in boxes

    def is_followed_by(self, boxes: Sequence[Box]) -> bool:
        """Whether cells stand in the same columns: names and values do."""
        return all(
            any(stands_in(box, column) for box in boxes)
            for column in self.columns
            if column.role in ("name", "value", "project_value")
        )


def stands_in(box: Box, column: Column) -> bool:
    """Whether a cell has its place in a column and no wider one."""
    return column.x0 - NEAR <= box.x0 and box.x1 <= column.x1 + NEAR


def find_header(boxes: Sequence[Box]) -> Header | None:
    """The headings of indicators among cells; where they are repeated, the first ones."""
    return next(iter(find_headers(boxes)), None)


def find_headers(boxes: Sequence[Box]) -> list[Header]:
    """All rows of headings of indicators among cells, from top to bottom."""
    headers: list[Header] = []
    firsts = [box for box in boxes if "一" in box.text and _role(box.text) == "level_1"]
    for candidate in firsts:
        if headers and candidate.top < headers[-1].bottom - NEAR:
            continue
        first = next(box for box in firsts if abs(box.top - candidate.top) <= NEAR)  # the leftmost of its row
        row = [
            box
            for box in boxes
            if box.top >= first.top - NEAR and box.bottom <= first.bottom + NEAR and box.x0 >= first.x0 - NEAR
        ]
        columns = tuple(sorted(_columns(row), key=lambda column: column.x0))
        roles = {column.role for column in columns}
        if "name" in roles and roles & {"value", "project_value"}:
            headers.append(Header(columns, first.top, first.bottom, first))
    return headers


def section_of(header: Header, boxes: Sequence[Box]) -> list[Box]:
    """What names the part of the indicators under some headings: a cell left of them, or a row of one cell above."""
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    beside = [box for box in boxes if box.x1 <= header.first.x0 + NEAR and box.top <= header.top + NEAR < box.bottom]
    over = [box for box in boxes if abs(box.bottom - header.top) <= NEAR]
    return beside + [box for box in over if box.x0 <= left + NEAR and box.x1 >= right - NEAR]


def _columns(row: Sequence[Box]) -> list[Column]:
    """The columns of headings that may stand in two rows: a heading over others lends them its words."""
    columns = []
    for box in row:
        under = [b for b in row if b.top > box.top + NEAR and box.x0 - NEAR <= b.x0 and b.x1 <= box.x1 + NEAR]
        if under:
            continue
        over = next(
            (b for b in row if b.top < box.top - NEAR and b.x0 - NEAR <= box.x0 and box.x1 <= b.x1 + NEAR), None
        )
        known = _role(box.text)
        if known is None and over is not None:
            known = _role(box.text + over.text) or _role(over.text + box.text)
        columns.append(Column(known, label(box.text), box.x0, box.x1))
    return _with_one_name(columns)


def _with_one_name(columns: list[Column]) -> list[Column]:
    """三级指标 names an indicator, and 指标内容 beside it explains what it is."""
    names = [column for column in columns if column.role == "name"]
    if len(names) != 2 or {column.heading for column in names} != {"三级指标", "指标内容"}:
        return columns
    return [replace(c, role="explanation") if c.heading == "指标内容" else c for c in columns]


@lru_cache(maxsize=4096)
def _role(text: str) -> str | None:
    known = _YEAR.sub("", label(text))
    role = _COLUMNS.get(known)
    if role is None and _VALUE.fullmatch(known):
        return "project_value" if re.search(_OF_PERIOD, known) else "value"
    return role or _SPOKEN_COLUMNS.get(_PREFIXES.sub("", known))
