"""The publishing body is printed, and whoever names one names the same."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.publisher import labelled_publisher, may_be_one_body, named_body
from extract.records import Issue


def bodies_agree(evidence: Evidence) -> Iterator[Issue]:
    """Whether no line names the body, and whether title, listing or file name begin with the name of another."""
    publisher = evidence.publisher
    if evidence.lines and not any(labelled_publisher(text) for text in evidence.texts):
        yield Issue(
            "info" if publisher else "warning",
            "inferred_publisher",
            f"No line names the publishing body; {publisher} is taken from title or table"
            if publisher
            else "Nothing names the publishing body",
            "Make sure that it is the body of the document.",
        )
    for basis, text in [("title", evidence.title or ""), *evidence.outside]:
        other = named_body(text)
        if publisher and other and not may_be_one_body(publisher, other):
            yield Issue(
                "warning",
                "publisher_disagrees",
                f"The {basis} names {other}, the document {publisher}, which is kept",
                "Make sure that the document is what its name says.",
            )
