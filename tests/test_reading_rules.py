"""The small rules of reading: wording, money, years, media types, indicator grammars, levels."""

from __future__ import annotations

from decimal import Decimal

import pytest

from extract.fiscal_year import find_fiscal_year
from extract.layouts.indicator_text import read_indicators
from extract.money import in_unit, parse_amount
from extract.readers.characters import Run, plain, text_of
from extract.sniff import media_type
from extract.wording import label, tidy_name, unwrapped


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("合计：", "合计"),
        ("促进利用外资 专题", "促进利用外资专题"),
        ("广州市商务局 2022-2023年信息 化运维项目(2023)", "广州市商务局 2022-2023年信息化运维项目(2023)"),
        ("GZIT2022-QM-\nN-A-035054", "GZIT2022-QM-N-A-035054"),
        ("single\nwindow 平台", "single window 平台"),
    ],
)
def test_names_lose_wraps_and_trailing_colons_only(printed: str, name: str) -> None:
    assert tidy_name(printed) == name


def test_spaces_that_are_printed_stay_in_goals() -> None:
    assert unwrapped("市协作办 中共\n广州市委") == "市协作办 中共广州市委"


def test_headings_are_known_without_brackets_and_space() -> None:
    assert label("项目名称(资金 使用单位)") == "项目名称"
    assert label("总 计：") == "总计"


@pytest.mark.parametrize(
    ("text", "unit", "yuan", "half_digit"),
    [
        ("105,476.39", "万元", "1054763900.00", "50"),
        ("13459.00", "元", "13459.00", "0.005"),
        ("０．５", "万元", "5000.00", "500"),
        ("-3", "亿元", "-300000000.00", "50000000"),
        ("0.00", "万元", "0.00", "50"),
    ],
)
def test_amounts_are_exact(text: str, unit: str, yuan: str, half_digit: str) -> None:
    amount = parse_amount(text, unit)
    assert amount is not None
    assert (amount.text, amount.yuan, amount.half_digit_yuan) == (text, Decimal(yuan), Decimal(half_digit))


