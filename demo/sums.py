"""Compares what the printed lines of a table declare with what they add up to; out come only the sums that differ."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from demo.city import FUND_SOURCES
from demo.table import CENT, Line


@dataclass(frozen=True)
class Difference:
    """A printed sum that its parts do not give, in 万元; `line_number` is that of the declaring line, from 1."""

    check: str
    line_number: int
    measure: str
    declared: Decimal
    summed: Decimal
    tolerance: Decimal

    @property
    def status(self) -> str:
        """`rounding` within half of the last printed digit for each summed row and for the sum, else `unbalanced`."""
        return "rounding" if abs(self.declared - self.summed) <= self.tolerance else "unbalanced"


def differences(lines: Sequence[Line]) -> tuple[Difference, ...]:
    """Every difference within the lines (funds_to_line) and between them, check by check."""
    return tuple(difference for check in _checks(lines) for difference in check)


def _checks(lines: Sequence[Line]) -> Iterator[Iterator[Difference]]:
    for number, line in enumerate(lines, start=1):
        if line.level == "total":
            yield _sums("units_to_total", number, line, [other for other in lines if other.level == "unit"])
            yield _sums("projects_to_total", number, line, [other for other in lines if other.level == "project"])
        if line.level == "unit":
            yield _sums("projects_to_unit", number, line, _projects_below(lines, number))
        yield _difference("funds_to_line", number, "总计", line.total, list(line.funds.values()))


def _projects_below(lines: Sequence[Line], number: int) -> list[Line]:
    projects = []
    for line in lines[number:]:
        if line.level != "project":
            break
        projects.append(line)
    return projects


def _sums(check: str, number: int, line: Line, parts: Sequence[Line]) -> Iterator[Difference]:
    yield from _difference(check, number, "总计", line.total, [part.total for part in parts])
    for source in FUND_SOURCES:
        amounts = [part.funds[source] for part in parts if source in part.funds]
        if source in line.funds or amounts:
            yield from _difference(check, number, source, line.funds.get(source, "0"), amounts)


def _difference(check: str, number: int, measure: str, declared: str, parts: Sequence[str]) -> Iterator[Difference]:
    declared_amount, summed = _amount(declared), sum(map(_amount, parts), Decimal())
    if declared_amount != summed:
        yield Difference(check, number, measure, declared_amount, summed, CENT / 2 * (len(parts) + 1))


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
