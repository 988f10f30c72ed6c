"""The projects with targets are those of the budget's other tables, with the same amounts."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.coverage import Coverage
from extract.money import in_unit
from extract.records import Issue


def targets_cover_the_budget(evidence: Evidence) -> Iterator[Issue]:
    """What the targets leave out of another table, or name beyond it; and amounts of one project that differ."""
    found = evidence.coverage
    if found is None:
        return
    for differing in found.differing:
        own, other = (in_unit(yuan, found.unit) for yuan in (differing.own_yuan, differing.table_yuan))
        if differing.is_of_units:
            yield Issue(
                "error",
                "unit_in_doubt",
                f"{differing.name}: {own} stands beside its targets, {other} in {found.title}: one of the two is meant"
                " in 元, the other in 万元",
                "Look at both tables for their money unit; do not rely on this amount.",
                found.place.page_number,
                bbox=found.place.bbox,
            )
            continue
        period = " for the whole period" if differing.is_whole_period else ""
        yield Issue(
            "info" if differing.is_whole_period else "warning",
            "amount_differs",
            f"{differing.name}: {own} stands beside its targets{period}, {other} in {found.title}",
            "Both are printed, and the targets' amount is kept; find out at the publisher what each one means.",
            found.place.page_number,
            bbox=found.place.bbox,
        )
    if found.reconciliation.status == "unbalanced" or found.without_targets or found.not_in_table:
        yield Issue(
            "info",
            "coverage",
            "; ".join(_says(found)),
            "Nothing, if the publisher prints targets of some projects only; else look for those that are missing.",
            found.place.page_number,
            bbox=found.place.bbox,
        )


def _says(found: Coverage) -> Iterator[str]:
    held = found.reconciliation
    yield (
        f"{found.title} prints project expenditure of {in_unit(held.declared_yuan, found.unit)}, the project lines"
        f" sum to {in_unit(held.summed_yuan, found.unit)}"
    )
    if found.without_targets:
        yield f"only there: {'、'.join(found.without_targets)}"
    if found.not_in_table:
        yield f"not there: {'、'.join(found.not_in_table)}"
