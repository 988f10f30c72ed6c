"""Text → one page: lines with tabs become grids (ragged where the text lost columns), all others stay lines.

A run of lines with tabs is a grid; any other line, a blank one too, ends it. Where a cell stands is its range of lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from extract.readers.unreadable import UnreadableError
from extract.records import Cell, Grid, Page, Part, Reading, TextLine
from extract.sniff import decoded


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
    numbered = list(enumerate(text_lines(text), 1))
    grids = tuple(_grids(numbered))
    lines = tuple(TextLine(line, _part(number)) for number, line in numbered if "\t" not in line)
    page = Page(page_number=1, width=0, height=0, grids=grids, lines=lines)
    return Reading(media_type="text/plain", page_count=None, pages=(page,))


def text_lines(text: str) -> list[str]:
    """The lines of a text as an editor numbers them; form feeds are white space."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", " ").split("\n")


def _grids(numbered: Iterable[tuple[int, str]]) -> Iterator[Grid]:
    for is_tabbed, run in groupby(numbered, key=lambda item: "\t" in item[1]):
        if is_tabbed:
            members = list(run)
            rows = tuple(
                tuple(Cell(text.strip(), _part(number)) for text in line.split("\t")) for number, line in members
            )
            yield Grid(rows, Part(first_line=members[0][0], last_line=members[-1][0]))


def _part(line_number: int) -> Part:
    return Part(first_line=line_number, last_line=line_number)
