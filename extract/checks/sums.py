"""Every printed total is what its lines sum up to, but for rounding."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.money import in_unit
from extract.reconcile import PROJECT_TOTAL
from extract.records import Issue, Line

_MEASURES = {PROJECT_TOTAL: "total of the whole period"}


def sums_hold(evidence: Evidence) -> Iterator[Issue]:
    """Sums that differ: as information where rounding explains it, else as an error."""
    by_number: dict[tuple[int | None, int | None], Line] = {
        (line.table_number, line.line_number): line for line in evidence.lines
    }
    for held in evidence.reconciliations:
        if held.status == "balanced" or held.check == "table_to_table":
            continue
        line = by_number[held.table_number, held.line_number]
        measure = _MEASURES.get(held.measure, held.measure)
        message = (
            f"{line.name}: {measure} is printed as {in_unit(held.declared_yuan, line.amount_unit)}, but"
            f" {held.check} sums to {in_unit(held.summed_yuan, line.amount_unit)}:"
            f" {in_unit(abs(held.difference_yuan), line.amount_unit)}"
            f" {'missing' if held.difference_yuan > 0 else 'too much'}"
        )
        rounding = held.status == "rounding"
        yield Issue(
            "info" if rounding else "error",
            "rounding" if rounding else "unbalanced_sum",
            message,
            "Nothing; printed amounts are rounded."
            if rounding
            else "Look at the lines of this sum: some are missing or misprinted; do not rely on their sum.",
            line.locator[0].page_number,
            held.table_number,
            held.line_number,
            line.locator[0].bbox,
        )
