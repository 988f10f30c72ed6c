"""The weights of a project's indicators add up to a whole, where all of them are printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from extract.checks.evidence import Evidence
from extract.checks.places import issue_of
from extract.records import Issue, Line
from extract.vocabularies import vocabulary

_WHOLES = frozenset(map(Decimal, vocabulary("indicators")["weight_sums"]))


def weights_add_up(evidence: Evidence) -> Iterator[Issue]:
    """Lines whose weights give neither a customary whole nor what most of the document's lines give."""
    sums = {
        (line.table_number, line.line_number): summed for line in evidence.lines if (summed := _sum(line)) is not None
    }
    if not sums:
        return
    [(usual, count)] = Counter(sums.values()).most_common(1)
    wholes = _WHOLES | ({usual} if count >= 2 and 2 * count > len(sums) else set())
    for line in evidence.lines:
        summed = sums.get((line.table_number, line.line_number))
        if summed is not None and summed not in wholes:
            expected = " or ".join(f"{whole:f}" for whole in sorted(wholes))
            yield issue_of(
                line,
                (
                    "warning",
                    "weights_do_not_add_up",
                    f"the weights of its indicators add up to {summed:f}, not {expected}",
                ),
                "Look at the page: a row may be missing, or the publisher erred; do not weigh with these numbers.",
            )


def _sum(line: Line) -> Decimal | None:
    """The sum of a line's weights; None where an indicator prints none, so that nothing follows from the sum."""
    weights = [indicator.weight for indicator in line.indicators]
    printed = [weight for weight in weights if weight is not None]
    return sum(printed, Decimal(0)) if printed and len(printed) == len(weights) else None
