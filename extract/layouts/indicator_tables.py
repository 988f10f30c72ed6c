"""Grids → tables with one indicator per row: headings found, cells given to the roles of their columns by geometry.

A table is a list (each row names its project, or stands in its merged cell) or a form (the project stands in labelled
cells above the rows). Rows follow over pages, whether or not the heading is repeated. Other targets are told apart.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from extract.records import Cell, Grid, Page, Part
from extract.vocabularies import vocabulary
from extract.wording import label, tidy_name, unspaced, unwrapped

_WORDS = vocabulary("indicator_rows")
_ROLES: Mapping[str, str] = {name: role for role, names in _WORDS["columns"].items() for name in names}
_FUNDS = frozenset(_WORDS["fund_sources"])
_NOT_KEPT = frozenset(_WORDS["not_kept"])
_BRACKETED_END = re.compile("（[^（）]*）?$")
_NAMED = "(指标内容)"  # where no column is called 三级指标, this one names the indicators
_SAME = 4.0  # points by which the columns of one table may differ from page to page
_PLACE = 100.0  # between columns that have no box
_MOST_HEADING_ROWS = 3
_MOST_FORM_ROWS = 40
_LONGEST_TITLE = 45
_LEADING_CELLS = 3  # body, year and unit may stand side by side above a heading
_AMOUNT_UNITS = "|".join(vocabulary("documents")["amount_units"])
_UNIT_LINE = re.compile(rf"单位[:：](?P<unit>{_AMOUNT_UNITS})")
_UNIT_NOTE = re.compile(rf"[（(](?:单位[:：])?(?P<unit>{_AMOUNT_UNITS})[）)]")
_BODY = re.compile(rf"(?:^|\s)(?:{'|'.join(_WORDS['body_labels'])})\s*[:：]\s*(?P<name>[^\s:：]{{2,}})")


class Slot(NamedTuple):
    """What a role's column holds at a row: the cell there, and whether it begins on this row (else it is merged)."""

    cell: Cell
    is_fresh: bool

    @property
    def text(self) -> str:
        """The printed text of the cell."""
        return self.cell.text


@dataclass(slots=True)
class Row:
    """A printed row by role. ``starts_part``: the first one under a heading or on a page; ``is_cut``: no rule there."""

    slots: dict[str, Slot]
    starts_part: bool
    is_cut: bool

    def text(self, role: str) -> str:
        """The text of a role's cell, whether it begins on this row or above it."""
        slot = self.slots.get(role)
        return slot.text if slot else ""

    def own(self, role: str) -> str:
        """The text of a role's cell if it begins on this row."""
        slot = self.slots.get(role)
        return slot.text if slot and slot.is_fresh else ""


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a table: each one's role (or unknown heading), its printed heading and where it stands."""

    roles: tuple[str, ...]
    labels: tuple[str, ...]
    starts: tuple[float, ...]
    ends: tuple[float, ...]
    amount_units: Mapping[str, str]
    """The money units that columns print in brackets, by role."""

    def is_like(self, other: Heading) -> bool:
        """Whether both name the same columns in the same order, and in the same money units."""
        return (self.roles, self.amount_units) == (other.roles, other.amount_units)


@dataclass(slots=True)
class Table:
    """A table of one heading; ``fields`` are the labelled cells of a form (label → value cells), None for a list."""

    heading: Heading
    title: str | None
    body: str | None
    amount_unit: str | None
    place: Part
    fields: list[tuple[str, Cell]] | None = None
    rows: list[Row] = field(default_factory=list)
    has_blank_rows: bool = False


@dataclass(slots=True)
class OtherTable:
    """A table of targets that are not projects': what it is, its title, and its place on every page."""

    kind: str
    title: str
    places: list[Part]


@dataclass(slots=True)
class _State:
    """Where the reading of a document stands."""

    title: str | None = None
    body: str | None = None
    amount_unit: str | None = None
    page_number: int | None = None
    table: Table | OtherTable | None = None
    columns: Heading | None = None
    pending: list[tuple[str, Cell]] = field(default_factory=list)
    is_open: bool = False


