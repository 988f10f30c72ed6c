"""PDFs written by hand, for what no typesetter would do: fonts that say nothing of their characters, or odd things."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from fontTools.ttLib import TTFont

from tests.conftest import PROJECT

FONT = PROJECT / "demo" / "fonts" / "JixiaoDemoSans.ttf"

Place = tuple[float, float, str]
"""x and y from the lower left corner, and what is printed there."""


def assembled(objects: Sequence[bytes]) -> bytes:
    """A PDF of numbered objects, of which the first is the catalogue."""
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    end = b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return content + end % (size, table, size, len(content))


def stream(data: bytes, extra: bytes = b"") -> bytes:
    """A stream object."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(data), extra, data)


@cache
def _glyphs() -> dict[str, int]:
    font = TTFont(FONT)
    order = {name: number for number, name in enumerate(font.getGlyphOrder())}
    return {chr(code): order[name] for code, name in font.getBestCmap().items()}


def page(
    places: Sequence[Place],
    drawing: bytes = b"",
    *,
    unicode_of: Callable[[str], str] | None = lambda character: character,
    encoding: bytes = b"Identity-H",
    embedded: bool = True,
    size: tuple[int, int] = (842, 595),
) -> bytes:
    """A PDF of one page in one composite font.

    ``unicode_of`` says what the font's ToUnicode map makes of a character; None leaves the map out. Any other
    ``encoding`` than Identity-H is one of Adobe's for simplified Chinese, with the collection Adobe-GB1.
    """
    glyphs, is_identity = _glyphs(), encoding == b"Identity-H"
    texts = []
    for x, y, text in places:
        code = b"".join(glyphs[c].to_bytes(2, "big") for c in text) if is_identity else text.encode("gbk")
        texts.append(b"BT /F 8 Tf %.2f %.2f Td <%s> Tj ET" % (x, y, code.hex().encode()))
    used = sorted({c for _, _, text in places for c in text})
    maps = b""
    if unicode_of is not None and is_identity:
        pairs = [(glyphs[c], unicode_of(c).encode("utf-16-be").hex().encode()) for c in used]
        blocks = [pairs[start : start + 100] for start in range(0, len(pairs), 100)]
        body = b"".join(
            b"%d beginbfchar\n%sendbfchar\n" % (len(block), b"".join(b"<%04x> <%s>\n" % pair for pair in block))
            for block in blocks
        )
        maps = b"begincmap\n1 begincodespacerange <0000> <ffff> endcodespacerange\n%sendcmap" % body
    widths = TTFont(FONT)["hmtx"].metrics
    order = TTFont(FONT).getGlyphOrder()
    scale = 1000 / TTFont(FONT)["head"].unitsPerEm
    width_list = b"".join(b"%d[%d]" % (glyphs[c], widths[order[glyphs[c]]][0] * scale) for c in used)
    ordering = b"Identity" if is_identity else b"GB1"
    data = FONT.read_bytes()
    return assembled(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>" % size,
            stream(drawing + b"\n" + b"\n".join(texts)),
            b"<</Type/Font/Subtype/Type0/BaseFont/AAAAAA+Demo/Encoding/%s/DescendantFonts[6 0 R]%s>>"
            % (encoding, b"/ToUnicode 9 0 R" if maps else b""),
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/AAAAAA+Demo/CIDSystemInfo<</Registry(Adobe)/Ordering(%s)"
            b"/Supplement 0>>/FontDescriptor 7 0 R/DW 1000%s>>"
            % (ordering, b"/CIDToGIDMap/Identity/W[%s]" % width_list if is_identity else b""),
            b"<</Type/FontDescriptor/FontName/AAAAAA+Demo/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 900"
            b"/Descent -200/CapHeight 700/StemV 80%s>>" % (b"/FontFile2 8 0 R" if embedded else b""),
            stream(data, b"/Length1 %d" % len(data)),
            stream(maps),
        ]
    )
