"""Rows of a Guangdong table → lines: levels and sums judged, amounts read, lost columns allocated."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from extract.allocate import Share, allocate
from extract.hierarchy import parents_of
from extract.layouts.empty_tables import empty_table, says_nothing
from extract.layouts.guangdong_levels import categories_of, levels_of
from extract.layouts.guangdong_rows import Row, Table
from extract.layouts.indicator_text import IndicatorText, read_indicators
from extract.layouts.interpretation import Context, Interpretation
from extract.money import Amount, parse_amount
from extract.records import Allocation, Fund, FundSubtotal, Issue, Level, Line, Part
from extract.vocabularies import vocabulary
from extract.wording import is_blank, is_masked, tidy_name, unwrapped

_WORDS = vocabulary("guangdong_list")
_UNALLOCATED = "unallocated"


@dataclass(frozen=True, slots=True)
class Style:
    """What lines say of the table they stand in: the name of its layout and its view."""

    layout: str
    view: str


def lines_of_tables(tables: Sequence[Table], context: Context, style: Style, issues: Sequence[Issue]) -> Interpretation:
    """The lines of tables numbered from 1, and the issues of finding them with those of reading them."""
    lines: list[Line] = []
    noted = list(issues)
    for table_number, table in enumerate(tables, 1):
        unit = table.unit or context.amount_unit
        if unit is None:
            unit = table.nearest_unit or _WORDS["customary_unit"]
            why = "is what the nearest line before it names" if table.nearest_unit else "is the custom of its layout"
            noted.append(
                Issue(
                    "warning",
                    "inferred_unit",
                    f"The table prints no money unit; {unit} {why}",
                    "Compare one amount with another source before relying on absolute amounts.",
                    table_number=table_number,
                )
            )
        printed = replace(context, amount_unit=unit, publisher=table.publisher or context.publisher)
        rows = _without_categories(_own_rows(table.rows, table_number, noted), table_number, printed, noted)
        lines.extend(_lines(rows, table_number, printed, style, noted, column_units=table.column_units))
    return Interpretation(tuple(lines), tuple(noted))


def _own_rows(rows: Sequence[Row], table_number: int, issues: list[Issue]) -> list[Row]:
    """The rows without those that only repeat: a body's name at the top of a page, a subtotal."""
    bodies: set[str] = set()
    kept = []
    for row in rows:
        name = tidy_name(row.name)
        is_bare = is_blank(row.goal) and is_blank(row.indicators)
        has_money = bool(row.total.strip() or row.funds)
        if is_bare and not has_money and name in bodies:
            continue
        if is_bare and not has_money and says_nothing(name):
            if row.name.strip() or len(rows) == 1:
                issues.append(empty_table(row.parts[0] if row.parts else Part(), table_number))
            continue
        if name in _WORDS["subtotal_names"]:
            issues.append(_subtotal(row, table_number))
            continue
        if is_bare:
            bodies.add(name)
        kept.append(row)
    return kept


def _without_categories(rows: Sequence[Row], table_number: int, context: Context, issues: list[Issue]) -> Sequence[Row]:
    """The rows without those that only sort the others by kind; each is said to be one."""
    assert context.amount_unit is not None
    amounts = [parse_amount(row.total, context.amount_unit) for row in rows]
    totals = [amount.yuan if amount else None for amount in amounts]
    levels = levels_of(rows, totals, context.publisher)
    categories = categories_of([tidy_name(row.name) for row in rows], levels, totals, context.publisher)
    issues.extend(_subtotal(rows[index], table_number) for index in sorted(categories))
    return [row for index, row in enumerate(rows) if index not in categories]


def _subtotal(row: Row, table_number: int) -> Issue:
    return Issue(
        "info",
        "subtotal",
        f"A row {tidy_name(row.name)} of {row.total or '–'} sums up others; it is not read as a line",
        "Nothing.",
        row.parts[0].page_number if row.parts else None,
        table_number,
    )


def _lines(
    rows: Sequence[Row],
    table_number: int,
    context: Context,
    style: Style,
    issues: list[Issue],
    *,
    column_units: Mapping[str, str],
) -> Iterable[Line]:
    assert context.amount_unit is not None
    unit = context.amount_unit
    places = [(row, table_number, line_number) for line_number, row in enumerate(rows, 1)]
    totals = [_amount(row.total, unit, place, issues) for place in places for row in [place[0]]]
    funds = [
        [_amount(text, _unit_of(sources, column_units, unit), place, issues) for text, sources in place[0].funds]
        for place in places
    ]
    levels = levels_of(rows, [total.yuan if total else None for total in totals], context.publisher)
    parents = parents_of(levels)
    candidates = _allocated(rows, funds, levels, parents)
    organization = context.publisher
    for index, (row, _, line_number) in enumerate(places):
        level = levels[index]
        if level in ("department", "unit"):
            organization = tidy_name(row.name)
        elif row.organization.strip():
            organization = tidy_name(row.organization)
        total = totals[index]
        whole = _amount(row.project_total, column_units.get("project_total", unit), places[index], issues)
        cell = read_indicators(
            "" if is_blank(row.indicators) or _is_mark(row.indicators) else row.indicators,
            row.indicator_parts,
            context.fiscal_year,
        )
        _note_indicators(cell, row, table_number, line_number, issues)
        goal, says = unwrapped(row.goal), unwrapped(row.goal + row.indicators)
        yield Line(
            table_number=table_number,
            line_number=line_number,
            view=style.view,
            layout=style.layout,
            level=level,
            name=tidy_name(row.name),
            organization=None if level == "total" else organization,
            total_text=total.text if total else None,
            total_yuan=total.yuan if total else None,
            project_total_text=whole.text if whole else None,
            project_total_yuan=whole.yuan if whole else None,
            amount_unit=unit,
            funds=tuple(
                _fund(amount, row, slot, candidates[index][slot])
                for slot, amount in enumerate(funds[index])
                if amount is not None
            ),
            goal=None if is_blank(goal) else goal,
            project_goal=None if is_blank(row.project_goal) else unwrapped(row.project_goal),
            indicators=cell.indicators,
            is_confidential=any(word in says for word in _WORDS["confidential"])
            or is_masked(row.name, row.goal)
            or _is_mark(row.goal)
            or _is_mark(row.indicators),
            locator=row.parts,
            subtotals=tuple(
                FundSubtotal(subtotal.fund_source, subtotal.summed, amount.text, amount.yuan, subtotal.parts)
                for subtotal in row.subtotals
                if (
                    amount := _amount(
                        subtotal.text,
                        column_units.get(subtotal.fund_source, unit),
                        (row, table_number, line_number),
                        issues,
                    )
                )
            ),
        )


