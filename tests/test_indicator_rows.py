"""Lists with one indicator per row: published ones against facts read by eye, and the traps of others of the kind."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

from extract.document import document_of
from extract.layouts import indicator_rows
from extract.layouts.interpretation import Context, Interpretation
from extract.records import Cell, Document, Grid, Indicator, Line, Page, Part, TextLine
from extract.vocabularies import vocabulary
from tests.conftest import PROJECT

NAMES = (
    "changchun-petitions-2026-budget",
    "changsha-petitions-2026-budget",
    "chongqing-commerce-2026-budget",
    "chongqing-water-2026-budget",
)
# nature, unit and explanation beside the first indicator
FIRST_BESIDE = {
    NAMES[0]: (None, None, "为进一步推进信访事项复查"),
    NAMES[1]: ("≤", "万元", "不超过预算"),
    NAMES[2]: ("≥", "吨", None),
    NAMES[3]: ("≥", "%", None),
}


def beside(indicator: Indicator) -> tuple[str | None, str | None, str | None]:
    explanation = indicator.explanation
    return indicator.nature, indicator.unit, explanation and explanation[:12]


def read(published: Path, name: str) -> Document:
    return document_of((published / "pdf" / f"{name}.pdf").read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_every_indicator_of_a_published_list_has_its_place(published: Path, name: str) -> None:
    indicators = [indicator for line in read(published, name).lines for indicator in line.indicators]
    assert indicators
    assert all(part.page_number and part.bbox for indicator in indicators for part in indicator.locator)


@pytest.mark.parametrize("name", NAMES)
def test_what_stands_beside_an_indicator_is_kept(published: Path, name: str) -> None:
    kept = [beside(indicator) for line in read(published, name).lines for indicator in line.indicators]
    assert kept[0] == FIRST_BESIDE[name]
    assert all(bool(nature) == bool(kept[0][0]) for nature, *_ in kept)


@pytest.mark.parametrize(
    ("name", "pages"), [(NAMES[0], []), (NAMES[1], [30, 31, 32]), (NAMES[2], [25]), (NAMES[3], [30])]
)
def test_targets_of_whole_departments_are_named_and_left(published: Path, name: str, pages: list[int]) -> None:
    document = read(published, name)
    assert [i.page_number for i in document.issues if i.code == "other_targets_table"] == pages


def test_what_a_list_leaves_out_is_said(published: Path) -> None:
    codes = Counter(issue.code for issue in read(published, NAMES[1]).issues)
    assert (codes["table_note"], codes["inferred_weight"], codes["unbalanced_sum"]) == (1, 1, 2)


# --- generated lists -------------------------------------------------------------------------------------------------

SICHUAN = [
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
]
UP = None
"""The cell is merged with the one above it."""
ABOVE = ("2026年部门预算项目绩效目标表", "金额单位：万元")


def page(
    number: int, rows: Sequence[Sequence[str | None]], above: Sequence[str] = (), *, is_open: bool = False
) -> Page:
    """A page with one ruled grid of equal columns; ``UP`` makes a merged cell."""
    cells: list[list[Cell | None]] = []
    for index, row in enumerate(rows):
        made: list[Cell | None] = []
        for column, text in enumerate(row):
            last = index
            while last + 1 < len(rows) and rows[last + 1][column] is UP:
                last += 1
            box = (column * 50.0, 100 + index * 20.0, column * 50 + 50.0, 120 + last * 20.0)
            made.append(None if text is UP else Cell(text, Part(number, box)))
        cells.append(made)
    outline = Part(number, (0.0, 100.0, 50.0 * len(rows[0]), 100.0 + 20 * len(rows)))
    lines = [TextLine(text, Part(number, (0.0, 20 + 10 * i, 100.0, 29 + 10 * i))) for i, text in enumerate(above)]
    return Page(number, 600, 800, (Grid(tuple(map(tuple, cells)), outline, is_open, False),), tuple(lines))


def interpreted(*pages: Page) -> Interpretation:
    found = indicator_rows.interpret(pages, Context("云泽市商务局", 2026, None))
    assert found is not None
    return found


def shown(lines: Sequence[Line]) -> list[tuple[str, str | None, list[tuple[str | None, str | None, str, str]]]]:
    return [
        (line.name, line.organization, [(i.level_1, i.level_2, i.name, i.targets[0].text) for i in line.indicators])
        for line in lines
        if line.level == "project"
    ]


FIRST = ["云泽市商务局", "展会经费", "办好展会。", "产出指标", "数量指标", "展会数", "≥", "3", "场次", "50"]
SECOND = [UP, UP, UP, UP, "质量指标", "合格率", "≥", "95", "%", "20"]
THIRD = [UP, UP, UP, "满意度指标", "服务对象满意度指标", "观众满意度", "定性", "高", "", "20"]
WHOLE = [
    (
        "展会经费",
        "云泽市商务局",
        [
            ("产出指标", "数量指标", "展会数", "3"),
            ("产出指标", "质量指标", "合格率", "95"),
            ("满意度指标", "服务对象满意度指标", "观众满意度", "高"),
        ],
    )
]


def test_the_headings_of_sichuan_in_a_ruled_table() -> None:
    found = interpreted(page(1, [SICHUAN, FIRST, SECOND, THIRD], ABOVE))
    assert shown(found.lines) == WHOLE
    assert [issue.code for issue in found.issues] == []
    [line] = found.lines
    components = [indicator.targets[0].components[0] for indicator in line.indicators]
    assert [(c.comparator, c.value, c.unit, c.reference) for c in components] == [
        (">=", 3, "场次", None),
        (">=", 95, "%", None),
        ("qualitative", None, None, "高"),
    ]
    assert [indicator.weight for indicator in line.indicators] == [50, 20, 20]


def test_the_headings_of_sichuan_in_a_text() -> None:
    rows = [["" if cell is UP else cell for cell in row] for row in (SICHUAN, FIRST, SECOND, THIRD)]
    text = "\n".join(["2026年部门预算项目绩效目标表", "单位名称：云泽市商务局", *("\t".join(row) for row in rows), ""])
    document = document_of(text.encode())
    assert shown(document.lines) == WHOLE
    assert document.status == "complete"
    assert {issue.code for issue in document.issues} == {"inferred_level"}


def test_what_stands_beside_a_target_is_kept_as_printed() -> None:
    heading = [*SICHUAN[:6], "指标性质", "计算符号", "指标值", "度量单位", "指标解释", "上年完成值"]
    rows = [
        [*FIRST[:6], "正向", "≥", "3", "场次", "办成的\n展会", "2"],
        [UP, UP, UP, UP, "质量指标", "合格率", "反向", "≤", "5", "%", "", "—"],
    ]
    found = interpreted(page(1, [heading, *rows], ABOVE))
    first, second = found.lines[0].indicators
    assert (first.nature, first.unit, first.explanation, first.prior_value) == ("正向", "场次", "办成的展会", "2")
    assert (second.nature, second.unit, second.explanation, second.prior_value) == ("反向", "%", None, None)
    components = [indicator.targets[0].components[0] for indicator in (first, second)]
    assert [(c.comparator, c.value, c.unit) for c in components] == [(">=", 3, "场次"), ("<=", 5, "%")]


def test_units_and_projects_may_share_a_column() -> None:
    heading = [
        "单位名称、项目名称",
        "项目年度绩效目标",
        "一级指标",
        "二级指标",
        "三级指标",
        "指标性质",
        "指标值",
        "度量单位",
        "指标属性",
    ]
    rows = [
        heading,
        [str(number) for number in range(1, 10)],
        ["云泽市商务局", *[""] * 8],
        ["展会经费", "办好展会。", "产出指标", "数量指标", "展会数", "≥", "3", "场次", "定量指标"],
        [UP, UP, "效益指标", "社会效益指标", "影响力", "=", "提升", "", "定性指标"],
        ["云泽市展览中心", *[""] * 8],
        ["展会经费", "办好展会。", "产出指标", "数量指标", "展会数", "≥", "5", "场次", "定量指标"],
    ]
    found = interpreted(page(1, rows, ABOVE))
    assert [(line.level, line.name) for line in found.lines] == [
        ("unit", "云泽市商务局"),
        ("project", "展会经费"),
        ("unit", "云泽市展览中心"),
        ("project", "展会经费"),
    ]
    assert [line.organization for line in found.lines if line.level == "project"] == ["云泽市商务局", "云泽市展览中心"]


@pytest.mark.parametrize("repeats_heading", [True, False])
def test_a_label_may_stand_on_the_page_after_its_first_indicator(repeats_heading: bool) -> None:
    split = [UP, UP, UP, "", "", "观众满意度", "定性", "高", "", "20"]
    last = ["", "", "", "满意度指标", "服务对象满意度指标", "展商满意度", "≥", "90", "%", "10"]
    heading = [SICHUAN] if repeats_heading else []
    found = interpreted(page(1, [SICHUAN, FIRST, SECOND, split], ABOVE), page(2, [*heading, last]))
    [line] = found.lines
    assert [i.level_1 for i in line.indicators] == ["产出指标", "产出指标", "满意度指标", "满意度指标"]
    assert [i.level_2 for i in line.indicators][2:] == ["服务对象满意度指标"] * 2
    assert [part.page_number for part in line.locator] == [1, 2]


def test_a_name_may_stand_on_the_page_after_its_first_indicator() -> None:
    unnamed = ["", "", "", "产出指标", "数量指标", "会议数", "≥", "2", "场", "50"]
    named = ["", "会议经费", "开好会议。", "", "", "参会人数", "≥", "100", "人", "40"]
    found = interpreted(page(1, [SICHUAN, FIRST, SECOND, THIRD, unnamed], ABOVE), page(2, [SICHUAN, named]))
    meeting = [("产出指标", "数量指标", "会议数", "2"), ("产出指标", "数量指标", "参会人数", "100")]
    assert shown(found.lines) == [*WHOLE, ("会议经费", "云泽市商务局", meeting)]


def test_a_label_and_a_name_wrapped_over_a_pages_end_are_one() -> None:
    heading = [*SICHUAN[:2], "预算数", *SICHUAN[2:]]
    first = ["云泽市商务局", "国际展", "30.00", "办好展", "产出指标", "数量指标", "展会数", "≥", "3", "场次", "50"]
    third = [UP, UP, UP, UP, "满意度", "服务对象满意", "观众满意度", "定性", "高", "", "20"]
    last = ["", "会经费", "", "会。", "指标", "度指标", "展商满意度", "≥", "90", "%", "10"]
    [line] = interpreted(page(1, [heading, first, third], ABOVE), page(2, [heading, last])).lines
    assert (line.name, line.total_text, line.goal) == ("国际展会经费", "30.00", "办好展会。")
    assert {(i.level_1, i.level_2) for i in line.indicators[1:]} == {("满意度指标", "服务对象满意度指标")}


def test_a_row_cut_by_a_pages_end_is_joined() -> None:
    cut = [UP, UP, UP, "满意度指标", "服务对象满意度指标", "参展商和观众", "≥", "90", "%", "20"]
    tail = ["", "", "", "", "", "满意度", "", "", "", ""]
    found = interpreted(page(1, [SICHUAN, FIRST, SECOND, cut], ABOVE), page(2, [tail], is_open=True))
    [line] = found.lines
    last = line.indicators[-1]
    assert (last.name, last.targets[0].text, len(last.locator)) == ("参展商和观众满意度", "90", 2)


def test_a_project_repeated_on_the_next_page_is_one_and_another_unit_is_another() -> None:
    again = ["云泽市商务局", "展会经费", "办好展会。", "产出指标", "质量指标", "合格率", "≥", "95", "%", "20"]
    other = ["云泽市展览中心", "展会经费", "办好展会。", "产出指标", "质量指标", "合格率", "≥", "95", "%", "20"]
    found = interpreted(page(1, [SICHUAN, FIRST], ABOVE), page(2, [SICHUAN, again, other], ABOVE))
    assert [(name, unit, len(rows)) for name, unit, rows in shown(found.lines)] == [
        ("展会经费", "云泽市商务局", 2),
        ("展会经费", "云泽市展览中心", 1),
    ]


def test_levels_may_stand_in_rows_of_their_own() -> None:
    heading = [cell.replace("三级指标", "指标内容") for cell in SICHUAN]
    rows = [
        heading,
        ["云泽市商务局", "展会经费", "办好展会。", "", "", "", "", "", "", ""],
        ["", "", "", "产出指标", "", "", "", "", "", ""],
        ["", "", "", "", "数量指标", "", "", "", "", ""],
        ["", "", "", "", "", "展会数", "≥", "3", "场次", "50"],
        ["", "", "", "", "质量指标", "", "", "", "", ""],
        ["", "", "", "", "", "合格率", "≥", "95", "%", "20"],
    ]
    assert shown(interpreted(page(1, rows, ABOVE)).lines) == [("展会经费", "云泽市商务局", WHOLE[0][2][:2])]


FORM = [
    ["项目名称", "水利专项", "主管部门", "云泽市水利局", "", ""],
    ["当年预算", "100.00", "市级支出", "60.00", "", ""],
    [UP, UP, "补助区县", "40.00", "", ""],
    ["当年绩效目标", "修好水库。", "", "", "", ""],
]
FORM_HEADING = ["绩效指标", "指标名称", "指标性质", "指标值", "计量单位", "指标权重(%)"]
FORM_TITLE = ("2026年市级重点专项资金绩效目标表（一级项目）", "单位：万元")


@pytest.mark.parametrize("split", [4, 5, 6])
def test_a_form_goes_on_over_a_pages_end(split: int) -> None:
    rows = [*FORM, FORM_HEADING, ["", "续建水库", "≥", "26", "座", "20"], ["", "受益人口", "≥", "150", "万人", "80"]]
    [line] = interpreted(page(1, rows[:split], FORM_TITLE), page(2, rows[split:])).lines
    assert (line.name, line.organization, line.total_text, line.goal) == (
        "水利专项",
        "云泽市水利局",
        "100.00",
        "修好水库。",
    )
    assert {fund.fund_source: fund.amount_text for fund in line.funds} == {"市级支出": "60.00", "补助区县": "40.00"}
    assert [(i.name, i.targets[0].text, i.weight) for i in line.indicators] == [
        ("续建水库", "26", 20),
        ("受益人口", "150", 80),
    ]


def test_a_page_may_hold_two_forms() -> None:
    other = [["项目名称", "电力专项", *FORM[0][2:]], *FORM[1:]]
    rows = [*FORM, FORM_HEADING, ["", "续建水库", "≥", "26", "座", "20"]]
    rows += [*other, FORM_HEADING, ["", "电站", "≥", "2", "座", "90"]]
    found = interpreted(page(1, rows, FORM_TITLE))
    assert [(name, [i[2] for i in rows]) for name, _, rows in shown(found.lines)] == [
        ("水利专项", ["续建水库"]),
        ("电力专项", ["电站"]),
    ]


def test_the_headings_of_sichuan_in_a_pdf_of_two_pages() -> None:
    pdfmetrics.registerFont(TTFont("Demo", PROJECT / "demo" / "fonts" / "JixiaoDemoSans.ttf"))
    ruled = [("FONT", (0, 0), (-1, -1), "Demo", 7), ("GRID", (0, 0), (-1, -1), 0.5, "black")]
    merged = [("SPAN", (column, 1), (column, 2)) for column in range(4)]
    tables = [
        Table([["" if cell is UP else cell for cell in row] for row in rows], colWidths=[70.0] * 10, style=style)
        for rows, style in (((SICHUAN, FIRST, SECOND), [*ruled, *merged]), ((THIRD, [""] * 10), ruled))
    ]
    buffer = io.BytesIO()
    above = Paragraph(
        "2026年部门预算项目绩效目标表 金额单位：万元", ParagraphStyle("title", fontName="Demo", fontSize=10)
    )
    SimpleDocTemplate(buffer, pagesize=(842, 595)).build([above, tables[0], PageBreak(), tables[1]])
    document = document_of(buffer.getvalue())
    assert document.page_count == 2
    assert shown(document.lines) == WHOLE


def test_empty_rows_are_nothing_and_totals_are_no_projects() -> None:
    heading = ["单位名称", "项目名称", "预算数（元）", *SICHUAN[2:]]
    project = [FIRST[0], FIRST[1], "30", *FIRST[2:]]
    rows = [heading, ["合计", "", "30", *[""] * 8], project, ["/"] * 11, ["-"] * 11, [""] * 11]
    found = interpreted(page(1, rows, ABOVE))
    assert [(line.level, line.name, line.total_yuan) for line in found.lines] == [
        ("total", "合计", 30),
        ("project", "展会经费", 30),
    ]
    assert len(found.lines[1].indicators) == 1


def test_what_is_not_understood_is_said() -> None:
    heading = ["单位名称", "项目名称", "预算数", *SICHUAN[2:], "神秘栏"]
    one = [FIRST[0], FIRST[1], "三十", *FIRST[2:-1], "很高", "甲"]
    two = ["", "", "", "", "", "", "", "≥", "80", "%", "", ""]
    found = interpreted(page(1, [heading, one, two], ABOVE))
    codes = {issue.code for issue in found.issues}
    assert codes >= {"unread_amount", "unread_weight", "unread_indicators", "unknown_column"}


def test_self_evaluation_and_regional_targets_are_left() -> None:
    evaluated = [*SICHUAN, "实际完成值", "得分"]
    rows = [evaluated, [*FIRST, "3", "50"]]
    found = interpreted(page(1, rows, ("2025年项目支出绩效自评表",)))
    assert (found.lines, [issue.code for issue in found.issues]) == ((), ["other_targets_table"])
    regional = interpreted(page(1, [SICHUAN, FIRST], ("2026年转移支付区域绩效目标表",)))
    assert regional.lines == ()


def test_another_table_behind_the_list_is_no_part_of_it() -> None:
    other = [["采购项目", "品目", "数量", "金额"], ["电脑", "A02", "3", "2.00"]]
    found = interpreted(page(1, [SICHUAN, FIRST], ABOVE), page(2, other, ("政府采购预算表",)))
    assert [line.name for line in found.lines] == ["展会经费"]


def test_no_word_of_the_vocabulary_has_two_meanings() -> None:
    words = vocabulary("indicator_rows")
    headings = [name for names in words["columns"].values() for name in names]
    headings += [*words["fund_sources"], *words["not_kept"]]
    assert [name for name, count in Counter(headings).items() if count > 1] == []
    assert set(words["total_sources"]) <= set(words["columns"]["total"])
    assert {part for parts in words["fund_parts"].values() for part in parts} <= set(words["fund_sources"])
    assert set(words["remarks"]) <= set(words["not_kept"])
