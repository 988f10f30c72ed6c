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
from itertools import compress, pairwise, repeat
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
_PERHAPS = " \0"  # a space is printed, and so is what has no code, unless pdfium generated it
_PRINTED = re.compile(rf"[^\r\n{_PERHAPS}]+|[{_PERHAPS}]")
_HYPHEN = "\ufffe"
_HALF = re.compile("[\ud800-\udfff]")
_FORM_DEPTH = 5  # forms within forms that are followed

Point = tuple[float, float]
Corners = tuple[float, float, float, float]
"""Two corners of a box, x and y of each, in the page's coordinates (y upwards)."""
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Members:
    """What stands on a page and on the forms on it, by address: each path with the matrix of its form (None: as it is),
    and what prints text."""

    paths: list[tuple[int, Matrix | None]]
    texts: list[int]


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
font_of = by_address(pdfium_c.FPDFTextObj_GetFont, _P, _P)
"""The font that an object prints text in; both as addresses."""
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
        [left], [top], [right], [bottom] = self.boxes([x0], [y0], [x1], [y1])
        return left, top, right, bottom

    def boxes(
        self, x0: Sequence[float], y0: Sequence[float], x1: Sequence[float], y1: Sequence[float]
    ) -> tuple[Sequence[float], Sequence[float], Sequence[float], Sequence[float]]:
        """The left, top, right and bottom edges of many boxes."""
        if not all(map(le, x0, x1)):
            x0, x1 = list(map(min, x0, x1)), list(map(max, x0, x1))
        if not all(map(le, y0, y1)):
            y0, y1 = list(map(min, y0, y1)), list(map(max, y0, y1))
        left, lower, right, upper = self.left, self.bottom, self.right, self.top
        if self.rotation == 90:
            return [y - lower for y in y0], [x - left for x in x0], [y - lower for y in y1], [x - left for x in x1]
        if self.rotation == 180:
            return [right - x for x in x1], [y - lower for y in y0], [right - x for x in x0], [y - lower for y in y1]
        if self.rotation == 270:
            return [upper - y for y in y1], [right - x for x in x1], [upper - y for y in y0], [right - x for x in x0]
        return [x - left for x in x0], [upper - y for y in y1], [x - left for x in x1], [upper - y for y in y0]


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
    buffer = (ctypes.c_float * (4 * len(indexes)))()
    start = ctypes.addressof(buffer)
    deque(map(_loose_box, repeat(handle), indexes, range(start, start + 16 * len(indexes), 16)), maxlen=0)
    left, top, right, bottom = buffer[0::4], buffer[1::4], buffer[2::4], buffer[3::4]
    return Glyphs(texts, *view.boxes(left, bottom, right, top))


def _printed(handle: int, text: str) -> tuple[Sequence[str], list[int]]:
    """The printed characters among pdfium's, and the index of each."""
    indexes: list[int] = []
    for found in _PRINTED.finditer(text):
        begin, end = found.span()
        if text[begin] not in _PERHAPS or _is_generated(handle, begin) != 1:
            indexes.extend(range(begin, end))
    if _HALF.search(text):
        return _without_halves(text, indexes)
    return plainly("".join(map(text.__getitem__, indexes))), indexes


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


