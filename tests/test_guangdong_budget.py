"""Whole Guangdong budgets: 表12 and the key projects, as published and in the variations that others may print."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from extract.document import document_of
from extract.records import Document, Line

BUDGETS = {
    "guangzhou-commerce-2026-budget": ("105,082.80", []),
    "guangzhou-ecology-2026-budget": (
        "31,302.96",
        ["技术评审服务项目经费", "其他运行经费（一所）", "其他运行经费（三所）", "其他运行经费（五所）"],
    ),
    "guangzhou-transport-2026-budget": ("528,365.17", []),
}
"""The printed 合计 of 表12, and the key projects that stand in it under no such name and amount."""


@cache
def published_budget(path: Path) -> Document:
    return document_of(path.read_bytes())


@pytest.fixture(params=BUDGETS)
def budget(request: pytest.FixtureRequest, published: Path) -> tuple[Document, str, list[str]]:
    """A published budget, its printed 合计, and the names of its key projects that 表12 does not hold."""
    return published_budget(published / "pdf" / f"{request.param}.pdf"), *BUDGETS[request.param]


def lines_of(document: Document, layout: str) -> list[Line]:
    return [line for line in document.lines if line.layout == layout]


def test_both_tables_of_a_published_budget_are_numbered_and_nothing_of_them_is_in_doubt(
    budget: tuple[Document, str, list[str]],
) -> None:
    document, _, _ = budget
    tables = {(line.table_number, line.layout, line.view, line.amount_unit) for line in document.lines}
    assert tables == {
        (1, "guangdong_table12", "budget", "万元"),
        (2, "guangdong_key_projects", "key_projects", "万元"),
    }
    assert {issue.code for issue in document.issues} == {"rounding"}


def test_every_sum_of_a_published_budget_holds(budget: tuple[Document, str, list[str]]) -> None:
    document, total, _ = budget
    assert {r.status for r in document.reconciliations} <= {"balanced", "rounding"}
    checked = {(r.check, r.measure) for r in document.reconciliations if r.table_number == 1}
    for check in ("projects_to_unit", "units_to_total", "projects_to_total"):
        assert (check, "total") in checked
    assert ("funds_to_line", "财政拨款") in checked
    first = document.lines[0]
    assert (first.level, first.total_text) == ("total", total)


def test_every_key_project_is_a_project_of_table_12_but_those_known_not_to_be(
    budget: tuple[Document, str, list[str]],
) -> None:
    document, _, named_otherwise = budget
    listed = {(line.name, line.total_yuan) for line in lines_of(document, "guangdong_table12")}
    key = [line for line in lines_of(document, "guangdong_key_projects") if line.level == "project"]
    missing = [line.name for line in key if (line.name, line.total_yuan) not in listed]
    assert missing == named_otherwise


# --- variations --------------------------------------------------------------------------------------------------

TITLE = ("2026年部门预算", "单位名称：云泽市商务局 单位：万元")
UPPER = "支出项目类别（资金使用单位）\t总计\t财政拨款\t\t\t\t财政专户拨款\t其他资金\t绩效目标"
LOWER = "\t\t合计\t一般公共预算\t政府性基金预算\t国有资本经营预算\t\t\t"
ALL = "合计\t60.00\t50.00\t30.00\t20.00\t0.00\t4.00\t6.00\t"
UNIT = "云泽市商务局\t60.00\t50.00\t30.00\t20.00\t0.00\t4.00\t6.00\t"
ONE = "工作经费\t40.00\t30.00\t30.00\t0.00\t0.00\t4.00\t6.00\t做好工作。"
TWO = "展会经费\t20.00\t20.00\t0.00\t20.00\t0.00\t0.00\t0.00\t办好展会。"
FUNDS = ["一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户拨款", "其他资金"]


def text(*lines: str, above: Sequence[str] = TITLE) -> Document:
    return document_of("\n".join([*above, *lines, ""]).encode())


def codes(document: Document, severity: str = "error") -> set[str]:
    return {issue.code for issue in document.issues if issue.severity == severity}


def names(document: Document) -> list[tuple[str, str]]:
    return [(line.level, line.name) for line in document.lines]


WHOLE = [("total", "合计"), ("unit", "云泽市商务局"), ("project", "工作经费"), ("project", "展会经费")]


def test_funds_are_the_deepest_columns_and_their_sum_is_a_check() -> None:
    document = text(UPPER, LOWER, ALL, UNIT, ONE, TWO)
    assert (document.status, names(document)) == ("complete", WHOLE)
    assert [fund.fund_source for fund in document.lines[2].funds] == FUNDS
    assert [fund.amount_text for fund in document.lines[2].funds] == ["30.00", "0.00", "0.00", "4.00", "6.00"]
    assert [(part.fund_source, part.summed) for part in document.lines[2].subtotals] == [("财政拨款", tuple(FUNDS[:3]))]
    held = {(r.line_number, r.measure): r.status for r in document.reconciliations if r.check == "funds_to_line"}
    assert held[3, "财政拨款"] == held[3, "total"] == "balanced"


def test_a_sum_of_funds_that_does_not_hold_is_unbalanced() -> None:
    document = text(UPPER, LOWER, ALL, UNIT, ONE.replace("40.00\t30.00\t30.00", "40.00\t31.00\t30.00"), TWO)
    [held] = [r for r in document.reconciliations if r.status == "unbalanced"]
    assert (held.check, held.measure, held.line_number) == ("funds_to_line", "财政拨款", 3)
    assert held.difference_yuan == Decimal(10000)
    assert document.status == "partial"


def test_a_sum_beside_its_parts_is_no_money_of_its_own() -> None:
    flat = "支出项目类别\t总计\t财政拨款\t其中：一般公共预算\t政府性基金预算\t国有资本经营预算\t财政专户拨款\t其他资金"
    flat += "\t绩效目标"
    document = text(flat, ALL, UNIT, ONE, TWO)
    assert (document.status, names(document)) == ("complete", WHOLE)
    assert [fund.fund_source for fund in document.lines[2].funds] == FUNDS


def test_a_sum_without_parts_is_the_fund_source() -> None:
    upper, lower = "支出项目类别\t总计\t财政拨款\t其他资金\t绩效目标", "\t\t合计\t\t"
    document = text(upper, lower, "云泽市商务局\t60.00\t50.00\t10.00\t", "工作经费\t60.00\t50.00\t10.00\t做好工作。")
    assert [fund.fund_source for fund in document.lines[1].funds] == ["财政拨款", "其他资金"]
    assert document.status == "complete"


def test_rows_that_sort_a_bodys_projects_are_no_units() -> None:
    first = "一般性项目\t40.00\t30.00\t30.00\t0.00\t0.00\t4.00\t6.00\t"
    second = "专项资金\t20.00\t20.00\t0.00\t20.00\t0.00\t0.00\t0.00\t"
    other = "云泽市会展中心\t20.00\t20.00\t0.00\t20.00\t0.00\t0.00\t0.00\t"
    both = "合计\t80.00\t70.00\t30.00\t40.00\t0.00\t4.00\t6.00\t"
    document = text(UPPER, LOWER, both, UNIT, first, ONE, second, TWO, other, TWO)
    assert names(document) == [*WHOLE, ("unit", "云泽市会展中心"), ("project", "展会经费")]
    assert [line.organization for line in document.lines[2:]] == ["云泽市商务局"] * 2 + ["云泽市会展中心"] * 2
    assert document.status == "complete"
    assert [issue.code for issue in document.issues].count("subtotal") == 2


def test_units_with_a_note_of_their_rank_are_units() -> None:
    rows = ["云泽市环保局城东分局（二级部门）\t30\t", "监测经费\t20\t做好监测。", "购置经费\t10.5\t更新设备。"]
    document = text("项目\t预算数\t绩效目标", *rows)
    assert names(document)[0] == ("unit", "云泽市环保局城东分局（二级部门）")


@pytest.mark.parametrize(
    ("heading", "above", "yuan", "warned"),
    [
        ("项目\t预算数（单位：元）\t绩效目标", TITLE, "40.00", False),
        ("项目\t预算数\t绩效目标", TITLE, "400000.00", False),
        ("项目\t预算数\t绩效目标", TITLE[:1], "400000.00", True),
    ],
)
def test_the_unit_is_the_tables_own_else_the_documents_else_the_custom(
    heading: str, above: Sequence[str], yuan: str, warned: bool
) -> None:
    document = text(heading, "工作经费\t40\t做好工作。", "展会经费\t20\t办好展会。", above=above)
    assert document.lines[0].total_yuan == Decimal(yuan)
    assert ("inferred_unit" in codes(document, "warning")) is warned


def test_goals_may_go_over_into_indicators() -> None:
    cell = (
        "1、1-产出指标；11-数量指标；展会数；实施周期指标值:3次；年度指标值:3次。2、满意度指标:满意度,年度指标值:≥90%。"
    )
    document = text(
        "项目\t预算数（万元）\t绩效目标",
        f"展会经费\t20\t办好展会。{cell}",
        f"会展中心经费\t5\t{cell}",
        "工作经费\t4\t1.产出指标：好",
    )
    assert [line.goal for line in document.lines] == ["办好展会。", None, "1.产出指标：好"]
    assert [[i.name for i in line.indicators] for line in document.lines] == [["展会数", "满意度"]] * 2 + [[]]


@pytest.mark.parametrize(
    "heading",
    [
        "支出项目类别\t总计\t财政拨款\t其他资金",  # 表11
        "项目\t预算数\t决算数",
        "项目名称\t预算数\t绩效目标\t一级指标\t二级指标",
        "项目名称\t绩效目标",
    ],
)
def test_tables_with_other_headings_are_not_read(heading: str) -> None:
    width = heading.count("\t")
    document = text(heading, "工作经费" + "\t40" * width, "展会经费" + "\t20" * width)
    assert document.lines == ()


def test_a_row_that_prints_only_a_name_is_said_and_no_line() -> None:
    document = text(UPPER, LOWER, ALL, UNIT, "一、市本级" + "\t" * 8, ONE, TWO)
    assert names(document) == WHOLE
    assert "row_without_money" in codes(document, "warning")


def test_an_unknown_column_is_said() -> None:
    document = text("项目\t预算数（万元）\t主要内容\t绩效目标", "工作经费\t40\t日常\t做好工作。")
    assert [line.goal for line in document.lines] == ["做好工作。"]
    assert "unknown_column" in codes(document, "warning")


# --- on paper ----------------------------------------------------------------------------------------------------

WIDTHS = (110, 55, 55, 55, 55, 55, 55, 55, 270)
HEAD_ROW = UPPER.split("\t")
SUB_ROW = LOWER.split("\t")


def ruled(
    *pages: tuple[Sequence[str], bool, Sequence[str]],
    open_end: bool = False,
    widths: Sequence[Sequence[float]] = (WIDTHS, WIDTHS),
) -> bytes:
    """A PDF with one table per page: its rows, whether its two-line heading stands above them, lines over it."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))  # the demo's font lacks 般 and 府
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(842, 595), invariant=1)
    for number, (rows, headed, above) in enumerate(pages):
        canvas.setFont("STSong-Light", 6)
        edges = [36.0]
        for width in widths[number]:
            edges.append(edges[-1] + width)
        for place, line in enumerate(above):
            canvas.drawString(36, 580 - 14 * place, line)
        y = 520.0
        if headed:
            _draw_heading(canvas, edges, y)
            y -= 40
        for index, row in enumerate(rows):
            if not (open_end and index == 0 and number > 0):
                canvas.line(edges[0], y, edges[-1], y)
            for x, cell in zip(edges, row.split("\t"), strict=False):
                canvas.drawString(x + 2, y - 12, cell)
            for x in edges:
                canvas.line(x, y, x, y - 30)
            y -= 30
        if not (open_end and number + 1 < len(pages)):
            canvas.line(edges[0], y, edges[-1], y)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def _draw_heading(canvas: Canvas, edges: Sequence[float], y: float) -> None:
    canvas.line(edges[0], y, edges[-1], y)
    canvas.line(edges[0], y - 40, edges[-1], y - 40)
    canvas.line(edges[2], y - 20, edges[6], y - 20)
    for index, x in enumerate(edges):
        canvas.line(x, y - 20 if 2 < index < 6 else y, x, y - 40)
    for x, upper, lower in zip(edges, HEAD_ROW, SUB_ROW, strict=False):
        canvas.drawString(x + 2, y - 12, upper[:6] if x == edges[0] else upper)
        canvas.drawString(x + 2, y - 32, lower)


