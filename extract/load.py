"""Load: landed Parquet files → ``raw.*`` in DuckDB, each batch in one transaction."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import duckdb

from extract.contract import create_raw
from extract.corrections import folder as corrections_folder
from extract.corrections import read_correction
from extract.land import SCHEMAS, collection_of, observations_folder
from extract.pending import unloaded
from extract.progress import report
from extract.settings import House
from extract.tombstones import forgotten_ids
from extract.warehouse import open_warehouse


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
    same_reading = "old.document_id = new.document_id AND old.reader_version = new.reader_version"
    again = warehouse.execute(
        "SELECT 1 FROM raw.documents AS old, read_parquet(?, hive_partitioning = false) AS new"
        f" WHERE {same_reading} LIMIT 1",
        [documents],
    ).fetchone()
    for name in SCHEMAS:
        if again is not None:  # to look for rows takes the longer the more there are
            warehouse.execute(
                f"DELETE FROM raw.{name} AS old USING read_parquet(?, hive_partitioning = false) AS new"
                f" WHERE {same_reading}",
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
