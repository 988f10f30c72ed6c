"""Printed numbers of indicators leave none out: where one is left out, its row may be lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.checks.evidence import Evidence
from extract.checks.places import issue_of
from extract.records import Issue


def numbers_are_whole(evidence: Evidence) -> Iterator[Issue]:
    """Lines whose printed numbers leave some out; that they restart at 1 or repeat is the custom of many publishers."""
    for line in evidence.lines:
        printed = [indicator.number or "" for indicator in line.indicators]
        numbers = [int(number) for number in printed if number.isdecimal()]
        gaps = list(_gaps(numbers))
        if gaps:
            yield issue_of(
                line,
                ("warning", "numbering_gap", f"the printed numbers of its indicators go {', '.join(gaps)}"),
                "Look at the page: the indicators between may be missing from the data, or were never printed.",
            )


def _gaps(numbers: Sequence[int]) -> Iterator[str]:
    """The places where a number is neither the next one, nor the same, nor the first of another list."""
    for before, number in zip([0, *numbers], numbers, strict=False):
        if number not in (before, before + 1, 1):
            yield f"from {before} to {number}" if before else f"not from 1, but from {number}"
