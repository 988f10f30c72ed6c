"""Lays a table's lines out on A4 landscape pages: texts with their places, rules, and the box of every cell.

Lengths are points, y grows downwards from the top of the page. Nothing is drawn here, and no file format is known.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from demo.city import City, Document
from demo.table import Line

PAGE_WIDTH, PAGE_HEIGHT = 842.0, 595.0
COLUMN_WIDTHS = (124.0, 54.0, 54.0, 62.0, 50.0, 158.0, 260.0)
LEFT, TABLE_BOTTOM = 40.0, 540.0
TITLE_SIZE, TEXT_SIZE, PITCH, PADDING, INDENT = 15.0, 8.5, 11.5, 3.5, 8.5
HEADER_HEIGHT = 22.0
# The baseline of a line stands this much of the type size below the line's top.
ASCENT = 0.88

Measure = Callable[[str, float], float]


@dataclass(frozen=True)
class PlacedText:
    """A run of text, its left end and its baseline."""

    x: float
    baseline: float
    text: str
    size: float
    bold: bool = False


@dataclass(frozen=True)
class Rule:
    """A straight line, level or upright."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True)
class PlacedCell:
    """The box of a cell, or of the part of it that this page holds; `row` counts the table's lines from 0."""

    row: int
    column: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass
class Page:
    """What stands on one page."""

    texts: list[PlacedText] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    cells: list[PlacedCell] = field(default_factory=list)


def paginate(document: Document, lines: Sequence[Line], city: City, measure: Measure) -> list[Page]:
    """The document's pages. `measure` gives the width of a text at a type size.

    A row that finds no room goes to the next page, or, where the document splits rows, is cut between two lines of text
    with no rule at the cut, as spreadsheet programs print it. A row higher than a page of one that does not raises.
    """
    return _Press(document, lines, city, measure).run()


def wrap(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines no wider than `width`, never before a closing mark nor inside a number or a word."""
    lines = [""]
    for piece in _unbreakable(text):
        for part in [piece] if measure(piece) <= width else piece:
            if lines[-1] and measure(lines[-1] + part) > width:
                lines.append("")
            lines[-1] += part
    return lines


_WORD = re.compile(r"[0-9A-Za-z]+(?:[.,][0-9]+)*%?|.")
_NOT_FIRST, _NOT_LAST = set("，。；：、）】》”,:-－%"), set("（【《“")


def _unbreakable(text: str) -> Iterator[str]:
    piece = ""
    for word in _WORD.findall(text):
        if piece and word not in _NOT_FIRST and piece[-1] not in _NOT_LAST:
            yield piece
            piece = ""
        piece += word
    if piece:
        yield piece


class _Press:
    """Fills pages from the top; `y` is where the next row begins."""

    def __init__(self, document: Document, lines: Sequence[Line], city: City, measure: Measure) -> None:
        self.document, self.lines, self.city, self.measure = document, lines, city, measure
        self.edges = [LEFT]
        for width in COLUMN_WIDTHS:
            self.edges.append(self.edges[-1] + width)
        self.pages: list[Page] = []
        self.y = self.table_top = 0.0

    def run(self) -> list[Page]:
        self._new_page()
        for row, line in enumerate(self.lines):
            self._row(row, line, self._wrapped(line))
        self._close_table()
        self._text(LEFT, self.y + 8, self.city.note, TEXT_SIZE)
        return self.pages

    def _row(self, row: int, line: Line, texts: list[list[str]]) -> None:
        height = _height(texts)
        room = TABLE_BOTTOM - self.y
        if height > room and self.document.splits_rows:
            fitting = int((room - 2 * PADDING) // PITCH)
            if fitting >= 2:
                self._place(row, line, [text[:fitting] for text in texts], room)
                texts = [text[fitting:] for text in texts]
            self._new_page()
            self._row(row, line, texts)
            return
        if height > room:
            self._new_page()
            if height > TABLE_BOTTOM - self.y:
                raise ValueError(f"row {row} of {self.document.document_key} is higher than a page")
        self._place(row, line, texts, height)
        self._level_rule(self.y)

    def _place(self, row: int, line: Line, texts: list[list[str]], height: float) -> None:
        for column, text in enumerate(texts):
            x0, x1 = self.edges[column], self.edges[column + 1]
            self._page.cells.append(PlacedCell(row, column, x0, self.y, x1, self.y + height))
            # Where rows are cut, all columns start at the top, so that a cut leaves no column floating.
            slack = 0.0 if self.document.splits_rows else (height - 2 * PADDING - PITCH * len(text)) / 2
            top = self.y + PADDING + slack
            for number, part in enumerate(text):
                x = x0 + PADDING + (INDENT * line.depth if column == 0 else 0)
                if 1 <= column <= 4:
                    x = x1 - PADDING - self.measure(part, TEXT_SIZE)
                self._text(x, top + number * PITCH, part, TEXT_SIZE)
        self.y += height

    def _wrapped(self, line: Line) -> list[list[str]]:
        def wrapped(column: int, text: str) -> list[str]:
            width = COLUMN_WIDTHS[column] - 2 * PADDING - (INDENT * line.depth if column == 0 else 0)
            return wrap(text, width, lambda part: self.measure(part, TEXT_SIZE)) if text else []

        return [wrapped(column, text) for column, text in enumerate(line.cells)]

    def _new_page(self) -> None:
        if self.pages:
            self._close_table()
        self.pages.append(Page())
        self.y = 34.0
        if len(self.pages) == 1 or self.document.title_on_every_page:
            self._heading()
        self.table_top = self.y
        self._level_rule(self.y)
        for column, label in enumerate(self.document.columns):
            middle = (self.edges[column] + self.edges[column + 1]) / 2
            x = middle - self.measure(label, TEXT_SIZE) / 2
            self._text(x, self.y + (HEADER_HEIGHT - PITCH) / 2, label, TEXT_SIZE, bold=True)
        self.y += HEADER_HEIGHT
        self._level_rule(self.y)

    def _heading(self) -> None:
        self._centred(self.y, self.document.title, TITLE_SIZE, bold=True)
        self.y += 28
        self._text(LEFT, self.y, f"{self.document.body_label}：{self.document.publisher}", TEXT_SIZE)
        unit = f"单位：{self.city.money_unit}"
        self._text(self.edges[-1] - self.measure(unit, TEXT_SIZE), self.y, unit, TEXT_SIZE)
        self.y += 14

    def _close_table(self) -> None:
        """Draw what is known only at the end of a page: the upright rules, and the foot that calls it fiction."""
        self._page.rules.extend(Rule(x, self.table_top, x, self.y) for x in self.edges)
        self._centred(PAGE_HEIGHT - 30, f"{self.city.mark} 第{len(self.pages)}页", TEXT_SIZE)

    def _level_rule(self, y: float) -> None:
        self._page.rules.append(Rule(self.edges[0], y, self.edges[-1], y))

    def _centred(self, top: float, text: str, size: float, bold: bool = False) -> None:
        self._text((PAGE_WIDTH - self.measure(text, size)) / 2, top, text, size, bold)

    def _text(self, x: float, top: float, text: str, size: float, bold: bool = False) -> None:
        self._page.texts.append(PlacedText(x, top + ASCENT * size + (PITCH - TEXT_SIZE) / 2, text, size, bold))

    @property
    def _page(self) -> Page:
        return self.pages[-1]


def _height(texts: list[list[str]]) -> float:
    return 2 * PADDING + PITCH * max(map(len, texts))
