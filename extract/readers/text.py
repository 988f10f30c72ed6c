"""Text → one page: lines with tabs become grids (ragged where the text lost columns), all others stay lines.

A run of lines with tabs is a grid; any other line, a blank one too, ends it. Where a cell stands is its range of lines.
A cell of several lines stands in quotation marks, as sheets are copied.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from extract.readers.unreadable import UnreadableError
from extract.records import Cell, Grid, Page, Part, Reading, TextLine
from extract.sniff import decoded

_QUOTED = r'"(?:[^"\t]|"")*"(?![^\t\n])'
_CELL = re.compile(rf"(?:(?<=\t)|\A)(?:{_QUOTED}|[^\t\n]*)")
_ROW = re.compile(rf"(?:{_QUOTED}|[^\t\n]*)(?:\t(?:{_QUOTED}|[^\t\n]*))*")


def read(content: bytes) -> Reading:
    """The one page of a text.

    Raises:
        UnreadableError: the bytes are no text in UTF-8, UTF-16 or GB 18030.
    """
    text = decoded(content)
    if text is None:
        raise UnreadableError(
            "undecodable_text", "The text is in no known encoding", "Save it as UTF-8 and add it again."
        )
    rows = list(_rows("\n".join(text_lines(text))))
    grids = tuple(_grids(rows))
    lines = tuple(TextLine(row.texts[0], row.part) for row in rows if len(row.texts) == 1)
    page = Page(page_number=1, width=0, height=0, grids=grids, lines=lines)
    return Reading(media_type="text/plain", page_count=None, pages=(page,))


def text_lines(text: str) -> list[str]:
    """The lines of a text as an editor numbers them; form feeds are white space."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ").split("\n")


@dataclass(frozen=True, slots=True)
class _Row:
    """A line, or several that a cell in quotation marks joins: its texts, parted by tabs."""

    texts: tuple[str, ...]
    part: Part


def _rows(text: str) -> Iterator[_Row]:
    start, number = 0, 1
    while start <= len(text):
        row = _row_at(text, start)
        last = number + row.count("\n")
        cells = (row,) if "\t" not in row else tuple(_unquoted(cell) for cell in _split(row))
        yield _Row(cells, Part(first_line=number, last_line=last))
        start, number = start + len(row) + 1, last + 1


def _row_at(text: str, start: int) -> str:
    """The row that begins at a place: its line, with those that cells in quotation marks reach over."""
    end = text.find("\n", start)
    line = text[start:] if end < 0 else text[start:end]
    whole = _ROW.match(text, start) if '"' in line else None
    return whole[0] if whole is not None and "\t" in whole[0] else line


def _split(row: str) -> list[str]:
    return _CELL.findall(row) if '"' in row else row.split("\t")


def _unquoted(cell: str) -> str:
    """The text of a cell; quotation marks that are not the copy's own stay."""
    is_quoted = len(cell) > 1 and cell[0] == cell[-1] == '"' and ("\n" in cell or '""' in cell[1:-1])
    return cell[1:-1].replace('""', '"') if is_quoted else cell


def _grids(rows: Iterable[_Row]) -> Iterator[Grid]:
    for is_tabbed, run in groupby(rows, key=lambda row: len(row.texts) > 1):
        if is_tabbed:
            members = list(run)
            cells = tuple(tuple(Cell(text.strip(), row.part) for text in row.texts) for row in members)
            yield Grid(cells, Part(first_line=members[0].part.first_line, last_line=members[-1].part.last_line))
