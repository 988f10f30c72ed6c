"""What stands above a form's indicators → its name, body, money and goals, each found by its label."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.layouts.forms_cells import NEAR, Box, below, is_right_of, right_of, same_columns
from extract.layouts.forms_columns import section_of
from extract.layouts.forms_pages import Form, Piece, role_of
from extract.money import AMOUNT, parse_amount
from extract.records import Period
from extract.vocabularies import vocabulary
from extract.wording import is_blank, label, unspaced, unwrapped

_WORDS = vocabulary("project_forms")
_AMOUNT_UNITS = tuple(sorted(vocabulary("documents")["amount_units"], key=len, reverse=True))
_SOURCES = frozenset([*_WORDS["fund_parents"], *_WORDS["fund_children"], *_WORDS["fund_sources"]])
_PARENTS, _TOTAL_ENDINGS = tuple(_WORDS["fund_parents"]), tuple(_WORDS["total_endings"])
_OF_WHICH = re.compile(
    r"^(?:[（(]?[\d一二三四五六]{1,2}[)）.、．])?\s*(?:其中\s*[：:]?)?\s*(?:[（(]?\d{1,2}[)）.、．])?"
)
_IN_ONE = re.compile(
    rf"^(?P<label>(?:其中[：:])?[^\d：:]+[：:]?)\s*(?P<amount>{AMOUNT})\s*(?P<unit>{'|'.join(_AMOUNT_UNITS)})?$"
)
_CLAUSE = re.compile(
    rf"(?P<label>[^\d：:，,；;。]*(?:[：:][^\d：:，,；;。]+)*)[：:]?\s*(?P<amount>{AMOUNT})\s*(?P<unit>{'|'.join(_AMOUNT_UNITS)})?[，,；;。、\s]*"
)
_LABELLED = re.compile(r"^\s*(?P<label>[^：:]{2,10})[：:]\s*(?P<text>[^：:]*\S)\s*$")
_NUMBERED = re.compile(r"^(?:附[件表]\s*\d*\s*[：:、.]?|[（(]?[一二三四五六七八九十\d]{1,3}[)）.、．])\s*")
_GOAL_PART = re.compile(r"20\d\d年度?[：:]?|(?:年度)?目标\s*[\d一二三四五六]{1,2}[：:]?|[\d一二三四五六]{1,2}[、.]?")
_CHINESE = re.compile("[一-鿿]")
_ANY_AMOUNT = re.compile(AMOUNT)
_UNIT = re.compile(rf"[（(]?(?:单位[：:])?\s*(?P<unit>{'|'.join(_AMOUNT_UNITS)})\s*[)）]")
_CODE = re.compile(r"^(?:[\[［【(（]\s*\d+\s*[\]］】)）]|\d{3,}\s*[_\-－—]?)\s*(?=\D)")
_TITLE = re.compile(r"^(?:(?P<code>\d{3,})_(?P<body>[^_]+)_)?(?P<name>.+?)(?:支出)?绩效目标(?:申报|填报|批复|公开)?表$")
_TOTAL = re.compile(rf"(?:{'|'.join([*_WORDS['total_words'], *_WORDS['total_nouns']])})+")
_GOALS: dict[str, Period] = {"goal": "annual", "project_goal": "project"}


@dataclass(frozen=True, slots=True)
class Money:
    """A printed amount beside its label: which source it is of (None for a total) and for which period."""

    source: str | None
    label: str
    period: Period | None
    text: str
    box: Box
    unit: str | None = None
    """The money unit that its own label prints, where that is not only the whole block's."""


@dataclass(slots=True)
class Head:
    """The texts of a form above its indicators, as printed."""

    name: str = ""
    unit: str = ""
    body: str = ""
    department: str = ""
    amount_unit: str | None = None
    goals: dict[Period, str] = field(default_factory=dict)
    money: list[Money] = field(default_factory=list)
    spare_total: Money | None = None
    unread: list[Box] = field(default_factory=list)


@dataclass(slots=True)
class _Goal:
    """A goal: its period, the cell that labels it, and the cells of its text."""

    period: Period
    label: Box
    texts: list[Box]