def _unit_of(sources: Iterable[str], column_units: Mapping[str, str], unit: str) -> str:
    """The money unit of the columns in which an amount can have stood, if they have one."""
    units = {column_units.get(source, unit) for source in sources}
    return units.pop() if len(units) == 1 else unit


def _is_mark(text: str) -> bool:
    """Whether a cell says nothing but that its project is confidential."""
    return tidy_name(text).rstrip("。") in _WORDS["confidential_marks"]


def _amount(text: str, unit: str, place: tuple[Row, int, int], issues: list[Issue]) -> Amount | None:
    if is_blank(text):
        return None
    amount = parse_amount(text, unit)
    if amount is None:
        row, table_number, line_number = place
        issues.append(
            Issue(
                "error",
                "unread_amount",
                f"{tidy_name(row.name)}: “{unwrapped(text)}” stands where an amount should",
                "Look at the page; the amount of this line is missing from the data.",
                row.parts[0].page_number,
                table_number,
                line_number,
                row.parts[0].bbox,
            )
        )
    return amount


def _allocated(
    rows: Sequence[Row],
    funds: Sequence[Sequence[Amount | None]],
    levels: Sequence[Level],
    parents: Sequence[int | None],
) -> list[list[frozenset[str]]]:
    """For every fund amount of every line the fund sources it can belong to, narrowed down from the top by the sums."""
    shares = [
        [
            Share(amount.yuan if amount else Decimal(0), candidates)
            for amount, (_, candidates) in zip(f, row.funds, strict=True)
        ]
        for f, row in zip(funds, rows, strict=True)
    ]
    first = _WORDS["fund_sources"][0]
    for index, level in enumerate(levels):
        if parents[index] is None and level != "project" and shares[index] and first in shares[index][0].candidates:
            shares[index][0] = replace(shares[index][0], candidates=frozenset([first]))
    for parent in range(len(rows)):
        children = [index for index, of in enumerate(parents) if of == parent]
        if all(len(share.candidates) == 1 for index in children for share in shares[index]):
            continue
        narrowed = allocate(shares[parent], [shares[index] for index in children])
        for index, options in zip(children, narrowed, strict=True):
            shares[index] = [replace(s, candidates=o) for s, o in zip(shares[index], options, strict=True)]
    return [[share.candidates for share in line] for line in shares]


def _fund(amount: Amount, row: Row, slot: int, candidates: frozenset[str]) -> Fund:
    _, printed = row.funds[slot]
    allocation: Allocation = "unallocated"
    if len(candidates) == 1:
        allocation = "printed" if len(printed) == 1 else "inferred"
    order = _WORDS["fund_sources"]
    known = sorted(candidates, key=lambda name: order.index(name) if name in order else len(order))
    return Fund(
        fund_source=known[0] if len(known) == 1 else _UNALLOCATED,
        period="annual",
        amount_text=amount.text,
        amount_yuan=amount.yuan,
        allocation=allocation,
        candidates=() if len(known) == 1 else tuple(known),
        locator=row.fund_parts[slot],
    )


def _note_indicators(cell: IndicatorText, row: Row, table_number: int, line_number: int, issues: list[Issue]) -> None:
    name = tidy_name(row.name)
    place = _first(row.indicator_parts)

    def note(code: str, message: str, what_to_do: str) -> None:
        issues.append(
            Issue("error", code, message, what_to_do, place.page_number, table_number, line_number, place.bbox)
        )

    for unread in cell.unread:
        note(
            "unread_indicators",
            f"{name}: “{unread[:60]}” in the cell of indicators is not understood as an indicator",
            "Look at the cell; what stands there is missing from the indicators of this line.",
        )
    if cell.is_cut:
        last = cell.indicators[-1]
        note(
            "cut_cell",
            f"{name}: the cell of indicators ends in the middle of indicator {last.number} “{last.name}”",
            "The rest was lost before publication or in conversion; look for another copy of the document.",
        )


def _first(parts: Sequence[Part]) -> Part:
    return parts[0] if parts else Part()
