"""Alarms: what an operator hears of a source that failed, is silent, or shows far fewer documents than before."""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.sdk import BaseNotifier
from notify import notify

from extract.alarms import alarms
from extract.collect import failed_sources
from extract.land import land_observations
from extract.load import load
from extract.records import Listing, Lists, Observation
from extract.settings import House
from tests.test_house import rows

SOURCE = """
source_id: somewhere
system: plain
description: A city that this test makes up.
enabled: true
start: [{url: "http://www.example.org/budgets/"}]
rhythm_days: 30
"""
LONG_AGO = datetime(2024, 1, 1, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "somewhere.yml").write_text(SOURCE, encoding="utf-8")
    monkeypatch.setenv("JIXIAO_SOURCES", str(folder))
    return House(tmp_path / "house", tmp_path / "inbox")


def collected(house: House, outcome: Any, count: int, days_ago: float = 0.0, lists: Lists | None = None) -> None:
    """Land and load a collection of the source: so many addresses with one outcome, so long ago."""
    when = datetime.now(UTC) - timedelta(days=days_ago)
    land_observations(
        "somewhere",
        [
            Observation(
                Listing("somewhere", f"http://www.example.org/{number}.pdf"),
                outcome,
                when,
                None if outcome == "failed" else hashlib.sha256(str(number).encode()).hexdigest(),
            )
            for number in range(count)
        ],
        house,
        lists,
    )
    newest = max((house.landing / "observations").iterdir(), key=lambda path: path.stat().st_mtime_ns)
    os.utime(newest, (when.timestamp(), when.timestamp()))
    load(house)


def said(house: House) -> list[str]:
    return [alarm.message for alarm in alarms(["somewhere"], LONG_AGO, house)]


def test_a_source_that_gives_something_new_in_time_alarms_nobody(house: House) -> None:
    collected(house, "new", 5, days_ago=29)
    collected(house, "unchanged", 5)
    assert said(house) == []


def test_silence_beyond_its_rhythm_is_told_with_its_length(house: House) -> None:
    collected(house, "new", 5, days_ago=40)
    collected(house, "unchanged", 5)
    [message] = said(house)
    assert "40 days" in message
    assert "every 30" in message


def test_a_revision_ends_a_silence(house: House) -> None:
    collected(house, "new", 5, days_ago=400)
    collected(house, "revised", 5, days_ago=1)
    assert said(house) == []


def test_a_source_that_never_gave_anything_new_is_silent_since_it_was_first_asked(house: House) -> None:
    collected(house, "duplicate", 1, days_ago=31)
    collected(house, "duplicate", 1)
    [message] = said(house)
    assert "31 days" in message


@pytest.mark.parametrize(("before", "now", "is_told"), [(10, 4, True), (10, 0, True), (10, 5, False), (3, 0, False)])
def test_far_fewer_documents_than_last_time_are_told(house: House, before: int, now: int, is_told: bool) -> None:
    collected(house, "new", before)
    collected(house, "unchanged", now)
    assert said(house) == ([f"only {now} documents were seen; the collection before saw {before}"] if is_told else [])
    assert alarms(["somewhere"], LONG_AGO, house, of_all_years=False) == []


def test_what_is_not_asked_for_is_seen_where_the_lists_name_it(house: House) -> None:
    collected(house, "new", 10)
    collected(house, "unchanged", 1, lists=Lists(listed=10, not_due=9))
    assert said(house) == []
    collected(house, "unchanged", 0, lists=Lists(listed=10, not_due=10))
    assert said(house) == []
    # what no list names any more says nothing of the lists, asked for or not
    collected(house, "unchanged", 8, lists=Lists(listed=4, not_due=2))
    assert said(house) == ["only 4 documents were seen; the collection before saw 10"]


def test_the_warehouse_has_what_the_lists_named(house: House) -> None:
    collected(house, "new", 2, lists=Lists(listed=2, not_due=0))
    collected(house, "unchanged", 0, lists=Lists(listed=3, not_due=2))
    collected(house, "unchanged", 2)  # as a folder's, or an earlier version's
    sql = "SELECT source_id, listed_count, not_due_count, now() - collected_at < INTERVAL 1 HOUR FROM raw.collections"
    assert rows(house, f"{sql} ORDER BY listed_count") == [("somewhere", 2, 0, True), ("somewhere", 3, 2, True)]


@pytest.mark.parametrize(("lists", "has_failed"), [(Lists(10, 9), False), (Lists(10, 0), True), (None, True)])
def test_a_collection_of_which_only_failures_were_due_is_a_healthy_one(
    house: House, lists: Lists | None, has_failed: bool
) -> None:
    collected(house, "failed", 1, lists=lists)
    assert failed_sources(["somewhere"], LONG_AGO, house) == (["somewhere"] if has_failed else [])


def test_a_source_of_which_nothing_could_be_fetched_is_told_once(house: House) -> None:
    collected(house, "new", 10, days_ago=100)
    collected(house, "failed", 10)
    [alarm] = alarms(["somewhere"], datetime.now(UTC) - timedelta(days=1), house)
    assert alarm.message == "nothing could be fetched"
    assert "check-source somewhere" in alarm.what_to_do


class FileNotifier(BaseNotifier):
    """A notifier that writes its templated text into a file."""

    template_fields = ("text",)

    def __init__(self, path: str, text: str) -> None:
        super().__init__()
        self.path, self.text = path, text

    def notify(self, context: Mapping[str, Any]) -> None:
        Path(self.path).write_text(self.text, encoding="utf-8")


def test_alarms_are_logged_and_reach_the_notifier_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    told = tmp_path / "told.txt"
    arguments = {"path": str(told), "text": "Look: {{ alarms }}"}
    setting = {"class": "tests.test_alarms.FileNotifier", "arguments": arguments}
    monkeypatch.setenv("JIXIAO_NOTIFIER", json.dumps(setting))
    with caplog.at_level(logging.WARNING):
        notify(["a: silent", "b: failed"], {})
    assert told.read_text(encoding="utf-8") == "Look: a: silent\nb: failed"
    assert [record.message for record in caplog.records] == ["a: silent", "b: failed"]


def test_without_alarms_nobody_is_disturbed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_NOTIFIER", "nonsense that would fail")
    notify([], {})


@pytest.mark.parametrize("setting", ["nonsense", "[]", '{"arguments": {}}'])
def test_a_setting_that_names_no_notifier_says_what_it_should_be(setting: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_NOTIFIER", setting)
    with pytest.raises(ValueError, match="JIXIAO_NOTIFIER must be JSON like"):
        notify(["a: silent"], {})
