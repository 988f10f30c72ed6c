"""Tabbed text → grids with places: what is merged prints in its first place, and gets the empty ones after it back.

Text says where a cell begins and not how far it reaches. Above the indicators a text reaches over the empty places
right of it, a label that lacks its text does not; under the headings of indicators every column keeps its own places,
and only levels reach down. A row that lost columns is no row of indicators: it stays one cell, which is an issue.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from extract.layouts.forms_cells import boxes_of
from extract.layouts.forms_columns import Column, Header, find_headers
from extract.layouts.forms_pages import role_of
from extract.records import BBox, Cell, Grid, Page, Part, TextLine
from extract.taxonomy import is_level, is_level_1
from extract.wording import label

_STEP = 20.0  # the size of a row and of a column: more than layouts allow between edges that are the same
_REACHING_DOWN = ("level_1", "level_2", "weight")
_CODED = re.compile(r"\s*\d{3,}_")  # how a title begins that names a project behind its code
_STARTING = ("name", "unit", "department", "body", "funds")


@dataclass(slots=True)
class _Span:
    """A cell: its text, the first row and column that it covers, those after its last, and its lines."""

    text: str
    row: int
    column: int
    after_row: int
    after_column: int
    first_line: int
    last_line: int


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed row: its texts by column, and its lines."""

    texts: tuple[str, ...]
    first_line: int
    last_line: int

    def at(self, column: int) -> str:
        """The text of a column; a row may lack its last ones."""
        return self.texts[column] if column < len(self.texts) else ""

    def is_empty(self, first: int, after: int) -> bool:
        """Whether nothing stands in a range of columns."""
        return not any(self.texts[first:after])


def laid_out(page: Page) -> Page:
    """A page of text with a box for every cell and line; any other page as it is."""
    if not any(grid.part.first_line for grid in page.grids):
        return page
    lines: list[TextLine] = []
    for line in page.lines:
        goes_on = bool(lines) and (lines[-1].part.last_line or 0) + 1 == line.part.first_line
        is_title = _CODED.match(line.text) or (goes_on and _CODED.match(lines[-1].text))
        # only lines as high as their rows are near enough to be one that was wrapped
        lines.append(replace(line, part=_place(line.part, 0, 1, inset=0 if is_title else _STEP / 4)))
    return replace(page, grids=tuple(map(_grid, page.grids)), lines=tuple(lines))


def _place(part: Part, column: int, after_column: int, inset: float = 0.0) -> Part:
    top, bottom = ((part.first_line or 1) - 1) * _STEP + inset, (part.last_line or 1) * _STEP - inset
    return replace(part, bbox=(column * _STEP, top, after_column * _STEP, bottom))


def _grid(grid: Grid) -> Grid:
    rows = [_row(cells) for cells in grid.rows if any(cell and cell.text for cell in cells)]
    width = max((len(row.texts) for row in rows), default=1)
    whole = _place(grid.part, 0, width)
    if not rows:
        return Grid((), whole)
    tops = [(row.first_line - 1) * _STEP for row in rows] + [rows[-1].last_line * _STEP]
    spans = _spans(rows, width, {})
    headers = {
        number: header
        for header in find_headers(boxes_of(_gridded(spans, tops, whole)))
        for number, top in enumerate(tops)
        if top == header.bottom
    }
    if headers:
        spans = _spans(rows, width, headers)
    return _gridded(spans, tops, whole)


def _row(cells: Sequence[Cell | None]) -> _Row:
    texts = tuple(cell.text if cell else "" for cell in cells)
    part = next(cell.part for cell in cells if cell)
    return _Row(texts, part.first_line or 1, part.last_line or 1)


def _gridded(spans: Sequence[_Span], tops: Sequence[float], whole: Part) -> Grid:
    rows: list[list[Cell]] = [[] for _ in tops[1:]]
    for span in spans:
        box: BBox = (span.column * _STEP, tops[span.row], span.after_column * _STEP, tops[span.after_row])
        part = Part(bbox=box, first_line=span.first_line, last_line=span.last_line)
        rows[span.row].append(Cell(span.text, part))
    return Grid(tuple(map(tuple, rows)), whole)


def _spans(rows: Sequence[_Row], width: int, headers: dict[int, Header]) -> list[_Span]:
    """The cells of rows; ``headers`` are headings of indicators by the row after them."""
    spans: list[_Span] = []
    open_spans: dict[int, _Span] = {}  # first column → the cell that may reach down there
    body: _Body | None = None
    for number, row in enumerate(rows):
        if number in headers:
            body = _Body(headers[number], rows[number - 1], rows[number:], width)
            open_spans = {at: span for at, span in open_spans.items() if at < body.left}
        elif body is not None and _starts_form(rows, number):
            body, open_spans = None, {}
        own = body.spans(number, row, open_spans) if body else _head_spans(number, row, rows, width, open_spans)
        for span in own:
            spans.append(span)
            open_spans[span.column] = span
    return spans


