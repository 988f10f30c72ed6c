"""Publish: marts and quality → a read-only DuckDB file, swapped in atomically and only through the gate.

Readers keep the file they have until the next one is whole. The gate stops on rows that were loaded and reached no
mart, and on current documents that vanished without being forgotten; never on documents that are merely partial.
"""

from __future__ import annotations

import os
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from extract.pending import Build, last_build, published_build, wanted_build
from extract.progress import report
from extract.settings import House
from extract.warehouse import open_warehouse

SCHEMAS = ("marts", "quality")
CONTRACT_VERSION = 1
"""The version of the published tables' contract; raised with every change a reader must know of."""


_RELEASE_COMMENTS = {
    "TABLE quality.qa_release": "One row: which build readers have. 只有一行：读者所用的版本。",
    "COLUMN quality.qa_release.contract_version": "Version of the tables' contract. 表结构约定的版本。",
    "COLUMN quality.qa_release.rules_fingerprint": "By which models it was built. 构建所用模型的指纹。",
    "COLUMN quality.qa_release.facts_fingerprint": "Which documents went in. 所含文件的指纹。",
    "COLUMN quality.qa_release.observations_fingerprint": "Which observations went in. 所含采集记录的指纹。",
    "COLUMN quality.qa_release.published_at": "When it was published. 发布时间。",
}


class GateError(Exception):
    """The built warehouse may not be published; the message says why."""


def publish(house: House) -> bool:
    """Publish the last build unless readers have it already; whether a file was swapped in.

    Rows that were loaded since that build wait for the next one, which publishes them.

    Raises:
        GateError: the gate is shut; readers keep the file they have.
    """
    if not house.warehouse.exists():
        return False
    with open_warehouse(house, read_only=True) as warehouse:
        build, wanted = last_build(warehouse), wanted_build(warehouse)
    if build is None or build != wanted:
        report("rows were loaded that no build has seen: the next build publishes them")
        return False
    if published_build(house) == build:
        report("nothing to publish")
        return False
    check_gate(house)
    house.published.parent.mkdir(parents=True, exist_ok=True)
    temporary = house.published.with_name(".jixiao.duckdb.new")
    for leftover in (temporary, temporary.with_name(temporary.name + ".wal")):
        leftover.unlink(missing_ok=True)
    _write(house, temporary, build)
    with temporary.open("rb") as file:
        os.fsync(file.fileno())
    temporary.chmod(0o444)  # a client that opens it for writing would shut the others out
    temporary.replace(house.published)
    report(f"published {house.published}")
    return True


def check_gate(house: House) -> None:
    """Hold the marts against what was loaded and against what readers have.

    Raises:
        GateError: rows loaded reached no mart, or current documents vanished.
    """
    with open_warehouse(house, read_only=True) as warehouse:
        for (reason,) in warehouse.execute(_LOST_ROWS).fetchall():
            raise GateError(reason)
        if house.published.exists():
            warehouse.execute(f"ATTACH '{_quoted(house.published)}' AS readers (READ_ONLY)")
            vanished = warehouse.execute(_VANISHED).fetchall()
            if vanished:
                names = ", ".join(str(title or document_id[:12]) for document_id, title in vanished[:5])
                raise GateError(f"{len(vanished)} current documents vanished since the last publish: {names}")


_LOST_ROWS = """
WITH current_readings AS (
    SELECT document_id, max(reader_version) AS reader_version FROM raw.documents GROUP BY ALL
),
readings AS (
    SELECT document_id, reader_version, status
    FROM raw.documents SEMI JOIN current_readings USING (document_id, reader_version)
),
factual AS (
    SELECT document_id, reader_version FROM readings WHERE status IN ('complete', 'partial')
),
projects AS (
    SELECT * FROM raw.lines SEMI JOIN factual USING (document_id, reader_version) WHERE level = 'project'
),
counts AS (
    SELECT
        'documents' AS what,
        (SELECT count(*) FROM readings) AS loaded,
        (SELECT count(*) FROM marts.dim_documents) AS built
    UNION ALL
    SELECT 'project lines', (SELECT count(*) FROM projects), (SELECT count(*) FROM marts.fct_project_budgets)
    UNION ALL
    SELECT
        'cents of funds',
        (
            SELECT CAST(coalesce(sum(amount_yuan), 0) * 100 AS BIGINT)
            FROM raw.funds SEMI JOIN projects USING (document_id, reader_version, project_line_id)
        ),
        (SELECT CAST(coalesce(sum(amount_yuan), 0) * 100 AS BIGINT) FROM marts.fct_project_funds)
    UNION ALL
    SELECT
        'targets',
        (
            -- an indicator without any target is one fact, too: its target is missing
            SELECT count(*)
            FROM raw.indicators SEMI JOIN projects USING (document_id, reader_version, project_line_id)
            LEFT JOIN raw.targets USING (document_id, reader_version, project_line_id, indicator_position)
        ),
        (SELECT count(*) FROM marts.fct_indicator_targets)
    UNION ALL
    SELECT
        'issues',
        (SELECT count(*) FROM raw.issues SEMI JOIN readings USING (document_id, reader_version)),
        (SELECT count(*) FROM quality.qa_issues)
    UNION ALL
    SELECT
        'reconciliations',
        (SELECT count(*) FROM raw.reconciliations SEMI JOIN readings USING (document_id, reader_version)),
        (SELECT count(*) FROM quality.qa_reconciliations)
    UNION ALL
    SELECT 'observations', (SELECT count(*) FROM raw.observations), (SELECT count(*) FROM quality.qa_observations)
)
SELECT format('{} {} were loaded, but {} reached the marts', loaded, what, built) FROM counts WHERE loaded <> built
"""

