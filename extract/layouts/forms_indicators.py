"""The rows under a form's headings → indicators: levels filled down by geometry, rows joined that a page's end cut.

A level is a run of cells of one column: a blank cell that touches a page's end takes its label from its other part on
the next page, never from the label above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from itertools import groupby, zip_longest

from extract.layouts.forms_cells import NEAR, Box, around
from extract.layouts.forms_columns import Column, Header, find_header, find_headers, section_of, stands_in
from extract.layouts.forms_pages import Form, Piece
from extract.records import Indicator, Part, Period, Target
from extract.targets import parse_target
from extract.taxonomy import bare, is_level, is_level_1, levels_1_of
from extract.vocabularies import vocabulary
from extract.wording import is_blank, joined_chinese, tidy_name, unspaced

_NUMBER = re.compile(r"^\s*指标\s*(?P<number>\d{0,3})\s*[：:、.]\s*")
_POINTS = re.compile(r"[（(]\s*\d+(?:\.\d+)?\s*[分%％]?\s*[)）]$")
_ELLIPSIS = re.compile(r"[…\.·\s]+")
_TARGETS = vocabulary("targets")
_TELLING = {
    "operator": {word for kind in ("signs", "words_before") for words in _TARGETS[kind].values() for word in words}
    | {*_TARGETS["qualitative_cells"], "≥", "≤", "＞", "＜", "＝"},
    "unit": {word for words in _TARGETS["units"].values() for word in words},
}
"""What the cells of a column say of it where its heading does not."""
_OF_PROJECT: list[str] = vocabulary("project_forms")["project_value_words"]
_VALUES: tuple[tuple[str, Period], ...] = (("value", "annual"), ("project_value", "project"))


@dataclass(slots=True)
class _Row:
    """A row of indicators as printed, its parts on other pages included."""

    page_number: int
    middle_y: float
    cells: dict[str, str]
    boxes: list[Box]
    is_first: bool = False
    weight_box: Box | None = None
    levels: dict[str, _Run | None] = field(default_factory=dict)


@dataclass(slots=True)
class _Run:
    """A merged cell of a level column, with its parts on other pages."""

    texts: list[str]
    crosses_page: bool = False

    @property
    def label(self) -> str | None:
        """The level's name."""
        return _level("".join(self.texts))


@lru_cache(maxsize=20_000)  # a level stands beside many indicators
def _level(printed: str) -> str | None:
    name = _POINTS.sub("", tidy_name(unspaced(printed)))
    return None if is_blank(name) else name


@dataclass(slots=True)
class IndicatorRows:
    """What the rows of a form hold: indicators, and the cells that are not understood."""

    indicators: list[Indicator] = field(default_factory=list)
    unread: list[Box] = field(default_factory=list)
    unread_weights: list[Box] = field(default_factory=list)
    unknown_columns: dict[str, Box] = field(default_factory=dict)
    without_level: list[int] = field(default_factory=list)
    doubtful_level: list[int] = field(default_factory=list)


def read_rows(form: Form, fiscal_year: int | None) -> IndicatorRows:
    """The indicators of a form in printed order."""
    assert form.header is not None
    header = form.header
    result = IndicatorRows()
    rows: list[_Row] = []
    open_runs: dict[str, _Run] = {}
    for piece, own in _pieces_below(form.pieces, header):
        header = _told_by_cells(own, piece.boxes) if own else header
        if own is not None and rows and rows[-1].page_number == piece.page_number:
            open_runs.clear()
        found = _rows(piece, header, result)
        _set_levels(piece, header, found, open_runs, rows[-1] if rows else None)
        for row in found:
            if rows and row.is_first and row.page_number != rows[-1].page_number and _continues(rows[-1], row):
                _join(rows[-1], row)
            else:
                rows.append(row)
    weights = _shared_weights(rows)
    for row in rows:
        _take(row, result, weights, fiscal_year)
    if header.second_half is None:
        result.indicators = _of_sections(result.indicators)
    return result