@pytest.mark.parametrize("headed", [True, False])
def test_a_table_goes_on_with_or_without_its_heading(headed: bool) -> None:
    document = document_of(ruled(([ALL, UNIT, ONE], True, TITLE), ([TWO], headed, ())))
    assert (document.status, names(document)) == ("complete", WHOLE)
    assert {line.table_number for line in document.lines} == {1}


@pytest.mark.parametrize(("headed", "open_end"), [(True, False), (False, False), (False, True)])
def test_a_row_cut_by_a_pages_end_is_one(headed: bool, open_end: bool) -> None:
    head = TWO.replace("办好展会。", "办好")
    document = document_of(
        ruled(([ALL, UNIT, ONE, head], True, TITLE), (["\t" * 8 + "展会。"], headed, ()), open_end=open_end)
    )
    assert (document.status, names(document)) == ("complete", WHOLE)
    assert document.lines[-1].goal == "办好展会。"
    assert [part.page_number for part in document.lines[-1].locator] == [1, 2]


def test_another_table_on_the_next_page_is_not_its_rest() -> None:
    other = "基本支出\t9.00\t9.00\t9.00\t0.00\t0.00\t0.00\t0.00\t"
    document = document_of(ruled(([ALL, UNIT, ONE, TWO], True, TITLE), ([other], False, ("表13", "其他情况表"))))
    assert (document.status, names(document)) == ("complete", WHOLE)


def test_what_may_be_the_rest_of_a_table_is_not_passed_over() -> None:
    rows = [ALL, UNIT, ONE, TWO]
    odd = (*WIDTHS[:2], 70, 40, *WIDTHS[4:])
    document = document_of(ruled((rows, True, TITLE), ([TWO], False, ()), widths=(WIDTHS, odd)))
    assert names(document) == WHOLE
    assert codes(document) == {"rest_not_read"}


def test_lines_wrapped_below_a_row_of_text_belong_to_it() -> None:
    document = text(
        "项目\t预算数（万元）\t绩效目标", "工作经费\t40\t做好", "工作。", "展会经费\t20\t办好展会。", "注：无。"
    )
    assert [line.goal for line in document.lines] == ["做好工作。", "办好展会。"]


def test_a_second_total_begins_a_second_table() -> None:
    document = document_of(ruled(([ALL, UNIT, ONE, TWO], True, TITLE), ([ALL, UNIT, ONE, TWO], True, ())))
    assert [line.table_number for line in document.lines] == [1] * 4 + [2] * 4
    assert document.status == "complete"
