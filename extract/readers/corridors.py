"""Lines of a page without vertical rules → columns: white corridors that go through a block below a row of labels.

A heading is a line of at least three labels. Its block goes down as long as a corridor stays white between every two of
them; what stands under no label belongs to the label that prints nothing beside it. Where that is open, there is none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from extract.readers.rules import Rule
from extract.readers.segments import Segment, SegmentedLine

_LABEL_GAP = 0.6  # em between two labels of a heading
_CORRIDOR = 0.25  # em that a corridor keeps white at least
FEWEST_COLUMNS = 3
_DEEPEST = 5  # lines of a heading
_LONGEST_LABEL = 30  # characters
_NOT_LABELS = ("：", ":", "。", "；", "…", "....")
_CENTRED = 0.2  # of a label's width, by which it may miss the middle of what it stands over
_LEVEL = 3.0  # points between the tops of labels on one line
_WRAPPED = 1.6  # em from the line above within one label
_ABOVE = 1.3  # em: a line so near above a heading's first is one of its rows
_OVER = 2.4  # em from a label over several columns to the line below it
_LABELS_OVER = 2  # lines of them
_WIDE = 0.6  # of the widest rule of a page
_FAR = 6.0  # em without print that end a block, if none before was half as wide
_NEARER = 3.0  # times nearer is near enough to tell whose an unlabelled text is


@dataclass(slots=True)
class Label:
    """A label of a heading: its lines from top to bottom, and the columns below it."""

    segments: list[Segment]
    first: int = 0
    last: int = 0
    below: list[Label] = field(default_factory=list)

    @property
    def x0(self) -> float:
        """Its left edge."""
        return min(segment.x0 for segment in self.segments)

    @property
    def x1(self) -> float:
        """Its right edge."""
        return max(segment.x1 for segment in self.segments)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(segment.top for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of a page: where each begins and ends in print, and the middle of the corridors between them."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]

    @property
    def boundaries(self) -> list[float]:
        """The middles of the corridors from left to right."""
        return [(end + start) / 2 for end, start in zip(self.ends[:-1], self.starts[1:], strict=True)]

    @property
    def edges(self) -> list[float]:
        """The boundaries with the outer edges of print around them."""
        return [self.starts[0], *self.boundaries, self.ends[-1]]

    def column_of(self, x: float) -> int:
        """The column in which a place lies."""
        return bisect_right(self.boundaries, x)

    def holds(self, segment: Segment) -> bool:
        """Whether a segment lies within one column."""
        return self.column_of(segment.x0) == self.column_of(segment.x1)


@dataclass(frozen=True, slots=True)
class Block:
    """A table without vertical rules: its columns, labels (none where it goes on from the page before) and lines.

    ``heading`` are the texts of the heading's lines, ``overflowing`` the lines whose text reaches over a corridor.
    """

    columns: Columns
    heading: tuple[str, ...]
    labels: tuple[Label, ...]
    body: tuple[SegmentedLine, ...]
    end: int
    overflowing: tuple[SegmentedLine, ...] = ()


@dataclass(slots=True)
class _Atom:
    """Print between two white corridors: the labels in it and the numbers of its lines."""

    x0: float
    x1: float
    labels: set[int]
    lines: set[int]


def block_at(
    lines: Sequence[SegmentedLine], index: int, rules: Sequence[Rule], first: int, known: Sequence[str] = ()
) -> Block | None:
    """The block whose heading's fullest line is ``lines[index]``; lines before ``first`` belong to others.

    ``known`` are the lines of the heading on the page before, which may stand here again.
    """
    if not is_of_columns(lines[index]):
        return None
    found_range = repeated(lines, index, known) or _heading_range(lines, index, rules, first)
    if found_range is None:
        return None
    start, split = found_range
    found = _labels_of(lines[start:split])
    for above in range(start - 1, max(first, start - _LABELS_OVER) - 1, -1):
        if lines[above + 1].middle - lines[above].middle > _OVER * lines[index].em:
            break
        if rules_between(wide(rules), lines[above].middle, lines[above + 1].middle):
            break
        higher = _labels_of(lines[above:split])
        parts = _labels(lines[above])
        if higher and all(any(part in label.segments for label in higher[1]) for part in parts):
            found, start = higher, above
    if found is None:
        return None
    heading = lines[start:split]
    leaves, parents = found
    block = _block_below(lines, split, leaves, parents)
    return replace(block, heading=tuple(line.text for line in heading)) if block is not None else None


def block_from(lines: Sequence[SegmentedLine], columns: Columns, start: int) -> Block | None:
    """The block that goes on with the columns of the page before; None where print does not keep to them."""
    end, overflowing = _end_of_body(lines, start, lambda line: _fits(columns, line))
    body = lines[start:end]
    if not body:
        return None
    if not _is_filled(columns, body) and not (end >= _last_of_text(lines) and all(_starts(columns, b) for b in body)):
        return None
    return Block(columns, (), (), tuple(body), end, tuple(overflowing))


def is_of_columns(line: SegmentedLine) -> bool:
    """Whether a line stands in as many parts as no line of prose does."""
    return len(_labels(line)) >= FEWEST_COLUMNS


def _labels(line: SegmentedLine) -> list[Segment]:
    return line.labels(_LABEL_GAP * line.em)


def _parts(line: SegmentedLine) -> list[Segment]:
    return line.segments(max(2.0, _CORRIDOR * line.em))


def _labels_of(heading: Sequence[SegmentedLine]) -> tuple[list[Label], list[Label]] | None:
    """The labels of single columns and those over several of lines that may be a heading; None if they are none."""
    texts = [segment.text for line in heading for segment in _labels(line)]
    if any(len(text) > _LONGEST_LABEL or any(mark in text for mark in _NOT_LABELS) for text in texts):
        return None
    found = _leaves(heading)
    return found if found is not None and len(found[0]) >= FEWEST_COLUMNS else None


def wide(rules: Sequence[Rule]) -> list[Rule]:
    """The rules that may go through a whole table."""
    widest = max((rule.end - rule.start for rule in rules), default=0.0)
    return [rule for rule in rules if rule.end - rule.start >= _WIDE * widest]


def repeated(lines: Sequence[SegmentedLine], index: int, known: Sequence[str]) -> tuple[int, int] | None:
    """From which to before which line a known heading stands around a line."""
    for start in range(max(0, index - len(known) + 1), index + 1):
        if known and [line.text for line in lines[start : start + len(known)]] == list(known):
            return start, start + len(known)
    return None


def _heading_range(
    lines: Sequence[SegmentedLine], index: int, rules: Sequence[Rule], first: int
) -> tuple[int, int] | None:
    """From which to before which line a heading goes: to a rule, or to the widest gap above the first number."""
    start = index
    em = lines[index].em
    while (
        start > first
        and index - start < _DEEPEST
        and lines[start].middle - lines[start - 1].middle <= _ABOVE * em
        and not is_of_columns(lines[start - 1])
        and not rules_between(wide(rules), lines[start - 1].middle, lines[start].middle)
    ):
        start -= 1
    ahead = range(index + 1, min(index + 1 + _DEEPEST, len(lines)))
    for line in ahead:
        if rules_between(wide(rules), lines[line - 1].middle, lines[line].middle):
            return start, line
    if any(segment.is_numeric for line in lines[start : index + 1] for segment in _labels(line)):
        return None
    body = next((n for n in ahead if any(part.is_numeric for part in _parts(lines[n]))), None)
    if body is None:
        body = min(index + 1, len(lines))
    gaps = {n: lines[n].middle - lines[n - 1].middle for n in range(index + 1, min(body + 1, len(lines)))}
    if not gaps:
        return None
    widest = max(gaps.values())
    return start, max(n for n, gap in gaps.items() if gap >= widest - 1.0)


def rules_between(rules: Sequence[Rule], above: float, below: float) -> bool:
    """Whether one of the rules lies between two heights."""
    return any(above < rule.at < below for rule in rules)


def _leaves(heading: Sequence[SegmentedLine]) -> tuple[list[Label], list[Label]] | None:
    """The labels of single columns from left to right, and those over several; None where it is open which is which."""
    leaves: list[Label] = []
    parents: list[Label] = []
    for line in reversed(heading):
        new: list[Label] = []
        beside = _labels(line)
        for segment in beside:
            below = [label for label in leaves if label.x0 < segment.x1 and segment.x0 < label.x1]
            over = [label for label in parents if label.x0 < segment.x1 and segment.x0 < label.x1]
            near = [label for label in (*below, *over) if label.top - segment.bottom <= (_WRAPPED - 1) * line.em]
            group = _group_under(segment, beside, leaves, parents)
            if len(below) == 1 and near == below:
                below[0].segments.insert(0, segment)
            elif group:
                parents.append(Label([segment], below=group))
            elif over and near == over:
                over[0].segments.insert(0, segment)
            elif not below and not over:
                new.append(Label([segment]))
            else:
                return None
        leaves = sorted([*leaves, *new], key=lambda label: label.x0)
    for number, label in enumerate(leaves):
        label.first = label.last = number
    for parent in parents:
        parent.first, parent.last = parent.below[0].first, parent.below[-1].last
    return leaves, parents


def _group_under(
    segment: Segment, beside: Sequence[Segment], leaves: Sequence[Label], parents: Sequence[Label]
) -> list[Label]:
    """The widest run of labels side by side on one lower line, under no label yet, in whose middle a segment stands."""
    owned = [id(label) for parent in parents for label in parent.below]
    best: list[Label] = []
    for first in range(len(leaves)):
        for last in range(first + 1, len(leaves)):
            run = list(leaves[first : last + 1])
            is_level = all(abs(label.top - run[0].top) <= _LEVEL for label in run)
            is_free = not any(id(label) in owned for label in run)
            is_below = all(label.top >= (segment.top + segment.bottom) / 2 for label in run)
            off = abs((run[0].x0 + run[-1].x1) / 2 - segment.centre)
            is_alone = not any(run[0].x0 < s.centre < run[-1].x1 for s in beside if s is not segment)
            if (
                is_level
                and is_free
                and is_below
                and is_alone
                and off <= _CENTRED * max(segment.x1 - segment.x0, run[0].x1 - run[0].x0)
            ):
                best = max(best, run, key=len)
    return best


def _block_below(lines: Sequence[SegmentedLine], split: int, leaves: list[Label], parents: list[Label]) -> Block | None:
    atoms = [_Atom(label.x0, label.x1, {number}, set()) for number, label in enumerate(leaves)]
    em = lines[split - 1].em
    atoms_now = _merged(atoms, _CORRIDOR * em)
    if any(len(atom.labels) > 1 for atom in atoms_now):
        return None
    state = [atoms_now]

    def fits(line: SegmentedLine) -> bool:
        added = [_Atom(part.x0, part.x1, set(), {id(line)}) for part in _parts(line)]
        merged = _merged([*state[0], *added], max(2.0, _CORRIDOR * line.em))
        if any(len(atom.labels) > 1 for atom in merged):
            return False
        state[0] = merged
        return True

    end, overflowing = _end_of_body(lines, split, fits)
    columns = _columns(state[0], len(leaves))
    body = lines[split:end]
    if columns is None or not body or not _is_filled(columns, body):
        return None
    return Block(columns, (), (*leaves, *parents), tuple(body), end, tuple(overflowing))


def _merged(atoms: Sequence[_Atom], gap: float) -> list[_Atom]:
    merged: list[_Atom] = []
    for atom in sorted(atoms, key=lambda a: a.x0):
        if merged and atom.x0 - merged[-1].x1 < gap:
            last = merged[-1]
            merged[-1] = _Atom(last.x0, max(last.x1, atom.x1), last.labels | atom.labels, last.lines | atom.lines)
        else:
            merged.append(_Atom(atom.x0, atom.x1, set(atom.labels), set(atom.lines)))
    return merged


def _end_of_body(
    lines: Sequence[SegmentedLine], start: int, fits: Callable[[SegmentedLine], bool]
) -> tuple[int, list[SegmentedLine]]:
    """Before which line a body ends, and its lines that cross a corridor although more of the table follows."""
    overflowing: list[SegmentedLine] = []
    widest = 0.0
    last = _last_of_text(lines)
    for number in range(start, last):
        line = lines[number]
        if number > start:
            gap = line.middle - lines[number - 1].middle
            if gap > _FAR * line.em and gap > 2 * widest:
                return number, overflowing
            widest = max(widest, gap)
        if not fits(line):
            after = next(
                (n for n in range(number + 1, last) if len(_labels(lines[n])) >= FEWEST_COLUMNS and fits(lines[n])),
                None,
            )
            if after is None or number == start:
                return number, overflowing
            overflowing.append(line)
    return last, overflowing


def _last_of_text(lines: Sequence[SegmentedLine]) -> int:
    """Before which line a page's text ends: what follows is the page's number."""
    return len(lines) - 1 if lines and lines[-1].is_page_number else len(lines)


def _columns(atoms: Sequence[_Atom], count: int) -> Columns | None:
    """The columns of the labels, with the print that stands under none; None where it is open whose it is."""
    held: list[list[_Atom]] = [[] for _ in range(count)]
    for atom in atoms:
        for label in atom.labels:
            held[label].append(atom)
    for place, atom in enumerate(atoms):
        if atom.labels:
            continue
        left = max((label for a in atoms[:place] for label in a.labels), default=None)
        right = min((label for a in atoms[place + 1 :] for label in a.labels), default=None)
        owner = _owner(atom, left, right, held)
        if owner is None:
            return None
        held[owner].append(atom)
    return Columns(tuple(min(a.x0 for a in h) for h in held), tuple(max(a.x1 for a in h) for h in held))


def _owner(atom: _Atom, left: int | None, right: int | None, held: Sequence[Sequence[_Atom]]) -> int | None:
    """The label to which print between two labels belongs: the one that prints nothing on the same lines."""
    if left is None or right is None:
        return right if left is None else left
    beside_left = any(atom.lines & other.lines for other in held[left])
    beside_right = any(atom.lines & other.lines for other in held[right])
    if beside_left != beside_right:
        return right if beside_left else left
    if beside_left:
        return None
    to_left, to_right = atom.x0 - max(a.x1 for a in held[left]), min(a.x0 for a in held[right]) - atom.x1
    if to_left * _NEARER <= to_right:
        return left
    return right if to_right * _NEARER <= to_left else None


def _fits(columns: Columns, line: SegmentedLine) -> bool:
    return all(columns.holds(part) for part in _parts(line))


def _is_filled(columns: Columns, body: Sequence[SegmentedLine]) -> bool:
    """Whether some line fills at least three columns: prose and lists of contents never do."""
    return any(len({columns.column_of(part.x0) for part in _parts(line)}) >= FEWEST_COLUMNS for line in body)


def _starts(columns: Columns, line: SegmentedLine) -> bool:
    """Whether every part of a line begins no further left than its column's print."""
    return all(part.x0 >= columns.starts[columns.column_of(part.x0)] - 2.0 for part in _parts(line))


def parts_of(line: SegmentedLine, columns: Columns) -> Iterator[tuple[int, Segment]]:
    """The parts of a line with their columns; a part that reaches over a corridor stays whole where it begins."""
    for part in _parts(line):
        yield columns.column_of(part.x0 if not columns.holds(part) else part.centre), part
