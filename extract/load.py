"""Load: landed Parquet files → ``raw.*`` in DuckDB, each batch in one transaction."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import duckdb
import pyarrow as pa

from extract.corrections import folder as corrections_folder
from extract.corrections import read_correction
from extract.land import COLLECTION_SCHEMA, OBSERVATION_SCHEMA, SCHEMAS, collection_of, observations_folder
from extract.pending import unloaded
from extract.progress import report
from extract.settings import House
from extract.tombstones import forgotten_ids
from extract.warehouse import open_warehouse

_STATE = """
CREATE TABLE IF NOT EXISTS raw.loads (
    load_id VARCHAR PRIMARY KEY,
    kind VARCHAR NOT NULL,
    loaded_at TIMESTAMPTZ NOT NULL
);
CREATE TABLE IF NOT EXISTS raw.builds (
    rules_fingerprint VARCHAR,
    facts_fingerprint VARCHAR NOT NULL,
    observations_fingerprint VARCHAR NOT NULL,
    built_at TIMESTAMPTZ NOT NULL
);
ALTER TABLE raw.builds ADD COLUMN IF NOT EXISTS rules_fingerprint VARCHAR;
CREATE TABLE IF NOT EXISTS raw.built_documents (
    document_id VARCHAR PRIMARY KEY,
    reading_key VARCHAR NOT NULL,
    facts_key VARCHAR NOT NULL
);
CREATE TABLE IF NOT EXISTS raw.forgotten (
    document_id VARCHAR PRIMARY KEY
);
CREATE TABLE IF NOT EXISTS raw.corrections (
    correction_id VARCHAR PRIMARY KEY,
    document_id VARCHAR NOT NULL,
    project_line_id VARCHAR NOT NULL,
    field VARCHAR NOT NULL,
    fund_source_id VARCHAR,
    indicator_position INTEGER,
    period VARCHAR,
    component_number INTEGER,
    decision VARCHAR NOT NULL,
    printed_value VARCHAR NOT NULL,
    new_value VARCHAR,
    reason VARCHAR NOT NULL,
    decided_by VARCHAR NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL
);
"""


def load(house: House) -> int:
    """Load everything that landed and is not loaded; how many batches and files that were.

    A batch replaces what the same document and reader version had, so loading again changes nothing. Of documents that
    were forgotten no reading is loaded.
    """
    if not house.warehouse.exists():
        _create_warehouse(house)
    paths = unloaded(house)
    with open_warehouse(house) as warehouse:
        create_raw(warehouse)
        leave_out_forgotten(warehouse, house)
        for path in paths:
            warehouse.begin()
            if path.parent == observations_folder(house):
                _load_observations(warehouse, path)
            elif path.parent == corrections_folder(house):
                _load_correction(warehouse, path)
            else:
                _load_readings(warehouse, path)
            warehouse.commit()
    report(f"loaded {len(paths)} landed files" if paths else "nothing new to load")
    return len(paths)


def _create_warehouse(house: House) -> None:
    """Make the warehouse beside its place, then move it there: where its file stands, the raw schema does."""
    house.warehouse.parent.mkdir(parents=True, exist_ok=True)
    temporary = house.warehouse.with_name(".jixiao.duckdb.new")
    for leftover in (temporary, temporary.with_name(temporary.name + ".wal")):
        leftover.unlink(missing_ok=True)
    with duckdb.connect(str(temporary)) as warehouse:
        create_raw(warehouse)
    temporary.replace(house.warehouse)


def create_raw(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Make the raw schema, its tables and columns where they are missing: those of what lands in it."""
    warehouse.begin()
    warehouse.execute("CREATE SCHEMA IF NOT EXISTS raw")
    for name, schema in {**SCHEMAS, "observations": OBSERVATION_SCHEMA, "collections": COLLECTION_SCHEMA}.items():
        empty = pa.Table.from_pylist([], schema)
        warehouse.register("empty", empty)
        warehouse.execute(f"CREATE TABLE IF NOT EXISTS raw.{name} AS SELECT * FROM empty")
        known = {column for column, *_ in warehouse.execute(f"DESCRIBE raw.{name}").fetchall()}
        for column, kind, *_ in warehouse.execute("DESCRIBE empty").fetchall():
            if column not in known:  # a warehouse of an earlier version
                warehouse.execute(f"ALTER TABLE raw.{name} ADD COLUMN {column} {kind}")
        warehouse.unregister("empty")
    warehouse.execute(_STATE)
    warehouse.commit()


def leave_out_forgotten(warehouse: duckdb.DuckDBPyConnection, house: House) -> None:
    """Delete the readings of documents that were forgotten since the last load, and note that they are no more."""
    known = {document_id for (document_id,) in warehouse.execute("SELECT document_id FROM raw.forgotten").fetchall()}
    for document_id in sorted(forgotten_ids(house) - known):
        warehouse.begin()
        for name in SCHEMAS:
            warehouse.execute(f"DELETE FROM raw.{name} WHERE document_id = ?", [document_id])
        warehouse.execute("INSERT INTO raw.forgotten VALUES (?)", [document_id])
        warehouse.commit()


def _load_readings(warehouse: duckdb.DuckDBPyConnection, folder: Path) -> None:
    documents = str(folder / "documents.parquet")
    for name in SCHEMAS:
        warehouse.execute(
            f"""
            DELETE FROM raw.{name} AS old USING read_parquet(?, hive_partitioning = false) AS new
            WHERE old.document_id = new.document_id AND old.reader_version = new.reader_version
            """,
            [documents],
        )
        _insert(
            warehouse, name, folder / f"{name}.parquet", "document_id NOT IN (SELECT document_id FROM raw.forgotten)"
        )
    _note(warehouse, folder, "readings")


def _load_observations(warehouse: duckdb.DuckDBPyConnection, path: Path) -> None:
    _insert(warehouse, "observations", path)
    if (row := collection_of(path)) is not None:
        warehouse.execute(
            "INSERT INTO raw.collections BY NAME SELECT $source_id AS source_id, $collected_at AS collected_at,"
            " $listed_count AS listed_count, $not_due_count AS not_due_count",
            row,
        )
    _note(warehouse, path, "observations")


def _load_correction(warehouse: duckdb.DuckDBPyConnection, path: Path) -> None:
    row = asdict(read_correction(path))
    values = ", ".join(f"${column} AS {column}" for column in row)
    warehouse.execute(f"INSERT INTO raw.corrections BY NAME SELECT {values}", row)
    _note(warehouse, path, "corrections")


def _insert(warehouse: duckdb.DuckDBPyConnection, name: str, path: Path, wanted: str = "true") -> None:
    warehouse.execute(
        f"INSERT INTO raw.{name} BY NAME SELECT * FROM read_parquet(?, hive_partitioning = false) WHERE {wanted}",
        [str(path)],
    )


def _note(warehouse: duckdb.DuckDBPyConnection, path: Path, kind: str) -> None:
    warehouse.execute("INSERT INTO raw.loads VALUES (?, ?, now())", [path.name, kind])
