"""Print outside ruled grids, page after page → grids of tables that have horizontal rules only, or none.

Columns come from ``corridors``, rows from ``unruled_rows``; a page whose table has no heading goes on with the columns
of the page before, where its print keeps to them. What is no such table stays lines of text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from extract.readers.characters import Run, box_of, lines_of, text_of
from extract.readers.corridors import (
    FEWEST_COLUMNS,
    Block,
    Columns,
    Label,
    block_at,
    block_from,
    is_of_columns,
    repeated,
    rules_between,
)
from extract.readers.rules import Rule
from extract.readers.segments import SegmentedLine, segmented
from extract.readers.unruled_rows import Row, covered, entries_of, rows_of
from extract.records import BBox, Cell, Grid, Issue, Page, Part

_SAME_COLUMN = 6.0  # points between the corridors of one table on two pages
_CLOSED = 12.0  # points from the last line to the rule that closes a table


@dataclass(frozen=True, slots=True)
class Unruled:
    """What a page holds besides ruled grids: its grids, the characters of none, and what is open about them."""

    grids: tuple[Grid, ...]
    loose: tuple[Run, ...]
    issues: tuple[Issue, ...] = ()


@dataclass(slots=True)
class UnruledTables:
    """Reads the pages of one document in their order; ``pages_with_edges`` closes the reading."""

    _columns: Columns | None = None
    _heading: tuple[str, ...] = ()
    _around: frozenset[str] = frozenset()
    _table: int = 0
    _widths: dict[int, tuple[float, float]] = field(default_factory=dict)
    _tables: dict[tuple[int, BBox], int] = field(default_factory=dict)

    def page(
        self, runs: Sequence[Run], rules: Sequence[Rule], ruled: Sequence[BBox | None], page_number: int
    ) -> Unruled:
        """The tables among runs that stand in no ruled grid; ``ruled`` are the boxes of the page's grids."""
        if self._columns is None and not any(len(line) >= FEWEST_COLUMNS for line in lines_of(runs)):
            return Unruled((), tuple(runs))
        characters = [character for run in runs for character in run.characters()]
        lines = segmented(characters)
        grids: list[Grid] = []
        issues: list[Issue] = []
        taken: set[int] = set()
        start = self._first_line(lines)
        before, self._columns = self._columns, None
        if before is not None and self._is_lost(lines[start:], rules, before, ruled):
            issues.append(_untold(lines[start:], page_number))
        while start < len(lines):
            block = self._next_block(lines[: _next_ruled(lines, start, ruled)], start, rules, before)
            if block is None:
                before, start = None, _next_ruled(lines, start, ruled)
                continue
            goes_on = before is not None and _are_same(before, block.columns)
            self._table += not goes_on
            found = _grid(block, rules, page_number, goes_on)
            if found is None:
                issues.append(_untold(block.body, page_number))
            else:
                grids.append(found)
                self._note(found, page_number)
                issues += [_told(found, page_number), *_overflows(block, page_number)]
                taken.update(id(c) for line in block.body for c in line.characters)
                taken.update(id(c) for label in block.labels for part in label.segments for c in part.characters)
            before, start = None, block.end
            self._heading = block.heading or self._heading
            if _is_last(lines, block.end):
                self._columns = block.columns
                break
        self._around = frozenset(line.text for line in lines if id(line.characters[0]) not in taken)
        loose = [c for c in characters if id(c) not in taken] if taken else runs
        return Unruled(tuple(grids), tuple(loose), tuple(issues))

    @property
    def goes_on(self) -> bool:
        """Whether the table of the page before may go on."""
        return self._columns is not None

    def skip(self) -> None:
        """Pass over a page: no table goes on behind it."""
        self._columns = None

    def may_be_followed_by(self, other: UnruledTables) -> bool:
        """Whether another, which knows nothing of these pages, may have read those behind them."""
        return not self.goes_on and (self._is_untouched or other._is_untouched)

    def followed_by(self, other: UnruledTables) -> UnruledTables:
        """What goes on behind the pages that such another read."""
        return other if self._is_untouched else self

    @property
    def _is_untouched(self) -> bool:
        """Whether no page so far left anything that bears on another page."""
        return self == UnruledTables()

    def pages_with_edges(self, pages: Sequence[Page]) -> tuple[Page, ...]:
        """The pages, every table with the outer edges of its widest page: by them its pages are known as one table."""
        return tuple(
            replace(page, grids=tuple(self._with_edges(grid, page.page_number) for grid in page.grids))
            for page in pages
        )

    def _next_block(
        self, lines: Sequence[SegmentedLine], start: int, rules: Sequence[Rule], before: Columns | None
    ) -> Block | None:
        """The next table from a line on: the rest of the one before, unless its heading stands there again."""
        again = next((n for n in range(start, len(lines)) if repeated(lines, n, self._heading)), len(lines))
        if before is not None and again > start:
            block = block_from(lines[:again], before, start)
            if block is not None:
                return block
        blocks = (block_at(lines, number, rules, start, self._heading) for number in range(start, len(lines)))
        return next((block for block in blocks if block is not None), None)

    def _is_lost(
        self, lines: Sequence[SegmentedLine], rules: Sequence[Rule], before: Columns, ruled: Sequence[BBox | None]
    ) -> bool:
        """Whether a page seems to go on with the table of the page before, but not in its columns."""
        if not lines or self._next_block(lines, 0, rules, before) is not None:
            return False
        above = lines[: _next_ruled(lines, 0, ruled)]
        return any(is_of_columns(line) for line in above)

    def _first_line(self, lines: Sequence[SegmentedLine]) -> int:
        """The first line that the page before does not print outside its table, too."""
        return next((n for n, line in enumerate(lines) if line.text not in self._around), len(lines))

    def _note(self, grid: Grid, page_number: int) -> None:
        assert grid.part.bbox is not None
        x0, _, x1, _ = grid.part.bbox
        widest = self._widths.get(self._table, (x0, x1))
        self._widths[self._table] = min(widest[0], x0), max(widest[1], x1)
        self._tables[page_number, grid.part.bbox] = self._table

    def _with_edges(self, grid: Grid, page_number: int) -> Grid:
        box = grid.part.bbox
        table = self._tables.get((page_number, box)) if box is not None else None
        if table is None or box is None:
            return grid
        x0, x1 = self._widths[table]

        def stretched(part: Part) -> Part:
            assert part.bbox is not None
            left, top, right, bottom = part.bbox
            return replace(part, bbox=(x0 if left == box[0] else left, top, x1 if right == box[2] else right, bottom))

        rows = tuple(tuple(c and replace(c, part=stretched(c.part)) for c in row) for row in grid.rows)
        return replace(grid, rows=rows, part=stretched(grid.part))


