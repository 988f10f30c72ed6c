"""Lists of the same kind as the real ones, with the variations that other departments print."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from extract.document import document_of
from extract.records import Document
from tests.conftest import PROJECT

HEAD = "项目名称（资金使用单位）\t总计\t财政拨款\t财政专户拨款\t其他资金\t绩效目标\t绩效指标"
UNIT_ROW = "云泽市商务局\t30.00\t30.00\t\t\t\t"
ONE = "2024年工作经费\t10.00\t10.00\t\t\t做好工作。\t1、产出指标:完成率,年度指标值:≥95%。"
TWO = "2024年展会经费\t20.00\t20.00\t\t\t办好展会。\t1、产出指标:展会数,年度指标值:3次。"
WIDTHS = (120, 50, 50, 60, 50, 170, 270)


def text(*lines: str, above: Sequence[str] = ("项目支出绩效目标表", "部门名称：云泽市商务局 单位：万元")) -> Document:
    return document_of("\n".join([*above, *lines, ""]).encode())


def projects(document: Document) -> list[tuple[str, str | None, str | None, list[str]]]:
    return [
        (line.name, line.total_text, line.goal, [i.targets[0].text for i in line.indicators])
        for line in document.lines
        if line.level == "project"
    ]


def errors(document: Document) -> set[str]:
    return {issue.code for issue in document.issues if issue.severity == "error"}


BOTH = [
    ("2024年工作经费", "10.00", "做好工作。", ["≥95%"]),
    ("2024年展会经费", "20.00", "办好展会。", ["3次"]),
]


def test_the_plain_list() -> None:
    document = text(HEAD, UNIT_ROW, ONE, TWO)
    assert (document.status, projects(document)) == ("complete", BOTH)


@pytest.mark.parametrize(
    ("heading", "above", "yuan"),
    [
        (HEAD.replace("总计", "总计（元）"), ("项目支出绩效目标表", "部门名称：云泽市商务局"), "10.00"),
        (HEAD, ("收支总表 单位：元", "表格", "项目支出绩效目标表", "部门名称：云泽市商务局 单位：万元"), "100000.00"),
    ],
)
def test_the_unit_is_the_tables_own(heading: str, above: Sequence[str], yuan: str) -> None:
    document = text(heading, UNIT_ROW, ONE, TWO, above=above)
    assert document.lines[1].total_yuan == Decimal(yuan)
    assert "inferred_unit" not in {issue.code for issue in document.issues}


def test_columns_without_money_are_passed_over_and_unknown_ones_are_said() -> None:
    rows = [f"{number}\t{row}\t备" for number, row in enumerate((UNIT_ROW, ONE, TWO), 1)]
    document = text(f"序号\t{HEAD}\t备注", *rows)
    assert (document.status, projects(document)) == ("complete", BOTH)
    odd = text(f"{HEAD}\t评审意见", *[f"{row}\t同意" for row in (UNIT_ROW, ONE, TWO)])
    assert projects(odd) == BOTH
    assert "unknown_column" in {issue.code for issue in odd.issues}


def test_cells_beyond_the_last_heading_are_errors() -> None:
    document = text(HEAD, UNIT_ROW, ONE + "\t多出来的", TWO)
    assert "surplus_cells" in errors(document)


def test_lines_wrapped_below_a_row_belong_to_it() -> None:
    document = text(HEAD, UNIT_ROW, ONE, "2、时效指标:及时率,年度指标值:100%。", TWO, "注：按预算编报时情况设定。")
    assert document.status == "complete"
    assert projects(document)[0][3] == ["≥95%", "100%"]
    assert projects(document)[1] == BOTH[1]


def test_blank_lines_between_rows_join_nothing() -> None:
    document = text(HEAD, UNIT_ROW, "", ONE, "", TWO.replace("20.00\t20.00", "\t"))
    assert [name for name, *_ in projects(document)] == ["2024年工作经费", "2024年展会经费"]


def test_trailing_tabs_may_be_gone() -> None:
    document = text(HEAD, UNIT_ROW.rstrip("\t"), ONE, TWO)
    assert [line.level for line in document.lines] == ["unit", "project", "project"]
    assert document.status == "complete"


def test_a_total_may_stand_below_and_subtotals_are_no_projects() -> None:
    document = text(HEAD, UNIT_ROW, ONE, TWO, "小计\t30.00\t30.00\t\t\t\t", "合计\t30.00\t30.00\t\t\t\t")
    assert [line.level for line in document.lines] == ["unit", "project", "project", "total"]
    assert document.status == "complete"
    assert {r.check for r in document.reconciliations} >= {"units_to_total", "projects_to_total"}


def test_projects_without_goals_are_no_bodies() -> None:
    bare = "2024年全市运动会\t5.00\t5.00\t\t\t\t"
    document = text(HEAD, UNIT_ROW.replace("30.00", "35.00"), bare, ONE, TWO)
    assert [line.level for line in document.lines] == ["unit", "project", "project", "project"]
    assert document.status == "complete"


def test_a_second_total_or_body_begins_a_second_table() -> None:
    total = "合计\t30.00\t30.00\t\t\t\t"
    document = text(
        HEAD, total, UNIT_ROW, ONE, TWO, "", "部门名称：云泽市教育局 单位：万元", HEAD, total, UNIT_ROW, ONE, TWO
    )
    assert [line.table_number for line in document.lines] == [1] * 4 + [2] * 4
    assert document.status == "complete"


def test_the_publisher_is_what_header_lines_say_and_no_prose() -> None:
    above = ("附件2：云泽市商务局2026年项目支出绩效目标表", "牵头部门：市财政局。")
    document = text(HEAD, UNIT_ROW, ONE, TWO, above=above)
    assert document.publisher == "云泽市商务局"
    assert "inferred_publisher" in {issue.code for issue in document.issues}


BLOCKS = """项目支出绩效目标表
单位名称：云泽市商务局 单位：万元

