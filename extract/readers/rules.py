"""The straight rules of a page → the cells they enclose, table by table.

The steps and tolerances are those of pdfplumber's table finder (which the tests hold this one to): rules nearer than
3 points are one, rules on one line that nearly touch are one, a cell is the smallest rectangle whose corners meet and
whose sides are ruled. Where a page's end cut a row, vertical rules end in the open: a rule is added there.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from extract.readers.limits import MOST_CROSSINGS, MOST_RULES, refuse_beyond
from extract.records import BBox

_SNAP = 3.0  # points: rules nearer than this are one
_OPEN = 3.0  # points: a vertical rule that reaches further than this past every horizontal one ends in the open
_SHORTEST = 3.0  # points: shorter ones are no rules


class Rule(NamedTuple):
    """One straight rule in points: where it stands (y of a horizontal one, x of a vertical one), and from where to
    where it runs."""

    at: float
    start: float
    end: float


class Table(NamedTuple):
    """The cells of one table, and whether it is open at its top and at its bottom."""

    cells: list[BBox]
    open_top: bool
    open_bottom: bool


def tables(horizontal: Sequence[Rule], vertical: Sequence[Rule]) -> list[Table]:
    """The tables of more than one cell that rules enclose, from top to bottom.

    Raises:
        TooComplexError: there are far more rules, or places where they meet, than any document needs.
    """
    across, down = merged(horizontal), merged(vertical)
    refuse_beyond(MOST_RULES, len(across) + len(down), "rules")
    added = _closing_rules(across, down)
    tops = {rule.at for rule in added}
    found = []
    for cells in _grouped(_cells(across + added, down)):
        if len(cells) > 1:
            _, top, _, bottom = outline(cells)
            found.append(Table(cells, top in tops, bottom in tops))
    return found


def outline(cells: Sequence[BBox]) -> BBox:
    """The box around cells."""
    return min(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells), max(c[3] for c in cells)


def merged(rules: Sequence[Rule]) -> list[Rule]:
    """Rules that nearly coincide at their middle, those on one line that nearly touch as one, short ones left out."""
    found: list[Rule] = []
    for members in _side_by_side(rules):
        at = sum(rule.at for rule in members) / len(members)
        members.sort(key=lambda rule: rule.start)
        start, end = members[0].start, members[0].end
        for rule in members:
            if rule.start > end + _SNAP:
                found.append(Rule(at, start, end))
                start, end = rule.start, rule.end
            elif rule.end > end:
                end = rule.end
        found.append(Rule(at, start, end))
    return [rule for rule in found if rule.end - rule.start >= _SHORTEST]


def _side_by_side(rules: Sequence[Rule]) -> Iterator[list[Rule]]:
    """Rules in groups of which each is nearer than the tolerance to the next."""
    group: list[Rule] = []
    for rule in sorted(rules):
        if group and rule.at > group[-1].at + _SNAP:
            yield group
            group = []
        group.append(rule)
    if group:
        yield group


def _closing_rules(across: Sequence[Rule], down: Sequence[Rule]) -> list[Rule]:
    """Horizontal rules for the places where at least two vertical rules end in the open at one height."""
    added: list[Rule] = []
    heights = [rule.at for rule in across]
    for is_top in (True, False):
        ends = sorted((rule.start if is_top else rule.end, rule.at) for rule in down)
        loose = [(y, x) for y, x in ends if not _is_met(x, y, across, heights)]
        while loose:
            level = loose[0][0]
            group = [x for y, x in loose if y - level <= _OPEN]
            y = loose[len(group) - 1][0] if is_top else level
            loose = loose[len(group) :]
            x0, x1 = min(group), max(group)
            near = [x for y_end, x in ends if abs(y_end - level) <= _OPEN]
            # a cell between a loose rule and one that is met is open, too
            x0, x1 = max((x for x in near if x < x0), default=x0), min((x for x in near if x > x1), default=x1)
            if x1 > x0:
                added.append(Rule(y, x0, x1))
    return added


def _is_met(x: float, y: float, across: Sequence[Rule], heights: Sequence[float]) -> bool:
    first, last = bisect_left(heights, y - _OPEN), bisect_right(heights, y + _OPEN)
    return any(rule.start - _OPEN <= x <= rule.end + _OPEN for rule in across[first:last])


Point = tuple[float, float]
Meetings = dict[Point, int]
"""Points where rules meet → which ones do, a bit for each."""


def _cells(across: Sequence[Rule], down: Sequence[Rule]) -> Iterator[BBox]:
    """The smallest ruled rectangle to the lower right of every point where two rules meet."""
    touching_down, touching_across = _meetings(across, down)
    refuse_beyond(MOST_CROSSINGS, len(touching_down), "places where rules meet")
    columns: dict[float, list[float]] = {}
    rows: dict[float, list[float]] = {}
    for x, y in sorted(touching_down):
        columns.setdefault(x, []).append(y)
        rows.setdefault(y, []).append(x)

    def cell(x: float, y: float, below: int) -> BBox | None:
        ys, xs = columns[x], rows[y]
        to_the_right = bisect_right(xs, x)
        down_here, across_here = touching_down[x, y], touching_across[x, y]
        for place in range(below, len(ys)):
            lower = ys[place]
            if not down_here & touching_down[x, lower]:
                return None  # rules are whole: what the next one below does not reach, none further down does
            for number in range(to_the_right, len(xs)):
                further = xs[number]
                if not across_here & touching_across[further, y]:
                    break
                corner = further, lower
                if (
                    corner in touching_down
                    and touching_down[corner] & touching_down[further, y]
                    and touching_across[corner] & touching_across[x, lower]
                ):
                    return x, y, further, lower
        return None

    for x, ys in columns.items():
        for below, y in enumerate(ys, 1):
            found = cell(x, y, below)
            if found is not None:
                yield found


def _meetings(across: Sequence[Rule], down: Sequence[Rule]) -> tuple[Meetings, Meetings]:
    """The points where rules meet → the vertical and the horizontal rules that meet there."""
    order = sorted(range(len(across)), key=lambda index: across[index].at)
    heights = [across[index].at for index in order]
    touching_down: Meetings = {}
    touching_across: Meetings = {}
    for number, (x, top, bottom) in enumerate(down):
        for place in range(bisect_left(heights, top - _SNAP), bisect_right(heights, bottom + _SNAP)):
            index = order[place]
            y, start, end = across[index]
            if start - _SNAP <= x <= end + _SNAP:
                point = x, y
                touching_down[point] = touching_down.get(point, 0) | 1 << number
                touching_across[point] = touching_across.get(point, 0) | 1 << index
    return touching_down, touching_across


def _grouped(cells: Iterable[BBox]) -> list[list[BBox]]:
    """Cells that share corners, as tables from top to bottom."""
    owner: dict[Point, list[BBox]] = {}
    groups: list[list[BBox]] = []
    for cell in cells:
        x0, top, x1, bottom = cell
        corners = ((x0, top), (x0, bottom), (x1, top), (x1, bottom))
        home: list[BBox] | None = None
        for corner in corners:
            met = owner.get(corner)
            if home is None:
                home = met
            elif met is not None and met is not home:
                home.extend(met)
                for ox0, otop, ox1, obottom in met:
                    owner.update(dict.fromkeys(((ox0, otop), (ox0, obottom), (ox1, otop), (ox1, obottom)), home))
                met.clear()
        if home is None:
            home = []
            groups.append(home)
        home.append(cell)
        for corner in corners:
            owner[corner] = home
    return sorted(filter(None, groups), key=lambda group: min((cell[1], cell[0]) for cell in group))