@dataclass(slots=True)
class _GridRow:
    """A row of a grid: for every column of the grid the cell that covers it, and which of them begin here."""

    owners: list[Cell | None]
    fresh: list[Cell]


def find_tables(pages: Sequence[Page]) -> tuple[list[Table], list[OtherTable]]:
    """The tables of projects with one indicator per row, and the tables of other targets."""
    tables: list[Table] = []
    others: list[OtherTable] = []
    state = _State()
    for page in pages:
        for grid, above in _with_lines_above(page):
            _read_grid(grid, above, page.page_number, state, tables=tables, others=others)
    return [table for table in tables if table.rows or table.fields or table.has_blank_rows], others


@lru_cache(maxsize=20_000)
def role_of(text: str) -> str | None:
    """The role of a column or labelled cell by its printed heading; a fund source is its own role."""
    whole = _squeezed(text)
    for name in (whole, label(text), _BRACKETED_END.sub("", whole)):
        if name in _ROLES:
            return _ROLES[name]
        if name in _FUNDS:
            return name
        if name in _NOT_KEPT:
            return f"({name})"
    return None


def _squeezed(text: str) -> str:
    return unspaced(text).replace("(", "（").replace(")", "）").rstrip(":：")


def _with_lines_above(page: Page) -> Iterator[tuple[Grid, list[str]]]:
    """Each grid of a page with the lines between the grid before and it."""
    taken = float("-inf")
    for grid in page.grids:
        start = _top(grid.part)
        yield grid, [line.text for line in page.lines if taken < _top(line.part) <= start]
        taken = start


def _top(part: Part) -> float:
    if part.bbox is not None:
        return part.bbox[1]
    return float(part.first_line or 0)


def _read_grid(
    grid: Grid, above: Sequence[str], page_number: int, state: _State, *, tables: list[Table], others: list[OtherTable]
) -> None:
    starts = _column_starts(grid)
    rows = list(_resolved(grid, starts))
    first = _first_heading(rows)
    leading = [
        "  ".join(unwrapped(cell.text) for cell in _filled(row))
        for row in rows[: first or 0]
        if 0 < len(_filled(row)) <= _LEADING_CELLS
    ]
    has_title = _look_above([*above, *leading], state)
    is_next = state.page_number is not None and page_number - state.page_number <= 1
    was_open = state.is_open
    state.page_number, state.is_open = page_number, grid.open_bottom
    kind = _other_kind(rows, has_title, state, is_next)
    if kind is not None:
        _note_other(kind, grid, state, others)
        return
    if has_title or not is_next:
        state.pending.clear()
    index, starts_part = 0, True
    is_headed = False
    while index < len(rows):
        found = _heading(rows, index, starts)
        if found is not None:
            heading, depth = found
            _open_table(heading, grid, state, tables, has_title=has_title and not is_headed, is_next=is_next)
            is_headed = True
            index += depth
            starts_part = True
            continue
        in_list = isinstance(state.table, Table) and state.table.fields is None and (is_headed or not starts_part)
        if not in_list and (named := _fields(rows, index)):
            state.pending.extend(named)
            state.table, is_headed = None, False
            index = _after_fields(rows, index)
            continue
        if isinstance(state.table, Table) and (is_headed or (is_next and _fits(starts, state.columns))):
            assert state.columns is not None
            is_cut = starts_part and not is_headed and (grid.open_top or was_open)
            row = _row(rows[index], state.columns, starts, starts_part=starts_part, is_cut=is_cut)
            if any(slot.text.strip() for slot in row.slots.values() if slot.is_fresh) and not _is_counting(row):
                state.table.rows.append(row)
                starts_part = False
            elif not _is_counting(row):
                state.table.has_blank_rows = True
        index += 1
    if not is_headed and not state.pending and not (is_next and _fits(starts, state.columns)):
        state.table = None


def _filled(row: _GridRow) -> list[Cell]:
    return [cell for cell in row.fresh if cell.text.strip()]


