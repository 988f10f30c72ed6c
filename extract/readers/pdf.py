"""PDF → pages: characters and rules from pdfium, grids from the rules, every character in one cell or one line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.progress import counted
from extract.readers import ocr
from extract.readers.cells import grid_of, parted
from extract.readers.characters import Run, box_of, lines_of, plainly, runs_of, spaced_text_of
from extract.readers.damage import PageTree, damage, has_self_measuring_stream
from extract.readers.limits import MOST_PAGES, MOST_SEGMENTS, TooComplexError, refuse_beyond
from extract.readers.pdfium_bulk import glyphs, rules, text_of_page, view_of
from extract.readers.rules import Table, outline, tables
from extract.readers.unreadable import UnreadableError
from extract.records import Grid, Page, Part, Reading, TextLine

MEDIA_TYPE = "application/pdf"
_SAME_EDGE = 15.0  # points by which the outer edges of one table may differ from page to page


def read(content: bytes, is_wanted: Callable[[str], bool]) -> Reading:
    """The pages of a PDF: the first one, those with a wanted text and those where their tables may go on in full, the
    others as lines of text.

    Raises:
        UnreadableError: the file is encrypted, truncated, corrupt or too complex, or none of its pages can be read.
    """
    _refuse_truncated(content)
    if has_self_measuring_stream(content):
        raise _corrupt("a stream's length is said to stand in the stream itself")
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        # pdfium's last error may be that of the document before: an encrypted file says so in its trailer, too
        if b"/Encrypt" in content and pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD:
            raise UnreadableError(
                "encrypted", "The PDF is encrypted with a password", "Get a copy that opens without one."
            ) from error
        raise _corrupt(f"pdfium cannot open it ({error})") from error
    try:
        if len(document) == 0:
            raise _corrupt("it has no pages")
        refuse_beyond(MOST_PAGES, len(document), "pages")
        tree, failures = PageTree(content), list[Exception]()
        pages = tuple(counted(_pages(document, is_wanted, tree, failures), len(document)))
        if len(failures) == len(pages):
            raise _unread(failures)
        issues = tuple(damage(content, document, tree))
    except TooComplexError as error:
        raise _too_complex(str(error)) from error
    finally:
        document.close()
    return Reading(media_type=MEDIA_TYPE, page_count=len(pages), pages=pages, issues=issues)


def _refuse_truncated(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0 or b" obj" in content[end:]:
        raise UnreadableError(
            "truncated", "The PDF is truncated: its end is missing", "Fetch it again; the transfer broke off."
        )


def _corrupt(why: str) -> UnreadableError:
    return UnreadableError("corrupt", f"The PDF is corrupt: {why}", "Fetch it again, or get it from the publisher.")


def _too_complex(why: str) -> UnreadableError:
    return UnreadableError(
        "too_complex",
        f"The PDF is too complex: {why}",
        "Look at the file: if it is a real document, get it as another format or in parts, and report it.",
    )


def _unread(failures: Sequence[Exception]) -> UnreadableError:
    """Why nothing of a document can be read, where every page of it failed."""
    why = f"none of its {len(failures)} pages can be read; page 1: {failures[0]}"
    return _too_complex(why) if any(isinstance(f, TooComplexError) for f in failures) else _corrupt(why)


def _pages(
    document: pdfium.PdfDocument, is_wanted: Callable[[str], bool], tree: PageTree, failures: list[Exception]
) -> Iterator[Page]:
    before: Page | None = None  # the last page read in full, as long as its table may go on
    for index in range(len(document)):
        number = index + 1
        try:
            page = document[index]
        except pdfium.PdfiumError as error:
            failures.append(error)
            yield Page(number, width=0, height=0, error=str(error))
            continue
        text_page = None
        try:
            tree.refuse_without_size(page, index)
            text_page = page.get_textpage()
            text = text_of_page(text_page)
            picture = ocr.recognise(page) if not text.strip() and _is_picture(page) and ocr.is_on() else None
            wanted = index == 0 or is_wanted(plainly(text) if picture is None else "".join(picture.glyphs.texts))
            if picture is not None:
                read = _recognised(page, picture, number)
                before = read if read.grids and wanted else None
            elif wanted or before is not None:
                read = _page(page, text_page, text, number)
                before = read if read.grids and (wanted or before is None or _goes_on(before, read)) else None
            else:
                read = _text_only(page, text, number)
            yield read
        except (pdfium.PdfiumError, ValueError) as error:
            before = None
            failures.append(error)
            yield Page(number, width=0, height=0, error=str(error))
        finally:
            if text_page is not None:
                text_page.close()
            page.close()  # or memory grows by megabytes a page


def _goes_on(before: Page, page: Page) -> bool:
    """Whether a page may carry on a table of the page before: any of its grids has the edges of one there."""
    outer = [(grid.part.bbox[0], grid.part.bbox[2]) for grid in before.grids if grid.part.bbox]
    return any(
        abs(grid.part.bbox[0] - left) <= _SAME_EDGE and abs(grid.part.bbox[2] - right) <= _SAME_EDGE
        for left, right in outer
        for grid in page.grids
        if grid.part.bbox
    )


def _text_only(page: pdfium.PdfPage, text: str, page_number: int) -> Page:
    lines = (" ".join(line.split()) for line in plainly(text).splitlines())
    width, height = page.get_size()
    part = Part(page_number)
    return Page(page_number, width, height, lines=tuple(TextLine(line, part) for line in lines if line))


def _is_picture(page: pdfium.PdfPage) -> bool:
    return next(iter(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])), None) is not None


def _page(page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, text: str, page_number: int) -> Page:
    view = view_of(page)
    across, down = rules(page, view)
    refuse_beyond(MOST_SEGMENTS, len(across) + len(down), "pieces of rules")
    return _laid_out(page, page_number, runs_of(glyphs(text_page, text, view)), tables(across, down))


def _recognised(page: pdfium.PdfPage, picture: ocr.Picture, page_number: int) -> Page:
    laid_out = _laid_out(page, page_number, runs_of(picture.glyphs), tables(picture.horizontal, picture.vertical))
    return replace(laid_out, certainty=picture.certainty)


def _laid_out(page: pdfium.PdfPage, page_number: int, loose: list[Run], found: Sequence[Table]) -> Page:
    width, height = page.get_size()
    grids: list[Grid] = []
    orphans: list[TextLine] = []
    for table in found:
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