def read_head(form: Form) -> Head:
    """What a form says of its project."""
    head = Head()
    goals: list[_Goal] = []
    periods: list[tuple[Box, Period | None]] = []
    names: list[Box] = []
    for index, piece in enumerate(form.pieces):
        boxes = _above(piece, form)
        taken: set[int] = set()
        open_name = names if names and names[-1].bottom >= form.pieces[index - 1].bottom - NEAR else []
        open_goals = list(goals)
        for box in boxes:
            role = role_of(box.text)
            beside = right_of(box, boxes) if role is not None else []
            is_inner = role == "name" and label(box.text) in _WORDS["inner_names"]
            if role in ("name", "unit", "department") and beside and (is_inner or not getattr(head, role)):
                setattr(head, role, beside[0].text)
                if role == "name":
                    names = [beside[0]]
                taken.update((id(box), id(beside[0])))
            elif role == "body" and beside and not head.body:
                head.body = beside[0].text
                taken.update((id(box), id(beside[0])))
            elif role in _GOALS:
                texts = _goal_texts(box, boxes)
                taken.add(id(box))
                goals.append(_Goal(_goal_period(box, role, boxes), box, texts))
                taken.update(map(id, texts))
            elif role == "funds":
                _read_block(box, beside, head, taken)
        _read_money(boxes, head, taken, periods)
        if index > 0:
            _continue(boxes, taken, open_goals, open_name, head)
        head.unread.extend(box for box in boxes if id(box) not in taken and _is_unread(box, boxes, taken))
    if head.spare_total is not None and all(money.source is not None for money in head.money):
        head.money.append(head.spare_total)
    goals = [goal for goal in goals if goal.texts]
    if len(goals) > 1 and all(goal.period == "annual" for goal in goals):
        goals[0].period = "project"
    for goal in goals:
        period = goal.period
        text = "\n".join(box.text for box in goal.texts if not is_blank(box.text))
        head.goals[period] = "\n".join(part for part in (head.goals.get(period, ""), text) if part)
    _name_from_title(form, head)
    head.unit = head.unit or head.body
    head.unit, head.department = _without_code(head.unit), _without_code(head.department)
    return head


def _read_block(box: Box, beside: Sequence[Box], head: Head, taken: set[int]) -> None:
    """The label of a block of amounts: it may print the unit, or the total in itself or right of it."""
    head.amount_unit = head.amount_unit or _unit(box.text)
    taken.add(id(box))
    name = label(box.text)
    in_label = _ANY_AMOUNT.search(name)
    if in_label:
        head.spare_total = Money(None, name, None, in_label[0], box)
    elif beside and _is_amount(beside[0].text):
        head.money.append(Money(None, name, _period(name), beside[0].text, beside[0]))
        taken.add(id(beside[0]))


def _above(piece: Piece, form: Form) -> list[Box]:
    """The cells of a piece above the headings of the indicators, rows of titles left out."""
    header = form.header
    boxes = list(piece.boxes)
    if header is not None and header.is_of(boxes):
        section = [box for box in section_of(header, boxes) if "指标" in box.text]
        boxes = [box for box in boxes if box.top < header.top - NEAR and box not in section]
    elif header is not None and form.pieces.index(piece) > _header_index(form):
        return []
    left, right = min(b.x0 for b in piece.boxes), max(b.x1 for b in piece.boxes)
    start = next((box.top for box in boxes if role_of(box.text) is not None), float("inf"))
    return [box for box in boxes if box.top >= start or box.x0 > left + NEAR or box.x1 < right - NEAR]


def _header_index(form: Form) -> int:
    assert form.header is not None
    return next((i for i, piece in enumerate(form.pieces) if form.header.is_of(piece.boxes)), 0)


def _goal_texts(box: Box, boxes: Sequence[Box]) -> list[Box]:
    """The text of a goal: under its label where labels stand side by side, else right of it."""
    beside = right_of(box, boxes)
    under = below(box, boxes)
    if under is not None and role_of(under.text) is None and (not beside or role_of(beside[0].text) in _GOALS):
        return [under]
    if beside and role_of(beside[0].text) in _GOALS:
        return []
    texts = [other for other in beside if role_of(other.text) not in _GOALS]
    return [
        part
        for text in texts
        for part in (text, *(right_of(text, boxes) if _GOAL_PART.fullmatch(text.text.strip()) else []))
    ]


def _goal_period(box: Box, role: str, boxes: Sequence[Box]) -> Period:
    known = label(box.text)
    others = {role_of(other.text) for other in boxes if other is not box and label(other.text) != known}
    if role == "goal" and known in _WORDS["goals_of_either"] and "goal" in others and "project_goal" not in others:
        return "project"
    return _GOALS[role]


