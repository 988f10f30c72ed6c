"""How the characters of a page stand: sideways, unseen, beyond its edges, or without a meaning that a font names.

pdfium is asked of every eighth character first, and of all only where one of them is odd.
"""

from __future__ import annotations

import ctypes
import io
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import compress, pairwise, repeat
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.readers.characters import Glyphs
from extract.readers.pdfium_bulk import View, address_of, by_address, text_of_page
from extract.records import BBox, Issue

_STRIDE = 8
_MOST = 0.6  # of a page's characters, which the page is then turned for
_LEAN = 0.1  # of a quarter of a circle, by which print may lean
_LAYER = 0.5  # of a page's characters: so many unseen are the text of a picture, fewer are hidden
_GARBLED = 0.3  # of a page's characters
_P, _I = ctypes.c_void_p, ctypes.c_int
_unicode = by_address(pdfium_c.FPDFText_GetUnicode, ctypes.c_uint, _P, _I)
_generated = by_address(pdfium_c.FPDFText_IsGenerated, _I, _P, _I)
_map_error = by_address(pdfium_c.FPDFText_HasUnicodeMapError, _I, _P, _I)
_angle = by_address(pdfium_c.FPDFText_GetCharAngle, ctypes.c_float, _P, _I)
_shape = by_address(pdfium_c.FPDFText_GetTextObject, _P, _P, _I)
_render_mode = by_address(pdfium_c.FPDFTextObj_GetTextRenderMode, _I, _P)
_loose_box = by_address(pdfium_c.FPDFText_GetLooseCharBox, _I, _P, _I, _P)
_UPWARDS = 3  # quarters of a circle clockwise


class Sample:
    """Every eighth character of a page's text that is printed; ``text`` is what pdfium has of it, by address."""

    def __init__(self, text_page: pdfium.PdfTextPage, characters: str) -> None:
        self.text = address_of(text_page.raw)
        self.count = len(characters)
        some = range(0, self.count, _STRIDE)
        self._printed = [n for n in compress(some, map(" ".__lt__, characters[::_STRIDE])) if not self._generated(n)]

    def _generated(self, number: int) -> bool:
        return bool(_generated(self.text, number) == 1)

    def all(self, function: Callable[[int, int], Any]) -> list[Any]:
        """What pdfium says of each."""
        return list(map(function, repeat(self.text), self._printed))

    @cached_property
    def undecodable(self) -> int:
        """How many of them stand for nothing."""
        return self.all(_map_error).count(1)

    @property
    def is_garbled(self) -> bool:
        """Whether so much of the text stands for nothing that its words cannot be looked for."""
        return self.undecodable > _GARBLED * len(self._printed)


def upright_rotation(page: pdfium.PdfPage, sample: Sample) -> int:
    """The degrees by which a viewer must turn a page so that most print is upright."""
    angles = sample.all(_angle)
    if not angles:
        return int(page.get_rotation())
    most, count = Counter(map(_quarters, angles)).most_common(1)[0] if any(angles) else (0, len(angles))
    return (360 - 90 * most) % 360 if count >= _MOST * len(angles) else int(page.get_rotation())


def with_upright_page(content: bytes, page_number: int) -> bytes:
    """The bytes of a PDF in which a page is turned as it is read."""
    document = pdfium.PdfDocument(content)
    try:
        page = document[page_number - 1]
        text_page = page.get_textpage()
        rotation = upright_rotation(page, Sample(text_page, text_of_page(text_page)))
        if rotation == page.get_rotation():
            return content
        page.set_rotation(rotation)
        turned_copy = io.BytesIO()
        document.save(turned_copy)
        return turned_copy.getvalue()
    finally:
        document.close()


def as_printed(
    glyphs: Glyphs, sample: Sample, view: View, page: pdfium.PdfPage, page_number: int
) -> tuple[Glyphs, list[Issue]]:
    """The glyphs that a reader of the page sees, and what is odd about them.

    What no font gives a meaning becomes U+FFFD; what reads upwards gets its boxes from top to bottom; what is hidden
    behind the print is left out; a layer behind a picture stays, and so does what a page too small for its table cuts
    off, and both are said.
    """
    issues: list[Issue] = []
    if beyond := _beyond_edges(glyphs, *page.get_size()):
        issues.append(_beyond(beyond, page_number))
    if sample.undecodable and (undecodable := _placed(sample, view, _is_undecodable)):
        texts = ["\ufffd" if box in undecodable and not t.isspace() else t for t, box in _each(glyphs)]
        glyphs = glyphs._replace(texts=texts)
    shapes = set(sample.all(_shape))
    if any(map(_is_invisible, shapes)) and (unseen := _placed(sample, view, _is_unseen)):
        hidden = [t for t, box in _each(glyphs) if box in unseen]
        is_layer = len(hidden) >= _LAYER * len(glyphs.texts)
        if not is_layer:
            glyphs = _glyphs([(t, box) for t, box in _each(glyphs) if box not in unseen])
        issues.append(_layer(page_number) if is_layer else _hidden("".join(hidden), page_number))
    if _any_steps_up(glyphs) and (upwards := _upwards(sample, view)):
        glyphs = _glyphs(list(_downwards(_each(glyphs), upwards)))
    return glyphs, issues


Glyph = tuple[str, BBox]


