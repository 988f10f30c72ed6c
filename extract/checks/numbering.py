"""Printed numbers of projects and indicators leave none out: where one is left out, its row may be lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from typing import TypeGuard

from extract.checks.evidence import Evidence
from extract.checks.places import issue_of
from extract.records import Issue, Line

_LONGEST = 3  # more digits are a code


def numbers_are_whole(evidence: Evidence) -> Iterator[Issue]:
    """Numbers that leave some out; that they restart at 1 or repeat is the custom of many publishers."""
    for _, table in groupby(evidence.lines, key=lambda line: line.table_number):
        yield from _projects(list(table))
    for line in evidence.lines:
        printed = [indicator.number or "" for indicator in line.indicators]
        gaps = list(_gaps([0, *(int(number) for number in printed if number.isdecimal())]))
        if gaps:
            yield issue_of(
                line,
                ("warning", "numbering_gap", f"the printed numbers of its indicators go {', '.join(gaps)}"),
                "Look at the page: the indicators between may be missing from the data, or were never printed.",
            )


def _projects(table: Sequence[Line]) -> Iterator[Issue]:
    """Gaps in a column 序号, which begins with 1; one that begins otherwise holds codes."""
    numbered = [(line, int(line.number)) for line in table if _is_number(line.number)]
    if not numbered or numbered[0][1] != 1:
        return
    for (_, before), (line, number) in pairwise(numbered):
        for gap in _gaps([before, number]):
            yield issue_of(
                line,
                ("warning", "numbering_gap", f"the printed numbers of the lines go {gap}"),
                "Look at the page: the lines between may be missing from the data, or were never printed.",
            )


def _is_number(text: str | None) -> TypeGuard[str]:
    return text is not None and text.isdecimal() and len(text) <= _LONGEST


def _gaps(numbers: Sequence[int]) -> Iterator[str]:
    """The places where a number is neither the next one, nor the same, nor the first of another list."""
    for before, number in pairwise(numbers):
        if number not in (before, before + 1, 1):
            yield f"from {before} to {number}" if before else f"not from 1, but from {number}"
