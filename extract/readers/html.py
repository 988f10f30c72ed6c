"""HTML → pages: the tables that hold data as grids, what stands around them as lines.

Tables that only lay a page out are looked through. Scripts and styles are no text; what is styled away is said to be
hidden.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from extract.charset import decoded
from extract.readers.flow import Block, FlowCell, FlowTable, pages_of
from extract.readers.package import Element
from extract.readers.steps import too_complex
from extract.readers.unreadable import UnreadableError
from extract.records import Reading

MEDIA_TYPE = "text/html"
_NOT_SHOWN = frozenset(
    ["script", "style", "head", "template", "noscript", "option", "select", "textarea", "object", "svg", "iframe"]
)
_LINES = frozenset(
    "address article aside blockquote caption center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr"  # noqa: SIM905
    " legend li main nav ol p pre section table tbody td tfoot th thead tr ul".split()
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.IGNORECASE)
_MOST_SPAN = 1_000
_MOST_BYTES = 64 * 2**20
_END = "\x00"  # where a line ends, until white space is folded


def read(content: bytes) -> Reading:
    """The pages of an HTML page: one for each table, with the lines above it.

    Raises:
        UnreadableError: it holds no table of data, or too large ones.
    """
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    if len(content) > _MOST_BYTES:
        raise too_complex(f"the page has {len(content)} bytes")
    try:
        root = etree.fromstring(decoded(content).replace(_END, "").encode(), parser)
    except etree.XMLSyntaxError as error:
        raise not_a_document() from error
    reader = _Reader()
    blocks = list(reader.blocks(root)) if root is not None else []
    if not any(isinstance(block, FlowTable) for block in blocks):
        raise not_a_document()
    return Reading(media_type=MEDIA_TYPE, page_count=None, pages=pages_of(blocks, reader.hidden))


def not_a_document() -> UnreadableError:
    """The refusal of a page that is shown in a document's place."""
    return UnreadableError(
        "not_a_document",
        "The file is an HTML page, not a document",
        "Open its address in a browser: it is often an error page or a page that links to the document.",
    )


class _Reader:
    """Goes through a page's elements."""

    def __init__(self) -> None:
        self.hidden: list[str] = []

    def blocks(self, root: Element) -> Iterator[Block]:
        """The lines and tables in an element."""
        text = ""
        for piece in self._pieces(root):
            if isinstance(piece, str):
                text += piece
                continue
            yield from _lines(text)
            text = ""
            yield piece
        yield from _lines(text)

    def _pieces(self, element: Element) -> Iterator[str | FlowTable]:
        """The texts of an element, the ends of its lines, and the tables of data in it."""
        if not isinstance(element.tag, str) or element.tag in _NOT_SHOWN:
            return
        if _is_hidden(element):
            text = " ".join(_lines("".join(element.itertext())))
            if text:
                self.hidden.append(text)
            return
        if element.tag == "table" and _holds_data(element):
            for caption in element.iterfind("caption"):
                yield from _lines("".join(self._texts(caption)))
            yield FlowTable(list(self._rows(element)), leads=True)
            return
        if element.tag == "br":
            yield _END
            return
        is_line = element.tag in _LINES
        yield (_END if is_line else "") + (element.text or "")
        for child in element:
            yield from self._pieces(child)
            yield child.tail or ""
        if is_line:
            yield _END

    def _texts(self, element: Element) -> Iterator[str]:
        """The text in a cell, that of tables in it row by row."""
        for piece in self._pieces(element):
            if isinstance(piece, str):
                yield piece
            else:
                for row in piece.rows:
                    yield _END + "  ".join(cell.text for cell in row if cell.text)
                yield _END

    def _rows(self, table: Element) -> Iterator[list[FlowCell]]:
        for row in _rows_of(table):
            is_hidden = _is_hidden(row) or _is_hidden(row.getparent())
            cells = []
            for cell in _cells_of(row):
                text = "\n".join(_lines("".join(self._texts(cell))))
                if not is_hidden and not _is_hidden(cell):
                    cells.append(FlowCell(text, _span(cell, "colspan"), _span(cell, "rowspan")))
                elif is_hidden and text:
                    self.hidden.append(text)
            if not is_hidden:
                yield cells


def _lines(text: str) -> Iterator[str]:
    for line in text.split(_END):
        folded = _SPACE.sub(" ", line).replace("\xa0", " ").strip()
        if folded:
            yield folded


def _holds_data(table: Element) -> bool:
    """Whether a table is read as one: it has more than one cell, and none of them holds a table of several columns."""
    if sum(1 for row in _rows_of(table) for _ in _cells_of(row)) < 2:
        return False
    inner = (other for other in table.iter("table") if other is not table)
    return not any(sum(sum(1 for _ in _cells_of(row)) > 2 for row in _rows_of(other)) > 1 for other in inner)


def _rows_of(table: Element) -> Iterator[Element]:
    for element in table:
        if element.tag == "tr":
            yield element
        elif element.tag in ("thead", "tbody", "tfoot"):
            yield from element.iterfind("tr")


def _cells_of(row: Element) -> Iterator[Element]:
    yield from (element for element in row if element.tag in ("td", "th"))


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")))


def _span(cell: Element, name: str) -> int:
    text = (cell.get(name) or "").strip()
    number = int(text) if text.isdecimal() and len(text) < 6 else 1
    return max(1, min(number, _MOST_SPAN))
