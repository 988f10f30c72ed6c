"""Which rows of a Guangdong list are totals, departments, units and projects, judged by content and by sums.

Rows of bodies have neither goal nor indicators, and what they print is the sum of the rows below them. A project
without goal and indicators looks alike, so the sums decide first, names second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from extract.layouts.guangdong_rows import Row
from extract.records import Level
from extract.vocabularies import vocabulary
from extract.wording import is_blank, tidy_name

_WORDS = vocabulary("guangdong_list")
_BRACKETED_END = re.compile(r"[（(][^（）()]*[）)]$")
_ROUNDING_YUAN = Decimal(100)  # 0.01 万元 for every row summed


def levels_of(rows: Sequence[Row], totals: Sequence[Decimal | None], publisher: str | None) -> list[Level]:
    """The level of every row."""
    levels: list[Level] = ["project"] * len(rows)
    bare = [is_blank(row.goal) and is_blank(row.indicators) for row in rows]
    index = 0
    while index < len(rows):
        name = tidy_name(rows[index].name)
        if name in _WORDS["total_names"]:
            levels[index] = "total"
        elif bare[index] and (
            _adds_up(index, totals, bare) or (_names_a_body(name, publisher) and _may_hold_next(index, totals))
        ):
            levels[index] = "unit"
        index += 1
    for index, level in enumerate(levels):
        if level == "unit" and _heads_units(index, levels, totals):
            levels[index] = "department"
    return levels


def categories_of(
    names: Sequence[str], levels: Sequence[Level], totals: Sequence[Decimal | None], publisher: str | None
) -> set[int]:
    """The rows (of those judged bodies) that only sort a table: they name no bodies themselves, and sums prove them.

    Either a body is the sum of rows that name no bodies (本级 of 一般性项目 and 专项资金), or a row that names none is
    the sum of bodies. Where no name of a table says body, none is taken for a category.
    """
    found: set[int] = set()
    for index, level in enumerate(levels):
        if level != "department":
            continue
        parts = _units_of(index, levels, totals)
        named = [part for part in parts if _names_a_body(names[part], publisher)]
        if _names_a_body(names[index], publisher):
            found.update(parts if not named else ())
        elif named:
            found.add(index)
    return found


def _adds_up(index: int, totals: Sequence[Decimal | None], bare: Sequence[bool]) -> bool:
    """Whether the rows below, up to some later row without goal and indicators, add up to this one."""
    declared = totals[index]
    if declared is None:
        return False
    summed = Decimal(0)
    for below in range(index + 1, len(totals)):
        if below > index + 1 and bare[below] and abs(summed - declared) <= _ROUNDING_YUAN * (below - index):
            return True
        summed += totals[below] or Decimal(0)
        if summed > declared + _ROUNDING_YUAN * (below - index):
            return False
    return len(totals) > index + 1 and abs(summed - declared) <= _ROUNDING_YUAN * (len(totals) - index)


def _names_a_body(name: str, publisher: str | None) -> bool:
    bare = _BRACKETED_END.sub("", name)  # a unit's other name or rank: 某某中心（二级部门）
    return name == publisher or name.endswith(endings := tuple(_WORDS["body_endings"])) or bare.endswith(endings)


def _may_hold_next(index: int, totals: Sequence[Decimal | None]) -> bool:
    """Whether the row below can be part of this one: a body of less money than the next row has lost no rows."""
    declared, below = totals[index], totals[index + 1] if index + 1 < len(totals) else None
    return declared is None or below is None or below <= declared


def _heads_units(index: int, levels: Sequence[Level], totals: Sequence[Decimal | None]) -> bool:
    """Whether a unit is followed at once by units that add up to it: then it is the department they belong to."""
    return index + 1 < len(levels) and levels[index + 1] == "unit" and bool(_units_of(index, levels, totals))


def _units_of(index: int, levels: Sequence[Level], totals: Sequence[Decimal | None]) -> list[int]:
    """The units right below a row that add up to it; none if no number of them does."""
    declared = totals[index]
    if declared is None:
        return []
    summed, units = Decimal(0), []
    for below in range(index + 1, len(levels)):
        if levels[below] == "unit":
            summed += totals[below] or Decimal(0)
            units.append(below)
            if abs(summed - declared) <= _ROUNDING_YUAN * (below - index):
                return units
    return []
