"""Interpret: the pages of a document → its lines, its body and year, and the verdict on its own arithmetic.

A document is ``complete`` when nothing of severity error was found, ``partial`` when something was, ``quarantined``
when it holds a table of targets that no layout knows, ``refused`` when its bytes cannot be read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import replace

from extract.amount_unit import labelled_unit
from extract.checks import issues_of
from extract.checks.conservation import are_garbled, is_garbled
from extract.checks.evidence import Evidence
from extract.coverage import coverage_of
from extract.expenditure import expenditures_of
from extract.fiscal_year import find_fiscal_year, year_cells
from extract.hints import Hints
from extract.layouts import interpret_tables
from extract.layouts.interpretation import Context, Interpretation
from extract.places import in_own_terms
from extract.publisher import covered_publisher, labelled_publisher, titled_publisher
from extract.reader_version import READER_VERSION
from extract.readers import html
from extract.readers.unreadable import UnreadableError
from extract.reconcile import reconcile
from extract.records import Document, Issue, Line, Page, Reading, Status, TextLine
from extract.transfer_headings import under_transfer_headings
from extract.vocabularies import vocabulary
from extract.wording import tidy_name

_WORDS = vocabulary("documents")
_IN_BRACKETS = re.compile(r"^\s*[（(][^（()）]*[)）]\s*$")  # the year under a title: （2026年度）
_LEADING_ROWS = 5
_LEADING_CELLS = 3
_COVER_LINES = 6
_LONGEST_NAME = 60
_SENTENCE_MARKS = ("，", "。", "；")


def interpreted(document_id: str, reading: Reading, hints: Hints) -> Document:
    """What the pages of a document say.

    Raises:
        UnreadableError: its pages hold nothing that can be understood: pictures alone, or undecodable text.
    """
    around = [line for page in reading.pages for line in page.lines]
    texts = [line.text for line in around] + list(_leading_cells(reading.pages))
    if not texts and not any(page.grids or page.orphans or page.hidden for page in reading.pages):
        if any(page.certainty is not None for page in reading.pages):
            raise UnreadableError(
                "nothing_recognised", "The pages are pictures, and no text was recognised on them", "Look at the pages."
            )
        raise UnreadableError(
            "no_text",
            "The pages hold no text, only pictures",
            "Get a copy with text, or have the pictures recognised: `make ocr`, then set JIXIAO_OCR=1.",
        )
    title = _title(texts, reading.pages)
    in_cells = [cell for cell in _leading_cells(reading.pages) if _IN_BRACKETS.match(cell)]
    in_cells += year_cells(reading.pages)
    printed = [*(line.text for line in around), *in_cells]
    year = find_fiscal_year(title, printed, list(_short_cells(reading.pages)), hints.listing_title, hints.file_name)
    publisher = _publisher(texts, title) or _publisher_on_cover(reading.pages)
    context = Context(publisher, year.year if year else None, _amount_unit(texts))
    found = interpret_tables(reading.pages, context)
    names = [line.name for part in found for line in part.lines if line.level == "project"]
    printed = [*_outside(around, found), *in_cells]
    year = find_fiscal_year(title, printed, names, hints.listing_title, hints.file_name)
    if found and year is not None and year.year != context.fiscal_year:
        # deadlines without a year are the fiscal year's, and what stands outside the tables or names projects tells it
        found = interpret_tables(reading.pages, replace(context, fiscal_year=year.year))
    pictures = {page.page_number for page in reading.pages if page.certainty is not None}
    lines = tuple(_marked(line, pictures) for part in found for line in part.lines)
    lines = under_transfer_headings(lines, reading.pages)
    garbled = [page for page in reading.pages if is_garbled(page) and (page.grids or are_garbled(reading.pages))]
    if garbled and not lines:
        raise UnreadableError(
            "undecodable_text",
            f"The fonts do not say which characters they print (page {garbled[0].page_number} and others like it)",
            "Get another copy, or read the pages by optical character recognition.",
        )
    publisher = context.publisher or next((line.name for line in lines if line.level in ("department", "unit")), None)
    coverage = coverage_of(lines, expenditures_of(reading.pages, context.amount_unit)) if lines else None
    reconciliations = (*reconcile(lines), *([coverage.reconciliation] if coverage else []))
    issues = [
        *reading.issues,
        *issues_of(
            Evidence(
                pages=reading.pages,
                texts=texts,
                found=found,
                lines=lines,
                reconciliations=reconciliations,
                year=year,
                publisher=publisher,
                title=title,
                coverage=coverage,
                outside=hints.named(),
            )
        ),
    ]
    is_unknown = any(issue.code == "unknown_layout" for issue in issues)
    if (
        reading.media_type == html.MEDIA_TYPE
        and not lines
        and not is_unknown
        and not any(part.issues for part in found)
    ):
        raise html.not_a_document()  # it has tables, as lists and error pages do
    status: Status = "partial" if any(issue.severity == "error" for issue in issues) else "complete"
    if not lines and is_unknown:
        status = "quarantined"
    elif not lines:
        issues.append(
            Issue(
                "info",
                "no_targets_table",
                "The document is readable and holds no table of projects' performance targets",
                "Nothing, if that is what you expected.",
            )
        )
    document = Document(
        document_id=document_id,
        media_type=reading.media_type,
        document_kind="project_targets" if lines else None,
        publisher=publisher,
        title=title,
        fiscal_year=year.year if year else None,
        fiscal_year_basis=year.basis if year else None,
        page_count=reading.page_count,
        status=status,
        reader_version=READER_VERSION,
        lines=lines,
        issues=tuple(issues),
        reconciliations=reconciliations,
    )
    return in_own_terms(document, reading.pages)


def _marked(line: Line, pictures: Set[int | None]) -> Line:
    return replace(line, is_recognised=True) if any(part.page_number in pictures for part in line.locator) else line


def _leading_cells(pages: Sequence[Page]) -> Iterator[str]:
    """The cells above a table that its reader took for rows: in text and sheets, title and unit stand in such."""
    for page in pages:
        for grid in page.grids[:1]:
            for row in grid.rows[:_LEADING_ROWS]:
                filled = [cell.text for cell in row if cell is not None and cell.text.strip()]
                if len(filled) <= _LEADING_CELLS:
                    yield from filled


def _short_cells(pages: Sequence[Page]) -> Iterator[str]:
    """The cells that can be names of projects, as far as their length tells."""
    for grid in (grid for page in pages for grid in page.grids):
        yield from (cell.text for row in grid.rows for cell in row if cell and 0 < len(cell.text) <= _LONGEST_NAME)


def _title(texts: Sequence[str], pages: Sequence[Page]) -> str | None:
    """The first line that names a table of targets, else a budget's cover, else the first line."""
    titles = [text for text in texts if not any(mark in text for mark in _SENTENCE_MARKS)]
    named = next((text for text in titles if any(word in text for word in _WORDS["targets_titles"])), None)
    title = named or _cover(pages) or next((text for text in texts if text.strip()), None)
    return tidy_name(title) if title else None