def _read_money(boxes: Sequence[Box], head: Head, taken: set[int], periods: list[tuple[Box, Period | None]]) -> None:
    """Every amount beside its label, and the periods that totals lend to what stands under them."""
    blocks = [box for box in boxes if role_of(box.text) == "funds"]
    for box in boxes:
        if id(box) in taken or not box.text.strip():
            continue
        if clauses := _clauses(box):
            head.money.extend(clauses)
            taken.add(id(box))
            continue
        in_one = _IN_ONE.match(unwrapped(box.text))
        name = _OF_WHICH.sub("", label(in_one["label"] if in_one else box.text))
        is_money = _is_total(name) or name in _SOURCES
        if (
            not (is_money or any(_is_in_block(box, block) for block in blocks))
            or not _CHINESE.search(name)
            or _is_amount(box.text)
            or role_of(box.text) == "ignored"
        ):
            continue
        unit = _unit(box.text) if is_money else None
        head.amount_unit = head.amount_unit or unit
        values = [] if in_one else _values(box, boxes, taken) or (_value_below(box, boxes, taken) if is_money else [])
        if not values and not in_one:
            beside = [other for other in right_of(box, boxes) if id(other) not in taken]
            if not beside or _is_money_label(beside[0].text) or not is_money:
                taken.update([id(box)] if is_money or not _ANY_AMOUNT.search(box.text) else [])
                continue
            under = below(box, boxes)
            if under is not None and _is_amount(under.text):
                taken.add(id(box))  # it heads a column of amounts that have labels of their own
                continue
            values = beside[:1]
        taken.add(id(box))
        period = _period(name)
        total = _is_total(name)
        if total:
            periods.append((box, period))
        else:
            over = [known for other, known in periods if _is_above(other, box) and same_start(other, box)]
            period = over[-1] if over else period
        for value in values:
            taken.add(id(value))
            own = _period_above(value, boxes) or period
            head.money.append(Money(None if total else name, name, own, value.text, value, unit))
        if in_one:
            text = f"{in_one['amount']}{in_one['unit'] or ''}"
            head.money.append(Money(None if total else name, name, period, text, box, unit))


def _is_in_block(box: Box, block: Box) -> bool:
    return block.x1 <= box.x0 + NEAR and block.top - NEAR <= box.middle_y <= block.bottom + NEAR


def _values(box: Box, boxes: Sequence[Box], taken: set[int]) -> list[Box]:
    """The amounts right of a label, or the blank where one should stand; several where periods have columns."""
    values: list[Box] = []
    last = box
    while True:
        beside = next((b for b in right_of(last, boxes) if id(b) not in taken), None)
        if beside is None or not (is_blank(beside.text) or _is_amount(beside.text)):
            break
        if values and _period_above(beside, boxes) is None:
            break
        values.append(beside)
        last = beside
    return values


def _value_below(box: Box, boxes: Sequence[Box], taken: set[int]) -> list[Box]:
    """The amount under a label, where labels stand in a row and their amounts in the next."""
    under = below(box, boxes)
    if under is None or id(under) in taken or not _is_amount(under.text):
        return []
    left = [other for other in boxes if is_right_of(under, other) and other.top >= under.top - NEAR]
    return [] if any(_is_money_label(other.text) for other in left) else [under]


def _clauses(box: Box) -> list[Money]:
    """The amounts of a cell that prints several, each behind its label: 资金总额：3万元，其中：财政拨款2万元."""
    text = unwrapped(box.text)
    if _CLAUSE.match(text) is None:
        return []
    clauses = list(_CLAUSE.finditer(text))
    if len(clauses) < 2 or "".join(clause[0] for clause in clauses) != text:
        return []
    names = [_OF_WHICH.sub("", label(clause["label"])) for clause in clauses]
    if not all(_is_total(name) or name in _SOURCES for name in names):
        return []
    return [
        Money(None if _is_total(name) else name, name, _period(name), f"{one['amount']}{one['unit'] or ''}", box)
        for name, one in zip(names, clauses, strict=True)
    ]


def _period_above(box: Box, boxes: Sequence[Box]) -> Period | None:
    """The period that a heading over a column of amounts names."""
    for other in boxes:
        if other.top < box.top and same_columns(other, box) and not _is_amount(other.text):
            beside = [b for b in boxes if same_start(b, box) and b.top == other.top]
            period = _period(label(other.text))
            if period is not None and beside and not _labels_amount(other, boxes):
                return period
    return None


def _labels_amount(box: Box, boxes: Sequence[Box]) -> bool:
    return any(_is_amount(other.text) for other in right_of(box, boxes))


def _is_money_label(text: str) -> bool:
    name = _OF_WHICH.sub("", label(text))
    return _is_total(name) or name in _SOURCES or _period(name) is not None


