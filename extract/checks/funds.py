"""Every amount belongs to one fund source, and its column was printed."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.fund_sources import known_fund_sources
from extract.records import Issue


def amounts_have_a_source(evidence: Evidence) -> Iterator[Issue]:
    """Amounts that lost their column, those that the sums place and those that they leave open; unknown sources."""
    inferred = sum(1 for line in evidence.lines for fund in line.funds if fund.allocation == "inferred")
    if inferred:
        yield Issue(
            "info",
            "inferred_columns",
            f"{inferred} amounts had lost their column; the printed sums leave one fund source for each",
            "Nothing; the reconciliations show the proof.",
        )
    for line in evidence.lines:
        for fund in line.funds:
            if fund.allocation == "unallocated":
                yield Issue(
                    "warning",
                    "unallocated_amount",
                    f"{line.name}: {fund.amount_text} {line.amount_unit} may be {' or '.join(fund.candidates)};"
                    " the text lost its column",
                    "Find another copy of the document to tell which it is; sums over all fund sources hold.",
                    line.locator[0].page_number,
                    line.table_number,
                    line.line_number,
                    fund.locator[0].bbox if fund.locator else None,
                )
    yield from _unknown_sources(evidence)


def _unknown_sources(evidence: Evidence) -> Iterator[Issue]:
    known = known_fund_sources()
    seen: set[str] = set()
    for line in evidence.lines:
        for fund in line.funds:
            if fund.allocation == "unallocated" or fund.fund_source in known or fund.fund_source in seen:
                continue
            seen.add(fund.fund_source)
            place = fund.locator[0] if fund.locator else line.locator[0]
            yield Issue(
                "warning",
                "unknown_fund_source",
                f"“{fund.fund_source}” is no fund source that is known; its amounts are kept under this name",
                "Do not compare it with other documents' fund sources before you know what it is.",
                place.page_number,
                line.table_number,
                line.line_number,
                place.bbox,
            )