def _first_heading(rows: Sequence[_GridRow]) -> int | None:
    """The row in which labels of columns or fields first stand."""
    for index, row in enumerate(rows):
        if sum(1 for cell in _filled(row) if role_of(cell.text)) >= 2:
            return index
    return 0


def _look_above(lines: Sequence[str], state: _State) -> bool:
    """Takes title, body and money unit from the lines above a grid; whether a title stands there."""
    has_title = False
    for line in lines:
        text = unspaced(line)
        bare = _squeezed(line)
        if (
            len(text) <= _LONGEST_TITLE
            and any(word in text for word in _WORDS["title_words"])
            and re.sub(r"（[^（）]*）$", "", bare).endswith(tuple(_WORDS["title_endings"]))
        ):
            if tidy_name(line) != state.title:
                state.body = state.amount_unit = None
            state.title, has_title = tidy_name(line), True
        if match := _UNIT_LINE.search(text):
            state.amount_unit = match["unit"]
        if (match := _BODY.search(line)) and match["name"] not in vocabulary("documents")["amount_units"]:
            state.body = tidy_name(match["name"])
    return has_title


def _other_kind(rows: Sequence[_GridRow], has_title: bool, state: _State, is_next: bool) -> str | None:
    """What kind of other targets a grid holds, by its title, its headings, or as the rest of the table before."""
    labels = [_squeezed(cell.text) for row in rows for cell in row.fresh]
    roles = {role_of(text) for text in labels}
    holds_targets = bool(roles & {"indicator", "level_1"}) and "value" in roles
    for kind, words in _WORDS["other_tables"].items():
        if holds_targets and has_title and any(word in (state.title or "") for word in words):
            return str(kind)
        if holds_targets and any(text.startswith(tuple(words)) or text in words for text in labels if len(text) <= 20):
            return str(kind)
    if isinstance(state.table, OtherTable) and is_next and not has_title:
        names_project = any(role_of(text) == "name" for text in labels)
        return None if names_project else state.table.kind
    return None


def _note_other(kind: str, grid: Grid, state: _State, others: list[OtherTable]) -> None:
    title = state.title or kind
    if isinstance(state.table, OtherTable) and state.table.kind == kind and state.table.title == title:
        if state.table.places[-1].page_number != grid.part.page_number:
            state.table.places.append(grid.part)
        return
    state.table = OtherTable(kind, title, [grid.part])
    state.columns = None
    state.pending.clear()
    others.append(state.table)


# --- headings --------------------------------------------------------------------------------------------------------


def _heading(rows: Sequence[_GridRow], index: int, starts: Sequence[float]) -> tuple[Heading, int] | None:
    """The heading that begins at a row, and how many rows it takes; None where none stands."""
    for depth in range(1, _MOST_HEADING_ROWS + 1):
        if index + depth > len(rows):
            return None
        cells = rows[index + depth - 1].owners
        parted = _parted_value(rows, index + depth)
        if parted is not None:
            cells = parted
        roles = [role_of(cell.text) if cell else None for cell in cells]
        if (names := _naming_role(roles)) is not None:
            roles = ["indicator" if role == names else role for role in roles]
        if {"indicator", "value"} <= set(roles) and (
            "name" in roles
            or ("level_1" not in roles and {"nature", "operator", "unit_of_value", "weight"} & set(roles))
        ):
            return _columns(cells, starts), depth + (parted is not None)
        if not any(role_of(cell.text) for cell in rows[index].fresh):
            return None
        if "name" not in roles:
            return None
    return None


def _naming_role(roles: Collection[str | None]) -> str | None:
    """The role of the columns that name the indicators where none is called 三级指标: 指标内容, else 二级指标."""
    if "indicator" in roles:
        return None
    if _NAMED in roles:
        return _NAMED
    return "level_2" if {"level_1", "level_2", "value"} <= set(roles) else None


