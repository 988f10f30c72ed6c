"""Interpret: the pages of a document → its lines, its body and year, and the verdict on its own arithmetic.

A document is ``complete`` when nothing of severity error was found, ``partial`` when something was, ``quarantined``
when it holds a table of targets that no layout knows, ``refused`` when its bytes cannot be read.
"""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.amount_unit import labelled_unit
from extract.find import may_hold_targets
from extract.fiscal_year import FiscalYear, find_fiscal_year
from extract.hints import Hints
from extract.layouts import interpret_tables
from extract.layouts.interpretation import Context, Interpretation
from extract.money import in_unit
from extract.publisher import covered_publisher, labelled_publisher, titled_publisher
from extract.reader_version import READER_VERSION
from extract.readers import read
from extract.readers.unreadable import UnreadableError
from extract.reconcile import reconcile
from extract.records import Document, Indicator, Issue, Line, Page, Part, Reading, Reconciliation, Status, TextLine
from extract.refusal import reader_failed, refused
from extract.sniff import media_type
from extract.targets import target_oddities
from extract.vocabularies import vocabulary
from extract.wording import label, tidy_name

_WORDS = vocabulary("documents")
_IN_BRACKETS = re.compile(r"^\s*[（(][^（()）]*[)）]\s*$")  # the year under a title: （2026年度）
_LEADING_ROWS = 5
_LEADING_CELLS = 3
_COVER_LINES = 6
_GARBLED = 0.3  # of a page's characters
_LONGEST_NAME = 60
_SENTENCE_MARKS = ("，", "。", "；")


def document_of(content: bytes, hints: Hints | None = None) -> Document:
    """Everything understood of a document's bytes; whatever they are, the answer is a document with a status."""
    document_id = hashlib.sha256(content).hexdigest()
    try:
        reading = read(content, may_hold_targets)
        return _interpreted(document_id, reading, hints or Hints())
    except UnreadableError as error:
        return refused(document_id, media_type(content), Issue("error", error.code, error.message, error.what_to_do))
    except MemoryError:
        raise  # for whoever set the limit to judge
    except Exception as error:
        logging.getLogger(__name__).exception("the reader failed on %s", document_id)
        return refused(document_id, media_type(content), reader_failed(error))


