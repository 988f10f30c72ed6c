"""Publish: marts, quality and history → one release for readers, swapped in atomically and only through the gate.

A release is a read-only DuckDB file and the same tables as Parquet with their descriptor (``releases``,
``datapackage``), and in Postgres where one is named (``postgres``). Readers keep what they have until the next one is
whole. The gate stops on rows that were loaded and reached no mart, and on current documents that vanished without being
forgotten; never on documents that are merely partial.
"""

from __future__ import annotations

from collections.abc import Set
from datetime import UTC, datetime
from graphlib import TopologicalSorter
from pathlib import Path

import duckdb

from extract import release_log
from extract.build import build_memory
from extract.contract import CONTRACT_VERSION
from extract.datapackage import write_package
from extract.pending import Build, last_build, postgres_lacks_release, published_build, wanted_build
from extract.postgres import publish_to_postgres
from extract.progress import report
from extract.releases import clean_up, new_release
from extract.settings import House, postgres
from extract.tombstones import forgotten_ids
from extract.warehouse import open_warehouse

SCHEMAS = ("marts", "quality", "history")
_WRITTEN_OUT = "history"

_RELEASE = """
CREATE TABLE quality.qa_release (
    contract_version INTEGER NOT NULL,
    release_number INTEGER NOT NULL,
    release_id VARCHAR NOT NULL,
    rules_fingerprint VARCHAR NOT NULL,
    facts_fingerprint VARCHAR NOT NULL,
    observations_fingerprint VARCHAR NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL
)
"""
_RELEASE_COMMENTS = {
    "TABLE quality.qa_release": "One row: which release readers have. 只有一行：读者所用的版本。",
    "COLUMN quality.qa_release.contract_version": "Version of the tables' contract. 表结构约定的版本。",
    "COLUMN quality.qa_release.release_number": "Number of the release, as in quality.qa_releases; the same while only"
    " observations move. 发布序号（见 quality.qa_releases）；仅采集记录变动时不变。",
    "COLUMN quality.qa_release.release_id": "Folder of these files below published/releases."
    " 本版文件在 published/releases 下的文件夹。",
    "COLUMN quality.qa_release.rules_fingerprint": "By which models it was built. 构建所用模型的指纹。",
    "COLUMN quality.qa_release.facts_fingerprint": "Which documents went in. 所含文件的指纹。",
    "COLUMN quality.qa_release.observations_fingerprint": "Which observations went in. 所含采集记录的指纹。",
    "COLUMN quality.qa_release.published_at": "When it was published. 发布时间。",
}


class GateError(Exception):
    """The built warehouse may not be published; the message says why."""


def publish(house: House) -> bool:
    """Publish the last build where readers do not have it already; whether anything was swapped in.

    Rows that were loaded since that build wait for the next one, which publishes them.

    Raises:
        GateError: the gate is shut; readers keep the release they have.
        PostgresError: readers have the files, and Postgres keeps what it has; the next run tries again.
    """
    if not house.warehouse.exists():
        return False
    with open_warehouse(house, read_only=True) as warehouse:
        build, wanted = last_build(warehouse), wanted_build(warehouse)
    if build is None or build != wanted:
        report("rows were loaded that no build has seen: the next build publishes them")
        return False
    lacking = published_build(house) != build
    if lacking:
        check_gate(house)
        _publish_files(house, build)
    address = postgres() if postgres_lacks_release(house) else None
    if address is not None:
        publish_to_postgres(house.published.resolve(), SCHEMAS, address)
    if not lacking and address is None:
        report("nothing to publish")
        return False
    return True


def _publish_files(house: House, build: Build) -> None:
    published_at = datetime.now(UTC)
    release_id = f"{published_at:%Y%m%dT%H%M%S%fZ}"
    with new_release(house, release_id) as folder:
        _write(house, folder, build, release_id, published_at)
    clean_up(house, forgotten_ids(house))
    report(f"published {house.published}")


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
            _refuse_older_contract(warehouse)
            vanished = warehouse.execute(_VANISHED).fetchall()
            if vanished:
                names = ", ".join(str(title or document_id[:12]) for document_id, title in vanished[:5])
                raise GateError(f"{len(vanished)} current documents vanished since the last publish: {names}")


def _refuse_older_contract(warehouse: duckdb.DuckDBPyConnection) -> None:
    try:
        row = warehouse.execute("SELECT max(contract_version) FROM readers.quality.qa_release").fetchone()
    except duckdb.Error:
        return  # of before there were versions
    if row and row[0] is not None and row[0] > CONTRACT_VERSION:
        raise GateError(
            f"readers have what a newer Jixiao published (contract {row[0]}; this one makes {CONTRACT_VERSION}):"
            " update Jixiao, or name another house with JIXIAO_DATA"
        )


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
        (SELECT CAST(coalesce(sum(printed_amount_yuan), 0) * 100 AS BIGINT) FROM marts.fct_project_funds)
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
        (SELECT count(*) FROM quality.qa_issues WHERE found_by = 'reading')
    UNION ALL
    SELECT
        'reconciliations',
        (SELECT count(*) FROM raw.reconciliations SEMI JOIN readings USING (document_id, reader_version)),
        (SELECT count(*) FROM quality.qa_reconciliations WHERE other_document_id IS NULL)
    UNION ALL
    SELECT 'corrections', (SELECT count(*) FROM raw.corrections), (SELECT count(*) FROM quality.qa_corrections)
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


