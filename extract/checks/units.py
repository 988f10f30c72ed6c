"""The money units that a document prints are one unit."""

from __future__ import annotations

from collections.abc import Iterator

from extract.amount_unit import labelled_unit
from extract.checks.evidence import Evidence
from extract.records import Issue


def units_agree(evidence: Evidence) -> Iterator[Issue]:
    """Whether lines of text name several money units: then each table is read in its own, or the nearest one."""
    units = list(dict.fromkeys(unit for text in evidence.texts if (unit := labelled_unit(text))))
    units += [unit for unit in dict.fromkeys(line.amount_unit for line in evidence.lines) if unit not in units]
    if len(units) > 1 and evidence.lines:
        used = "、".join(dict.fromkeys(line.amount_unit for line in evidence.lines))
        yield Issue(
            "info",
            "units_differ",
            f"The document prints amounts in {'、'.join(units)}; its project lines are read in {used}",
            "Nothing, if the amounts of its lines have the size that you expect; all are in yuan in the data.",
        )