@pytest.mark.parametrize("text", ["", "—", "1,23", "12 万", "一百", "1.2.3", "12%"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert parse_amount(text, "万元") is None


def test_yuan_are_shown_in_the_printed_unit() -> None:
    assert in_unit(Decimal("7163500.00"), "万元") == "716.35 万元"


def test_the_first_that_speaks_gives_the_year() -> None:
    names = ["2024年度人才经费", "穗财商【2023】64号2024年转移支付", "工作经费"]
    found = find_fiscal_year("某局2026年项目支出绩效目标表", [], names, file_name="某局2025.pdf")
    assert found is not None
    assert (found.year, found.basis, found.others) == (
        2026,
        "title",
        (("project_names", 2024), ("file_name", 2025)),
    )


def test_reference_numbers_are_no_years() -> None:
    found = find_fiscal_year("绩效目标表", [], ["穗财商【2023】64号", "粤府〔2023〕1号", "2024年专项"])
    assert found is not None
    assert (found.year, found.basis, found.is_inferred) == (2024, "project_names", True)


def test_the_file_name_speaks_last_and_nothing_may_speak() -> None:
    found = find_fiscal_year("绩效目标表", [], ["工作经费"], file_name="2025.pdf")
    assert found is not None
    assert (found.year, found.basis) == (2025, "file_name")
    assert find_fiscal_year("绩效目标表", [], ["工作经费"]) is None


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/x-empty"),
        (b"\x00\x00\n", "application/x-empty"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\xef\xbb\xbf%PDF-1.7\n", "application/pdf"),
        (b"<!DOCTYPE html><html></html>", "text/html"),
        (b"\r\n<html lang='zh'>", "text/html"),
        ("项目支出绩效目标表".encode(), "text/plain"),
        ("项目支出绩效目标表".encode("gb18030"), "text/plain"),
        ("项目支出绩效目标表".encode("utf-16"), "text/plain"),
        (b"PK\x03\x04rest", "application/zip"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (bytes(range(256)), "application/octet-stream"),
    ],
)
def test_bytes_say_what_they_are(content: bytes, kind: str) -> None:
    assert media_type(content) == kind


def test_radicals_and_hyphens_become_what_they_stand_for_and_nothing_else_changes() -> None:
    assert "".join(plain(ord(c)) for c in "⽣态⾏为\ufffe\u0002豈（，）：") == "生态行为--豈（，）："


def test_one_line_with_two_baselines_stays_one_line() -> None:
    """Latin digits and Chinese characters of one line differ in height and baseline."""
    line = [Run("建", 0, 10, 9, 19), Run("1", 9, 8, 13, 20), Run("5", 13, 8, 17, 20)]
    assert text_of([*line, Run("分", 17, 10, 26, 19), Run("下", 0, 22, 9, 31)]) == "建15分\n下"


GRAMMARS = {
    "2023": "1、产出指标:企业数量,年度指标值:≥5万箱。2、效益指标:影响,年度指标值:长期。",
    "2024": "1、1-产出指标；11-数量指标；企业数量；实施周期指标值:≥9；年度指标值:≥5万箱。"
    "2、2-效益指标；24-可持续影响；影响；实施周期指标值:长期；年度指标值:长期。",
    "2026": "1.1－产出指标，11－数量指标，企业数量；实施周期指标值：≥9，年度指标值：≥5万箱；"
    "2、2－效益指标，24－可持续影响，影响；实施周期指标值：长期，年度指标值：长期；",
}


@pytest.mark.parametrize("grammar", GRAMMARS)
def test_every_grammar_gives_the_same_indicators(grammar: str) -> None:
    cell = read_indicators(GRAMMARS[grammar], (), 2024)
    assert [(i.position, i.number, i.level_1, i.name, i.targets[0].text) for i in cell.indicators] == [
        (1, "1", "产出指标", "企业数量", "≥5万箱"),
        (2, "2", "效益指标", "影响", "长期"),
    ]
    assert [target.period for target in cell.indicators[0].targets] == (
        ["annual"] if grammar == "2023" else ["annual", "project"]
    )
    assert (cell.unread, cell.is_cut) == ((), False)


def test_names_may_hold_commas_and_numbers_may_repeat() -> None:
    cell = read_indicators(
        "1.1－产出指标，11－数量指标，系统维护；数据整合，对接；年度指标值：1；1、1－产出指标，12－质量指标，合格率；年度指标值：100%;",
        (),
        None,
    )
    assert [(i.number, i.name) for i in cell.indicators] == [("1", "系统维护；数据整合，对接"), ("1", "合格率")]


@pytest.mark.parametrize(
    ("text", "name", "is_cut"),
    [
        ("1、产出指标:验收合格率,年度指标值:100%。2、满意度指标:服务对", "服务对", True),
        ("1、产出指标:验收合格率,年度指标值:100%。2、满意度指标:满意度,年度指标", "满意度", True),
        ("1、产出指标:验收合格率,年度指标值:100%。2、满意度指标:满意度,年度指标值:", "满意度", True),
        ("1、产出指标:验收合格率,年度指标值:100%。2、满意度指标:满意度,年度指标值:。", "满意度", False),
    ],
)
def test_a_cut_cell_keeps_its_last_indicator_as_missing(text: str, name: str, is_cut: bool) -> None:
    cell = read_indicators(text, (), None)
    last = cell.indicators[-1]
    assert (last.name, last.targets[0].text, last.targets[0].components[0].comparator) == (name, "", "missing")
    assert cell.is_cut is is_cut


def test_what_stands_before_the_first_indicator_is_not_lost() -> None:
    assert read_indicators("见附件。1、产出指标:数量,年度指标值:1。", (), None).unread == ("见附件",)
    assert read_indicators("详见附件", (), None).unread == ("详见附件",)


def test_ranges_and_months_start_no_indicator() -> None:
    text = (
        "1.1－产出指标，13－时效指标，响应时间；实施周期指标值：0.5-1.5小时，年度指标值：0.5-1.5小时；"
        "2.1－产出指标，13－时效指标，完成时间；实施周期指标值：2026.1-12月，年度指标值：2026.1-12月；"
    )
    cell = read_indicators(text, (), 2026)
    assert [(i.number, i.name, i.targets[0].text) for i in cell.indicators] == [
        ("1", "响应时间", "0.5-1.5小时"),
        ("2", "完成时间", "2026.1-12月"),
    ]


def test_any_first_level_is_read_and_a_damaged_number_is_said() -> None:
    cell = read_indicators("1、产出指标:数量,年度指标值:≥5个。2、社会效益指标:就业,年度指标值:≥7人。", (), None)
    assert [(i.level_1, i.targets[0].text) for i in cell.indicators] == [("产出指标", "≥5个"), ("社会效益指标", "≥7人")]
    damaged = read_indicators("1、产出指标:数量,年度指标值:≥5个。第二产出指标:就业,年度指标值:≥7人。", (), None)
    assert damaged.indicators[0].targets[0].text.startswith("≥5个")
    assert damaged.unread == ("年度指标值:≥7人",)