_VANISHED = """
SELECT document_id, title
FROM readers.marts.dim_documents
WHERE
    is_current
    AND document_id NOT IN (SELECT document_id FROM marts.dim_documents)
    AND document_id NOT IN (SELECT document_id FROM raw.forgotten)
ORDER BY ALL
"""


def _write(house: House, path: Path, build: Build) -> None:
    """Copy tables with their constraints and comments into a new file that old clients can read."""
    with duckdb.connect() as copier:
        copier.execute(f"ATTACH '{_quoted(house.warehouse)}' AS warehouse (READ_ONLY)")
        copier.execute(f"ATTACH '{_quoted(path)}' AS release (STORAGE_VERSION 'v1.0.0')")
        copier.execute("USE release")
        for schema in SCHEMAS:
            copier.execute(f"CREATE SCHEMA {schema}")
        tables = copier.execute(
            """
            SELECT schema_name, table_name, sql, comment FROM duckdb_tables()
            WHERE database_name = 'warehouse' AND list_contains(?, schema_name) ORDER BY ALL
            """,
            [list(SCHEMAS)],
        ).fetchall()
        for schema, table, sql, comment in tables:
            copier.execute(sql)
            copier.execute(f"INSERT INTO {schema}.{table} SELECT * FROM warehouse.{schema}.{table}")
            _comment(copier, f"TABLE {schema}.{table}", comment)
        _write_views(copier)
        columns = copier.execute(
            """
            SELECT schema_name, table_name, column_name, comment FROM duckdb_columns()
            WHERE database_name = 'warehouse' AND list_contains(?, schema_name) AND comment IS NOT NULL
            """,
            [list(SCHEMAS)],
        ).fetchall()
        for schema, table, column, comment in columns:
            _comment(copier, f"COLUMN {schema}.{table}.{column}", comment)
        copier.execute(
            """
            CREATE TABLE quality.qa_release AS
            SELECT
                ?::INTEGER AS contract_version, ? AS rules_fingerprint, ? AS facts_fingerprint,
                ? AS observations_fingerprint, now() AS published_at
            """,
            [CONTRACT_VERSION, build.rules, build.facts, build.observations],
        )
        for target, comment in _RELEASE_COMMENTS.items():
            _comment(copier, target, comment)
        copier.execute("USE memory")
        copier.execute("DETACH release")


def _write_views(copier: duckdb.DuckDBPyConnection) -> None:
    """Create the views, each after those it is made of; no name of a database stands in their SQL."""
    views = {
        name: (schema, sql, comment)
        for schema, name, sql, comment in copier.execute(
            """
            SELECT schema_name, view_name, sql, comment FROM duckdb_views()
            WHERE database_name = 'warehouse' AND list_contains(?, schema_name) ORDER BY ALL
            """,
            [list(SCHEMAS)],
        ).fetchall()
    }
    made_of = {name: {other for other in views if other != name and other in views[name][1]} for name in views}
    for name in TopologicalSorter(made_of).static_order():
        schema, sql, comment = views[name]
        copier.execute(sql)
        _comment(copier, f"VIEW {schema}.{name}", comment)


def _comment(copier: duckdb.DuckDBPyConnection, target: str, comment: str | None) -> None:
    if comment:
        copier.execute(f"COMMENT ON {target} IS '{comment.replace(chr(39), chr(39) * 2)}'")


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
