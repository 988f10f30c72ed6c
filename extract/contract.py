"""The contract: its version, and how a warehouse gets the raw schema of this version, whichever version made it.

A column or a table that a definition names and a warehouse lacks is added. What takes more than adding (a table
that was made otherwise) is a numbered step below. All of it happens in one transaction, which notes the version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pyarrow as pa

from extract.corrections import CORRECTION_SCHEMA
from extract.land import COLLECTION_SCHEMA, OBSERVATION_SCHEMA, SCHEMAS

CONTRACT_VERSION = 2
"""The version of the published tables and of the working warehouse; raised with every change that readers of
the one, or earlier houses of the other, must know of."""

STEPS: Mapping[int, Sequence[str]] = {
    2: (
        # builds had a number as their key, which no later build gave; they are noted anew by the next one
        "DROP TABLE IF EXISTS raw.builds",
    ),
}
"""Contract version → what makes a warehouse of the version before one of it, beyond tables and columns that are added.

Houses of before version 2 carry no version; they may lack any table but ``raw.loads``."""

_LANDED: Mapping[str, pa.Schema] = {
    **SCHEMAS,
    "observations": OBSERVATION_SCHEMA,
    "collections": COLLECTION_SCHEMA,
    "corrections": CORRECTION_SCHEMA,
}
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
CREATE TABLE IF NOT EXISTS raw.built_documents (
    document_id VARCHAR PRIMARY KEY,
    reading_key VARCHAR NOT NULL,
    facts_key VARCHAR NOT NULL
);
DROP TABLE IF EXISTS raw.built_bodies; -- of before a body was built year by year
CREATE TABLE IF NOT EXISTS raw.built_body_years (
    organization_id VARCHAR,
    fiscal_year INTEGER,
    region_id VARCHAR,
    facts_key VARCHAR NOT NULL,
    PRIMARY KEY (organization_id, fiscal_year)
);
CREATE TABLE IF NOT EXISTS raw.forgotten (
    document_id VARCHAR PRIMARY KEY
);
CREATE TABLE IF NOT EXISTS raw.contract (
    contract_version INTEGER NOT NULL
);
"""


def version_of(warehouse: duckdb.DuckDBPyConnection) -> int | None:
    """The contract version of a warehouse: 1 for all that carry none; None where it is no warehouse of Jixiao."""
    tables = {
        name
        for (name,) in warehouse.execute(
            "SELECT table_name FROM duckdb_tables() WHERE database_name = current_database() AND schema_name = 'raw'"
        ).fetchall()
    }
    if "loads" not in tables:
        return None
    row = warehouse.execute("SELECT contract_version FROM raw.contract").fetchone() if "contract" in tables else None
    return int(row[0]) if row else 1


def create_raw(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Make the raw schema of this version: in an empty database, or out of an earlier version's."""
    version = version_of(warehouse)
    warehouse.begin()
    warehouse.execute("CREATE SCHEMA IF NOT EXISTS raw")
    if version is not None:
        for number in range(version + 1, CONTRACT_VERSION + 1):
            for statement in STEPS.get(number, ()):
                warehouse.execute(statement)
    for name, schema in _LANDED.items():
        _add_what_is_missing(warehouse, name, schema)
    warehouse.execute(_STATE)
    warehouse.execute("DELETE FROM raw.contract")
    warehouse.execute("INSERT INTO raw.contract VALUES (?)", [CONTRACT_VERSION])
    warehouse.commit()


def _add_what_is_missing(warehouse: duckdb.DuckDBPyConnection, name: str, schema: pa.Schema) -> None:
    empty = pa.Table.from_pylist([], schema)
    warehouse.register("empty", empty)
    warehouse.execute(f"CREATE TABLE IF NOT EXISTS raw.{name} AS SELECT * FROM empty")
    known = {column for column, *_ in warehouse.execute(f"DESCRIBE raw.{name}").fetchall()}
    for column, kind, *_ in warehouse.execute("DESCRIBE empty").fetchall():
        if column not in known:
            warehouse.execute(f"ALTER TABLE raw.{name} ADD COLUMN {column} {kind}")
    warehouse.unregister("empty")
