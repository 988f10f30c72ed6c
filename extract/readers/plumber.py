"""A page by pdfplumber, for those on which pdfium loses characters: the same characters and edges, ten times slower.

pdfium leaves out text whose font is neither embedded nor at hand: single characters, and words that stand above each
other again. Which fonts a page uses is asked of it; only then pdfplumber counts after it.
"""

from __future__ import annotations

import ctypes
import io
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.readers.characters import Glyphs, plainly
from extract.readers.rules import Rule

_FORM_DEPTH = 5  # forms within forms that are followed
_FLAT = 0.01  # points: print that is no higher has no glyphs
_ASKED = 150  # objects of a page or form
_NAME = 256  # bytes of a font's name
_BROUGHT = ("Times", "Arial", "Helvetica", "Courier", "Calibri", "Cambria", "Symbol", "Wingdings", "ZapfDingbats")


def prints_without_glyphs(page: pdfium.PdfPage) -> bool:
    """Whether a page uses a font that is not embedded and whose glyphs pdfium does not find elsewhere either.

    Asked of some hundred objects spread over the page: there can be thousands.
    """
    fine: set[int] = set()
    printing: set[int] = set()
    empty: set[int] = set()
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    for member in _text_objects(page, pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject, _FORM_DEPTH):
        font = pdfium_c.FPDFTextObj_GetFont(member)
        address = ctypes.cast(font, ctypes.c_void_p).value or 0
        if address in fine:
            continue
        if address not in printing and address not in empty and (not address or _has_glyphs(font)):
            fine.add(address)
            continue
        pdfium_c.FPDFPageObj_GetBounds(member, left, bottom, right, top)
        if top.value - bottom.value >= _FLAT:
            printing.add(address)
        elif right.value - left.value >= _FLAT:
            return True  # several characters side by side, and none has a shape
        else:
            empty.add(address)  # a space, or a single character without a shape
    return bool(empty - printing)


def _has_glyphs(font: Any) -> bool:
    """Whether a font is embedded, or one of those for which pdfium brings its own."""
    if pdfium_c.FPDFFont_GetIsEmbedded(font) == 1:
        return True
    name = ctypes.create_string_buffer(_NAME)
    pdfium_c.FPDFFont_GetBaseFontName(font, name, _NAME)
    return name.value.decode("latin-1").startswith(_BROUGHT)


def has_text(page: pdfium.PdfPage) -> bool:
    """Whether a page holds any object that prints text."""
    members = _text_objects(page, pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject, _FORM_DEPTH)
    return next(iter(members), None) is not None


def _text_objects(
    holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], depth: int
) -> Iterator[Any]:
    total = count(holder)
    for index in range(0, total, max(1, total // _ASKED)):
        member = get(holder, index)
        kind = pdfium_c.FPDFPageObj_GetType(member)
        if kind == pdfium_c.FPDF_PAGEOBJ_TEXT:
            yield member
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth > 0:
            form_count, form_get = pdfium_c.FPDFFormObj_CountObjects, pdfium_c.FPDFFormObj_GetObject
            yield from _text_objects(member, form_count, form_get, depth - 1)


class Plumber:
    """The pages of a document as pdfplumber sees them; it is opened when first asked."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._document: Any = None

    def fuller(
        self, page: pdfium.PdfPage, page_number: int, glyphs: Glyphs
    ) -> tuple[Glyphs, list[Rule], list[Rule]] | None:
        """What pdfplumber makes of a page on which pdfium lost characters; None where pdfium has them all."""
        count = _printed(glyphs)
        if not (has_text(page) if count == 0 else prints_without_glyphs(page)):
            return None
        found = self.page(page_number)
        return found if found is not None and _printed(found[0]) > count else None

    def page(self, page_number: int) -> tuple[Glyphs, list[Rule], list[Rule]] | None:
        """The glyphs, horizontal and vertical rules of a page in points from its top left; None where it fails."""
        try:
            if self._document is None:
                import pdfplumber  # takes as long to import as a document to read, and is rare

                self._document = pdfplumber.open(io.BytesIO(self._content))
            page = self._document.pages[page_number - 1]
            left, top = page.cropbox[0] - page.mediabox[0], page.cropbox[1] - page.mediabox[1]
            chars = page.dedupe_chars(tolerance=1).chars
            edges = page.edges
            page.close()
        except Exception:
            logging.getLogger(__name__).info("pdfplumber cannot read page %d", page_number, exc_info=True)
            return None
        glyphs = Glyphs(
            [_text(char["text"]) for char in chars],
            [char["x0"] - left for char in chars],
            [char["top"] - top for char in chars],
            [char["x1"] - left for char in chars],
            [char["bottom"] - top for char in chars],
        )
        across = [Rule(e["top"] - top, e["x0"] - left, e["x1"] - left) for e in edges if e["orientation"] == "h"]
        down = [Rule(e["x0"] - left, e["top"] - top, e["bottom"] - top) for e in edges if e["orientation"] == "v"]
        return glyphs, across, down

    def close(self) -> None:
        """Let go of the document."""
        if self._document is not None:
            self._document.close()


def _printed(glyphs: Glyphs) -> int:
    return sum(not text.isspace() for text in glyphs.texts)


def _text(text: str) -> str:
    return plainly(text) if len(text) <= 2 else "\ufffd"  # (cid:123) stands for nothing
