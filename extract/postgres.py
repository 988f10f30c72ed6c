"""Postgres: a release → schemas of the database that ``JIXIAO_POSTGRES`` names, for tools that speak to a server.

Everything is written into schemas beside, which one transaction puts in place by renaming; what was there before goes
when nobody reads it any more. Boxes are four columns, lists are texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
from psycopg2 import sql
from psycopg2.extensions import parse_dsn

from extract.extension import load_extension
from extract.flat import FlatColumn, flat_columns
from extract.progress import report

_OURS = "Jixiao 绩效"
"""How the comment of each schema of ours begins: no other is ever renamed or dropped."""
_PATIENCE = "5s"
"""How long dropping what was there before waits for who still reads it."""


class PostgresError(Exception):
    """The release did not reach Postgres; the message says why, without the password."""


def release_in_postgres(address: str) -> str | None:
    """The id of the release that a database holds; None where it holds none.

    Raises:
        PostgresError: it cannot be asked.
    """
    with _connected(address) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('quality.qa_release')")
        if cursor.fetchone() == (None,) or not _ours(cursor, "quality"):
            return None
        cursor.execute("SELECT release_id FROM quality.qa_release")
        row = cursor.fetchone()
        return row[0] if row else None


def publish_to_postgres(file: Path, schemas: Sequence[str], address: str) -> None:
    """Put the tables of a published file in place of those that a database holds, all at one moment.

    Raises:
        PostgresError: the database cannot be written, or holds schemas of these names that are somebody else's.
    """
    with _connected(address) as connection, connection.cursor() as cursor:
        _refuse_those_of_others(cursor, schemas)
        for schema in schemas:
            _drop(cursor, f"{schema}_new")
            cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(f"{schema}_new")))
            about = sql.Literal(f"{_OURS}: {schema}; replaced by each release")
            cursor.execute(sql.SQL("COMMENT ON SCHEMA {} IS {}").format(sql.Identifier(f"{schema}_new"), about))
    with duckdb.connect() as published:
        quoted = str(file).replace("'", "''")
        published.execute(f"ATTACH '{quoted}' AS release (READ_ONLY)")
        published.execute("USE release")
        tables = _tables(published, schemas)
        _copy(published, tables, address)
    with _connected(address) as connection, connection.cursor() as cursor:
        for schema, table, comment, keys, columns in tables:
            _describe(cursor, sql.Identifier(f"{schema}_new", table), comment, keys, columns)
    ending = f"_until_{datetime.now(UTC):%Y%m%dt%H%M%S%f}"
    with _connected(address) as connection, connection.cursor() as cursor:
        _refuse_those_of_others(cursor, schemas)
        for schema in schemas:
            if _ours(cursor, schema):
                cursor.execute(_renamed(schema, f"{schema}{ending}"))
            cursor.execute(_renamed(f"{schema}_new", schema))
    _drop_what_was_there(schemas, address)
    report("published to Postgres")


def _renamed(name: str, new_name: str) -> sql.Composed:
    return sql.SQL("ALTER SCHEMA {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(new_name))


_Table = tuple[str, str, str, list[str], list[FlatColumn]]


def _tables(published: duckdb.DuckDBPyConnection, schemas: Sequence[str]) -> list[_Table]:
    """Schema, name, comment, key and flat columns of each published table."""
    found = published.execute(
        """
        SELECT
            t.schema_name, t.table_name, coalesce(t.comment, ''),
            coalesce(any_value(k.constraint_column_names) FILTER (k.constraint_type = 'PRIMARY KEY'), [])
        FROM duckdb_tables() AS t LEFT JOIN duckdb_constraints() AS k USING (database_name, schema_name, table_name)
        WHERE database_name = current_database() AND list_contains(?, t.schema_name) GROUP BY ALL ORDER BY ALL
        """,
        [list(schemas)],
    ).fetchall()
    return [
        (schema, table, comment, keys, flat_columns(published, schema, table)) for schema, table, comment, keys in found
    ]


def _copy(published: duckdb.DuckDBPyConnection, tables: Sequence[_Table], address: str) -> None:
    load_extension(published, "postgres_scanner")
    published.execute("SET pg_null_byte_replacement = ''")  # a text of Postgres holds no NUL
    quoted = address.replace("'", "''")
    try:
        published.execute(f"ATTACH '{quoted}' AS pg (TYPE postgres)")
        for schema, table, _, _, columns in tables:
            selected = ", ".join(f'{column.sql} AS "{column.name}"' for column in columns)
            published.execute(f"CREATE TABLE pg.{schema}_new.{table} AS SELECT {selected} FROM {schema}.{table}")
    except duckdb.Error as error:
        raise PostgresError(_without_password(str(error), address)) from None


def _describe(
    cursor: Any, table: sql.Identifier, comment: str, keys: Sequence[str], columns: Sequence[FlatColumn]
) -> None:
    cursor.execute(sql.SQL("COMMENT ON TABLE {} IS {}").format(table, sql.Literal(comment)))
    for column in columns:
        named = sql.SQL("{}.{}").format(table, sql.Identifier(column.name))
        cursor.execute(sql.SQL("COMMENT ON COLUMN {} IS {}").format(named, sql.Literal(column.comment)))
    if keys:
        names = sql.SQL(", ").join(map(sql.Identifier, keys))
        cursor.execute(sql.SQL("ALTER TABLE {} ADD PRIMARY KEY ({})").format(table, names))
    cursor.execute(sql.SQL("ANALYZE {}").format(table))


def _ours(cursor: Any, pattern: str) -> set[str]:
    """Those of the schemas whose names fit a pattern (of LIKE) that a release of ours made."""
    cursor.execute(
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE %s"
        " AND starts_with(coalesce(obj_description(oid, 'pg_namespace'), ''), %s)",
        [pattern, _OURS],
    )
    return {name for (name,) in cursor.fetchall()}


def _refuse_those_of_others(cursor: Any, schemas: Sequence[str]) -> None:
    names = [name for schema in schemas for name in (schema, f"{schema}_new")]
    cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)", [names])
    others = sorted(name for (name,) in cursor.fetchall() if not _ours(cursor, name))
    if others:
        raise PostgresError(
            f"the database holds schemas that are not Jixiao's: {', '.join(others)}; give Jixiao a database of its own"
        )


def _drop(cursor: Any, schema: str) -> None:
    cursor.execute(sql.SQL("SET LOCAL lock_timeout = {}").format(sql.Literal(_PATIENCE)))
    cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))


def _drop_what_was_there(schemas: Sequence[str], address: str) -> None:
    with _connected(address) as connection, connection.cursor() as cursor:
        former = sorted(name for schema in schemas for name in _ours(cursor, f"{schema}\\_until\\_%"))
    for schema in former:
        try:
            with _connected(address) as connection, connection.cursor() as cursor:
                _drop(cursor, schema)
        except PostgresError:
            report(
                f"{schema} stays in Postgres until nobody reads it any more: the next release tries to drop it again"
            )


@contextmanager
def _connected(address: str) -> Iterator[Any]:
    """A connection with one transaction, committed when the block ends well."""
    try:
        connection = psycopg2.connect(address, connect_timeout=10, application_name="jixiao")
    except psycopg2.Error as error:
        raise PostgresError(_without_password(str(error), address)) from None
    try:
        with connection:
            yield connection
    except psycopg2.Error as error:
        raise PostgresError(_without_password(str(error), address)) from None
    finally:
        connection.close()


def _without_password(message: str, address: str) -> str:
    told = " ".join(message.replace(address, "the database").split())
    try:
        password = parse_dsn(address).get("password")
    except psycopg2.Error:
        return "JIXIAO_POSTGRES is no address of a database"
    return told.replace(password, "…") if password else told
