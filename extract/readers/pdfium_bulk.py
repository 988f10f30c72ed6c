"""What pdfium knows of a page, asked for in bulk: its printed characters with their boxes, and its straight rules.

Asking pdfium for one thing of one character costs more in Python than in pdfium. So the functions are called by
address, over ranges, and write into one buffer.
"""

from __future__ import annotations

import ctypes
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, repeat
from operator import le
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.readers.characters import Glyphs, plainly
from extract.readers.limits import MOST_CHARACTERS, refuse_beyond
from extract.readers.rules import Rule
from extract.records import BBox

_LINE = 2  # segments of a line: where it starts, and where it ends
_RECTANGLE = 5  # segments of a rectangle; some writers leave out the last
_THIN = 3.0  # points: a filled rectangle no thicker than this is a rule
_STRAIGHT = 0.5  # points by which a rule may lean
_NOT_PRINTED = frozenset("\0\r\n ")  # a space is, and so is what has no code, unless pdfium generated it
_HYPHEN = "\ufffe"
_HALF = re.compile("[\ud800-\udfff]")
_FORM_DEPTH = 5  # forms within forms that are followed

Stroke = tuple[float, float, float, float, bool]
"""A segment by the box around it, and whether it stands for a thin rectangle."""
Matrix = tuple[float, float, float, float, float, float]


def by_address(function: Any, result: Any, *arguments: Any) -> Any:
    """The same function with plain numbers for addresses (no wrapping, and no letting go of the interpreter)."""
    return ctypes.PYFUNCTYPE(result, *arguments)(ctypes.cast(function, ctypes.c_void_p).value)  # type: ignore[arg-type]


_P, _I = ctypes.c_void_p, ctypes.c_int
_loose_box = by_address(pdfium_c.FPDFText_GetLooseCharBox, _I, _P, _I, _P)
_is_generated = by_address(pdfium_c.FPDFText_IsGenerated, _I, _P, _I)
_unicode = by_address(pdfium_c.FPDFText_GetUnicode, ctypes.c_uint, _P, _I)
_page_count = by_address(pdfium_c.FPDFPage_CountObjects, _I, _P)
_page_member = by_address(pdfium_c.FPDFPage_GetObject, _P, _P, _I)
_form_count = by_address(pdfium_c.FPDFFormObj_CountObjects, _I, _P)
_form_member = by_address(pdfium_c.FPDFFormObj_GetObject, _P, _P, ctypes.c_ulong)
_kind = by_address(pdfium_c.FPDFPageObj_GetType, _I, _P)
_matrix = by_address(pdfium_c.FPDFPageObj_GetMatrix, _I, _P, _P)
_draw_mode = by_address(pdfium_c.FPDFPath_GetDrawMode, _I, _P, _P, _P)
_bounds = by_address(pdfium_c.FPDFPageObj_GetBounds, _I, _P, _P, _P, _P, _P)
_segment_count = by_address(pdfium_c.FPDFPath_CountSegments, _I, _P)
_segment = by_address(pdfium_c.FPDFPath_GetPathSegment, _P, _P, _I)
_segment_kind = by_address(pdfium_c.FPDFPathSegment_GetType, _I, _P)
_segment_point = by_address(pdfium_c.FPDFPathSegment_GetPoint, _I, _P, _P, _P)
_segment_closes = by_address(pdfium_c.FPDFPathSegment_GetClose, _I, _P)


