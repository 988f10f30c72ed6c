"""The fiscal year is printed, and whoever names one names the same."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.records import Issue


def years_agree(evidence: Evidence) -> Iterator[Issue]:
    """Whether the year is unknown, inferred, or contradicted by title, header lines, names, listing or file name."""
    year = evidence.year
    if year is None:
        yield Issue(
            "warning",
            "unknown_year",
            "Neither the document nor its listing or file name prints a fiscal year",
            "Find the year at the publisher; the document's facts carry none.",
        )
        return
    if year.is_inferred:
        yield Issue(
            "warning",
            "inferred_year",
            f"The document prints no fiscal year; {year.year} is inferred ({year.basis})",
            "Check the year at the publisher before comparing years.",
        )
    for basis, other in year.others:
        outside = basis in ("listing", "file_name")
        yield Issue(
            "warning" if outside else "info",
            "year_disagrees",
            f"The {basis} says {other}, the {year.basis} says {year.year}, which is kept",
            "Make sure that the document is what its name says." if outside else "Nothing, if the title is right.",
        )