def _next_ruled(lines: Sequence[SegmentedLine], index: int, ruled: Sequence[BBox | None]) -> int:
    """Before which line a ruled grid stands that lies below ``index``."""
    tops = [box[1] for box in ruled if box and box[1] >= lines[index].middle]
    return next((n for n in range(index + 1, len(lines)) if tops and lines[n].middle > min(tops)), len(lines))


def _is_last(lines: Sequence[SegmentedLine], end: int) -> bool:
    return end >= len(lines) or (end == len(lines) - 1 and lines[end].is_page_number)


def _are_same(one: Columns, other: Columns) -> bool:
    """Whether the columns of two pages may be of one table."""
    if len(one.starts) != len(other.starts):
        return False
    pairs = list(zip(one.boundaries, other.boundaries, strict=True))
    return sum(abs(a - b) <= _SAME_COLUMN for a, b in pairs) * 2 >= len(pairs)


def _grid(block: Block, rules: Sequence[Rule], page_number: int, goes_on: bool) -> Grid | None:
    """The grid of a block; None where its rows cannot be told apart."""
    entries = entries_of(block)
    first, last = entries[0].middle, entries[-1].middle
    within = [rule for rule in rules if first < rule.at < last]
    rows = rows_of(entries, within, block.columns, goes_on)
    if rows is None:
        return None
    edges = block.columns.edges
    tops = [min(entry.top for entry in row) for row in rows]
    bottoms = [max(entry.bottom for entry in row) for row in rows]
    heading = _heading_rows(block, edges, tops[0], page_number)
    closing = min((rule.at for rule in rules if last < rule.at <= bottoms[-1] + _CLOSED), default=None)
    heights = [tops[0] if not heading else _floor(heading)]
    heights += [_between(bottoms[n], tops[n + 1], within) for n in range(len(rows) - 1)]
    heights.append(closing if closing is not None else bottoms[-1])
    body = _body_rows(rows, heights, within, block.columns, page_number)
    top = min([heights[0], *(cell.part.bbox[1] for row in heading for cell in row if cell and cell.part.bbox)])
    opened = not block.labels and not rules_between(rules, heights[0] - _CLOSED, tops[0])
    box = (edges[0], top, edges[-1], heights[-1])
    return Grid((*heading, *body), Part(page_number, box), opened, closing is None)


