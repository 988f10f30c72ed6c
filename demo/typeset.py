"""Draws laid-out pages as a PDF: the same pages give the same bytes on every machine, whatever fonts it has.

The font is embedded from `fonts/`, nothing is compressed (zlib's output differs between builds), and ReportLab's
invariant mode leaves out times and random ids.
"""

from collections.abc import Sequence
from functools import cache
from io import BytesIO
from pathlib import Path

from reportlab.pdfbase import pdfmetrics  # type: ignore[import-untyped, unused-ignore]
from reportlab.pdfbase.ttfonts import TTFont  # type: ignore[import-untyped, unused-ignore]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped, unused-ignore]

from demo.paginate import PAGE_HEIGHT, PAGE_WIDTH, Page, PlacedText

FONT_NAME = "JixiaoDemoSans"
FONT_PATH = Path(__file__).parent / "fonts" / "JixiaoDemoSans.ttf"
RULE_WIDTH = 0.6


def text_width(text: str, size: float) -> float:
    """The width of a text in points; a character the font lacks raises ValueError."""
    widths = _widths()
    try:
        return float(0.001 * size * sum([widths[character] for character in text]))
    except KeyError:
        _check_glyphs(text)
        raise


def typeset(pages: Sequence[Page], title: str, author: str) -> bytes:
    """The pages as one PDF; `title` and `author` go into its properties. A missing glyph raises ValueError."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), invariant=1, pageCompression=0)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for page in pages:
        canvas.setLineWidth(RULE_WIDTH)
        for rule in page.rules:
            canvas.line(rule.x0, PAGE_HEIGHT - rule.y0, rule.x1, PAGE_HEIGHT - rule.y1)
        for text in page.texts:
            _draw(canvas, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw(canvas: Canvas, text: PlacedText) -> None:
    _check_glyphs(text.text)
    canvas.saveState()
    run = canvas.beginText(text.x, PAGE_HEIGHT - text.baseline)
    run.setFont(_font().fontName, text.size)
    if text.bold:
        # One weight is embedded: bold is the same outline, filled and stroked.
        canvas.setLineWidth(text.size / 36)
        run.setTextRenderMode(2)
    run.textOut(text.text)
    canvas.drawText(run)
    canvas.restoreState()


@cache
def _font() -> TTFont:
    font = TTFont(FONT_NAME, str(FONT_PATH), asciiReadable=True, shapable=False)
    pdfmetrics.registerFont(font)
    return font


@cache
def _widths() -> dict[str, float]:
    """The width of every character the font has, in thousandths of the type size."""
    face = _font().face
    return {chr(code): face.charWidths.get(code, face.defaultWidth) for code in face.charToGlyph}


def _check_glyphs(text: str) -> None:
    missing = sorted(set(text) - _widths().keys())
    if missing:
        raise ValueError(f"the demo's font lacks {''.join(missing)!r}: run python -m demo.make_font")
