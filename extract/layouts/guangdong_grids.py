"""Grids of a Guangdong list → its tables: headings found, rows split over pages joined, lost columns kept as open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from extract.allocate import candidates_by_order
from extract.amount_unit import bracketed_unit, labelled_unit
from extract.layouts.guangdong_joining import (
    Cells,
    continues,
    is_note,
    joined,
    lines_above,
    middle_of,
    place_of,
    with_wrapped_lines,
)
from extract.layouts.guangdong_rows import Row, Table, table_unit
from extract.layouts.indicator_text import indicators_start
from extract.money import parse_amount
from extract.publisher import labelled_publisher
from extract.records import Cell, Grid, Issue, Page, Part
from extract.vocabularies import by_name, vocabulary
from extract.wording import is_blank, label, tidy_name, unwrapped

_WORDS = vocabulary("guangdong_list")
_COLUMNS: Mapping[str, Sequence[str]] = _WORDS["columns"]
_FUNDS: Sequence[str] = [*_WORDS["fund_sources"], *_WORDS["other_fund_sources"]]
_MORE = vocabulary("guangdong_budget")["more_columns"]
_BODIES = frozenset([*_MORE["unit"], *_MORE["department"]])
_IGNORED = "ignored"
_ROLES = by_name({**{source: [source] for source in _FUNDS}, _IGNORED: _WORDS["ignored_columns"], **_COLUMNS})
_SAME_EDGE = 15.0  # points between the edges of one table on two pages
_EMPTY = Cell("", Part())


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a table: the role of each (name, total, goal, indicators, ignored, or a fund source's name)."""

    roles: tuple[str, ...]
    middles: tuple[float | None, ...]
    """Where each column begins, in points; None in text."""
    units: Mapping[str, str]
    """The money units that columns print in brackets, by role."""

    @property
    def fund_sources(self) -> list[str]:
        """The fund sources in the order of their columns."""
        return [role for role in self.roles if role not in _COLUMNS and role != _IGNORED]


def tables(pages: Sequence[Page], issues: list[Issue]) -> list[Table]:
    """Every Guangdong list that grids hold; a table goes on over pages until another begins or its columns end."""
    found: list[Table] = []
    heading: Heading | None = None
    last: Grid | None = None  # where the table stood so far
    blank: dict[int, Row] = {}
    for page in pages:
        for grid in with_wrapped_lines(page, lambda row: _heading(row, []) is not None):
            above = lines_above(grid, page)
            unit = next((unit for text in reversed(above) if (unit := labelled_unit(text))), None)
            publisher = next((name for text in reversed(above) if (name := labelled_publisher(text))), None)
            if heading is not None and last is not None and not _same_columns(last, grid):
                heading = None
            is_first = True
            for cells in grid.rows:
                headed = _heading(cells, issues if heading is None else [])
                if headed is not None:
                    is_same = heading is not None and (headed.roles, headed.units) == (heading.roles, heading.units)
                    if not is_same or _is_other_body(publisher, found[-1]):
                        printed = table_unit(headed.units, unit)
                        found.append(Table([], printed, publisher, column_units=headed.units))
                    heading = headed
                    rest = _behind_labels(cells)
                    if rest is not None and found[-1].rows:
                        found[-1].rows[-1] = joined(found[-1].rows[-1], _row(rest, heading, issues))
                        is_first = False
                    continue
                if heading is None:
                    unit = next((u for cell in cells if cell and (u := labelled_unit(cell.text))), unit)
                    publisher = next((p for cell in cells if cell and (p := labelled_publisher(cell.text))), publisher)
                    continue
                if not any(cell and cell.text for cell in cells) or is_note(cells):
                    blank.setdefault(len(found) - 1, _row(cells, heading, issues))
                    continue
                row = _row(cells, heading, issues)
                rows = found[-1].rows
                if is_first and rows and continues(rows[-1], row, last, grid):
                    rows[-1] = joined(rows[-1], row)
                elif _is_total(row) and rows and _is_total(rows[0]):
                    found.append(replace(found[-1], rows=[row], publisher=publisher or found[-1].publisher))
                else:
                    rows.append(row)
                is_first = False
            last = grid if heading is not None else last
    return _with_empty(found, blank)


def _with_empty(found: Sequence[Table], blank: Mapping[int, Row]) -> list[Table]:
    """The tables that have rows; one that has only blank ones keeps one of them, which says so."""
    whole = [
        replace(table, rows=[replace(blank[index], name="")]) if not table.rows and index in blank else table
        for index, table in enumerate(found)
    ]
    return [table for table in whole if table.rows]


def _is_other_body(publisher: str | None, table: Table) -> bool:
    return bool(table.rows) and publisher is not None and table.publisher is not None and publisher != table.publisher


def _is_total(row: Row) -> bool:
    return tidy_name(row.name) in _WORDS["total_names"]


def _same_columns(last: Grid, grid: Grid) -> bool:
    """Whether a grid may carry on the columns of another: on paper, its outer edges must be the same."""
    one, other = last.part.bbox, grid.part.bbox
    if one is None or other is None:
        return True
    return abs(one[0] - other[0]) <= _SAME_EDGE and abs(one[2] - other[2]) <= _SAME_EDGE


