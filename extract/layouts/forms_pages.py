"""Pages → forms: where a form of one project starts, and which grids of the pages after it go on with it.

A form starts at its 项目名称 (with title rows above it in the same table), or, where the name stands only in the title,
at its money. It goes on over pages whose columns are its own until another table starts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from extract.layouts.forms_cells import NEAR, Box, boxes_of, on_row, right_of
from extract.layouts.forms_columns import Header, find_header
from extract.money import AMOUNT
from extract.records import Grid, Page, TextLine
from extract.taxonomy import is_level
from extract.vocabularies import by_name, vocabulary
from extract.wording import label

_WORDS = vocabulary("project_forms")
_LABELS = by_name(_WORDS["labels"])
_SECTION = re.compile(
    r"^\s*(?:第[一二三四五六七八九十]+部分|[（(]?[一二三四五六七八九十\d]{1,3}[)）.、．])|[。；：:]\s*$|^[—\-\s\d]+$"
)
_AMOUNT = re.compile(AMOUNT)
_MAY_NAME_FUNDS = re.compile(rf"[-\d{''.join(name[0] for name in _WORDS['labels']['funds'])}]")
_NUMBERED = re.compile(r"^\s*指标\s*\d{1,3}\s*[：:、.]")
_GOAL_OF_PERIOD = "|".join(_WORDS["project_goal_words"]) + "(?!体)"
_GOAL = re.compile(rf"(?:{'|'.join([*_WORDS['goal_words'], *_WORDS['project_goal_words']])})+目标")
_YEAR = re.compile(r"20\d\d")  # 2025年实际值 beside 2026年目标值
_LONGEST_LABEL = 12
_IN_ONE = re.compile(r"^\s*(?P<label>[^：:]+)[：:]\s*(?P<text>[^：:\s][^：:]*)$")
_TITLE_LINES = 4  # a wrapped title is no longer than this
_LEADING = 1.8  # times its height, by which the lines of one title may be apart


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of a form that stands in one grid."""

    page_number: int
    boxes: tuple[Box, ...]

    @property
    def top(self) -> float:
        """Where it starts."""
        return min(box.top for box in self.boxes)

    @property
    def bottom(self) -> float:
        """Where it ends."""
        return max(box.bottom for box in self.boxes)


@dataclass(slots=True)
class Form:
    """A form: its pieces in printed order, the title above it, and what it is if it is not a project's."""

    title: str
    pieces: list[Piece]
    other: str | None = None
    header: Header | None = None
    is_closed: bool = False
    near_lines: list[str] = field(default_factory=list)
    rest_not_read: Piece | None = None
    """What stands where the form goes on, in columns that are not its own."""

    @property
    def page_number(self) -> int:
        """The page on which it starts."""
        return self.pieces[0].page_number

    @property
    def boxes(self) -> list[Box]:
        """All its cells."""
        return [box for piece in self.pieces for box in piece.boxes]


@lru_cache(maxsize=8192)
def role_of(text: str) -> str | None:
    """What a label of a form names: name, unit, department, funds, goal, project_goal, body, ignored, or nothing."""
    known = label(text)
    role = _LABELS.get(known)
    if role is None and _GOAL.fullmatch(known):
        return "project_goal" if re.search(_GOAL_OF_PERIOD, known) else "goal"
    if role is None and _MAY_NAME_FUNDS.match(known) and _LABELS.get(_AMOUNT.sub("", known)) == "funds":
        return "funds"
    return role


