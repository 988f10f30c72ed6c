"""The rows and tables of a Guangdong list as they stand on paper, whichever way they were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from extract.records import Part


@dataclass(frozen=True, slots=True)
class RowSubtotal:
    """The cell of a column that sums up others of its row (合计 under 财政拨款): whose sum it is, and of which."""

    fund_source: str
    summed: tuple[str, ...]
    text: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One printed row, its continuations over page ends included; all texts as printed.

    ``funds`` has for every fund cell its text and the fund sources whose column it can have stood in: one where the
    format kept the columns, several where it lost them.
    """

    name: str
    total: str
    funds: tuple[tuple[str, frozenset[str]], ...]
    goal: str
    indicators: str
    parts: tuple[Part, ...]
    fund_parts: tuple[tuple[Part, ...], ...]
    indicator_parts: tuple[Part, ...]
    subtotals: tuple[RowSubtotal, ...] = ()
    organization: str = ""
    project_total: str = ""
    project_goal: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of one list, and the money unit and body that are printed above it, if they are."""

    rows: list[Row]
    unit: str | None
    publisher: str | None
    nearest_unit: str | None = None
    """The unit that the nearest line before the table's page names, for a table that prints none."""
    heading: str = ""
    """The labels of its heading, for what is said of it."""
    column_units: Mapping[str, str] = field(default_factory=dict)
    """The money units that columns print in brackets, by fund source, ``total`` or ``project_total``."""


def table_unit(column_units: Mapping[str, str], around: str | None) -> str | None:
    """The money unit of columns that print none: that of the totals, else of the lines around, else of any column."""
    return column_units.get("total") or around or next(iter(column_units.values()), None)
