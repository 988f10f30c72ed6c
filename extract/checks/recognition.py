"""What stands on a picture of a page was recognised, not read: that is said page by page."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.records import Issue


def pages_are_read(evidence: Evidence) -> Iterator[Issue]:
    """Pages in scope whose characters were recognised."""
    in_scope = evidence.known_pages
    for page in evidence.pages:
        if page.certainty is not None and page.page_number in in_scope:
            yield Issue(
                "warning",
                "recognised_text",
                f"Page {page.page_number} is a picture; its text was recognised, the least sure character by"
                f" {page.certainty:.0%}",
                "Compare amounts and targets of this page with the picture before relying on them.",
                page.page_number,
            )