def _floor(heading: Sequence[Sequence[Cell | None]]) -> float:
    return max(cell.part.bbox[3] for row in heading for cell in row if cell and cell.part.bbox)


def _between(bottom: float, top: float, rules: Sequence[Rule]) -> float:
    """The height between two rows: the rule that is drawn there, else the middle."""
    return next((rule.at for rule in rules if bottom <= rule.at <= top), (bottom + top) / 2)


def _heading_rows(
    block: Block, edges: Sequence[float], floor: float, page_number: int
) -> list[tuple[Cell | None, ...]]:
    """The labels as rows of the grid: those over several columns first, below them those of single ones."""
    if not block.labels:
        return []
    parents = [label for label in block.labels if label.below]
    leaves = [label for label in block.labels if not label.below]
    top = min(label.top for label in block.labels)
    below = {id(leaf) for parent in parents for leaf in parent.below}
    middle = floor
    if parents:
        lowest = max(box_of([c for s in parent.segments for c in s.characters])[3] for parent in parents)
        middle = (lowest + min(leaf.top for parent in parents for leaf in parent.below)) / 2

    def cell(label: Label, upper: float, lower: float) -> Cell:
        text = "\n".join(segment.text for segment in label.segments)
        return Cell(text, Part(page_number, (edges[label.first], upper, edges[label.last + 1], lower)))

    single = [cell(leaf, top, floor) if id(leaf) not in below else None for leaf in leaves]
    if not parents:
        return [tuple(single)]
    upper = list(single)
    for parent in parents:
        upper[parent.first] = cell(parent, top, middle)
    lower = [cell(leaf, middle, floor) if id(leaf) in below else None for leaf in leaves]
    return [tuple(upper), tuple(lower)]


def _body_rows(
    rows: Sequence[Row], heights: Sequence[float], rules: Sequence[Rule], columns: Columns, page_number: int
) -> list[tuple[Cell | None, ...]]:
    """The rows as cells; where the rule between two rows does not reach under a column, its cells are one."""
    edges = columns.edges
    closed = [_closed_columns(height, rules, columns) for height in heights[1:-1]]
    body: list[list[Cell | None]] = []
    for column in range(len(edges) - 1):
        cells: list[Cell | None] = []
        first = 0
        for number in range(len(rows)):
            if number + 1 < len(rows) and column not in closed[number]:
                cells.append(None)
                continue
            held = [c for row in rows[first : number + 1] for e in row if e.column == column for c in e.characters]
            place = (edges[column], heights[first], edges[column + 1], heights[number + 1])
            cells.append(None)
            cells[first] = Cell(text_of(held), Part(page_number, place))
            first = number + 1
        body.append(cells)
    return [tuple(cells) for cells in zip(*body, strict=True)]


def _closed_columns(height: float, rules: Sequence[Rule], columns: Columns) -> set[int]:
    """The columns whose cells end at a height: those over the rule there, all of them where none is drawn."""
    drawn = [rule for rule in rules if abs(rule.at - height) < 0.01]
    every = range(len(columns.starts))
    return {number for rule in drawn for number in covered(rule, columns)} if drawn else set(every)


def _overflows(block: Block, page_number: int) -> list[Issue]:
    return [
        Issue(
            "error",
            "overflowing_text",
            f"“{line.text[:60]}” reaches over the corridor between two columns",
            "Look at the place; parts of the line may stand in the wrong column.",
            page_number,
            bbox=box_of(line.characters),
        )
        for line in block.overflowing
    ]


def _told(grid: Grid, page_number: int) -> Issue:
    return Issue(
        "info",
        "unruled_table",
        f"Page {page_number} draws no vertical rules; the columns of its table are told by the white between them",
        "Nothing, if the sums hold.",
        page_number,
        bbox=grid.part.bbox,
    )


def _untold(lines: Sequence[SegmentedLine], page_number: int) -> Issue:
    return Issue(
        "error",
        "untold_rows",
        f"The rows of a table without rules on page {page_number} cannot be told apart",
        "Look at the page; the rows are missing from the data.",
        page_number,
        bbox=box_of([c for line in lines for c in line.characters]),
    )