def _starts_form(rows: Sequence[_Row], number: int) -> bool:
    """Whether a row under indicators is a title over the whole width, or the first label of another form."""
    row = rows[number]
    return bool(row.texts[0]) and (row.is_empty(1, len(row.texts)) or role_of(row.texts[0]) in _STARTING)


def _head_spans(
    number: int, row: _Row, rows: Sequence[_Row], width: int, open_spans: dict[int, _Span]
) -> Iterator[_Span]:
    """The cells of a row above indicators."""
    filled = [column for column, text in enumerate(row.texts) if text]
    yield from _leading(number, row, filled[0], open_spans)
    for column, following in zip(filled, [*filled[1:], width], strict=True):
        after = following
        text_follows = following < width and role_of(row.at(following)) is None
        if role_of(row.at(column)) is not None and not text_follows and not _stands_over(rows, number, column):
            after = column + 1
        open_spans.pop(column, None)
        yield _span(row, number, column, after)
        if after < following:
            yield _span(row, number, after, following)


def _stands_over(rows: Sequence[_Row], number: int, column: int) -> bool:
    """Whether a label of a goal has its text below it."""
    if role_of(rows[number].at(column)) not in ("goal", "project_goal") or column == 0 or number + 1 == len(rows):
        return False
    under = rows[number + 1]
    return bool(under.at(column)) and role_of(under.at(column)) is None and not under.texts[0]


def _leading(number: int, row: _Row, end: int, open_spans: dict[int, _Span]) -> Iterator[_Span]:
    """The empty places at a row's beginning: cells above reach down over those that they fit."""
    column = 0
    while column < end:
        above = open_spans.get(column)
        if above is not None and above.after_row == number and above.after_column <= end:
            above.after_row, above.last_line = number + 1, row.last_line
            column = above.after_column
        else:
            yield _span(row, number, column, column + 1)
            column += 1


def _span(row: _Row, number: int, column: int, after: int) -> _Span:
    return _Span(row.at(column), number, column, number + 1, after, row.first_line, row.last_line)


class _Body:
    """The rows under some headings of indicators, told by their columns."""

    def __init__(self, header: Header, heading: _Row, rows: Sequence[_Row], width: int) -> None:
        self.width, self.heading_width = width, len(heading.texts)
        self.columns = [(round(c.x0 / _STEP), round(c.x1 / _STEP), c) for c in header.columns]
        self.left = self.columns[0][0]
        end = next((n for n in range(1, len(rows)) if _starts_form(rows, n)), len(rows))
        longest = max(len(row.texts) for row in rows[:end])
        self.needed = next(n for n in range(longest, -1, -1) if any(row.at(n - 1) for row in rows[:end] if n) or not n)

    def spans(self, number: int, row: _Row, open_spans: dict[int, _Span]) -> Iterator[_Span]:
        if self._lost_columns(row):
            names = next(first for first, _, column in self.columns if column.role == "name")
            text = "  ".join(filter(None, row.texts))
            yield replace(_span(row, number, names, max(self.width, names + 2)), text=text)
            return
        filled = next((column for column, text in enumerate(row.texts) if text), 0)
        yield from _leading(number, row, min(filled, self.left), open_spans)
        if filled < self.left:
            yield _span(row, number, filled, self.left)
        for first, after, column in self.columns:
            if not row.is_empty(first, after):
                starts = [n for n in range(first, after) if row.at(n)]
                if starts[0] > first:
                    starts.insert(0, first)
                for start, end in zip(starts, [*starts[1:], after], strict=True):
                    yield _span(row, number, start, end)
            elif not self._reaches_down(column, open_spans.get(first), number, row, is_led=filled >= after):
                yield _span(row, number, first, after)
        last = self.columns[-1][1]
        yield from (_span(row, number, n, n + 1) for n in range(last, len(row.texts)) if row.texts[n])

    def _reaches_down(self, column: Column, above: _Span | None, number: int, row: _Row, *, is_led: bool) -> bool:
        """Whether the cell above an empty place covers it: a level where no other begins, and a weight."""
        may = column.role in _REACHING_DOWN and (is_led or column.role == "weight")
        if not may or above is None or not above.text or above.after_row != number:
            return False
        above.after_row, above.last_line = number + 1, row.last_line
        return True

    def _lost_columns(self, row: _Row) -> bool:
        """Whether a row lacks columns that others fill, or is of another width and its levels are none."""
        if len(row.texts) < self.needed:
            return True
        levels = {column.role: label(row.at(first)) for first, _, column in self.columns}
        first, second = levels.get("level_1", ""), levels.get("level_2", "")
        is_told = (not first or is_level_1(first)) and (not second or is_level(second))
        return len(row.texts) != self.heading_width and not is_told
