"""Every check finds what it is for in lists that really have it, and nothing in those that have not."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from extract.document import Hints, document_of
from extract.records import Document, Issue

ABOVE = ("云泽市商务局2026年项目支出绩效目标表", "部门名称：云泽市商务局 单位：万元")
HEAD = "项目名称（资金使用单位）\t总计\t财政拨款\t财政专户拨款\t其他资金\t绩效目标\t绩效指标"
FIRST = "1、1-产出指标；11-数量指标；展会数；年度指标值:3场。"
SECOND = "2、2-效益指标；22-社会效益；参展企业；年度指标值:≥90家。"


def listed(name: str = "展会经费", goal: str = "办好展会。", indicators: str = FIRST + SECOND) -> str:
    return f"{name}\t30.00\t30.00\t\t\t{goal}\t{indicators}"


def found(*rows: str, hints: Hints | None = None, above: tuple[str, ...] = ABOVE) -> Document:
    text = "\n".join([*above, HEAD, "云泽市商务局\t30.00\t30.00\t\t\t\t", *rows, ""])
    return document_of(text.encode(), hints)


def issues(document: Document, code: str) -> list[Issue]:
    return [issue for issue in document.issues if issue.code == code]


def test_a_list_without_fault_has_no_issue() -> None:
    document = found(listed(), hints=Hints("云泽市商务局2026年项目支出绩效目标表", "商务局2026年部门预算.pdf"))
    assert (document.status, document.issues) == ("complete", ())


@pytest.mark.parametrize(
    ("row", "what", "severity"),
    [
        (listed(goal="办好展会，"), "the goal", "warning"),
        (listed(goal="办好云泽市和"), "the goal", "warning"),
        (listed(name="展会经费（2026年"), "the name", "warning"),
        (listed(indicators=FIRST.replace("3场", "3场（含线上")), "the target", "warning"),
        (listed(goal="办好展会（含进博会、"), "the goal", "error"),
        (listed(goal="办好展会（"), "the goal", "error"),
    ],
)
def test_a_text_that_ends_in_the_middle_is_told(row: str, what: str, severity: str) -> None:
    document = found(row)
    [issue] = issues(document, "unfinished_text")
    assert what in issue.message
    assert issue.severity == severity
    assert document.status == ("partial" if severity == "error" else "complete")


@pytest.mark.parametrize(
    "goal", ["使市场供需饱和", "扩大公众参与", "一、办展；（二）办会；1）招商", "（0,100]", "《规划》（2026版）"]
)
def test_a_text_that_only_looks_unfinished_is_none(goal: str) -> None:
    assert issues(found(listed(goal=goal)), "unfinished_text") == []


def test_a_number_left_out_is_told_and_one_that_restarts_or_repeats_is_not() -> None:
    [issue] = issues(found(listed(indicators=FIRST + SECOND.replace("2、", "4、", 1))), "numbering_gap")
    assert "from 1 to 4" in issue.message
    [issue] = issues(found(listed(indicators=SECOND)), "numbering_gap")
    assert "not from 1" in issue.message
    for second in ("1、", "2、"):
        third = SECOND.replace("2、", second, 1)
        assert issues(found(listed(indicators=FIRST + SECOND + third)), "numbering_gap") == []


@pytest.mark.parametrize(
    ("numbers", "told"),
    [
        ("123", []),
        ("124", ["from 2 to 4"]),
        ("112", []),
        ("121", []),
        (("1", "", "2"), []),
        (("126001", "126002", "126009"), []),
        ("256", []),
    ],
)
def test_a_line_number_left_out_is_told(numbers: Sequence[str], told: list[str]) -> None:
    head = "序号\t项目名称\t年度预算\t绩效目标\t一级指标\t二级指标\t三级指标\t指标值"
    rows = [
        f"{number}\t项目{index}\t10.00\t办好{index}。\t产出指标\t数量指标\t指标\t3场"
        for index, number in enumerate(numbers)
    ]
    document = document_of("\n".join([*ABOVE, head, *rows, ""]).encode())
    assert len(document.lines) == 3
    assert [issue.message.split(" go ")[1] for issue in issues(document, "numbering_gap")] == told


@pytest.mark.parametrize(
    ("levels", "told"),
    [
        ("2-效益指标；31-服务对象满意度", True),
        ("1-产出指标；12-数量指标", True),
        ("1-产出指标；11-社会效益", True),
        ("3-效益指标；31-服务对象满意度", True),
        ("1-产出指标；14-成本指标", False),
        ("4-成本指标；41-经济成本指标", False),
        ("2-效益指标；29-营商环境", False),
        ("3-满意度指标；31-满意度指标", False),
        ("3-满意度指标；31-社会公众满意度", False),
    ],
)
def test_levels_are_held_against_codes_and_one_taxonomy(levels: str, told: bool) -> None:
    document = found(listed(indicators=f"1、{levels}；展会数；年度指标值:3场。"))
    assert bool(issues(document, "level_mismatch")) is told
    assert document.status == "complete"


def weighted(*weights: tuple[int, ...]) -> Document:
    head = "序号\t项目名称\t年度预算\t绩效目标\t一级指标\t二级指标\t三级指标\t指标值\t权重"
    rows = [
        f"{number}\t项目{number}\t10.00\t办好。\t产出指标\t数量指标\t指标{index}\t{index}场\t{weight}"
        for number, line in enumerate(weights, 1)
        for index, weight in enumerate(line, 1)
    ]
    return document_of("\n".join([*ABOVE, head, *rows, ""]).encode())


def test_weights_that_give_no_whole_are_told() -> None:
    document = weighted((50, 50), (40, 50), (40, 40))
    [issue] = issues(document, "weights_do_not_add_up")
    assert "80, not 90 or 100" in issue.message


def test_what_most_projects_give_is_a_whole_of_the_publishers_own() -> None:
    assert issues(weighted((40, 40), (60, 20), (50, 50)), "weights_do_not_add_up") == []
    [issue] = issues(weighted((40, 40), (60, 20), (50, 5)), "weights_do_not_add_up")
    assert "55, not 80 or 90 or 100" in issue.message


@pytest.mark.parametrize(
    ("listing", "file_name", "told"),
    [
        ("湖东区商务局2026年项目支出绩效目标表", None, True),
        (None, "湖东区商务局2026年部门预算.pdf", True),
        ("市商务局2026年部门预算", "2026年部门预算.pdf", False),
        ("云泽市商务局（本级）2026年单位预算", "a.pdf", False),
        ("关于公开2026年部门预算的通知", None, False),
        ("关于公布市商务局2026年部门预算的通知", None, False),
    ],
)
def test_another_body_in_listing_or_file_name_is_told(listing: str | None, file_name: str | None, told: bool) -> None:
    assert bool(issues(found(listed(), hints=Hints(listing, file_name)), "publisher_disagrees")) is told


def test_two_money_units_in_one_document_are_told() -> None:
    document = found(listed(), above=("收支总表 单位：元", *ABOVE))
    [issue] = issues(document, "units_differ")
    assert "元、万元" in issue.message
    assert "read in 万元" in issue.message
