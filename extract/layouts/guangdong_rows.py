"""The row of a Guangdong list as it stands on paper, whichever way it was found."""

from __future__ import annotations

from dataclasses import dataclass

from extract.records import Part


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