def _interpreted(document_id: str, reading: Reading, hints: Hints) -> Document:
    around = [line for page in reading.pages for line in page.lines]
    texts = [line.text for line in around] + list(_leading_cells(reading.pages))
    if not texts and not any(page.grids or page.orphans for page in reading.pages):
        raise UnreadableError(
            "no_text",
            "The pages hold no text, only pictures",
            "Get a copy with text, or have the pictures recognised: `make ocr`, then set JIXIAO_OCR=1.",
        )
    title = _title(texts, reading.pages)
    bracketed = [cell for cell in _leading_cells(reading.pages) if _IN_BRACKETS.match(cell)]
    printed = [*(line.text for line in around), *bracketed]
    year = find_fiscal_year(title, printed, list(_short_cells(reading.pages)), hints.listing_title, hints.file_name)
    publisher = _publisher(texts, title) or _publisher_on_cover(reading.pages)
    context = Context(publisher, year.year if year else None, _amount_unit(texts))
    found = interpret_tables(reading.pages, context)
    names = [line.name for part in found for line in part.lines if line.level == "project"]
    printed = [*_outside(around, found), *bracketed]
    year = find_fiscal_year(title, printed, names, hints.listing_title, hints.file_name)
    if found and year is not None and year.year != context.fiscal_year:
        # deadlines without a year are the fiscal year's, and what stands outside the tables or names projects tells it
        found = interpret_tables(reading.pages, replace(context, fiscal_year=year.year))
    lines = tuple(_marked(line, reading.pages) for part in found for line in part.lines)
    garbled = [page for page in reading.pages if _is_garbled(page) and (page.grids or _are_garbled(reading.pages))]
    if garbled and not lines:
        raise UnreadableError(
            "undecodable_text",
            f"The fonts do not say which characters they print (page {garbled[0].page_number} and others like it)",
            "Get another copy, or read the pages by optical character recognition.",
        )
    publisher = context.publisher or next((line.name for line in lines if line.level in ("department", "unit")), None)
    reconciliations = tuple(reconcile(lines))
    known = _known_pages(found)
    told = list(dict.fromkeys(_told(found)))
    others = {issue.page_number for issue in told if issue.code == "other_targets_table" and issue.page_number}
    unknown = list(_unknown_tables(reading.pages, known, others))
    issues = [
        *reading.issues,
        *_page_issues(reading.pages, known, lines),
        *unknown,
        *told,
        *_year_issues(year),
        *_publisher_issues(texts, publisher, lines),
        *_fund_issues(lines),
        *_indicator_issues(lines),
        *_sum_issues(lines, reconciliations),
    ]
    status: Status = "partial" if any(issue.severity == "error" for issue in issues) else "complete"
    if not lines and unknown:
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
    return Document(
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


def _marked(line: Line, pages: Sequence[Page]) -> Line:
    pictures = {page.page_number for page in pages if page.certainty is not None}
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


def _page_issues(pages: Sequence[Page], in_scope: set[int], lines: Sequence[Line]) -> Iterator[Issue]:
    """Pages that failed, and what pages in scope (those with tables of targets) could not keep in its place."""
    read = {part.page_number for line in lines for part in line.locator}
    goes_on = False  # a page behind one that was read may hold the rest of its table
    for page in pages:
        if page.error:
            yield Issue(
                "error",
                "page_failed",
                f"Page {page.page_number} cannot be read: {page.error}",
                "Look at the page; what stands on it is missing from the data.",
                page.page_number,
            )
        is_in_scope = page.page_number in in_scope
        if page.page_number in read or goes_on:
            yield from page.issues
        goes_on = page.page_number in read or (goes_on and bool(page.issues))
        if is_in_scope and page.certainty is not None:
            yield Issue(
                "warning",
                "recognised_text",
                f"Page {page.page_number} is a picture; its text was recognised, the least sure character by"
                f" {page.certainty:.0%}",
                "Compare amounts and targets of this page with the picture before relying on them.",
                page.page_number,
            )
        if (page.grids and _is_garbled(page)) or (is_in_scope and any("\ufffd" in text for text in _texts(page))):
            yield Issue(
                "error",
                "undecodable_characters",
                f"Page {page.page_number} holds characters that stand for nothing; they are kept as \ufffd",
                "Look at the page; the characters are missing from the data.",
                page.page_number,
            )
        if not is_in_scope:
            continue
        for orphan in page.orphans:
            yield Issue(
                "error",
                "orphan_characters",
                f"“{orphan.text}” stands inside a table but in none of its cells",
                "Look at the place; the text belongs to a cell nearby and is missing there.",
                page.page_number,
                bbox=orphan.part.bbox,
            )


def _texts(page: Page) -> Iterator[str]:
    """Every text of a page, within tables and around them."""
    yield from (line.text for line in page.lines)
    yield from (cell.text for grid in page.grids for row in grid.rows for cell in row if cell is not None)


def _is_garbled(page: Page) -> bool:
    """Whether so much of a page's text stands for nothing that nobody can tell what the page holds."""
    return _are_garbled([page])


def _are_garbled(pages: Sequence[Page]) -> bool:
    text = "".join(text for page in pages for text in _texts(page))
    return text.count("\ufffd") >= _GARBLED * len(text) > 0


def _year_issues(year: FiscalYear | None) -> Iterator[Issue]:
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


def _publisher_issues(texts: Sequence[str], publisher: str | None, lines: Sequence[Line]) -> Iterator[Issue]:
    if lines and not any(labelled_publisher(text) for text in texts):
        yield Issue(
            "info" if publisher else "warning",
            "inferred_publisher",
            f"No line names the publishing body; {publisher} is taken from title or table"
            if publisher
            else "Nothing names the publishing body",
            "Make sure that it is the body of the document.",
        )


def _fund_issues(lines: Sequence[Line]) -> Iterator[Issue]:
    inferred = sum(1 for line in lines for fund in line.funds if fund.allocation == "inferred")
    if inferred:
        yield Issue(
            "info",
            "inferred_columns",
            f"{inferred} amounts had lost their column; the printed sums leave one fund source for each",
            "Nothing; the reconciliations show the proof.",
        )
    for line in lines:
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


def _indicator_issues(lines: Sequence[Line]) -> Iterator[Issue]:
    for line in lines:
        for indicator in line.indicators:
            place = indicator.locator[0] if indicator.locator else line.locator[0]
            for code, message in _oddities(indicator):
                yield Issue(
                    "warning",
                    code,
                    f"{line.name}: {indicator.name}: {message}",
                    "Kept as printed; the publisher may have erred.",
                    place.page_number,
                    line.table_number,
                    line.line_number,
                    place.bbox,
                )


def _oddities(indicator: Indicator) -> Iterator[tuple[str, str]]:
    """What is printed of an indicator and can hardly be meant, as code and message."""
    if indicator.level_1_code and indicator.level_2_code and indicator.level_2_code[0] != indicator.level_1_code:
        yield "level_mismatch", f"{indicator.level_2_code} {indicator.level_2} stands under {indicator.level_1_code}"
    for target in indicator.targets:
        if not target.text:
            yield "missing_target", f"no {target.period} target is printed"
        yield from target_oddities(target.components, target.text)


def _sum_issues(lines: Sequence[Line], reconciliations: Sequence[Reconciliation]) -> Iterator[Issue]:
    by_number = {(line.table_number, line.line_number): line for line in lines}
    for held in reconciliations:
        if held.status == "balanced":
            continue
        line = by_number[held.table_number, held.line_number]
        message = (
            f"{line.name}: {held.measure} is printed as {in_unit(held.declared_yuan, line.amount_unit)}, but"
            f" {held.check} sums to {in_unit(held.summed_yuan, line.amount_unit)}:"
            f" {in_unit(abs(held.difference_yuan), line.amount_unit)}"
            f" {'missing' if held.difference_yuan > 0 else 'too much'}"
        )
        rounding = held.status == "rounding"
        yield Issue(
            "info" if rounding else "error",
            "rounding" if rounding else "unbalanced_sum",
            message,
            "Nothing; printed amounts are rounded."
            if rounding
            else "Look at the lines of this sum: some are missing or misprinted; do not rely on their sum.",
            line.locator[0].page_number,
            held.table_number,
            held.line_number,
            line.locator[0].bbox,
        )


def _told(found: Sequence[Interpretation]) -> Iterator[Issue]:
    """The issues of every layout; that a page holds other targets is said once, whichever layouts saw it."""
    others: set[int | None] = set()
    for issue in (issue for part in found for issue in part.issues):
        if issue.code == "other_targets_table":
            if issue.page_number in others:
                continue
            others.add(issue.page_number)
        yield issue


def _unknown_tables(pages: Sequence[Page], known: set[int], others: set[int]) -> Iterator[Issue]:
    """Tables of targets on pages (of those not ``known``) of which no layout spoke; pages in a row as one.

    What follows a page of ``others`` (tables of other targets) without a gap goes on with its table.
    """
    run: list[tuple[Page, Part]] = []
    goes_on = False
    for page in pages:
        place = None if page.page_number in known else _targets_table(page)
        goes_on = page.page_number in others or (goes_on and place is not None)
        if place is not None and goes_on:
            continue
        if place is not None:
            run.append((page, place))
        elif run:
            yield _unknown_layout(run)
            run = []
    if run:
        yield _unknown_layout(run)


def _targets_table(page: Page) -> Part | None:
    """Where a page holds headings of a table of targets."""
    headings = set(_WORDS["targets_headings"])
    for line in page.lines:
        if len({label(token) for token in line.text.split()} & headings) >= 2:  # prose has the words, too
            return line.part
    for grid in page.grids:
        if {label(cell.text) for row in grid.rows for cell in row if cell is not None} & headings:
            return grid.part
    return None


def _known_pages(found: Sequence[Interpretation]) -> set[int]:
    """The pages (a text is page 1) of which layouts read lines, or said anything."""
    read = {part.page_number or 1 for i in found for line in i.lines for part in line.locator}
    return read | {issue.page_number for i in found for issue in i.issues if issue.page_number is not None}


def _unknown_layout(run: Sequence[tuple[Page, Part]]) -> Issue:
    (page, part), (last, _) = run[0], run[-1]
    pages = f"Page {page.page_number} holds" if last is page else f"Pages {page.page_number}–{last.page_number} hold"
    return Issue(
        "error",
        "unknown_layout",
        f"{pages} a table of performance targets in a layout that is not known",
        "Nothing of it is in the data; add a layout for it, or read the page.",
        page.page_number,
        bbox=part.bbox,
    )
