"""Flat: the columns of a published table for tools that know only plain ones: a box → four columns, a list → a text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb

LIST_SEPARATOR = "、"


@dataclass(frozen=True, slots=True)
class FlatColumn:
    """A column: its name, the SQL that gives it, its type, and what its comment says."""

    name: str
    sql: str
    kind: str
    comment: str | None


def flat_columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[FlatColumn]:
    """The columns of a table of the database in use, in order."""
    columns = connection.execute(
        """
        SELECT column_name, data_type, comment FROM duckdb_columns()
        WHERE database_name = current_database() AND schema_name = ? AND table_name = ? ORDER BY column_index
        """,
        [schema, table],
    ).fetchall()
    return [flat for name, kind, comment in columns for flat in _flattened(connection, name, kind, comment)]


def _flattened(
    connection: duckdb.DuckDBPyConnection, name: str, kind: str, comment: str | None
) -> Iterator[FlatColumn]:
    if kind.endswith("[]"):
        yield FlatColumn(name, f"array_to_string({name}, '{LIST_SEPARATOR}')", "VARCHAR", comment)
    elif kind.startswith("STRUCT("):
        parts = connection.execute(f"DESCRIBE SELECT unnest(CAST(NULL AS {kind}))").fetchall()
        for part, of, *_ in parts:
            yield FlatColumn(f"{name}_{part}", f'{name}."{part}"', of, comment)
    else:
        yield FlatColumn(name, name, kind, comment)
