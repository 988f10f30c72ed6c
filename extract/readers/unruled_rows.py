"""The columns' lines of a block without vertical rules → its rows: between rules, else between wider gaps or amounts.

Where lines stand evenly from top to bottom, a row begins on every line that has both a number and a name; cells set in
the middle of their rows cannot be told then, and no rows are given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from extract.readers.characters import Run, lines_of
from extract.readers.corridors import Block, Columns, parts_of
from extract.readers.rules import Rule
from extract.readers.segments import em_of

_OF_NUMBERS = "0123456789０１２３４５６７８９,，.．-—–%％"
_NUMERIC_COLUMN = 0.8  # of its lines are numbers
_WIDER = 0.2  # em by which a gap between rows exceeds one between lines
_APART = 1.0  # em of white that no name has between its lines
_SAME_LINE = 0.35  # em between the middles of what stands on one line
_COVERED = 0.8  # of a column's print, under a rule that closes its cells


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of one column."""

    column: int
    middle: float
    em: float
    characters: tuple[Run, ...]
    is_numeric: bool

    @property
    def top(self) -> float:
        """Its upper edge, as high as a full character."""
        return self.middle - self.em / 2

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.middle + self.em / 2


Row = list[Entry]


def entries_of(block: Block) -> list[Entry]:
    """The lines of every column of a block, from top to bottom."""
    held: dict[int, list[Run]] = {}
    for line in block.body:
        on_line: dict[int, list[Run]] = {}
        for column, part in parts_of(line, block.columns):
            on_line.setdefault(column, []).extend(part.characters)
        for column, characters in on_line.items():
            x0, x1 = min(c.x0 for c in characters), max(c.x1 for c in characters)
            within = [space for space in line.spaces if x0 <= space.first_middle_x <= x1]
            held.setdefault(column, []).extend([*characters, *within])
    found = []
    for column, characters in held.items():
        em = em_of(characters)
        for printed in lines_of(characters):
            text = "".join(character.text for character in printed)
            middle = median(character.middle_y for character in printed)
            found.append(Entry(column, middle, em, tuple(printed), not text.strip(_OF_NUMBERS)))
    return sorted(found, key=lambda entry: entry.middle)


def rows_of(entries: Sequence[Entry], rules: Sequence[Rule], columns: Columns, goes_on: bool) -> list[Row] | None:
    """The rows of a block; None where they cannot be told apart.

    ``rules`` are those within the block; ``goes_on``: its first lines may be the rest of a row of another page.
    """
    anchors = _Anchors(entries)
    heights = sorted({rule.at for rule in rules if covered(rule, columns)})
    rows: list[Row] = []
    for band in _bands(entries, heights):
        if heights and (anchors.count(band) <= 1 or len(_groups(band, _line_gap(entries))) == 1):
            rows.append(band)
            continue
        parted = _parted(band, anchors, entries, goes_on and not rows)
        if parted is None:
            return None
        rows.extend(parted)
    return rows


def covered(rule: Rule, columns: Columns) -> list[int]:
    """The columns whose cells a rule closes."""
    return [
        number
        for number, (start, end) in enumerate(zip(columns.starts, columns.ends, strict=True))
        if min(rule.end, end) - max(rule.start, start) >= _COVERED * (end - start)
    ]


