"""XLSX → pages: the texts that sheets print, by their values and number formats, with merged cells and borders.

Sheets are read as a stream: empty formatted cells, of which a sheet may have millions, leave nothing behind.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.readers.number_format import BUILT_IN, printed_number, printed_text
from extract.readers.package import Element, Package
from extract.readers.sheets import Merge, Sheet, pages_of
from extract.readers.steps import MOST_CELLS, shown, too_complex
from extract.records import Reading

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_WORKBOOK = "xl/workbook.xml"
_REFERENCE = re.compile(r"([A-Za-z]{1,3})(\d{1,7})$")
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATION_STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_NUMERAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[Ee][+-]?\d{1,3})?")
_SIDES = ("left", "right", "start", "end")
_TRUE = ("1", "true", "on")
_LAST_COLUMN = 16_384


@dataclass(frozen=True, slots=True)
class _Styles:
    """For every style of cells its number format, and whether it draws a rule beside its cell."""

    formats: tuple[str, ...] = ("General",)
    bordered: tuple[bool, ...] = (False,)


def read(content: bytes) -> Reading:
    """The pages of a workbook: one for each table of a visible sheet.

    Raises:
        UnreadableError: the file is damaged, encrypted or too complex.
    """
    package = Package(content)
    workbook = package.main_part(_WORKBOOK)
    related = package.related(workbook)
    parts = dict(related.values())
    root = package.tree(workbook)
    strings = _strings(package, parts.get("sharedStrings"))
    styles = _styles(package, parts.get("styles"))
    is_1904 = any(properties.get("date1904") in _TRUE for properties in root.iter("{*}workbookPr"))
    sheets = []
    for listed in root.iter("{*}sheet"):
        kind, name = related.get(listed.get(_RELATION) or listed.get(_RELATION_STRICT) or "", ("", ""))
        if kind == "worksheet":
            sheet = Sheet(listed.get("name", ""), is_hidden=listed.get("state", "visible") != "visible")
            _fill(sheet, package, name, strings, styles, is_1904=is_1904)
            sheets.append(sheet)
    return Reading(media_type=MEDIA_TYPE, page_count=None, pages=pages_of(sheets))


def _strings(package: Package, name: str | None) -> list[str]:
    if name is None or not package.holds(name):
        return []
    return [_text(item) for item in package.elements(name, "{*}si")]


def _text(item: Element) -> str:
    """The text of a string, in all its runs, without readings (拼音) above it."""
    texts = [
        run.text or ""
        for run in item.iter("{*}t")
        if not any(ancestor.tag.endswith("}rPh") for ancestor in run.iterancestors())
    ]
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), "".join(texts))


def _styles(package: Package, name: str | None) -> _Styles:
    if name is None or not package.holds(name):
        return _Styles()
    root = package.tree(name)
    own = {_number(f.get("numFmtId")): f.get("formatCode", "General") for f in root.iter("{*}numFmt")}
    borders = [
        any(side.get("style", "none") != "none" and side.tag.rsplit("}", 1)[-1] in _SIDES for side in border)
        for border in root.iterfind("{*}borders/{*}border")
    ]
    formats, bordered = [], []
    for style in root.iterfind("{*}cellXfs/{*}xf"):
        number, border = _number(style.get("numFmtId")), _number(style.get("borderId"))
        formats.append(own.get(number) or BUILT_IN.get(number, "General"))
        bordered.append(border < len(borders) and borders[border])
    return _Styles(tuple(formats) or ("General",), tuple(bordered) or (False,))


def _fill(sheet: Sheet, package: Package, name: str, strings: list[str], styles: _Styles, *, is_1904: bool) -> None:
    """Takes the cells of a sheet's part into it."""
    shows_zeros = True
    row, column, current = 0, 0, None
    tags = ("sheetView", "col", "row", "c", "mergeCell")
    for element in package.elements(name, *(f"{{*}}{tag}" for tag in tags)):
        tag = element.tag.rsplit("}", 1)[-1]
        parent = element if tag == "row" else element.getparent()
        if tag in ("row", "c") and parent is not current:
            current, column = parent, 0
            row = _number(parent.get("r")) or row + 1
            if parent.get("hidden") in _TRUE:
                sheet.hidden_rows.add(row)
        if tag == "c":
            match = _REFERENCE.match(element.get("r", ""))
            column = _column(match[1]) if match else column + 1
            style = _number(element.get("s"))
            if style < len(styles.bordered) and styles.bordered[style]:
                sheet.bordered_rows.add(row)
            if len(element):
                number_format = styles.formats[style] if style < len(styles.formats) else "General"
                text = _printed(element, strings, number_format, shows_zeros=shows_zeros, is_1904=is_1904)
                if text:
                    sheet.texts[row, column] = text
                    if _is_uncomputed(element):
                        sheet.uncomputed[row, column] = text
                    if len(sheet.texts) > MOST_CELLS:
                        raise too_complex(f"a sheet holds more than {MOST_CELLS} cells")
        elif tag == "sheetView":
            shows_zeros = element.get("showZeros", "1") in _TRUE
        elif tag == "col" and (element.get("hidden") in _TRUE or element.get("width") == "0"):
            last = min(_number(element.get("max")), _LAST_COLUMN)
            sheet.hidden_columns.update(range(_number(element.get("min")), last + 1))
        elif tag == "mergeCell" and (merge := _merge(element.get("ref", ""))) is not None:
            sheet.merges.append(merge)


def _printed(cell: Element, strings: list[str], number_format: str, *, shows_zeros: bool, is_1904: bool) -> str:
    """What a cell shows; a formula without its value shows itself."""
    kind = cell.get("t", "n")
    if _is_uncomputed(cell):
        return f"={cell.findtext('{*}f') or ''}"
    value = cell.findtext("{*}v") or ""
    if kind == "b":
        return "TRUE" if value in _TRUE else "FALSE"
    if kind == "n" and _NUMERAL.fullmatch(value):
        number = float(value)
        return "" if number == 0 and not shows_zeros else printed_number(number, number_format, is_1904=is_1904)
    if kind == "inlineStr":
        value = "".join(_text(inline) for inline in cell.iterfind("{*}is"))
    elif kind == "s":
        index = _number(value)
        value = strings[index] if index < len(strings) else "\ufffd"
    return shown(printed_text(value, number_format))


def _is_uncomputed(cell: Element) -> bool:
    return cell.find("{*}f") is not None and cell.get("t", "n") != "str" and not cell.findtext("{*}v")


def _merge(reference: str) -> Merge | None:
    first, _, last = reference.partition(":")
    start, end = _REFERENCE.match(first), _REFERENCE.match(last or first)
    return (int(start[2]), _column(start[1]), int(end[2]), _column(end[1])) if start and end else None


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _number(text: str | None) -> int:
    """A whole number of an attribute; 0 where it is none."""
    return int(text) if text and text.strip().isdecimal() else 0