def forms_of(pages: Sequence[Page]) -> list[Form]:
    """Every form of the pages in printed order, those that are no project's included."""
    forms: list[Form] = []
    current: Form | None = None
    for page in pages:
        floor = before_floor = float("-inf")
        for top, bottom, boxes in _tables(page):
            floor = before_floor if top < floor - NEAR else floor  # beside the one before
            title = _title(page, floor, top)
            starts = _starts(boxes, title)
            if not starts and _starts_unnamed(boxes):
                is_rest = current is not None and current.header is None and _goes_on(current, page.page_number, boxes)
                starts = [] if is_rest else [min(box.top for box in boxes)]
            first = starts[0] if starts else float("inf")
            before = [box for box in boxes if box.top < first - NEAR]
            if before and any(box.text for box in before):
                is_parted = current is not None and _is_parted(current, _between(page, floor, top))
                if current is not None and not is_parted and _goes_on(current, page.page_number, before):
                    _add(current, Piece(page.page_number, tuple(before)))
                else:
                    if current is not None and _looks_like_the_rest(current, page.page_number, before):
                        current.rest_not_read = Piece(page.page_number, tuple(before))
                    current = None
                    if is_parted and _starts_unnamed(before):  # the label of its name lost its tabs
                        forms.append(Form(title, [], near_lines=_lines_above(page, floor, top)))
                        _add(forms[-1], Piece(page.page_number, tuple(before)))
            for start, end in pairwise([*starts, float("inf")]):
                own = tuple(box for box in boxes if start - NEAR <= box.top < end - NEAR)
                current = Form(title if start == first else "", [], near_lines=_lines_above(page, floor, top))
                _add(current, Piece(page.page_number, own))
                forms.append(current)
            before_floor, floor = floor, bottom
    for form in forms:
        form.other = _other(form)
    return forms


def _tables(page: Page) -> list[tuple[float, float, list[Box]]]:
    """The tables of a page, each with its top, its bottom and its cells; grids that touch side by side are one."""
    tables: list[tuple[float, float, list[Box]]] = []
    for grid in page.grids:
        boxes = [part for box in boxes_of(grid) for part in _label_and_text(box)]
        if not boxes:
            continue
        top, bottom = _top(grid), _bottom(grid)
        beside = next(
            (
                index
                for index, (other_top, other_bottom, other) in enumerate(tables)
                if abs(top - other_top) <= NEAR and abs(bottom - other_bottom) <= NEAR and _touch(boxes, other)
            ),
            None,
        )
        if beside is None:
            tables.append((top, bottom, boxes))
        else:
            tables[beside][2].extend(boxes)
            tables[beside][2].sort(key=lambda box: (box.top, box.x0))
    return [(top, bottom, half) for top, bottom, boxes in tables for half in _side_by_side(boxes)]


def _label_and_text(box: Box) -> list[Box]:
    """A cell that prints a name behind its label as two cells: 项目名称：展会补助资金."""
    printed = _IN_ONE.match(box.text)
    if printed is None or role_of(printed["label"]) not in ("name", "unit", "department"):
        return [box]
    return [
        box._replace(text=printed["label"], x1=box.middle_x),
        box._replace(text=printed["text"], x0=box.middle_x),
    ]


def _side_by_side(boxes: list[Box]) -> list[list[Box]]:
    """The cells of each of two forms that stand side by side in one table, else all of them."""
    names = [box for box in boxes if role_of(box.text) == "name"]
    for one, other in pairwise(sorted(names, key=lambda box: (box.top, box.x0))):
        edge = other.x0
        is_beside = abs(one.top - other.top) <= NEAR and label(one.text) == label(other.text)
        across = [box for box in boxes if box.top >= one.top - NEAR and box.x0 < edge - NEAR < edge + NEAR < box.x1]
        if is_beside and not across:
            return [[box for box in boxes if box.x0 < edge - NEAR], [box for box in boxes if box.x0 >= edge - NEAR]]
    return [boxes]


def _touch(boxes: Sequence[Box], others: Sequence[Box]) -> bool:
    left, right = min(b.x0 for b in boxes), max(b.x1 for b in boxes)
    other_left, other_right = min(b.x0 for b in others), max(b.x1 for b in others)
    return abs(right - other_left) <= NEAR or abs(left - other_right) <= NEAR


def _add(form: Form, piece: Piece) -> None:
    form.pieces.append(piece)
    header = find_header(piece.boxes)
    if form.header is None:
        form.header = header
    end = _end(piece, form.header)
    if end is not None:
        form.pieces[-1] = Piece(
            piece.page_number, tuple(box for box in piece.boxes if box.top < end - NEAR) or piece.boxes
        )
        form.is_closed = True


def _end(piece: Piece, header: Header | None) -> float | None:
    """Where a row of remarks closes a form, if one does."""
    left = min(box.x0 for box in piece.boxes)
    floor = header.bottom if header is not None and header.is_of(piece.boxes) else float("-inf")
    if header is None:
        return None
    return next(
        (
            box.top
            for box in piece.boxes
            if box.x0 <= left + NEAR and box.top >= floor - NEAR and label(box.text.split("：")[0]) in _WORDS["ends"]
        ),
        None,
    )


