"""The tools whose speed is measured: each turns the bytes of a PDF into tables, page by page.

A tool is a function that imports what it needs and gives the function that reads, so that start-up and reading can be
told apart. This reader is asked through its public functions, the others as their own documentation shows.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import tempfile
from collections.abc import Callable
from typing import Any

Read = Callable[[bytes], object]
"""Reads all pages of a PDF."""


def grids() -> Read:
    """This reader: bytes → pages of grids and lines."""
    from extract.readers import read

    return read


def lines() -> Read:
    """This reader: bytes → project lines with money, indicators, targets, verdict."""
    from extract.document import document_of

    return document_of


def ceiling() -> Read:
    """The fastest plain Python loop over pdfium that has seen everything a table is made of, and does nothing with it.

    For every page: each character's code point and loose box, and each point of each path, those in forms too.
    """
    import pypdfium2 as pdfium
    import pypdfium2.raw as c

    def page_seen(page: Any) -> None:
        text = page.get_textpage()
        handle, box = text.raw, c.FS_RECTF()
        reference = ctypes.byref(box)
        characters = []
        for index in range(c.FPDFText_CountChars(handle)):
            code_point = c.FPDFText_GetUnicode(handle, index)
            c.FPDFText_GetLooseCharBox(handle, index, reference)
            characters.append((code_point, box.left, box.bottom, box.right, box.top))
        text.close()
        paths_seen(page.raw, c.FPDFPage_CountObjects, c.FPDFPage_GetObject)

    def paths_seen(holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any]) -> None:
        x, y = ctypes.c_float(), ctypes.c_float()
        x_reference, y_reference = ctypes.byref(x), ctypes.byref(y)
        points = []
        for index in range(count(holder)):
            member = get(holder, index)
            kind = c.FPDFPageObj_GetType(member)
            if kind == c.FPDF_PAGEOBJ_PATH:
                for number in range(c.FPDFPath_CountSegments(member)):
                    segment = c.FPDFPath_GetPathSegment(member, number)
                    c.FPDFPathSegment_GetPoint(segment, x_reference, y_reference)
                    points.append((c.FPDFPathSegment_GetType(segment), x.value, y.value))
            elif kind == c.FPDF_PAGEOBJ_FORM:
                paths_seen(member, c.FPDFFormObj_CountObjects, c.FPDFFormObj_GetObject)

    def read(content: bytes) -> None:
        document = pdfium.PdfDocument(content)
        for index in range(len(document)):
            page = document[index]
            page_seen(page)
            page.close()
        document.close()

    return read


def pdfplumber() -> Read:
    """pdfplumber: `page.extract_tables()`, each page closed after it."""
    import pdfplumber as plumber

    def read(content: bytes) -> None:
        with plumber.open(io.BytesIO(content)) as document:
            for page in document.pages:
                page.extract_tables()
                page.close()

    return read


def pymupdf() -> Read:
    """PyMuPDF: `page.find_tables()` and `table.extract()`."""
    import pymupdf as mupdf

    def read(content: bytes) -> None:
        with mupdf.open(stream=content, filetype="pdf") as document:
            for page in document:
                for table in page.find_tables().tables:
                    table.extract()

    return read


def camelot() -> Read:
    """camelot: `read_pdf(flavor="lattice")` of all pages; it reads files, so the bytes are written to one."""
    import camelot as lattice

    def read(content: bytes) -> None:
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(content)
            file.flush()
            with contextlib.redirect_stdout(io.StringIO()):
                lattice.read_pdf(file.name, pages="all", flavor="lattice", suppress_stdout=True)

    return read


TOOLS: dict[str, Callable[[], Read]] = {
    "ceiling": ceiling,
    "grids": grids,
    "lines": lines,
    "pdfplumber": pdfplumber,
    "pymupdf": pymupdf,
    "camelot": camelot,
}