def _parted_value(rows: Sequence[_GridRow], index: int) -> list[Cell | None] | None:
    """The labels of a heading whose 指标值 the row below it parts (符号, 值, 单位); None where it does not.

    Nothing new stands under the project's name there, and every label is known: as a part of a value or a column.
    """
    if index >= len(rows):
        return None
    above, below = rows[index - 1].owners, rows[index].owners
    names = [column for column, cell in enumerate(above) if cell and role_of(cell.text) == "name"]
    if not names:
        return None
    values = [column for column, cell in enumerate(above) if cell and role_of(cell.text) == "value"]
    fresh = {id(cell) for cell in _filled(rows[index])}
    if not values or id(below[names[0]]) in fresh:
        return None
    last = values[0]
    while last + 1 < len(above) and (above[last + 1] is above[values[0]] or _is_empty(above[last + 1])):
        last += 1
    labels: dict[int, str] = {}
    for column, cell in enumerate(below):
        if cell is not None and id(cell) in fresh and cell is not above[column]:
            is_part = values[0] <= column <= last
            known = cell.text if role_of(cell.text) is not None else ""
            labels[column] = _WORDS["value_parts"].get(_squeezed(cell.text), "") if is_part else known
    if not all(labels.values()) or sum(values[0] <= column <= last for column in labels) < 2:
        return None
    return [
        Cell(labels[column], under.part) if column in labels and under else cell
        for column, (cell, under) in enumerate(zip(above, below, strict=True))
    ]


def _is_empty(cell: Cell | None) -> bool:
    return cell is not None and not cell.text.strip()


def _columns(cells: Sequence[Cell | None], starts: Sequence[float]) -> Heading:
    columns: list[tuple[str, str, float, float]] = []
    amount_units: dict[str, str] = {}
    previous: Cell | None = None
    names = _naming_role({role_of(cell.text) for cell in cells if cell})
    for position, cell in enumerate(cells):
        end = starts[position + 1] if position + 1 < len(starts) else float("inf")
        if cell is not None and cell is previous:
            role, printed, start, _ = columns.pop()
            columns.append((role, printed, start, end))
            continue
        previous = cell
        printed = cell.text if cell else ""
        role = role_of(printed) or _squeezed(printed)
        role = "indicator" if role == names else role
        if role in {known for known, *_ in columns}:
            role = f"({_squeezed(printed)})"
        if role in ("total", *_FUNDS) and (note := _UNIT_NOTE.search(unspaced(printed))):
            amount_units[role] = note["unit"]
        columns.append((role, _squeezed(printed), starts[position], end))
    roles, labels, begins, ends = zip(*columns, strict=True)
    return Heading(roles, labels, begins, ends, amount_units)


def _open_table(
    heading: Heading, grid: Grid, state: _State, tables: list[Table], *, has_title: bool, is_next: bool
) -> None:
    """Goes on with the table before if the heading repeats its own, else opens a new one."""
    before = state.table
    state.columns = heading
    continues = (
        isinstance(before, Table)
        and is_next
        and not state.pending
        and before.heading.is_like(heading)
        and (not has_title or before.title == state.title)
        and before.body == state.body
    )
    if continues:
        return
    is_form = "name" not in heading.roles
    fields = list(state.pending) if is_form else None
    state.pending.clear()
    if is_form and not any(role_of(name) == "name" for name, _ in fields or []):
        state.table = None
        return
    own = heading.amount_units
    unit = own.get("total") or state.amount_unit or next(iter(own.values()), None)
    table = Table(heading, state.title, state.body, unit, fields[0][1].part if fields else grid.part, fields)
    tables.append(table)
    state.table = table


def _fits(starts: Sequence[float], heading: Heading | None) -> bool:
    """Whether a grid without heading has the columns of the table before."""
    if heading is None or len(starts) < 2:
        return False
    if len(starts) == len(heading.starts) and all(start == index for index, start in enumerate(starts)):
        return True
    near = sum(1 for start in heading.starts if any(abs(start - other) <= _SAME for other in starts))
    return near >= 0.8 * len(heading.starts) and len(starts) <= len(heading.starts) + 3


# --- the labelled cells of a form ------------------------------------------------------------------------------------


