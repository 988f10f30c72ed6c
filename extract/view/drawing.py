"""Inside the process that draws: a document's bytes come on standard input, a picture or tables go out.

Started by ``extract.view.drawn``; ends with it.
"""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from typing import Any

import pypdfium2 as pdfium

from extract.guarded import limit_memory, limit_processor_time
from extract.readers import read
from extract.readers.pdfium_fonts import draw_with_system_fonts
from extract.readers.steps import part_of_page
from extract.readers.survey import with_upright_page
from extract.readers.text import text_lines
from extract.records import Page, Part
from extract.sniff import decoded, media_type

_MEMORY_BYTES = 1_000_000_000
_PROCESSOR_SECONDS = 20
_PIXELS_PER_POINT = 2.0
_MOST_PIXELS = 8_000_000  # A3 at 144 dpi; larger pages are drawn smaller
_MOST_CELLS = 20_000

Cell = dict[str, Any]
"""Its text, row, last_row, column and last_column, counted from 1."""


def main() -> int:
    """Draw what the arguments name: ``picture`` and the number of a page, or ``tables``."""
    limit_memory(_MEMORY_BYTES)
    limit_processor_time(_PROCESSOR_SECONDS)
    task, *page_number = sys.argv[1:]
    content = sys.stdin.buffer.read()
    sys.stdout.buffer.write(_picture(content, int(page_number[0])) if task == "picture" else _tables(content))
    return 0


def _picture(content: bytes, page_number: int) -> bytes:
    """A line of JSON with the page's size in points, then the PNG."""
    with pdfium.PdfDocument(content) as document:
        if not 1 <= page_number <= len(document):
            raise SystemExit(f"It has {len(document)} pages.")
    upright = with_upright_page(content, page_number)
    draw_with_system_fonts()
    with pdfium.PdfDocument(upright) as document:
        page = document[page_number - 1]
        width, height = page.get_size()
        scale = min(_PIXELS_PER_POINT, (_MOST_PIXELS / (width * height)) ** 0.5)
        png = io.BytesIO()
        page.render(scale=scale).to_pil().save(png, format="PNG", compress_level=1)
    return json.dumps({"width": width, "height": height}).encode() + b"\n" + png.getvalue()


def _tables(content: bytes) -> bytes:
    """The sheets or tables as JSON; a text is one whose rows are its lines."""
    if media_type(content) == "text/plain":
        lines = text_lines(decoded(content) or "")[:_MOST_CELLS]
        rows = [[_cell(text, Part(row=number, last_row=number))] for number, text in enumerate(lines, 1)]
        return _json([(None, None, rows)])
    found: dict[tuple[str | None, int | None], list[list[Cell]]] = {}
    count = 0
    for page in read(content).pages:
        rows = found.setdefault((page.sheet, page.table), [])
        for row in _rows(page):
            count += len(row)
            if count <= _MOST_CELLS:
                rows.append(row)
    return _json([(sheet, table, rows) for (sheet, table), rows in found.items()])


def _json(tables: list[tuple[str | None, int | None, list[list[Cell]]]]) -> bytes:
    named = [{"sheet": sheet, "table": table, "rows": rows} for sheet, table, rows in tables]
    return json.dumps(named, ensure_ascii=False).encode()


def _rows(page: Page) -> Iterator[list[Cell]]:
    """The lines and the tables of a page, as they follow on each other."""
    rows = [[(line.text, line.part.bbox)] for line in page.lines]
    rows += [[(cell.text, cell.part.bbox) for cell in row if cell] for grid in page.grids for row in grid.rows]
    yield from sorted(
        ([_cell(text, part_of_page(page, box)) for text, box in row] for row in rows if row),
        key=lambda row: row[0]["row"],
    )


def _cell(text: str, part: Part) -> Cell:
    columns = part.column or 1, part.last_column or 1
    return {"text": text, "row": part.row, "last_row": part.last_row, "column": columns[0], "last_column": columns[1]}
