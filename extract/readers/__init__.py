"""Read: bytes → pages of grids and lines. Geometry only: no reader knows what a budget is.

A reader is a module with ``read(content) -> Reading``; which one is asked follows from what the bytes are, never from a
file's name. That of PDF is told, too, of which pages the tables are asked for: other formats are never so long.
"""

from __future__ import annotations

from extract.readers import docx, html, pdf, text, xls, xlsx
from extract.readers.steps import too_complex
from extract.readers.unreadable import UnreadableError
from extract.readers.wanted import EVERY_PAGE, Wanted
from extract.records import Reading
from extract.sniff import media_type

_READERS = {
    "text/plain": text.read,
    html.MEDIA_TYPE: html.read,
    docx.MEDIA_TYPE: docx.read,
    xlsx.MEDIA_TYPE: xlsx.read,
    xls.MEDIA_TYPE: xls.read,
}

_UNREAD = {
    "application/x-empty": (
        "not_a_document",
        "The file is empty",
        "Fetch it again; the publisher may serve it broken.",
    ),
    "application/msword": (
        "unknown_kind",
        "The file is a Word document of the old kind (.doc), which is not read",
        "Save it as DOCX or PDF and add that.",
    ),
    "application/x-ole-storage": (
        "unknown_kind",
        "The file is an Office document of the old kind that names no contents; it may be cut off",
        "Fetch it again, or save it as XLSX, DOCX or PDF and add that.",
    ),
    "application/x-ole-encrypted": (
        "encrypted",
        "The Office document is encrypted with a password",
        "Get a copy that opens without one.",
    ),
    "application/vnd.ms-excel+xml": (
        "unknown_kind",
        "The file is a workbook as XML (XML Spreadsheet 2003), which is not read",
        "Open it in a spreadsheet program, save it as XLSX and add that.",
    ),
    "multipart/related": (
        "unknown_kind",
        "The file is a web archive (MHTML), which is not read",
        "Open it in the program that wrote it or in a browser, save it as PDF, XLSX or DOCX and add that.",
    ),
}


def read(content: bytes, wanted: Wanted = EVERY_PAGE) -> Reading:
    """The pages of a document; those of a PDF that are not wanted, and where no wanted table goes on, as text alone.

    Raises:
        UnreadableError: the bytes are of a kind that is not read, or are damaged; code, message and advice say which.
    """
    kind = media_type(content)
    if kind != pdf.MEDIA_TYPE and kind not in _READERS:
        code, message, what_to_do = _UNREAD.get(
            kind,
            (
                "unknown_kind",
                f"The file is of the kind {kind}, which is not read",
                "Get the document as PDF, XLSX, XLS, DOCX, HTML or text.",
            ),
        )
        raise UnreadableError(code, message, what_to_do)
    try:
        return pdf.read(content, wanted) if kind == pdf.MEDIA_TYPE else _READERS[kind](content)
    except RecursionError as error:
        raise too_complex("its parts are nested too deeply") from error
