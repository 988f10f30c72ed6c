"""Every printed character of a page with targets stands in a cell or a line; what does not is an issue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.checks.evidence import Evidence
from extract.records import Issue, Page

_GARBLED = 0.3  # of a page's characters


def characters_are_kept(evidence: Evidence) -> Iterator[Issue]:
    """Pages that failed, and what pages in scope (those with tables of targets) could not keep in its place."""
    in_scope = evidence.known_pages
    read = {part.page_number for line in evidence.lines for part in line.locator}
    goes_on = False  # a page behind one that was read may hold the rest of its table
    for page in evidence.pages:
        if page.error:
            yield Issue(
                "error",
                "page_failed",
                f"Page {page.page_number} cannot be read: {page.error}",
                "Look at the page; what stands on it is missing from the data.",
                page.page_number,
            )
        if page.hidden:
            yield _hidden_on(page)
        is_in_scope = page.page_number in in_scope
        if page.page_number in read or goes_on:
            yield from page.issues
        goes_on = page.page_number in read or (goes_on and bool(page.issues))
        if (page.grids and is_garbled(page)) or (is_in_scope and any("\ufffd" in text for text in _texts(page))):
            yield Issue(
                "error",
                "undecodable_characters",
                f"Page {page.page_number} holds characters that stand for nothing; they are kept as \ufffd",
                "Look at the page; the characters are missing from the data.",
                page.page_number,
            )
        if is_in_scope:
            yield from _lost_on(page)


def is_garbled(page: Page) -> bool:
    """Whether so much of a page's text stands for nothing that nobody can tell what the page holds."""
    return are_garbled([page])


def are_garbled(pages: Sequence[Page]) -> bool:
    """Whether that is so of pages taken together."""
    text = "".join([text for page in pages for text in _texts(page)])
    return "\ufffd" in text and text.count("\ufffd") >= _GARBLED * len(text)


def _texts(page: Page) -> list[str]:
    """Every text of a page, within tables and around them."""
    return [
        *[line.text for line in page.lines],
        *[cell.text for grid in page.grids for row in grid.rows for cell in row if cell is not None],
    ]


def _hidden_on(page: Page) -> Issue:
    first = page.hidden[0]
    return Issue(
        "warning",
        "hidden_text",
        f"The document holds {len(page.hidden)} texts that it does not show, the first “{first.text[:60]}”;"
        " they are not read",
        "Look at hidden sheets, rows, columns or text; show what belongs to a table, and add the file again.",
        page.page_number,
        bbox=first.part.bbox,
    )


def _lost_on(page: Page) -> Iterator[Issue]:
    for formula in page.uncomputed:
        yield Issue(
            "error",
            "uncomputed_formula",
            f"“{formula.text[:60]}” is a formula whose value the file does not hold",
            "Open the file in a spreadsheet program, save it, and add it again.",
            page.page_number,
            bbox=formula.part.bbox,
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
