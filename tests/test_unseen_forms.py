"""Forms as other departments print them: other words for the same labels, other places for the same amounts."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest

from extract.document import document_of
from extract.records import Document, Line
from tests import printing
from tests.printing import table
from tests.test_formats import said

Row = list[str | None]
WIDTHS = (60, 80, 90, 150, 110)
NAME: Row = ["项目名称", None, "展会补助资金", None, None]
BODIES: Row = ["主管部门", None, "云泽市商务局", "实施单位", "云泽市会展中心"]
MONEY: list[Row] = [
    ["项目资金\n（万元）", None, "年度资金总额：", None, "300.00"],
    ["^", None, "其中：财政拨款", None, "300.00"],
]
GOAL: Row = ["年度绩效目标", "办好展会。", None, None, None]
HEADINGS: Row = ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"]
INDICATORS: list[Row] = [
    ["^", "产出指标", "数量指标", "举办展会场次", "≥3场"],
    ["^", "^", "质量指标", "验收合格率", "≥98%"],
    ["^", "满意度指标", "服务对象满意度指标", "企业满意度", "≥90%"],
]
READ = [
    ("产出指标", "数量指标", "举办展会场次", "≥3场"),
    ("产出指标", "质量指标", "验收合格率", "≥98%"),
    ("满意度指标", "服务对象满意度指标", "企业满意度", "≥90%"),
]
ABOVE = ("项目支出绩效目标表", "（2026年度）")


def printed(
    rows: Sequence[Row], widths: Sequence[float] = WIDTHS, above: Sequence[str] = ABOVE, **paper: Any
) -> Document:
    """A form as a PDF, which must say what the same form says as a sheet."""
    form = [table(above, widths, rows)]
    document = document_of(printing.pdf(form, **{"height": 1000.0, **paper}))
    assert said(document) == said(document_of(printing.xlsx(form)))
    return document


def the_line(document: Document) -> Line:
    assert document.status == "complete", [issue.message for issue in document.issues]
    assert not {"unread_cell", "unread_column", "inferred_unit"} & codes(document)
    (line,) = document.lines
    return line


def codes(document: Document) -> set[str]:
    return {issue.code for issue in document.issues}


def funds(line: Line) -> dict[tuple[str, str], Decimal]:
    return {(fund.fund_source, fund.period): fund.amount_yuan for fund in line.funds}


def targets(line: Line) -> list[tuple[str | None, str | None, str, str]]:
    return [(i.level_1, i.level_2, i.name, i.targets[0].text) for i in line.indicators]


def yuan(ten_thousands: int) -> Decimal:
    return Decimal(ten_thousands * 10_000)


# --- money ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("money", "sources"),
    [
        ([["项目资金", None, "300.00万元", None, None]], {}),
        ([["年度资金总额：300.00万元", None, None, "其中：财政拨款：300.00万元", None]], {"财政拨款": 300}),
        (
            [["项目资金", None, "资金总额：300.00万元，其中：财政拨款290.00万元，其他资金10.00万元", None, None]],
            {"财政拨款": 290, "其他资金": 10},
        ),
        (
            [
                ["项目资金（万元）", "年度资金总额", "财政拨款", "上年结转", "其他资金"],
                ["^", "300.00", "290.00", "4.00", "6.00"],
            ],
            {"财政拨款": 290, "上年结转": 4, "其他资金": 6},
        ),
        (
            [
                ["年度预算金额（万元）", None, "总额：", "中央补助：", "省级资金："],
                ["^", None, "300.00", "200.00", "100.00"],
            ],
            {"中央补助": 200, "省级资金": 100},
        ),
        (
            [
                ["项目资金\n（万元）", "年度资金总额", "300.00", "其中：财政拨款", "290.00"],
                ["^", "其他资金", "10.00", "上年结转", ""],
            ],
            {"财政拨款": 290, "其他资金": 10},
        ),
        ([["本年度预算数（万元）", None, "300.00", None, None]], {}),
    ],
    ids=["beside the block", "in their labels", "in one cell", "below", "below, in a block", "in a row", "other words"],
)
def test_amounts_stand_beside_below_and_behind_their_labels(money: list[Row], sources: dict[str, int]) -> None:
    line = the_line(printed([NAME, BODIES, *money, GOAL, HEADINGS, *INDICATORS]))
    assert (line.total_yuan, line.project_total_yuan, line.amount_unit) == (yuan(300), None, "万元")
    assert funds(line) == {(source, "annual"): yuan(amount) for source, amount in sources.items()}
    assert (line.goal, targets(line)) == ("办好展会。", READ)


def test_a_heading_over_amounts_is_no_label_of_what_stands_beside_it() -> None:
    money: list[Row] = [
        ["资金来源", "来源", None, "金额（万元）", "占比"],
        ["^", "一般公共预算", None, "290.00", "96.7%"],
        ["^", "其他资金", None, "10.00", "3.3%"],
        ["^", "合计", None, "300.00", "100%"],
    ]
    document = printed([NAME, BODIES, *money, GOAL, HEADINGS, *INDICATORS])
    (line,) = document.lines
    assert (document.status, line.total_yuan) == ("complete", yuan(300))
    assert funds(line) == {("一般公共预算", "annual"): yuan(290), ("其他资金", "annual"): yuan(10)}


def test_sources_without_a_period_are_of_the_total_that_they_add_up_to() -> None:
    money: list[Row] = [
        ["项目总预算（万元）", None, "900.00", "项目当年预算", "300.00"],
        ["项目资金来源", "合计", None, None, "300.00"],
        ["^", "1.财政拨款收入", None, None, "290.00"],
        ["^", "2.其他资金", None, None, "10.00"],
    ]
    line = the_line(printed([NAME, BODIES, *money, GOAL, HEADINGS, *INDICATORS]))
    assert (line.total_yuan, line.project_total_yuan) == (yuan(300), yuan(900))
    assert funds(line) == {("财政拨款收入", "annual"): yuan(290), ("其他资金", "annual"): yuan(10)}


@pytest.mark.parametrize("amount", ["3,000,000.00", "3000000"])
def test_an_amount_beside_an_unknown_label_is_an_error(amount: str) -> None:
    document = printed([NAME, BODIES, ["全年财力保障", None, amount, None, None], GOAL, HEADINGS, *INDICATORS])
    assert document.status == "partial"
    (issue,) = [issue for issue in document.issues if issue.code == "unread_amount"]
    assert amount in issue.message


# --- names, bodies and goals -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("above", "head"),
    [
        (ABOVE, [["单位名称", None, "云泽市会展中心", None, None], NAME]),
        (ABOVE, [["单位名称", None, "云泽市会展中心", "项目名称", "展会补助资金"]]),
        (ABOVE, [NAME, ["单位名称", None, "云泽市会展中心", None, None]]),
        (ABOVE, [["项目名称：展会补助资金", None, None, "实施单位：云泽市会展中心", None]]),
        (ABOVE, [NAME, ["主管预算部门及代码", None, "云泽市商务局", "具体实施单位", "云泽市会展中心"]]),
        (("项目支出绩效目标表", "（2026年度）", "项目名称：展会补助资金"), [BODIES]),
        (("一、展会补助资金项目支出绩效目标表", "（2026年度）"), [BODIES]),
        (ABOVE, [BODIES, NAME]),
        (ABOVE, [["预算年度", None, "2026", None, None], ["项目编码", None, "460000001", None, None], BODIES, NAME]),
        (ABOVE, [["一级项目名称", None, "商贸发展", "二级项目名称", "展会补助资金"], BODIES]),
        (ABOVE, [["一级项目名称", None, "商贸发展", None, None], ["二级项目名称", *NAME[1:]], BODIES]),
    ],
    ids=[
        "body above",
        "body before",
        "body below",
        "one cell",
        "other words",
        "line above",
        "numbered title",
        "bodies first",
        "year first",
        "programme before",
        "programme above",
    ],
)
def test_the_project_and_its_body_are_found(above: Sequence[str], head: list[Row]) -> None:
    line = the_line(printed([*head, *MONEY, GOAL, HEADINGS, *INDICATORS], above=above))
    assert (line.name, line.organization, line.total_yuan) == ("展会补助资金", "云泽市会展中心", yuan(300))


def test_an_amount_on_the_row_of_the_name_makes_no_list() -> None:
    rows: list[Row] = [
        ["项目名称", "展会补助资金", None, "金额（万元）", "300.00"],
        ["单位名称", "云泽市会展中心", None, "主管部门", "云泽市商务局"],
        ["绩效目标", "办好展会。", None, None, None],
        ["一级指标", "二级指标", "三级指标", "指标值", "指标说明"],
        ["产出指标", "数量指标", "举办展会场次", "≥3场", ""],
    ]
    line = the_line(printed(rows))
    assert (line.name, line.organization, line.total_yuan) == ("展会补助资金", "云泽市会展中心", yuan(300))


@pytest.mark.parametrize("goal", ["项目总体绩效目标", "预期目标", "本年度绩效目标", "项目绩效总目标", "中长期绩效目标"])
def test_a_goal_is_known_by_the_words_of_its_label(goal: str) -> None:
    line = the_line(printed([NAME, BODIES, *MONEY, [goal, *GOAL[1:]], HEADINGS, *INDICATORS]))
    is_of_project = goal.endswith("总目标") or "长期" in goal
    assert (line.project_goal if is_of_project else line.goal) == "办好展会。"


def test_a_goal_may_have_a_part_for_every_year() -> None:
    goal: list[Row] = [["总体目标", "2025年", "办展2场。", None, None], ["^", "2026年", "办展3场。", None, None]]
    line = the_line(printed([NAME, BODIES, *MONEY, *goal, HEADINGS, *INDICATORS]))
    assert line.goal == "2025年办展2场。2026年办展3场。"


def test_rows_of_bodies_part_the_forms_of_one_table() -> None:
    other: Row = ["主管部门", None, "云泽市商务局", "实施单位", "云泽市商务执法队"]
    one = [BODIES, NAME, *MONEY, GOAL, HEADINGS, *INDICATORS]
    two = [other, ["项目名称", None, "执法检查经费", None, None], *MONEY, GOAL, HEADINGS, *INDICATORS]
    document = printed([*one, *two])
    assert document.status == "complete"
    assert [(line.name, line.organization, len(line.indicators)) for line in document.lines] == [
        ("展会补助资金", "云泽市会展中心", 3),
        ("执法检查经费", "云泽市商务执法队", 3),
    ]


def test_a_form_of_no_project_is_empty() -> None:
    rows: list[Row] = [
        ["项目名称", None, "无", None, None],
        ["主管部门", None, "", "实施单位", ""],
        ["项目资金\n（万元）", None, "年度资金总额：", None, ""],
        ["年度绩效目标", "本单位无项目支出。", None, None, None],
        HEADINGS,
        ["^", "产出指标", "数量指标", "", ""],
    ]
    document = printed(rows)
    assert (document.status, document.lines) == ("complete", ())
    (issue,) = [issue for issue in document.issues if issue.code == "empty_form"]
    assert "本单位无项目支出" in issue.message


def test_two_forms_may_stand_side_by_side() -> None:
    rows: list[Row] = [
        ["项目名称", "展会补助资金", None, None, "项目名称", "商圈建设资金", None, None],
        ["实施单位", "云泽市会展中心", None, None, "实施单位", "云泽市商务局", None, None],
        ["年度资金总额", "300.00万元", None, None, "年度资金总额", "200.00万元", None, None],
        ["年度目标", "办好展会。", None, None, "年度目标", "建设商圈。", None, None],
        ["一级指标", "二级指标", "三级指标", "指标值", "一级指标", "二级指标", "三级指标", "指标值"],
        ["产出指标", "数量指标", "举办展会场次", "≥3场", "产出指标", "数量指标", "商圈数", "≥2个"],
    ]
    document = printed(rows, (60, 80, 90, 60, 60, 80, 90, 60))
    assert document.status == "complete"
    assert [(line.name, line.organization, line.total_yuan, line.goal, targets(line)) for line in document.lines] == [
        ("展会补助资金", "云泽市会展中心", yuan(300), "办好展会。", [("产出指标", "数量指标", "举办展会场次", "≥3场")]),
        ("商圈建设资金", "云泽市商务局", yuan(200), "建设商圈。", [("产出指标", "数量指标", "商圈数", "≥2个")]),
    ]


# --- indicators ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headings",
    [
        ("指标性质", "指标值", "度量单位", "权重"),
        ("绩效指标性质", "绩效指标值", "绩效度量单位", "本年权重"),
        ("本年绩效指标方向", "本年绩效指标值", "绩效度量单位", "绩效指标权重"),
        ("运算符号", "计划指标值", "计量单位", "分值"),
        ("关系", "绩效标准值", "量纲", "权重"),
    ],
)
def test_operator_and_unit_columns_belong_to_the_target(headings: Sequence[str]) -> None:
    rows: list[Row] = [
        ["项目名称", None, "展会补助资金", None, None, None, None, None],
        ["项目单位", None, "云泽市会展中心", None, None, None, None, None],
        ["年度资金总额", None, "300.00万元", None, None, None, None, None],
        ["年度目标", "办好展会。", None, None, None, None, None, None],
        ["绩效指标", "一级指标", "二级指标", "三级指标", *headings],
        ["^", "产出指标", "数量指标", "举办展会场次", "≥", "3", "场", "60"],
        ["^", "满意度指标", "服务对象满意度指标", "企业满意度", "≥", "90", "%", "30"],
    ]
    line = the_line(printed(rows, (60, 80, 90, 110, 60, 60, 60, 50)))
    components = [indicator.targets[0].components[0] for indicator in line.indicators]
    assert [(c.comparator, c.value, c.unit) for c in components] == [(">=", 3, "场"), (">=", 90, "%")]
    assert [indicator.weight for indicator in line.indicators] == [60, 30]


def test_a_value_may_stand_under_a_heading_with_its_operator_and_unit() -> None:
    rows: list[Row] = [
        ["项\n目\n名\n称", None, "展会补助资金", None, None, None, None],
        ["项目单位", None, "云泽市会展中心", None, None, None, None],
        ["年度资金总额", None, "300.00万元", None, None, None, None],
        ["总\n体\n目\n标", "办好展会。", None, None, None, None, None],
        ["绩\n效\n指\n标", "一级指标", "二级指标", "三级指标", "目标值", None, None],
        ["^", "^", "^", "^", "符号", "数值", "单位"],
        ["^", "产\n出\n指\n标", "数量指标", "举办展会场次", "≥", "3", "场"],
        ["^", "满意度指标", "服务对象满意度指标", "企业满意度", "≥", "90", "%"],
    ]
    line = the_line(printed(rows, (40, 80, 90, 110, 50, 50, 50)))
    components = [indicator.targets[0].components[0] for indicator in line.indicators]
    assert [(c.comparator, c.value, c.unit) for c in components] == [(">=", 3, "场"), (">=", 90, "%")]
    assert line.indicators[0].level_1 == "产出指标"


@pytest.mark.parametrize("is_beside", [True, False])
def test_indicators_of_the_whole_period_may_stand_above_the_years(is_beside: bool) -> None:
    def section(name: str, value: str) -> list[Row]:
        title: list[Row] = [] if is_beside else [[name, None, None, None, None]]
        return [
            *title,
            [name if is_beside else "绩效指标", *HEADINGS[1:]],
            ["^", "产出指标", "数量指标", "举办展会场次", value],
        ]

    rows = [NAME, BODIES, *MONEY, GOAL, *section("中长期绩效指标", "≥9场"), *section("年度绩效指标", "≥3场")]
    (indicator,) = the_line(printed(rows)).indicators
    assert [(target.period, target.text) for target in indicator.targets] == [("annual", "≥3场"), ("project", "≥9场")]


def test_a_repeated_heading_is_no_indicator() -> None:
    more: list[Row] = [["^", "效益指标", "社会效益指标", "提升商圈活力", "有效提升"]]
    again: Row = ["^", *HEADINGS[1:]]
    line = the_line(printed([NAME, BODIES, *MONEY, GOAL, HEADINGS, *INDICATORS, again, *more]))
    assert targets(line) == [*READ, ("效益指标", "社会效益指标", "提升商圈活力", "有效提升")]


def test_what_is_signed_below_is_no_indicator() -> None:
    signed: list[Row] = [["审核意见", None, "同意", None, None], ["填报人：张某", None, None, "联系电话：5555", None]]
    assert targets(the_line(printed([NAME, BODIES, *MONEY, GOAL, HEADINGS, *INDICATORS, *signed]))) == READ


def test_contents_beside_names_explain_them() -> None:
    rows: list[Row] = [
        [*NAME, None],
        [*BODIES, None],
        ["年度资金总额", None, "300.00万元", None, None, None],
        [*GOAL, None],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标内容", "指标值"],
        ["^", "产出指标", "数量指标", "展会数量", "举办展会场次", "≥3场"],
    ]
    (indicator,) = the_line(printed(rows, (*WIDTHS, 80))).indicators
    assert (indicator.name, indicator.explanation, indicator.targets[0].text) == ("展会数量", "举办展会场次", "≥3场")


@pytest.mark.parametrize("height", [300.0, 330.0, 420.0])
def test_cells_go_on_over_pages(height: float) -> None:
    long = "完善商贸流通体系，举办促消费活动，支持企业参加重点展会，巩固传统市场份额，" * 6 + "完成任务。"
    many: list[Row] = [
        [
            "^",
            "产出指标" if n == 1 else "^",
            "数量指标" if n == 1 else "^",
            f"举办第{n}类展会的场次（含线上和线下活动）",
            f"≥{n}场",
        ]
        for n in range(1, 13)
    ]
    rows = [NAME, BODIES, *MONEY, ["年度绩效目标", long, None, None, None], HEADINGS, *many, *INDICATORS[2:]]
    line = the_line(printed(rows, height=height, splits=True))
    assert len(line.locator) > 1
    assert line.goal == long
    assert targets(line) == [
        *(("产出指标", "数量指标", f"举办第{n}类展会的场次（含线上和线下活动）", f"≥{n}场") for n in range(1, 13)),
        READ[2],
    ]


# --- what is no project's target -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("title", "spent", "reached"),
    [
        ("项目支出绩效运行监控表", "1-7月执行数", "1-7月完成情况"),
        ("项目支出绩效情况", "执行数", "实际值"),
        ("项目支出绩效情况", "年度资金总额", "年度实际完成值"),
    ],
)
def test_what_was_reached_is_no_target(title: str, spent: str, reached: str) -> None:
    rows: list[Row] = [
        [*NAME, None],
        [*BODIES[:3], None, *BODIES[3:]],
        ["项目资金（万元）", None, "预算数", "300.00", spent, "100.00"],
        [*GOAL, None],
        [*HEADINGS, reached],
        *([*row, "2场"] for row in INDICATORS),
    ]
    document = printed(rows, (*WIDTHS, 80), (title, "（2025年度）"))
    assert document.lines == ()
    assert "other_targets_table" in codes(document)


def test_last_years_value_beside_a_target_makes_no_evaluation() -> None:
    rows: list[Row] = [
        [*NAME, None],
        [*BODIES[:3], None, *BODIES[3:]],
        ["年度资金总额", None, "300.00万元", None, None, None],
        [*GOAL, None],
        [*HEADINGS[:4], "2025年实际值", "2026年目标值"],
        *([*row[:4], "8", row[4]] for row in INDICATORS),
    ]
    (line,) = printed(rows, (*WIDTHS, 80)).lines
    assert targets(line) == READ


@pytest.mark.parametrize("body", ["单位名称：云泽市商务局", "部门名称：云泽市商务局", "预算单位：云泽市商务局"])
def test_a_body_named_in_a_row_above_a_list_makes_no_form(body: str) -> None:
    rows: list[Row] = [
        [body, None, None, None, None, None, None],
        ["项目名称", "预算数", "年度目标", "一级指标", "二级指标", "三级指标", "指标值"],
        ["展会补助资金", "300.00", "办好展会。", "产出指标", "数量指标", "举办展会场次", "≥3场"],
        ["商圈建设资金", "200.00", "建设商圈。", "产出指标", "数量指标", "商圈数", "≥2个"],
    ]
    document = document_of(printing.xlsx([table(ABOVE, (80, 60, 90, 60, 70, 90, 70), rows)]))
    assert (document.status, [line.layout for line in document.lines]) == ("complete", ["indicator_rows"] * 2)
