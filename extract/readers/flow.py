"""Lines and tables in the order of a document without pages → pages, each of one table and the lines above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from extract.readers.steps import MOST_CELLS, Spanned, grid_of, line_of, shown, too_complex
from extract.records import Page


@dataclass(slots=True)
class FlowCell:
    """A cell as a row of a table has it: it covers the places that follow the cells before it."""

    text: str
    columns: int = 1
    rows: int = 1
    goes_on: bool = False
    """Whether it only covers what the cell above it began (as DOCX merges cells)."""


@dataclass(slots=True)
class FlowTable:
    """A table: its rows of cells; ``leads`` says that rows of one text at its beginning are lines above it."""

    rows: list[list[FlowCell]] = field(default_factory=list)
    leads: bool = False


@dataclass(slots=True)
class Break:
    """Where a new page begins."""


Block = str | FlowTable | Break


def pages_of(blocks: Iterable[Block], hidden: Sequence[str] = ()) -> tuple[Page, ...]:
    """The pages of a document.

    Raises:
        UnreadableError: its tables hold too many cells.
    """
    pages: list[Page] = []
    above: list[str] = []
    tables = 0

    def end(cells: Sequence[Spanned] = (), last: Sequence[str] = ()) -> None:
        number = len(pages) + 1
        lines = [line_of(text, index - len(above) + 1, 1, number) for index, text in enumerate(above)]
        pages.append(
            Page(
                page_number=number,
                width=0,
                height=0,
                grids=(grid_of(cells, number),) if cells else (),
                lines=tuple(lines),
                table=tables or None,
                hidden=tuple(line_of(text, 1, 1, number) for text in last),
            )
        )
        above.clear()

    for block in blocks:
        if isinstance(block, str):
            above.extend(line for part in block.split("\n") if (line := shown(part)))
        elif isinstance(block, Break):
            if above:
                end()
        else:
            tables += 1
            rows = _placed(block.rows)
            while block.leads and rows and sum(bool(cell.text) for cell in rows[0]) <= 1:
                above.extend(cell.text for cell in rows.pop(0) if cell.text)
            cells = [cell for row in rows for cell in row]
            if any(cell.text for cell in cells):
                end(cells)
    if above or hidden or not pages:
        end(last=hidden)
    return tuple(pages)


def _placed(rows: Sequence[Sequence[FlowCell]]) -> list[list[Spanned]]:
    """The cells of rows at their places, those that go on from above taken into the cell that they go on with."""
    taken: dict[int, int] = {}  # column → the last row that a cell covers there
    begun: dict[int, tuple[int, int]] = {}  # column → where in the result the cell stands that began there last
    placed: list[list[Spanned]] = []
    covered = 0
    for number, row in enumerate(rows, 1):
        placed.append([])
        column = 1
        for cell in row:
            while taken.get(column, 0) >= number:
                column += 1
            height = max(1, min(cell.rows, len(rows) - number + 1))
            # where cells would overlap, the one that came first keeps its place
            width = next((n for n in range(1, cell.columns) if taken.get(column + n, 0) >= number), cell.columns)
            covered += height * width
            if covered > MOST_CELLS:
                raise too_complex(f"its tables cover more than {MOST_CELLS} places")
            before = placed[begun[column][0]][begun[column][1]] if column in begun else None
            text = shown(cell.text)
            if cell.goes_on and before and before.row + before.rows == number and before.columns == width:
                text = "\n".join(part for part in (before.text, text) if part)
                row_of, index = begun[column]
                placed[row_of][index] = replace(before, text=text, rows=before.rows + 1)
            else:
                begun[column] = number - 1, len(placed[-1])
                placed[-1].append(Spanned(text, number, column, height, width))
            taken.update(dict.fromkeys(range(column, column + width), number + height - 1))
            column += width
    return placed