def read_halves(form: Form, fiscal_year: int | None) -> IndicatorRows:
    """The indicators of a form that prints the whole period's beside the year's, each half with its own columns."""
    assert form.header is not None
    split = form.header.second_half
    assert split is not None
    shares_level_1 = sum(column.role == "level_1" for column in form.header.columns) == 1
    level_1 = form.header.column("level_1")
    edge = level_1.x1 if shares_level_1 and level_1 is not None else float("-inf")
    halves = []
    for is_second in (False, True):
        pieces = [
            Piece(
                piece.page_number,
                tuple(
                    box
                    for box in piece.boxes
                    if (box.x0 >= split - NEAR or box.x1 <= edge + NEAR if is_second else box.x1 <= split + NEAR)
                ),
            )
            for piece in form.pieces
        ]
        pieces = [piece for piece in pieces if piece.boxes]
        header = next((found for piece in pieces if (found := find_header(piece.boxes)) is not None), None)
        halves.append(read_rows(Form(form.title, pieces, header=header), fiscal_year) if header else IndicatorRows())
    project, annual = halves
    return IndicatorRows(
        _paired(project.indicators, annual.indicators),
        project.unread + annual.unread,
        project.unread_weights + annual.unread_weights,
        project.unknown_columns | annual.unknown_columns,
    )


def _told_by_cells(header: Header, boxes: Sequence[Box]) -> Header:
    """Headings with the columns of unknown headings that hold nothing but operators, or nothing but units."""
    columns = list(header.columns)
    for role, words in _TELLING.items():
        for index, column in enumerate(columns):
            if column.role is not None or header.column(role) is not None:
                continue
            texts = [box.text.strip() for box in boxes if stands_in(box, column) and not is_blank(box.text)]
            if texts and words.issuperset(texts):
                columns[index] = replace(column, role=role)
                break
    return replace(header, columns=tuple(columns))


def _of_sections(indicators: list[Indicator]) -> list[Indicator]:
    """Indicators of which some have a target of the whole period only, and others one of the year: paired."""
    project = [i for i in indicators if {target.period for target in i.targets} == {"project"}]
    rest = [i for i in indicators if i not in project]
    return _paired(project, rest) if project and rest else indicators


def _paired(project: Sequence[Indicator], annual: Sequence[Indicator]) -> list[Indicator]:
    """The indicators of both halves; one that stands in both has two targets, the year's first."""
    rest = list(annual)
    paired = []
    for indicator in project:
        targets = tuple(replace(target, period="project") for target in indicator.targets)
        same = next((i for i in rest if (i.level_2, i.name) == (indicator.level_2, indicator.name)), None)
        if same is None:
            paired.append(replace(indicator, targets=targets))
            continue
        rest.remove(same)
        locator = indicator.locator + same.locator
        weight = same.weight if same.weight is not None else indicator.weight
        paired.append(replace(indicator, weight=weight, targets=same.targets + targets, locator=locator))
    return [replace(indicator, position=n) for n, indicator in enumerate([*paired, *rest], 1)]


def _pieces_below(pieces: Sequence[Piece], header: Header) -> list[tuple[Piece, Header | None]]:
    """What stands under the headings: the rest of their grid and all grids after it, parted where headings repeat."""
    below: list[tuple[Piece, Header | None]] = []
    for piece in pieces:
        if not below and not header.is_of(piece.boxes):
            continue
        headers = find_headers(piece.boxes)
        if below:
            end = headers[0].top if headers else float("inf")
            rows = [box for box in piece.boxes if box.top < end - NEAR]
            if not headers or header.is_followed_by(rows):
                below.append((Piece(piece.page_number, tuple(rows)), None))
        for own, following in zip_longest(headers, headers[1:]):
            end = following.top if following else float("inf")
            section, next_section = (section_of(one, piece.boxes) if one else [] for one in (own, following))
            boxes = tuple(
                box
                for box in piece.boxes
                if (box.top >= own.bottom - NEAR or (box.bottom > own.bottom + NEAR and box.x1 <= own.first.x0 + NEAR))
                and box.top < end - NEAR
                and box not in next_section
            )
            is_of_project = any(word in box.text for box in section for word in _OF_PROJECT)
            below.append((Piece(piece.page_number, boxes), own.of_project if is_of_project else own))
    return [(piece, own) for piece, own in below if piece.boxes]