class _Anchors:
    """Which lines have both a number of a column of numbers and print in the first column of names."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        by_column: dict[int, list[Entry]] = {}
        for entry in entries:
            by_column.setdefault(entry.column, []).append(entry)
        numeric = {
            column
            for column, held in by_column.items()
            if sum(entry.is_numeric for entry in held) >= _NUMERIC_COLUMN * len(held)
        }
        self.numbers = [entry for entry in entries if entry.column in numeric]
        names = min((column for column in by_column if column not in numeric), default=None)
        self.name_column = names
        self._names = [entry for entry in entries if entry.column == names]

    def middles(self, band: Sequence[Entry]) -> list[float]:
        """The middles of these lines in a band, each once."""
        held = {id(entry) for entry in band}
        found: list[float] = []
        for entry in self.numbers:
            on_line = any(abs(name.middle - entry.middle) <= _SAME_LINE * entry.em for name in self._names)
            if id(entry) in held and on_line and not any(abs(m - entry.middle) <= 0.5 * entry.em for m in found):
                found.append(entry.middle)
        return sorted(found)

    def count(self, band: Sequence[Entry]) -> int:
        """How many such lines a band has."""
        return len(self.middles(band))

    def are_names_apart(self, band: Sequence[Entry]) -> bool:
        """Whether the names in a band stand further apart than the lines of one name."""
        held = [entry for entry in band if entry.column == self.name_column]
        return any(below.top - above.bottom > _APART * above.em for above, below in pairwise(held))

    def loose_numbers(self, band: Sequence[Entry]) -> int:
        """The most lines of numbers that one column has in a band."""
        held = {id(entry) for entry in band}
        counts: dict[int, int] = {}
        for entry in self.numbers:
            if id(entry) in held:
                counts[entry.column] = counts.get(entry.column, 0) + 1
        return max(counts.values(), default=0)


def _bands(entries: Sequence[Entry], heights: Sequence[float]) -> list[list[Entry]]:
    """Entries between rules, from top to bottom."""
    bands: dict[int, list[Entry]] = {}
    for entry in entries:
        bands.setdefault(sum(height < entry.middle for height in heights), []).append(entry)
    return [bands[number] for number in sorted(bands)]


def _parted(band: Sequence[Entry], anchors: _Anchors, entries: Sequence[Entry], goes_on: bool) -> list[Row] | None:
    """The rows of lines between which no rule is drawn."""
    rows: list[Row] = []
    for group in _groups(band, _line_gap(entries)):
        middles = anchors.middles(group)
        if len(middles) <= 1:
            if anchors.loose_numbers(group) > 1 or (not middles and anchors.are_names_apart(group)):
                return None  # several names or numbers that share no line, in rows that touch
            begins = any(entry.column == anchors.name_column for entry in group) or anchors.loose_numbers(group) > 0
            if rows and not begins:
                rows[-1].extend(group)  # a paragraph set apart within a cell
            else:
                rows.append(list(group))
            continue
        parted = _by_anchors(group, middles, goes_on and not rows)
        if parted is None:
            return None
        rows.extend(parted)
    return rows


def _line_gap(entries: Sequence[Entry]) -> float:
    """The white between two lines of one cell in points: the least between two lines of a column."""
    by_column: dict[int, list[Entry]] = {}
    for entry in entries:
        by_column.setdefault(entry.column, []).append(entry)
    return min(
        (below.top - above.bottom for held in by_column.values() for above, below in pairwise(held)),
        default=0.0,
    )


def _groups(band: Sequence[Entry], line_gap: float) -> list[list[Entry]]:
    """Entries apart where no column prints for more than the gap between two lines."""
    groups: list[list[Entry]] = []
    reached = 0.0
    for entry in sorted(band, key=lambda e: e.top):
        if not groups or entry.top - reached > line_gap + _WIDER * entry.em:
            groups.append([])
        groups[-1].append(entry)
        reached = max(reached, entry.bottom)
    return groups


def _by_anchors(group: Sequence[Entry], middles: Sequence[float], goes_on: bool) -> list[Row] | None:
    """Rows that begin on the lines of numbers and names; None where some column of a row begins on another line."""
    rows: list[Row] = [[] for _ in range(len(middles) + 1)]
    for entry in group:
        rows[sum(middle <= entry.middle + 0.5 * entry.em for middle in middles)].append(entry)
    if rows[0] and not goes_on:
        return None
    for middle, row in zip(middles, rows[1:], strict=True):
        firsts = {entry.column: entry for entry in reversed(row)}
        if any(abs(entry.middle - middle) > 0.5 * entry.em for entry in firsts.values()):
            return None
    return [row for row in rows if row]
