"""A house of an earlier version is brought up by the next run; one of a later version is refused."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from extract.build import build
from extract.contract import CONTRACT_VERSION, STEPS, create_raw, version_of
from extract.load import load
from extract.pending import is_build_pending
from extract.publish import GateError, check_gate, publish
from extract.settings import House
from extract.warehouse import WarehouseError, open_warehouse
from tests.conftest import PROJECT, run
from tests.test_dbt import take_up
from tests.test_house import TEXT, add
from tests.test_pipeline import content

DEFINITIONS = PROJECT / "tests" / "contracts"
OLDER = sorted(path.stem for path in DEFINITIONS.glob("*.sql"))

RAW = """
SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE schema_name = 'raw' ORDER BY ALL
"""
KEYS = """
SELECT table_name, constraint_text FROM duckdb_constraints() WHERE schema_name = 'raw' ORDER BY ALL
"""


def made_of_old(house: House, older: str) -> None:
    """Make a house's warehouse one that definitions of long ago made and filled, with a build of then."""
    now = house.warehouse.with_suffix(".now")
    house.warehouse.rename(now)
    with duckdb.connect(str(house.warehouse)) as warehouse:
        warehouse.execute((DEFINITIONS / f"{older}.sql").read_text(encoding="utf-8"))
        warehouse.execute(f"ATTACH '{now}' AS now (READ_ONLY)")
        for (table,) in warehouse.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND table_name <> 'builds'"
        ).fetchall():
            had = [name for name, *_ in warehouse.execute(f"DESCRIBE raw.{table}").fetchall()]
            warehouse.execute(f"INSERT INTO raw.{table} BY NAME SELECT {', '.join(had)} FROM now.raw.{table}")
        columns = [name for name, *_ in warehouse.execute("DESCRIBE raw.builds").fetchall()]
        values = {"build_number": "1", "built_at": "now()"}
        warehouse.execute(f"INSERT INTO raw.builds SELECT {', '.join(values.get(name, repr('x')) for name in columns)}")
        # what a model that is no more made
        warehouse.execute("CREATE SCHEMA marts")
        warehouse.execute("CREATE TABLE marts.fct_of_then AS SELECT 1 AS x")
    now.unlink()


@pytest.fixture(scope="module")
def current(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house of this version, published."""
    folder = tmp_path_factory.mktemp("contract")
    (folder / "inbox").mkdir()
    house = House(folder / "house", folder / "inbox")
    add(house, "a.txt")
    add(house, "b.txt", TEXT.replace("甲市", "乙市"))
    take_up(house)
    assert publish(house)
    return house


@pytest.fixture
def copied(tmp_path: Path, current: House) -> House:
    shutil.copytree(current.root, tmp_path / "house", symlinks=True)
    return House(tmp_path / "house", current.inbox)


@pytest.mark.parametrize("older", OLDER)
def test_a_house_of_an_earlier_version_is_brought_up_by_the_next_run(older: str, copied: House) -> None:
    before = content(copied.published)
    made_of_old(copied, older)
    assert is_build_pending(copied)  # the first that looks brings it up
    load(copied)
    assert build(copied) == "everything"
    publish(copied)
    assert content(copied.published) == before
    with open_warehouse(copied, read_only=True) as warehouse:
        assert version_of(warehouse) == CONTRACT_VERSION
        told = warehouse.execute(RAW).fetchall(), warehouse.execute(KEYS).fetchall()
    with duckdb.connect() as anew:
        create_raw(anew)
        assert (anew.execute(RAW).fetchall(), anew.execute(KEYS).fetchall()) == told


def test_one_select_tells_the_version_of_what_readers_have(current: House) -> None:
    with duckdb.connect(str(current.published), read_only=True) as published:
        found = published.execute("SELECT contract_version FROM quality.qa_release").fetchall()
    assert found == [(CONTRACT_VERSION,)]


def test_steps_are_numbered_without_a_gap() -> None:
    assert list(STEPS) == list(range(2, CONTRACT_VERSION + 1))


def test_a_step_that_fails_leaves_the_house_as_it_was(copied: House, monkeypatch: pytest.MonkeyPatch) -> None:
    made_of_old(copied, "first")
    with duckdb.connect(str(copied.warehouse), read_only=True) as warehouse:
        before = warehouse.execute(RAW).fetchall()
    monkeypatch.setattr("extract.contract.STEPS", {2: (*STEPS[2], "SELECT error('interrupted')")})
    with pytest.raises(duckdb.Error, match="interrupted"):
        open_warehouse(copied)
    with duckdb.connect(str(copied.warehouse), read_only=True) as warehouse:
        assert warehouse.execute(RAW).fetchall() == before
    monkeypatch.undo()
    open_warehouse(copied).close()


def test_a_house_of_a_newer_version_is_refused_with_one_sentence(copied: House) -> None:
    with open_warehouse(copied) as warehouse:
        warehouse.execute("UPDATE raw.contract SET contract_version = contract_version + 1")
    before = copied.warehouse.read_bytes()
    done = run(copied)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip() == (
        f"{copied.warehouse} was made by a newer Jixiao (contract {CONTRACT_VERSION + 1}; this one knows"
        f" {CONTRACT_VERSION}): update Jixiao, or name another house with JIXIAO_DATA."
    )
    for step in (load, build, publish):
        with pytest.raises(WarehouseError, match="newer Jixiao"):
            step(copied)
    assert copied.warehouse.read_bytes() == before


@pytest.mark.parametrize("made", ["text", "database"])
def test_a_file_that_is_no_warehouse_is_refused_with_one_sentence(made: str, house: House) -> None:
    house.warehouse.parent.mkdir(parents=True)
    if made == "text":
        house.warehouse.write_text("notes " * 5000)
    else:
        with duckdb.connect(str(house.warehouse)) as other:
            other.execute("CREATE TABLE mine AS SELECT 1 AS x")
    done = run(house)
    assert done.returncode == 1
    assert done.stderr.strip() == (
        f"{house.warehouse} is no warehouse of Jixiao: move it away, and the next run makes one anew of what has"
        " landed."
    )


def test_what_a_newer_version_published_is_not_replaced(copied: House) -> None:
    copied.published.chmod(0o644)
    with duckdb.connect(str(copied.published)) as published:
        published.execute("UPDATE quality.qa_release SET contract_version = contract_version + 1")
    with pytest.raises(GateError, match=f"newer Jixiao published .contract {CONTRACT_VERSION + 1}"):
        check_gate(copied)
