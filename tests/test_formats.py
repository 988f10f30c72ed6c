"""The same table in PDF, XLSX, XLS, DOCX, HTML and text gives equal records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from extract.document import document_of
from extract.readers import read
from extract.records import Document, Line
from tests import printing
from tests.printing import Printer, Table, table

PUBLISHER = "云泽市商务局"
TITLE = f"{PUBLISHER}2026年项目支出绩效目标表"
WHOLE: dict[str, Printer] = {
    "xlsx": printing.xlsx,
    "xlsx, one sheet each": printing.one_sheet_each,
    "xlsx without rules": printing.without_rules,
    "xls": printing.xls,
    "docx": printing.docx_of,
    "html": printing.html,
    "html in GBK inside a layout": printing.in_gbk_and_laid_out,
    "html of a sheet": printing.as_sheets_are_saved,
}
EVERY = {**WHOLE, "text": printing.text}


def said(document: Document) -> tuple[Any, ...]:
    """What a document says, without where it stands and without issues, which name places."""
    return document.publisher, document.fiscal_year, document.status, [_without_place(line) for line in document.lines]


def _without_place(line: Line) -> Line:
    return replace(
        line,
        locator=(),
        funds=tuple(replace(fund, locator=()) for fund in line.funds),
        indicators=tuple(replace(indicator, locator=()) for indicator in line.indicators),
        subtotals=tuple(replace(subtotal, locator=()) for subtotal in line.subtotals),
    )


def check(tables: Sequence[Table], printers: dict[str, Printer], projects: int, **paper: Any) -> None:
    """Holds every format against the PDF, and the PDF against the number of projects that were set."""
    printed = document_of(printing.pdf(tables, **paper))
    assert printed.status == "complete", [i.message for i in printed.issues if i.severity == "error"]
    assert sum(line.level == "project" for line in printed.lines) == projects
    for name, printer in printers.items():
        document = document_of(printer(tables))
        assert said(document) == said(printed), name


# --- what is set ---------------------------------------------------------------------------------------------------

FULL: dict[int, int] = {}
HALF = str.maketrans("，；：（）", ",;:()")
punctuation = st.sampled_from([FULL, HALF])
words = st.sampled_from(
    "完善商贸流通体系 举办促消费活动 保障机构正常运转 开展执法检查（含夜间） 维护信息系统，提升效率"
    " 发放企业补贴；及时拨付 培训干部2期"
    " 支持外贸企业开拓市场，参加重点展会，巩固传统市场份额，并对新兴市场的拓展给予补助".split()
)
names = st.lists(
    st.sampled_from(
        "工作经费 展会补助 信息化运维 执法检查 人才培训 商圈建设 外贸扶持 会展服务 档案整理 市场监测".split()
    ),
    min_size=1,
    max_size=4,
    unique=True,
)
indicator_names = st.sampled_from(
    "举办活动场次 检查覆盖率 资金拨付及时率 企业满意度 新增网点数 培训合格率（结业）".split()
)
values = st.sampled_from("≥3场 ≥95% 100% 5 持续提升 ≤12.50万元 2026年11月底前 95%".split())
LEVELS = {
    "产出指标": ["数量指标", "质量指标", "时效指标"],
    "效益指标": ["经济效益指标", "社会效益指标"],
    "满意度指标": ["服务对象满意度指标"],
}
cents = st.integers(min_value=1, max_value=99_999_999).map(lambda n: Decimal(n) / 100)
units = st.sampled_from(["元", "万元"])


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}" if amount else ""


@st.composite
def indicator_text(draw: st.DrawFn) -> str:
    """The cell of indicators of a Guangdong list, in one of its grammars."""
    marks = draw(punctuation)
    count = draw(st.integers(1, 4))
    is_new = draw(st.booleans())
    parts = []
    for number in range(1, count + 1):
        name, value = draw(indicator_names), draw(values)
        parts.append(
            f"{number}.1－产出指标，11－数量指标，{name}；实施周期指标值：{value}，年度指标值：{value}；"
            if is_new
            else f"{number}、产出指标:{name},年度指标值:{value}。".translate(marks)
        )
    return "\n".join(parts)


@st.composite
def guangdong_list(draw: st.DrawFn) -> tuple[Table, int]:
    sources = draw(st.sampled_from([(0,), (0, 2), (0, 1, 2)]))
    rows = []
    totals = [Decimal(0)] * 3
    for name in draw(names):
        funds = [draw(cents) if place in sources and draw(st.booleans()) else Decimal(0) for place in range(3)]
        funds[0] = funds[0] or draw(cents)
        totals = [a + b for a, b in zip(totals, funds, strict=True)]
        goal = draw(words).translate(draw(punctuation)) + "。"
        rows.append([f"2026年{name}", money(sum(funds)), *map(money, funds), goal, draw(indicator_text())])
    body = [money(sum(totals)), *map(money, totals), "", ""]
    heading = ["项目名称（资金使用单位）", "总计", "财政拨款", "财政专户拨款", "其他资金", "绩效目标", "绩效指标"]
    above = (TITLE, f"部门名称：{PUBLISHER}    单位：{draw(units)}")
    set_rows = [heading, ["合计", *body], [PUBLISHER, *body], *rows]
    return table(above, (110, 64, 64, 64, 64, 120, 240), set_rows, heading=1), len(rows)


@st.composite
def table12(draw: st.DrawFn) -> tuple[Table, int]:
    rows = []
    totals = [Decimal(0)] * 5
    for name in draw(names):
        funds = [draw(cents) if draw(st.booleans()) else Decimal(0) for _ in range(5)]
        funds[0] = funds[0] or draw(cents)
        totals = [a + b for a, b in zip(totals, funds, strict=True)]
        goal = draw(words).translate(draw(punctuation)) + "。"
        rows.append([name, money(sum(funds)), money(sum(funds[:3])), *map(money, funds), goal])
    body = [money(sum(totals)), money(sum(totals[:3])), *map(money, totals), ""]
    top = ["支出项目类别（资金使用单位）", "总计", "财政拨款", None, None, None, "财政专户拨款", "其他资金", "绩效目标"]
    below = ["^", "^", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算", "^", "^", "^"]
    set_rows = [top, below, ["合计", *body], [PUBLISHER, *body], *rows]
    above = ("2026年部门预算项目支出表", f"部门名称：{PUBLISHER}    单位：{draw(units)}")
    return table(above, (120, 64, 64, 64, 64, 64, 64, 64, 200), set_rows, heading=2), len(rows)


@st.composite
def indicators(draw: st.DrawFn) -> list[tuple[str, str, str, str]]:
    """Indicators with their levels, those of one level together."""
    found = []
    for level_1, under in LEVELS.items():
        for level_2 in draw(st.lists(st.sampled_from(under), min_size=1, max_size=2, unique=True)):
            for name in draw(st.lists(indicator_names, min_size=1, max_size=2, unique=True)):
                found.append((level_1, level_2, name, draw(values)))
    return found


def merged(texts: Sequence[str]) -> list[str]:
    """A column whose equal neighbours are one merged cell."""
    return ["^" if place and text == texts[place - 1] else text for place, text in enumerate(texts)]


@st.composite
def form(draw: st.DrawFn, name: str, unit: str) -> Table:
    """The form of ministries."""
    found = draw(indicators())
    funds = [draw(cents), draw(cents) if draw(st.booleans()) else Decimal(0)]
    weights = draw(st.booleans())
    spare = [None] if weights else []
    rows: list[list[str | None]] = [
        ["项目名称", None, name, None, None, *spare],
        ["主管部门", None, PUBLISHER, "实施单位", "云泽市会展中心", *spare],
        [f"项目资金\n（{unit}）", None, "年度资金总额：", None, f"{sum(funds):,.2f}", *spare],
        ["^", None, "其中：财政拨款", None, f"{funds[0]:,.2f}", *spare],
        ["^", None, "其他资金", None, f"{funds[1]:,.2f}", *spare],
        ["年度总体目标", draw(words).translate(draw(punctuation)) + "。", None, None, None, *spare],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值", *(["分值"] if weights else [])],
    ]
    first, second = merged([i[0] for i in found]), merged([i[1] for i in found])
    for level_1, level_2, (_, _, own, value) in zip(first, second, found, strict=True):
        rows.append(["^", level_1, level_2, own, value, *(["10"] if weights else [])])
    above = ("项目支出绩效目标表", "（2026年度）")
    return table(above, (60, 70, 90, 150, 110, 50)[: len(rows[0])], rows)


@st.composite
def forms(draw: st.DrawFn) -> tuple[list[Table], int]:
    unit = draw(units)
    tables = [draw(form(name, unit)) for name in draw(names)[:3]]
    return tables, len(tables)


@st.composite
def indicator_list(draw: st.DrawFn) -> tuple[Table, int]:
    """A list with one indicator per row, its projects in merged cells."""
    heading = "项目名称 年度资金总额 年度绩效目标 一级指标 二级指标 三级指标 指标性质 指标值 计量单位 权重".split()
    rows = [heading]
    projects = draw(names)
    for name in projects:
        found = draw(indicators())
        key = [f"2026年{name}", money(draw(cents)), draw(words).translate(draw(punctuation)) + "。"]
        first, second = merged([i[0] for i in found]), merged([i[1] for i in found])
        for place, (level_1, level_2, one) in enumerate(zip(first, second, found, strict=True)):
            rows.append([*(key if place == 0 else "^^^"), level_1, level_2, one[2], "≥", "95", "%", "10"])
    above = (TITLE, f"编制单位：{PUBLISHER}    单位：{draw(units)}")
    return table(above, (90, 70, 110, 60, 80, 110, 50, 60, 50, 40), rows, heading=1), len(projects)


# --- what must be equal --------------------------------------------------------------------------------------------

few = settings(
    max_examples=10,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],  # a document is slow to print: what fails is shown as it is
    suppress_health_check=[HealthCheck.too_slow],
)


@few
@given(guangdong_list(), st.integers(200, 420))
def test_a_guangdong_list_says_the_same_in_every_format(one: tuple[Table, int], height: int) -> None:
    listed, projects = one
    check([listed], EVERY, projects, height=height, splits=True)


@few
@given(table12(), st.integers(200, 420))
def test_a_budgets_table_says_the_same_in_every_format(one: tuple[Table, int], height: int) -> None:
    listed, projects = one
    check([listed], EVERY, projects, height=height, splits=True)


@few
@given(forms())
def test_forms_say_the_same_in_every_format(one: tuple[list[Table], int]) -> None:
    tables, projects = one
    check(tables, EVERY, projects, height=1200)


@few
@given(indicator_list())
def test_a_list_of_indicators_says_the_same_in_every_format(one: tuple[Table, int]) -> None:
    listed, projects = one
    check([listed], EVERY, projects, height=3000)


@few
@given(st.one_of(guangdong_list(), table12(), indicator_list()))
def test_a_table_may_go_on_in_another_with_its_headings(one: tuple[Table, int]) -> None:
    listed, projects = one
    parts = printing.halves(listed)
    check(parts, WHOLE, projects, height=3000)
    assert said(document_of(printing.pdf(parts, height=3000))) == said(document_of(printing.pdf([listed], height=3000)))


def test_the_rest_of_a_form_in_other_columns_is_no_silent_loss() -> None:
    form = [
        ["项目名称", None, "甲项目", None, None],
        ["项目资金（万元）", None, "年度资金总额", None, "30.00"],
        ["年度目标", "办好甲事。", None, None, None],
        ["绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
        ["^", "产出指标", "数量指标", "次数", "≥1次"],
    ]
    rest = [["效益指标", "社会效益指标", "知晓率≥90%"]]
    tables = [table(("项目支出绩效目标表", "（2026年度）"), [60] * 5, form), table((), [60] * 3, rest)]
    for printer in WHOLE.values():
        document = document_of(printer(tables))
        assert "rest_not_read" in {issue.code for issue in document.issues if issue.severity == "error"}


@pytest.mark.parametrize(
    ("name", "printer"),
    [
        ("national-petitions-2026-budget", printing.text),
        ("shanghai-putuo-street-budget", printing.text),
        ("yantai-commerce-2026-budget", printing.text),
        ("fuzhou-commerce-2026-budget", printing.text),
        ("guangzhou-ecology-2026-targets", printing.one_sheet_each),
        ("guangzhou-commerce-2026-budget", printing.xls),
        ("guangzhou-transport-2026-budget", printing.html),
        ("national-petitions-2026-budget", printing.docx_of),
        ("changsha-petitions-2026-budget", printing.one_sheet_each),
        ("chongqing-water-2026-budget", printing.html),
        ("yantai-commerce-2026-budget", printing.one_sheet_each),
        ("fuzhou-commerce-2026-budget", printing.html),
    ],
)
def test_published_tables_say_the_same_page_by_page(published: Path, name: str, printer: Printer) -> None:
    """Each page's table on a sheet of its own, rows cut by page ends included, as programs convert PDF."""
    content = (published / "pdf" / f"{name}.pdf").read_bytes()
    printed, document = document_of(content), document_of(printer(printing.tables_of(read(content))))
    assert printed.lines
    assert said(document)[2:] == said(printed)[2:]
