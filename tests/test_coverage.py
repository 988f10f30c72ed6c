"""What a whole budget prints of its project expenditure elsewhere is held against its projects with targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from extract.checks.coverage import targets_cover_the_budget
from extract.checks.evidence import Evidence
from extract.coverage import Coverage, coverage_of
from extract.document import document_of
from extract.expenditure import expenditures_of
from extract.records import Cell, Grid, Line, Page, Part, TextLine
from tests.test_reconcile import line

BY_PROJECT = ["项目名称", "项目类别", "合计", "财政拨款"]
BY_FUNCTION = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["201", "一般公共服务", "90.00", "30.00", "60.00"],
]


def page(number: int, title: str, rows: Sequence[Sequence[str | None]], unit: str = "单位：万元") -> Page:
    """A page with one ruled grid under its title."""
    cells = [
        [
            None
            if text is None
            else Cell(text, Part(number, (50.0 * x, 100.0 + 20 * y, 50.0 * x + 50, 120.0 + 20 * y)))
            for x, text in enumerate(row)
        ]
        for y, row in enumerate(rows)
    ]
    outline = Part(number, (0.0, 100.0, 50.0 * len(rows[0]), 100.0 + 20 * len(rows)))
    above = [text for text in (title, unit) if text]
    lines = [TextLine(text, Part(number, (0.0, 20.0 + 10 * y, 99.0, 29.0 + 10 * y))) for y, text in enumerate(above)]
    return Page(number, 600, 800, (Grid(tuple(map(tuple, cells)), outline),), tuple(lines))


def targets(**totals: str) -> list[Line]:
    return [replace(line(n, "project", total), name=name) for n, (name, total) in enumerate(totals.items(), 1)]


def coverage(lines: Sequence[Line], *pages: Page) -> Coverage:
    found = coverage_of(lines, expenditures_of(pages, None))
    assert found is not None
    return found


def test_a_table_by_project_is_read_over_pages_with_and_without_heading() -> None:
    first = page(3, "项目支出预算情况表", [BY_PROJECT, ["合 计", "", "60.00", "60.00"], ["展会", "", "10.00", "10.00"]])
    second = page(4, "项目支出预算情况表", [BY_PROJECT, ["办公", "", "20.00", ""]])
    third = page(5, "", [["差旅", "", "30.00", ""]], unit="")
    other = page(7, "", [["别的", "", "99.00", ""]], unit="")
    [table] = expenditures_of([first, second, third, other], None)
    assert [(entry.name, entry.amount.yuan) for entry in table.entries] == [
        ("展会", Decimal(100000)),
        ("办公", Decimal(200000)),
        ("差旅", Decimal(300000)),
    ]
    assert [total.yuan for total in table.totals] == [Decimal(600000)]


@pytest.mark.parametrize(
    "title", ["一般公共预算项目支出情况表", "项目支出绩效目标表", "财政拨款收支总体情况表", "政府采购项目支出表", ""]
)
def test_tables_of_other_money_and_of_targets_are_none(title: str) -> None:
    rows = [BY_PROJECT, ["合计", "", "60.00", "60.00"], ["展会", "", "60.00", "60.00"]]
    assert expenditures_of([page(1, title, rows)], "万元") == []


def test_a_table_without_a_unit_is_not_guessed() -> None:
    rows = [BY_PROJECT, ["展会", "", "60.00", "60.00"]]
    assert expenditures_of([page(1, "项目支出表", rows, unit="")], None) == []
    [table] = expenditures_of([page(1, "项目支出表", rows, unit="")], "元")
    assert table.entries[0].amount.yuan == Decimal(60)


def test_names_on_one_side_only_are_told() -> None:
    rows = [BY_PROJECT, ["合计", "", "60.00", ""], ["展会", "", "10.00", ""], ["办公（本级）", "", "50.00", ""]]
    found = coverage(targets(展会="10.00", 培训="5.00"), page(1, "项目支出表", rows))
    assert found.without_targets == ("办公（本级）",)
    assert found.not_in_table == ("培训",)
    held = found.reconciliation
    assert (held.check, held.line_number, held.measure) == ("table_to_table", None, "total")
    assert (held.declared_yuan, held.summed_yuan, held.status) == (Decimal(600000), Decimal(150000), "unbalanced")


def test_equal_names_count_as_often_as_they_stand_there() -> None:
    rows = [BY_PROJECT, *([["公车", "", "3.00", ""]] * 3), ["2026年展会", "", "10.00", ""]]
    found = coverage(targets(公车="3.00", **{"2026展会 ": "10.00"}), page(1, "项目支出表", rows))
    assert (found.without_targets, found.not_in_table) == (("公车 ×2",), ())


def test_an_amount_that_differs_is_told_and_rounding_is_not() -> None:
    rows = [BY_PROJECT, ["展会", "", "100000", ""], ["办公", "", "200049", ""]]
    found = coverage(targets(展会="12.00", 办公="20.00"), page(1, "项目支出表", rows, unit="单位：元"))
    [differing] = found.differing
    assert (differing.name, differing.table_yuan, differing.own_yuan) == ("展会", Decimal(100000), Decimal(120000))


def test_ten_thousand_times_is_another_unit_and_an_error() -> None:
    rows = [BY_PROJECT, ["展会", "", "123,456.00", ""], ["办公", "", "100000", ""]]
    found = coverage(targets(展会="123456", 办公="20"), page(1, "项目支出表", rows, unit="单位：元"))
    evidence = Evidence((), (), (), (), (), None, None, coverage=found)
    issues = list(targets_cover_the_budget(evidence))
    assert [(i.severity, i.code) for i in issues] == [
        ("error", "unit_in_doubt"),
        ("warning", "amount_differs"),
        ("info", "coverage"),
    ]


def test_rows_that_sum_up_others_are_no_projects_of_their_own() -> None:
    rows = [
        ["单位编码", "单位（项目）名称", "项目金额"],
        ["合计", None, "60.00"],
        ["121", "商务局", "60.00"],
        ["", "通用项目", "30.00"],
        ["", "物业", "20.00"],
        ["", "咨询", "10.00"],
        ["", "专用项目", "30.00"],
        ["", "展会", "25.00"],
        ["", "驻外", "5.00"],
    ]
    found = coverage(targets(通用项目="30.00", 展会="25.00"), page(1, "专项业务经费支出表", rows))
    assert (found.without_targets, found.not_in_table) == (("驻外",), ())
    again = [*rows[:2], ["121", "商务局", "60.00"], ["121001", "商务局", "60.00"], *rows[3:]]
    found = coverage(targets(商务局="60.00"), page(1, "专项业务经费支出表", again))
    assert (found.without_targets, found.not_in_table, found.differing) == ((), (), ())


def test_equal_amounts_side_by_side_are_no_sum_of_each_other() -> None:
    rows = [
        BY_PROJECT,
        ["合计", "", "30.00", ""],
        ["通用项目", "", "10.00", ""],
        ["物业", "", "5.00", ""],
        ["咨询", "", "5.00", ""],
        ["专用项目", "", "20.00", ""],
        ["展会", "", "20.00", ""],
    ]
    found = coverage(targets(物业="5.00", 展会="20.00"), page(1, "项目支出表", rows))
    assert (found.without_targets, found.not_in_table) == (("咨询",), ())


def test_where_nobody_knows_what_sums_up_what_only_totals_are_compared() -> None:
    rows = [
        BY_PROJECT,
        ["合计", "", "60.00", ""],
        ["一类", "", "31.00", ""],
        ["甲", "", "30.00", ""],
        ["乙", "", "30.00", ""],
    ]
    found = coverage(targets(甲="30.00"), page(1, "项目支出表", rows))
    assert (found.without_targets, found.reconciliation.declared_yuan) == ((), Decimal(600000))


def test_a_table_by_function_has_only_a_total() -> None:
    rows = [*BY_FUNCTION, ["合计", None, "90.00", "30.00", "60.00"]]
    found = coverage(targets(展会="60.00"), page(1, "2026年部门支出总体情况表", rows))
    assert (found.reconciliation.status, found.without_targets) == ("balanced", ())


def published_coverage(published: Path, name: str) -> tuple[str, list[str], list[tuple[Decimal, Decimal, str]]]:
    document = document_of((published / "pdf" / f"{name}.pdf").read_bytes())
    messages = [i.message for i in document.issues if i.code in ("coverage", "amount_differs")]
    held = [r for r in document.reconciliations if r.check == "table_to_table"]
    return document.status, messages, [(r.declared_yuan, r.summed_yuan, r.status) for r in held]


def test_a_publisher_that_leaves_out_secret_projects_is_complete(published: Path) -> None:
    status, [message], held = published_coverage(published, "yantai-petitions-2026-budget")
    assert status == "complete"  # the page says that projects are left out of the table, whose total holds them
    assert "525.00 万元, the project lines sum to 235.00 万元" in message
    assert held == [(Decimal(5250000), Decimal(2350000), "unbalanced")]


def test_projects_without_targets_are_named_and_another_amount_is_told(published: Path) -> None:
    status, [differing, message], _ = published_coverage(published, "xian-petitions-budget")
    assert status == "partial"  # the rules of a cell on page 38 cut its text
    assert message.endswith("only there: 2026年中央信访资金、特殊疑难信访问题事务、驻京信访工作")
    assert differing.startswith(
        "食堂包厨服务: 1,734,100.00 元 stands beside its targets for the whole period, 1,310,300"
    )


def test_the_projects_of_a_budget_are_the_expenditure_by_function(published: Path) -> None:
    _, messages, held = published_coverage(published, "guangzhou-commerce-2026-budget")
    assert messages == []
    assert [status for *_, status in held] in (["balanced"], ["rounding"])