def _starts(boxes: Sequence[Box], title: str) -> list[float]:
    """The tops of the forms that start in a grid."""
    left, right = min(box.x0 for box in boxes), max(box.x1 for box in boxes)
    roles = {role_of(box.text) for box in boxes}
    header = find_header(boxes)
    if header is None and {label(box.text) for box in boxes} & set(_WORDS["columns"]["name"]):
        return []  # indicators without levels: a list's
    says_form = bool(roles & {"funds", "goal", "project_goal"}) or header is not None or "绩效" in title
    if not says_form:
        return []
    starts = [box for box in boxes if _is_start(box, boxes, left)]
    same = [
        other
        for one, other in pairwise(starts)
        if label(one.text) != label(other.text) and not _is_filled(one, other, boxes)
    ]
    return sorted({_with_title(box, boxes, left, right) for box in starts if box not in same})


def _is_filled(one: Box, other: Box, boxes: Sequence[Box]) -> bool:
    """Whether a goal or headings stand between a body and a project's name: then they begin two forms."""
    between = [box for box in boxes if one.top - NEAR <= box.top < other.top - NEAR]
    has_goal = any(role_of(box.text) in ("goal", "project_goal") for box in between)
    return has_goal or find_header(between) is not None


def _starts_unnamed(boxes: Sequence[Box]) -> bool:
    """Whether a grid begins like a form whose name only its title prints: with its money, or a goal."""
    roles = {role_of(box.text) for box in boxes}
    header = find_header(boxes)
    if header is not None:
        return bool(roles & {"funds", "body", "goal"}) and _heads(boxes, header)
    is_list = bool({label(box.text) for box in boxes} & set(_WORDS["columns"]["name"])) or any(
        role_of(box.text) == "name" and _heads_a_list(box, boxes) for box in boxes
    )
    return not is_list and "funds" in roles and bool(roles & {"goal", "project_goal"})


def _is_start(box: Box, boxes: Sequence[Box], left: float) -> bool:
    if role_of(box.text) not in ("name", "body") or box.x0 > left + NEAR:
        return False
    beside = right_of(box, boxes)
    return bool(beside) and role_of(beside[0].text) is None and not _heads_a_list(box, boxes)


def _heads_a_list(box: Box, boxes: Sequence[Box]) -> bool:
    """Whether a heading of a list stands on the row, with no amount beside it as a label has."""
    headings = [other for other in on_row(box, boxes) if label(other.text) in _WORDS["list_headings"]]
    return any(not any(_AMOUNT.match(beside.text) for beside in right_of(other, boxes)) for other in headings)


def _heads(boxes: Sequence[Box], header: Header) -> bool:
    """Whether money, a body or a goal is printed above the headings of the indicators."""
    return any(role_of(box.text) in ("funds", "body", "goal") and box.bottom <= header.top + NEAR for box in boxes)


def _with_title(box: Box, boxes: Sequence[Box], left: float, right: float) -> float:
    """The top of a form, with the rows above it that are one cell over the whole width."""
    top = box.top
    while True:
        above = [b for b in boxes if abs(b.bottom - top) <= NEAR and b.top < top]
        is_title = len(above) == 1 and above[0].x0 <= left + NEAR and above[0].x1 >= right - NEAR
        if not is_title and not _is_of_head(above):
            return top
        top = above[0].top


def _is_of_head(row: Sequence[Box]) -> bool:
    """Whether a row above a project's name already says something of it: its body, code or year."""
    if not row or any(abs(box.top - row[0].top) > NEAR for box in row):
        return False
    first = min(row, key=lambda box: box.x0)
    return role_of(first.text) in ("unit", "department") or label(first.text) in _WORDS["above_names"]


def _goes_on(form: Form, page_number: int, boxes: Sequence[Box]) -> bool:
    """Whether cells at the top of a grid go on with a form: the same page or the next, and its columns."""
    if form.is_closed or page_number - form.pieces[-1].page_number > 1:
        return False
    if form.header is not None:
        again = find_header(boxes)
        return form.header.is_followed_by(boxes) or (again is not None and again.roles == form.header.roles)
    last = form.pieces[-1].boxes
    edges = min(b.x0 for b in last), max(b.x1 for b in last)
    return abs(min(b.x0 for b in boxes) - edges[0]) <= 2 * NEAR and abs(max(b.x1 for b in boxes) - edges[1]) <= 2 * NEAR


