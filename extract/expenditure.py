"""Pages of a whole budget → the project expenditure that its other tables print: by project, or as one total.

These tables hold no targets and give no lines; what they print is held against the projects with targets (coverage).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from extract.amount_unit import bracketed_unit, labelled_unit
from extract.money import Amount, parse_amount
from extract.records import Cell, Grid, Page, Part
from extract.vocabularies import vocabulary
from extract.wording import tidy_name, unspaced

_WORDS = vocabulary("expenditure")
_NAMING = frozenset([*_WORDS["basic"], *_WORDS["names"]])
"""Headings of which every such table has one."""
_HEADING_ROWS = 5
_BRACKETED = re.compile("（[^（）]*）")


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of such a table: what it names, and its amount."""

    name: str
    amount: Amount


@dataclass(slots=True)
class Expenditure:
    """A table of project expenditure. ``entries`` are empty where it is one by function, with a total only."""

    title: str
    place: Part
    unit: str
    entries: list[Entry] = field(default_factory=list)
    totals: list[Amount] = field(default_factory=list)
    """The amounts of its row 合计: several where the year's and carried-over money have columns of their own."""


@dataclass(frozen=True, slots=True)
class _Columns:
    names: tuple[int, ...]
    amounts: tuple[int, ...]
    width: int


def expenditures_of(pages: Sequence[Page], amount_unit: str | None) -> list[Expenditure]:
    """Every such table, whatever pages it runs over; amounts without a printed unit are in ``amount_unit``.

    A table for which no unit is known is left out, and so is one without any amount.
    """
    found: list[Expenditure] = []
    columns: _Columns | None = None
    last_page = 0
    for page in pages:
        for grid, above in _with_lines_above(page):
            title = next((text for text in [*above, *_leading(grid)] if _is_title(text)), None)
            own = _columns(grid)
            if title is not None and own is not None and bool(own.names) == _lists_projects(title):
                unit = _unit(grid, [*above, *(line.text for line in page.lines)]) or amount_unit
                columns = own if unit else None
                repeats = found and found[-1].title == tidy_name(title) and page.page_number - last_page == 1
                if unit and not repeats:
                    found.append(Expenditure(tidy_name(title), grid.part, unit))
            elif not (columns and page.page_number - last_page <= 1 and _goes_on(grid, own, columns, above)):
                columns = None
            if columns is not None:
                _read(grid, columns, found[-1])
                last_page = page.page_number
    return [table for table in found if table.entries or table.totals]


def _goes_on(grid: Grid, own: _Columns | None, columns: _Columns, above: Sequence[str]) -> bool:
    """Whether a grid without a title of its own goes on with the table before: its columns, with or without heading."""
    is_titled = any(text.strip().endswith("表") for text in above)
    return not is_titled and (own == columns or (own is None and _width(grid) == columns.width))


def _with_lines_above(page: Page) -> Iterator[tuple[Grid, list[str]]]:
    start = float("-inf")
    for grid in page.grids:
        top, bottom = _extent(grid.part)
        yield grid, [line.text for line in page.lines if start <= _extent(line.part)[0] <= top]
        start = bottom


def _extent(part: Part) -> tuple[float, float]:
    if part.bbox is not None:
        return part.bbox[1], part.bbox[3]
    return float(part.first_line or 0), float(part.last_line or 0)


def _leading(grid: Grid) -> list[str]:
    """The cells that stand alone in the first rows of a grid: titles, bodies and units that were ruled in."""
    rows = [[cell.text for cell in row if cell is not None and cell.text.strip()] for row in grid.rows[:2]]
    return [text for row in rows if len(row) <= 2 for text in row]


def _is_title(text: str) -> bool:
    plain = _plain(text)
    if "表" not in plain or len(plain) > 40 or any(word in plain for word in _WORDS["other_titles"]):
        return False
    return any(word in plain for word in (*_WORDS["project_titles"], *_WORDS["function_titles"]))


def _lists_projects(title: str) -> bool:
    plain = unspaced(title)
    return any(word in plain for word in _WORDS["project_titles"])


def _columns(grid: Grid) -> _Columns | None:
    """The columns that a grid's heading names; ``names`` is empty in a table by function."""
    labels: dict[str, list[int]] = {}
    for row in grid.rows[:_HEADING_ROWS]:
        for column, cell in enumerate(row):
            if cell is not None:
                labels.setdefault(_label(cell), []).append(column)

    if _NAMING.isdisjoint(labels):
        return None

    def places(role: str) -> tuple[int, ...]:
        return tuple(sorted({column for name in _WORDS[role] for column in labels.get(name, ())}))

    if places("basic") and places("projects"):
        return _Columns((), places("projects"), _width(grid))
    names, amounts = places("names"), places("amounts")
    after = [column for column in amounts if names and column > names[0]]
    return _Columns(names, (after[0],), _width(grid)) if after else None


def _label(cell: Cell) -> str:
    plain = _plain(cell.text).rstrip(":：")
    return plain if "（" not in plain or plain in _WORDS["names"] else _BRACKETED.sub("", plain)


def _plain(text: str) -> str:
    return unspaced(text).replace("(", "（").replace(")", "）")


def _width(grid: Grid) -> int:
    return max((len(row) for row in grid.rows), default=0)


def _unit(grid: Grid, texts: Sequence[str]) -> str | None:
    cells = [cell.text for row in grid.rows[:_HEADING_ROWS] for cell in row if cell is not None]
    labelled = next((unit for text in (*texts, *cells) if (unit := labelled_unit(text))), None)
    return labelled or next((unit for text in cells if (unit := bracketed_unit(text))), None)


def _read(grid: Grid, columns: _Columns, table: Expenditure) -> None:
    for row in grid.rows:
        amounts = [_amount(row, column, table.unit) for column in columns.amounts]
        read = [amount for amount in amounts if amount is not None]
        if not read:
            continue
        if any(cell is not None and _label(cell) in _WORDS["total_names"] for cell in row):
            table.totals = table.totals or read
            continue
        names = [tidy_name(cell.text) for column in columns.names if (cell := _at(row, column)) and cell.text.strip()]
        if names:
            table.entries.append(Entry(names[-1], read[0]))


def _amount(row: Sequence[Cell | None], column: int, unit: str) -> Amount | None:
    cell = _at(row, column)
    return parse_amount(cell.text, unit) if cell is not None else None


def _at(row: Sequence[Cell | None], column: int) -> Cell | None:
    return row[column] if column < len(row) else None
