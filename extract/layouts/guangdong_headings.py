"""Rows of labels above a table, one over the other → its columns: name, total, goal, funds and their sums."""

from __future__ import annotations

import re
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
_MORE: Mapping[str, Sequence[str]] = _WORDS["more_columns"]
_LEVELS = frozenset(vocabulary("indicator_rows")["level_words"])
_KNOWN = frozenset(
    [
        *(word for words in ("fund_sources", "sum_labels", "other_headings") for word in _WORDS[words]),
        *(name for names in (*_NAMED.values(), *_MORE.values()) for name in names),
        *_LEVELS,
    ]
)
_NAMES = frozenset(_NAMED["name"])
_TARGETS = frozenset([*_NAMED["goal"], *_MORE["goal"], *_MORE["indicators"], *_LEVELS])
_YEAR_BEFORE = re.compile(r"^20\d\d年度?(?=.)")
_DEEPEST = 4  # rows of labels

Role = Literal[
    "name",
    "total",
    "goal",
    "ignored",
    "fund",
    "subtotal",
    "unknown",
    "unit",
    "department",
    "project_total",
    "project_goal",
    "indicators",
    "level",
]
_ONCE: Sequence[Role] = ("name", "total", "goal")
_AT_MOST_ONCE: Sequence[Role] = ("total", "goal", "project_total", "project_goal", "indicators", "unit", "department")


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
    is_known: bool = True
    """Whether 表12 or the table of key projects has such a column."""
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a table in their order, each with the money unit that it prints in brackets."""

    columns: tuple[Column, ...]
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
        return (
            all(roles.count(role) == 1 for role in _ONCE)
            and all(column.is_known for column in self.columns)
            and not labels & set(_WORDS["other_headings"])
        )

    @property
    def is_of_projects(self) -> bool:
        """Whether each of its rows has one name, a goal or indicators and more beside, and nothing twice."""
        roles = [column.role for column in self.columns]
        others = {c.labels[-1] for c in self.columns if c.labels and c.role != "indicators"}
        return (
            roles.count("name") == 1
            and bool({"goal", "indicators", "level"} & set(roles))
            and len(set(roles) - {"unknown", "ignored"}) > 2
            and all(roles.count(role) <= 1 for role in _AT_MOST_ONCE)
            and not ("indicators" in roles and "level" in roles)
            and roles.count("unknown") < sum(role not in ("unknown", "ignored") for role in roles)
            and not others & set(_WORDS["other_headings"])
        )

    @property
    def units(self) -> dict[str, str]:
        """The money units of columns, by fund source or role."""
        return {column.source or column.role: column.unit for column in self.columns if column.unit}

    def is_like(self, other: Heading) -> bool:
        """Whether two headings print the same labels and the same money units."""
        return [(c.labels, c.unit) for c in self.columns] == [(c.labels, c.unit) for c in other.columns]


def heading_at(rows: Sequence[Cells], index: int) -> Heading | None:
    """The heading that begins with a row, if it names a project and a goal or indicators (of whatever table)."""
    names = [i for i, cell in enumerate(rows[index]) if cell and _heading_of(cell.text) in _NAMES]
    if not names or not any(_labelled(cell) in _TARGETS for cell in rows[index]):
        return None
    depth = 1
    while depth < _DEEPEST and index + depth < len(rows) and _goes_on(rows[index + depth], names[0]):
        depth += 1
    printed = rows[index : index + depth]
    labels = _labels_by_column([[_labelled(cell) for cell in row] for row in printed])
    columns = _with_sums([replace(_column(above), middle=_middle(printed, i)) for i, above in enumerate(labels)])
    columns = _with_one_name(_with_two_goals(columns))
    full = _labels_by_column([[cell.text if cell else "" for cell in row] for row in printed])
    units = [next((u for text in reversed(above) if (u := bracketed_unit(text))), None) for above in full]
    return Heading(tuple(replace(c, unit=u) for c, u in zip(columns, units, strict=True)), depth)


def _labelled(cell: Cell | None) -> str:
    return _heading_of(cell.text) if cell else ""


@lru_cache(maxsize=20_000)
def _heading_of(printed: str) -> str:
    text = label(printed)
    for mark in _WORDS["part_marks"]:
        text = text.removeprefix(mark)
    text = _YEAR_BEFORE.sub("", text)
    if text not in _KNOWN and "\n" in printed:
        first = label(printed.split("\n", 1)[0])  # below it may stand the end of a row that the page before cut
        return first if first in _KNOWN else text
    return text


def _goes_on(cells: Cells, name_column: int) -> bool:
    """Whether a row holds more labels: nothing under the name, and elsewhere at least one label that is known."""
    texts = [_labelled(cell) for cell in cells]
    if name_column >= len(texts) or (texts[name_column] and texts[name_column] not in _NAMES):
        return False
    filled = [text for text in texts if text]
    return not _KNOWN.isdisjoint(filled) and not any(text[0].isdigit() for text in filled)


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
    role = next((role for role in roles if last in _NAMED[role]), None)
    if role is not None:
        return Column(role, labels)
    if last in _LEVELS:
        return Column("level", labels, is_known=False)
    more: Sequence[Role] = (
        "unit",
        "department",
        "total",
        "project_total",
        "goal",
        "project_goal",
        "indicators",
        "ignored",
    )
    other = next((role for role in more if last in _MORE[role]), None)
    return Column("unknown", labels) if other is None else Column(other, labels, is_known=False)


def _with_two_goals(columns: Sequence[Column]) -> list[Column]:
    """The columns where of two goals one says that it is the year's: then the other is the whole period's."""
    goals = [column for column in columns if column.role == "goal"]
    annual = [column for column in goals if column.labels[-1].startswith(tuple(_WORDS["annual_words"]))]
    if len(goals) != 2 or len(annual) != 1:
        return list(columns)
    return [
        replace(column, role="project_goal", is_known=False) if column in goals and column not in annual else column
        for column in columns
    ]


def _with_one_name(columns: Sequence[Column]) -> list[Column]:
    """The columns where one of several that can name a project says so (项目名称 beside 项目类别): the others sort."""
    names = [column for column in columns if column.role == "name"]
    named = [column for column in names if column.labels[-1].endswith("名称")]
    if len(names) < 2 or len(named) != 1:
        return list(columns)
    return [
        replace(column, role="ignored", is_known=False) if column in names and column not in named else column
        for column in columns
    ]


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
