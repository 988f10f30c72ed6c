"""That the models can go to another engine, as far as it shows without that engine: make spark shows the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import yaml

from extract.land import SCHEMAS, land_observations
from extract.load import load
from extract.records import Lists
from extract.settings import House
from spark.compare import Comparison, compare
from spark.raw import raw_statements, write_collections
from tests.conftest import PROJECT

DBT = PROJECT / "dbt_project"
ENGINE = DBT / "macros" / "engine.sql"

# What DuckDB and Spark both have under one name and mean alike. What only one of them has goes into engine.sql.
FUNCTIONS = set(
    """
    abs array_distinct array_intersect bool_and bool_or cast chr coalesce concat concat_ws contains count decimal exists
    first_value floor greatest grouping lag last_value lead least left length lower max max_by min min_by nullif right
    row_number substr sum translate trim upper
    """.split()
)
KEYWORDS = set(
    "all and as by distinct else except filter from in join materialized not on or over sets then using values when"
    " where".split()
)
# Writings that one of the two does not read, or reads otherwise.
FOREIGN = {
    r"::": "cast(… as …)",
    r"\bvarchar\b": "string",
    r"\bqualify\b": "a common table expression",
    r"\*\s*(exclude|replace|except)\s*\(": "the columns by name",
    r"\bgroup by all\b|\border by all\b": "the columns by name",
    r"\blambda\b|->": "a macro of engine.sql",
    r"//": "a macro of engine.sql",
    r"\bas materialized\b": "computed_first()",
    r"\[\s*\]|\bselect\s*\[": "a macro of engine.sql",
    r"\bfilter\s*\([^()]*(\([^()]*\)[^()]*)*\)\s*over\b": "case when … end in the window's aggregate",
    r"\bfilter\s*\((?!\s*where\b)": "filter (where …)",
    r"\(\s*distinct\b[^()]*\)\s*over\b": "what is distinct first",
    r"\bunion (all )?by name\b": "the columns in order",
}


@pytest.mark.parametrize("seed", sorted((DBT / "seeds").glob("*.csv")), ids=lambda seed: seed.stem)
def test_every_column_of_a_seed_has_a_type_that_both_read(seed: Path) -> None:
    project = yaml.safe_load((DBT / "dbt_project.yml").read_text(encoding="utf-8"))
    header = seed.read_text(encoding="utf-8").splitlines()[0].split(",")
    types = project["seeds"]["jixiao"][seed.stem]["+column_types"]
    assert list(types) == header
    assert set(types.values()) <= {"varchar", "integer", "boolean"}


def sql_of(path: Path) -> str:
    """What stands in a file without comments, texts and what its calls of macros say."""
    text = re.sub(r"\{#.*?#\}|--[^\n]*", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"'[^'\n]*'", "_", re.sub(r"\{\{.*?\}\}|\{%.*?%\}", " _ ", text, flags=re.DOTALL))
    return text.lower()


def sql_files() -> Iterator[Path]:
    for folder in ("models", "tests", "macros"):
        yield from (path for path in sorted((DBT / folder).rglob("*.sql")) if path != ENGINE)


def foreign_in(sql: str) -> list[str]:
    """What one of the two engines does not understand, or otherwise."""
    named = re.findall(r"(?:with|recursive|,)\s+([a-z_0-9]+)\s*\([^()]*\)\s+as\s+(?:_\s+)?\(", sql)
    called = {*re.findall(r"\b([a-z_0-9]+)\s*\(", sql)} - FUNCTIONS - KEYWORDS - {"_", *named}
    return [
        *(f"{name}(): a function of both, or a macro of engine.sql" for name in sorted(called)),
        *(f"{written}: better {better}" for written, better in FOREIGN.items() if re.search(written, sql)),
    ]


def test_models_are_written_in_what_both_engines_understand() -> None:
    found = {str(path.relative_to(DBT)): foreign for path in sql_files() if (foreign := foreign_in(sql_of(path)))}
    assert found == {}


@pytest.mark.parametrize(
    "written",
    [
        "list_transform(a, 1)",
        "a::int",
        "* exclude (a)",
        "string_agg(a, 'b')",
        "min(a) filter (where b in (1, 2)) over ()",
        "count(*) filter (b)",
        "cast(a as varchar)",
        "count(distinct a) over (partition by b)",
    ],
)
def test_what_one_engine_alone_understands_is_found(tmp_path: Path, written: str) -> None:
    path = tmp_path / "model.sql"
    query = "-- a::int\nselect {} from {{{{ ref('a::b') }}}} where b = 'list(x)'"
    path.write_text(query.format(written), encoding="utf-8")
    assert foreign_in(sql_of(path))
    path.write_text(query.format("cast(a as string)"), encoding="utf-8")
    assert foreign_in(sql_of(path)) == []


def test_every_difference_is_told_for_both_engines() -> None:
    macros = re.findall(r"macro (?:(default|spark)__)?(\w+)\((.*?)\)", ENGINE.read_text(encoding="utf-8"))
    said = {
        engine: {(name, arguments) for its, name, arguments in macros if its == engine} for engine in ("", "default")
    }
    dispatched = {name for name, _ in said["default"]}
    assert len(dispatched) > 10
    for its, name, arguments in macros:
        if name in dispatched and not its:
            plain = re.sub(r"=[^,]+", "", arguments)
            assert {plain} == {told for other, same, told in macros if same == name and other}, name
            assert [other for other, same, _ in macros if same == name and other] == ["default", "spark"]


def test_spark_finds_every_raw_table_in_the_landing() -> None:
    staging = yaml.safe_load((DBT / "models" / "staging" / "_staging.yml").read_text(encoding="utf-8"))
    statements = list(raw_statements("s3a://bucket/landing", "s3a://bucket/collections"))
    made = {match[1] for text in statements if (match := re.match(r"create or replace view raw\.(\w+) ", text))}
    assert made == {table["name"] for source in staging["sources"] for table in source["tables"]}
    [lines] = [text for text in statements if text.startswith("create table landed.lines")]
    assert "total_yuan decimal(18, 2)" in lines
    assert "bbox struct<x0: double, top: double, x1: double, bottom: double>" in lines
    assert "pathGlobFilter 'lines.parquet') location 's3a://bucket/landing/readings'" in lines
    assert all(f"create table landed.{name} (" in "\n".join(statements) for name in SCHEMAS)


def test_what_collections_said_is_what_duckdb_loads(tmp_path: Path) -> None:
    house = House(tmp_path, tmp_path / "inbox")
    land_observations("site", [], house, Lists(listed=7, not_due=2))
    land_observations("inbox", [], house)
    load(house)
    write_collections(house.landing, tmp_path / "collections")
    with duckdb.connect(str(house.warehouse)) as warehouse:
        loaded = warehouse.execute("FROM raw.collections").fetchall()
        written = warehouse.execute(f"FROM '{tmp_path}/collections/*.parquet'").fetchall()
    assert len(written) == 1
    assert written == loaded


@pytest.fixture
def engines(tmp_path: Path) -> tuple[Path, Path]:
    """A warehouse of DuckDB and a folder of Spark with one equal table, whose rows stand in another order."""
    warehouse, folder = tmp_path / "jixiao.duckdb", tmp_path / "tables"
    (folder / "marts.db" / "one").mkdir(parents=True)
    with duckdb.connect(str(warehouse)) as made:
        made.execute(
            "CREATE SCHEMA marts; CREATE TABLE marts.one AS FROM (VALUES (1, 'a'), (1, 'a'), (2, NULL)) t(x, y)"
        )
        made.execute(f"COPY (FROM marts.one ORDER BY x DESC) TO '{folder}/marts.db/one/part.parquet'")
    return warehouse, folder


def compared(engines: tuple[Path, Path], change: str) -> list[Comparison]:
    with duckdb.connect(str(engines[0])) as changed:
        changed.execute(change)
    return list(compare(*engines))


@pytest.mark.parametrize("same", ["SELECT 1", "UPDATE marts.one SET x = x"])
def test_equal_tables_are_identical(engines: tuple[Path, Path], same: str) -> None:
    [one] = compared(engines, same)
    assert (one.name, one.row_count, one.is_identical) == ("marts.one", 3, True)


@pytest.mark.parametrize(
    ("change", "only_duckdb", "only_spark"),
    [
        ("INSERT INTO marts.one VALUES (1, 'a')", [(1, "a")], []),
        ("DELETE FROM marts.one WHERE y IS NULL", [], [(2, None)]),
        ("UPDATE marts.one SET y = '' WHERE y IS NULL", [(2, "")], [(2, None)]),
    ],
)
def test_a_row_more_or_less_often_is_found(
    engines: tuple[Path, Path], change: str, only_duckdb: list[object], only_spark: list[object]
) -> None:
    [one] = compared(engines, change)
    assert not one.is_identical
    assert (one.only_duckdb, one.only_spark) == (only_duckdb, only_spark)


def test_another_type_and_a_missing_table_are_found(engines: tuple[Path, Path]) -> None:
    [one] = compared(engines, "ALTER TABLE marts.one ALTER x TYPE BIGINT")
    assert one.types == ("x BIGINT", "x INTEGER")
    change = "ALTER TABLE marts.one ALTER x TYPE INTEGER; CREATE VIEW marts.two AS SELECT x FROM marts.one"
    [one, two] = compared(engines, change)
    assert one.is_identical
    assert two.types == ("the whole table is missing in Spark",)
    pq.write_table(pa.table({"x": [1]}), engines[1] / "marts.db" / "one" / "more.parquet")
    assert not next(iter(compare(*engines))).is_identical
