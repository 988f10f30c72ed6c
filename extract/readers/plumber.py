"""A page by pdfplumber, for those on which pdfium loses characters: the same characters and edges, ten times slower.

pdfium leaves out text whose font is neither embedded nor at hand: single characters, and words that stand above each
other again. Which fonts a page uses is asked of it; only then pdfplumber counts after it.
"""

from __future__ import annotations

import ctypes
import io
import logging
from collections.abc import Sequence
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.readers.characters import Glyphs, plainly
from extract.readers.pdfium_bulk import font_of
from extract.readers.rules import Rule

_FLAT = 0.01  # points: print that is no higher has no glyphs
_NAME = 256  # bytes of a font's name
_BROUGHT = ("Times", "Arial", "Helvetica", "Courier", "Calibri", "Cambria", "Symbol", "Wingdings", "ZapfDingbats")


def loses_characters(texts: Sequence[int], text_page: pdfium.PdfTextPage) -> bool:
    """Whether a page prints anything without a shape of which pdfium does not know the text, either.

    That happens in fonts that are not embedded and whose glyphs pdfium does not find elsewhere; some of it are spaces.
    ``texts`` are the addresses of what prints on the page.
    """
    fonts = list(map(font_of, texts))
    for font in filter(None, set(fonts)):
        if not _has_glyphs(font) and any(
            _is_lost(text, text_page) for text, its in zip(texts, fonts, strict=True) if its == font
        ):
            return True
    return False


def _is_lost(text: int, text_page: pdfium.PdfTextPage) -> bool:
    """Whether a text has no height, and pdfium knows fewer characters of it than its length in points has room for."""
    member = ctypes.cast(text, pdfium_c.FPDF_PAGEOBJECT)
    left, bottom, right, top, size = (ctypes.c_float() for _ in range(5))
    pdfium_c.FPDFPageObj_GetBounds(member, left, bottom, right, top)
    if top.value - bottom.value >= _FLAT:
        return False
    pdfium_c.FPDFTextObj_GetFontSize(member, size)
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(member, matrix)
    known = pdfium_c.FPDFTextObj_GetText(member, text_page.raw, None, 0) // 2 - 1  # two bytes each, and an end
    em = abs(size.value) * max(abs(matrix.a), abs(matrix.b))
    return bool(known <= 0 or right.value - left.value > (known + 1) * em)


def _has_glyphs(font: int) -> bool:
    """Whether a font is embedded, or one of those for which pdfium brings its own."""
    pointer = ctypes.cast(font, pdfium_c.FPDF_FONT)
    if pdfium_c.FPDFFont_GetIsEmbedded(pointer) == 1:
        return True
    name = ctypes.create_string_buffer(_NAME)
    pdfium_c.FPDFFont_GetBaseFontName(pointer, name, _NAME)
    return name.value.decode("latin-1").startswith(_BROUGHT)


class Plumber:
    """The pages of a document as pdfplumber sees them; it is opened when first asked."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._document: Any = None

    def fuller(
        self, texts: Sequence[int], text_page: pdfium.PdfTextPage, page_number: int, glyphs: Glyphs
    ) -> tuple[Glyphs, list[Rule], list[Rule]] | None:
        """What pdfplumber makes of a page on which pdfium lost characters; None where pdfium has them all."""
        count = _printed(glyphs)
        if not (texts if count == 0 else loses_characters(texts, text_page)):
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
    return len(glyphs.texts) - sum(map(str.isspace, glyphs.texts))


def _text(text: str) -> str:
    return plainly(text) if len(text) <= 2 else "\ufffd"  # (cid:123) stands for nothing