def _heading(cells: Cells, issues: list[Issue]) -> Heading | None:
    """The columns that a row names, if it is a heading of this layout.

    A heading must name the project, a fund source, the goal and the indicators. A column with an unknown name right
    behind the project is the total (its heading can be misread); other unknown columns are not read, and said to be.
    """
    texts = [cell.text if cell else "" for cell in cells]
    roles: list[str | None] = [_role_of(text) for text in texts]
    if "name" not in roles or not {"goal", "indicators"} <= set(roles) or not set(roles) & set(_FUNDS):
        return None
    if any(label(text) in _BODIES for text in texts):
        return None  # its bodies stand beside the projects, not above them
    if "total" not in roles:
        place = roles.index("name") + 1
        if place >= len(roles) or roles[place] is not None or not texts[place]:
            return None
        roles[place] = "total"
        issues.append(_odd_heading("unknown_heading", cells[place], "stands where 总计 should; read as 总计"))
    issues.extend(
        _odd_heading("unknown_column", cells[index], "names a column that is not known; what stands below is not read")
        for index, role in enumerate(roles)
        if role is None and texts[index]
    )
    units = {role: u for text, role in zip(texts, roles, strict=True) if role and (u := bracketed_unit(text))}
    return Heading(tuple(role or _IGNORED for role in roles), tuple(middle_of(cell) for cell in cells), units)


def _odd_heading(code: Literal["unknown_heading", "unknown_column"], cell: Cell | None, what: str) -> Issue:
    part = (cell or _EMPTY).part
    message = f"The heading “{unwrapped((cell or _EMPTY).text)}” {what}"
    if code == "unknown_heading":
        return Issue("info", code, message, "Nothing, if the sums hold.", part.page_number, bbox=part.bbox)
    what_to_do = "Look at the table; add the heading to the layout's vocabulary."
    return Issue("warning", code, message, what_to_do, part.page_number, bbox=part.bbox)


@lru_cache(maxsize=20_000)
def _role_of(printed: str) -> str | None:
    return _ROLES.get(label(printed)) or _ROLES.get(label(printed.split("\n", 1)[0]))


def _behind_labels(cells: Cells) -> Cells | None:
    """What stands under the labels of a heading in the same cells: the end of a row that the page before cut."""
    rest = []
    for cell in cells:
        text = cell.text if cell else ""
        whole = label(text) in _ROLES
        _, _, behind = ("", "", "") if whole else text.partition("\n")
        rest.append(Cell(behind, cell.part) if cell and behind else None)
    return rest if any(rest) else None


def _row(cells: Cells, heading: Heading, issues: list[Issue]) -> Row:
    if len(cells) < len(heading.roles) and not any(cell and cell.part.bbox for cell in cells):
        return _ragged_row(cells, heading)
    by_role = _by_role(cells, heading, issues)
    text = {role: "\n".join(cell.text for cell in held if cell.text) for role, held in by_role.items()}
    funds = [source for source in heading.fund_sources if not is_blank(text.get(source, ""))]
    is_bare = is_blank(text.get("goal", "")) and is_blank(text.get("indicators", ""))
    beside = text.get(_IGNORED, "") if is_bare and tidy_name(text.get(_IGNORED, "")) in _WORDS["total_names"] else ""
    return Row(
        name=text.get("name", "") or beside,
        total=text.get("total", ""),
        funds=tuple((text[source], frozenset([source])) for source in funds),
        goal=text.get("goal", ""),
        indicators=text.get("indicators", ""),
        parts=place_of(cells),
        fund_parts=tuple(place_of(by_role[source]) for source in funds),
        indicator_parts=place_of(by_role.get("indicators", [])),
    )


def _by_role(cells: Cells, heading: Heading, issues: list[Issue]) -> dict[str, list[Cell]]:
    """The cells under each heading: by place where both have as many columns, on paper else by the nearest middle."""
    by_role: dict[str, list[Cell]] = {}
    for index, cell in enumerate(cells):
        if cell is None:
            continue
        role: str | None = heading.roles[index] if index < len(heading.roles) else None
        middle = middle_of(cell)
        if len(cells) != len(heading.roles) and middle is not None:
            near = [(abs(m - middle), r) for m, r in zip(heading.middles, heading.roles, strict=True) if m is not None]
            role = min(near)[1] if near else None
        if role is not None:
            by_role.setdefault(role, []).append(cell)
        elif cell.text:
            issues.append(
                Issue(
                    "error",
                    "surplus_cells",
                    f"“{unwrapped(cell.text)[:60]}” stands in a cell beyond the last heading",
                    "Look at the row; the text is missing from the data.",
                    cell.part.page_number,
                    bbox=cell.part.bbox,
                )
            )
    return by_role


def _ragged_row(cells: Cells, heading: Heading) -> Row:
    """A row of a text that lost columns: name and total lead, goal and indicators close, fund cells lie between.

    Which fund columns are left is open, but for their order; goal and indicators may have run into one cell.
    """
    texts = [cell.text if cell else "" for cell in cells]
    middle = texts[2:]
    last = middle.pop() if middle and not _is_amount(middle[-1]) else ""
    start = indicators_start(last)
    if start and not is_blank(last[:start]) and (not middle or _is_amount(middle[-1])):
        goal, indicators = last[:start], last[start:]
    elif middle and not _is_amount(middle[-1]):
        goal, indicators = middle.pop(), last
    else:
        goal, indicators = ("", last) if start is not None else (last, "")
    slots = candidates_by_order(heading.fund_sources, len(middle))
    filled = [
        (text, options, cell)
        for text, options, cell in zip(middle, slots, cells[2:], strict=False)
        if not is_blank(text)
    ]
    return Row(
        name=texts[0],
        total=texts[1] if len(texts) > 1 else "",
        funds=tuple((text, options) for text, options, _ in filled),
        goal=goal,
        indicators=indicators,
        parts=place_of(cells),
        fund_parts=tuple(place_of([cell]) for _, _, cell in filled),
        indicator_parts=place_of(cells[-1:]),
    )


def _is_amount(text: str) -> bool:
    return parse_amount(text, _WORDS["customary_unit"]) is not None
