"""Lines → reconciliations: every printed total held against the printed amounts that it claims to sum up.

Each printed amount may hide half of its last digit, and so may the total: a difference up to the sum of those halves
is rounding, anything more is unbalanced.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from extract.hierarchy import parents_of
from extract.money import parse_amount
from extract.records import Line, Reconciliation

TOTAL = "total"
"""The measure of a line's own total; every other measure is the name of a fund source."""

_Check = Literal["funds_to_line", "projects_to_unit", "units_to_total", "projects_to_total", "table_to_table"]
_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class _Printed:
    """A sum of printed amounts in yuan and what rounding can hide in it."""

    yuan: Decimal = _NOTHING
    hidden_yuan: Decimal = _NOTHING

    def __add__(self, other: _Printed) -> _Printed:
        return _Printed(self.yuan + other.yuan, self.hidden_yuan + other.hidden_yuan)


def reconcile(lines: Sequence[Line]) -> Iterator[Reconciliation]:
    """Every check that the lines of a document's tables allow, balanced ones included."""
    for _, group in groupby(lines, key=lambda line: line.table_number):
        table = list(group)
        measures = [_measures(line) for line in table]
        has_funds = any(line.funds for line in table)
        levels = [line.level for line in table]
        parents = parents_of(levels)
        for index, line in enumerate(table):
            if has_funds and TOTAL in measures[index]:
                funds = sum((m for name, m in measures[index].items() if name != TOTAL), _Printed())
                yield _held("funds_to_line", line, TOTAL, measures[index][TOTAL], funds)
            for subtotal in line.subtotals:
                summed = sum((measures[index].get(name, _Printed()) for name in subtotal.summed), _Printed())
                declared = _printed(subtotal.amount_text, line.amount_unit)
                yield _held("funds_to_line", line, subtotal.fund_source, declared, summed)
            children = [i for i, parent in enumerate(parents) if parent == index]
            if line.level in ("unit", "department"):
                projects = [i for i in children if levels[i] == "project"]
                if line.level == "unit" or projects:
                    yield from _sums("projects_to_unit", line, measures, index, projects)
            elif line.level == "total":
                bodies = [i for i in children if levels[i] != "project"]
                if bodies:
                    yield from _sums("units_to_total", line, measures, index, bodies)
                projects = [i for i, level in enumerate(levels) if level == "project"]
                yield from _sums("projects_to_total", line, measures, index, projects)


def _measures(line: Line) -> Mapping[str, _Printed]:
    measures: dict[str, _Printed] = {}
    if line.total_text is not None:
        measures[TOTAL] = _printed(line.total_text, line.amount_unit)
    for fund in line.funds:
        if fund.period == "annual":
            amount = _printed(fund.amount_text, line.amount_unit)
            measures[fund.fund_source] = measures.get(fund.fund_source, _Printed()) + amount
    return measures


def _printed(text: str, unit: str) -> _Printed:
    amount = parse_amount(text, unit)
    return _Printed(amount.yuan, amount.half_digit_yuan) if amount else _Printed()


def _sums(
    check: _Check, line: Line, measures: Sequence[Mapping[str, _Printed]], index: int, parts: Sequence[int]
) -> Iterator[Reconciliation]:
    names = dict.fromkeys([*measures[index], *(name for part in parts for name in measures[part])])
    for name in names:
        summed = sum((measures[part].get(name, _Printed()) for part in parts), _Printed())
        yield _held(check, line, name, measures[index].get(name, _Printed()), summed)


def _held(check: _Check, line: Line, measure: str, declared: _Printed, summed: _Printed) -> Reconciliation:
    difference = declared.yuan - summed.yuan
    tolerance = (declared.hidden_yuan + summed.hidden_yuan).quantize(_NOTHING)
    if difference == 0:
        status: Literal["balanced", "rounding", "unbalanced"] = "balanced"
    else:
        status = "rounding" if abs(difference) <= tolerance else "unbalanced"
    return Reconciliation(
        check, line.table_number, line.line_number, measure, declared.yuan, summed.yuan, difference, tolerance, status
    )
