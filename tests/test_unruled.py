"""Tables with horizontal rules only, or none, read equal to what was set; where that is open, nothing is guessed."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from extract.document import document_of
from extract.readers import read as pages_of
from extract.records import Document, Line
from extract.wording import tidy_name, unwrapped
from tests.unruled import Over, Style, table

ABOVE = ("2024年项目支出绩效目标表", "部门名称：云泽市商务局 单位：万元")
LABELS = ("项目名称（资金使用单位）", "总计", "财政拨款", "财政专户拨款", "其他资金", "绩效目标", "绩效指标")
WIDTHS = (110, 62, 62, 66, 58, 170, 230)
RIGHT = (1, 2, 3, 4)
GOAL = "通过开展各项工作，保障机关日常运转，落实国家和省市要求，逐步实现信息系统全面更新，提高服务企业的水平"
INDICATOR = "{0}、1-产出指标；11-数量指标；举办活动次数；实施周期指标值:≥{1}次；年度指标值:≥{1}次。"
NAMES = (
    "商务工作经费",
    "云财商【2023】64号2024年市商务局转移支付-服务贸易专题",
    "春运经费",
    "稳定外贸发展工作经费",
    "区支持云岭区、平安县工作组工作经费及其他有关支出",
    "购置经费",
    "招商引资",
    "高质量发展扶持资金",
    "对口协作经费",
    "编外人员聘用经费",
    "区级行业工作经费",
    "展会经费",
)


def project(number: int, name: str) -> list[str]:
    goal = GOAL[: 12 + 13 * (number % 4)]
    indicators = "".join(INDICATOR.format(place, number + place) for place in range(1, 2 + number % 5))
    amount = f"{10 * number + 0.25 * number:,.2f}"
    funds = ["", "", amount] if number == 6 else [amount, "", ""]
    return [name, amount, *funds, goal + "。", indicators]


PROJECTS = [project(number, name) for number, name in enumerate(NAMES, 1)]
TOTAL = f"{sum(float(row[1]) for row in PROJECTS):,.2f}"
FISCAL = f"{sum(float(row[2] or 0) for row in PROJECTS):,.2f}"
ROWS = [["云泽市商务局", TOTAL, FISCAL, "", PROJECTS[5][4], "", ""], *PROJECTS]

STYLES = {
    "no rules": Style(),
    "no rules, labels flush left, headings once": Style(centred_labels=False, repeat_heading=False),
    "no rules, small and dense print": Style(size=7, leading=8, row_gap=3, padding=2),
    "no rules, large print": Style(size=12, leading=16, row_gap=8, page_height=700),
    "no rules, cells in the middle": Style(middle=True, split_rows=False),
    "no rules, no wider gaps between rows": Style(row_gap=0),
    "no rules, page numbers": Style(page_numbers=True, split_rows=False),
    "no rules, another font": Style(font="STSong-Light", leading=13),
    "a rule between all rows": Style(rules="every", split_rows=False),
    "a rule between all rows, cells in the middle": Style(rules="every", middle=True, row_gap=6, split_rows=False),
    "a rule between all rows, rows over page ends": Style(rules="every", repeat_heading=False, page_numbers=True),
    "three rules": Style(rules="three"),
    "three rules, no wider gaps": Style(rules="three", row_gap=0.5),
}


def errors(document: Document) -> set[str]:
    return {issue.code for issue in document.issues if issue.severity == "error"}


def read(document: Document) -> list[list[str]]:
    """The lines of a Guangdong list as its cells, without white space."""
    rows = []
    for line in document.lines:
        funds = {fund.fund_source: fund.amount_text for fund in line.funds}
        indicators = "".join(
            f"{i.number}、{i.level_1_code}-{i.level_1}；{i.level_2_code}-{i.level_2}；{i.name}；"
            f"实施周期指标值:{next((t.text for t in i.targets if t.period == 'project'), '')}；"
            f"年度指标值:{i.targets[0].text}。"
            for i in line.indicators
        )
        money = [line.total_text or "", *(funds.get(label, "") for label in LABELS[2:5])]
        rows.append([line.name, *money, line.goal or "", indicators])
    return rows


@pytest.mark.parametrize("name", STYLES)
def test_a_list_without_vertical_rules_reads_equal_to_what_was_set(name: str) -> None:
    document = document_of(table(LABELS, ROWS, WIDTHS, STYLES[name], right=RIGHT, above=ABOVE))
    assert errors(document) == set()
    assert read(document) == ROWS
    assert document.page_count is not None
    assert document.page_count > 1
    assert [i.page_number for i in document.issues if i.code == "unruled_table"] == [*range(1, document.page_count + 1)]


def test_a_published_list_without_rules_reads_equal_to_its_truth(published: Path) -> None:
    truth = json.loads((published / "typeset" / "yuexiu-commerce-2024.truth.json").read_text(encoding="utf-8"))
    document = document_of((published / "typeset" / "yuexiu-commerce-2024-borderless.pdf").read_bytes())
    assert document.status == "complete"
    assert sum(len(line.indicators) for line in document.lines) == 75
    assert [row[:-1] for row in read(document)] == [
        [tidy_name(row["cells"][0]), *row["cells"][1:5], unwrapped(row["cells"][5])] for row in truth["rows"]
    ]
    ruled = document_of((published / "typeset" / "yuexiu-commerce-2024-reportlab.pdf").read_bytes())
    assert [line.indicators for line in without_places(document)] == [line.indicators for line in without_places(ruled)]


def without_places(document: Document) -> list[Line]:
    return [
        replace(line, indicators=tuple(replace(indicator, locator=()) for indicator in line.indicators))
        for line in document.lines
    ]


TABLE_12 = (
    "支出项目类别（资金使用单位）",
    "总计",
    "合计",
    "一般公共预算",
    "政府性基金预算",
    "国有资本经营预算",
    "财政专户拨款",
    "其他资金",
    "绩效目标",
)
MONEY = ("60.00", "50.00", "30.00", "20.00", "0.00", "4.00", "6.00")
BUDGET = [
    ["合计", *MONEY, ""],
    ["云泽市商务局", *MONEY, ""],
    ["工作经费", "40.00", "30.00", "30.00", "0.00", "0.00", "4.00", "6.00", "做好工作，落实要求。" * 4],
    ["展会经费", "20.00", "20.00", "0.00", "20.00", "0.00", "0.00", "0.00", "办好展会，提高水平。" * 5],
]


@pytest.mark.parametrize("rules", ["none", "three", "every"])
def test_labels_over_several_columns_are_told_from_those_below(rules: str) -> None:
    content = table(
        TABLE_12,
        BUDGET,
        (100, 50, 50, 70, 76, 90, 66, 56, 170),
        Style(rules=rules, font="STSong-Light"),
        right=range(1, 8),
        above=("2026年部门预算", "单位名称：云泽市商务局 单位：万元"),
        over=[Over("财政拨款", 2, 5)],
    )
    document = document_of(content)
    assert errors(document) == set()
    assert [line.layout for line in document.lines] == ["guangdong_table12"] * 4
    funds = ["一般公共预算", "政府性基金预算", "国有资本经营预算", "财政专户拨款", "其他资金"]
    assert [
        [
            line.name,
            line.total_text,
            line.subtotals[0].amount_text,
            *(f.amount_text for f in line.funds),
            line.goal or "",
        ]
        for line in document.lines
    ] == BUDGET
    assert [fund.fund_source for fund in document.lines[2].funds] == funds


@pytest.mark.parametrize("rules", ["none", "three", "every"])
def test_a_list_with_one_indicator_per_row(rules: str) -> None:
    labels = (
        "单位名称",
        "项目名称",
        "年度目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标值",
        "度量单位",
        "权重",
    )
    goal = "办好展会，提高水平，扩大影响。" * 2
    rows = [
        ["云泽市商务局", "展会经费", goal, "产出指标", "数量指标", "展会数量", "≥", "3", "次", "50"],
        ["", "", "", "产出指标", "质量指标", "参加展会的企业平均满意率", "≥", "95", "%", "30"],
        ["", "", "", "效益指标", "经济效益", "成交金额", "≥", "20", "亿元", "20"],
        ["云泽市商务局", "工作经费", goal, "产出指标", "数量指标", "会议数量", "≥", "5", "次", "60"],
        ["", "", "", "效益指标", "社会效益", "报送及时率", "≥", "90", "%", "40"],
    ]
    style = Style(rules=rules, font="STSong-Light", page_height=500)
    above = ("2026年部门预算项目绩效目标表", "单位：万元")
    document = document_of(table(labels, rows, (80, 60, 120, 60, 60, 90, 60, 50, 60, 40), style, above=above))
    assert errors(document) == set()
    assert [(line.organization, line.name, line.goal) for line in document.lines] == [
        ("云泽市商务局", "展会经费", goal),
        ("云泽市商务局", "工作经费", goal),
    ]
    assert [
        [i.level_1, i.level_2, i.name, *(c.comparator for c in i.targets[0].components), f"{i.weight:f}"]
        for line in document.lines
        for i in line.indicators
    ] == [[*row[3:6], ">=", row[9]] for row in rows]


def test_a_frame_around_a_table_without_columns_rules_changes_nothing() -> None:
    style = Style(rules="every", frame=True, split_rows=False)
    document = document_of(table(LABELS, ROWS, WIDTHS, style, right=RIGHT, above=ABOVE))
    assert errors(document) == set()
    assert read(document) == ROWS


def test_a_note_below_a_table_is_no_row() -> None:
    note = "本表各项按年度预算设定，不含上年度项目的绩效目标，有关情况以年度执行为准，实际情况以年度公告为准。"
    for rules in ("none", "three"):
        document = document_of(table(LABELS, ROWS, WIDTHS, Style(rules=rules), right=RIGHT, above=ABOVE, below=[note]))
        assert errors(document) == set()
        assert read(document) == ROWS


def test_text_that_reaches_into_the_next_column_makes_a_document_partial() -> None:
    document = document_of(table(LABELS, ROWS, WIDTHS, Style(spills=(3, 5)), right=RIGHT, above=ABOVE))
    assert "overflowing_text" in errors(document)
    assert document.status == "partial"


def test_cells_in_the_middle_of_rows_that_touch_are_not_guessed_at() -> None:
    style = Style(middle=True, row_gap=0, split_rows=False)
    document = document_of(table(LABELS, ROWS, WIDTHS, style, right=RIGHT, above=ABOVE))
    assert (document.status, document.lines) == ("quarantined", ())


def test_a_page_that_leaves_the_columns_of_the_page_before_is_not_lost_in_silence() -> None:
    style = Style(drift=-24, repeat_heading=False, split_rows=False)
    document = document_of(table(LABELS, ROWS, WIDTHS, style, right=RIGHT, above=ABOVE))
    assert 0 < len(document.lines) < len(ROWS)
    assert [i.page_number for i in document.issues if i.code == "untold_rows"] == [2]
    assert document.status == "partial"


PROSE = ["一、部门概况", "（一）主要职责", *[GOAL * 2] * 6, "二、收支情况", *[GOAL] * 4]
CONTENTS = [f"第{place}部分　部门概况 {'.' * 60} {place}" for place in "1234567"]
FIELDS = [
    "负责人：　　　　　　　　填表人：　　　　　　　　联系电话：　　　　　　日期：",
    "云泽市商务局　　　　　　2026年1月　　　　　　（盖章）",
] * 3


@pytest.mark.parametrize("lines", [PROSE, CONTENTS, FIELDS])
def test_prose_and_lists_of_contents_are_no_tables(lines: list[str]) -> None:
    sheet = table((), (), (700,), Style(font="STSong-Light", page_height=700), below=lines)
    [page] = pages_of(sheet).pages
    assert page.grids == ()
    assert len(page.lines) >= len(lines)
