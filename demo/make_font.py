"""Cuts the demo's font out of Noto Sans CJK SC: `python -m demo.make_font NotoSansCJKsc-Regular.otf` writes `fonts/`.

Run it when a document gains a character. It needs fontTools, and Noto Sans CJK SC Regular 1.004 as an OpenType file
(the wheel `mplfonts` 0.0.11 carries it); writing documents needs neither.
"""

import argparse
import string
from pathlib import Path

from fontTools.fontBuilder import FontBuilder  # type: ignore[import-untyped, unused-ignore]
from fontTools.pens.cu2quPen import Cu2QuPen  # type: ignore[import-untyped, unused-ignore]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped, unused-ignore]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped, unused-ignore]

from demo.city import load_city
from demo.paginate import paginate
from demo.table import printed_lines
from demo.typeset import FONT_NAME, FONT_PATH

# How far a quadratic outline may stray from the cubic one, in thousandths of the type size.
MAX_ERROR = 1.0


def characters() -> str:
    """Every character that stands on a page of the demo, sorted, and printable ASCII."""
    city = load_city()
    found = set(string.ascii_letters + string.digits + string.punctuation + " ")
    for document in city.documents:
        lines = printed_lines(document, city)
        for page in paginate(document, lines, city, lambda text, size: size * len(text)):
            found.update("".join(text.text for text in page.texts))
    return "".join(sorted(found))


def cut(source: Path, target: Path) -> None:
    """Write a TrueType font of `characters()` from the outlines of `source`; a character it lacks raises KeyError."""
    original = TTFont(source)
    glyphs, cmap, metrics = original.getGlyphSet(), original.getBestCmap(), original["hmtx"].metrics
    names = {ord(character): cmap[ord(character)] for character in characters()}
    order = [".notdef", *sorted(set(names.values()))]

    def outline(name: str) -> object:
        pen = TTGlyphPen(None)
        glyphs[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
        return pen.glyph()

    font = FontBuilder(original["head"].unitsPerEm, isTTF=True)
    font.setupGlyphOrder(order)
    font.setupCharacterMap(names)
    font.setupGlyf({name: outline(name) for name in order})
    font.setupHorizontalMetrics({name: metrics[name] for name in order})
    font.setupHorizontalHeader(ascent=original["hhea"].ascent, descent=original["hhea"].descent)
    font.setupNameTable(
        {
            "copyright": original["name"].getDebugName(0),
            "familyName": FONT_NAME,
            "styleName": "Regular",
            "fullName": FONT_NAME,
            "psName": FONT_NAME,
            "licenseDescription": original["name"].getDebugName(13),
            "licenseInfoURL": original["name"].getDebugName(14),
        }
    )
    font.setupOS2(sTypoAscender=original["OS/2"].sTypoAscender, sTypoDescender=original["OS/2"].sTypoDescender)
    font.setupPost(keepGlyphNames=False)
    font.updateHead(created=0, modified=0)
    font.font.recalcTimestamp = False
    font.save(target)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Cut the demo's font out of Noto Sans CJK SC.")
    parser.add_argument("source", type=Path, help="NotoSansCJKsc-Regular.otf")
    cut(parser.parse_args().source, FONT_PATH)
