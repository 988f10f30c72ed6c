"""Sheets → pages: each table of a sheet is a grid with the lines above it, as a page of paper has them.

A table begins with the first row that has a rule beside a cell, or, where a sheet draws none, with the first row of
several texts; what stands above it is title and unit. Rows without text and rules part tables. Only what a sheet shows
is read; what it hides is said to be hidden.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extract.readers.steps import MOST_CELLS, Spanned, grid_of, line_of, too_complex
from extract.records import Page, TextLine

Merge = tuple[int, int, int, int]
"""First row, first column, last row, last column of a merged cell, counted from 1."""
Rows = list[list[Spanned]]


@dataclass(slots=True)
class Sheet:
    """A sheet as its file has it: texts as printed by place (row, column), both counted from 1."""

    name: str
    is_hidden: bool = False
    texts: dict[tuple[int, int], str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    bordered_rows: set[int] = field(default_factory=set)
    uncomputed: dict[tuple[int, int], str] = field(default_factory=dict)


def pages_of(sheets: Sequence[Sheet]) -> tuple[Page, ...]:
    """The pages of a workbook, numbered through: one for each table, one for a sheet without any.

    Raises:
        UnreadableError: the sheets hold too many cells.
    """
    if sum(len(sheet.texts) for sheet in sheets) > MOST_CELLS:
        raise too_complex(f"its sheets hold more than {MOST_CELLS} cells")
    pages: list[Page] = []
    for sheet in sheets:
        pages.extend(_pages(sheet, len(pages) + 1))
    return tuple(pages)


def _pages(sheet: Sheet, number: int) -> Iterator[Page]:
    cells, hidden = _shown(sheet)
    tables = [table for block in _blocks(cells, sheet.bordered_rows) for table in _tables(block, sheet.bordered_rows)]
    for page_number, (lines, rows) in enumerate(tables or [([], [])], number):
        own = [cell for row in rows for cell in row]
        places = {row[0].row for row in rows}
        is_last = page_number - number + 1 >= len(tables)
        yield Page(
            page_number=page_number,
            width=0,
            height=0,
            grids=(grid_of(own, page_number),) if own else (),
            lines=tuple(_line(row, page_number) for row in lines),
            sheet=sheet.name,
            hidden=tuple(line_of(text, row, column, page_number) for (row, column), text in hidden) if is_last else (),
            uncomputed=tuple(
                line_of(text, row, column, page_number)
                for (row, column), text in sheet.uncomputed.items()
                if row in places
            ),
        )


def _line(row: Sequence[Spanned], page_number: int) -> TextLine:
    return line_of("  ".join(cell.text for cell in row if cell.text), row[0].row, row[0].column, page_number)


def _shown(sheet: Sheet) -> tuple[Rows, list[tuple[tuple[int, int], str]]]:
    """The cells that a sheet shows, row by row, with those that merging made; and the texts that it hides."""
    if sheet.is_hidden:
        return [], list(sheet.texts.items())
    covered: dict[tuple[int, int], tuple[int, int]] = {}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    texts = dict(sheet.texts)
    lowest = max((row for row, _ in texts), default=0)
    rightmost = max((column for _, column in texts), default=0)
    for top, left, bottom, right in sheet.merges:
        if top > lowest or left > rightmost:
            continue
        # what reaches beyond all texts reaches to nothing
        rows = [row for row in range(top, min(bottom, lowest) + 1) if row not in sheet.hidden_rows]
        columns = [c for c in range(left, min(right, rightmost) + 1) if c not in sheet.hidden_columns]
        if len(rows) * len(columns) + len(covered) > MOST_CELLS:
            raise too_complex("its merged cells cover too much")
        if not rows or not columns or (rows[0], columns[0]) in covered:
            continue
        anchor = rows[0], columns[0]
        text = texts.pop((top, left), "")
        for place in ((row, column) for row in rows for column in columns):
            covered[place] = anchor
        texts[anchor] = text  # where the first row is hidden, the next one shows it
        spans[anchor] = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    shown: dict[int, list[Spanned]] = {}
    hidden = []
    for (row, column), text in sorted(texts.items()):
        anchor = covered.get((row, column), (row, column))
        if row in sheet.hidden_rows or column in sheet.hidden_columns or anchor != (row, column):
            if text:
                hidden.append(((row, column), text))
            continue
        shown.setdefault(row, []).append(Spanned(text, row, column, *spans.get((row, column), (1, 1))))
    return [shown[row] for row in sorted(shown)], hidden


def _blocks(rows: Sequence[list[Spanned]], bordered: set[int]) -> Iterator[Rows]:
    """Runs of rows that no row without text, border and merged cell parts."""
    block: Rows = []
    below = 0  # the row after all that the block covers
    for row in rows:
        number = row[0].row
        if block and any(between not in bordered for between in range(below, number)):
            yield from [block] if _filled(block) else []
            block, below = [], 0
        block.append(row)
        below = max(below, *(cell.row + cell.rows for cell in row))
    if _filled(block):
        yield block


def _tables(block: Rows, bordered: set[int]) -> Iterator[tuple[Rows, Rows]]:
    """The tables of a block: each with the rows that are lines above it, the last also with those below it."""
    has_borders = any(row[0].row in bordered for row in block)
    lines: Rows = []
    rows: Rows = []
    between: Rows = []
    for row in block:
        is_outside = row[0].row not in bordered if has_borders and not rows else _is_alone(row)
        if has_borders and row[0].row in bordered:
            is_outside = False
        if not rows and is_outside:
            lines.append(row)
        elif has_borders and (is_outside or (between and row[0].row not in bordered)):
            between.append(row)
        else:
            if between:
                yield _filled(lines), rows
                lines, rows, between = between, [], []
            rows.append(row)
    yield _filled(lines + between), rows


def _filled(rows: Rows) -> Rows:
    return [row for row in rows if any(cell.text for cell in row)]


def _is_alone(row: Sequence[Spanned]) -> bool:
    return sum(bool(cell.text) for cell in row) <= 1
