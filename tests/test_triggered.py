"""DAGs that a person triggers with parameters, run by Airflow: what is collected, who is told, what is read anew."""

from __future__ import annotations

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml

from extract import archive
from extract.collect import collect
from extract.land import land_observations
from extract.orchestrate import environment, prepare
from extract.pending import unread_document_ids
from extract.read_batch import read_batch
from extract.records import Listing, Observation
from extract.settings import House
from tests.conftest import PROJECT
from tests.site import Answer, Site, serving
from tests.test_house import add
from tests.test_reparse import id_of, read_otherwise, with_values

NOTIFIER = """
from pathlib import Path

from airflow.sdk import BaseNotifier


class FileNotifier(BaseNotifier):
    template_fields = ("text",)

    def __init__(self, path, text):
        super().__init__()
        self.path, self.text = path, text

    def notify(self, context):
        Path(self.path).write_text(self.text, encoding="utf-8")
"""


@dataclass(frozen=True)
class Triggered:
    """What is left of the two runs: ``collect_documents``, then ``extract_documents``."""

    house: House
    site: Site
    told: Path
    states: dict[str, str]
    printed: str
    tasks: dict[tuple[str, str, str | None], str]
    """DAG, task and the name of a mapped one → its state."""
    document_id: str
    """The document that an earlier reader read otherwise."""


def write_source(folder: Path, site: Site, **values: Any) -> None:
    source = site.source(**values).model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    (folder / f"{source['source_id']}.yml").write_text(yaml.safe_dump(source, allow_unicode=True), encoding="utf-8")


@pytest.fixture(scope="module")
def triggered(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Triggered]:
    """A house with two sources, one known for forty days and one that is gone, and a file that was read otherwise."""
    folder = tmp_path_factory.mktemp("triggered")
    house = House(folder / "house", folder / "inbox")
    for name in ("inbox", "sources", "python"):
        (folder / name).mkdir()
    add(house, "a.txt")
    collect("inbox", house)
    read_batch(unread_document_ids(house), house)
    document_id = id_of(house, "甲市商务局")
    read_otherwise(house, "funds", with_values(document_id, amount_text="3.00", amount_yuan=Decimal(30_000)))
    add(house, "nobody asks for it.txt", "b")
    told = folder / "told.txt"
    (folder / "python" / "notifier_of_this_test.py").write_text(NOTIFIER, encoding="utf-8")
    arguments = {"path": str(told), "text": "{{ dag_run.dag_id }}\n{{ alarms }}"}

    with serving() as site:
        start = [{"url": f"{site.url}/bmys/index.html"}]
        write_source(
            folder / "sources",
            site,
            source_id="shi",
            start=start,
            fiscal_years=[2026],
            enabled=False,
            disabled_because="Only who names it collects it.",
        )
        write_source(folder / "sources", site, source_id="gone", start=[{"url": f"{site.url}/gone.html"}])
        links = [(f"{year}.pdf", f"甲市商务局{year}年部门预算") for year in (2025, 2026)]
        site.page("/bmys/index.html", "部门预算", *links)
        for year in (2025, 2026):
            site.at(f"/bmys/{year}.pdf", Answer(b"%PDF-1.4 " + str(year).encode(), headers={"ETag": f'"{year}"'}))
        known = Observation(
            Listing("shi", f"{site.url}/bmys/2025.pdf", links[0][1]),
            "new",
            datetime.now(UTC) - timedelta(days=40),
            archive.keep(b"%PDF-1.4 2025", house)[0],
            etag='"2025"',
        )
        land_observations("shi", [known], house)
        prepare(house)
        done = subprocess.run(
            [
                *(sys.executable, "tests/run_dags.py"),
                *("collect_documents", json.dumps({"sources": ["shi", "gone"], "fiscal_years": [2025], "force": True})),
                *("extract_documents", json.dumps({"reparse": "land"})),
            ],
            cwd=PROJECT,
            env={
                **environment(house),
                "JIXIAO_SOURCES": str(folder / "sources"),
                "JIXIAO_NOTIFIER": json.dumps({"class": "notifier_of_this_test.FileNotifier", "arguments": arguments}),
                "PYTHONPATH": f"{PROJECT}:{folder / 'python'}",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        [states] = re.findall("^STATES(.*)$", done.stdout, re.MULTILINE) or [done.stdout + done.stderr]
        with sqlite3.connect(house.airflow / "airflow.db") as metadata:
            tasks = metadata.execute("SELECT dag_id, task_id, rendered_map_index, state FROM task_instance").fetchall()
        yield Triggered(
            house,
            site,
            told,
            json.loads(states),
            done.stdout + done.stderr,
            {(dag_id, task, name): state for dag_id, task, name, state in tasks},
            document_id,
        )


def observed(triggered: Triggered) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(triggered.house.warehouse), read_only=True) as warehouse:
        return warehouse.execute(
            "SELECT source_id, url, outcome, status_code FROM raw.observations ORDER BY observed_at"
        ).fetchall()


def test_only_the_sources_and_years_that_are_asked_for_are_collected_and_what_is_known_is_sent_again(
    triggered: Triggered,
) -> None:
    url = triggered.site.url
    assert sorted(observed(triggered)[-2:]) == [
        ("gone", f"{url}/gone.html", "failed", 404),
        ("shi", f"{url}/bmys/2025.pdf", "unchanged", 200),
    ]
    assert len(observed(triggered)) == 4  # with what was observed before; nobody looked into the inbox
    assert triggered.site.times("/bmys/2026.pdf") == 0
    [headers] = [headers for path, headers, _ in triggered.site.asked if path == "/bmys/2025.pdf"]
    assert "If-None-Match" not in headers


def test_an_outage_costs_only_its_source_and_a_leaf_of_its_own_is_red(triggered: Triggered) -> None:
    assert triggered.states["collect_documents"] == "failed"
    states = {key: state for key, state in triggered.tasks.items() if key[0] == "collect_documents"}
    collected = {(task, name) for _, task, name in states if task == "collect_source"}
    assert collected == {("collect_source", "shi"), ("collect_source", "gone")}
    assert [task for (_, task, _), state in states.items() if state != "success"] == ["check_failures"]
    assert "1 of 2 sources failed: gone" in triggered.printed


def test_alarms_reach_the_notifier_with_what_airflow_knows_of_the_run(triggered: Triggered) -> None:
    dag_id, silent, failed = triggered.told.read_text(encoding="utf-8").splitlines()
    assert dag_id == "collect_documents"
    assert silent.startswith("shi: nothing new since ")
    assert "40 days; it is expected every 30" in silent
    assert failed.startswith("gone: nothing could be fetched. ")
    assert all(alarm in triggered.printed for alarm in (silent, failed))


def test_what_an_earlier_reader_read_is_read_again_shown_and_loaded(triggered: Triggered) -> None:
    assert triggered.states["extract_documents"] == "success"
    [change] = re.findall(r'\{"kind": "change".*"field": "amount_text".*\}', triggered.printed)
    shown = json.loads(change)
    assert (shown["document_id"], shown["before"], shown["after"]) == (triggered.document_id, "3.00", "30.00")
    with duckdb.connect(str(triggered.house.warehouse), read_only=True) as warehouse:
        amounts = warehouse.execute(
            "SELECT amount_text FROM raw.funds WHERE document_id = ? ORDER BY ALL", [triggered.document_id]
        ).fetchall()
    assert amounts == [("10.00",), ("20.00",), ("30.00",)]
    assert len(unread_document_ids(triggered.house)) == 1  # what came meanwhile is another run's
