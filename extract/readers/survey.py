"""How the characters of a page stand: sideways, unseen, beyond its edges, or without a meaning that a font names.

pdfium is asked of every eighth character first, and of all only where one of them is odd.
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract.readers.characters import Character
from extract.records import BBox, Issue

_STRIDE = 8
_MOST = 0.6  # of a page's characters, which the page is then turned for
_LEAN = 0.1  # of a quarter of a circle, by which print may lean
_LAYER = 0.5  # of a page's characters: so many unseen are the text of a picture, fewer are hidden
_LARGEST = 14400.0  # points: no page is larger
_UPWARDS = 3  # quarters of a circle clockwise

Box = Callable[[float, float, float, float], BBox]


def upright_rotation(page: pdfium.PdfPage, text: Any) -> int:
    """The degrees by which a viewer must turn a page (``text`` is its text page) so that most print is upright."""
    quarters = Counter(_quarters(text, number) for number in _some(text) if _is_printed(text, number))
    if not quarters:
        return int(page.get_rotation())
    most, count = quarters.most_common(1)[0]
    return (360 - 90 * most) % 360 if count >= _MOST * quarters.total() else int(page.get_rotation())


def as_printed(
    characters: Sequence[Character], text: Any, box: Box, page: pdfium.PdfPage, page_number: int
) -> tuple[list[Character], list[Issue]]:
    """The characters that a reader of the page sees, and what is odd about them.

    What no font gives a meaning becomes U+FFFD; what reads upwards gets its boxes from top to bottom; what is hidden
    behind the print is left out; a layer behind a picture stays, and so does what a page too small for its table cuts
    off, and both are said.
    """
    width, height = page.get_size()
    seen = list(characters)
    issues: list[Issue] = []
    beyond = [c for c in seen if not (0 <= c.middle_x <= width and 0 <= c.middle_y <= height) and not c.text.isspace()]
    if beyond:
        issues.append(_beyond("".join(c.text for c in beyond), page_number, has_size=_has_size(page)))
    if undecodable := _places(text, box, _is_undecodable):
        seen = [c._replace(text="\ufffd") if c[1:] in undecodable and not c.text.isspace() else c for c in seen]
    if unseen := _places(text, box, _is_unseen):
        hidden = [c for c in seen if c[1:] in unseen]
        is_layer = len(hidden) >= _LAYER * len(seen)
        seen = seen if is_layer else [c for c in seen if c[1:] not in unseen]
        issues.append(_layer(page_number) if is_layer else _hidden("".join(c.text for c in hidden), page_number))
    if any(_steps_up(one, other) for one, other in pairwise(seen)):
        quarters = page.get_rotation() // 90
        upwards = _placed(text, box, lambda t, n: _is_printed(t, n) and (_quarters(t, n) + quarters) % 4 == _UPWARDS)
        seen = list(_downwards(seen, upwards))
    return seen, issues


def _has_size(page: pdfium.PdfPage) -> bool:
    """Whether a page says how large it is; where its MediaBox is broken, pdfium takes it for a sheet of US letter."""
    box = page.get_mediabox(fallback_ok=False)
    is_sound = box is not None and 0 < box[2] - box[0] < _LARGEST and 0 < box[3] - box[1] < _LARGEST
    return is_sound or sorted(page.get_size()) != [612.0, 792.0]


def _some(text: Any) -> range:
    return range(0, pdfium_c.FPDFText_CountChars(text), _STRIDE)


def _places(text: Any, box: Box, is_odd: Callable[[Any, int], bool]) -> frozenset[BBox]:
    """The boxes of all odd characters; none if no eighth one is odd."""
    return _placed(text, box, is_odd) if any(is_odd(text, number) for number in _some(text)) else frozenset()


def _placed(text: Any, box: Box, is_odd: Callable[[Any, int], bool]) -> frozenset[BBox]:
    rectangle = pdfium_c.FS_RECTF()
    places = set()
    for number in range(pdfium_c.FPDFText_CountChars(text)):
        if is_odd(text, number):
            pdfium_c.FPDFText_GetLooseCharBox(text, number, ctypes.byref(rectangle))
            places.add(box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))
    return frozenset(places)


def _is_printed(text: Any, number: int) -> bool:
    return bool(pdfium_c.FPDFText_GetUnicode(text, number) > 0x20 and not _is_generated(text, number))


def _is_generated(text: Any, number: int) -> bool:
    return bool(pdfium_c.FPDFText_IsGenerated(text, number) == 1)


def _is_undecodable(text: Any, number: int) -> bool:
    return bool(pdfium_c.FPDFText_HasUnicodeMapError(text, number) == 1)


def _is_unseen(text: Any, number: int) -> bool:
    shape = pdfium_c.FPDFText_GetTextObject(text, number)
    return bool(shape) and pdfium_c.FPDFTextObj_GetTextRenderMode(shape) == pdfium_c.FPDF_TEXTRENDERMODE_INVISIBLE


def _quarters(text: Any, number: int) -> int:
    """By how many quarters of a circle a character is turned clockwise; one that leans counts as upright."""
    angle = pdfium_c.FPDFText_GetCharAngle(text, number) / (math.pi / 2)
    return round(angle) % 4 if abs(angle - round(angle)) <= _LEAN else 0


def _steps_up(one: Character, other: Character) -> bool:
    width = one.x1 - one.x0
    return abs(other.middle_x - one.middle_x) <= 0.3 * width and 0 < one.top - other.top <= 2 * width


def _downwards(characters: Sequence[Character], upwards: frozenset[BBox]) -> Iterator[Character]:
    """The characters, every label that reads upwards with its boxes from top to bottom."""
    run: list[Character] = []
    for character in characters:
        is_upwards = character[1:] in upwards
        if run and not (is_upwards and _goes_on(run[-1], character)):
            yield from _turned(run)
            run = []
        if is_upwards:
            run.append(character)
        else:
            yield character
    yield from _turned(run)


def _goes_on(last: Character, character: Character) -> bool:
    """Whether a character goes on with a label that reads upwards, on its line or on the next one to the right."""
    width = last.x1 - last.x0
    return -0.5 * width <= character.x0 - last.x0 <= 2 * width and abs(character.top - last.top) <= 20 * width


def _turned(run: Sequence[Character]) -> Iterator[Character]:
    boxes = sorted((c[1:] for c in run), key=lambda box: (round(box[1]), box[0]))
    for character, place in zip(run, boxes, strict=True):
        yield Character(character.text, *place)


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


def _beyond(text: str, page_number: int, *, has_size: bool) -> Issue:
    if has_size:
        return Issue(
            "info",
            "beyond_page",
            f"Page {page_number} cuts off what stands beyond its edges; it is read: “{text[:60]}”",
            "Nothing; a viewer does not show it.",
            page_number,
        )
    return Issue(
        "error",
        "broken_page_size",
        f"The size of page {page_number} (MediaBox) is missing or broken; what stands on it is read",
        "Look at the page; its places cannot be relied on, and a viewer may cut some off.",
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
