"""One form per project → lines: name, money, goals and indicators, in the forms of ministries, provinces and cities.

What is recognised as a form is read or named in an issue: nothing is lost in silence, and tables that look alike but
speak of a whole department, a region or of what was reached are only pointed at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain

from extract.layouts.forms_cells import Box, around
from extract.layouts.forms_head import Head, Money, is_money, read_head, without_unit
from extract.layouts.forms_indicators import IndicatorRows, read_halves, read_rows
from extract.layouts.forms_pages import Form, forms_of
from extract.layouts.forms_tabbed import laid_out
from extract.layouts.interpretation import Context, Interpretation
from extract.money import Amount, parse_amount
from extract.records import Fund, Issue, Line, Page, Part, Period
from extract.vocabularies import vocabulary
from extract.wording import is_blank, is_masked, tidy_name, unwrapped

NAME = "project_forms"
_WORDS = vocabulary(NAME)
_UNIT = re.compile(rf"单\s*位\s*[:：]\s*(?P<unit>{'|'.join(vocabulary('documents')['amount_units'])})")
_OTHER_TABLES = {
    "department_overall": "targets of a whole department or unit (整体支出绩效目标)",
    "self_evaluation": "an evaluation of what was reached (绩效自评)",
    "regional": "targets of a region (区域绩效目标)",
}


def interpret(pages: Sequence[Page], context: Context) -> Interpretation | None:
    """The projects of every form in a document; None where there is no form."""
    forms = forms_of([laid_out(page) for page in pages])
    if not forms:
        return None
    issues: list[Issue] = []
    lines: list[Line] = []
    for form in forms:
        if form.other is not None:
            issues.append(_other_table(form))
            continue
        own: list[Issue] = []
        line = _line(form, len(lines) + 1, pages, context, own)
        if line is None:
            issues.extend(own)
            continue
        known = next((index for index, other in enumerate(lines) if _is_same_project(other, line)), None)
        if known is not None and _is_copy(lines[known], line):
            issues.append(_repeated(lines[known], line))
            lines[known] = replace(lines[known], locator=lines[known].locator + line.locator)
            continue
        if known == len(lines) - 1 and known is not None and _follows(lines[known], line):
            lines[known] = _joined(lines[known], line)
            issues.extend(replace(issue, table_number=known + 1) for issue in own)
            continue
        lines.append(line)
        issues.extend(own)
    return Interpretation(tuple(lines), tuple(issues)) if lines or issues else None


def _line(form: Form, table_number: int, pages: Sequence[Page], context: Context, issues: list[Issue]) -> Line | None:
    head = read_head(form)
    rows = _rows(form, head, context)
    name = "" if is_blank(head.name) else tidy_name(head.name)
    note = _Notes(form, name, table_number, issues)
    amounts_printed = any(not is_blank(money.text) and _yuan(money.text) != 0 for money in head.money)
    holds_nothing = not amounts_printed and (rows is None or not rows.indicators)
    says = unwrapped("\n".join(head.goals.values()))
    is_empty = holds_nothing and is_blank(says)
    if holds_nothing and not name and (is_empty or (rows is not None and head.name.strip())):
        said = "" if is_blank(says) else f": “{says}”"
        note("info", "empty_form", f"is an empty form{said}", "Nothing, if that is what you expected.")
        return None
    if rows is None or not name:
        missing = "its project's name" if rows is not None else "the headings of its indicators"
        note(
            "error",
            "unread_form",
            f"holds a form of a project that is not understood: {missing} cannot be found",
            "Nothing of it is in the data; read the page, or report the form.",
        )
        return None
    if is_empty:
        note("info", "empty_form", f"holds a form of “{name}” without anything in it", "Nothing.")
        return None
    unit = _amount_unit(form, head, pages, context) or _own_unit(head)
    if unit is None:
        unit = str(_WORDS["customary_unit"])
        note(
            "warning",
            "inferred_unit",
            f"{name}: neither form nor document prints a money unit; {unit} is the custom of its layout",
            "Compare one amount with another source before relying on absolute amounts.",
        )
    if form.rest_not_read is not None:
        note(
            "error",
            "rest_not_read",
            f"{name}: a table without headings stands where the form may go on; its columns are others",
            "Look at the page; if it is the rest of the form, its indicators are missing from the data.",
            form.rest_not_read.boxes[0],
        )
    totals, funds = _money(head, unit, note)
    _note_unread(head, rows, note)
    _note_swapped(head, note)
    goals = {period: unwrapped(text) for period, text in head.goals.items() if not is_blank(text)}
    organization = next((tidy_name(t) for t in (head.unit, head.department) if not is_blank(t)), context.publisher)
    total, project_total = totals.get("annual"), totals.get("project")
    return Line(
        table_number=table_number,
        line_number=1,
        view="targets",
        layout=NAME,
        level="project",
        name=name,
        organization=organization,
        total_text=total.text if total else None,
        total_yuan=total.yuan if total else None,
        project_total_text=project_total.text if project_total else None,
        project_total_yuan=project_total.yuan if project_total else None,
        amount_unit=unit,
        funds=tuple(funds),
        goal=goals.get("annual"),
        project_goal=goals.get("project"),
        indicators=tuple(rows.indicators),
        is_confidential=any(word in name for word in _WORDS["confidential"]) or is_masked(name, says),
        locator=around(form.boxes),
    )


class _Notes:
    """Writes issues about one form."""

    def __init__(self, form: Form, name: str, table_number: int, issues: list[Issue]) -> None:
        self.form, self.name, self.table_number, self.issues = form, name, table_number, issues

    def __call__(self, severity: str, code: str, message: str, what_to_do: str, box: Box | None = None) -> None:
        place = around([box] if box else self.form.pieces[0].boxes)[0]
        is_form = code in ("unread_form", "empty_form")
        self.issues.append(
            Issue(
                severity,  # type: ignore[arg-type]
                code,
                f"Page {self.form.page_number} {message}" if is_form else message,
                what_to_do,
                place.page_number or self.form.page_number,
                None if is_form else self.table_number,
                None if is_form else 1,
                place.bbox,
            )
        )


def _rows(form: Form, head: Head, context: Context) -> IndicatorRows | None:
    if form.header is None:
        return None
    if form.header.second_half is None:
        return read_rows(form, context.fiscal_year)
    periods = {money.period for money in head.money} | set(head.goals)
    return read_halves(form, context.fiscal_year) if periods >= {"annual", "project"} else None


def _amount_unit(form: Form, head: Head, pages: Sequence[Page], context: Context) -> str | None:
    """The unit printed in the form, else the nearest one above it on its page, else on the pages before."""
    if head.amount_unit:
        return head.amount_unit
    before = (line.text for page in reversed(pages) if page.page_number < form.page_number for line in page.lines[::-1])
    match = next((match for text in chain(reversed(form.near_lines), before) if (match := _UNIT.search(text))), None)
    return match["unit"] if match else context.amount_unit


def _own_unit(head: Head) -> str | None:
    """The unit behind the amounts themselves, where each prints one."""
    units = [without_unit(money.text)[1] for money in head.money if not is_blank(money.text)]
    return next(iter(units), None) if all(units) else None


def _money(head: Head, unit: str, note: _Notes) -> tuple[dict[Period, Amount], list[Fund]]:
    read = [(money, _amount(money, unit, note)) for money in head.money]
    rest = _rest_period(read)
    only_one = len({money.period for money, amount in read if amount is not None}) == 1
    parents = _summed_up(head.money)
    totals: dict[Period, Amount] = {}
    funds: list[Fund] = []
    for money, amount in read:
        if amount is None:
            continue
        period: Period = money.period or ("annual" if only_one or not _has_annual(head) else "project")
        if money.period is None and (money.source is not None or _is_a_total_again(money, amount, read)):
            period = rest or period
        if money.source is None:
            known = totals.setdefault(period, amount)
            if known.yuan != amount.yuan:
                note(
                    "error",
                    "unread_amount",
                    f"{note.name}: {amount.text} of {money.label} is a second total of its period, beside {known.text}",
                    "Look at the page; this amount is missing from the data.",
                    money.box,
                )
        elif id(money) not in parents:
            funds.append(Fund(money.source, period, amount.text, amount.yuan, "printed", (), around([money.box])))
    return totals, funds


def _rest_period(read: Sequence[tuple[Money, Amount | None]]) -> Period | None:
    """The period of sources that name none: that of the only total, or of the one that they add up to."""
    totals = {money.period: amount.yuan for money, amount in read if money.source is None and amount is not None}
    if len(totals) == 1:
        return next(iter(totals))
    totals.pop(None, None)
    rest = sum(amount.yuan for money, amount in read if money.source and money.period is None and amount is not None)
    fitting = [period for period, yuan in totals.items() if yuan == rest]
    return fitting[0] if len(fitting) == 1 else None


def _is_a_total_again(money: Money, amount: Amount, read: Sequence[tuple[Money, Amount | None]]) -> bool:
    """Whether another label prints the same total with its period."""
    return any(
        other.source is None and other.period is not None and known is not None and known.yuan == amount.yuan
        for other, known in read
        if other is not money
    )


def _has_annual(head: Head) -> bool:
    return any(money.period == "annual" for money in head.money)


def _summed_up(money: Sequence[Money]) -> set[int]:
    """The amounts that other printed amounts of the same period are parts of."""
    children = {m.period for m in money if m.source in _WORDS["fund_children"] and not is_blank(m.text)}
    return {id(m) for m in money if m.source in _WORDS["fund_parents"] and m.period in children}


def _yuan(text: str) -> Decimal | None:
    amount = parse_amount(without_unit(text)[0], "元")
    return amount.yuan if amount else None


def _amount(money: Money, unit: str, note: _Notes) -> Amount | None:
    if is_blank(money.text):
        return None
    text, own_unit = without_unit(money.text)
    amount = parse_amount(text, own_unit or money.unit or unit)
    if amount is None:
        note(
            "error",
            "unread_amount",
            f"{note.name}: “{unwrapped(money.text)}” stands beside {money.label}, where an amount should",
            "Look at the page; this amount is missing from the data.",
            money.box,
        )
    return amount


def _note_unread(head: Head, rows: IndicatorRows, note: _Notes) -> None:
    has_money = any(not is_blank(money.text) for money in head.money)
    amounts = [box for box in head.unread if is_money(box.text) or (not has_money and _may_be_money(box.text))]
    for box in amounts:
        note(
            "error",
            "unread_amount",
            f"{note.name}: “{unwrapped(box.text)}” stands beside no label of money that is known",
            "Look at the page; this amount is missing from the data.",
            box,
        )
    for box in (box for box in head.unread if box not in amounts):
        note(
            "warning",
            "unread_cell",
            f"{note.name}: “{unwrapped(box.text)[:60]}” above the indicators is not understood",
            "Look at the cell; what it says is not in the data.",
            box,
        )
    for box in rows.unread:
        note(
            "error",
            "unread_indicators",
            f"{note.name}: “{unwrapped(box.text)[:60]}” among the indicators is not understood as one",
            "Look at the cell; what stands there is missing from the indicators of this line.",
            box,
        )
    for heading, box in rows.unknown_columns.items():
        note(
            "warning",
            "unread_column",
            f"{note.name}: what stands in the column “{heading}” is not understood",
            "Look at the column; what it says is not in the data.",
            box,
        )
    for box in rows.unread_weights:
        note(
            "warning",
            "unread_weight",
            f"{note.name}: the weight “{unwrapped(box.text)}” is no number, or stands beside several indicators",
            "Look at the page; these indicators carry no weight in the data.",
            box,
        )
    if rows.without_level:
        positions = ", ".join(map(str, rows.without_level))
        note(
            "info",
            "missing_level",
            f"{note.name}: the cells beside indicators {positions} print no 一级指标 or no 二级指标",
            "Nothing; these indicators carry the levels that are printed.",
        )
    if rows.doubtful_level:
        positions = ", ".join(map(str, rows.doubtful_level))
        note(
            "warning",
            "level_in_doubt",
            f"{note.name}: a page's end parts indicators {positions} from their 一级指标",
            "Look at the pages; these indicators carry no 一级指标 in the data.",
        )


def _may_be_money(text: str) -> bool:
    """Whether a bare number is no year: in a form that prints no other amount it may be its money."""
    return _yuan(text) is not None and not re.fullmatch(r"(?:19|20)\d\d|\d", text.strip())


def _note_swapped(head: Head, note: _Notes) -> None:
    body = tidy_name(head.unit or head.department)
    if body.endswith(tuple(_WORDS["project_endings"])) and note.name.endswith(tuple(_WORDS["body_endings"])):
        note(
            "warning",
            "odd_labels",
            f"{note.name}: a body's name stands where the project's should, and “{body}” where the body's should",
            "Kept as printed; the publisher may have swapped two cells.",
        )


def _other_table(form: Form) -> Issue:
    pages = sorted({piece.page_number for piece in form.pieces})
    where = f"Page {pages[0]} holds" if len(pages) == 1 else f"Pages {pages[0]} to {pages[-1]} hold"
    place = around(form.pieces[0].boxes)[0]
    return Issue(
        "info",
        "other_targets_table",
        f"{where} {_OTHER_TABLES[str(form.other)]}, not targets of a project",
        "Nothing; such tables are not read.",
        form.page_number,
        bbox=place.bbox,
    )


def _is_same_project(one: Line, other: Line) -> bool:
    return (one.name, one.organization, one.total_yuan, one.project_total_yuan) == (
        other.name,
        other.organization,
        other.total_yuan,
        other.project_total_yuan,
    )


def _is_copy(one: Line, other: Line) -> bool:
    return _said(one) == _said(other) and [f.amount_yuan for f in one.funds] == [f.amount_yuan for f in other.funds]


def _said(line: Line) -> Iterator[object] | list[object]:
    return [line.goal, line.project_goal, *((i.name, [t.text for t in i.targets]) for i in line.indicators)]


def _follows(one: Line, other: Line) -> bool:
    """Whether a form repeats the head of the one on the page before, to go on with its indicators."""
    last, first = one.locator[-1].page_number, other.locator[0].page_number
    same_goal = other.goal in (None, one.goal) and other.project_goal in (None, one.project_goal)
    return last is not None and first is not None and 0 <= first - last <= 1 and same_goal


def _joined(one: Line, other: Line) -> Line:
    known = {(i.level_1, i.level_2, i.name, tuple(t.text for t in i.targets)) for i in one.indicators}
    new = [i for i in other.indicators if (i.level_1, i.level_2, i.name, tuple(t.text for t in i.targets)) not in known]
    indicators = (*one.indicators, *new)
    return replace(
        one,
        indicators=tuple(replace(indicator, position=n) for n, indicator in enumerate(indicators, 1)),
        locator=one.locator + other.locator,
    )


def _repeated(one: Line, other: Line) -> Issue:
    place = other.locator[0]
    return Issue(
        "info",
        "repeated_form",
        f"{one.name}: the form {_where(one.locator[0])} is printed again {_where(place)}",
        "Nothing; the project is counted once.",
        place.page_number,
        one.table_number,
        one.line_number,
        place.bbox,
    )


def _where(place: Part) -> str:
    return f"on page {place.page_number}" if place.page_number else f"in lines {place.first_line}–{place.last_line}"
