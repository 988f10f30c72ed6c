"""The DAGs as they stand: which there are, what they import, which tasks may open the warehouse, what follows what."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import PROJECT

OPENS_THE_WAREHOUSE = {
    ("collect_documents", "load_observations"),
    ("collect_documents", "raise_alarms"),
    ("extract_documents", "load_raw"),
    ("extract_documents", "announce_raw_rows"),
    ("build_warehouse", "build_models"),
    ("build_warehouse", "publish_release"),
}


@pytest.fixture(scope="module")
def bag(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What Airflow makes of the DAG files, in a process of its own."""
    home = tmp_path_factory.mktemp("airflow")
    done = subprocess.run(
        [sys.executable, "tests/describe_dags.py"],
        cwd=PROJECT,
        env={**os.environ, "AIRFLOW_HOME": str(home), "AIRFLOW__CORE__LOAD_EXAMPLES": "False"},
        capture_output=True,
        text=True,
        check=False,
    )
    described = [line for line in done.stdout.splitlines() if line.startswith("DESCRIBED")]
    assert described, done.stdout + done.stderr
    found: dict[str, Any] = json.loads(described[0].removeprefix("DESCRIBED"))
    return found


def test_there_are_three_dags_and_no_import_error(bag: dict[str, Any]) -> None:
    assert bag["errors"] == []
    assert set(bag["dags"]) == {"collect_documents", "extract_documents", "build_warehouse"}


def test_dag_files_import_nothing_heavy(bag: dict[str, Any]) -> None:
    assert bag["heavy"] == []


def test_every_task_that_opens_the_warehouse_waits_for_the_one_slot(bag: dict[str, Any]) -> None:
    pooled = {
        (dag_id, task_id)
        for dag_id, dag in bag["dags"].items()
        for task_id, task in dag["tasks"].items()
        if task["pool"] == "duckdb_writer"
    }
    assert pooled == OPENS_THE_WAREHOUSE
    placed = {(task["pool"], task["queue"]) for dag in bag["dags"].values() for task in dag["tasks"].values()}
    assert placed == {("duckdb_writer", "warehouse"), ("default_pool", "default")}


def test_assets_lead_from_dag_to_dag_and_mapped_tasks_emit_none(bag: dict[str, Any]) -> None:
    dags = bag["dags"]
    outlets = {
        (dag_id, task_id): task["outlets"]
        for dag_id, dag in dags.items()
        for task_id, task in dag["tasks"].items()
        if task["outlets"]
    }
    assert outlets == {
        ("collect_documents", "load_observations"): ["observations"],
        ("collect_documents", "announce_documents"): ["documents"],
        ("extract_documents", "announce_raw_rows"): ["raw_rows"],
        ("build_warehouse", "publish_release"): ["warehouse"],
    }
    assert dags["extract_documents"]["assets"] == ["documents"]
    assert dags["build_warehouse"]["assets"] == ["raw_rows", "observations", "corrections"]
    assert dags["build_warehouse"]["condition"] == "AssetAny"
    assert not any(task["outlets"] for dag in dags.values() for task in dag["tasks"].values() if task["mapped"])


def test_collecting_is_daily_in_shanghai_without_catching_up(bag: dict[str, Any]) -> None:
    collect = bag["dags"]["collect_documents"]
    assert (collect["schedule"], collect["timezone"], collect["catchup"]) == ("0 6 * * *", "Asia/Shanghai", False)


def test_every_task_retries_with_backoff_and_ends_in_time(bag: dict[str, Any]) -> None:
    for dag in bag["dags"].values():
        assert dag["doc"]
        for task in dag["tasks"].values():
            assert task["retries"] > 0
            assert task["backoff"]
            assert task["timeout"]
            assert bool(task["name"]) == task["mapped"]


def test_business_logic_does_not_know_airflow() -> None:
    sources = [path.read_text(encoding="utf-8") for path in Path(PROJECT / "extract").rglob("*.py")]
    assert len(sources) > 20
    assert not any(
        line.lstrip().startswith(("import airflow", "from airflow")) for s in sources for line in s.splitlines()
    )