def _write(house: House, folder: Path, build: Build, release_id: str, published_at: datetime) -> None:
    """Write the files of a release: tables with their constraints and comments, as old clients can read them."""
    file = folder / house.published.name
    before = house.published.resolve()
    spilled = house.warehouse.with_name("publish.tmp")
    with duckdb.connect(config={"memory_limit": build_memory(), "temp_directory": str(spilled)}) as copier:
        copier.execute("SET preserve_insertion_order = false")  # it costs memory and says nothing
        copier.execute(f"ATTACH '{_quoted(house.warehouse)}' AS warehouse (READ_ONLY)")
        # nobody reads it before it is whole and on the disk: no log is kept of what is written
        copier.execute(f"ATTACH '{_quoted(file)}' AS release (STORAGE_VERSION 'v1.0.0', RECOVERY_MODE no_wal_writes)")
        has_before = before.exists() and _attached(copier, before)
        copier.execute("USE release")
        for schema in SCHEMAS:
            copier.execute(f"CREATE SCHEMA {schema}")
        _copy_tables(copier)
        same = release_log.same_tables(copier, "readers", "release") if has_before else frozenset()
        number = _log(copier, has_before, same, published_at)
        copier.execute(_RELEASE)
        copier.execute(
            "INSERT INTO quality.qa_release VALUES (?, ?, ?, ?, ?, ?, ?)",
            [CONTRACT_VERSION, number, release_id, build.rules, build.facts, build.observations, published_at],
        )
        for target, comment in {**_RELEASE_COMMENTS, **release_log.COMMENTS}.items():
            _comment(copier, target, comment)
        copier.execute("USE memory")
        copier.execute("CHECKPOINT release")
        copier.execute("DETACH release")
        copier.execute(f"ATTACH '{_quoted(file)}' AS release (READ_ONLY)")
        write_package(copier, "release", folder, same, before.parent)


def _attached(copier: duckdb.DuckDBPyConnection, before: Path) -> bool:
    """Attach the release that readers have; whether it can be asked."""
    try:
        copier.execute(f"ATTACH '{_quoted(before)}' AS readers (READ_ONLY)")
    except duckdb.IOException:
        return False  # opened for writing by somebody: replaced, as if it were not there
    return True


def _copy_tables(copier: duckdb.DuckDBPyConnection) -> None:
    """Tables and views as they were declared; those of history look into raw, which is not published: as tables."""
    tables = copier.execute(
        """
        SELECT schema_name, table_name, sql, comment FROM duckdb_tables()
        WHERE database_name = 'warehouse' AND list_contains($schemas, schema_name)
        UNION ALL
        SELECT schema_name, view_name, NULL, comment FROM duckdb_views()
        WHERE database_name = 'warehouse' AND schema_name = $written_out
        ORDER BY ALL
        """,
        {"schemas": list(SCHEMAS), "written_out": _WRITTEN_OUT},
    ).fetchall()
    copier.begin()  # some hundred statements
    for schema, table, sql, _ in tables:
        copier.execute(sql or f"CREATE TABLE {schema}.{table} AS FROM warehouse.{schema}.{table} LIMIT 0")
    _write_views(copier)
    columns = copier.execute(
        """
        SELECT schema_name, table_name, column_name, comment FROM duckdb_columns()
        WHERE database_name = 'warehouse' AND list_contains(?, schema_name) AND comment IS NOT NULL
        """,
        [list(SCHEMAS)],
    ).fetchall()
    for schema, table, column, comment in columns:  # while tables are empty: it takes longer with each row
        _comment(copier, f"COLUMN {schema}.{table}.{column}", comment)
    for schema, table, _, comment in tables:
        _comment(copier, f"TABLE {schema}.{table}", comment)
    copier.commit()
    for schema, table, _, _ in tables:
        copier.execute(f"INSERT INTO {schema}.{table} FROM warehouse.{schema}.{table}")


def _log(copier: duckdb.DuckDBPyConnection, has_before: bool, same: Set[str], published_at: datetime) -> int:
    """Write the log of releases, and this one into it if it is one; its number."""
    copier.execute(release_log.TABLE)
    number = 0
    if has_before:
        try:
            copier.execute("INSERT INTO quality.qa_releases BY NAME FROM readers.quality.qa_releases")
        except duckdb.CatalogException:
            has_before = False  # of before the log: it begins now
        else:
            row = copier.execute("SELECT max(release_number) FROM quality.qa_releases").fetchone()
            number = (row and row[0]) or 0
    if number and not release_log.is_new_release(copier, "readers", "release", same):
        return number
    release_log.log_release(copier, "readers" if has_before else None, "release", number + 1, published_at)
    return number + 1


def _write_views(copier: duckdb.DuckDBPyConnection) -> None:
    """Create the views, each after those it is made of; no name of a database stands in their SQL."""
    views = {
        name: (schema, sql, comment)
        for schema, name, sql, comment in copier.execute(
            """
            SELECT schema_name, view_name, sql, comment FROM duckdb_views()
            WHERE database_name = 'warehouse' AND list_contains(?, schema_name) ORDER BY ALL
            """,
            [[schema for schema in SCHEMAS if schema != _WRITTEN_OUT]],
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