def rules(members: Members, view: View) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and the vertical rules of a page: lines, thin filled rectangles, straight sides of paths."""
    corners = list(_drawn(members.paths))
    if not corners:
        return [], []
    boxes = list(zip(*view.boxes(*zip(*corners, strict=True)), strict=True))
    return (
        [Rule((top + bottom) / 2, x0, x1) for x0, top, x1, bottom in boxes if bottom - top <= _STRAIGHT < x1 - x0],
        [Rule((x0 + x1) / 2, top, bottom) for x0, top, x1, bottom in boxes if x1 - x0 <= _STRAIGHT < bottom - top],
    )


def _drawn(paths: Sequence[tuple[int, Matrix | None]]) -> Iterator[Corners]:
    """What paths draw, as strokes: the segments of stroked ones, and thin filled rectangles along their middle."""
    addresses = [path for path, _ in paths]
    modes = (ctypes.c_int * (2 * len(paths)))()
    start = ctypes.addressof(modes)
    end = start + 8 * len(paths)
    deque(map(_draw_mode, addresses, range(start, end, 8), range(start + 4, end, 8)), maxlen=0)
    counts = list(map(_segment_count, addresses))
    filled: list[int] = []
    lines: list[int] = []
    for (path, outer), count, is_filled, is_stroked in zip(paths, counts, modes[0::2], modes[1::2], strict=True):
        if is_stroked and count == _LINE and outer is None:
            lines.append(path)
        elif is_stroked:
            yield from (stroke for stroke, _ in _strokes(path, count, _within(_matrix_of(path), outer)))
        elif not is_filled:
            continue
        elif outer is not None or count > _RECTANGLE:
            yield from (s for s, is_thin in _strokes(path, count, _within(_matrix_of(path), outer)) if is_thin)
        elif count >= _RECTANGLE - 1:
            filled.append(path)
    yield from _ends_of(lines)
    yield from (_along(box) for box in _bounds_of(filled) if _is_thin(box))  # pdfium knows them without their segments


def _bounds_of(members: Sequence[int]) -> Iterator[Corners]:
    buffer = (ctypes.c_float * (4 * len(members)))()
    start = ctypes.addressof(buffer)
    left, lower, right, upper = (range(start + edge, start + 16 * len(members), 16) for edge in (0, 4, 8, 12))
    deque(map(_bounds, members, left, lower, right, upper), maxlen=0)
    return zip(buffer[0::4], buffer[1::4], buffer[2::4], buffer[3::4], strict=True)


def _ends_of(lines: Sequence[int]) -> Iterator[Corners]:
    """Where paths of two points each begin and end."""
    segments = [segment for path in lines for segment in (_segment(path, 0), _segment(path, 1))]
    ends = _ends(segments)
    corners = zip(ends[0::4], ends[1::4], ends[2::4], ends[3::4], strict=True)
    matrices = (ctypes.c_float * (6 * len(lines)))()
    start = ctypes.addressof(matrices)
    deque(map(_matrix, lines, range(start, start + 24 * len(lines), 24)), maxlen=0)
    moves = zip(*(matrices[number::6] for number in range(6)), strict=True)
    return (
        (a * ax + c * ay + e, b * ax + d * ay + f, a * bx + c * by + e, b * bx + d * by + f)
        for (ax, ay, bx, by), (a, b, c, d, e, f) in zip(corners, moves, strict=True)
    )


def _is_thin(box: Corners) -> bool:
    x0, y0, x1, y1 = box
    return min(x1 - x0, y1 - y0) <= _THIN


def _along(box: Corners) -> Corners:
    """A thin box as a stroke along its middle."""
    x0, y0, x1, y1 = box
    if x1 - x0 >= y1 - y0:
        return x0, (y0 + y1) / 2, x1, (y0 + y1) / 2
    return (x0 + x1) / 2, y0, (x0 + x1) / 2, y1


def members_of(page: pdfium.PdfPage) -> Members:
    """What a page and the forms on it draw and print."""
    holder = address_of(page.raw)
    found = Members([], [])
    _gather(list(map(_page_member, repeat(holder), range(_page_count(holder)))), None, _FORM_DEPTH, found)
    return found


def _gather(members: Sequence[int], outer: Matrix | None, depth: int, found: Members) -> None:
    kinds = list(map(_kind, members))
    found.texts.extend(compress(members, map(pdfium_c.FPDF_PAGEOBJ_TEXT.__eq__, kinds)))
    found.paths.extend(zip(compress(members, map(pdfium_c.FPDF_PAGEOBJ_PATH.__eq__, kinds)), repeat(outer)))
    if depth > 0 and pdfium_c.FPDF_PAGEOBJ_FORM in kinds:
        for form in compress(members, map(pdfium_c.FPDF_PAGEOBJ_FORM.__eq__, kinds)):
            within = list(map(_form_member, repeat(form), range(_form_count(form))))
            _gather(within, _within(_matrix_of(form), outer), depth - 1, found)


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


def _strokes(path: int, count: int, matrix: Matrix | None) -> Iterator[tuple[Corners, bool]]:
    """The segments of a path by their ends, and each thin rectangle in it (marked so) along its middle."""
    for points in _subpaths(path, count, matrix):
        if len(points) > _LINE + 1:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            box = min(xs), min(ys), max(xs), max(ys)
            if _is_thin(box):
                yield _along(box), True
                continue
        for a, b in pairwise(points):
            yield (*a, *b), False


def _subpaths(path: int, count: int, matrix: Matrix | None) -> Iterator[list[Point]]:
    segments = list(map(_segment, repeat(path), range(count)))
    ends = _ends(segments)
    points = list(zip(ends[0::2], ends[1::2], strict=True))
    if matrix is not None:
        points = [_moved(x, y, matrix) for x, y in points]
    if count == _LINE:
        yield points
        return
    subpath: list[Point] = []
    for point, segment in zip(points, segments, strict=True):
        if _segment_kind(segment) == pdfium_c.FPDF_SEGMENT_MOVETO and subpath:
            yield subpath
            subpath = []
        subpath.append(point)
        if _segment_closes(segment) and len(subpath) > 1:
            subpath.append(subpath[0])
    if len(subpath) > 1:
        yield subpath


def _ends(segments: Sequence[int]) -> list[float]:
    """Where segments end: x and y of the first, of the second, and so on."""
    buffer = (ctypes.c_float * (2 * len(segments)))()
    start = ctypes.addressof(buffer)
    end = start + 8 * len(segments)
    deque(map(_segment_point, segments, range(start, end, 8), range(start + 4, end, 8)), maxlen=0)
    return buffer[:]


def _moved(x: float, y: float, matrix: Matrix) -> Point:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f
