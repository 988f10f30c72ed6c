"""A page that is a picture → its characters and rules, by optical character recognition.

An optional extra (``make ocr``): rapidocr brings its models with it and needs no network. Rules are told from strokes
by their length, and a page that was scanned at a slant is turned upright first.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from typing import Any, NamedTuple

import pypdfium2 as pdfium

from extract.readers.characters import Glyphs, plainly
from extract.readers.rules import Rule
from extract.readers.unreadable import UnreadableError
from extract.settings import ocr_is_on

_SCALE = 200 / 72  # pixels a point: fewer lose strokes, more cost time
_SHORTEST = 40  # pixels: a stroke of this length is longer than any of a character in a cell
_THICKEST = 12  # pixels
_SLANT = 0.1  # degrees that are not worth turning a page for
_STEEPEST = 5.0  # degrees: rules that lean further are none


class Picture(NamedTuple):
    """What is seen on the picture of a page: characters and rules in points from the top left, and how sure the least
    sure of the characters is (0 to 1)."""

    glyphs: Glyphs
    horizontal: list[Rule]
    vertical: list[Rule]
    certainty: float


def is_on() -> bool:
    """Whether pictures of pages are to be recognised.

    Raises:
        UnreadableError: it is set, and the extra is not installed.
    """
    if not ocr_is_on():
        return False
    if find_spec("rapidocr") is None or find_spec("onnxruntime") is None:
        raise UnreadableError(
            "ocr_not_installed",
            "The pages are pictures; JIXIAO_OCR asks for their recognition, which is not installed",
            "Run `make ocr`, or unset JIXIAO_OCR.",
        )
    return True


def recognise(page: pdfium.PdfPage) -> Picture:
    """The characters and rules on the picture of a page."""
    pixels = _upright(page.render(scale=_SCALE).to_numpy())
    horizontal, vertical = _strokes(pixels)
    result = _engine()(pixels, use_cls=False, return_word_box=True, return_single_char_box=True)
    texts: list[str] = []
    boxes: list[tuple[float, float, float, float]] = []
    certainty = 1.0
    for corners, words in zip(
        result.boxes if result.boxes is not None else [], result.word_results or [], strict=False
    ):
        top, bottom = float(corners[:, 1].min()) / _SCALE, float(corners[:, 1].max()) / _SCALE
        for text, score, edges in words:
            xs = [float(x) / _SCALE for x, _ in edges]
            texts.append(plainly(text))
            boxes.append((min(xs), top, max(xs), bottom))
            certainty = min(certainty, float(score))
    return Picture(Glyphs(texts, *([box[edge] for box in boxes] for edge in range(4))), horizontal, vertical, certainty)


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR  # noqa: PLC0415  # an optional extra, and seconds to import

    return RapidOCR(params={"Global.log_level": "error"})


def _upright(pixels: Any) -> Any:
    """The pixels turned so that their long horizontal strokes are level."""
    import cv2  # noqa: PLC0415  # comes with the optional extra

    slants = sorted(_slants(pixels))
    slant = slants[len(slants) // 2] if slants else 0.0
    if abs(slant) < _SLANT:
        return pixels
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), slant, 1.0)
    return cv2.warpAffine(pixels, turn, (width, height), borderValue=(255, 255, 255))


def _slants(pixels: Any) -> list[float]:
    """The angles, in degrees, of long strokes that are nearly horizontal."""
    import cv2  # noqa: PLC0415
    import numpy as np  # noqa: PLC0415

    ink = _ink(pixels)
    lines = cv2.HoughLinesP(ink, 1, np.pi / 3600, 200, minLineLength=pixels.shape[1] // 4, maxLineGap=10)
    if lines is None:
        return []
    ends = lines.reshape(-1, 4)
    angles = np.degrees(np.arctan2(ends[:, 3] - ends[:, 1], ends[:, 2] - ends[:, 0]))
    return [float(angle) for angle in angles if abs(angle) <= _STEEPEST]


def _ink(pixels: Any) -> Any:
    """White where there is ink, black elsewhere."""
    import cv2  # noqa: PLC0415

    grey = cv2.cvtColor(pixels, cv2.COLOR_BGR2GRAY)
    return cv2.adaptiveThreshold(255 - grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY, 31, -10)


def _strokes(pixels: Any) -> tuple[list[Rule], list[Rule]]:
    """The long thin strokes, in points."""
    import cv2  # noqa: PLC0415

    ink = _ink(pixels)
    found: list[list[Rule]] = []
    for is_vertical, size in ((False, (_SHORTEST, 1)), (True, (1, _SHORTEST))):
        long = cv2.morphologyEx(ink, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, size))
        _, _, stats, _ = cv2.connectedComponentsWithStats(long, connectivity=8)
        rules = []
        for x, y, width, height, _ in stats[1:].tolist():
            at, start, length, thickness = (x, y, height, width) if is_vertical else (y, x, width, height)
            if thickness <= _THICKEST:
                rules.append(Rule((at + thickness / 2) / _SCALE, start / _SCALE, (start + length) / _SCALE))
        found.append(rules)
    return found[0], found[1]
