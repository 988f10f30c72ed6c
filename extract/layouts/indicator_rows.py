"""Lists with one indicator per row → lines: 长沙, 重庆, 长春, 四川, 云南 and their kind, known by their headings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extract.layouts.empty_tables import empty_table
from extract.layouts.guangdong_levels import levels_of
from extract.layouts.guangdong_rows import Row as Leveled
from extract.layouts.indicator_projects import Labelled, Project, box_of, projects_of, read_indicators
from extract.layouts.indicator_tables import OtherTable, Table, find_tables, role_of
from extract.layouts.interpretation import Context, Interpretation
from extract.money import Amount, parse_amount
from extract.records import Fund, Indicator, Issue, Level, Line, Page, Part, Period, Severity, Target
from extract.targets import parse_target
from extract.vocabularies import vocabulary
from extract.wording import is_blank, is_masked, joined_chinese, tidy_name, unspaced, unwrapped

NAME = "indicator_rows"
_WORDS = vocabulary(NAME)
_FUNDS: Sequence[str] = _WORDS["fund_sources"]
_CONFIDENTIAL = vocabulary("guangdong_list")["confidential"]
_WEIGHT_SUMS = vocabulary("indicators")["weight_sums"]
_CODE = re.compile(r"^\d{3,}[-－—]?(?=\D)")
_WEIGHT = re.compile(r"(?P<number>\d+(?:\.\d+)?)[%％分]?")
_AMOUNTS = ("total", *_FUNDS)
_LIKE_MONEY = re.compile(r"[0-9]{1,3}(?:[,，]?[0-9]{3})*\.[0-9]{1,4}")
_MAY_NOT_REPEAT = ("name", "level_1", "level_2", "indicator", "value", *_AMOUNTS)


@dataclass(slots=True)
class _Place:
    """Where a line stands, for its issues."""

    table_number: int
    line_number: int
    name: str
    part: Part
    issues: list[Issue]

    def note(
        self, code: str, message: str, what_to_do: str, part: Part | None = None, *, severity: Severity = "error"
    ) -> None:
        """Adds an issue of this line."""
        at = part or self.part
        self.issues.append(
            Issue(
                severity,
                code,
                f"{self.name}: {message}",
                what_to_do,
                at.page_number,
                self.table_number,
                self.line_number,
                at.bbox,
            )
        )


def interpret(pages: Sequence[Page], context: Context) -> Interpretation | None:
    """The lines of every such list in a document; None where no such headings stand."""
    tables, others = find_tables(pages)
    if not tables and not others:
        return None
    issues = [issue for table in others for issue in _others(table)]
    lines: list[Line] = []
    has_inferred_unit = False
    for table_number, table in enumerate(tables, 1):
        unit = table.amount_unit or _WORDS["customary_unit"]
        found = list(_lines(table, table_number, unit, context, issues))
        lines.extend(found)
        if not found and table.fields is None:
            issues.append(empty_table(table.place, table_number))
        has_inferred_unit |= table.amount_unit is None and any(line.total_text or line.funds for line in found)
        _note_unknown_columns(table, issues)
    if has_inferred_unit:
        issues.append(
            Issue(
                "warning",
                "inferred_unit",
                f"A table prints no money unit; {_WORDS['customary_unit']} is the custom of its layout",
                "Compare one amount with another source before relying on absolute amounts.",
            )
        )
    return Interpretation(tuple(lines), tuple(issues))


def _others(table: OtherTable) -> Iterator[Issue]:
    for place in table.places:
        yield Issue(
            "info",
            "other_targets_table",
            f"Page {place.page_number} holds {table.title} ({table.kind}), which is no table of projects",
            "Nothing; its targets are not those of projects and are not in the data.",
            place.page_number,
            bbox=place.bbox,
        )


def _lines(table: Table, table_number: int, unit: str, context: Context, issues: list[Issue]) -> Iterator[Line]:
    projects, notes = _projects(table, table_number, issues)
    weight_role = _weight_role(table, projects, table_number, issues)
    places = [
        _Place(table_number, number, tidy_name(project.text("name")), _locator(project, table)[0], issues)
        for number, project in enumerate(projects, 1)
    ]
    totals = [_amount(project.text("total"), unit, place) for project, place in zip(projects, places, strict=True)]
    levels = _levels(projects, totals, table.body or context.publisher)
    issues.extend(notes)
    body = table.body or context.publisher
    for project, place, total, level in zip(projects, places, totals, levels, strict=True):
        printed = _CODE.sub("", tidy_name(project.text("unit"))) or tidy_name(project.text("department"))
        if level in ("department", "unit"):
            body = place.name
        organization = printed if printed and level == "project" else body
        goal, project_goal = (unwrapped(project.text(role)) for role in ("goal", "project_goal"))
        if level == "project" and not project.indicators:
            place.note(
                "no_indicators",
                "no indicator is printed for this project",
                "Nothing, if the table prints none; else look at the page.",
                severity="warning",
            )
        inferred = [one for one in project.indicators if one.is_inferred]
        if inferred:
            place.note(
                "inferred_level",
                f"{len(inferred)} indicators have empty level cells; read as those of the row above",
                "Nothing, if the table prints a level once for the rows below it.",
                inferred[0].parts[0] if inferred[0].parts else None,
                severity="info",
            )
        if not place.name:
            place.note(
                "unread_name",
                "rows of indicators stand without the name of their project",
                "Look at the page; the rows may belong to the project before or after them.",
            )
        if project.inapplicable:
            place.note(
                "inapplicable_indicators",
                f"{len(project.inapplicable)} rows print that no indicator applies"
                f" ({'、'.join(dict.fromkeys(one.texts['level_2'] for one in project.inapplicable))})",
                "Nothing; they are not in the data.",
                project.inapplicable[0].parts[0] if project.inapplicable[0].parts else None,
                severity="info",
            )
        for row in project.unread:
            texts = " ".join(unwrapped(slot.text) for slot in row.slots.values() if slot.is_fresh and slot.text.strip())
            place.note(
                "unread_indicators",
                f"“{texts[:60]}” stands in the rows of indicators without an indicator's name",
                "Look at the row; what stands there is missing from the indicators of this line.",
                next((slot.cell.part for slot in row.slots.values() if slot.is_fresh), None),
            )
        yield Line(
            table_number=table_number,
            line_number=place.line_number,
            view="targets",
            layout=NAME,
            level=level,
            name=place.name,
            organization=None if level == "total" else organization,
            total_text=total.text if total else None,
            total_yuan=total.yuan if total else None,
            project_total_text=None,
            project_total_yuan=None,
            amount_unit=unit,
            funds=tuple(_funds(project, table, total, unit, place)),
            goal=None if is_blank(goal) else goal,
            project_goal=None if is_blank(project_goal) else project_goal,
            indicators=tuple(
                _indicator(position, one, weight_role, context.fiscal_year, place)
                for position, one in enumerate(project.indicators, 1)
            ),
            is_confidential=any(word in place.name + goal for word in _CONFIDENTIAL) or is_masked(place.name, goal),
            locator=_locator(project, table),
            number=tidy_name(project.text("sequence")) or None,
        )


def _projects(table: Table, table_number: int, issues: list[Issue]) -> tuple[list[Project], list[Issue]]:
    """The projects and bodies of a table, without empty rows; and an issue for each note under it."""
    if table.fields is not None:
        return _of_form(table, table_number, issues), []
    projects: list[Project] = []
    notes: list[Issue] = []
    for project in projects_of(table.rows, [role for role in _AMOUNTS if role in table.heading.roles]):
        printed = [text for row in project.rows for slot in row.slots.values() if (text := slot.text.strip())]
        if all(is_blank(text) for text in printed):
            continue
        if len(printed) == 1 and unwrapped(printed[0]).startswith(
            tuple(word + sign for word in _WORDS["notes"] for sign in ":：")
        ):
            notes.append(
                Issue(
                    "info",
                    "table_note",
                    f"The table says: {unwrapped(printed[0])}",
                    "Keep it in mind when using the lines and sums of this table.",
                    project.rows[0].slots[next(iter(project.rows[0].slots))].cell.part.page_number,
                    table_number,
                )
            )
            continue
        if is_blank(project.text("name")):
            project.texts["name"] = _name_elsewhere(project)
        if tidy_name(project.text("name")) in _WORDS["subtotal_names"] and not project.indicators:
            notes.append(
                Issue(
                    "info",
                    "subtotal",
                    f"The table prints a subtotal: {' '.join(unwrapped(text) for text in printed)}",
                    "Nothing; the lines it sums up are in the data.",
                    project.rows[0].slots[next(iter(project.rows[0].slots))].cell.part.page_number,
                    table_number,
                )
            )
            continue
        projects.append(project)
    return projects, notes


def _name_elsewhere(project: Project) -> str:
    """The name of a body or total whose name column is empty: it stands in a column before it."""
    roles = [role for role in project.rows[0].slots if role not in _AMOUNTS]
    texts = [project.rows[0].text(role) for role in roles] + [project.text("unit")]
    words = [text for text in texts if text.strip() and not text.strip().isdigit()]
    return _CODE.sub("", tidy_name(words[0])) if words else ""


def _of_form(table: Table, table_number: int, issues: list[Issue]) -> list[Project]:
    texts: dict[str, str] = {}
    for name, cell in table.fields or []:
        role = role_of(name)
        if role is None:
            issues.append(
                Issue(
                    "warning",
                    "unread_cell",
                    f"“{unwrapped(cell.text)[:60]}” stands in a form without a label that is known",
                    "Look at the page; the cell is missing from the data.",
                    cell.part.page_number,
                    table_number,
                    1,
                    cell.part.bbox,
                )
            )
            continue
        texts[role] = f"{texts[role]}\n{cell.text}" if texts.get(role) else cell.text
    project = Project(texts, table.rows)
    read_indicators(project)
    empty = is_blank(texts.get("name", "")) and is_blank(texts.get("total", "")) and not project.indicators
    return [] if empty else [project]


def _levels(projects: Sequence[Project], totals: Sequence[Amount | None], body: str | None) -> list[Level]:
    rows = [
        Leveled(
            name=project.text("name"),
            total=project.text("total"),
            funds=(),
            goal=project.text("goal") + project.text("project_goal"),
            indicators="+" if project.indicators or project.unread else "",
            parts=(),
            fund_parts=(),
            indicator_parts=(),
        )
        for project in projects
    ]
    levels = levels_of(rows, [total.yuan if total else None for total in totals], body)
    for index, project in enumerate(projects):
        bare = not rows[index].goal.strip() and not rows[index].indicators
        names = {tidy_name(project.text("name")), *(tidy_name(row.text("sequence")) for row in project.rows)}
        codes = {tidy_name(slot.text) for slot in project.rows[0].slots.values()} if project.rows else set()
        if bare and (names | codes) & set(_WORDS["total_names"]):
            levels[index] = "total"
        elif bare and levels[index] == "project" and not project.rows[0].own("name").strip():
            levels[index] = "unit"
    return levels


def _weight_role(table: Table, projects: Sequence[Project], table_number: int, issues: list[Issue]) -> str | None:
    """The column of weights; a column of remarks is one where its numbers add up to a whole for every project."""
    if "weight" in table.heading.roles:
        return "weight"
    for role in (f"({name})" for name in _WORDS["remarks"]):
        if role not in table.heading.roles:
            continue
        sums: list[Decimal] = []
        for project in projects:
            printed = [one.row.own(role).strip() for one in project.indicators if one.row.own(role).strip()]
            numbers = [_WEIGHT.fullmatch(text) for text in printed]
            if project.indicators and all(numbers):
                sums.append(sum((Decimal(match["number"]) for match in numbers if match), Decimal(0)))
            elif project.indicators:
                return None
        if sums and all(total in _WEIGHT_SUMS for total in sums):
            issues.append(
                Issue(
                    "info",
                    "inferred_weight",
                    f"The numbers under {role.strip('()')} add up to {', '.join(sorted({f'{s:f}' for s in sums}))} for"
                    " every project of this table; read as weights",
                    "Nothing, if these are the indicators' scores.",
                    table.place.page_number,
                    table_number,
                )
            )
            return role
    return None


def _amount(text: str, unit: str, place: _Place) -> Amount | None:
    if is_blank(text):
        return None
    amount = parse_amount(text, unit)
    if amount is None:
        place.note(
            "unread_amount",
            f"“{unwrapped(text)}” stands where an amount should",
            "Look at the page; the amount of this line is missing from the data.",
        )
    return amount


def _funds(project: Project, table: Table, total: Amount | None, unit: str, place: _Place) -> Iterator[Fund]:
    locator = (place.part,)
    label = next(
        (text for role, text in zip(table.heading.roles, table.heading.labels, strict=True) if role == "total"), ""
    )
    source = _WORDS["total_sources"].get(re.sub(r"（[^（）]*）", "", label))
    if source and total:
        yield Fund(source, "annual", total.text, total.yuan, "printed", (), locator)
    printed = {name for name in _FUNDS if not is_blank(project.text(name))}
    for name in _FUNDS:
        if name not in printed or printed & set(_WORDS["fund_parts"].get(name, [])):
            continue
        amount = _amount(project.text(name), table.heading.amount_units.get(name, unit), place)
        if amount is not None:
            yield Fund(name, "annual", amount.text, amount.yuan, "printed", (), locator)


def _indicator(
    position: int, one: Labelled, weight_role: str | None, fiscal_year: int | None, place: _Place
) -> Indicator:
    part = one.parts[0] if one.parts else place.part
    texts = one.texts
    name = tidy_name(texts["indicator"])
    weight = None
    printed = unspaced(one.texts["weight"] if weight_role == "weight" else one.row.own(weight_role or ""))
    if weight_role and not is_blank(printed):
        match = _WEIGHT.fullmatch(printed)
        weight = Decimal(match["number"]) if match else None
        if match is None:
            place.note(
                "unread_weight",
                f"{name}: “{printed}” stands where a weight should",
                "Look at the page; the weight of this indicator is missing from the data.",
                part,
                severity="warning",
            )
    targets = [_target("annual", texts["value"], texts, fiscal_year)]
    if not is_blank(texts["project_value"]):
        targets.append(_target("project", texts["project_value"], texts, fiscal_year))
    return Indicator(
        position=position,
        number=None,
        level_1_code=None,
        level_1=texts["level_1"] or None,
        level_2_code=None,
        level_2=texts["level_2"] or None,
        name=name,
        weight=weight,
        targets=tuple(targets),
        locator=one.parts or (place.part,),
        nature=_printed(texts["nature"]) or _printed(texts["operator"]),
        unit=_printed(texts["unit_of_value"]),
        explanation=_printed(texts["explanation"]),
        prior_value=_printed(texts["prior_value"]),
    )


def _printed(text: str) -> str | None:
    return None if is_blank(text) else joined_chinese(text)


def _target(period: Period, value: str, texts: dict[str, str], fiscal_year: int | None) -> Target:
    text = unwrapped(value)
    operator = texts["operator"] or texts["nature"]
    components = parse_target(text, operator=operator, unit=texts["unit_of_value"], fiscal_year=fiscal_year)
    return Target(period, text, components)


def _locator(project: Project, table: Table) -> tuple[Part, ...]:
    parts = [cell.part for _, cell in table.fields or []]
    parts += [slot.cell.part for row in project.rows for slot in row.slots.values() if slot.is_fresh]
    return box_of(parts) or (table.place,)


def _note_unknown_columns(table: Table, issues: list[Issue]) -> None:
    has_amounts = any(role in _AMOUNTS for role in table.heading.roles)
    for role, printed in zip(table.heading.roles, table.heading.labels, strict=True):
        known = role_of(printed)
        if known in _MAY_NOT_REPEAT and role == f"({printed})" and any(row.own(role).strip() for row in table.rows):
            issues.append(
                Issue(
                    "error",
                    "unread_amount" if known in _AMOUNTS else "unread_indicators",
                    f"The column “{printed}” stands twice; what stands in the second is not in the data",
                    "Look at the page; tell the project's maintainers what the two columns hold.",
                    table.place.page_number,
                    bbox=table.place.bbox,
                )
            )
        if not printed or known is not None:
            continue
        held = [text for row in table.rows if (text := row.own(role).strip())]
        if held and not has_amounts and all(map(_LIKE_MONEY.fullmatch, held)):
            issues.append(
                Issue(
                    "error",
                    "unread_amount",
                    f"The column “{printed}” is not known, no other one holds amounts, and these look like some",
                    "Look at the page; the money of these lines is missing from the data.",
                    table.place.page_number,
                    bbox=table.place.bbox,
                )
            )
        elif held:
            issues.append(
                Issue(
                    "warning",
                    "unknown_column",
                    f"The column “{printed}” is not known; what stands in it is not in the data",
                    "Look at the page; tell the project's maintainers if it holds amounts or targets.",
                    table.place.page_number,
                    bbox=table.place.bbox,
                )
            )
