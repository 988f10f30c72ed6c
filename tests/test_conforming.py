"""Published documents in one warehouse: bodies resolved, kinds of money at their leaves, two documents of one body."""

from __future__ import annotations

import hashlib
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.pending import unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import House

FILES = (
    "pdf/guangzhou-ecology-2026-targets.pdf",
    "pdf/guangzhou-ecology-2026-budget.pdf",
    "pdf/guangzhou-commerce-2026-budget.pdf",
    "pdf/guangzhou-transport-2026-budget.pdf",
    "pdf/xian-emergency-budget.pdf",
    "pdf/chongqing-transport-2026-not-a-pdf.pdf",
    "typeset/yuexiu-commerce-2024-forms.pdf",
)
# what 合计 of the 表12 of each prints, in 万元
KINDS = ("general_public_budget", "government_fund", "state_capital", "special_account", "other")
PRINTED = {
    "广州市生态环境局": ("31302.96", "25325.19", "4400.00", "0.00", "0.00", "1577.77"),
    "广州市商务局": ("105082.80", "105075.02", "0.00", "0.00", "0.00", "7.78"),
    "广州市交通运输局": ("528365.17", "353289.84", "175075.32", "0.00", "0.00", "0.00"),
}


@pytest.fixture(scope="module")
def conformed(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file that readers of these documents get."""
    folder = tmp_path_factory.mktemp("conforming")
    inbox = folder / "inbox"
    inbox.mkdir()
    for name in FILES:
        shutil.copy(published / name, inbox / Path(name).name)
    house = House(folder / "house", inbox)
    collect("inbox", house)
    read_batch(unread_document_ids(house), house)
    load(house)
    assert build(house) == "everything"
    publish(house)
    return house.published


def rows(file: Path, query: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as published:
        return published.execute(query).fetchall()


def test_the_difference_of_two_documents_of_one_body_is_explained_by_the_lines_that_one_of_them_holds(
    conformed: Path,
) -> None:
    [reconciliation] = rows(
        conformed,
        "SELECT d.title, o.title, r.check_name, declared_yuan, summed_yuan, difference_yuan, explained_yuan,"
        " unexplained_yuan, r.status FROM quality.qa_reconciliations AS r"
        " JOIN marts.dim_documents AS d USING (document_id)"
        " JOIN marts.dim_documents AS o ON o.document_id = other_document_id",
    )
    assert reconciliation == (
        "广州市生态环境局2026年项目支出绩效目标表（含转移支付项目）",
        "2026年广州市生态环境局部门预算",
        "table_to_table",
        Decimal("373678600.00"),
        Decimal("313029600.00"),
        Decimal("60649000.00"),
        Decimal("60649000.00"),
        Decimal("0.00"),
        "balanced",
    )
    differences = rows(
        conformed,
        "SELECT d.kind, d.explanation, r.name, d.difference_yuan FROM quality.qa_view_differences AS d"
        " JOIN marts.dim_regions AS r ON region_id = recipient_region_id ORDER BY difference_yuan DESC",
    )
    assert len(differences) == 9
    assert {(kind, explanation) for kind, explanation, _, _ in differences} == {("only_here", "transfer")}
    assert differences[0][2:] == ("白云区", Decimal("15925000.00"))
    assert sum(difference for *_, difference in differences) == Decimal("60649000.00")


def test_no_ready_made_sum_counts_the_money_of_two_documents(conformed: Path) -> None:
    counted = rows(
        conformed,
        "SELECT view, sum(total_yuan) FROM marts.fct_project_budgets WHERE is_counted"
        " AND document_id IN (SELECT document_id FROM marts.dim_documents WHERE publisher_name = '广州市生态环境局')"
        " GROUP BY view",
    )
    assert counted == [("targets", Decimal("373679900.00"))]


@pytest.mark.parametrize("body", PRINTED)
def test_kinds_of_money_of_a_whole_budget_add_up_to_what_it_prints(conformed: Path, body: str) -> None:
    """Amounts stand at the leaves only, so that their sum is what 合计 prints, kind by kind; but for rounding."""
    leaves = rows(
        conformed,
        "SELECT fund_source_id, sum(amount_yuan) / 10000, count(*) FROM marts.fct_project_funds"
        " JOIN marts.dim_documents AS d USING (document_id)"
        f" WHERE d.publisher_name = '{body}' AND view = 'budget' AND period = 'annual' GROUP BY ALL",
    )
    assert {kind for kind, _, _ in leaves} == set(KINDS)
    total, *by_kind = map(Decimal, PRINTED[body])
    for kind, amount, count in leaves:
        assert abs(Decimal(str(amount)) - by_kind[KINDS.index(kind)]) <= Decimal("0.005") * (count + 1), kind
    lines = max(count for *_, count in leaves)
    assert abs(sum(Decimal(str(amount)) for _, amount, _ in leaves) - total) <= Decimal("0.005") * (lines + 1)
    [(whole,)] = rows(
        conformed,
        "SELECT count(*) FROM marts.fct_project_funds JOIN marts.dim_documents AS d USING (document_id)"
        f" WHERE d.publisher_name = '{body}' AND view = 'budget' AND fund_source_id = 'fiscal_appropriation'",
    )
    assert whole == 0


def test_the_hierarchy_of_funds_is_that_of_a_whole_budget(conformed: Path) -> None:
    above = dict(rows(conformed, "SELECT fund_source_id, parent_fund_source_id FROM marts.dim_fund_sources"))
    for kind in ("general_public_budget", "government_fund", "state_capital"):
        assert above[kind] == "fiscal_appropriation"
    for kind in ("fiscal_appropriation", "special_account", "carried_over", "other"):
        assert above[kind] is None


def test_a_renamed_body_is_what_it_became_under_the_name_it_printed(conformed: Path) -> None:
    """西安市安全生产监督管理局 of 2019 is 西安市应急管理局 since the reform, and the printed name is kept."""
    [(organization_id, name, rules, evidence)] = rows(
        conformed,
        "SELECT organization_id, name, rules, evidence FROM marts.dim_organization_names WHERE rules = 'renamed'",
    )
    assert (name, rules) == ("西安市安全生产监督管理局", "renamed")
    assert "应急管理局" in evidence
    today = hashlib.sha256("西安市应急管理局\x1f610100".encode()).hexdigest()
    assert organization_id == today[:16]


def test_every_document_has_a_body_or_an_issue(conformed: Path) -> None:
    without = rows(
        conformed,
        "SELECT d.status, i.severity, i.message FROM marts.dim_documents AS d"
        " LEFT JOIN marts.dim_organizations AS o ON organization_id = publisher_organization_id"
        " LEFT JOIN quality.qa_issues AS i ON i.document_id = d.document_id AND i.code = 'unresolved_body'"
        " WHERE o.region_id IS NULL",
    )
    assert without == [("refused", "info", "Nothing names the publishing body")]
    # forms that print no publisher, and one body in every form
    [(name, region_id)] = rows(
        conformed,
        "SELECT o.name, o.region_id FROM marts.dim_documents JOIN marts.dim_organizations AS o"
        " ON organization_id = publisher_organization_id WHERE publisher_name IS NULL",
    )
    assert (name, region_id) == ("广州市越秀区商务局", "440104")
