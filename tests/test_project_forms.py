"""Forms, one per project: published ones held to what stands on their pages, made ones to the traps of the kind."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.goldens import line_facts
from extract import readers
from extract.document import document_of
from extract.fiscal_year import year_cells
from extract.layouts import project_forms
from extract.layouts.forms_pages import forms_of, role_of
from extract.layouts.interpretation import Context, Interpretation
from extract.records import BBox, Cell, Grid, Page, Part, TextLine
from extract.vocabularies import vocabulary
from extract.wording import label
from tests import printing
from tests.printing import Printer

HEADINGS = {name for names in vocabulary("project_forms")["columns"].values() for name in names}
XS = (50.0, 80.0, 150.0, 230.0, 400.0, 500.0)


def test_every_printed_place_is_on_a_page(published: Path) -> None:
    document = document_of((published / "pdf" / "fuzhou-commerce-2026-budget.pdf").read_bytes())
    assert document.lines
    for line in document.lines:
        assert all(part.page_number and part.bbox for part in line.locator)
        assert all(part.page_number and part.bbox for fund in line.funds for part in fund.locator)
        assert all(part.page_number and part.bbox for i in line.indicators for part in i.locator)


def test_every_cell_of_a_form_is_in_its_line_or_a_label(published: Path) -> None:
    """Nothing that a form prints is lost: what no line holds is a label, a title, or a cell beside an ignored label."""
    told = re.compile(
        r".*绩效目标(?:填报)?表|（\d{4}年度）|\d{4}-\d{2}-\d{2}|(?:其中：)?(?:当年)?财政(?:拨款|资金)：?|其他资金：?|.*资金(?:申请)?总额：?"
        r"|.*性项目|.*类|长期|\W?\d{3}\W.+局|(?:年|度|绩|效|指|标)+|福州市商务局|.*效益指标|[-—–/]?"
    )
    cells = 0
    for name in ("national-petitions-2026", "shanghai-putuo-street", "fuzhou-commerce-2026", "xian-commerce"):
        content = (published / "pdf" / f"{name}-budget.pdf").read_bytes()
        printed_forms = [form for form in forms_of(readers.read(content).pages) if form.other is None]
        lines = document_of(content).lines
        assert len(lines) == len(printed_forms) > 0
        for line, form in zip(lines, printed_forms, strict=True):
            targets = [text for i in line.indicators for text in (i.level_1, i.level_2, i.name, i.targets[0].text)]
            weights = [f"{i.weight:f}" for i in line.indicators if i.weight is not None]
            amounts = [text for fund in line.funds for text in (fund.amount_text, fund.fund_source)]
            whole = [
                line.name,
                line.organization,
                line.total_text,
                line.project_total_text,
                line.goal,
                line.project_goal,
            ]
            held = "\0".join(re.sub(r"\s", "", text or "") for text in (*whole, *amounts, *targets, *weights))
            for box in form.boxes:
                cells += 1
                text = re.sub(r"^指标\d*：", "", re.sub(r"\s", "", box.text))
                known = role_of(box.text) or label(box.text) in HEADINGS
                assert text in held or known or told.fullmatch(text), (line.name, text)
    assert cells > 2000


def test_typeset_forms_are_read_to_the_cell(published: Path) -> None:
    truth = json.loads((published / "typeset" / "yuexiu-commerce-2024-forms.truth.json").read_text(encoding="utf-8"))
    document = document_of((published / "typeset" / "yuexiu-commerce-2024-forms.pdf").read_bytes())
    assert (document.status, document.fiscal_year) == ("complete", 2024)
    assert len(document.lines) == len(truth["forms"]) == 20
    for line, form in zip(document.lines, truth["forms"], strict=True):
        assert (line.name, line.organization, line.goal) == (form["project"], form["unit"], form["goal"])
        assert line.total_yuan == Decimal(form["total"].replace(",", "")) * 10000
        funds = {"财政拨款": form["fiscal"], "其他资金": form["other"]}
        assert {fund.fund_source: fund.amount_text for fund in line.funds} == {k: v for k, v in funds.items() if v}
        indicators = [[i.level_1, i.level_2, i.name, i.targets[0].text] for i in line.indicators]
        assert indicators == form["indicators"]


def test_a_form_over_seven_pages_without_headings_keeps_its_levels(published: Path) -> None:
    document = document_of((published / "pdf" / "xian-emergency-budget.pdf").read_bytes())
    (line,) = document.lines
    assert [part.page_number for part in line.locator] == [39, 40, 41, 42, 43, 44, 45]
    assert len(line.indicators) == 100
    counts = Counter(indicator.level_2 for indicator in line.indicators)
    assert counts == {
        **dict.fromkeys(["数量指标", "质量指标", "时效指标", "成本指标"], 14),
        **dict.fromkeys(["经济效益指标", "生态效益指标"], 1),
        **dict.fromkeys(["社会效益指标", "可持续影响指标", "服务对象满意度指标"], 14),
    }
    codes = {issue.code for issue in document.issues}
    assert {"other_targets_table", "odd_labels"} <= codes  # 部门整体支出 before it; name and body are swapped in print


def test_tables_of_a_whole_department_are_only_pointed_at(published: Path) -> None:
    for name, pages in [("quanzhou-police-2026", [52]), ("xian-petitions", [42]), ("xian-commerce", [77, 78, 79, 80])]:
        document = document_of((published / "pdf" / f"{name}-budget.pdf").read_bytes())
        others = [issue for issue in document.issues if issue.code == "other_targets_table"]
        assert [(issue.severity, issue.page_number) for issue in others] == [("info", page) for page in pages]


def test_a_level_whose_label_no_page_prints_stays_open(published: Path) -> None:
    document = document_of((published / "pdf" / "xian-commerce-budget.pdf").read_bytes())
    line = next(line for line in document.lines if line.name == "专用项目")
    unlabelled = [i for i in line.indicators if i.level_2 is None]
    assert [i.number for i in unlabelled] == [str(n) for n in range(1, 18)]
    assert {i.level_1 for i in unlabelled} == {"产出指标"}
    assert "missing_level" in {issue.code for issue in document.issues}


# --- forms made here ---------------------------------------------------------------------------------------------


def cell(text: str, page_number: int, box: BBox) -> Cell:
    return Cell(text, Part(page_number, box))


def grid(page_number: int, *boxes: tuple[float, float, float, float, str]) -> Grid:
    """A grid of cells given as x0, top, x1, bottom, text; None where a merged neighbour covers the place."""
    columns = sorted({box[0] for box in boxes})
    tops = sorted({box[1] for box in boxes})
    at = {(box[1], box[0]): cell(box[4], page_number, box[:4]) for box in boxes}
    rows = tuple(tuple(at.get((top, x0)) for x0 in columns) for top in tops)
    edges = (min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes))
    return Grid(rows, Part(page_number, edges))


def head(
    top: float, name: str = "甲项目", unit: str = "甲局", money: tuple[str, ...] = ("30.00", "20.00", "10.00")
) -> list[tuple[float, float, float, float, str]]:
    """A form down to the headings of its indicators: 120 points high."""
    labels = ("年度资金总额：", "其中：财政拨款", "其他资金")
    return [
        (50, top, 150, top + 20, "项目名称"),
        (150, top, 500, top + 20, name),
        (50, top + 20, 150, top + 40, "实施单位"),
        (150, top + 20, 500, top + 40, unit),
        (50, top + 40, 150, top + 100, "项目资金\n（万元）"),
        *((150, top + 40 + 20 * n, 230, top + 60 + 20 * n, text) for n, text in enumerate(labels)),
        *((230, top + 40 + 20 * n, 500, top + 60 + 20 * n, text) for n, text in enumerate(money)),
        (50, top + 100, 80, top + 120, "年度\n目标"),
        (80, top + 100, 500, top + 120, "办好甲事。"),
    ]


def headings(top: float, bottom: float) -> list[tuple[float, float, float, float, str]]:
    return [
        (50, top, 80, bottom, "绩\n效\n指\n标"),
        (80, top, 150, top + 20, "一级指标"),
        (150, top, 230, top + 20, "二级指标"),
        (230, top, 400, top + 20, "三级指标"),
        (400, top, 500, top + 20, "指标值"),
    ]


def row(top: float, name: str, value: str) -> list[tuple[float, float, float, float, str]]:
    return [(230, top, 400, top + 20, name), (400, top, 500, top + 20, value)]


def level(column: int, top: float, bottom: float, text: str) -> tuple[float, float, float, float, str]:
    return (XS[column], top, XS[column + 1], bottom, text)


def page(number: int, *grids: Grid, lines: tuple[tuple[float, str], ...] = ()) -> Page:
    texts = tuple(TextLine(text, Part(number, (50, top, 500, top + 12))) for top, text in lines)
    return Page(number, 595, 842, tuple(grids), texts)


def read(*pages: Page) -> Interpretation:
    interpretation = project_forms.interpret(pages, Context("乙局", 2026, None))
    assert interpretation is not None
    return interpretation


def short_form(top: float, name: str, number: int = 1) -> list[tuple[float, float, float, float, str]]:
    return [
        *head(top, name),
        *headings(top + 120, top + 160),
        level(1, top + 140, top + 160, "产出指标"),
        level(2, top + 140, top + 160, "数量指标"),
        *row(top + 140, "次数", f"≥{number}次"),
    ]


def test_a_page_may_hold_two_forms_under_running_text() -> None:
    first, second = grid(1, *short_form(100, "甲项目")), grid(1, *short_form(400, "丙项目", 2))
    one_grid = grid(1, *short_form(100, "甲项目"), *short_form(260, "丙项目", 2))
    text = ((40, "本部门编报绩效目标的项目2个，绩效目标如下。"),)
    for pages in (page(1, first, second, lines=text), page(1, one_grid, lines=text)):
        lines = read(pages).lines
        assert [(line.name, len(line.indicators)) for line in lines] == [("甲项目", 1), ("丙项目", 1)]
        assert [line.indicators[0].targets[0].text for line in lines] == ["≥1次", "≥2次"]


def test_a_label_on_the_next_page_is_not_the_one_above_it() -> None:
    before = grid(
        1,
        *head(500),
        *headings(620, 700),
        level(1, 640, 680, "产出指标"),
        level(1, 680, 700, ""),
        level(2, 640, 680, "数量指标"),
        level(2, 680, 700, ""),
        *row(640, "甲数", "1次"),
        *row(660, "乙数", "2次"),
        *row(680, "丙数", "3次"),
    )
    after = grid(
        2,
        (50, 40, 80, 100, ""),
        level(1, 40, 80, "效益指标"),
        level(1, 80, 100, "满意度指标"),
        level(2, 40, 80, "社会效益指标"),
        level(2, 80, 100, "服务对象满意度指标"),
        *row(40, "丁数", "4次"),
        *row(60, "戊数", "5次"),
        *row(80, "己数", "≥90%"),
    )
    (line,) = read(page(1, before), page(2, after)).lines
    assert [(i.name, i.level_1, i.level_2) for i in line.indicators] == [
        ("甲数", "产出指标", "数量指标"),
        ("乙数", "产出指标", "数量指标"),
        ("丙数", "效益指标", "社会效益指标"),
        ("丁数", "效益指标", "社会效益指标"),
        ("戊数", "效益指标", "社会效益指标"),
        ("己数", "满意度指标", "服务对象满意度指标"),
    ]


def test_a_row_cut_in_its_value_or_in_its_name_is_one_indicator() -> None:
    levels = [level(1, 640, 660, "产出指标"), level(2, 640, 660, "数量指标")]
    first = grid(1, *head(500), *headings(620, 660), *levels, *row(640, "全市举办的", "不少于"))
    for name, value, whole in [("", "九次", ("全市举办的", "不少于九次")), ("", "", ("全市举办的", "不少于"))]:
        rest = grid(
            2,
            (50, 40, 80, 80, ""),
            level(1, 40, 60, ""),
            level(1, 60, 80, "效益指标"),
            level(2, 40, 60, ""),
            level(2, 60, 80, "社会效益指标"),
            *row(40, name, value),
            *row(60, "人数", "5人"),
        )
        (line,) = read(page(1, first), page(2, rest)).lines
        assert [(i.name, i.targets[0].text) for i in line.indicators] == [whole, ("人数", "5人")]


def test_the_same_form_twice_is_one_project_and_other_units_are_others() -> None:
    again = read(page(1, grid(1, *short_form(100, "甲项目"))), page(9, grid(9, *short_form(100, "甲项目"))))
    assert [line.name for line in again.lines] == ["甲项目"]
    assert [part.page_number for part in again.lines[0].locator] == [1, 9]
    assert [issue.code for issue in again.issues] == ["repeated_form"]
    other = [*head(100, unit="丁中心"), *short_form(100, "甲项目")[13:]]
    two = read(page(1, grid(1, *short_form(100, "甲项目"))), page(2, grid(2, *other)))
    assert [line.organization for line in two.lines] == ["甲局", "丁中心"]


def test_empty_forms_and_blank_rows_are_nothing() -> None:
    blank = [
        *head(100, "", "", ("", "", "")),
        *headings(220, 260),
        level(1, 240, 260, "产出指标"),
        level(2, 240, 260, "数量指标"),
        *row(240, "/", "-"),
    ]
    blank = [box if box[4] != "办好甲事。" else (*box[:4], "") for box in blank]
    empty = read(page(3, grid(3, *blank)))
    assert empty.lines == ()
    assert [(issue.severity, issue.code, issue.page_number) for issue in empty.issues] == [("info", "empty_form", 3)]
    form = [*short_form(100, "甲项目"), *row(260, "-", "/"), *row(280, "", "")]
    (line,) = read(page(1, grid(1, *form))).lines
    assert [i.name for i in line.indicators] == ["次数"]


def test_what_is_not_understood_is_said() -> None:
    odd = [*head(100, money=("三十", "20.00", "10.00")), *short_form(100, "甲项目")[13:], *row(260, "", "≥9次")]
    interpretation = read(page(1, grid(1, *odd)))
    assert [line.total_text for line in interpretation.lines] == [None]
    assert {(i.severity, i.code) for i in interpretation.issues} == {
        ("error", "unread_amount"),
        ("error", "unread_indicators"),
    }
    headless = read(page(4, grid(4, *head(100)), lines=((60, "项目支出绩效目标表"),)))
    assert headless.lines == ()
    assert [(i.severity, i.code, i.page_number) for i in headless.issues] == [("error", "unread_form", 4)]


def test_the_unit_of_money_is_the_nearest_printed_one() -> None:
    form = [box if "（万元）" not in box[4] else (*box[:4], "项目资金") for box in short_form(100, "甲项目")]
    before = page(1, lines=((40, "单位：元"),))
    cases = [
        ((before, page(2, grid(2, *form), lines=((60, "单位：万元"),))), "万元", "300000.00"),
        ((before, page(2, grid(2, *form))), "元", "30.00"),
        ((page(2, grid(2, *form)),), "万元", "300000.00"),
    ]
    for pages, unit, yuan in cases:
        interpretation = read(*pages)
        assert (interpretation.lines[0].amount_unit, interpretation.lines[0].total_yuan) == (unit, Decimal(yuan))
        assert ("inferred_unit" in {i.code for i in interpretation.issues}) == (len(pages) == 1)


def test_headings_repeated_on_the_next_page_are_headings() -> None:
    after = grid(
        2,
        *headings(40, 80),
        level(1, 60, 80, "效益指标"),
        level(2, 60, 80, "社会效益指标"),
        *row(60, "人数", "≥5人"),
    )
    interpretation = read(page(1, grid(1, *short_form(600, "甲项目"))), page(2, after))
    (line,) = interpretation.lines
    assert [(i.name, i.level_1) for i in line.indicators] == [("次数", "产出指标"), ("人数", "效益指标")]
    assert interpretation.issues == ()


def test_whole_period_and_year_may_have_columns_of_their_own() -> None:
    money = [
        (50, 140, 150, 220, "项目资金\n（元）"),
        (150, 140, 230, 160, ""),
        (230, 140, 400, 160, "中期金额"),
        (400, 140, 500, 160, "年度金额"),
        (150, 160, 230, 180, "资金总额"),
        (230, 160, 400, 180, "300.00"),
        (400, 160, 500, 180, "100.00"),
        (150, 180, 230, 200, "其中：财政拨款"),
        (230, 180, 400, 200, "250.00"),
        (400, 180, 500, 200, "100.00"),
        (150, 200, 230, 220, "其他资金"),
        (230, 200, 400, 220, "50.00"),
        (400, 200, 500, 220, ""),
    ]
    form = short_form(100, "甲项目")
    interpretation = read(
        page(1, grid(1, *form[:4], *money, *[(*b[:1], b[1] + 20, b[2], b[3] + 20, b[4]) for b in form[11:]]))
    )
    (line,) = interpretation.lines
    assert (line.total_text, line.project_total_text, line.amount_unit) == ("100.00", "300.00", "元")
    assert sorted((f.fund_source, f.period, f.amount_text) for f in line.funds) == [
        ("其他资金", "project", "50.00"),
        ("财政拨款", "annual", "100.00"),
        ("财政拨款", "project", "250.00"),
    ]
    assert interpretation.issues == ()


def test_parents_of_printed_funds_are_no_funds() -> None:
    names = {"其他资金": "一般公共预算拨款"}
    form = [(*box[:4], names.get(box[4], box[4])) for box in head(100, money=("30.00", "30.00", "30.00"))]
    (line,) = read(page(1, grid(1, *form, *short_form(100, "甲项目")[13:]))).lines
    assert [fund.fund_source for fund in line.funds] == ["一般公共预算拨款"]


def test_a_project_about_evaluations_is_a_project() -> None:
    title = ((60, "绩效自评工作经费项目绩效目标表"),)
    (line,) = read(page(1, grid(1, *short_form(100, "绩效自评工作经费")), lines=title)).lines
    assert line.name == "绩效自评工作经费"


def test_evaluations_and_regions_are_only_pointed_at() -> None:
    for title in ("项目支出绩效自评表", "中央对地方转移支付区域绩效目标表"):
        interpretation = read(page(7, grid(7, *short_form(100, "甲项目")), lines=((60, title),)))
        assert interpretation.lines == ()
        assert [(i.severity, i.code, i.page_number) for i in interpretation.issues] == [
            ("info", "other_targets_table", 7)
        ]


def test_the_name_may_stand_in_the_title_alone() -> None:
    form = short_form(100, "甲项目")[4:]
    for title, name, body in [
        ("公务用车购置项目绩效目标表", "公务用车购置", "乙局"),
        ("301007_丁分局_科技兴警绩效目标表", "科技兴警", "丁分局"),
    ]:
        half = len(title) // 2
        wrapped = ((60, title[:half]), (78, title[half:]))
        for lines in (((78, title),), wrapped):
            (line,) = read(page(1, grid(1, *form), lines=lines)).lines
            assert (line.name, line.organization) == (name, body)


def test_a_goal_goes_on_over_the_page() -> None:
    first = head(500)
    rest = [(50, 40, 80, 60, ""), (80, 40, 500, 60, "再办好乙事。"), *headings(60, 100)]
    rest += [level(1, 80, 100, "产出指标"), level(2, 80, 100, "数量指标"), *row(80, "次数", "≥1次")]
    interpretation = read(page(1, grid(1, *first)), page(2, grid(2, *rest)))
    (line,) = interpretation.lines
    assert line.goal == "办好甲事。再办好乙事。"
    assert [i.name for i in line.indicators] == ["次数"]
    assert interpretation.issues == ()


def test_periods_operators_units_and_weights_have_columns() -> None:
    top = 240
    columns = ["一级指标", "二级指标", "三级指标", "运算符号", "实施周期指标值", "年度指标值", "计量单位", "分值（90）"]
    texts = ["产出指标", "数量指标", "培训人数", "≥", "300", "100", "人", "20"]
    edges = [80 + 50 * n for n in range(9)]
    form = [
        *head(100),
        (50, top, 80, top + 40, "绩效指标"),
        *((edges[n], top, edges[n + 1], top + 20, text) for n, text in enumerate(columns)),
        *((edges[n], top + 20, edges[n + 1], top + 40, text) for n, text in enumerate(texts)),
    ]
    interpretation = read(page(1, grid(1, *form)))
    (indicator,) = interpretation.lines[0].indicators
    assert indicator.weight == Decimal(20)
    assert [(t.period, t.text) for t in indicator.targets] == [("annual", "100"), ("project", "300")]
    for target, value in zip(indicator.targets, (100, 300), strict=True):
        (component,) = target.components
        assert (component.comparator, component.value, component.unit) == (">=", value, "人")


def test_what_stands_beside_a_target_is_kept_as_printed() -> None:
    columns = [
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "运算符号",
        "指标值",
        "计量单位",
        "指标解释",
        "上年实际值",
    ]
    texts = ["产出指标", "数量指标", "培训人数", "正向", "≥", "100", "人", "培训的\n人数", "98"]
    edges = [80 + 45 * n for n in range(10)]
    form = [
        *head(100),
        (50, 240, 80, 280, "绩效指标"),
        *((edges[n], 240, edges[n + 1], 260, text) for n, text in enumerate(columns)),
        *((edges[n], 260, edges[n + 1], 280, text) for n, text in enumerate(texts)),
    ]
    interpretation = read(page(1, grid(1, *form)))
    (indicator,) = interpretation.lines[0].indicators
    assert (indicator.nature, indicator.unit) == ("正向", "人")
    assert (indicator.explanation, indicator.prior_value) == ("培训的人数", "98")
    (component,) = indicator.targets[0].components
    assert (component.comparator, component.value, component.unit) == (">=", 100, "人")
    assert interpretation.issues == ()


def test_an_unknown_column_is_said_once() -> None:
    form = [box if box[4] != "指标值" else (400, box[1], 450, box[3], "指标值") for box in short_form(100, "甲项目")]
    form = [box if box[4] != "≥1次" else (400, box[1], 450, box[3], "≥1次") for box in form]
    form += [(450, 220, 500, 240, "是否核心"), (450, 240, 500, 260, "是")]
    interpretation = read(page(1, grid(1, *form)))
    assert [i.targets[0].text for i in interpretation.lines[0].indicators] == ["≥1次"]
    assert [(i.severity, i.code) for i in interpretation.issues] == [("warning", "unread_column")]


TABBED = [
    ["项目名称", "", "甲项目", "", ""],
    ["实施单位", "", "甲局", "", ""],
    ["项目资金（万元）", "", "年度资金总额", "30.00", ""],
    ["", "", "财政拨款", "30.00", ""],
    ["年度目标", "办好甲事。", "", "", ""],
    ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
    ["", "产出指标", "数量指标", "次数", "≥1次"],
    ["", "", "", "人数", "≥5人"],
    ["", "", "时效指标", "天数", "≤3天"],
]
"""A form as a sheet is copied: what is merged stands in the first of its places."""


def tabbed(*rows: list[str] | str) -> Interpretation:
    """A text: rows of cells, and lines without tabs."""
    content = "\n".join(row if isinstance(row, str) else "\t".join(row) for row in rows)
    return read(*readers.read(content.encode()).pages)


def told(interpretation: Interpretation) -> list[tuple[str | None, str | None, str, str]]:
    return [(i.level_1, i.level_2, i.name, i.targets[0].text) for line in interpretation.lines for i in line.indicators]


RIGHT = [
    ("产出指标", "数量指标", "次数", "≥1次"),
    ("产出指标", "数量指标", "人数", "≥5人"),
    ("产出指标", "时效指标", "天数", "≤3天"),
]


def test_a_form_as_tabbed_text_is_read_by_rows_and_columns() -> None:
    interpretation = tabbed("项目支出绩效目标表", *TABBED)
    (line,) = interpretation.lines
    assert (line.name, line.organization, line.total_text, line.goal) == ("甲项目", "甲局", "30.00", "办好甲事。")
    assert told(interpretation) == RIGHT
    assert interpretation.issues == ()
    assert line.locator == (Part(first_line=2, last_line=10),)
    assert line.funds[0].locator == (Part(first_line=5, last_line=5),)
    assert line.indicators[1].locator == (Part(first_line=9, last_line=9),)


def test_tabbed_forms_may_touch_and_lose_their_last_tabs() -> None:
    empty = [["项目名称", "", "", "", ""], *TABBED[2:3], *TABBED[5:6], ["", "产出指标", "", "", ""]]
    empty[1] = ["项目资金（万元）", "", "年度资金总额", "", ""]
    rows = [["项目支出绩效目标表", "", "", "", ""], *TABBED, *empty, *TABBED]
    trimmed = ["\t".join(row).rstrip("\t") for row in rows]
    for printed in (tabbed(*rows), tabbed(*trimmed)):
        assert [(line.name, line.total_text) for line in printed.lines] == [("甲项目", "30.00")]
        assert told(printed) == RIGHT
        assert {issue.code for issue in printed.issues} == {"empty_form", "repeated_form"}


def test_a_label_without_its_text_does_not_take_the_next_one() -> None:
    rows = [TABBED[0], ["主管部门", "", "", "实施单位", "甲局"], *TABBED[2:]]
    (line,) = tabbed("项目支出绩效目标表", *rows).lines
    assert line.organization == "甲局"
    rows[1] = ["主管部门", "", "", "实施单位", ""]
    (line,) = tabbed("项目支出绩效目标表", *rows).lines
    assert line.organization == "乙局"  # the document's


def test_goals_side_by_side_stand_under_their_labels_in_a_text() -> None:
    goals = [["总体目标", "实施期目标", "", "年度目标", ""], ["", "三年办好。", "", "今年办好。", ""]]
    (line,) = tabbed("项目支出绩效目标表", *TABBED[:4], *goals, *TABBED[5:]).lines
    assert (line.project_goal, line.goal) == ("三年办好。", "今年办好。")


def test_a_level_left_empty_is_not_the_one_above() -> None:
    interpretation = tabbed("项目支出绩效目标表", *TABBED[:7], ["", "效益指标", "", "知晓率", "≥90%"])
    assert told(interpretation)[1] == ("效益指标", None, "知晓率", "≥90%")


@pytest.mark.parametrize(
    "keep",
    [
        lambda row: [text for text in row if text],  # every empty place is gone
        lambda row: row[1:] if not row[0] else row,  # the first one is
        lambda row: [row[0], *(text for text in row[1:] if text)],
    ],
)
def test_rows_that_lost_columns_are_errors_and_no_indicators(keep: Callable[[list[str]], list[str]]) -> None:
    interpretation = tabbed("项目支出绩效目标表", *map(keep, TABBED))
    assert set(told(interpretation)) <= set(RIGHT)
    missing = len(RIGHT) - len(told(interpretation))
    assert missing
    assert [(i.severity, i.code) for i in interpretation.issues] == [("error", "unread_indicators")] * missing


def test_text_between_the_rows_of_a_form_is_no_silent_loss() -> None:
    for number in (5, 7, 8):
        interpretation = tabbed("项目支出绩效目标表", *TABBED[:number], "这是上一格的后半。", *TABBED[number:])
        assert {"unread_form", "rest_not_read"} & {i.code for i in interpretation.issues if i.severity == "error"}


def test_cells_of_several_lines_stand_in_quotation_marks() -> None:
    quoted = [*TABBED[:2], ['"项目资金\n（万元）"', *TABBED[2][1:]], TABBED[3]]
    quoted += [["年度目标", '"1.办好""甲""事；\n2.办好乙事。"', "", "", ""], *TABBED[5:]]
    (line,) = tabbed("项目支出绩效目标表", *quoted).lines
    assert (line.total_yuan, line.goal) == (Decimal(300000), '1.办好"甲"事；2.办好乙事。')
    assert line.locator == (Part(first_line=2, last_line=12),)
    open_ended = [*TABBED[:4], ["年度目标", '"甲"计划', "", "", ""], *TABBED[5:], ["", "", "", '"乙', "1"]]
    (line,) = tabbed("项目支出绩效目标表", *open_ended).lines
    assert (line.goal, line.indicators[-1].name) == ('"甲"计划', '"乙')


def test_a_page_may_end_in_any_row_above_the_indicators() -> None:
    whole = [(*box[:1], box[1], *box[2:]) for box in short_form(100, "甲项目的后半")]
    title = ((60, "项目支出绩效目标表"),)
    expected = read(page(1, grid(1, *whole), lines=title)).lines[0]
    for cut in (120, 140, 200, 220):
        first = [box for box in whole if box[1] < cut]
        rest = [(box[0], box[1] - cut + 40, box[2], box[3] - cut + 40, box[4]) for box in whole if box[1] >= cut]
        block = [box for box in first if box[3] > cut]  # a merged label that the page's end cuts
        rest += [(box[0], 40, box[2], box[3] - cut + 40, "") for box in block]
        first = [box if box not in block else (*box[:3], cut, box[4]) for box in first]
        interpretation = read(page(1, grid(1, *first), lines=title), page(2, grid(2, *rest)))
        assert [line_facts(line) | {"pages": [1]} for line in interpretation.lines] == [line_facts(expected)], cut
        assert interpretation.lines[0].goal == expected.goal
        assert interpretation.issues == ()


@pytest.mark.parametrize("printer", [printing.pdf, printing.xlsx, printing.html, printing.text])
@pytest.mark.parametrize(
    "row",
    [
        ["预算年度", None, "2027", None, None],
        ["年  度：", None, "2027年", "主管部门", "云泽市商务局"],
        ["预算年度：2027年度", None, None, None, None],
    ],
)
def test_a_cell_of_a_form_may_print_the_year(printer: Printer, row: list[str | None]) -> None:
    rows = [
        ["项目名称", None, "2026年起实施的展会补助", None, None],
        row,
        ["项目资金（万元）", None, "年度资金总额", None, "30.00"],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
        ["^", "产出指标", "时效指标", "完成时间", "11月底前"],
    ]
    document = document_of(printer([printing.table(("项目支出绩效目标表",), [60] * 5, rows)]))
    assert (document.fiscal_year, document.fiscal_year_basis) == (2027, "header")
    assert document.lines[0].indicators[0].targets[0].components[0].deadline_end == date(2027, 11, 30)
    assert {issue.code for issue in document.issues} <= {"inferred_publisher", "year_disagrees"}
    titled = document_of(printer([printing.table(("2025年项目支出绩效目标表",), [60] * 5, rows)]))
    assert (titled.fiscal_year, titled.fiscal_year_basis) == (2025, "title")
    assert "year_disagrees" in {issue.code for issue in titled.issues}


def test_a_year_in_which_a_project_ends_is_not_the_documents() -> None:
    rows = [["起始年度", "2024", "终止年度", "2028"], ["", "", "", ""], ["年度", "指标值", "2024", "2028"]]
    content = printing.xlsx([printing.table(("项目支出绩效目标表",), [60] * 4, rows)])
    assert list(year_cells(readers.read(content).pages)) == []


def test_a_name_cut_by_the_page_is_one() -> None:
    first = [(50, 700, 150, 720, "项目名称"), (150, 700, 500, 720, "某某工程")]
    rest = [(50, 20, 150, 40, ""), (150, 20, 500, 40, "补助经费"), *short_form(20, "甲项目")[2:]]
    title = ((660, "项目支出绩效目标表"),)
    interpretation = read(page(1, grid(1, *first), lines=title), page(2, grid(2, *rest)))
    assert [line.name for line in interpretation.lines] == ["某某工程补助经费"]
    assert interpretation.issues == ()


def halves(shares_level_1: bool, goals: bool = True) -> Interpretation:
    """A form whose left half is the whole period's and whose right half is the year's."""
    left = ["一级指标", "二级指标", "三级指标", "指标值"]
    right = left[1:] if shares_level_1 else left
    edges = [80 + 50 * n for n in range(9)]
    cells = [
        [
            "产出指标",
            "数量指标",
            "培训人数",
            "≥300人",
            *([] if shares_level_1 else ["产出指标"]),
            "数量指标",
            "培训人数",
            "≥100人",
        ],
        [
            "效益指标",
            "社会效益",
            "满意人数",
            "≥30人",
            *([] if shares_level_1 else ["效益指标"]),
            "社会效益",
            "就业人数",
            "≥10人",
        ],
    ]
    form = [box for box in head(100) if "目标" not in box[4] and "甲事" not in box[4]]
    form += [
        (50, 200, 80, 240, "绩效目标"),
        (80, 220, 280, 240, "办好三年的事。"),
        (280, 220, 500, 240, "办好今年的事。"),
    ]
    names = ("实施期目标", "年度目标") if goals else ("甲", "乙")
    form += [(80, 200, 280, 220, names[0]), (280, 200, 500, 220, names[1]), (50, 240, 80, 300, "绩效指标")]
    for line, texts in enumerate([[*left, *right], *cells]):
        top = 240 + 20 * line
        form += [(edges[n], top, edges[n + 1], top + 20, text) for n, text in enumerate(texts)]
    return read(page(1, grid(1, *form)))


@pytest.mark.parametrize("shares_level_1", [True, False])
def test_the_whole_period_may_stand_beside_the_year(shares_level_1: bool) -> None:
    interpretation = halves(shares_level_1)
    (line,) = interpretation.lines
    assert (line.project_goal, line.goal) == ("办好三年的事。", "办好今年的事。")
    assert [(i.level_1, i.name, [(t.period, t.text) for t in i.targets]) for i in line.indicators] == [
        ("产出指标", "培训人数", [("annual", "≥100人"), ("project", "≥300人")]),
        ("效益指标", "满意人数", [("project", "≥30人")]),
        ("效益指标", "就业人数", [("annual", "≥10人")]),
    ]
    assert interpretation.issues == ()


def test_halves_of_unknown_periods_are_not_guessed() -> None:
    interpretation = halves(shares_level_1=True, goals=False)
    assert interpretation.lines == ()
    assert [(i.severity, i.code) for i in interpretation.issues] == [("error", "unread_form")]


def test_no_label_means_two_things() -> None:
    words = vocabulary("project_forms")
    for group in ("labels", "columns"):
        names = [name for names in words[group].values() for name in names]
        assert len(names) == len(set(names)) > 20
