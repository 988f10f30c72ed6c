"""What is broken in a PDF that pdfium reads all the same: it mends in silence, and silence could be a loss.

pdfium believes the number of pages that a file states, rebuilds a broken table of objects, searches the end of a stream
of impossible length, and gives a page without a size that of US Letter. Each of these is told here.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from functools import cached_property

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.records import Issue

_PAGE = re.compile(rb"/Type\s*/Page(?![A-Za-z])")
_LENGTH = re.compile(rb"/Length\s+(\d+)\s+(\d+)\s+R\b")
_OBJECT = re.compile(rb"(\d+)\s+(\d+)\s+obj\b")
_BEFORE = 2_000  # bytes before a stream's length in which its object begins
_US_LETTER = (0.0, 0.0, 612.0, 792.0)


def has_self_measuring_stream(content: bytes) -> bool:
    """Whether a stream names itself as the place where its length stands, so that nobody knows where it ends."""
    for length in _LENGTH.finditer(content):
        *_, last = [None, *_OBJECT.finditer(content, max(0, length.start() - _BEFORE), length.start())]
        if last is not None and last.groups() == length.groups():
            return True
    return False


def damage(content: bytes, document: pdfium.PdfDocument, tree: PageTree) -> Iterator[Issue]:
    """What may be lost of a document, though pdfium opened it."""
    if not pdfium_c.FPDF_DocumentHasValidCrossReferenceTable(document):
        yield Issue(
            "error",
            "damaged_index",
            f"The PDF's table of its objects is broken; {len(document)} pages were found without it",
            "Fetch it again; or compare its pages with another copy: some may be missing.",
        )
    stated = len(document)
    # stale pages of earlier versions stay in a file: only the tree tells them from pages that are not counted
    if len(_PAGE.findall(content)) > stated and tree.has_media_box is not None and len(tree.has_media_box) > stated:
        yield Issue(
            "error",
            "uncounted_pages",
            f"The PDF says that it has {stated} pages, but holds {len(tree.has_media_box)}; the last ones are not read",
            "Fetch it again, or print it to a new PDF; what stands on these pages is missing from the data.",
        )


class PageTree:
    """The pages of a PDF as its own tree has them; walked only where something is in doubt."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    @cached_property
    def has_media_box(self) -> list[bool] | None:
        """Of every page, whether it or what it belongs to states its size; None where the tree cannot be walked."""
        from pdfminer.pdfdocument import PDFDocument  # takes as long to import as a document to read, and is rare
        from pdfminer.pdfparser import PDFParser
        from pdfminer.pdftypes import dict_value, list_value

        try:
            document = PDFDocument(PDFParser(io.BytesIO(self._content)))
            found: list[bool] = []
            waiting = [(document.catalog["Pages"], False)]
            seen: set[int] = set()
            while waiting:
                reference, inherited = waiting.pop()
                number = getattr(reference, "objid", None)
                if number in seen:
                    continue
                seen.update([number] if number is not None else [])
                node = dict_value(reference)
                stated = inherited or "MediaBox" in node
                if "Kids" in node:
                    waiting.extend((kid, stated) for kid in reversed(list_value(node["Kids"])))
                elif node:
                    found.append(stated)
        except Exception:
            logging.getLogger(__name__).info("the page tree cannot be walked", exc_info=True)
            return None
        return found

    def refuse_without_size(self, page: pdfium.PdfPage, index: int) -> None:
        """Refuse a page whose places cannot be told.

        Raises:
            ValueError: neither the page nor what it belongs to states a size.
        """
        box = page.get_mediabox(fallback_ok=False)  # the page's own: pdfium does not look further up for this one
        if box is not None and (box[0] == box[2] or box[1] == box[3]):
            raise ValueError("its MediaBox is broken: nothing says how large it is")
        if box is None and page.get_bbox() == _US_LETTER:
            stated = self.has_media_box
            if stated is not None and index < len(stated) and not stated[index]:
                raise ValueError("it has no MediaBox: nothing says how large it is")
