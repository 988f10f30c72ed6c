"""Read: bytes → pages of grids and lines. Geometry only: no reader knows what a budget is.

A reader is a module with ``read(content, is_wanted) -> Reading``; which one is asked follows from what the bytes are,
never from a file's name. ``is_wanted`` says of a page's text whether its tables are asked for.
"""

from __future__ import annotations

from collections.abc import Callable

from extract.readers import pdf, text
from extract.readers.unreadable import UnreadableError
from extract.records import Reading
from extract.sniff import media_type

_READERS = {"application/pdf": pdf.read, "text/plain": text.read}

_UNREAD = {
    "application/x-empty": (
        "not_a_document",
        "The file is empty",
        "Fetch it again; the publisher may serve it broken.",
    ),
    "text/html": (
        "not_a_document",
        "The file is an HTML page, not a document",
        "Open its address in a browser: it is often an error page or a page that links to the document.",
    ),
}


def read(content: bytes, is_wanted: Callable[[str], bool] = lambda _: True) -> Reading:
    """The pages of a document; those of a PDF that are not wanted, and where no wanted table goes on, as text alone.

    Raises:
        UnreadableError: the bytes are of a kind that is not read, or are damaged; code, message and advice say which.
    """
    kind = media_type(content)
    reader = _READERS.get(kind)
    if reader is None:
        code, message, what_to_do = _UNREAD.get(
            kind,
            (
                "unknown_kind",
                f"The file is of the kind {kind}, which is not read",
                "Get the document as PDF or text.",
            ),
        )
        raise UnreadableError(code, message, what_to_do)
    return reader(content, is_wanted)
