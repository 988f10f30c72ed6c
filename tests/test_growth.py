"""Records that grow: always the same of one seed, landed as readers land them, loaded once however often they land."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from benchmarks.growth import STEPS, Asked, Cost, Grown, dashboard_queries, text_of
from benchmarks.landed import Landed, Records
from extract.build import build, build_memory
from extract.land import SCHEMAS, readings_folder
from extract.load import load
from extract.pending import landed
from extract.settings import House
from extract.warehouse import open_warehouse
from tests.test_dbt import assert_same_tables, dbt


@pytest.fixture(scope="module")
def grown(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, Landed, Landed]:
    """A house with some hundred loaded documents and an increment that has landed and is not loaded."""
    root = tmp_path_factory.mktemp("growth")
    house, records = House(root / "house", root / "inbox"), Records(10_000)
    everything = records.land(house)
    load(house)
    return house, everything, records.land(house, late=True)


def in_order(file: Path) -> pa.Table:
    """The rows of a landed file in one order: in which they are written says nothing."""
    table = pq.read_table(file)
    plain = [column.name for column in table.schema if not pa.types.is_nested(column.type)]
    return table.sort_by([(name, "ascending") for name in plain])


def test_the_same_seed_gives_the_same_records(tmp_path: Path) -> None:
    found = []
    for name, seed in (("one", 1), ("two", 1), ("other", 2)):
        house = House(tmp_path / name, tmp_path / "inbox")
        Records(300, seed).land(house)
        folders = landed(readings_folder(house))
        found.append({kind: [in_order(folder / f"{kind}.parquet") for folder in folders] for kind in SCHEMAS})
    assert found[0] == found[1]
    assert found[0]["lines"] != found[2]["lines"]


def test_records_are_landed_in_the_schemas_of_what_is_read(grown: tuple[House, Landed, Landed]) -> None:
    house, everything, increment = grown
    for folder in landed(readings_folder(house)):
        for name, schema in SCHEMAS.items():
            assert pq.read_schema(folder / f"{name}.parquet").equals(schema), name
    with open_warehouse(house, read_only=True) as warehouse:
        counts = "SELECT (FROM raw.documents SELECT count(*)), count(*) FILTER (level = 'project') FROM raw.lines"
        assert warehouse.execute(counts).fetchall() == [(everything.documents, everything.lines)]
        assert warehouse.execute("SELECT count(*) FROM raw.targets").fetchall() == [(everything.targets,)]
    assert everything.lines / 10_000 == pytest.approx(1, abs=0.1)
    assert 0 < increment.documents < everything.documents / 20


def test_projects_and_indicators_stay_over_the_years(grown: tuple[House, Landed, Landed]) -> None:
    house, _, _ = grown
    with open_warehouse(house, read_only=True) as warehouse:
        [(again,)] = warehouse.execute(
            """
            WITH years AS (
                SELECT organization_name, name, count(DISTINCT fiscal_year) AS years
                FROM raw.lines JOIN raw.documents USING (document_id) WHERE level = 'project' GROUP BY ALL
            )
            SELECT count(*) FILTER (years > 1) / count(*) FROM years
            """
        ).fetchall()
        [(names, indicators)] = warehouse.execute(
            "SELECT count(DISTINCT name), count(*) FROM raw.indicators"
        ).fetchall()
    assert again > 0.4
    assert 0.05 < names / indicators < 0.6


def test_what_landed_twice_is_loaded_once(tmp_path: Path) -> None:
    house = House(tmp_path / "house", tmp_path / "inbox")
    contents = []
    for _ in range(2):
        Records(300).land(house)
        load(house)
        with open_warehouse(house, read_only=True) as warehouse:
            contents.append({name: warehouse.execute(f"FROM raw.{name} ORDER BY ALL").fetchall() for name in SCHEMAS})
    assert contents[0] == contents[1]


def test_an_increment_of_many_bodies_and_years_gives_what_a_build_of_everything_gives(
    grown: tuple[House, Landed, Landed], tmp_path: Path
) -> None:
    house, _, _ = grown
    assert build(house) == "everything"
    load(house)
    assert build(house) == "facts"
    again = tmp_path / "again.duckdb"
    shutil.copy(house.warehouse, again)
    dbt(again, "build", "--full-refresh", "--exclude-resource-type", "unit_test")
    assert_same_tables(again, house.warehouse)


def test_ten_queries_are_asked() -> None:
    queries = dashboard_queries()
    assert len(queries) == 10
    for query in queries.values():
        assert duckdb.extract_statements(query)[0].type == duckdb.StatementType.SELECT


def test_the_page_holds_growth_against_its_goals() -> None:
    def at(lines: int, seconds: float, peak_gb: float) -> Grown:
        costs = {step: Cost(seconds, seconds * 2, peak_gb) for step in STEPS}
        part = {step: Cost(seconds / 10, seconds, 0.5) for step in STEPS}
        asked = {about: Asked(0.2, 0.1, 3) for about in dashboard_queries()}
        return Grown(Landed(lines // 36, lines, lines * 8), Landed(1, lines // 100, lines // 12), costs, part, asked)

    met = text_of({10_000: at(10_000, 20, 0.4), 100_000: at(100_000, 40, 1)}, "on a day")
    assert met.count("| met |") == 4
    assert "| increment, build: s | 2.0 | 4.0 |" in met
    missed = text_of({10_000: at(10_000, 20, 0.4), 100_000: at(100_000, 300, 9)}, "on a day")
    assert "| growth of the build by growth of the lines, at its steepest | ≤ 1 | 1.50 | missed |" in missed
    assert "| peak memory of any step at the largest size, GB | ≤ 8 | 9.00 | missed |" in missed
    slow = at(100_000, 40, 1)
    slow.queries = {about: dataclasses.replace(asked, seconds=0.3) for about, asked in slow.queries.items()}
    assert "| median query, ms | < 200 | 300 | missed |" in text_of({100_000: slow}, "on a day")


def test_a_build_leaves_half_of_a_small_machine_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("JIXIAO_BUILD_MEMORY", raising=False)
    sizes = {"SC_PAGE_SIZE": 4096, "SC_PHYS_PAGES": 1_000_000}
    monkeypatch.setattr("os.sysconf", sizes.__getitem__)
    assert build_memory() == "2048MB"
    sizes["SC_PHYS_PAGES"] = 100_000_000
    assert build_memory() == "6000MB"
