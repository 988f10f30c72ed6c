"""The models' unit tests, and a build of everything beside builds of what changed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

from extract.build import build, run_dbt
from extract.collect import collect
from extract.forget import forget
from extract.load import load
from extract.pending import unread_document_ids
from extract.publish import SCHEMAS, publish
from extract.read_batch import read_batch
from extract.settings import House
from extract.warehouse import open_warehouse
from tests.conftest import PROJECT
from tests.test_house import TEXT, add, rows

MODELS = PROJECT / "dbt_project" / "models"
DOCUMENT_OF = "SELECT document_id FROM marts.dim_documents WHERE starts_with(publisher_name, '{}')"


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


def assert_same_tables(one: Path, other: Path) -> None:
    """Two warehouses hold the same rows in every table of intermediate, marts and quality."""
    with duckdb.connect() as compared:
        compared.execute(f"ATTACH '{one}' AS one (READ_ONLY)")
        compared.execute(f"ATTACH '{other}' AS other (READ_ONLY)")
        tables = compared.execute(
            "SELECT schema_name, table_name FROM duckdb_tables()"
            " WHERE database_name = 'one' AND schema_name IN ('intermediate', 'marts', 'quality')"
        ).fetchall()
        assert len(tables) > 25
        for schema, table in tables:
            for here, there in (("one", "other"), ("other", "one")):
                [(differing,)] = compared.execute(
                    f"SELECT count(*) FROM (FROM {here}.{schema}.{table} EXCEPT ALL FROM {there}.{schema}.{table})"
                ).fetchall()
                assert differing == 0, table


def take_up(house: House) -> str:
    """Read, load and build what there is; what was built."""
    collect("inbox", house)
    if unread := unread_document_ids(house):
        read_batch(unread, house)
    load(house)
    return build(house)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house with four bodies' documents, built."""
    folder = tmp_path_factory.mktemp("dbt")
    (folder / "inbox").mkdir()
    house = House(folder / "house", folder / "inbox")
    for name in ("甲", "乙", "丙", "丁"):
        add(house, f"{name}.txt", TEXT.replace("甲市", f"{name}市"))
    assert take_up(house) == "everything"
    return house


def test_every_rule_of_the_models_holds_on_its_examples(tmp_path: Path, first: House) -> None:
    warehouse = tmp_path / "copy.duckdb"
    shutil.copy(first.warehouse, warehouse)
    printed = dbt(warehouse, "test", "--select", "test_type:unit")
    assert "ERROR=0" in printed
    assert int(printed.rsplit("PASS=", 1)[1].split()[0]) >= 30


def test_views_hold_in_a_file_of_any_name_and_under_any_alias(tmp_path: Path, first: House) -> None:
    publish(first)
    views = {"marts.wide_project_budgets", "marts.wide_project_funds", "marts.wide_indicator_targets"}
    for original in (first.published, first.warehouse):
        copy = tmp_path / f"copy of {original.parent.name}.duckdb"
        shutil.copy(original, copy)
        with duckdb.connect() as client:
            # tables of the same names in a file of the client's own are not taken for the file's
            client.execute("CREATE SCHEMA marts; CREATE TABLE marts.fct_project_budgets (project_line_id VARCHAR)")
            client.execute(f"ATTACH '{copy}' AS other (READ_ONLY)")
            client.execute("SET enable_external_access = false; SET lock_configuration = true")
            found = client.execute(
                "SELECT schema_name || '.' || view_name FROM duckdb_views() WHERE database_name = 'other' ORDER BY ALL"
            ).fetchall()
            assert views <= {name for (name,) in found}
            for (name,) in found:
                assert client.execute(f"SELECT count(*) FROM other.{name}").fetchone() is not None
            assert client.execute(
                "SELECT organization_name, project_name, total_yuan, url, document_title"
                " FROM other.marts.wide_project_budgets WHERE organization_name = '甲市商务局' ORDER BY total_yuan"
            ).fetchall() == [
                ("甲市商务局", "工作经费", 100000, "folder:甲.txt", "项目支出绩效目标表"),
                ("甲市商务局", "展会经费", 200000, "folder:甲.txt", "项目支出绩效目标表"),
            ]


def test_a_build_of_what_changed_gives_the_tables_that_a_build_of_everything_gives(
    tmp_path: Path, first: House
) -> None:
    house = first
    ids = {name: str(rows(house, DOCUMENT_OF.format(name))[0][0]) for name in ("甲", "乙", "丙", "丁")}
    with open_warehouse(house) as warehouse:
        warehouse.execute(
            "UPDATE marts.fct_project_budgets SET goal_text = 'marked' WHERE document_id = ?", [ids["丁"]]
        )

    add(house, "甲-2.txt", TEXT.replace("10.00", "12.00").replace("30.00", "32.00"))  # now this one counts
    add(house, "戊.txt", TEXT.replace("甲市", "戊市").replace("财政拨款", "从未见过的拨款"))
    add(house, "prose.txt", "这里没有表格。")
    forget(ids["乙"], "published by mistake", house)
    read_batch([ids["丙"]], house)
    assert take_up(house) == "facts"
    counted = f"SELECT bool_or(is_counted) FROM marts.fct_project_budgets WHERE document_id = '{ids['甲']}'"
    assert rows(house, counted) == [(False,)]
    of_unchanged = f"SELECT DISTINCT goal_text FROM marts.fct_project_budgets WHERE document_id = '{ids['丁']}'"
    assert rows(house, of_unchanged) == [("marked",)]
    with open_warehouse(house) as warehouse:
        warehouse.execute(
            "UPDATE marts.fct_project_budgets SET goal_text = lines.goal_text"
            " FROM intermediate.int_project_lines AS lines"
            " WHERE fct_project_budgets.project_line_id = lines.project_line_id"
        )

    again = tmp_path / "again.duckdb"
    shutil.copy(house.warehouse, again)
    dbt(again, "build", "--full-refresh", "--exclude-resource-type", "unit_test")
    assert_same_tables(again, house.warehouse)


def test_what_was_parsed_of_the_project_in_another_place_is_parsed_anew(
    first: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DBT_PARTIAL_PARSE_FILE_PATH", raising=False)
    run_dbt(first, "parse")
    parsed, here = first.dbt / "target" / "partial_parse.msgpack", os.fsencode(PROJECT)
    elsewhere = here[:-1] + b"~"
    parsed.write_bytes(parsed.read_bytes().replace(here, elsewhere))
    (first.dbt / "parsed-in").write_bytes(elsewhere)
    run_dbt(first, "seed", "--select", "fund_sources")


def test_attempts_alone_build_nothing_but_what_they_change(first: House) -> None:
    assert take_up(first) == "observations"
    assert rows(first, "SELECT count(*), count(DISTINCT observation_id) FROM quality.qa_observations") == rows(
        first, "SELECT count(*), count(*) FROM raw.observations"
    )


def test_the_published_file_is_declared_as_what_the_models_are_for() -> None:
    [published, _] = yaml.safe_load((MODELS / "_exposures.yml").read_text(encoding="utf-8"))["exposures"]
    models = [path.stem for schema in SCHEMAS for path in (MODELS / schema).glob("*.sql")]
    assert published["depends_on"] == [f"ref('{name}')" for name in sorted(models)]
