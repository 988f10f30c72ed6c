"""Projects with targets, held against the project expenditure that another table of the same budget prints.

Some publish targets of key projects only, some leave out what is confidential: what differs is no error, but what is in
one and not in the other is told by name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.expenditure import Expenditure
from extract.reconcile import TOTAL, Printed, hold, printed
from extract.records import Line, Part, Reconciliation

_TEN_THOUSAND = Decimal(10_000)
_NEARLY = Decimal("0.001")  # amounts in 万元 are rounded
_YEAR = re.compile(r"(20\d\d)年度?")
_FOLD = str.maketrans("()", "（）")


@dataclass(frozen=True, slots=True)
class Difference:
    """A project that both print equally often with other amounts, all of that name taken together."""

    name: str
    table_yuan: Decimal
    own_yuan: Decimal
    is_whole_period: bool
    """Whether the targets print the amount of the whole period only, which need not be the year's."""

    @property
    def is_of_units(self) -> bool:
        """Whether one amount is 10,000 times the other, as 万元 is of 元."""
        small, large = sorted((self.table_yuan, self.own_yuan))
        return small > 0 and abs(large / small - _TEN_THOUSAND) <= _TEN_THOUSAND * _NEARLY


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was found: the other table, the totals against each other, and what only one of the two names."""

    title: str
    place: Part
    unit: str
    reconciliation: Reconciliation
    without_targets: tuple[str, ...] = ()
    not_in_table: tuple[str, ...] = ()
    differing: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class _Row:
    """A project on either side, with the rows that it sums up."""

    name: str
    amount: Printed
    parts: tuple[_Row, ...] = ()
    is_whole_period: bool = False

    @property
    def key(self) -> str:
        """What makes two names one: white space, the width of brackets and 年 behind a year do not count."""
        return _YEAR.sub(r"\1", re.sub(r"\s+", "", self.name).translate(_FOLD))


@dataclass(frozen=True, slots=True)
class _Table:
    title: str
    place: Part
    unit: str
    rows: tuple[_Row, ...]
    total: Printed | None


def coverage_of(lines: Sequence[Line], expenditures: Sequence[Expenditure]) -> Coverage | None:
    """What the targets' projects (without any, those of the budget's table) cover of what another table prints.

    A table that names projects is preferred to one by function, which has only a total. None where there is none.
    """
    projects = [line for line in lines if line.level == "project"]
    targets, budget = ([line for line in projects if line.view == view] for view in ("targets", "budget"))
    named = [_of_lines(budget)] if targets and budget else []
    named += [_of_expenditure(table) for table in expenditures if table.entries] if targets else []
    by_function = [_of_expenditure(table) for table in expenditures if not table.entries]
    ours = tuple(_row(line) for line in targets or budget)
    table = next(iter([*named, *by_function]), None)
    if table is None or not ours:
        return None
    total = table.total or next((other.total for other in by_function), None)
    reconciliation = hold("table_to_table", None, TOTAL, total or _sum(table.rows), _sum(ours))
    found = Coverage(table.title, table.place, table.unit, reconciliation)
    return _compared(found, ours, _arranged(table.rows, total)) if table.rows else found


def _row(line: Line) -> _Row:
    text, yuan = line.total_text, line.total_yuan
    is_whole_period = yuan is None and line.project_total_yuan is not None
    if is_whole_period:
        text, yuan = line.project_total_text, line.project_total_yuan
    return _Row(line.name, printed(text or "", yuan, line.amount_unit), is_whole_period=is_whole_period)


def _of_lines(lines: Sequence[Line]) -> _Table:
    return _Table("budget by project", lines[0].locator[0], lines[0].amount_unit, tuple(map(_row, lines)), None)


def _of_expenditure(table: Expenditure) -> _Table:
    rows = tuple(_Row(entry.name, Printed.of(entry.amount)) for entry in table.entries)
    total = sum(map(Printed.of, table.totals), Printed()) if table.totals else None
    return _Table(table.title, table.place, table.unit, rows, total)


def _sum(rows: Sequence[_Row]) -> Printed:
    return sum((row.amount for row in rows), Printed())


def _compared(found: Coverage, ours: Sequence[_Row], roots: Sequence[_Row] | None) -> Coverage:
    """The names and amounts of both sides; ``roots`` None where nobody knows which rows sum up which."""
    if roots is None:
        return found
    theirs = list(_all(roots))
    counts, their_counts = Counter(row.key for row in ours), Counter(row.key for row in theirs)
    names = {row.key: row.name for row in (*theirs, *ours)}
    differing = []
    for key in counts:
        if counts[key] != their_counts[key]:
            continue
        mine, others = ([row for row in side if row.key == key] for side in (ours, theirs))
        held = hold("table_to_table", None, TOTAL, _sum(others), _sum(mine))
        if held.status == "unbalanced":
            is_whole_period = any(row.is_whole_period for row in mine)
            differing.append(Difference(names[key], held.declared_yuan, held.summed_yuan, is_whole_period))
    missing = Counter(row.key for row in _uncovered(roots, counts.keys()))
    missing += Counter({key: their_counts[key] - count for key, count in counts.items() if their_counts[key] > count})
    surplus = Counter({key: count - their_counts[key] for key, count in counts.items() if count > their_counts[key]})
    return replace(
        found,
        without_targets=tuple(_counted(missing, names)),
        not_in_table=tuple(_counted(surplus, names)),
        differing=tuple(differing),
    )


def _counted(counts: Counter[str], names: dict[str, str]) -> Iterator[str]:
    for key, count in counts.items():
        yield names[key] if count == 1 else f"{names[key]} ×{count}"


def _uncovered(rows: Sequence[_Row], keys: Collection[str]) -> Iterator[_Row]:
    """The projects that no name covers: neither their own, nor that of a row that sums them up."""
    for row in rows:
        if row.key in keys:
            continue
        if row.parts:
            yield from _uncovered(row.parts, keys)
        else:
            yield row


def _all(rows: Sequence[_Row]) -> Iterator[_Row]:
    for row in rows:
        yield row
        yield from _all(row.parts)


def _arranged(rows: Sequence[_Row], total: Printed | None) -> list[_Row] | None:
    """The rows as a tree, where some of them sum up those below: then they give more than their total.

    None where no arrangement gives the total.
    """
    if total is None or _sum(rows).yuan <= total.yuan:
        return list(rows)
    roots: list[_Row] = []
    end = len(rows)
    below: dict[int, tuple[_Row, int]] = {}  # for every row: itself with its parts, and the row after them
    for index in range(end - 1, -1, -1):
        row, parts, summed, after = rows[index], [], Decimal(0), index + 1
        while after < end and summed < row.amount.yuan:
            part, after = below[after]
            parts.append(part)
            summed += part.amount.yuan
        is_sum = bool(parts) and summed == row.amount.yuan
        below[index] = (replace(row, parts=tuple(parts)), after) if is_sum else (row, index + 1)
    index = 0
    while index < end:
        root, index = below[index]
        roots.append(root)
    return roots if _sum(roots).yuan == total.yuan else None