项目名称（资金使用单位） 总计 财政拨款 财政专户拨款 其他资金 绩效目标 绩效指标

云泽市商务局 30.00 30.00

    工作经费2024 10.00 10.00 2024年做好工作，完成 100 200 个任务。
1、1-产出指标；11-数量指标；数量；实施周期指标值:≥1；年度指标值:≥1个。
— 1 —
项目支出绩效目标表
单位名称：云泽市商务局 单位：万元
项目名称（资金使用单位） 总计 财政拨款 财政专户拨款
其他资金 绩效目标 绩效指标
    展会经费 20.00 20.00 办好展会。1、1-产出指标；11-数量指标；展会数；实施周期指标值:3；年度指标值:3次。
注：按预算编报时情况设定，
不含上年结转。
"""


def test_what_pages_print_around_blocks_reaches_no_cell() -> None:
    document = document_of(BLOCKS.encode())
    assert document.status == "complete"
    assert projects(document) == [
        ("工作经费2024", "10.00", "2024年做好工作，完成 100 200 个任务。", ["≥1个"]),
        ("展会经费", "20.00", "办好展会。", ["3次"]),
    ]


def test_full_width_amounts_are_amounts() -> None:
    wide = BLOCKS.replace("20.00 20.00", "２０．００ ２０．００")
    assert [p[0] for p in projects(document_of(wide.encode()))] == ["工作经费2024", "展会经费"]


Cells = Sequence[str]


def ruled(*pages: Sequence[Cells], open_end: bool = False, above: Sequence[str] = ()) -> bytes:
    """A PDF with one ruled table per page; ``open_end`` leaves out the rule below and above each page's end."""
    pdfmetrics.registerFont(TTFont("Demo", PROJECT / "demo" / "fonts" / "JixiaoDemoSans.ttf"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(842, 595), invariant=1)
    for number, rows in enumerate(pages):
        canvas.setFont("Demo", 8)
        for place, line in enumerate(above if number == 0 else ()):
            canvas.drawString(36, 570 - 14 * place, line)
        top, height = 520.0, 36.0
        widths = WIDTHS if len(rows[0]) == len(WIDTHS) else (*WIDTHS[:5], 6, *WIDTHS[5:])
        edges = [36.0]
        for width in widths:
            edges.append(edges[-1] + width)
        bottom = top - height * len(rows)
        for index, row in enumerate(rows):
            for x, cell in zip(edges, row, strict=False):
                for line_number, part in enumerate(cell.split("\n")):
                    canvas.drawString(x + 2, top - height * index - 11 - 10 * line_number, part)
            if not (open_end and index == 0 and number > 0):
                canvas.line(edges[0], top - height * index, edges[-1], top - height * index)
        if not (open_end and number + 1 < len(pages)):
            canvas.line(edges[0], bottom, edges[-1], bottom)
        for x in edges:
            canvas.line(x, top, x, bottom)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


HEADING = HEAD.split("\t")
BODY = UNIT_ROW.split("\t")
FIRST = ONE.split("\t")
SECOND = TWO.split("\t")
ABOVE = ("项目支出绩效目标表", "部门名称：云泽市商务局", "单位：万元")


def test_a_ruled_list_of_two_pages() -> None:
    document = document_of(ruled([HEADING, BODY, FIRST], [SECOND], above=ABOVE))
    assert (document.status, projects(document)) == ("complete", BOTH)


def test_money_may_stand_in_the_second_part_of_a_split_row() -> None:
    head = ["2024年展", "", "", "", "", "办好", "1、产出指标:展会数,年度"]
    tail = ["会经费", "20.00", "20.00", "", "", "展会。", "指标值:3次。"]
    document = document_of(ruled([HEADING, BODY, FIRST, head], [tail], open_end=True, above=ABOVE))
    assert (document.status, projects(document)) == ("complete", BOTH)


def test_a_bodys_name_repeated_at_a_pages_top_is_no_row() -> None:
    repeated = ["云泽市商务局", "", "", "", "", "", ""]
    document = document_of(ruled([HEADING, BODY, FIRST], [repeated, SECOND], above=ABOVE))
    assert (document.status, projects(document)) == ("complete", BOTH)


def test_a_whole_row_without_money_at_a_pages_top_is_a_row() -> None:
    moneyless = ["2024年零经费项目", "", "", "", "", "无需经费。", "1、产出指标:次数,年度指标值:1次。"]
    document = document_of(ruled([HEADING, BODY, FIRST, SECOND], [moneyless], above=ABOVE))
    assert [p[0] for p in projects(document)] == ["2024年工作经费", "2024年展会经费", "2024年零经费项目"]


def test_a_sliver_of_a_column_on_one_page_shifts_nothing() -> None:
    with_sliver = [*SECOND[:5], "", *SECOND[5:]]
    document = document_of(ruled([HEADING, BODY, FIRST], [with_sliver], above=ABOVE))
    assert projects(document)[1][3] == ["3次"] or document.status != "complete"


def test_another_table_after_the_list_is_not_read_as_projects() -> None:
    other = [["收入", "金额", "", "", "", "", ""], ["其他", "99.00", "", "", "", "", ""]]
    narrow = io.BytesIO(ruled([HEADING, BODY, FIRST, SECOND], above=ABOVE))
    assert projects(document_of(narrow.getvalue())) == BOTH
    document = document_of(ruled([HEADING, BODY, FIRST, SECOND], other, above=ABOVE))
    assert document.status != "complete"  # same width: it cannot be told, but its money adds to no sum
