"""A reviewer's decision reaches the marts and nothing printed is written over; the last decision stands."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
from fastapi.testclient import TestClient

from extract import corrections
from extract.build import build
from extract.collect import collect
from extract.corrections import Correction, NotCorrectedError, decide, decisions
from extract.load import load
from extract.pending import is_build_pending, unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import House
from tests.test_pipeline import content, rows
from tests.test_view import view_of

LABELS = "项目名称（资金使用单位）\t总计\t财政拨款\t财政专户拨款\t其他资金\t绩效目标\t绩效指标"
INDICATOR = "1、1-产出指标；11-数量指标；举办活动次数；实施周期指标值:≥3次；年度指标值:≥{0}次。"
TEXT = "\n".join(
    [
        "2026年项目支出绩效目标表",
        "部门名称：云泽市商务局\t单位：万元",
        LABELS,
        "云泽市商务局\t30.00\t30.00\t\t\t\t",
        "工作经费\t10.00\t10.00\t\t\t保障运转。\t" + INDICATOR.format(1),
        "展会经费\t20.00\t20.00\t\t\t办好展会。\t" + INDICATOR.format(2),
    ]
)


def taken(house: House, name: str = "targets.txt", text: str = TEXT) -> None:
    """Take a file the whole way."""
    (Path(str(house.inbox)) / name).write_text(text, encoding="utf-8")
    collect("inbox", house)
    if unread := unread_document_ids(house):
        read_batch(unread, house)
    again(house)


def again(house: House) -> None:
    """Load, build and publish what there is."""
    load(house)
    build(house)
    publish(house)


def fact(house: House, table: str, name: str) -> dict[str, Any]:
    """The row of a project in a fact table (of its annual target)."""
    annual = "AND period = 'annual'" if table != "fct_project_budgets" else ""
    with duckdb.connect(str(house.published), read_only=True) as published:
        answer = published.execute(
            f"SELECT * FROM marts.{table} SEMI JOIN (SELECT project_line_id FROM marts.fct_project_budgets"
            f" WHERE project_name = ?) USING (project_line_id) WHERE true {annual}",
            [name],
        )
        [row] = answer.fetchall()
        return dict(zip([column[0] for column in answer.description or ()], row, strict=True))


def of(row: dict[str, Any], field: str, printed: str, new_value: str | None, **more: Any) -> Correction:
    """A decision about a value of a fact."""
    is_fund, is_target = field == "amount_yuan", "indicator_position" in row
    return Correction(
        correction_id=corrections.new_id(),
        document_id=row["document_id"],
        project_line_id=row["project_line_id"],
        field=field,
        fund_source_id=row["fund_source_id"] if is_fund else None,
        indicator_position=row["indicator_position"] if is_target else None,
        period=row["period"] if is_fund or is_target else None,
        component_number=row["component_number"] if is_target else None,
        decision=more.pop("decision", "corrected"),
        printed_value=printed,
        new_value=new_value,
        reason="与决算不符",
        decided_by="审核员",
        decided_at=corrections.now(),
        **more,
    )


def states(house: House) -> list[str]:
    return [state for (state,) in rows(house.published, "SELECT state FROM quality.qa_corrections ORDER BY decided_at")]


def test_corrections_reach_the_marts_and_can_be_withdrawn(house: House) -> None:
    taken(house)
    before = content(house.published)
    line = fact(house, "fct_project_budgets", "工作经费")
    fund = fact(house, "fct_project_funds", "工作经费")
    target = fact(house, "fct_indicator_targets", "工作经费")
    decide(of(line, "total_yuan", "10.00", "90000.00"), house)
    decide(of(line, "goal_text", "保障运转。", "保障机关运转。"), house)
    decide(of(fund, "amount_yuan", "10.00", "90000"), house)
    decide(of(target, "target_value", "≥1次", "12"), house)
    decide(of(target, "comparator", "≥1次", "<="), house)
    assert is_build_pending(house) or corrections.decisions(line["document_id"], house)
    again(house)

    corrected = fact(house, "fct_project_budgets", "工作经费")
    assert (corrected["total_yuan"], corrected["printed_total_yuan"]) == (Decimal("90000.00"), Decimal("100000.00"))
    assert (corrected["total_text"], corrected["goal_text"]) == ("10.00", "保障机关运转。")
    its_fund = fact(house, "fct_project_funds", "工作经费")
    assert (its_fund["amount_yuan"], its_fund["printed_amount_yuan"]) == (Decimal("90000.00"), Decimal("100000.00"))
    assert its_fund["amount_text"] == "10.00"
    its_target = fact(house, "fct_indicator_targets", "工作经费")
    assert (its_target["comparator"], its_target["target_value"]) == ("<=", Decimal(12))
    assert (its_target["target_text"], its_target["unit"]) == ("≥1次", "次")
    for row in (corrected, its_fund, its_target):
        assert row["is_corrected"]
    for table in ("fct_project_budgets", "fct_project_funds", "fct_indicator_targets"):
        assert not fact(house, table, "展会经费")["is_corrected"]
    assert states(house) == ["applied"] * 5

    built_by_document = content(house.published)
    with duckdb.connect(str(house.warehouse)) as warehouse:
        warehouse.execute("DELETE FROM raw.builds")
    assert build(house) == "everything"
    publish(house)
    assert content(house.published) == built_by_document

    for one in decisions(line["document_id"], house):
        undone = replace(one, decision="withdrawn", new_value=None, correction_id=corrections.new_id())
        decide(replace(undone, decided_at=corrections.now()), house)
    again(house)
    assert states(house) == ["superseded"] * 5 + ["withdrawn"] * 5
    after = content(house.published)
    assert after.pop("quality.qa_corrections") != before.pop("quality.qa_corrections")
    assert after == before


def test_the_last_decision_stands_and_what_is_printed_otherwise_is_void(house: House) -> None:
    taken(house)
    line = fact(house, "fct_project_budgets", "展会经费")
    decide(of(line, "total_yuan", "20.00", "1.00"), house)
    decide(of(line, "total_yuan", "20.00", "2.00"), house)
    decide(of(line, "goal_text", "另一目标。", "更正"), house)  # it was read otherwise when this was decided
    decide(of(line, "project_goal_text", "没有印", "更正"), house)
    again(house)
    assert states(house) == ["superseded", "applied", "void", "void"]
    row = fact(house, "fct_project_budgets", "展会经费")
    assert (row["total_yuan"], row["goal_text"]) == (Decimal("2.00"), "办好展会。")
    decide(of(line, "total_yuan", "20.00", None, decision="accepted"), house)
    again(house)
    assert states(house)[1:] == ["superseded", "void", "void", "accepted"]
    row = fact(house, "fct_project_budgets", "展会经费")
    assert (row["total_yuan"], row["is_corrected"]) == (Decimal("200000.00"), False)


def test_a_rebuilt_warehouse_knows_the_decisions(house: House) -> None:
    taken(house)
    decide(of(fact(house, "fct_project_funds", "工作经费"), "amount_yuan", "10.00", "7.00"), house)
    again(house)
    before = content(house.published)
    house.warehouse.unlink()
    again(house)
    assert content(house.published) == before
    assert fact(house, "fct_project_funds", "工作经费")["amount_yuan"] == Decimal("7.00")


LINE = {"document_id": "d" * 64, "project_line_id": "line"}
FUND = {**LINE, "fund_source_id": "fiscal", "period": "annual"}
TARGET = {**LINE, "indicator_position": 1, "period": "annual", "component_number": 1}


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (of(LINE, "project_name", "a", "b"), "cannot be corrected"),
        (of(LINE, "total_yuan", "1", "1,000"), "amount in yuan"),
        (of(LINE, "total_yuan", "1", "1.234"), "amount in yuan"),
        (of(LINE, "total_yuan", "1", "nan"), "amount in yuan"),
        (of(LINE, "goal_text", "a", ""), "text of one line"),
        (of(LINE, "goal_text", "a", "b\nc"), "text of one line"),
        (of(LINE, "total_yuan", "1", None), "new value"),
        (of(LINE, "total_yuan", "1", "2", decision="accepted"), "new value"),
        (of(LINE, "total_yuan", "1", "2", decision="guessed"), "one of corrected"),
        (replace(of(LINE, "total_yuan", "1", "2"), reason=" "), "reason"),
        (replace(of(FUND, "amount_yuan", "1", "2"), fund_source_id=None), "fund_source_id, period"),
        (replace(of(LINE, "total_yuan", "1", "2"), period="annual"), "its line alone"),
        (replace(of(TARGET, "target_value", "1", "2"), component_number=None), "component_number"),
        (of(TARGET, "target_value", "1", "二"), "number"),
        (of(TARGET, "comparator", "1", "≥"), "one of >="),
    ],
)
def test_what_names_no_value_is_not_taken_down(wrong: Correction, says: str, house: House) -> None:
    with pytest.raises(NotCorrectedError, match=says):
        decide(wrong, house)
    assert not corrections.folder(house).exists()


def test_a_decision_made_on_the_page_is_announced_and_built(house: House) -> None:
    taken(house)
    announced: list[str] = []
    client = TestClient(view_of(house, lambda: announced.append("corrections")), base_url="http://house")
    target = fact(house, "fct_indicator_targets", "工作经费")
    address = f"/documents/{target['document_id']}"
    form = {
        "fact": f"indicator:{target['project_line_id']}:1:annual",
        "value": "target_value:1",
        "printed": "≥1次",
        "decision": "corrected",
        "new_value": "10",
        "reason": "印刷错误 <b>",
    }
    here = {"Origin": "http://house"}
    assert client.post(f"{address}/decisions", data=form, headers={"Origin": "http://elsewhere"}).status_code == 403
    assert client.post(f"{address}/decisions", data=form).status_code == 403
    wrong: dict[str, tuple[dict[str, str], int]] = {
        "read anew": ({"printed": "≥2次"}, 409),
        "no such fact": ({"fact": "line:0"}, 409),
        "no number": ({"new_value": "很多"}, 422),
        "no reason": ({"reason": " "}, 422),
    }
    for said, status in wrong.values():
        assert client.post(f"{address}/decisions", data=form | said, headers=here).status_code == status
    assert not announced
    assert not decisions(target["document_id"], house)

    done = client.post(f"{address}/decisions", data=form, headers=here, follow_redirects=False)
    assert (done.status_code, announced) == (303, ["corrections"])
    page = client.get(done.headers["location"]).text
    assert "更正 目标值 → 10：印刷错误 &lt;b&gt;（审核员" in page
    again(house)
    assert fact(house, "fct_indicator_targets", "工作经费")["target_value"] == Decimal(10)
    assert "≥ 10 次" in client.get(address).text