def _cover(pages: Sequence[Page]) -> str | None:
    """What the first page says where it is the cover of a budget: 2026年 · 广州市商务局部门预算."""
    if not pages or pages[0].grids or not 0 < len(pages[0].lines) <= _COVER_LINES:
        return None
    text = "".join(line.text for line in pages[0].lines)
    return text if any(word in text for word in _WORDS["budget_titles"]) else None


def _outside(around: Sequence[TextLine], found: Sequence[Interpretation]) -> list[str]:
    """The texts that no table line was made of (in a text file every line of a table is a line of text, too)."""
    taken = {
        number
        for part in found
        for line in part.lines
        for place in line.locator
        if place.first_line is not None and place.last_line is not None
        for number in range(place.first_line, place.last_line + 1)
    }
    return [line.text for line in around if line.part.first_line not in taken]


def _publisher(texts: Sequence[str], title: str | None) -> str | None:
    labelled = next((name for text in texts if (name := labelled_publisher(text))), None)
    return labelled or (titled_publisher(title) if title else None)


def _publisher_on_cover(pages: Sequence[Page]) -> str | None:
    """The body that a cover names, where no label does: 2026年度 · 福州市商务局 · 部门预算."""
    cover = pages[0] if pages and not pages[0].grids else None
    return covered_publisher("".join(line.text for line in cover.lines)) if cover is not None else None


def _amount_unit(texts: Sequence[str]) -> str | None:
    """The unit that every line with a unit prints; None where none does, or where they differ."""
    units = {unit for text in texts if (unit := labelled_unit(text))}
    return units.pop() if len(units) == 1 else None
