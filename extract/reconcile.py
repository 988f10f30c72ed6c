"""Lines → reconciliations: every printed total held against the printed amounts that it claims to sum up.

Each printed amount may hide half of its last digit, and so may the total: a difference up to the sum of those halves
is rounding, anything more is unbalanced.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Literal

from extract.hierarchy import parents_of
from extract.money import Amount, parse_amount
from extract.records import Fund, Line, Reconciliation

TOTAL = "total"
"""The measure of a line's own total of the year; every other measure is the name of a fund source."""

PROJECT_TOTAL = "project_total"
"""The measure of a line's total of the whole period, which its funds of that period sum up to."""

_Check = Literal["funds_to_line", "projects_to_unit", "units_to_total", "projects_to_total", "table_to_table"]
_NOTHING = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Printed:
    """A sum of printed amounts in yuan and what rounding can hide in it."""

    yuan: Decimal = _NOTHING
    hidden_yuan: Decimal = _NOTHING

    @classmethod
    def of(cls, amount: Amount) -> Printed:
        """One printed amount."""
        return cls(amount.yuan, amount.half_digit_yuan)

    @classmethod
    def sum(cls, amounts: Iterable[Printed]) -> Printed:
        """All together."""
        each = list(amounts)
        return cls(sum((one.yuan for one in each), _NOTHING), sum((one.hidden_yuan for one in each), _NOTHING))


def reconcile(lines: Sequence[Line]) -> Iterator[Reconciliation]:
    """Every check that the lines of a document's tables allow, balanced ones included."""
    for _, group in groupby(lines, key=lambda line: line.table_number):
        table = list(group)
        measures = [_measures(line) for line in table]
        has_funds = any(fund.period == "annual" for line in table for fund in line.funds)
        levels = [line.level for line in table]
        children_of: dict[int | None, list[int]] = {}
        for index, parent in enumerate(parents_of(levels)):
            children_of.setdefault(parent, []).append(index)
        for index, line in enumerate(table):
            if has_funds and TOTAL in measures[index]:
                funds = Printed.sum(m for name, m in measures[index].items() if name != TOTAL)
                yield hold("funds_to_line", line, TOTAL, measures[index][TOTAL], funds)
            of_project = [fund for fund in line.funds if fund.period == "project"]
            if line.project_total_text is not None and of_project:
                declared = printed(line.project_total_text, line.project_total_yuan, line.amount_unit)
                funds = Printed.sum(_of_fund(fund, line) for fund in of_project)
                yield hold("funds_to_line", line, PROJECT_TOTAL, declared, funds)
            for subtotal in line.subtotals:
                summed = Printed.sum(measures[index][name] for name in subtotal.summed if name in measures[index])
                declared = printed(subtotal.amount_text, subtotal.amount_yuan, line.amount_unit)
                yield hold("funds_to_line", line, subtotal.fund_source, declared, summed)
            children = children_of.get(index, [])
            if line.level in ("unit", "department"):
                projects = [i for i in children if levels[i] == "project"]
                if line.level == "unit" or projects:
                    yield from _sums("projects_to_unit", line, measures, index, projects)
            elif line.level == "total":
                bodies = [i for i in children if levels[i] != "project"]
                if any(measures[i] for i in bodies):
                    yield from _sums("units_to_total", line, measures, index, bodies)
                projects = [i for i, level in enumerate(levels) if level == "project"]
                yield from _sums("projects_to_total", line, measures, index, projects)


def _measures(line: Line) -> Mapping[str, Printed]:
    measures: dict[str, Printed] = {}
    if line.total_text is not None:
        measures[TOTAL] = printed(line.total_text, line.total_yuan, line.amount_unit)
    for fund in line.funds:
        if fund.period == "annual":
            own, known = _of_fund(fund, line), measures.get(fund.fund_source)
            measures[fund.fund_source] = own if known is None else Printed.sum([known, own])
    return measures


def _of_fund(fund: Fund, line: Line) -> Printed:
    return printed(fund.amount_text, fund.amount_yuan, line.amount_unit)


def printed(text: str, yuan: Decimal | None, unit: str) -> Printed:
    """An amount with what its last digit hides; an amount may be printed in a unit of its own (30元 among 万元)."""
    amount = parse_amount(text, unit)
    if amount is None or yuan is None:
        return Printed()
    own_unit = yuan / amount.yuan if amount.yuan else Decimal(1)
    return Printed(yuan, amount.half_digit_yuan * own_unit)


def _sums(
    check: _Check, line: Line, measures: Sequence[Mapping[str, Printed]], index: int, parts: Sequence[int]
) -> Iterator[Reconciliation]:
    if not measures[index]:
        return  # a body whose row prints no amount declares none
    names = dict.fromkeys([*measures[index], *(name for part in parts for name in measures[part])])
    for name in names:
        summed = Printed.sum(measures[part][name] for part in parts if name in measures[part])
        yield hold(check, line, name, measures[index].get(name, Printed()), summed)


def hold(check: _Check, line: Line | None, measure: str, declared: Printed, summed: Printed) -> Reconciliation:
    """A printed total held against a sum; ``line`` prints it, or None where another table does."""
    difference = declared.yuan - summed.yuan
    tolerance = (declared.hidden_yuan + summed.hidden_yuan).quantize(_NOTHING)
    if difference == 0:
        status: Literal["balanced", "rounding", "unbalanced"] = "balanced"
    else:
        status = "rounding" if abs(difference) <= tolerance else "unbalanced"
    table_number, line_number = (line.table_number, line.line_number) if line is not None else (None, None)
    return Reconciliation(
        check, table_number, line_number, measure, declared.yuan, summed.yuan, difference, tolerance, status
    )
