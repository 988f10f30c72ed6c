"""Every printed character of a page with targets stands in a cell or a line; what does not is an issue."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.records import Issue, Page


def characters_are_kept(evidence: Evidence) -> Iterator[Issue]:
    """Pages that failed, and what pages in scope (those with tables of targets) could not keep in its place."""
    in_scope = evidence.known_pages
    for page in evidence.pages:
        if page.error:
            yield Issue(
                "error",
                "page_failed",
                f"Page {page.page_number} cannot be read: {page.error}",
                "Look at the page; what stands on it is missing from the data.",
                page.page_number,
            )
        if page.page_number in in_scope:
            yield from _lost_on(page)


def _lost_on(page: Page) -> Iterator[Issue]:
    texts = [line.text for line in page.lines]
    texts += [cell.text for grid in page.grids for row in grid.rows for cell in row if cell is not None]
    if any("\ufffd" in text for text in texts):
        yield Issue(
            "error",
            "undecodable_characters",
            f"Page {page.page_number} holds characters that stand for nothing; they are kept as \ufffd",
            "Look at the page; the characters are missing from the data.",
            page.page_number,
        )
    for orphan in page.orphans:
        yield Issue(
            "error",
            "orphan_characters",
            f"“{orphan.text}” stands inside a table but in none of its cells",
            "Look at the place; the text belongs to a cell nearby and is missing there.",
            page.page_number,
            bbox=orphan.part.bbox,
        )
