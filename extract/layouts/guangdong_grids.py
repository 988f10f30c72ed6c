"""Grids of a Guangdong list → its rows: headings found, rows split over pages joined, lost columns kept as open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from extract.allocate import candidates_by_order
from extract.layouts.guangdong_rows import Row
from extract.layouts.indicator_text import indicators_start
from extract.money import parse_amount
from extract.records import Cell, Issue, Page, Part
from extract.vocabularies import vocabulary
from extract.wording import is_blank, label, unwrapped

_WORDS = vocabulary("guangdong_list")
_COLUMNS: Mapping[str, Sequence[str]] = _WORDS["columns"]
_FUNDS: Sequence[str] = _WORDS["fund_sources"]
_TEXT_COLUMNS = ("name", "goal", "indicators")
_EMPTY = Cell("", Part())

Cells = Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Heading:
    """The columns of a table: the role of each (name, total, goal, indicators, or a fund source's name)."""

    roles: tuple[str, ...]

    @property
    def fund_sources(self) -> list[str]:
        """The fund sources in the order of their columns."""
        return [role for role in self.roles if role not in _COLUMNS]


def tables(pages: Sequence[Page], issues: list[Issue]) -> list[list[Row]]:
    """The rows of every Guangdong list that grids hold; a table goes on over pages until another heading differs."""
    heading: Heading | None = None
    found: list[list[Row]] = []
    for page in pages:
        for grid in page.grids:
            starts_page = True
            for cells in grid.rows:
                headed = _heading(cells, issues)
                if headed is not None:
                    if heading != headed:
                        heading = headed
                        found.append([])
                    rest = _behind_labels(cells)
                    if rest is not None and found[-1]:
                        found[-1][-1] = _joined(found[-1][-1], _row(rest, heading))
                        starts_page = False
                    continue
                if heading is None or not any(cell and cell.text for cell in cells):
                    continue
                if _is_note(cells):
                    continue
                row = _row(cells, heading)
                if found[-1] and starts_page and _continues(found[-1][-1], row):
                    found[-1][-1] = _joined(found[-1][-1], row)
                else:
                    found[-1].append(row)
                starts_page = False
    return [rows for rows in found if rows]


def _heading(cells: Cells, issues: list[Issue]) -> Heading | None:
    """The columns that a row names, if it is a heading of this layout.

    A heading must name the project, a fund source, the goal and the indicators; a column with an unknown name between
    the first two is the total (its heading can be misread), any other unknown column keeps its name as a fund source.
    """
    roles: list[str] = []
    for cell in cells:
        text = label(
            (cell or _EMPTY).text.split("\n", 1)[0]
            if cell and _role(label(cell.text)) is None
            else (cell or _EMPTY).text
        )
        roles.append(_role(text) or text)
    if not {"name", "goal", "indicators"} <= set(roles) or not set(roles) & set(_FUNDS):
        return None
    if "total" not in roles:
        if roles.index("name") != 0 or roles[1] in (*_FUNDS, *_COLUMNS):
            return None
        place = cells[1].part if cells[1] else Part()
        issues.append(
            Issue(
                "info",
                "unknown_heading",
                f"The heading “{unwrapped(cells[1].text) if cells[1] else ''}” stands where 总计 should; read as 总计",
                "Nothing, if the sums hold.",
                place.page_number,
                bbox=place.bbox,
            )
        )
        roles[1] = "total"
    return Heading(tuple(roles))


def _role(text: str) -> str | None:
    if text in _FUNDS:
        return text
    return next((role for role, names in _COLUMNS.items() if text in names), None)


def _behind_labels(cells: Cells) -> Cells | None:
    """What stands under the labels of a heading in the same cells: the end of a row that the page before cut."""
    rest = []
    for cell in cells:
        text = cell.text if cell else ""
        whole = _role(label(text)) is not None
        _, _, behind = ("", "", "") if whole else text.partition("\n")
        rest.append(Cell(behind, cell.part) if cell and behind else None)
    return rest if any(rest) else None


def _is_note(cells: Cells) -> bool:
    filled = [cell.text for cell in cells if cell and cell.text]
    return len(filled) == 1 and filled[0].startswith(tuple(f"{w}{c}" for w in _WORDS["notes"] for c in ":："))


def _row(cells: Cells, heading: Heading) -> Row:
    if len(cells) < len(heading.roles):
        return _ragged_row(cells, heading)
    by_role = dict(zip(heading.roles, cells, strict=False))
    text = {role: (cell.text if cell else "") for role, cell in by_role.items()}
    funds = [source for source in heading.fund_sources if not is_blank(text[source])]
    return Row(
        name=text["name"],
        total=text["total"],
        funds=tuple((text[source], frozenset([source])) for source in funds),
        goal=text["goal"],
        indicators=text["indicators"],
        parts=_parts(cells),
        fund_parts=tuple(_parts([by_role[source]]) for source in funds),
        indicator_parts=_parts([by_role["indicators"]]),
    )


def _ragged_row(cells: Cells, heading: Heading) -> Row:
    """A row of a text that lost columns: name and total lead, goal and indicators close, fund cells lie between.

    Which fund columns are left is open, but for their order; goal and indicators may have run into one cell.
    """
    texts = [cell.text if cell else "" for cell in cells]
    middle = texts[2:]
    last = middle.pop() if middle else ""
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
        parts=_parts(cells),
        fund_parts=tuple(_parts([cell]) for _, _, cell in filled),
        indicator_parts=_parts(cells[-1:]),
    )


def _is_amount(text: str) -> bool:
    return parse_amount(text, _WORDS["customary_unit"]) is not None


def _parts(cells: Cells) -> tuple[Part, ...]:
    """The places of cells, those of one page as one box around them."""
    parts = [cell.part for cell in cells if cell is not None]
    boxes = [part.bbox for part in parts if part.bbox is not None]
    if not boxes:
        return tuple(dict.fromkeys(parts))
    around = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return (Part(parts[0].page_number, around),)


def _continues(last: Row, first: Row) -> bool:
    """Whether the first row of a page is the rest of the row before: either lacks every amount."""
    has_money = bool(first.total.strip() or first.funds)
    return not has_money or (not (last.total.strip() or last.funds) and not last.name.strip())


def _joined(head: Row, tail: Row) -> Row:
    return replace(
        head,
        name=_with(head.name, tail.name),
        total=head.total or tail.total,
        funds=head.funds or tail.funds,
        goal=_with(head.goal, tail.goal),
        indicators=_with(head.indicators, tail.indicators),
        parts=head.parts + tail.parts,
        fund_parts=head.fund_parts or tail.fund_parts,
        indicator_parts=head.indicator_parts + (tail.indicator_parts if tail.indicators else ()),
    )


def _with(head: str, tail: str) -> str:
    return f"{head}\n{tail}" if head and tail else head or tail
