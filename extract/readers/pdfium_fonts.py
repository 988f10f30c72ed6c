"""Which fonts pdfium may take for those that a PDF does not embed: none for reading, this machine's for drawing.

With a machine's fonts pdfium knows characters that it loses on another machine: a document would read otherwise here
and there. ``extract.readers.pdf`` reads without them wherever it runs; what draws pages asks for them.
"""

from __future__ import annotations

import ctypes

import pypdfium2.raw as pdfium_c

_NO_FOLDER = (ctypes.c_char_p * 1)(None)  # pdfium keeps the list: it must not go


def read_without_system_fonts() -> None:
    """From now on pdfium knows its own fonts and embedded ones alone. No document may be open."""
    _start(ctypes.cast(_NO_FOLDER, ctypes.POINTER(ctypes.POINTER(ctypes.c_char))))


def draw_with_system_fonts() -> None:
    """From now on pdfium looks for fonts where this machine keeps them. No document may be open."""
    _start(None)


def _start(folders: object) -> None:
    pdfium_c.FPDF_DestroyLibrary()
    config = pdfium_c.FPDF_LIBRARY_CONFIG(version=2, m_pUserFontPaths=folders, m_pIsolate=None, m_v8EmbedderSlot=0)
    pdfium_c.FPDF_InitLibraryWithConfig(config)