def _fields(rows: Sequence[_GridRow], index: int) -> list[tuple[str, Cell]]:
    """The labelled cells of a form that begins at a row and ends above a heading of its own kind, or with the grid."""
    fresh = rows[index].fresh
    names = [place for place, cell in enumerate(fresh) if role_of(cell.text) == "name"]
    if not names or names[0] + 1 >= len(fresh) or role_of(fresh[names[0] + 1].text) is not None:
        return []
    found: list[tuple[str, Cell]] = []
    for row in rows[index : _after_fields(rows, index)]:
        waiting: Cell | None = None
        for cell in row.fresh:
            if waiting is not None:
                found.append((_squeezed(waiting.text), cell))
                waiting = None
            elif role_of(cell.text) is not None:
                waiting = cell
            elif cell.text.strip():
                found.append(("", cell))
    return found


def _after_fields(rows: Sequence[_GridRow], index: int) -> int:
    for end in range(index + 1, min(len(rows), index + _MOST_FORM_ROWS)):
        roles = {role_of(cell.text) for cell in rows[end].fresh}
        if {"indicator", "value"} <= roles or "level_1" in roles:
            return end
    return len(rows)


# --- cells by geometry -----------------------------------------------------------------------------------------------


def _column_starts(grid: Grid) -> list[float]:
    """Where each column of a grid begins: x in points, or a place of its own where cells have no box."""
    width = max((len(row) for row in grid.rows), default=0)
    starts = [float("inf")] * width
    for row in grid.rows:
        for column, cell in enumerate(row):
            if cell is not None and cell.part.bbox is not None:
                starts[column] = min(starts[column], cell.part.bbox[0])
    if any(start == float("inf") for start in starts):
        return [column * _PLACE for column in range(width)]
    return starts


def _resolved(grid: Grid, starts: Sequence[float]) -> Iterator[_GridRow]:
    """Every row with the cell that covers each column: one that begins there, or one merged from above or the left."""
    owners: list[Cell | None] = [None] * len(starts)
    for row in grid.rows:
        fresh: list[Cell] = []
        top = min((cell.part.bbox[1] for cell in row if cell and cell.part.bbox), default=0.0)
        for column, owner in enumerate(owners):
            if owner is not None and owner.part.bbox is not None and owner.part.bbox[3] <= top + 1:
                owners[column] = None
        for column, cell in enumerate(row):
            if cell is None:
                continue
            fresh.append(cell)
            owners[column] = cell
            if cell.part.bbox is not None:
                last = bisect_left(starts, cell.part.bbox[2] - 1)
                owners[column:last] = [cell] * (last - column)
        if not any(cell.part.bbox for cell in fresh):
            owners = [*row, *([None] * (len(starts) - len(row)))] if None not in row else owners
        yield _GridRow(list(owners), fresh)


def _row(row: _GridRow, heading: Heading, starts: Sequence[float], *, starts_part: bool, is_cut: bool) -> Row:
    """A row by roles; a cell that covers several columns belongs to the first of them."""
    slots: dict[str, Slot] = {}
    fresh = {id(cell) for cell in row.fresh}
    given: set[int] = set()
    for column, cell in enumerate(row.owners):
        if cell is None or id(cell) in given or column >= len(starts):
            continue
        given.add(id(cell))
        place = bisect_right(heading.starts, starts[column] + _SAME) - 1
        role = heading.roles[max(place, 0)]
        slot = Slot(cell, id(cell) in fresh)
        before = slots.get(role)
        if before is None or not before.text.strip():
            slots[role] = slot
        elif slot.is_fresh and slot.text.strip():
            slots[role] = Slot(Cell(f"{before.text}\n{slot.text}", before.cell.part), before.is_fresh)
    return Row(slots, starts_part, is_cut)


def _is_counting(row: Row) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3 …"""
    texts = [slot.text.strip() for slot in row.slots.values() if slot.is_fresh and slot.text.strip()]
    texts = [text for text in texts if text != "栏次"]
    numbers = [int(text) for text in texts if text.isdigit() and len(text) <= 2]
    return len(numbers) >= 3 and len(numbers) == len(texts) and numbers == sorted(set(numbers)) and numbers[0] <= 2
