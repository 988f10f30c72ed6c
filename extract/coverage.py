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
from extract.wording import unspaced

_TEN_THOUSAND = Decimal(10_000)
_NEARLY = Decimal("0.001")  # amounts in 万元 are rounded
_MOST_ROWS = 150  # of a table whose rows sum up others; beyond, its totals are compared only
_MOST_SUMS = 20_000  # a moment's work
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
        return _YEAR.sub(r"\1", unspaced(self.name).translate(_FOLD))


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
    total = Printed.sum(map(Printed.of, table.totals)) if table.totals else None
    return _Table(table.title, table.place, table.unit, rows, total)


def _sum(rows: Sequence[_Row]) -> Printed:
    return Printed.sum(row.amount for row in rows)


def _compared(found: Coverage, ours: Sequence[_Row], roots: Sequence[_Row] | None) -> Coverage:
    """The names and amounts of both sides; ``roots`` None where nobody knows which rows sum up which."""
    if roots is None:
        return found
    counts = Counter(row.key for row in ours)
    theirs = list(_named(roots, counts.keys()))
    uncovered = list(_uncovered(roots, counts.keys()))
    their_counts = Counter(row.key for row in theirs)
    names = {row.key: row.name for row in (*uncovered, *theirs, *ours)}
    differing = []
    for key in counts:
        if counts[key] != their_counts[key]:
            continue
        mine, others = ([row for row in side if row.key == key] for side in (ours, theirs))
        held = hold("table_to_table", None, TOTAL, _sum(others), _sum(mine))
        if held.status == "unbalanced":
            is_whole_period = any(row.is_whole_period for row in mine)
            differing.append(Difference(names[key], held.declared_yuan, held.summed_yuan, is_whole_period))
    missing = Counter(row.key for row in uncovered)
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


def _named(rows: Sequence[_Row], keys: Collection[str]) -> Iterator[_Row]:
    """The rows of these names; what one of them sums up is its own, whatever it is called."""
    for row in rows:
        if row.key in keys:
            yield row
        else:
            yield from _named(row.parts, keys)


def _arranged(rows: Sequence[_Row], total: Printed | None) -> list[_Row] | None:
    """The rows as a tree, where some of them sum up those below: then they give more than their total.

    None where no arrangement gives the total, or several do.
    """
    if total is None or _sum(rows).yuan <= total.yuan:
        return list(rows)
    spent = [row for row in rows if row.amount.yuan]
    if len(spent) > _MOST_ROWS:
        return None
    try:
        arranged = _Arrangement(spent).sums(0, total.yuan).get(len(spent))
    except _TooManyWaysError:
        return None
    return None if arranged is None else list(arranged)


class _TooManyWaysError(Exception):
    """So many rows may sum up others that nobody can tell which do."""


class _Arrangement:
    """The ways in which rows add up. Rows of equal amounts look like a sum and its part: nothing is guessed."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self.rows = rows
        self.known: dict[tuple[int, Decimal], dict[int, tuple[_Row, ...] | None]] = {}

    def sums(self, start: int, yuan: Decimal) -> dict[int, tuple[_Row, ...] | None]:
        """The rows from ``start`` on, with their parts, that add up to ``yuan``, by the row after them.

        None stands for several ways to that row.
        """
        if yuan <= 0 or start >= len(self.rows):
            return {start: ()} if yuan == 0 else {}
        if (start, yuan) not in self.known:
            if len(self.known) >= _MOST_SUMS:
                raise _TooManyWaysError
            found: dict[int, tuple[_Row, ...] | None] = {}
            for row, after in self._ways(start):
                for end, others in self.sums(after, yuan - self.rows[start].amount.yuan).items():
                    is_only = end not in found
                    found[end] = (row, *others) if is_only and row is not None and others is not None else None
            self.known[start, yuan] = found
        return self.known[start, yuan]

    def _ways(self, index: int) -> Iterator[tuple[_Row | None, int]]:
        """A row alone, and with the parts that it may have (None for several ways), each with the row after it."""
        row = self.rows[index]
        yield row, index + 1
        for end, parts in self.sums(index + 1, row.amount.yuan).items():
            yield (None if parts is None else replace(row, parts=parts)), end
