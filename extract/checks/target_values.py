"""Every indicator has a target, and no target says what can hardly be meant."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.checks.places import issue_of
from extract.records import Indicator, Issue
from extract.targets import target_oddities


def targets_are_plausible(evidence: Evidence) -> Iterator[Issue]:
    """Targets that are missing, and values that are kept as printed though the publisher may have erred."""
    for line in evidence.lines:
        for indicator in line.indicators:
            for code, message in _oddities(indicator):
                yield issue_of(
                    line, ("warning", code, message), "Kept as printed; the publisher may have erred.", indicator
                )


def _oddities(indicator: Indicator) -> Iterator[tuple[str, str]]:
    for target in indicator.targets:
        if not target.text:
            yield "missing_target", f"no {target.period} target is printed"
        yield from target_oddities(target.components, target.text, indicator.name)
