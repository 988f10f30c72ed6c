"""Levels of printed lines → which line each is part of."""

from __future__ import annotations

from collections.abc import Sequence

from extract.records import Level

_DEPTH: dict[Level, int] = {"total": 0, "department": 1, "unit": 2, "project": 3}


def parents_of(levels: Sequence[Level]) -> list[int | None]:
    """For every line of a table the index of the line whose sum it is part of; None where no such line is printed."""
    above: list[int] = []
    parents: list[int | None] = []
    for index, level in enumerate(levels):
        while above and _DEPTH[levels[above[-1]]] >= _DEPTH[level]:
            above.pop()
        parents.append(above[-1] if above else None)
        above.append(index)
    if levels and levels[-1] == "total" and "total" not in levels[:-1]:
        last = len(levels) - 1  # a total below what it sums up
        parents = [last if parent is None and index != last else parent for index, parent in enumerate(parents)]
    return parents
