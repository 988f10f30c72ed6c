"""Sets tables without vertical rules as PDF, in the ways publishers do: what tests of such tables read."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from tests.conftest import PROJECT

MARGIN = 40.0


@dataclass(frozen=True)
class Style:
    """How a table is set; sizes in points.

    ``rules``: none, every (between all rows) or three (a three-line table); ``frame`` draws vertical rules around it;
    ``spills`` are a row and a column, both from 0, whose text is not wrapped and reaches into the next column;
    ``drift`` moves the inner edges of all columns on every further page.
    """

    font: str = "JixiaoDemoSans"
    size: float = 9
    leading: float = 11
    row_gap: float = 5
    padding: float = 3
    rules: str = "none"
    middle: bool = False
    repeat_heading: bool = True
    split_rows: bool = True
    page_numbers: bool = False
    page_height: float = 420
    centred_labels: bool = True
    frame: bool = False
    spills: tuple[int, int] | None = None
    drift: float = 0


@dataclass(frozen=True)
class Over:
    """A label over several columns, counted from 0."""

    label: str
    first: int
    last: int


Lines = list[list[str]]


def table(
    labels: Sequence[str],
    rows: Sequence[Sequence[str]],
    widths: Sequence[float],
    style: Style,
    *,
    right: Sequence[int] = (),
    above: Sequence[str] = (),
    below: Sequence[str] = (),
    over: Sequence[Over] = (),
) -> bytes:
    """The table as PDF, ``above`` before it and ``below`` after it; columns ``right`` are flush right."""
    setter = _Setter(labels, widths, style, right, over)
    return setter.set(rows, above, below)


class _Setter:
    def __init__(
        self,
        labels: Sequence[str],
        widths: Sequence[float],
        style: Style,
        right: Sequence[int],
        over: Sequence[Over],
    ) -> None:
        if style.font == "JixiaoDemoSans":
            pdfmetrics.registerFont(TTFont(style.font, PROJECT / "demo" / "fonts" / "JixiaoDemoSans.ttf"))
        else:
            pdfmetrics.registerFont(UnicodeCIDFont(style.font))
        self.labels, self.style, self.right, self.over = labels, style, right, over
        self.edges = [MARGIN]
        for width in widths:
            self.edges.append(self.edges[-1] + width)
        self.buffer = io.BytesIO()
        self.width = self.edges[-1] + MARGIN
        self.canvas = Canvas(self.buffer, pagesize=(self.width, style.page_height), invariant=1)
        self.page = 1
        self.ruled: float | None = None
        self.canvas.setFont(style.font, style.size)
        self.y = style.page_height - MARGIN

    def set(self, rows: Sequence[Sequence[str]], above: Sequence[str], below: Sequence[str]) -> bytes:
        for number, line in enumerate(above):
            self._check(line)
            if number == 0:
                self.canvas.drawCentredString(self.width / 2, self.y, line)
            else:
                self.canvas.drawString(MARGIN, self.y, line)
            self.y -= 2 * self.style.leading
        if self.labels:
            self._heading()
        for number, row in enumerate(rows):
            spills = self.style.spills
            self._row([[c] if spills == (number, i) else self._wrapped(c, i) for i, c in enumerate(row)])
            last = number + 1 == len(rows)
            if self.style.rules == "every" or (last and self.style.rules == "three"):
                self._rule()
        for line in below:
            self._check(line)
            self.y -= 2 * self.style.leading
            self.canvas.drawString(MARGIN, self.y, line)
        self._end_of_page()
        self.canvas.save()
        return self.buffer.getvalue()

    def _heading(self) -> None:
        style = self.style
        if style.rules != "none":
            self._rule()
        first_baseline = self.y - style.leading
        under = {column for over in self.over for column in range(over.first, over.last + 1)}
        depth = 2.2 * style.leading if self.over else 0.0
        wrapped = [self._wrapped(label, column) for column, label in enumerate(self.labels)]
        height = max(len(lines) for lines in wrapped) * style.leading
        for over in self.over:
            middle = (self.edges[over.first] + self.edges[over.last + 1]) / 2
            self.canvas.drawCentredString(middle, first_baseline, over.label)
            if style.rules != "none":
                y = first_baseline - 0.6 * style.leading
                self.canvas.line(self.edges[over.first] + 2, y, self.edges[over.last + 1] - 2, y)
        for column, lines in enumerate(wrapped):
            down = depth if column in under else depth / 2
            down += (height - len(lines) * style.leading) / 2
            for number, line in enumerate(lines):
                self._draw(line, column, first_baseline - down - number * style.leading, style.centred_labels)
        self.y = first_baseline - depth - height + style.leading - style.row_gap
        if style.rules != "none":
            self._rule()

    def _row(self, lines: Lines) -> None:
        """One row, broken over pages where it must and may be."""
        style = self.style
        while True:
            height = max(len(part) for part in lines)
            room = int((self.y - MARGIN) / style.leading)
            if height > room and not (style.split_rows and room >= 2):
                self._next_page()
                continue
            now = [part[:room] for part in lines]
            shown = max(len(part) for part in now)
            for column, part in enumerate(now):
                down = (shown - len(part)) / 2 * style.leading if style.middle else 0.0
                for number, line in enumerate(part):
                    self._draw(line, column, self.y - style.leading * (number + 1) + 0.2 * style.size - down, False)
            self.y -= shown * style.leading + style.row_gap
            lines = [part[room:] for part in lines]
            if not any(lines):
                return
            self._next_page()

    def _draw(self, text: str, column: int, y: float, centred: bool) -> None:
        self._check(text)
        left, right = self.edges[column] + self.style.padding, self.edges[column + 1] - self.style.padding
        if centred:
            self.canvas.drawCentredString((left + right) / 2, y, text)
        elif column in self.right:
            self.canvas.drawRightString(right, y, text)
        else:
            self.canvas.drawString(left, y, text)

    def _check(self, text: str) -> None:
        """A glyph that the font lacks would be left out without a word."""
        face = getattr(pdfmetrics.getFont(self.style.font), "face", None)
        missing = [c for c in text if face is not None and ord(c) not in getattr(face, "charToGlyph", {ord(c): 0})]
        assert not missing, missing

    def _wrapped(self, text: str, column: int) -> list[str]:
        room = self.edges[column + 1] - self.edges[column] - 2 * self.style.padding
        lines = [""] if text else []
        for character in text:
            longer = lines[-1] + character
            if character == "\n" or pdfmetrics.stringWidth(longer, self.style.font, self.style.size) > room:
                lines.append("" if character == "\n" else character)
            else:
                lines[-1] = longer
        return lines

    def _rule(self) -> None:
        y = self.y + self.style.row_gap / 2 - 1
        self.canvas.line(self.edges[0], y, self.edges[-1], y)
        if self.style.frame and self.ruled is not None:
            for x in (self.edges[0], self.edges[-1]):
                self.canvas.line(x, y, x, self.ruled)
        self.ruled = y

    def _next_page(self) -> None:
        self._end_of_page()
        self.edges[1:-1] = [x + self.style.drift for x in self.edges[1:-1]]
        self.y = self.style.page_height - MARGIN
        self.canvas.setFont(self.style.font, self.style.size)
        if self.style.repeat_heading:
            self._heading()

    def _end_of_page(self) -> None:
        if self.style.page_numbers:
            self.canvas.drawCentredString(self.width / 2, MARGIN / 2, f"- {self.page} -")
        self.page += 1
        self.ruled = None
        self.canvas.showPage()
