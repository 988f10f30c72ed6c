"""Checks: what is known of a document → the issues of its verdict, one small function each.

A check is a function ``(Evidence) → issues`` in a module of its own; it yields nothing where all holds. What its codes
mean and what a reader should do stands in docs/issues.md. A new check is one more function in ``CHECKS``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from extract.checks import (
    conservation,
    coverage,
    endings,
    fiscal_years,
    funds,
    layouts,
    levels,
    numbering,
    publishers,
    recognition,
    sums,
    target_values,
    units,
    unknown_tables,
    weights,
)
from extract.checks.evidence import Evidence
from extract.records import Issue

CHECKS: Sequence[Callable[[Evidence], Iterable[Issue]]] = (
    conservation.characters_are_kept,
    recognition.pages_are_read,
    unknown_tables.tables_are_known,
    layouts.layouts_understood,
    fiscal_years.years_agree,
    publishers.bodies_agree,
    units.units_agree,
    funds.amounts_have_a_source,
    levels.levels_agree,
    target_values.targets_are_plausible,
    weights.weights_add_up,
    numbering.numbers_are_whole,
    endings.texts_are_whole,
    sums.sums_hold,
    coverage.targets_cover_the_budget,
)


def issues_of(evidence: Evidence) -> list[Issue]:
    """The issues of every check, in the order of the checks."""
    return [issue for check in CHECKS for issue in check(evidence)]
