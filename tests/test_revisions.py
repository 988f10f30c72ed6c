"""Revisions: what addresses gave in turn, as the models tell it and as it calls for a build."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb
import pytest

from extract import archive
from extract.build import build
from extract.contract import create_raw
from extract.land import land_observations
from extract.load import load
from extract.pending import unread_document_ids, wanted_build
from extract.publish import publish
from extract.read_batch import read_batch
from extract.records import Listing, Observation
from extract.settings import PROJECT, House
from tests.test_house import TEXT, rows

START = datetime(2026, 1, 1, tzinfo=UTC)
MODELS = PROJECT / "dbt_project" / "models" / "intermediate"


@dataclass
class History:
    """A warehouse in memory that observes a thing every eight hours."""

    warehouse: duckdb.DuckDBPyConnection
    count: int = 0

    def observe(self, url: str, outcome: str, document_id: str | None, title: str | None = None) -> None:
        self.count += 1
        self.warehouse.execute(
            "INSERT INTO raw.observations (observation_id, source_id, url, title, outcome, document_id, observed_at)"
            " VALUES (?, 's', ?, ?, ?, ?, ?)",
            [f"{self.count:04d}", url, title, outcome, document_id, START + timedelta(hours=8 * self.count)],
        )

    def told(self) -> list[tuple[Any, ...]]:
        """What the models tell of the documents."""
        return [row for model in (self._standing, self._first) for row in self.warehouse.execute(model).fetchall()]

    @property
    def _standing(self) -> str:
        return _sql("int_documents_standing") + " ORDER BY ALL"

    @property
    def _first(self) -> str:
        return _sql("int_document_observations") + " ORDER BY ALL"

    @property
    def facts(self) -> str:
        return wanted_build(self.warehouse).facts


def _sql(model: str) -> str:
    """A model as it stands, on the raw tables instead of on other models."""
    text = re.sub(r"\{\{ config\(.*?\) \}\}", "", (MODELS / f"{model}.sql").read_text(encoding="utf-8"))
    text = re.sub(r"\{\{ ref\('stg_raw__observations'\) \}\}", "raw.observations", text)
    text = re.sub(r"\{\{ fetched_day\('(\w+)'\) \}\}", r"epoch_ms(\1) // 86400000", text)
    return re.sub(r"\{\{ ref\('int_documents_read'\) \}\}", "raw.documents", text)


@pytest.fixture
def history() -> History:
    warehouse = duckdb.connect()
    create_raw(warehouse)
    for document_id, status in {"a": "complete", "b": "partial", "c": "refused"}.items():
        warehouse.execute("INSERT INTO raw.documents (document_id, status) VALUES (?, ?)", [document_id, status])
    return History(warehouse)


@pytest.mark.parametrize("seed", range(8))
def test_whatever_changes_a_document_calls_for_a_build_of_the_facts(history: History, seed: int) -> None:
    chance = random.Random(seed)
    facts, told, changes = history.facts, history.told(), 0
    for _ in range(40):
        outcome = chance.choice(["new", "unchanged", "duplicate", "revised", "gone", "failed", "blocked", "refused"])
        brings = outcome in ("new", "unchanged", "duplicate", "revised")
        document_id = chance.choice("abcd") if brings or chance.random() < 0.3 else None
        history.observe(chance.choice(["http://x/1", "http://x/2", "folder:f"]), outcome, document_id)
        before, told_before = facts, told
        facts, told = history.facts, history.told()
        changes += told != told_before
        assert facts != before or told == told_before
    assert changes > 5


def test_only_what_changes_a_document_calls_for_a_build_of_the_facts(history: History) -> None:
    history.observe("http://x/1", "new", "a")
    facts = history.facts
    for _ in range(3):
        history.observe("http://x/1", "unchanged", "a")
        for outcome in ("failed", "blocked", "refused"):
            history.observe("http://x/1", outcome, None)
            history.observe("http://x/2", outcome, None)
    assert history.facts == facts
    history.observe("http://x/1", "gone", None)
    gone = history.facts
    assert gone != facts
    history.observe("http://x/1", "gone", "a")
    assert history.facts == gone
    history.observe("http://x/1", "unchanged", "a")
    assert history.facts not in (facts, gone)
    back = history.facts
    history.observe("http://x/1", "unchanged", "a", title="another title")
    assert history.facts != back


def observe(house: House, outcome: str, day: int, content: str | None = None) -> str | None:
    """One attempt at the one address of the test, landed; what came is archived."""
    document_id = archive.keep(content.encode(), house)[0] if content else None
    listing = Listing("s", "https://example.gov.cn/budget.txt", "预算", None)
    observed = Observation(listing, "new", START + timedelta(days=day), document_id)
    land_observations("s", [replace(observed, outcome=outcome)], house)
    return document_id


def test_a_revision_a_vanished_page_and_a_failure_as_readers_see_them(house: House) -> None:
    def take_up() -> None:
        if unread := unread_document_ids(house):
            read_batch(unread, house)
        load(house)
        build(house)
        publish(house)

    old = observe(house, "new", 0, TEXT)
    revised = observe(house, "revised", 1, TEXT.replace("做好", "再做好"))
    observe(house, "failed", 2)
    take_up()
    seen = (
        "SELECT document_id, valid_from, valid_to, superseded_by, gone_since, is_current FROM marts.dim_documents"
        " ORDER BY valid_from"
    )
    days = [START + timedelta(days=day) for day in range(5)]
    with duckdb.connect(str(house.published), read_only=True) as published:
        assert published.execute(seen).fetchall() == [
            (old, days[0], days[1], revised, None, False),
            (revised, days[1], None, None, None, True),
        ]
        counted = "SELECT document_id, bool_or(is_counted) FROM marts.fct_project_budgets GROUP BY ALL"
        assert dict(published.execute(counted).fetchall()) == {old: False, revised: True}

    observe(house, "gone", 3)
    observe(house, "gone", 4)
    take_up()
    assert rows(house, seen)[1] == (revised, days[1], None, None, days[3], True)
    assert rows(house, "SELECT DISTINCT document_id FROM marts.fct_project_budgets WHERE is_counted") == [(revised,)]
