"""Printed lines and their pages → the heading that says of a line that it is a transfer (市对区转移支付绩效目标表)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from extract.records import Cell, Line, Page, Part
from extract.vocabularies import vocabulary
from extract.wording import tidy_name

_WORDS = vocabulary("documents")
_OF_TRANSFERS = re.compile(_WORDS["transfers_title"])
_LEADING_ROWS = 5
_LEADING_CELLS = 3
_LONGEST_HEADING = 60
_SENTENCE_MARKS = ("，", "。", "；")

Place = tuple[int, float]
"""Page and what orders places on it: points from its top, or the line of a text."""


def under_transfer_headings(lines: Sequence[Line], pages: Sequence[Page]) -> tuple[Line, ...]:
    """The lines, those below a heading of transfers with it.

    A heading holds until the next that names a table of targets. What is printed before the page of the first line (a
    list of contents) is no heading, nor is what speaks of other lines, too: 项目支出绩效目标表（含转移支付项目）.
    """
    if not lines:
        return ()
    begins = min(_place(line.locator[0])[0] for line in lines)
    headings = sorted((place, heading) for place, heading in _headings(pages) if place[0] >= begins)
    if not any(_OF_TRANSFERS.search(heading) for _, heading in headings):
        return tuple(lines)
    return tuple(_under(line, headings) for line in lines)


def _under(line: Line, headings: Sequence[tuple[Place, str]]) -> Line:
    above = [heading for place, heading in headings if place < _place(line.locator[0])]
    return replace(line, transfer_heading=above[-1]) if above and _OF_TRANSFERS.search(above[-1]) else line


def _headings(pages: Sequence[Page]) -> Iterator[tuple[Place, str]]:
    """Places and texts of what names a table of targets, around tables and in their first rows."""
    for page in pages:
        for text, part in [*((line.text, line.part) for line in page.lines), *_leading(page)]:
            heading = tidy_name(text)
            if len(heading) > _LONGEST_HEADING or any(mark in heading for mark in _SENTENCE_MARKS):
                continue
            if _OF_TRANSFERS.search(heading) or any(word in heading for word in _WORDS["targets_titles"]):
                yield _place(part), heading


def _leading(page: Page) -> Iterator[tuple[str, Part]]:
    for grid in page.grids:
        for row in grid.rows[:_LEADING_ROWS]:
            filled: list[Cell] = [cell for cell in row if cell is not None and cell.text.strip()]
            if len(filled) <= _LEADING_CELLS:
                yield from ((cell.text, cell.part) for cell in filled)


def _place(part: Part) -> Place:
    return part.page_number or 0, part.bbox[1] if part.bbox else float(part.first_line or 0)