def _is_parted(form: Form, lines: Iterable[TextLine]) -> bool:
    """Whether a text, which has no pages' ends, prints more below a form than the lines above it again."""
    texts = {line.text.strip() for line in lines if line.part.first_line is not None}
    return bool(texts - {"", *(text.strip() for text in form.near_lines)})


def _looks_like_the_rest(form: Form, page_number: int, boxes: Sequence[Box]) -> bool:
    """Whether cells without headings, below a form or on the page after it, hold levels or numbers of indicators."""
    if form.is_closed or page_number - form.pieces[-1].page_number > 1:
        return False
    labels = {label(box.text) for box in boxes}
    if labels & {name for role in ("name", "value") for name in _WORDS["columns"][role]}:
        return False
    is_text = boxes[0].part.first_line is not None
    is_led = is_text and form.header is not None and not boxes[0].text and form.header.is_followed_by(boxes)
    return is_led or any(map(is_level, labels)) or any(_NUMBERED.match(box.text) for box in boxes)


def _other(form: Form) -> str | None:
    """What a form is, if it is no project's."""
    labels = {label(box.text) for box in form.boxes}
    roles = {role_of(box.text) for piece in form.pieces[:1] for box in piece.boxes}
    first, right = form.pieces[0].boxes[0], max(box.x1 for box in form.pieces[0].boxes)
    titles = [form.title, *([first.text] if first.x1 >= right - NEAR and role_of(first.text) is None else [])]
    if labels & set(_WORDS["evaluation_columns"]) or _is_of_what_was_reached(form):
        return "self_evaluation"
    if "name" not in roles and "body" in roles:
        return "department_overall"
    for title in titles:
        if not any(word in title for word in _WORDS["project_titles"]):
            for word, kind in _WORDS["other_tables"].items():
                if word in title and ("name" not in roles or kind != "department_overall"):
                    return str(kind)
    return None


def _is_of_what_was_reached(form: Form) -> bool:
    """Whether a column of unknown role, or a label of money, says what was spent or reached."""
    header = form.header
    if header is None:
        return False
    headings = [column.heading for column in header.columns if column.role is None]
    above = [label(box.text) for box in form.pieces[0].boxes if box.bottom <= header.top + NEAR]
    spent = [text for text in above if text.endswith("执行数") and len(text) <= _LONGEST_LABEL]
    reached = [text for text in headings if text.endswith(tuple(_WORDS["evaluation_endings"]))]
    return bool(spent) or any(not _YEAR.search(text) for text in reached)


def _title(page: Page, floor: float, top: float) -> str:
    """The title above a grid: the last line that ends in 表, with the lines that it was wrapped from."""
    lines = [line for line in _between(page, floor, top) if line.text.strip()]
    last = next((i for i in range(len(lines) - 1, -1, -1) if lines[i].text.rstrip().endswith("表")), None)
    if last is None:
        return ""
    title = lines[last].text.strip()
    for index in range(last - 1, max(-1, last - _TITLE_LINES), -1):
        text = lines[index].text.strip()
        if _SECTION.search(text) or text.endswith("表") or not _is_close(lines[index], lines[index + 1]):
            break
        title = text + title
    return title


def _is_close(line: TextLine, following: TextLine) -> bool:
    if line.part.bbox is None or following.part.bbox is None:
        return False
    height = line.part.bbox[3] - line.part.bbox[1]
    same_size = abs(height - (following.part.bbox[3] - following.part.bbox[1])) <= 0.2 * height
    return same_size and following.part.bbox[1] - line.part.bbox[1] <= _LEADING * height


def _lines_above(page: Page, floor: float, top: float) -> list[str]:
    return [line.text for line in _between(page, floor, top)]


def _between(page: Page, floor: float, top: float) -> Iterator[TextLine]:
    for line in page.lines:
        y = line.part.bbox[1] if line.part.bbox else float(line.part.first_line or 0)
        if floor - NEAR <= y < top:
            yield line


def _top(grid: Grid) -> float:
    return grid.part.bbox[1] if grid.part.bbox else float(grid.part.first_line or 0)


def _bottom(grid: Grid) -> float:
    return grid.part.bbox[3] if grid.part.bbox else float(grid.part.last_line or 0)
