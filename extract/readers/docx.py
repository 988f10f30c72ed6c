"""DOCX → pages: its paragraphs as lines and its tables as grids, in the order of the text.

Text boxes stand where they are anchored, headers above all, footers below. What was deleted under revision is not
read; what is formatted as hidden is said to be.
"""

from __future__ import annotations

from collections.abc import Iterator

from extract.readers.flow import Block, Break, FlowCell, FlowTable, pages_of
from extract.readers.numbering import Numbering
from extract.readers.package import Element, Package
from extract.records import Reading

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_DOCUMENT = "word/document.xml"
_SYMBOLS = {"F0B3": "≥", "F0A3": "≤", "F0B1": "±", "F0B4": "×", "F0B9": "≠", "F0BB": "≈"}  # of the font Symbol
_OFF = ("0", "false", "off")
_SKIPPED = frozenset(
    ["del", "moveFrom", "instrText", "delText", "rubyPr", "rt", "pPr", "rPr", "sdtPr", "tblPr", "tcPr"]
)


def read(content: bytes) -> Reading:
    """The pages of a text document: one for each table, with the lines above it.

    Raises:
        UnreadableError: the file is damaged, encrypted or too complex.
    """
    package = Package(content)
    name = package.main_part(_DOCUMENT)
    related = package.related(name).values()
    reader = _Reader(Numbering(package, next((part for kind, part in related if kind == "numbering"), None)))
    headers, footers = (
        [part for kind, part in related if kind == wanted and package.holds(part)] for wanted in ("header", "footer")
    )
    blocks = [
        *_once(block for part in headers for block in reader.blocks(package.tree(part))),
        *reader.blocks(package.tree(name)),
        *_once(block for part in footers for block in reader.blocks(package.tree(part))),
    ]
    return Reading(media_type=MEDIA_TYPE, page_count=None, pages=pages_of(blocks, reader.hidden))


def _once(blocks: Iterator[Block]) -> list[Block]:
    """The lines of headers, which every section repeats."""
    return list(dict.fromkeys(block for block in blocks if isinstance(block, str) and block.strip()))


class _Reader:
    """Goes through a document's elements, counting its numbered paragraphs."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.hidden: list[str] = []

    def blocks(self, parent: Element) -> Iterator[Block]:
        """The lines, tables and page breaks in an element."""
        for element in parent:
            match _name(element):
                case "p":
                    yield from self._paragraph(element)
                case "tbl":
                    yield from self._table(element)
                case "AlternateContent":
                    yield from self.blocks(_alternative(element))
                case name if name not in _SKIPPED:
                    yield from self.blocks(element)

    def _paragraph(self, paragraph: Element) -> Iterator[Block]:
        if _is_on(paragraph.find("{*}pPr/{*}pageBreakBefore")):
            yield Break()
        pieces = list(self._pieces(paragraph))
        label = self.numbering.label_of(paragraph)
        line = label if any(isinstance(piece, str) and piece.strip() for piece in pieces) else ""
        for piece in pieces:
            if isinstance(piece, str):
                line += piece
                continue
            if line.strip():
                yield line
            line = ""
            yield from [piece] if isinstance(piece, Break) else self.blocks(piece)
        if line.strip():
            yield line

    def _pieces(self, parent: Element) -> Iterator[str | Break | Element]:
        """The texts of a paragraph's runs, and where pages and text boxes stand between them."""
        for element in parent:
            name = _name(element)
            if name == "AlternateContent":
                yield from self._pieces(_alternative(element))
            elif name == "r" and _is_on(element.find("{*}rPr/{*}vanish")):
                text = "".join(piece for piece in self._pieces(element) if isinstance(piece, str))
                if text.strip():
                    self.hidden.append(text)
            elif name == "t":
                yield element.text or ""
            elif name == "br" and _attribute(element, "type") == "page":
                yield Break()
            elif name in ("br", "cr"):
                yield "\n"
            elif name == "tab":
                yield " "
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "sym":
                yield _SYMBOLS.get((_attribute(element, "char") or "").upper(), "\ufffd")
            elif name == "txbxContent":
                yield element
            elif name not in _SKIPPED:
                yield from self._pieces(element)

    def _table(self, table: Element) -> Iterator[Block]:
        """A table as one; or, where tables inside it hold more cells than itself, what its cells hold."""
        rows = list(_members(table, "tr"))
        inner = sum(1 for _ in table.iter("{*}tc")) - sum(1 for row in rows for _ in _members(row, "tc"))
        if inner > sum(1 for row in rows for _ in _members(row, "tc")):
            for row in rows:
                for cell in _members(row, "tc"):
                    yield from self.blocks(cell)
            return
        yield FlowTable([list(self._cells(row)) for row in rows if not _is_deleted(row)])

    def _cells(self, row: Element) -> Iterator[FlowCell]:
        before = _number(row.find("{*}trPr/{*}gridBefore"), 0)
        if before:
            yield FlowCell("", before)
        is_hidden = _is_on(row.find("{*}trPr/{*}hidden"))
        for cell in _members(row, "tc"):
            merge = cell.find("{*}tcPr/{*}vMerge")
            text = "\n".join(_texts(self.blocks(cell)))
            if is_hidden and text:
                self.hidden.append(text)
                text = ""
            yield FlowCell(
                text,
                _number(cell.find("{*}tcPr/{*}gridSpan"), 1),
                goes_on=merge is not None and (_attribute(merge, "val") or "continue") == "continue",
            )


def _alternative(element: Element) -> Element:
    """Of two ways to draw the same, the one that holds text."""
    return next((way for way in element if next(way.iter("{*}t"), None) is not None), element[:0])


def _texts(blocks: Iterator[Block]) -> Iterator[str]:
    """The lines in a cell, those of tables in it row by row."""
    for block in blocks:
        if isinstance(block, str):
            yield block
        elif isinstance(block, FlowTable):
            for row in block.rows:
                yield "  ".join(cell.text for cell in row if cell.text)


def _members(parent: Element, wanted: str) -> Iterator[Element]:
    """The rows of a table or the cells of a row, those in content controls included."""
    for element in parent:
        name = _name(element)
        if name == wanted:
            yield element
        elif name in ("sdt", "sdtContent", "ins", "customXml", "smartTag"):
            yield from _members(element, wanted)


def _is_deleted(row: Element) -> bool:
    return row.find("{*}trPr/{*}del") is not None


def _name(element: Element) -> str:
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""


def _attribute(element: Element, name: str) -> str | None:
    return next((str(value) for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), None)


def _number(element: Element | None, absent: int) -> int:
    text = _attribute(element, "val") if element is not None else None
    return int(text) if text and text.isdecimal() else absent


def _is_on(element: Element | None) -> bool:
    return element is not None and (_attribute(element, "val") or "true") not in _OFF
