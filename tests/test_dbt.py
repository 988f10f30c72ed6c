"""The models' unit tests, and a full refresh beside what the steps built."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import duckdb
import pytest

from extract import archive
from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.read_batch import read_batch
from extract.settings import House
from tests.conftest import PROJECT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, demo: tuple[Path, list[dict[str, Any]]]) -> Path:
    """The warehouse that the pipeline's steps build of the demo's documents."""
    house = House(tmp_path_factory.mktemp("built") / "house", demo[0])
    collect("inbox", house)
    read_batch(tuple(archive.document_ids(house)), house)
    load(house)
    assert build(house) == "everything"
    return house.warehouse


def dbt(warehouse: Path, *arguments: str) -> str:
    folder = PROJECT / "dbt_project"
    done = subprocess.run(
        [sys.executable, "-m", "dbt.cli.main", *arguments, "--project-dir", str(folder), "--profiles-dir", str(folder)],
        env={
            **os.environ,
            "JIXIAO_WAREHOUSE": str(warehouse),
            "DBT_TARGET_PATH": str(warehouse.parent / "target"),
            "DBT_LOG_PATH": str(warehouse.parent / "logs"),
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_rule_of_the_models_holds_on_its_examples(tmp_path: Path, built: Path) -> None:
    warehouse = tmp_path / "jixiao.duckdb"
    shutil.copy(built, warehouse)
    printed = dbt(warehouse, "test", "--select", "test_type:unit")
    assert "ERROR=0" in printed
    assert int(printed.rsplit("PASS=", 1)[1].split()[0]) >= 15


def test_a_build_of_everything_again_gives_the_same_tables(tmp_path: Path, built: Path) -> None:
    warehouse = tmp_path / "jixiao.duckdb"
    shutil.copy(built, warehouse)
    dbt(warehouse, "build", "--full-refresh", "--exclude-resource-type", "unit_test")
    with duckdb.connect() as compared:
        compared.execute(f"ATTACH '{warehouse}' AS again (READ_ONLY)")
        compared.execute(f"ATTACH '{built}' AS before (READ_ONLY)")
        tables = compared.execute(
            "SELECT schema_name, table_name FROM duckdb_tables()"
            " WHERE database_name = 'again' AND schema_name IN ('marts', 'quality')"
        ).fetchall()
        assert len(tables) == 14
        for schema, table in tables:
            for one, other in (("again", "before"), ("before", "again")):
                [(differing,)] = compared.execute(
                    f"SELECT count(*) FROM (FROM {one}.{schema}.{table} EXCEPT ALL FROM {other}.{schema}.{table})"
                ).fetchall()
                assert differing == 0, table
