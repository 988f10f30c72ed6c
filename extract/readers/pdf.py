"""PDF → pages: characters and rules from pdfium, grids from the rules, every character in one cell or one line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.readers.cells import grid_of, parted
from extract.readers.characters import Run, box_of, lines_of, runs_of, spaced_text_of
from extract.readers.pdfium_bulk import glyphs, rules, view_of
from extract.readers.rules import outline, tables
from extract.readers.unreadable import UnreadableError
from extract.records import Grid, Page, Part, Reading, TextLine


def read(content: bytes) -> Reading:
    """The pages of a PDF.

    Raises:
        UnreadableError: the file is encrypted, truncated or corrupt, or has no pages.
    """
    _refuse_truncated(content)
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise UnreadableError(
                "encrypted", "The PDF is encrypted with a password", "Get a copy that opens without one."
            ) from error
        raise _corrupt(f"pdfium cannot open it ({error})") from error
    try:
        if len(document) == 0:
            raise _corrupt("it has no pages")
        pages = tuple(_page_or_error(document, index) for index in range(len(document)))
    finally:
        document.close()
    return Reading(media_type="application/pdf", page_count=len(pages), pages=pages)


def _refuse_truncated(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0 or b" obj" in content[end:]:
        raise UnreadableError(
            "truncated", "The PDF is truncated: its end is missing", "Fetch it again; the transfer broke off."
        )


def _corrupt(why: str) -> UnreadableError:
    return UnreadableError("corrupt", f"The PDF is corrupt: {why}", "Fetch it again, or get it from the publisher.")


def _page_or_error(document: pdfium.PdfDocument, index: int) -> Page:
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        return Page(page_number=index + 1, width=0, height=0, error=str(error))
    try:
        return _page(page, index + 1)
    except (pdfium.PdfiumError, ValueError) as error:
        return Page(page_number=index + 1, width=0, height=0, error=str(error))
    finally:
        page.close()  # or memory grows by megabytes a page


def _page(page: pdfium.PdfPage, page_number: int) -> Page:
    width, height = page.get_size()
    view = view_of(page)
    loose = runs_of(glyphs(page, view))
    grids: list[Grid] = []
    orphans: list[TextLine] = []
    for table in tables(*rules(page, view)):
        inside, loose = parted(loose, outline(table.cells))
        grid, left_over = grid_of(table, inside, page_number)
        grids.append(grid)
        orphans.extend(_text_lines(left_over, page_number))
    return Page(page_number, width, height, tuple(grids), tuple(_text_lines(loose, page_number)), tuple(orphans))


def _text_lines(runs: Sequence[Run], page_number: int) -> Iterator[TextLine]:
    for line in lines_of(runs):
        text = spaced_text_of(line)
        if text:
            yield TextLine(text, Part(page_number, box_of(line)))
