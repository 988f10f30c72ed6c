"""One document, printed in every format: tables with merged cells and the lines above them → PDF, XLSX, XLS, DOCX, …"""

from __future__ import annotations

import html as markup
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import docx
import openpyxl
import xlwt
from fontTools.ttLib import TTFont as FontFile
from openpyxl.styles import Alignment, Border, Side
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from extract.records import BBox, Grid, Part, Reading
from tests.conftest import PROJECT

FONT, SIZE, PITCH, PADDING, MARGIN = "Printing", 9.0, 11.0, 3.0, 36.0
_AMOUNT = re.compile(r"-?\d{1,3}(,\d{3})*\.\d\d")
_PERCENT = re.compile(r"\d+%")
_WHOLE = re.compile(r"[1-9]\d*")


@dataclass(frozen=True)
class Cell:
    """A cell, its place counted from 0, and how many rows and columns it covers."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Table:
    """Lines, and the table below them: its columns' widths, its cells, and how many rows its heading takes."""

    above: tuple[str, ...]
    widths: tuple[float, ...]
    cells: tuple[Cell, ...]
    heading: int = 0

    @property
    def depth(self) -> int:
        return max(cell.row + cell.rows for cell in self.cells)

    def at(self, row: int) -> list[Cell]:
        return sorted((cell for cell in self.cells if cell.row == row), key=lambda cell: cell.column)


def table(
    above: Sequence[str], widths: Sequence[float], rows: Sequence[Sequence[str | None]], heading: int = 0
) -> Table:
    """A table by its rows: ``None`` is covered from the left, ``"^"`` from above."""
    cells = []
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            if text is None or text == "^":
                continue
            right = column + 1
            while right < len(row) and row[right] is None:
                right += 1
            below = number + 1
            while below < len(rows) and rows[below][column] == "^":
                below += 1
            cells.append(Cell(text, number, column, below - number, right - column))
    return Table(tuple(above), tuple(widths), tuple(cells), heading)


# --- PDF ---------------------------------------------------------------------------------------------------------


def pdf(tables: Sequence[Table], *, height: float = 595.0, splits: bool = False, repeats: bool = True) -> bytes:
    """Ruled pages of a height; rows that find no room are cut at a page's end, or go to the next page."""
    _register_font()
    width = max(sum(t.widths) for t in tables) + 2 * MARGIN
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(width, height), invariant=1)
    for one in tables:
        _Press(canvas, one, height, splits=splits, repeats=repeats).run()
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@cache
def _register_font() -> None:
    """The demo's font, with one glyph for every Chinese character that it lacks: shapes do not matter here."""
    font = FontFile(PROJECT / "demo" / "fonts" / "JixiaoDemoSans.ttf")
    for cmap in font["cmap"].tables:
        if cmap.isUnicode():
            cmap.cmap = {code: cmap.cmap[ord("中")] for code in range(0x4E00, 0x9FA6)} | cmap.cmap
    buffer = io.BytesIO()
    font.save(buffer)
    buffer.seek(0)
    pdfmetrics.registerFont(TTFont(FONT, buffer))


def _wrapped(text: str, width: float) -> list[str]:
    lines = [""]
    for character in text:
        if character == "\n" or pdfmetrics.stringWidth(lines[-1] + character, FONT, SIZE) > width - 2 * PADDING - 1:
            lines.append("")
        if character != "\n":
            lines[-1] += character
    return lines if text else []


