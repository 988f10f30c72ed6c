"""The tables of two engines, row by row: what one has and the other has not, as often as it has it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

SCHEMAS = ["marts", "quality", "history"]
_HOUSE = "jixiao"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One table: its rows in DuckDB, and what sets the two engines' apart."""

    name: str
    row_count: int
    types: tuple[str, ...]
    """Columns that the engines type or order otherwise."""
    only_duckdb: list[tuple[Any, ...]]
    only_spark: list[tuple[Any, ...]]

    @property
    def is_identical(self) -> bool:
        """Whether the engines made the same of it."""
        return not (self.types or self.only_duckdb or self.only_spark)


def compare(warehouse: Path, spark_folder: Path) -> Iterator[Comparison]:
    """Every table and view that DuckDB built for readers against the Parquet files that Spark wrote.

    Names, order and types of columns, and rows by ``EXCEPT ALL`` both ways; nothing is left out. A table that one
    engine alone has is not identical.
    """
    with duckdb.connect() as both:
        both.execute("SET TimeZone = 'UTC'")
        # under the name it was built as, which its views may say
        both.execute(f"ATTACH '{warehouse}' AS {_HOUSE} (READ_ONLY)")
        built = both.execute(
            """
            SELECT schema_name, name
            FROM (
                SELECT database_name, schema_name, table_name AS name FROM duckdb_tables()
                UNION ALL
                SELECT database_name, schema_name, view_name AS name FROM duckdb_views()
            )
            WHERE database_name = $1 AND list_contains($2, schema_name)
            """,
            [_HOUSE, SCHEMAS],
        ).fetchall()
        for schema, table in sorted({*built, *_tables_of_spark(spark_folder)}):
            files = spark_folder / f"{schema}.db" / table / "*.parquet"
            here = f"{_HOUSE}.{schema}.{table}" if (schema, table) in built else None
            there = f"read_parquet('{files}')" if files.parent.exists() else None
            yield _compared(both, f"{schema}.{table}", here, there)


def _tables_of_spark(folder: Path) -> Iterator[tuple[str, str]]:
    for schema in SCHEMAS:
        yield from ((schema, path.name) for path in (folder / f"{schema}.db").glob("[!.]*"))


def _compared(both: duckdb.DuckDBPyConnection, name: str, here: str | None, there: str | None) -> Comparison:
    if here is None or there is None:
        missing = "DuckDB" if here is None else "Spark"
        return Comparison(name, 0, (f"the whole table is missing in {missing}",), [], [])
    [(row_count,)] = both.execute(f"SELECT count(*) FROM {here}").fetchall()
    columns_here, columns_there = _columns(both, here), _columns(both, there)
    if columns_here != columns_there:
        apart = {*columns_here} ^ {*columns_there} or {"the order of the columns"}
        return Comparison(name, row_count, tuple(sorted(apart)), [], [])
    return Comparison(name, row_count, (), _only(both, here, there), _only(both, there, here))


def _columns(both: duckdb.DuckDBPyConnection, table: str) -> list[str]:
    return [f"{column} {kind}" for column, kind, *_ in both.execute(f"DESCRIBE FROM {table}").fetchall()]


def _only(both: duckdb.DuckDBPyConnection, one: str, other: str) -> list[tuple[Any, ...]]:
    return both.execute(f"(FROM {one} EXCEPT ALL FROM {other}) ORDER BY ALL").fetchall()
