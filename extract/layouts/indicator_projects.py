"""Rows of a list → projects: cut rows joined, projects told apart, labels of merged cells given to their rows.

A merged cell that a page's end cut prints its text on either page, or half on each: the parts are one cell again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extract.layouts.hull import hull
from extract.layouts.indicator_tables import Row
from extract.records import Part
from extract.vocabularies import vocabulary
from extract.wording import is_blank, tidy_name

_WORDS = vocabulary("indicator_rows")
_LEVELS = ("level_1", "level_2")
_TARGET = ("value", "nature", "operator", "unit_of_value", "weight", "project_value")
_NOTES = ("explanation", "prior_value")
_KEYS = ("name", "goal", "project_goal")


@dataclass(slots=True)
class Labelled:
    """A row of one indicator with the texts that hold for it, merged cells and continuations included."""

    texts: dict[str, str]
    row: Row
    parts: tuple[Part, ...]
    is_inferred: bool = False


@dataclass(slots=True)
class Project:
    """A project or body as printed: its key cells joined over pages, and its rows."""

    texts: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    indicators: list[Labelled] = field(default_factory=list)
    unread: list[Row] = field(default_factory=list)
    inapplicable: list[Labelled] = field(default_factory=list)

    def text(self, role: str) -> str:
        """The joined text of a key column."""
        return self.texts.get(role, "")


def projects_of(rows: Sequence[Row], amount_roles: Sequence[str]) -> list[Project]:
    """The projects and bodies of a list in printed order."""
    found: list[Project] = []
    units = _linked(rows, "unit")
    has_amounts = "total" in amount_roles
    names_once = _prints_once(rows, "name")
    for row, unit in zip(rows, units, strict=True):
        keys = {role: row.own(role) for role in ("sequence", *_KEYS, *amount_roles, *_not_kept(row))}
        keys["unit"] = unit
        is_unnamed = not names_once and _is_unnamed(row, amount_roles)
        if found and not is_unnamed and _continues(found[-1], row, keys, amount_roles, has_amounts=has_amounts):
            _join(found[-1], keys)
            found[-1].rows.append(row)
        else:
            found.append(Project(keys, [row]))
    for project in found:
        read_indicators(project)
    return found


def read_indicators(project: Project) -> None:
    """Gives every row of a project its labels, joins cut rows, and sets apart what is no indicator."""
    labels = {level: _linked(project.rows, level) for level in _LEVELS}
    labelled: list[Labelled] = []
    for index, row in enumerate(project.rows):
        texts = {role: row.own(role) for role in (*_TARGET, *_NOTES)} | {"indicator": row.text("indicator")}
        texts |= {level: labels[level][index] for level in _LEVELS}
        one = Labelled(texts, row, _parts(row))
        if labelled and row.starts_part and _is_rest(labelled[-1], one):
            _append(labelled[-1], one)
        else:
            labelled.append(one)
    previous: Labelled | None = None
    for one in labelled:
        if _is_nothing(one):
            if not is_blank(one.texts["level_2"] or one.texts["level_1"]) and one.texts["indicator"].strip():
                project.inapplicable.append(one)
            previous = _carrier(one, previous)
            continue
        if is_blank(one.texts["indicator"]):
            project.unread.append(one.row)
            continue
        _fill_down(one, previous)
        project.indicators.append(one)
        previous = one


def _is_unnamed(row: Row, amount_roles: Sequence[str]) -> bool:
    """Whether a row inside a page begins a project whose merged cells print their text on the next page."""
    if row.starts_part or not row.own("indicator").strip():
        return False
    slots = [row.slots.get(role) for role in ("name", *amount_roles, *_KEYS)]
    return all(slot is None or (slot.is_fresh and not slot.text.strip()) for slot in slots) and "name" in row.slots


def _not_kept(row: Row) -> list[str]:
    return [role for role in row.slots if role.startswith("(")]


def _continues(
    project: Project, row: Row, keys: dict[str, str], amount_roles: Sequence[str], *, has_amounts: bool
) -> bool:
    """Whether a row belongs to the project before it."""
    before = project.texts
    same_unit = not keys["unit"] or not before["unit"] or keys["unit"] == before["unit"]
    same_number = not keys["sequence"] or not before["sequence"] or keys["sequence"] == before["sequence"]
    if not same_unit or not same_number:
        return False
    name, money = tidy_name(keys["name"]), [keys[role].strip() for role in amount_roles if keys[role].strip()]
    known_name, known_money = tidy_name(before["name"]), [before[role].strip() for role in amount_roles if before[role]]
    has_target = bool(row.text("indicator").strip() or any(row.own(role).strip() for role in ("value", *_LEVELS)))
    same_money = not money or not known_money or money == known_money
    same_goal = not keys["goal"].strip() or tidy_name(keys["goal"]) == tidy_name(before["goal"])
    if not name and not money and not keys["sequence"] and (row.starts_part or not keys["goal"].strip()):
        return has_target or row.starts_part
    if name == known_name and same_money and (row.starts_part or same_goal):
        return True
    if not row.starts_part or not same_money or not _holds_indicators(project):
        return False
    if has_amounts and name and known_name:
        return not money or not known_money
    return not name or not known_name or row.is_cut or bool(keys["goal"].strip()) != bool(before["goal"].strip())


def _holds_indicators(project: Project) -> bool:
    return any(row.own("value").strip() or row.own("indicator").strip() for row in project.rows)


def _join(project: Project, keys: dict[str, str]) -> None:
    for role, text in keys.items():
        before = project.texts.get(role, "")
        if role in _KEYS:
            project.texts[role] = before if tidy_name(text) == tidy_name(before) else _with(before, text)
        else:
            project.texts[role] = before or text


def _with(head: str, tail: str) -> str:
    return f"{head}\n{tail}" if head.strip() and tail.strip() else head if head.strip() else tail


def _linked(rows: Sequence[Row], role: str) -> list[str]:
    """The label of a column for every row: by merged cells, and over page ends by the cell that goes on there."""
    texts = [row.text(role) for row in rows]
    cells = [row.slots[role].cell if role in row.slots else None for row in rows]
    ends = [index for index in range(1, len(rows)) if rows[index].starts_part]
    prints_once = _prints_once(rows, role)

    def spread(index: int, text: str) -> None:
        for other, cell in enumerate(cells):
            if cell is not None and cell is cells[index]:
                texts[other] = text

    for index in reversed(ends):
        if not texts[index - 1].strip() and texts[index].strip() and not prints_once:
            spread(index - 1, texts[index])
    for index in ends:
        head, tail = tidy_name(texts[index - 1]), tidy_name(texts[index])
        if head and not tail and role in rows[index].slots:
            spread(index, texts[index - 1])
        elif head and tail and head != tail and _is_word(head + tail) and not (_is_word(head) and _is_word(tail)):
            spread(index - 1, head + tail)
            spread(index, head + tail)
    if role == "unit":
        for index in range(1, len(rows)):
            if not texts[index].strip():
                texts[index] = texts[index - 1]
    return [tidy_name(text) for text in texts]


def _prints_once(rows: Sequence[Row], role: str) -> bool:
    """Whether a column prints a label once and leaves the cells below it empty, as one inside a page shows."""
    for index, (above, row) in enumerate(pairwise(rows), 1):
        if row.starts_part or role not in row.slots or row.text(role).strip() or not above.text(role).strip():
            continue
        cell = row.slots[role].cell
        behind = next((r for r in rows[index:] if role in r.slots and r.slots[role].cell is not cell), None)
        if behind is None or not behind.starts_part:
            return True
    return False


def _is_word(text: str) -> bool:
    return text in _WORDS["level_words"]


def _is_rest(head: Labelled, tail: Labelled) -> bool:
    """Whether the first row of a page is the rest of the row that the page before ended with."""
    if not tail.row.own("indicator").strip() and not tail.row.own("value").strip():
        has_operator = any(tail.row.own(role).strip() for role in ("nature", "operator"))
        return not has_operator or not any(tail.row.own(level).strip() for level in _LEVELS)
    if not tail.row.own("value").strip():
        return bool(head.texts["value"].strip()) and not any(tail.row.own(role).strip() for role in _TARGET)
    if not tail.row.own("indicator").strip():
        return True
    return not any(head.texts[role].strip() for role in _TARGET)


def _append(head: Labelled, tail: Labelled) -> None:
    for role in ("indicator", *_TARGET, *_NOTES):
        own = tail.row.own(role)
        head.texts[role] = _with(head.texts[role], own)
    for level in _LEVELS:
        head.texts[level] = head.texts[level] or tail.texts[level]
    head.parts += tail.parts


def _is_nothing(one: Labelled) -> bool:
    """Whether a row prints neither indicator nor value, or in both only that there is none."""
    if not is_blank(one.texts["weight"]):
        return False
    texts = (tidy_name(one.texts[role]) for role in ("indicator", "value", "project_value"))
    return all(is_blank(text) or text in _WORDS["inapplicable"] for text in texts)


def _carrier(one: Labelled, previous: Labelled | None) -> Labelled | None:
    """A row that prints only a level (its indicators stand below it) holds for the rows below."""
    if not any(one.texts[level] for level in _LEVELS):
        return previous
    if previous is not None and not one.texts["level_1"]:
        one.texts["level_1"] = previous.texts["level_1"]
    return one


def _fill_down(one: Labelled, previous: Labelled | None) -> None:
    """A level that is printed once above rows of empty cells holds for them, too."""
    if previous is None:
        return
    if not one.texts["level_1"] and previous.texts["level_1"]:
        one.texts["level_1"], one.is_inferred = previous.texts["level_1"], True
    same = one.texts["level_1"] == previous.texts["level_1"]
    if not one.texts["level_2"] and previous.texts["level_2"] and same and "level_2" in one.row.slots:
        one.texts["level_2"], one.is_inferred = previous.texts["level_2"], True


def _parts(row: Row) -> tuple[Part, ...]:
    roles = (*_LEVELS, "indicator", *_TARGET)
    return box_of([row.slots[role].cell.part for role in roles if role in row.slots and row.slots[role].is_fresh])


def box_of(parts: Sequence[Part]) -> tuple[Part, ...]:
    """The places of cells, those of one page as one box around them."""
    result: list[Part] = []
    for page_number in dict.fromkeys(part.page_number for part in parts):
        boxes = [part.bbox for part in parts if part.page_number == page_number and part.bbox is not None]
        if not boxes:
            result.extend(dict.fromkeys(part for part in parts if part.page_number == page_number))
            continue
        result.append(Part(page_number, hull(boxes)))
    return tuple(result)