class _Press:
    def __init__(self, canvas: Canvas, one: Table, height: float, *, splits: bool, repeats: bool) -> None:
        self.canvas, self.table, self.height, self.splits, self.repeats = canvas, one, height, splits, repeats
        self.edges = [MARGIN]
        for width in one.widths:
            self.edges.append(self.edges[-1] + width)
        self.lines = {cell: _wrapped(cell.text, self._width(cell)) for cell in one.cells}
        self.heights = [
            max([1, *(len(self.lines[cell]) for cell in one.at(row) if cell.rows == 1)]) * PITCH + 2 * PADDING
            for row in range(one.depth)
        ]
        for cell in one.cells:
            lacking = len(self.lines[cell]) * PITCH + 2 * PADDING - sum(self.heights[cell.row : cell.row + cell.rows])
            if lacking > 0:
                self.heights[cell.row + cell.rows - 1] += lacking
        self.y = MARGIN

    def _width(self, cell: Cell) -> float:
        return self.edges[cell.column + cell.columns] - self.edges[cell.column]

    def run(self) -> None:
        for line in self.table.above:
            self._text(MARGIN, self.y, line)
            self.y += 3 * PITCH  # titles are no wrapped lines
        row = 0
        is_first = True
        while row < self.table.depth:
            start = self.y
            if self.repeats and not is_first:
                self._rows(0, self.table.heading, closes=True)
            elif is_first and self.table.heading:
                row = self._rows(0, self.table.heading, closes=True)
            is_first = False
            room = self.height - MARGIN - self.y
            after, used = row, 0.0
            while after < self.table.depth and used + self.heights[after] <= room:
                used += self.heights[after]
                after += 1
            fitting = int((room - used - 2 * PADDING) // PITCH)
            is_cut = self.splits and after < self.table.depth and fitting >= 2
            if after == row and not is_cut:
                assert start <= MARGIN + 9 * PITCH or self.y > start, "a row is higher than a page"
                assert self.splits or start > MARGIN, "a row is higher than a page"
            self._rows(row, after, closes=True)
            if is_cut:
                self._cut(after, fitting)
            row = after
            if row < self.table.depth:
                self.canvas.showPage()
                self.y = MARGIN

    def _rows(self, first: int, after: int, *, closes: bool) -> int:
        """Draws rows; of a merged cell the part that stands in them, its text in the first part."""
        tops = [self.y]
        for row in range(first, after):
            tops.append(tops[-1] + self.heights[row])
        for cell in self.table.cells:
            begin, end = max(cell.row, first), min(cell.row + cell.rows, after)
            if begin < end:
                self._box(cell, tops[begin - first], tops[end - first])
                if begin == cell.row:
                    self._texts(cell, tops[begin - first], self.lines[cell])
        self.y = tops[-1]
        return after

    def _cut(self, row: int, fitting: int) -> None:
        """Draws the first lines of a row, without a rule below; what is left of it goes to the next page."""
        bottom = self.y + fitting * PITCH + 2 * PADDING
        left, rest = 0, {}
        for cell in self.table.at(row):
            assert cell.rows == 1, "only rows without merged cells are cut"
            x0, x1 = self.edges[cell.column], self.edges[cell.column + cell.columns]
            self._line(x0, self.y, x1, self.y)
            self._line(x0, self.y, x0, bottom)
            self._line(x1, self.y, x1, bottom)
            self._texts(cell, self.y, self.lines[cell][:fitting])
            rest[cell] = self.lines[cell][fitting:]
            left = max(left, len(rest[cell]))
        self.lines |= rest
        self.heights[row] = left * PITCH + 2 * PADDING

    def _box(self, cell: Cell, top: float, bottom: float) -> None:
        x0, x1 = self.edges[cell.column], self.edges[cell.column + cell.columns]
        for ends in ((x0, top, x1, top), (x0, bottom, x1, bottom), (x0, top, x0, bottom), (x1, top, x1, bottom)):
            self._line(*ends)

    def _line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.canvas.line(x0, self.height - y0, x1, self.height - y1)

    def _texts(self, cell: Cell, top: float, lines: Sequence[str]) -> None:
        for number, text in enumerate(lines):
            self._text(self.edges[cell.column] + PADDING, top + PADDING + number * PITCH, text)

    def _text(self, x: float, top: float, text: str) -> None:
        self.canvas.setFont(FONT, SIZE)
        self.canvas.drawString(x, self.height - top - SIZE, text)


# --- spreadsheets ------------------------------------------------------------------------------------------------


def _value(text: str) -> tuple[str | float | None, str]:
    """What a sheet keeps for a printed text: amounts and the like as numbers with a format."""
    if _AMOUNT.fullmatch(text):
        return float(text.replace(",", "")), "#,##0.00"
    if _PERCENT.fullmatch(text):
        return float(text[:-1]) / 100, "0%"
    if _WHOLE.fullmatch(text):
        return float(text), "General"
    return text or None, "General"


def xlsx(tables: Sequence[Table], *, ruled: bool = True, sheets: bool = False) -> bytes:
    """Tables below each other, lines above them merged over their width; ``sheets``: each table on its own sheet.

    Without rules, what stands apart in a line stands in its first and its last cell, and nothing above is merged.
    """
    book = openpyxl.Workbook()
    side = Side(style="thin" if ruled else None)
    row = 1
    for number, one in enumerate(tables):
        if sheets and number:
            book.create_sheet(f"表{number + 1}")
            row = 1
        sheet = book.worksheets[-1]
        for line in one.above:
            first, *rest = [line] if ruled else line.split("    ")
            sheet.cell(row, 1, first)
            if ruled:
                sheet.merge_cells(start_row=row, end_row=row, start_column=1, end_column=len(one.widths))
            for part in rest:
                sheet.cell(row, len(one.widths), part)
            row += 1
        for cell in one.cells:
            top, left = row + cell.row, 1 + cell.column
            for y in range(top, top + cell.rows):
                for x in range(left, left + cell.columns):
                    sheet.cell(y, x).border = Border(left=side, right=side, top=side, bottom=side)
            value, number_format = _value(cell.text)
            own = sheet.cell(top, left, value)
            if isinstance(value, str):
                own.data_type = "s"  # =100% is a text here
            own.number_format, own.alignment = number_format, Alignment(wrap_text=True)
            if cell.rows > 1 or cell.columns > 1:
                sheet.merge_cells(
                    start_row=top, end_row=top + cell.rows - 1, start_column=left, end_column=left + cell.columns - 1
                )
        row += one.depth + 1
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def xls(tables: Sequence[Table]) -> bytes:
    """As ``xlsx``, on one sheet, in the old format."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    plain = xlwt.XFStyle()
    row = 0
    for one in tables:
        for line in one.above:
            sheet.write_merge(row, row, 0, len(one.widths) - 1, line, plain)
            row += 1
        for cell in one.cells:
            value, number_format = _value(cell.text)
            style = xlwt.easyxf("borders: left thin, right thin, top thin, bottom thin", num_format_str=number_format)
            top, left = row + cell.row, cell.column
            sheet.write_merge(top, top + cell.rows - 1, left, left + cell.columns - 1, value, style)
        row += one.depth + 1
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# --- text documents ----------------------------------------------------------------------------------------------


def docx_of(tables: Sequence[Table]) -> bytes:
    document = docx.Document()
    for one in tables:
        for line in one.above:
            document.add_paragraph(line)
        grid = document.add_table(one.depth, len(one.widths))
        for cell in one.cells:
            own = grid.cell(cell.row, cell.column)
            if cell.rows > 1 or cell.columns > 1:
                own = own.merge(grid.cell(cell.row + cell.rows - 1, cell.column + cell.columns - 1))
            first, *others = cell.text.split("\n")
            own.paragraphs[0].text = first
            for paragraph in own.paragraphs[1:]:
                paragraph._element.getparent().remove(paragraph._element)
            for other in others:
                own.add_paragraph(other)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def html(
    tables: Sequence[Table], *, encoding: str = "utf-8", inside_layout: bool = False, is_a_sheet: bool = False
) -> bytes:
    """Paragraphs and tables; ``is_a_sheet``: as spreadsheet programs write them, all rows in the table."""
    parts = []
    for one in tables:
        lines = [f"<p>{markup.escape(line)}</p>" for line in one.above]
        if is_a_sheet:
            lines = [f"<tr><td colspan={len(one.widths)}>{line}</td></tr>" for line in lines]
            parts += ["<table border=0>", *lines]
        else:
            parts += [*lines, "<table border=1>"]
        for row in range(one.depth):
            cells = (
                f"<td rowspan={cell.rows} colspan={cell.columns}>"
                f"{markup.escape(cell.text).replace(chr(10), '<br>') or '&nbsp;'}</td>"
                for cell in one.at(row)
            )
            parts.append(f"<tr>{''.join(cells)}</tr>")
        parts.append("</table>")
    body = "\n".join(parts)
    if inside_layout:
        body = f"<table><tr><td><a href='/'>首页</a></td><td>{body}</td></tr></table>"
    style = "<style>td {color: red}</style><script>var 项目 = '<table>';</script>"
    return f"<html><head><meta charset={encoding}>{style}</head><body>{body}</body></html>".encode(encoding)


def text(tables: Sequence[Table]) -> bytes:
    """Tabs between cells; what is merged stands in the first of its places, the others are empty."""
    lines: list[str] = []
    for one in tables:
        lines += one.above
        for row in range(one.depth):
            texts = [""] * len(one.widths)
            for cell in one.at(row):
                texts[cell.column] = cell.text.replace("\n", "")
            lines.append("\t".join(texts))
        lines.append("")
    return "\n".join(lines).encode()


def tables_of(reading: Reading) -> list[Table]:
    """The grids of pages as tables to print, each with the lines above it."""
    found = []
    for page in reading.pages:
        floor = float("-inf")
        for grid in page.grids:
            top = _box(grid.part)[1]
            above = tuple(line.text for line in page.lines if floor < _box(line.part)[1] <= top)
            floor = top
            found.append(Table(above, (60.0,) * len(grid.rows[0]), tuple(_cells_of(grid))))
    return found


def _cells_of(grid: Grid) -> Iterator[Cell]:
    lefts = [min(_box(row[i].part)[0] for row in grid.rows if row[i]) for i in range(len(grid.rows[0]))]
    tops = [min(_box(cell.part)[1] for cell in row if cell) for row in grid.rows]
    for row, cells in enumerate(grid.rows):
        for column, cell in enumerate(cells):
            if cell is not None:
                _, _, right, bottom = _box(cell.part)
                columns = sum(left < right - 1 for left in lefts[column:])
                yield Cell(cell.text, row, column, sum(top < bottom - 1 for top in tops[row:]), columns)


def _box(part: Part) -> BBox:
    assert part.bbox is not None
    return part.bbox


Printer = Callable[[Sequence[Table]], bytes]


def one_sheet_each(tables: Sequence[Table]) -> bytes:
    return xlsx(tables, sheets=True)


def without_rules(tables: Sequence[Table]) -> bytes:
    return xlsx(tables, ruled=False)


def in_gbk_and_laid_out(tables: Sequence[Table]) -> bytes:
    return html(tables, encoding="gbk", inside_layout=True)


def as_sheets_are_saved(tables: Sequence[Table]) -> bytes:
    return html(tables, encoding="gb2312", is_a_sheet=True)


def halves(one: Table) -> list[Table]:
    """A table as two, the second with the heading again and no title."""
    middle = max(
        (row for row in range(one.heading + 1, (one.heading + one.depth) // 2 + 1) if _may_part(one, row)), default=0
    )
    if not middle:
        return [one]
    head = replace(one, cells=tuple(cell for cell in one.cells if cell.row < middle))
    shift = middle - one.heading
    tail = [cell for cell in one.cells if cell.row < one.heading]
    tail += [replace(cell, row=cell.row - shift) for cell in one.cells if cell.row >= middle]
    return [head, replace(one, above=(), cells=tuple(tail))]


def _may_part(one: Table, row: int) -> bool:
    return all(cell.row + cell.rows <= row for cell in one.cells if cell.row < row)