def _rows(piece: Piece, header: Header, result: IndicatorRows) -> list[_Row]:
    """The rows of a piece: one for every cell of the names' column and every cell of the values' beside it."""
    named = [c for c in header.columns if c.role in ("name", "value", "project_value")]
    body = [box for column in named for box in piece.boxes if stands_in(box, column)]
    cuts = sorted({round(box.top, 1) for box in body})
    tops = [cut for i, cut in enumerate(cuts) if i == 0 or cut - cuts[i - 1] > NEAR]
    ends = [*tops[1:], max(box.bottom for box in body)] if body else []
    columns = [c for c in header.columns if c.role not in (None, "level_1", "level_2")]
    rows: list[_Row] = []
    for top, end in zip(tops, ends, strict=True):
        y = (top + end) / 2
        cells: dict[str, str] = {}
        own: list[Box] = []
        weight_box = None
        across = [box for box in piece.boxes if box.top <= y <= box.bottom]
        for column in columns:
            here = [box for box in across if stands_in(box, column)]
            if here:
                cells[str(column.role)] = "\n".join(box.text for box in here if box.text)
                if column.role == "weight":
                    weight_box = here[0]
                own.extend(here)
        row = _Row(piece.page_number, y, cells, own, not rows, weight_box)
        if rows and set(map(id, own)) == set(map(id, rows[-1].boxes)):
            continue
        rows.append(row)
    taken = {id(box) for row in rows for box in row.boxes}
    levels = [c for c in header.columns if c.role in ("level_1", "level_2")]
    for box in piece.boxes:
        if id(box) in taken or is_blank(box.text) or _is_known(box, header) or box.x1 <= header.first.x0 + NEAR:
            continue
        if any(column.x0 - NEAR <= box.middle_x <= column.x1 + NEAR for column in levels):
            continue
        unknown = next((c for c in header.columns if c.role is None and stands_in(box, c)), None)
        if unknown is not None:
            result.unknown_columns.setdefault(unknown.heading, box)
        else:
            result.unread.append(box)
    return rows


def _is_known(box: Box, header: Header) -> bool:
    """Whether a cell stands in a column that is explicitly ignored, or left of the indicators."""
    return any(column.role == "ignored" and stands_in(box, column) for column in header.columns)


def _set_levels(
    piece: Piece, header: Header, rows: Sequence[_Row], open_runs: dict[str, _Run], last: _Row | None
) -> None:
    top, bottom = piece.top, piece.bottom
    for role in ("level_1", "level_2"):
        column = header.column(role)
        if column is None:
            continue
        others = [c for c in header.columns if c.role in ("name", "value") or (c.role == "level_1" and c != column)]
        cells = [box for box in piece.boxes if _covers(box, column, others)]
        runs: list[tuple[Box, _Run]] = []
        for box in cells:
            run = open_runs.get(role)
            if box.top <= top + NEAR and run is not None and _same_run(run, box, role, rows, last):
                run.texts.append(box.text)
                run.crosses_page = True
            else:
                run = _Run([box.text])
            runs.append((box, run))
        open_runs.pop(role, None)
        ending = [(box, run) for box, run in runs if box.bottom >= bottom - NEAR]
        if ending:
            open_runs[role] = ending[-1][1]
        for row in rows:
            row.levels[role] = next((run for box, run in runs if box.top <= row.middle_y <= box.bottom), None)


def _covers(box: Box, column: Column, others: Sequence[Column]) -> bool:
    """Whether a cell stands in a level's column: over its middle, and not over names or the level before it."""
    if not box.x0 <= (column.x0 + column.x1) / 2 <= box.x1:
        return False
    return not any(box.x0 <= (other.x0 + other.x1) / 2 <= box.x1 for other in others)


def _same_run(run: _Run, box: Box, role: str, rows: Sequence[_Row], last: _Row | None) -> bool:
    """Whether a level's cell at the top of a page is the rest of the one that the page before ended in."""
    head, tail = "".join(run.texts), box.text
    if is_blank(head) or is_blank(tail):
        return not (role == "level_2" and _restarts(last, rows))
    head, joined = (unspaced(text) for text in (head, head + tail))
    return is_level(joined) and not (head.endswith("指标") and is_level(head))


def _restarts(last: _Row | None, rows: Sequence[_Row]) -> bool:
    """Whether printed numbers start again at 1 on the new page: then another level does, too."""
    first = next((row for row in rows if row.cells.get("name", "").strip()), None)
    if last is None or first is None:
        return False
    before, after = _NUMBER.match(last.cells.get("name", "")), _NUMBER.match(first.cells["name"])
    return bool(before and after and before["number"] and after["number"] == "1")


