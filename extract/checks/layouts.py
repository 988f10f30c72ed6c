"""What layouts said while they read: cells that they did not understand, notes, tables of another kind."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.records import Issue


def layouts_understood(evidence: Evidence) -> Iterator[Issue]:
    """The issues of every layout, each once; that a page holds other targets is said once, whichever layouts saw it."""
    seen: set[Issue] = set()
    others: set[int | None] = set()
    for issue in (issue for interpretation in evidence.found for issue in interpretation.issues):
        if issue in seen or (issue.code == "other_targets_table" and issue.page_number in others):
            continue
        seen.add(issue)
        if issue.code == "other_targets_table":
            others.add(issue.page_number)
        yield issue
