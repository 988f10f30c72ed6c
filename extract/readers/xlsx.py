"""XLSX → pages: the texts that sheets print, by their values and number formats, with merged cells and borders.

Sheets are read as a stream: empty formatted cells, of which a sheet may have millions, leave nothing behind.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.parsers import expat

from extract.readers.number_format import BUILT_IN, printed_number, printed_text
from extract.readers.package import Element, Package, corrupt
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
            try:
                _Cells(sheet, strings, styles, is_1904=is_1904).read(package.chunks(name))
            except expat.ExpatError as error:
                raise corrupt(f"{name} is no XML ({error})") from error
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
    return _unescaped("".join(texts))


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text)


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


class _Cells:
    """Takes a sheet's part as a stream: expat, as sheets may hold millions of elements."""

    def __init__(self, sheet: Sheet, strings: list[str], styles: _Styles, *, is_1904: bool) -> None:
        self.sheet, self.strings, self.styles, self.is_1904 = sheet, strings, styles, is_1904
        self.shows_zeros = True
        self.row = self.column = 0
        self.reference: str | None = None  # of the cell, where the file gives one: then the column follows from it
        self.kind, self.style = "n", 0
        self.texts: dict[str, str] = {}  # what the cell holds: v, f and t
        self.taken: str | None = None
        self.is_reading = 0  # within the readings (拼音) above a text

    def read(self, chunks: Iterator[bytes]) -> None:
        """Takes all chunks.

        Raises:
            ExpatError: they are no XML.
            UnreadableError: they hold too many cells.
        """
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        for chunk in chunks:
            parser.Parse(chunk)
        parser.Parse(b"", True)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            reference = attributes.get("r")
            if reference is None:
                self.column = self._column_here() + 1
            self.reference = reference
            self.kind, self.style = attributes.get("t", "n"), _number(attributes.get("s"))
            self.texts.clear()
            if self.style < len(self.styles.bordered) and self.styles.bordered[self.style]:
                self.sheet.bordered_rows.add(self.row)
        elif tag == "row":
            self.row, self.column, self.reference = _number(attributes.get("r")) or self.row + 1, 0, None
            if attributes.get("hidden") in _TRUE:
                self.sheet.hidden_rows.add(self.row)
        elif tag in ("v", "f", "t") and not self.is_reading:
            self.taken = tag
            self.texts.setdefault(tag, "")
        elif tag == "rPh":
            self.is_reading += 1
        elif tag == "sheetView":
            self.shows_zeros = attributes.get("showZeros", "1") in _TRUE
        elif tag == "col" and (attributes.get("hidden") in _TRUE or attributes.get("width") == "0"):
            last = min(_number(attributes.get("max")), _LAST_COLUMN)
            self.sheet.hidden_columns.update(range(_number(attributes.get("min")), last + 1))
        elif tag == "mergeCell" and (merge := _merge(attributes.get("ref", ""))) is not None:
            self.sheet.merges.append(merge)

    def _text(self, text: str) -> None:
        if self.taken is not None:
            self.texts[self.taken] += text

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c" and self.texts:
            is_uncomputed = "f" in self.texts and self.kind != "str" and not self.texts.get("v")
            text = f"={self.texts['f']}" if is_uncomputed else self._printed()
            if text:
                place = self.row, self._column_here()
                self.sheet.texts[place] = text
                if is_uncomputed:
                    self.sheet.uncomputed[place] = text
                if len(self.sheet.texts) > MOST_CELLS:
                    raise too_complex(f"a sheet holds more than {MOST_CELLS} cells")
        elif tag == "rPh":
            self.is_reading -= 1
        self.taken = None

    def _column_here(self) -> int:
        match = _REFERENCE.match(self.reference or "")
        return _column(match[1]) if match else self.column

    def _printed(self) -> str:
        """What the cell shows."""
        value = self.texts.get("v", "")
        number_format = self.styles.formats[self.style] if self.style < len(self.styles.formats) else "General"
        if self.kind == "b":
            return "TRUE" if value in _TRUE else "FALSE"
        if self.kind == "n" and _NUMERAL.fullmatch(value):
            number = float(value)
            is_blank = number == 0 and not self.shows_zeros
            return "" if is_blank else printed_number(number, number_format, is_1904=self.is_1904)
        if self.kind == "inlineStr":
            value = _unescaped(self.texts.get("t", ""))
        elif self.kind == "s":
            index = _number(value)
            value = self.strings[index] if index < len(self.strings) else "\ufffd"
        return shown(printed_text(value, number_format))


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