@dataclass(frozen=True, slots=True)
class View:
    """How a page is shown: its turn in degrees, and its visible edges in its own coordinates (y upwards)."""

    rotation: int
    left: float
    bottom: float
    right: float
    top: float

    def box(self, x0: float, y0: float, x1: float, y1: float) -> BBox:
        """The box of two corners in the page's coordinates, as a viewer shows it, from the top left corner."""
        if not self.rotation:
            left, right = (x0, x1) if x0 <= x1 else (x1, x0)
            lower, upper = (y0, y1) if y0 <= y1 else (y1, y0)
            return left - self.left, self.top - upper, right - self.left, self.top - lower
        (ax, ay), (bx, by) = self._point(x0, y0), self._point(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    def _point(self, x: float, y: float) -> tuple[float, float]:
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x


def view_of(page: pdfium.PdfPage) -> View:
    """How a page is shown."""
    left, bottom, right, top = page.get_bbox()  # the other boxes are the page's own only, not what it inherits
    return View(page.get_rotation(), left, bottom, right, top)


def text_of_page(text_page: pdfium.PdfTextPage) -> str:
    """One character for each of pdfium's (printed or generated), in the order of the page's content.

    Raises:
        TooComplexError: there are far more than any page prints.
    """
    handle = address_of(text_page.raw)
    count = pdfium_c.FPDFText_CountChars(text_page.raw)
    refuse_beyond(MOST_CHARACTERS, count, "characters")
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium_c.FPDFText_GetText(text_page.raw, 0, count, buffer)
    # of the whole text at once, where pdfium left none out
    codes = buffer[:count] if written == count + 1 else map(_unicode, repeat(handle), range(count))
    text = "".join(map(chr, codes))
    if _HYPHEN not in text:
        return text
    # pdfium gives a hyphen at a line's end, and what a font maps to nothing, the same code in bulk
    return "".join(chr(_unicode(handle, index)) if c == _HYPHEN else c for index, c in enumerate(text))


def glyphs(text_page: pdfium.PdfTextPage, text: str, view: View) -> Glyphs:
    """Every printed character of a page's text at its loose box; what pdfium generated itself is left out."""
    handle = address_of(text_page.raw)
    texts, indexes = _printed(handle, text)
    buffer = (ctypes.c_float * (4 * len(indexes) or 1))()
    start = ctypes.addressof(buffer)
    deque(map(_loose_box, repeat(handle), indexes, range(start, start + 16 * len(indexes), 16)), maxlen=0)
    values = buffer[: 4 * len(indexes)]
    left, top, right, bottom = values[0::4], values[1::4], values[2::4], values[3::4]
    if view.rotation == 0 and all(map(le, left, right)) and all(map(le, bottom, top)):
        x, y = view.left, view.top
        return Glyphs(
            texts, [v - x for v in left], [y - v for v in top], [v - x for v in right], [y - v for v in bottom]
        )
    boxes = list(map(view.box, left, bottom, right, top))
    return Glyphs(texts, *([box[edge] for box in boxes] for edge in range(4)))


def _printed(handle: int, text: str) -> tuple[Sequence[str], list[int]]:
    """The printed characters among pdfium's, and the index of each."""
    indexes = [
        index
        for index, character in enumerate(text)
        if character not in _NOT_PRINTED or (character in " \0" and _is_generated(handle, index) != 1)
    ]
    if _HALF.search(text):
        return _without_halves(text, indexes)
    return plainly("".join([text[index] for index in indexes])), indexes


def _without_halves(text: str, indexes: Sequence[int]) -> tuple[list[str], list[int]]:
    """pdfium gives characters beyond the basic plane as two halves: they are one, at the place of the second."""
    texts: list[str] = []
    kept: list[int] = []
    high = ""
    for index in indexes:
        character = text[index]
        if "\ud800" <= character < "\udc00":
            high = character
            continue
        if "\udc00" <= character < "\ue000":
            pair = (high + character).encode("utf-16-le", "surrogatepass")
            character = pair.decode("utf-16-le", "replace") if high else "\ufffd"
            high = ""
        texts.append(plainly(character))
        kept.append(index)
    return texts, kept


def address_of(pointer: Any) -> int:
    """A pointer as a plain number."""
    return ctypes.cast(pointer, ctypes.c_void_p).value or 0


def rules(page: pdfium.PdfPage, view: View) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules of a page: lines, thin filled rectangles, straight sides of paths."""
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    modes = ctypes.addressof(fill), ctypes.addressof(stroke)
    for path, outer in _paths(address_of(page.raw), _page_count, _page_member, None, _FORM_DEPTH):
        _draw_mode(path, *modes)
        if stroke.value:
            strokes = _strokes(path, _within(_matrix_of(path), outer), view)
        elif not fill.value:
            continue
        elif outer is None and _segment_count(path) <= _RECTANGLE:
            strokes = _thin_rectangle(path, view)
        else:
            strokes = (s for s in _strokes(path, _within(_matrix_of(path), outer), view) if s[4])
        for x0, top, x1, bottom, _ in strokes:
            if bottom - top <= _STRAIGHT < x1 - x0:
                horizontal.append(Rule((top + bottom) / 2, x0, x1))
            elif x1 - x0 <= _STRAIGHT < bottom - top:
                vertical.append(Rule((x0 + x1) / 2, top, bottom))
    return horizontal, vertical


def _thin_rectangle(path: int, view: View) -> Iterator[Stroke]:
    """A filled path of few segments as one stroke, if it is thin (pdfium knows its bounds without its segments)."""
    bounds = (ctypes.c_float * 4)()
    start = ctypes.addressof(bounds)
    if _segment_count(path) >= _RECTANGLE - 1 and _bounds(path, start, start + 4, start + 8, start + 12):
        box = view.box(*bounds)
        if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
            yield _along(box)


def _along(box: BBox) -> Stroke:
    """A thin box as a stroke along its middle."""
    x0, top, x1, bottom = box
    if x1 - x0 >= bottom - top:
        return x0, (top + bottom) / 2, x1, (top + bottom) / 2, True
    return (x0 + x1) / 2, top, (x0 + x1) / 2, bottom, True


def _paths(
    holder: int, count: Any, member: Any, outer: Matrix | None, depth: int
) -> Iterator[tuple[int, Matrix | None]]:
    """The paths of a page and of the forms on it, each with the matrix of its form (None: as it is)."""
    members = list(map(member, repeat(holder), range(count(holder))))
    for address, kind in zip(members, map(_kind, members), strict=True):
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            yield address, outer
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth > 0:
            yield from _paths(address, _form_count, _form_member, _within(_matrix_of(address), outer), depth - 1)


_IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def _matrix_of(address: int) -> Matrix | None:
    buffer = (ctypes.c_float * 6)()
    _matrix(address, ctypes.addressof(buffer))
    a, b, c, d, e, f = buffer
    return None if (a, b, c, d, e, f) == _IDENTITY else (a, b, c, d, e, f)


def _within(inner: Matrix | None, outer: Matrix | None) -> Matrix | None:
    if inner is None or outer is None:
        return inner or outer
    a, b, c, d, e, f = inner
    oa, ob, oc, od, oe, of = outer
    return (
        a * oa + b * oc,
        a * ob + b * od,
        c * oa + d * oc,
        c * ob + d * od,
        e * oa + f * oc + oe,
        e * ob + f * od + of,
    )


def _strokes(path: int, matrix: Matrix | None, view: View) -> Iterator[Stroke]:
    """The segments of a path, and each thin rectangle in it as one stroke along its middle (marked closed)."""
    for points in _subpaths(path, matrix):
        if len(points) > _LINE + 1:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            box = view.box(min(xs), min(ys), max(xs), max(ys))
            if min(box[2] - box[0], box[3] - box[1]) <= _THIN:
                yield _along(box)
                continue
        for (ax, ay), (bx, by) in pairwise(points):
            yield (*view.box(ax, ay, bx, by), False)


def _subpaths(path: int, matrix: Matrix | None) -> Iterator[list[tuple[float, float]]]:
    count = _segment_count(path)
    segments = [_segment(path, index) for index in range(count)]
    buffer = (ctypes.c_float * (2 * count or 1))()
    start = ctypes.addressof(buffer)
    for segment in segments:
        _segment_point(segment, start, start + 4)
        start += 8
    values = buffer[: 2 * count]
    points = list(zip(values[0::2], values[1::2], strict=True))
    if matrix is not None:
        a, b, c, d, e, f = matrix
        points = [(a * x + c * y + e, b * x + d * y + f) for x, y in points]
    if count == _LINE:
        yield points
        return
    subpath: list[tuple[float, float]] = []
    for point, segment in zip(points, segments, strict=True):
        if _segment_kind(segment) == pdfium_c.FPDF_SEGMENT_MOVETO and subpath:
            yield subpath
            subpath = []
        subpath.append(point)
        if _segment_closes(segment) and len(subpath) > 1:
            subpath.append(subpath[0])
    if len(subpath) > 1:
        yield subpath
