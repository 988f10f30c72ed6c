"""Every name of a fund source that a layout can give is a kind of money in the warehouse; another name is an issue."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from decimal import Decimal

from extract.checks.evidence import Evidence
from extract.checks.funds import amounts_have_a_source
from extract.fund_sources import known_fund_sources
from extract.records import Fund, Line
from tests.conftest import PROJECT
from tests.test_reconcile import line

SEEDS = PROJECT / "dbt_project" / "seeds"


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_warehouse_knows_every_fund_source_of_every_vocabulary() -> None:
    listed = {row["printed_name"] for row in seed("fund_source_names")}
    assert len(known_fund_sources()) > 40
    assert known_fund_sources() - listed == set()


def test_every_kind_of_money_has_a_name_that_means_it() -> None:
    kinds = {row["fund_source_id"]: row for row in seed("fund_sources")}
    assert {row["fund_source_id"] for row in seed("fund_source_names")} == kinds.keys()
    parents = {row["parent_fund_source_id"] for row in kinds.values()} - {""}
    assert parents <= kinds.keys()


def test_every_fund_source_of_the_published_examples_is_known() -> None:
    found = {
        source
        for path in (PROJECT / "tests" / "examples").glob("*.json")
        for line in json.loads(path.read_text(encoding="utf-8")).get("lines", [])
        for source, *_ in line.get("funds", [])
    }
    assert {"财政资金", "当年财政拨款", "上年结转资金"} <= found
    assert found - known_fund_sources() == set()


def issues(*lines: Line) -> list[tuple[str, str]]:
    evidence = Evidence((), (), (), lines, (), None, None)
    return [(issue.severity, issue.code) for issue in amounts_have_a_source(evidence)]


def test_a_name_that_nobody_knows_is_an_issue_once() -> None:
    known = line(1, "project", "30.00", 财政拨款="30.00")
    other = replace(known, funds=(Fund("彩票公益金", "annual", "30.00", Decimal(300000), "printed", (), ()),))
    assert issues(known) == []
    assert issues(known, other, other) == [("warning", "unknown_fund_source")]
