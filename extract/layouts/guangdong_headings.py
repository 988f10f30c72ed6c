"""Rows of labels above a table, one over the other → its columns: name, total, goal, funds and their sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from extract.amount_unit import bracketed_unit
from extract.layouts.guangdong_joining import Cells, middle_of
from extract.records import Cell
from extract.vocabularies import vocabulary
from extract.wording import label

_WORDS = vocabulary("guangdong_budget")
_NAMED: Mapping[str, Sequence[str]] = _WORDS["columns"]
_DEEPEST = 4  # rows of labels

Role = Literal["name", "total", "goal", "ignored", "fund", "subtotal", "unknown"]
_ONCE: Sequence[Role] = ("name", "total", "goal")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it holds, the labels above it from top to bottom, and its middle in points (None in text).

    ``source`` is the fund source of a fund or a subtotal, ``summed`` the fund sources that a subtotal sums up.
    """

    role: Role
    labels: tuple[str, ...] = ()
    source: str = ""
    summed: tuple[str, ...] = ()
    middle: float | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a table in their order, and the money unit that a label carries in brackets."""

    columns: tuple[Column, ...]
    unit: str | None
    depth: int
    """How many rows of the grid it takes."""

    def has(self, role: Role) -> bool:
        """Whether any column has this role."""
        return any(column.role == role for column in self.columns)

    @property
    def is_of_a_budget(self) -> bool:
        """Whether each of its rows has one name, one total and one goal, and nothing that only other layouts have."""
        roles = [column.role for column in self.columns]
        labels = {text for column in self.columns for text in column.labels}
        return all(roles.count(role) == 1 for role in _ONCE) and not labels & set(_WORDS["other_headings"])

    def is_like(self, other: Heading) -> bool:
        """Whether two headings print the same labels."""
        return [c.labels for c in self.columns] == [c.labels for c in other.columns]


def heading_at(rows: Sequence[Cells], index: int) -> Heading | None:
    """The heading that begins with a row of a grid, if that row names a project and a goal (of whatever table)."""
    first = [_labelled(cell) for cell in rows[index]]
    names = [i for i, text in enumerate(first) if text in _NAMED["name"]]
    if not names or not any(text in _NAMED["goal"] for text in first):
        return None
    depth = 1
    while depth < _DEEPEST and index + depth < len(rows) and _goes_on(rows[index + depth], names[0]):
        depth += 1
    printed = rows[index : index + depth]
    labels = _labels_by_column([[_labelled(cell) for cell in row] for row in printed])
    columns = _with_sums([replace(_column(above), middle=_middle(printed, i)) for i, above in enumerate(labels)])
    units = (bracketed_unit(cell.text) for row in printed for cell in row if cell)
    return Heading(tuple(columns), next((unit for unit in units if unit), None), depth)


def _labelled(cell: Cell | None) -> str:
    return _heading_of(cell.text) if cell else ""


@lru_cache(maxsize=20_000)
def _heading_of(printed: str) -> str:
    text = label(printed)
    for mark in _WORDS["part_marks"]:
        text = text.removeprefix(mark)
    if not _is_known(text) and "\n" in printed:
        first = label(printed.split("\n", 1)[0])  # below it may stand the end of a row that the page before cut
        return first if _is_known(first) else text
    return text


def _is_known(text: str) -> bool:
    return any(text in _WORDS[words] for words in ("fund_sources", "sum_labels", "other_headings")) or any(
        text in names for names in _NAMED.values()
    )


def _goes_on(cells: Cells, name_column: int) -> bool:
    """Whether a row holds more labels: nothing under the name, and elsewhere at least one label that is known."""
    texts = [_labelled(cell) for cell in cells]
    if name_column >= len(texts) or texts[name_column]:
        return False
    filled = [text for text in texts if text]
    return any(_is_known(text) for text in filled) and not any(text[0].isdigit() for text in filled)


def _labels_by_column(rows: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """For every column its labels from top to bottom; a label reaches right over the labels of the next row."""
    width = max(len(row) for row in rows)
    labels: list[tuple[str, ...]] = []
    for column in range(width):
        texts = [row[column] if column < len(row) else "" for row in rows]
        reached = [
            next((t for t in reversed(rows[depth][:column]) if t), "") if not text and any(texts[depth + 1 :]) else text
            for depth, text in enumerate(texts)
        ]
        labels.append(tuple(text for text in reached if text))
    return labels


def _column(labels: tuple[str, ...]) -> Column:
    if not labels:
        return Column("ignored", labels)
    last = labels[-1]
    if len(labels) > 1 and last in _WORDS["sum_labels"]:
        is_total = labels[-2] in _NAMED["total"]
        return Column("total", labels) if is_total else Column("subtotal", labels, source=labels[-2])
    if last in _WORDS["fund_sources"]:
        return Column("fund", labels, source=last)
    roles: Sequence[Role] = ("name", "total", "goal", "ignored")
    return Column(next((role for role in roles if last in _NAMED[role]), "unknown"), labels)


def _with_sums(columns: Sequence[Column]) -> list[Column]:
    """The columns with what each subtotal sums up; one that nothing is printed under is a fund source itself."""
    known = []
    for column in columns:
        above = column.labels[:-1]
        parts = [
            other.source
            for other in columns
            if other.role == "fund" and len(other.labels) > 1 and other.labels[: len(above)] == above
        ]
        beside = [
            other.source
            for other in columns
            if other.role == "fund" and other.source in _WORDS["fund_parts"].get(column.source, ())
        ]
        if column.role == "subtotal":
            role: Role = "subtotal" if parts else "fund"
            known.append(replace(column, role=role, summed=tuple(parts)))
        elif column.role == "fund" and beside:
            known.append(replace(column, role="subtotal", summed=tuple(beside)))
        else:
            known.append(column)
    return known


def _middle(rows: Sequence[Cells], column: int) -> float | None:
    """The middle of the lowest label of a column."""
    cells = [row[column] for row in rows if column < len(row) and row[column] is not None]
    return middle_of(cells[-1]) if cells else None
