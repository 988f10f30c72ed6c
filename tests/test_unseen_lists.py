"""Lists of departments whose documents nobody here has: what their headings allow is read, and said to be read so."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest

from extract.document import document_of
from extract.records import Document
from tests import printing

TITLE = "云泽市商务局2026年项目支出绩效目标表"
ABOVE = (TITLE, "单位：万元")
FAIR, SYSTEM = "2026年展会经费", "2026年信息化运维"
FAIR_GOAL, SYSTEM_GOAL = "办好展会，促进消费。", "保障系统稳定运行。"
FAIR_MARKED, SYSTEM_MARKED = "1、产出指标:展会数,年度指标值:≥3场。", "1、产出指标:故障率,年度指标值:≤5%。"

Rows = Sequence[Sequence[str | None]]
Printer = Callable[[Sequence[printing.Table]], bytes]
PRINTERS: dict[str, Printer] = {"xlsx": printing.xlsx, "pdf": printing.pdf, "text": printing.text}


@pytest.fixture(params=PRINTERS)
def printer(request: pytest.FixtureRequest) -> Printer:
    return PRINTERS[request.param]


def read(rows: Rows, above: Sequence[str] = ABOVE, printer: Printer = printing.xlsx) -> Document:
    """The document with one such table; ``None`` is merged with the cell to the left, ``"^"`` with the one above."""
    width = len(rows[0])
    return document_of(printer([printing.table(above, [max(60, 780 / width)] * width, rows, heading=1)]))


def lines(document: Document) -> list[tuple[str, str, str | None, Decimal | None]]:
    return [(line.level, line.name, line.organization, line.total_yuan) for line in document.lines]


def targets(document: Document) -> list[list[tuple[str | None, str | None, str, str]]]:
    return [
        [(i.level_1, i.level_2, i.name, i.targets[0].text) for i in line.indicators]
        for line in document.lines
        if line.level == "project"
    ]


def funds(document: Document) -> list[dict[str, str]]:
    return [{fund.fund_source: fund.amount_text for fund in line.funds} for line in document.lines]


def codes(document: Document, severity: str) -> set[str]:
    return {issue.code for issue in document.issues if issue.severity == severity}


def check_read_by_headings(document: Document) -> None:
    assert {line.layout for line in document.lines} == {"by_headings"}
    assert {line.view for line in document.lines} == {"targets"}
    assert [i.table_number for i in document.issues if i.code == "read_by_headings"] == [1]
    assert document.status == "complete"


BOTH = [("project", FAIR, "云泽市商务局", Decimal(100000)), ("project", SYSTEM, "云泽市商务局", Decimal(200000))]
TOTAL = ("total", "合计", None, Decimal(300000))
MARKED = [[("产出指标", None, "展会数", "≥3场")], [("产出指标", None, "故障率", "≤5%")]]


# --- headings of no known layout ---------------------------------------------------------------------------------


def test_a_list_without_kinds_of_money_is_read_by_its_headings(printer: Printer) -> None:
    document = read(
        [
            ["序号", "项目名称", "预算金额", "绩效目标", "绩效指标"],
            ["", "合计", "30.00", "", ""],
            ["1", FAIR, "10.00", FAIR_GOAL, FAIR_MARKED],
            ["2", SYSTEM, "20.00", SYSTEM_GOAL, SYSTEM_MARKED],
        ],
        printer=printer,
    )
    check_read_by_headings(document)
    assert lines(document) == [TOTAL, *BOTH]
    assert targets(document) == MARKED
    assert [line.goal for line in document.lines] == [None, FAIR_GOAL, SYSTEM_GOAL]


def test_a_body_beside_each_project_is_its_organization_and_a_total_may_stand_in_its_column() -> None:
    document = read(
        [
            ["预算单位", "项目名称", "总计", "财政拨款", "其他资金", "绩效目标", "绩效指标"],
            ["合计", "", "30.00", "30.00", "", "", ""],
            ["云泽市商务局", FAIR, "10.00", "10.00", "", FAIR_GOAL, FAIR_MARKED],
            ["云泽市展览中心", SYSTEM, "20.00", "20.00", "", SYSTEM_GOAL, SYSTEM_MARKED],
        ]
    )
    check_read_by_headings(document)
    assert lines(document) == [TOTAL, BOTH[0], ("project", SYSTEM, "云泽市展览中心", Decimal(200000))]


def test_a_merged_body_holds_for_its_rows(printer: Printer) -> None:
    rows = [
        ["主管部门", "项目单位", "项目名称", "项目类别", "资金", "绩效目标"],
        ["云泽市商务局", "云泽市展览中心", FAIR, "特定目标类", "10.00", FAIR_GOAL],
        ["^", "^", SYSTEM, "其他运转类", "20.00", SYSTEM_GOAL],
    ]
    document = read(rows, printer=printer)
    check_read_by_headings(document)
    assert {line.organization for line in document.lines} == {"云泽市展览中心"}
    assert "unknown_column" not in codes(document, "warning")


def test_headings_of_three_rows(printer: Printer) -> None:
    document = read(
        [
            ["项目名称", "预算金额", None, None, None, "绩效目标", "绩效指标"],
            ["^", "合计", "当年预算", None, "上年结转", "^", "^"],
            ["^", "^", "财政拨款", "其他资金", "^", "^", "^"],
            ["合计", "30.00", "26.00", "2.00", "2.00", "", ""],
            [FAIR, "10.00", "10.00", "", "", FAIR_GOAL, FAIR_MARKED],
            [SYSTEM, "20.00", "16.00", "2.00", "2.00", SYSTEM_GOAL, SYSTEM_MARKED],
        ],
        printer=printer,
    )
    check_read_by_headings(document)
    assert lines(document) == [TOTAL, *BOTH]
    assert funds(document)[2] == {"财政拨款": "16.00", "其他资金": "2.00", "上年结转": "2.00"}


def test_goals_and_amounts_of_the_whole_period_stand_beside_the_years() -> None:
    document = read(
        [
            ["部门", "项目名称", "项目总投资", "2026年预算", "总体绩效目标", "年度绩效目标"],
            ["云泽市商务局", FAIR, "30.00", "10.00", "长期办好展会。", FAIR_GOAL],
        ]
    )
    check_read_by_headings(document)
    [line] = document.lines
    assert (line.total_yuan, line.project_total_yuan) == (Decimal(100000), Decimal(300000))
    assert (line.goal, line.project_goal) == (FAIR_GOAL, "长期办好展会。")


def test_a_wrong_sum_is_no_less_wrong_in_an_unknown_layout() -> None:
    rows = [["单位名称", "项目名称", "预算金额", "绩效目标"], ["合计", "", "99.00", ""]]
    document = read([*rows, ["云泽市商务局", FAIR, "10.00", FAIR_GOAL]])
    assert (document.status, codes(document, "error")) == ("partial", {"unbalanced_sum"})


@pytest.mark.parametrize(
    "heading",
    [
        ["项目名称", "2025年预算数", "2026年预算数", "绩效目标"],  # which is the year's is not guessed
        ["名称", "拨款", "目的", "备注"],
        ["项目名称", "预算金额", "绩效目标", "得分"],
    ],
)
def test_headings_that_do_not_tell_are_not_read(heading: list[str]) -> None:
    document = read([heading, [FAIR, "8.00", "10.00", FAIR_GOAL]])
    assert (document.status, document.lines) == ("quarantined", ())
    assert "unknown_layout" in codes(document, "error")


@pytest.mark.parametrize(
    ("title", "kind"), [("2026年转移支付区域绩效目标表", "区域绩效目标"), ("2025年度项目支出绩效自评表", "绩效自评")]
)
def test_a_title_of_other_targets_keeps_a_list_out(title: str, kind: str) -> None:
    document = read([["项目名称", "金额", "绩效目标"], [FAIR, "10.00", FAIR_GOAL]], (title, "单位：万元"))
    assert document.lines == ()
    assert [issue.code for issue in document.issues if kind in issue.message] == ["other_targets_table"]


# --- indicators in cells -----------------------------------------------------------------------------------------

LIST = ["项目名称", "总计", "财政拨款", "绩效目标", "绩效指标"]


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (
            "1.数量指标：举办展会≥3场；2.质量指标：合格率≥95%；3.满意度指标：观众满意度≥90%。",
            [
                (None, "数量指标", "举办展会", "≥3场"),
                (None, "质量指标", "合格率", "≥95%"),
                ("满意度指标", None, "观众满意度", "≥90%"),
            ],
        ),
        (
            "一、产出指标1.数量指标：（1）展会数≥3场；（2）培训2期；2.时效指标：2026年12月底前；"
            "二、效益指标1.社会效益指标：带动就业不少于100人",
            [
                ("产出指标", "数量指标", "展会数", "≥3场"),
                ("产出指标", "数量指标", "培训", "2期"),
                ("产出指标", "时效指标", "时效指标", "2026年12月底前"),
                ("效益指标", "社会效益指标", "带动就业", "不少于100人"),
            ],
        ),
        (
            "产出指标：数量指标：展会数：≥3场质量指标：配比1:3",
            [("产出指标", "数量指标", "展会数", "≥3场"), ("产出指标", "质量指标", "配比", "1:3")],
        ),
    ],
)
def test_a_cell_may_sort_its_indicators_by_kind(
    cell: str, expected: list[tuple[str | None, str | None, str, str]]
) -> None:
    document = read([LIST, [FAIR, "10.00", "10.00", FAIR_GOAL, cell]])
    assert targets(document) == [expected]
    assert document.status == "complete"


def test_a_wrapped_cell_parts_no_indicator() -> None:
    cell = "1.数量指标：举办面向全市的国际性大型展会≥3场；2.质量指标：参展企业对服务的合格评价率≥95%。"
    rows = [LIST, [FAIR, "10.00", "10.00", FAIR_GOAL, cell]]
    expected = [
        (None, "数量指标", "举办面向全市的国际性大型展会", "≥3场"),
        (None, "质量指标", "参展企业对服务的合格评价率", "≥95%"),
    ]
    narrow = [printing.table(ABOVE, [100, 60, 60, 100, 80], rows, heading=1)]
    assert targets(document_of(printing.pdf(narrow))) == [expected]


def test_columns_may_be_kinds_of_indicators(printer: Printer) -> None:
    heading = ["项目名称", "预算金额", "绩效目标", "数量指标", "质量指标", "时效指标", "满意度指标"]
    row = [FAIR, "10.00", FAIR_GOAL, "展会数≥3场；培训2期", "合格率≥95%", "2026年12月底前", "≥90%"]
    document = read([heading, row], printer=printer)
    check_read_by_headings(document)
    assert targets(document) == [
        [
            (None, "数量指标", "展会数", "≥3场"),
            (None, "数量指标", "培训", "2期"),
            (None, "质量指标", "合格率", "≥95%"),
            (None, "时效指标", "时效指标", "2026年12月底前"),
            ("满意度指标", None, "满意度指标", "≥90%"),
        ]
    ]


# --- lists with one indicator per row ----------------------------------------------------------------------------


def test_a_value_may_be_parted_under_its_heading(printer: Printer) -> None:
    document = read(
        [
            ["单位名称", "项目名称", "项目金额", "绩效目标", "绩效指标", None, None, "指标值", None, None, "权重"],
            ["^", "^", "^", "^", "一级指标", "二级指标", "三级指标", "符号", "值", "单位", "^"],
            ["云泽市商务局", FAIR, "10.00", FAIR_GOAL, "产出指标", "数量指标", "展会数", "≥", "3", "场", "50"],
            ["^", "^", "^", "^", "^", "质量指标", "合格率", "≥", "95", "%", "50"],
        ],
        printer=printer,
    )
    assert (document.status, lines(document)) == ("complete", BOTH[:1])
    components = [indicator.targets[0].components[0] for indicator in document.lines[0].indicators]
    assert [(c.comparator, c.value, c.unit) for c in components] == [(">=", 3, "场"), (">=", 95, "%")]


def test_years_under_a_value_are_not_one_number(printer: Printer) -> None:
    document = read(
        [
            ["项目名称", "项目当年预算", "一级指标", "二级指标", "三级指标", "指标值", None, None],
            ["^", "^", "^", "^", "^", "前年", "上年", "预计当年实现"],
            [FAIR, "10.00", "产出指标", "数量指标", "展会数", "1", "2", "3"],
            ["^", "^", "^", "质量指标", "合格率", "90%", "92%", "95%"],
        ],
        printer=printer,
    )
    assert lines(document) == BOTH[:1]
    [line] = document.lines
    assert [(i.targets[0].text, i.prior_value) for i in line.indicators] == [("3", "2"), ("95%", "92%")]


# --- rows that are no projects -----------------------------------------------------------------------------------

GUANGDONG = ["项目名称", "总计", "财政拨款", "财政专户拨款", "其他资金", "绩效目标", "绩效指标"]
ROWS = ["单位名称", "项目名称", "年度目标", "一级指标", "二级指标", "三级指标", "指标值"]


@pytest.mark.parametrize(
    "rows",
    [
        [GUANGDONG, ["无", *[""] * 6]],
        [GUANGDONG, ["本部门2026年无项目支出绩效目标", *[None] * 6]],
        [ROWS, ["无"] * 7],
    ],
)
def test_an_empty_table_holds_no_project(rows: Rows, printer: Printer) -> None:
    document = read(rows, printer=printer)
    assert (document.status, document.lines) == ("complete", ())
    assert {"empty_table", "no_targets_table"} <= codes(document, "info")


def test_a_project_whose_name_has_the_word_for_nothing_is_one() -> None:
    document = read([GUANGDONG, ["2026年无障碍设施改造项目", "", "", "", "", "", ""]])
    assert [line.name for line in document.lines] == ["2026年无障碍设施改造项目"]


def test_bodies_without_money_declare_no_sum() -> None:
    document = read(
        [
            GUANGDONG,
            ["云泽市商务局", *[""] * 6],
            [FAIR, "10.00", "10.00", "", "", FAIR_GOAL, FAIR_MARKED],
            ["小计", "10.00", "10.00", "", "", "", ""],
            ["云泽市展览中心", *[""] * 6],
            [SYSTEM, "20.00", "20.00", "", "", SYSTEM_GOAL, SYSTEM_MARKED],
            ["合 计", "30.00", "30.00", "", "", "", ""],
        ]
    )
    assert document.status == "complete"
    assert [line.organization for line in document.lines if line.level == "project"] == [
        "云泽市商务局",
        "云泽市展览中心",
    ]
    assert {(r.check, r.status) for r in document.reconciliations} >= {("projects_to_total", "balanced")}


def test_a_confidential_mark_is_no_indicator() -> None:
    document = read([GUANGDONG, ["项目001", "10.00", "10.00", "", "", "涉密", "涉密"]])
    [line] = document.lines
    assert (document.status, line.is_confidential, line.indicators) == ("complete", True, ())


def test_a_total_may_stand_in_the_column_of_numbers() -> None:
    document = read(
        [
            ["序号", *GUANGDONG],
            ["合计", "", "10.00", "10.00", "", "", "", ""],
            ["1", FAIR, "10.00", "10.00", "", "", FAIR_GOAL, FAIR_MARKED],
        ]
    )
    assert [(line.level, line.name) for line in document.lines] == [("total", "合计"), ("project", FAIR)]


@pytest.mark.parametrize("names", [("数量指标", "质量指标"), ("展会数", "合格率")])
def test_where_no_column_is_called_level_3_the_last_one_names_the_indicators(
    names: tuple[str, str], printer: Printer
) -> None:
    rows = [
        "项目名称 年度资金总额 年度绩效目标 一级指标 二级指标 指标值".split(),
        [FAIR, "10.00", FAIR_GOAL, "产出指标", names[0], "≥3场"],
        ["^", "^", "^", "^", names[1], "≥95%"],
    ]
    document = read(rows, printer=printer)
    assert document.status == "complete"
    assert targets(document) == [[("产出指标", None, names[0], "≥3场"), ("产出指标", None, names[1], "≥95%")]]


def test_the_amount_of_the_year_before_is_not_the_years(printer: Printer) -> None:
    rows = [
        "项目名称 上年预算数 本年预算数 年度绩效目标 一级指标 二级指标 三级指标 指标值".split(),
        [FAIR, "9.00", "10.00", FAIR_GOAL, "产出指标", "数量指标", "展会数", "≥3场"],
    ]
    document = read(rows, printer=printer)
    assert document.status == "complete"
    assert [line.total_yuan for line in document.lines] == [Decimal(100000)]


def test_the_amounts_of_two_years_under_one_heading_are_no_silent_loss(printer: Printer) -> None:
    rows = [
        ["项目名称", "年度资金总额", None, "年度绩效目标", "一级指标", "二级指标", "三级指标", "指标值"],
        ["^", "上年", "本年", "^", "^", "^", "^", "^"],
        [FAIR, "9.00", "10.00", FAIR_GOAL, "产出指标", "数量指标", "展会数", "≥3场"],
    ]
    document = read(rows, printer=printer)
    assert document.status == "partial"
    assert "unread_amount" in codes(document, "error")


@pytest.mark.parametrize(
    ("column", "text", "code"), [("指标值", "≥90%", "unread_indicators"), ("年度资金总额", "9.00", "unread_amount")]
)
def test_a_column_that_stands_twice_is_no_silent_loss(column: str, text: str, code: str, printer: Printer) -> None:
    heading = ["项目名称", "年度资金总额", "年度绩效目标", "一级指标", "二级指标", "三级指标", "指标值", column]
    row = [FAIR, "10.00", FAIR_GOAL, "产出指标", "数量指标", "展会数", "≥3场"]
    document = read([heading, [*row, text]], printer=printer)
    assert [issue.code for issue in document.issues if issue.severity == "error"] == [code]
    assert read([heading, [*row, ""]], printer=printer).status == "complete"


@pytest.mark.parametrize(
    ("above", "rows", "funds"),
    [
        (
            ABOVE[:1],
            [
                ["项目名称", "总计（万元）", "财政拨款（元）", "其他资金", "绩效目标", "绩效指标"],
                [FAIR, "3.00", "10,000.00", "2.00", FAIR_GOAL, FAIR_MARKED],
            ],
            {"财政拨款": 10000, "其他资金": 20000},
        ),
        (
            ABOVE,
            [
                ["项目名称", "总计", "财政拨款", "其他资金（元）", "绩效目标", "绩效指标"],
                [FAIR, "3.00", "2.00", "10000.00", FAIR_GOAL, FAIR_MARKED],
            ],
            {"财政拨款": 20000, "其他资金": 10000},
        ),
        (
            ABOVE,
            [
                ["支出项目类别（资金使用单位）", "总计", "财政拨款（元）", None, None, "其他资金", "绩效目标"],
                ["^", "^", "合计", "一般公共预算", "政府性基金预算（万元）", "^", "^"],
                [FAIR, "3.00", "20000.00", "10000.00", "1.00", "1.00", FAIR_GOAL],
            ],
            {"一般公共预算": 10000, "政府性基金预算": 10000, "其他资金": 10000},
        ),
        (
            ABOVE[:1],
            [
                "项目名称 资金总额（万元） 财政拨款（元） 其他资金 绩效目标 一级指标 二级指标 三级指标 指标值".split(),
                [FAIR, "3.00", "10000.00", "2.00", FAIR_GOAL, "产出指标", "数量指标", "展会数", "≥3场"],
            ],
            {"财政拨款": 10000, "其他资金": 20000},
        ),
        (
            ABOVE,
            [
                ["项目名称", None, FAIR, None],
                ["项目资金", "年度资金总额（元）", "30000.00", None],
                ["^", "财政拨款（万元）", "1.00", None],
                ["^", "其他资金（元）", "20000.00", None],
                ["一级指标", "二级指标", "三级指标", "指标值"],
                ["产出指标", "数量指标", "展会数", "≥3场"],
            ],
            {"财政拨款": 10000, "其他资金": 20000},
        ),
    ],
)
def test_each_amount_is_in_the_unit_that_its_own_heading_prints(
    above: Sequence[str], rows: Rows, funds: dict[str, int], printer: Printer
) -> None:
    document = document_of(printer([printing.table(above, [110] * len(rows[0]), rows)]))
    [line] = document.lines
    assert document.status == "complete", [issue.message for issue in document.issues]
    assert line.total_yuan == Decimal(30000)
    assert {fund.fund_source: fund.amount_yuan for fund in line.funds} == funds


PLAIN = "项目名称 年度资金总额 年度绩效目标 一级指标 二级指标 三级指标 指标值".split()
LAYOUTS: dict[str, Callable[[str, str], Rows]] = {
    "guangdong_list": lambda name, goal: [GUANGDONG, [name, "10.00", "10.00", "", "", goal, FAIR_MARKED]],
    "indicator_rows": lambda name, goal: [PLAIN, [name, "10.00", goal, "产出指标", "数量指标", "展会数", "≥3场"]],
    "project_forms": lambda name, goal: [
        ["项目名称", name, None, None],
        ["项目资金（万元）", "年度资金总额", "10.00", None],
        ["年度目标", goal, None, None],
        ["一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "展会数", "≥3场"],
    ],
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    ("name", "goal", "is_confidential"),
    [
        ("***专项经费", FAIR_GOAL, True),
        ("＊＊＊＊项目", FAIR_GOAL, True),
        ("* * *项目", FAIR_GOAL, True),
        (FAIR, "***", True),
        (FAIR, "完成***任务。", True),
        ("某某专项*", "**办好展会。", False),
    ],
)
def test_asterisks_mask_what_is_confidential(layout: str, name: str, goal: str, is_confidential: bool) -> None:
    document = read(LAYOUTS[layout](name, goal))
    [line] = document.lines
    assert (line.layout, document.status) == (layout, "complete")
    assert (line.name, line.goal, line.total_yuan) == (name, goal, Decimal(100000))
    assert line.is_confidential is is_confidential