def _each(glyphs: Glyphs) -> Iterator[Glyph]:
    boxes = zip(glyphs.x0, glyphs.top, glyphs.x1, glyphs.bottom, strict=True)
    return zip(glyphs.texts, boxes, strict=True)


def _glyphs(each: Sequence[Glyph]) -> Glyphs:
    return Glyphs([t for t, _ in each], *([box[edge] for _, box in each] for edge in range(4)))


def _beyond_edges(glyphs: Glyphs, width: float, height: float) -> str:
    """What stands beyond the edges of a page."""
    edges = (min, glyphs.x0, 0.0), (min, glyphs.top, 0.0), (max, glyphs.x1, width), (max, glyphs.bottom, height)
    if not glyphs.texts or all(most(most(values), edge) == edge for most, values, edge in edges):
        return ""
    return "".join(
        t
        for t, (x0, top, x1, bottom) in _each(glyphs)
        if not (0 <= (x0 + x1) / 2 <= width and 0 <= (top + bottom) / 2 <= height) and not t.isspace()
    )


def _placed(sample: Sample, view: View, is_odd: Callable[[int, int], bool]) -> frozenset[BBox]:
    """The boxes of all characters that are odd, beyond those of the sample, too."""
    return _boxes(sample, view, [number for number in range(sample.count) if is_odd(sample.text, number)])


def _upwards(sample: Sample, view: View) -> frozenset[BBox]:
    """The boxes of what reads upwards."""
    angles = list(map(_angle, repeat(sample.text), range(sample.count)))
    quarters = view.rotation // 90
    if not (quarters or any(angles)):
        return frozenset()
    turned = [number for number, angle in enumerate(angles) if (_quarters(angle) + quarters) % 4 == _UPWARDS]
    return _boxes(sample, view, [number for number in turned if _is_printed(sample.text, number)])


def _boxes(sample: Sample, view: View, numbers: Sequence[int]) -> frozenset[BBox]:
    rectangle = pdfium_c.FS_RECTF()
    places = set()
    for number in numbers:
        _loose_box(sample.text, number, ctypes.addressof(rectangle))
        places.add(view.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))
    return frozenset(places)


def _is_printed(text: int, number: int) -> bool:
    return bool(_unicode(text, number) > 0x20 and _generated(text, number) != 1)


def _is_undecodable(text: int, number: int) -> bool:
    return bool(_map_error(text, number) == 1)


def _is_unseen(text: int, number: int) -> bool:
    return _is_invisible(_shape(text, number))


def _is_invisible(shape: int | None) -> bool:
    return bool(shape) and _render_mode(shape) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE


def _quarters(radians: float) -> int:
    """By how many quarters of a circle a character is turned clockwise; one that leans counts as upright."""
    angle = radians / (math.pi / 2)
    return round(angle) % 4 if abs(angle - round(angle)) <= _LEAN else 0


def _any_steps_up(glyphs: Glyphs) -> bool:
    """Whether any character stands right above the one before it, as in a label that reads upwards."""
    x0, top, x1 = glyphs.x0, glyphs.top, glyphs.x1
    higher = [index for index, (last, following) in enumerate(pairwise(top)) if following < last]
    return any(
        top[i] - top[i + 1] <= 2 * (x1[i] - x0[i]) and abs(x0[i + 1] - x0[i]) <= 0.3 * (x1[i] - x0[i]) for i in higher
    )


def _downwards(glyphs: Iterator[Glyph], upwards: frozenset[BBox]) -> Iterator[Glyph]:
    """The glyphs, every label that reads upwards with its boxes from top to bottom."""
    run: list[Glyph] = []
    for text, box in glyphs:
        if run and not (box in upwards and _goes_on(run[-1][1], box)):
            yield from _turned(run)
            run = []
        if box in upwards:
            run.append((text, box))
        else:
            yield text, box
    yield from _turned(run)


def _goes_on(last: BBox, box: BBox) -> bool:
    """Whether a character goes on with a label that reads upwards, on its line or on the next one to the right."""
    width = last[2] - last[0]
    return -0.5 * width <= box[0] - last[0] <= 2 * width and abs(box[1] - last[1]) <= 20 * width


def _turned(run: Sequence[Glyph]) -> Iterator[Glyph]:
    boxes = sorted((box for _, box in run), key=lambda box: (round(box[1]), box[0]))
    return zip((text for text, _ in run), boxes, strict=True)


def turned(page_number: int, degrees: int) -> Issue:
    """What is said of a page that is read turned."""
    return Issue(
        "info",
        "turned_page",
        f"The print of page {page_number} stands sideways; it is read, and its places are given, as turned upright",
        f"Turn the page by {degrees}° to find a place.",
        page_number,
    )


def _layer(page_number: int) -> Issue:
    return Issue(
        "warning",
        "text_layer",
        f"Page {page_number} is a picture; its text is an unseen layer, mostly left by optical character recognition",
        "Compare amounts with the picture; recognition errs.",
        page_number,
    )


def _beyond(text: str, page_number: int) -> Issue:
    return Issue(
        "info",
        "beyond_page",
        f"Page {page_number} cuts off what stands beyond its edges; it is read: “{text[:60]}”",
        "Nothing; a viewer does not show it.",
        page_number,
    )


def _hidden(text: str, page_number: int) -> Issue:
    return Issue(
        "info",
        "hidden_text",
        f"Page {page_number} holds text that is not printed and not read: “{text[:60]}”",
        "Nothing; a reader of the page does not see it either.",
        page_number,
    )
