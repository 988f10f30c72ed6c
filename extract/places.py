"""Places on pages that only reading laid out → places in the document's own terms: sheet, table, row and column.

Layouts see pages with boxes, whatever the format. Here a document of a format without pages forgets them again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from extract.readers.steps import part_of_page
from extract.records import BBox, Document, Issue, Line, Page, Part

_PAGES = re.compile(r"\b[Pp]ages? (\d+)(?:(?:–| to )(\d+))?")


def in_own_terms(document: Document, pages: Sequence[Page]) -> Document:
    """The document with every place as a person finds it; unchanged where its pages are its own."""
    laid_out = {page.page_number: page for page in pages if page.sheet is not None or page.table is not None}
    if not laid_out:
        return document
    return replace(
        document,
        lines=tuple(_line(line, laid_out) for line in document.lines),
        issues=tuple(_issue(issue, laid_out) for issue in document.issues),
    )


def place_name(part: Part) -> str:
    """A place in words: sheet “绩效目标”, C5:D7."""
    names = [f"sheet “{part.sheet}”"] if part.sheet is not None else []
    if part.table is not None:
        names.append(f"table {part.table}")
    if part.row is not None and part.column is not None and part.last_row is not None and part.last_column is not None:
        first, last = f"{_letters(part.column)}{part.row}", f"{_letters(part.last_column)}{part.last_row}"
        cells = first if first == last else f"{first}:{last}"
        rows = f"row {part.row}" if part.row == part.last_row else f"rows {part.row}–{part.last_row}"
        names.append(cells if part.sheet is not None else rows)
    return ", ".join(names)


def _line(line: Line, pages: Mapping[int, Page]) -> Line:
    return replace(
        line,
        locator=_parts(line.locator, pages),
        funds=tuple(replace(fund, locator=_parts(fund.locator, pages)) for fund in line.funds),
        indicators=tuple(replace(one, locator=_parts(one.locator, pages)) for one in line.indicators),
        subtotals=tuple(replace(subtotal, locator=_parts(subtotal.locator, pages)) for subtotal in line.subtotals),
    )


def _parts(parts: Sequence[Part], pages: Mapping[int, Page]) -> tuple[Part, ...]:
    return tuple(_part(part.page_number, part.bbox, pages) or part for part in parts)


def _part(page_number: int | None, box: BBox | None, pages: Mapping[int, Page]) -> Part | None:
    page = pages.get(page_number) if page_number is not None else None
    return part_of_page(page, box) if page is not None else None


def _issue(issue: Issue, pages: Mapping[int, Page]) -> Issue:
    """The issue without a page and a box that nobody can turn to, its message with the place in words."""

    def named(match: re.Match[str]) -> str:
        names = [place_name(part) for number in match.groups() if number and (part := _part(int(number), None, pages))]
        return " to ".join(dict.fromkeys(names)) or match[0]

    message = _PAGES.sub(named, issue.message)
    place = _part(issue.page_number, issue.bbox, pages)
    name = place_name(place) if place is not None else ""
    return replace(
        issue,
        message=f"{message} ({name})" if name else message,
        page_number=None,
        bbox=None,
    )


def _letters(column: int) -> str:
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