def _is_above(one: Box, other: Box) -> bool:
    return one.part.page_number != other.part.page_number or one.top < other.top


def same_start(one: Box, other: Box) -> bool:
    """Whether two cells begin at the same left edge."""
    return abs(one.x0 - other.x0) <= NEAR


def _is_total(name: str) -> bool:
    if name.startswith(_PARENTS) or "其他资金" in name:
        return False
    if name.endswith(_TOTAL_ENDINGS) or name in _WORDS["total_names"]:
        return True
    return bool(_TOTAL.fullmatch(name)) and any(noun in name for noun in _WORDS["total_nouns"])


def _period(name: str) -> Period | None:
    if any(word in name for word in _WORDS["annual_words"]):
        return "annual"
    return "project" if any(word in name for word in _WORDS["project_words"]) else None


def is_money(text: str) -> bool:
    """Whether a number looks like money and nothing else: with a unit, with decimals, or with its thousands parted."""
    bare, unit = without_unit(text)
    return _is_amount(text) and (unit is not None or bool(re.search(r",\d{3}|\.\d", bare)))


def _is_amount(text: str) -> bool:
    return parse_amount(without_unit(text)[0], "元") is not None


def without_unit(text: str) -> tuple[str, str | None]:
    """A printed amount and the unit printed behind it."""
    bare = text.strip()
    if not bare.endswith(_AMOUNT_UNITS):
        return bare, None
    unit = next(unit for unit in _AMOUNT_UNITS if bare.endswith(unit))
    return bare.removesuffix(unit).strip(), unit


def _unit(text: str) -> str | None:
    match = _UNIT.search(unspaced(text))
    return match["unit"] if match else None


def _continue(boxes: Sequence[Box], taken: set[int], goals: Sequence[_Goal], names: list[Box], head: Head) -> None:
    """Cells without a label at the top of a page go on with the goal, or the name, in which the page before ended."""
    start = next((box.top for box in boxes if role_of(box.text) is not None), float("inf"))
    for box in boxes:
        if box.top >= start or id(box) in taken or is_blank(box.text):
            continue
        of_goal = next((goal for goal in reversed(goals) if _same_place((goal.texts or [goal.label])[-1], box)), None)
        if of_goal is not None:
            of_goal.texts.append(box)
            taken.add(id(box))
        elif names and _same_place(names[-1], box):
            head.name += "\n" + box.text
            taken.add(id(box))


def _same_place(one: Box, other: Box) -> bool:
    return abs(one.x1 - other.x1) <= 2 * NEAR and abs(one.x0 - other.x0) <= 2 * NEAR


def _is_unread(box: Box, boxes: Sequence[Box], taken: set[int]) -> bool:
    """Whether a cell is neither blank, nor a label that is known and ignored, nor the value beside one."""
    if is_blank(box.text) or role_of(box.text) is not None or _is_amount_of_ignored(box, boxes):
        return False
    if label(re.split("[：:]", box.text)[0]) in _WORDS["above_names"]:
        return False  # 预算年度：2026
    left = [other for other in boxes if is_right_of(box, other)]
    return not any(role_of(other.text) in ("ignored", "unit", "department", "name") for other in left)


def _is_amount_of_ignored(box: Box, boxes: Sequence[Box]) -> bool:
    over = next((other for other in boxes if abs(other.bottom - box.top) <= NEAR and same_columns(other, box)), None)
    return over is not None and role_of(over.text) == "ignored"


def _name_from_title(form: Form, head: Head) -> None:
    """The name that only the title prints: 代码_单位_项目绩效目标表, or 项目名 and 项目绩效目标表."""
    if not is_blank(head.name):
        return
    has_label = any(role_of(box.text) == "name" for box in form.boxes)
    full = [b for b in form.boxes if form.header is None or b.bottom <= form.header.top]
    labelled = (_LABELLED.match(text) for text in form.near_lines)
    said = {role_of(line["label"]): line["text"] for line in labelled if line}
    if not has_label and said.get("name"):
        head.name = said["name"]
        return
    titles = [form.title, *(b.text for b in full[:1] if role_of(b.text) is None)]
    for title in titles:
        match = _TITLE.match(_NUMBERED.sub("", unwrapped(title)))
        if match and not has_label:
            name = match["name"] if match["code"] else match["name"].removesuffix("项目")
            if name not in ("", "项目", "项目支出", "部门项目", "专项资金"):
                head.name = name
                head.unit = head.unit or match["body"] or ""
                return


def _without_code(text: str) -> str:
    return _CODE.sub("", unwrapped(text)) if text else ""