def _continues(last: _Row, first: _Row) -> bool:
    """Whether the first row of a page is the rest of the row before: either lacks its name or every value."""
    if _NUMBER.match(first.cells.get("name", "")):
        return False
    has_name, has_value = bool(first.cells.get("name")), _has_value(first)
    if not has_name and not has_value:
        return True
    if has_name and has_value:
        return bool(last.cells.get("name")) and not _has_value(last) and last.levels == first.levels
    return not has_name or _has_value(last)


def _has_value(row: _Row) -> bool:
    return any(row.cells.get(role) for role, _ in _VALUES)


def _join(row: _Row, rest: _Row) -> None:
    for role, text in rest.cells.items():
        row.cells[role] = "\n".join(part for part in (row.cells.get(role, ""), text) if part)
    if any(text for text in rest.cells.values()):
        row.boxes.extend(rest.boxes)
    for role, run in rest.levels.items():
        known = row.levels.get(role)
        if known is None or (run is not None and known.label is None):
            row.levels[role] = run


def _shared_weights(rows: Sequence[_Row]) -> set[int]:
    """The cells of weights that stand beside several rows, so that no row's weight is printed."""
    ids = [id(row.weight_box) for row in rows if row.weight_box is not None and not is_blank(row.cells.get("name", ""))]
    return {key for key, group in groupby(ids) if len(list(group)) > 1}


def _take(row: _Row, result: IndicatorRows, shared_weights: set[int], fiscal_year: int | None) -> None:
    printed = joined_chinese(row.cells.get("name", ""))
    values = {role: joined_chinese(row.cells.get(role, "")) for role, _ in _VALUES if role in row.cells}
    number = _NUMBER.match(printed)
    name = tidy_name(printed[number.end() :] if number else printed)
    if is_blank(name) or _ELLIPSIS.fullmatch(name):
        if any(not is_blank(value) for value in values.values()):
            result.unread.extend(box for box in row.boxes if box.text)
        return
    position = len(result.indicators) + 1
    level_1, level_2 = (_label(row, role) for role in ("level_1", "level_2"))
    belongs = levels_1_of(level_2 or "")
    run = row.levels.get("level_1")
    if level_1 and belongs and run is not None and run.crosses_page and is_level_1(level_1):
        if bare(level_1) not in belongs:
            level_1 = None
            result.doubtful_level.append(position)
    elif level_1 is None or (level_2 is None and "level_2" in row.levels):
        result.without_level.append(position)
    weight = None
    if row.weight_box is not None and id(row.weight_box) not in shared_weights:
        weight = _weight(row.cells.get("weight", ""))
    if row.weight_box is not None and weight is None and not is_blank(row.cells.get("weight", "")):
        result.unread_weights.append(row.weight_box)
    result.indicators.append(
        Indicator(
            position=position,
            number=(number["number"] or None) if number else None,
            level_1_code=None,
            level_1=level_1,
            level_2_code=None,
            level_2=level_2,
            name=name,
            weight=weight,
            targets=tuple(_targets(row, values, fiscal_year)),
            locator=_places(row.boxes),
            nature=_printed(row, "nature") or _printed(row, "operator"),
            unit=_printed(row, "unit"),
            explanation=_printed(row, "explanation"),
            prior_value=_printed(row, "prior_value"),
        )
    )


def _printed(row: _Row, role: str) -> str | None:
    if role not in row.cells:
        return None
    text = joined_chinese(row.cells[role])
    return None if is_blank(text) else text


def _label(row: _Row, role: str) -> str | None:
    run = row.levels.get(role)
    return run.label if run is not None else None


def _targets(row: _Row, values: dict[str, str], fiscal_year: int | None) -> list[Target]:
    periods = [(role, period) for role, period in _VALUES if role in values and not is_blank(values[role])]
    if not periods:
        periods = [(role, period) for role, period in _VALUES if role in values][:1]
    operator = row.cells.get("operator") or row.cells.get("nature") or None
    unit = row.cells.get("unit") or None
    return [
        Target(
            period,
            "" if is_blank(values[role]) else values[role],
            parse_target(values[role], operator=operator, unit=unit, fiscal_year=fiscal_year),
        )
        for role, period in periods
    ]


def _weight(text: str) -> Decimal | None:
    folded = re.sub(r"[\s分%％]", "", text)
    try:
        return Decimal(folded) if re.fullmatch(r"\d+(?:\.\d+)?", folded) else None
    except InvalidOperation:
        return None


def _places(boxes: Sequence[Box]) -> tuple[Part, ...]:
    return around([box for box in boxes if box.text] or boxes)
