"""Release log: what readers had and what they get → whether it is a new release, and what it adds, revises, takes out.

A release whose tables say what those before it said is none, whatever was observed or read again meanwhile.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import duckdb

from extract.contract import CONTRACT_VERSION

# attempts to fetch, and what tells of the release itself
_OF_THE_RUN = ("qa_observations", "qa_sources", "qa_release", "qa_releases")
_OF_THE_RUN_COLUMNS = ("read_at", "batch_id")
_ALL_COLUMNS = ("*COLUMNS(*)",)


@dataclass(frozen=True, slots=True)
class Subject:
    """A kind of row whose comings and goings the log tells."""

    name: str
    table: str
    keys: tuple[str, ...]
    yuan: str
    """Of a row, as SQL: the money that it adds to the sum of what is counted."""


SUBJECTS = (
    Subject("documents", "marts.dim_documents", ("document_id",), "NULL"),
    Subject(
        "project_lines",
        "marts.fct_project_budgets",
        ("document_id", "project_line_id"),
        "CASE WHEN is_counted THEN total_yuan END",
    ),
    Subject(
        "funds",
        "marts.fct_project_funds",
        ("document_id", "project_line_id", "fund_source_id", "period"),
        "CASE WHEN is_counted AND period = 'annual' THEN amount_yuan END",
    ),
    Subject(
        "targets",
        "marts.fct_indicator_targets",
        ("document_id", "project_line_id", "indicator_position", "period", "component_number"),
        "NULL",
    ),
)

TABLE = """
CREATE TABLE quality.qa_releases (
    release_number INTEGER NOT NULL,
    subject VARCHAR NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    contract_version INTEGER NOT NULL,
    added_count BIGINT NOT NULL,
    revised_count BIGINT NOT NULL,
    gone_count BIGINT NOT NULL,
    total_count BIGINT NOT NULL,
    added_yuan DECIMAL(18, 2),
    revised_yuan DECIMAL(18, 2),
    gone_yuan DECIMAL(18, 2),
    total_yuan DECIMAL(18, 2),
    PRIMARY KEY (release_number, subject)
)
"""
COMMENTS = {
    "TABLE quality.qa_releases": "The release log. One row per release and subject: what it added, revised and took out"
    " against the release before.\n发布日志。每次发布、每类内容一行：与上一次发布相比新增、修订和消失了什么。",
    "COLUMN quality.qa_releases.release_number": "Number of the release, from 1.\n发布序号，从 1 起。",
    "COLUMN quality.qa_releases.subject": "What is counted: documents, project_lines, funds or targets, each by the key"
    " of its table in marts.\n所计内容：文件、项目行、资金、目标值，均按 marts 中相应表的键。",
    "COLUMN quality.qa_releases.published_at": "When it was published first.\n首次发布时间。",
    "COLUMN quality.qa_releases.contract_version": "Version of the tables' contract.\n表结构约定的版本。",
    "COLUMN quality.qa_releases.added_count": "Rows that the release before did not have.\n新增行数。",
    "COLUMN quality.qa_releases.revised_count": "Rows of the same key that say something else, in any column that both"
    " releases have.\n键相同而内容不同的行数（比较两次发布共有的列）。",
    "COLUMN quality.qa_releases.gone_count": "Rows that are no more.\n消失的行数。",
    "COLUMN quality.qa_releases.total_count": "Rows that stand now.\n现有行数。",
    "COLUMN quality.qa_releases.added_yuan": "Counted money of the rows added, in yuan; null where rows carry no money."
    "\n新增行计入汇总的金额（元）；不含金额的内容为空。",
    "COLUMN quality.qa_releases.revised_yuan": "By how much the counted money of the rows revised changed, in yuan."
    "\n修订行计入汇总金额的变动（元）。",
    "COLUMN quality.qa_releases.gone_yuan": "Counted money of the rows that are no more, in yuan."
    "\n消失行原计入汇总的金额（元）。",
    "COLUMN quality.qa_releases.total_yuan": "Counted money that stands now: the total before, plus added and revised,"
    " less gone.\n现计入汇总的金额（元）：上次合计加新增、加修订、减消失。",
}


def same_tables(connection: duckdb.DuckDBPyConnection, before: str, after: str) -> frozenset[str]:
    """Tables and views of one attached release (``schema.name``) that are declared and say what they do in another.

    A view that is declared as before shows what its tables say, and is not looked into.
    """
    declared = connection.execute(
        """
        WITH declared AS (
            SELECT database_name, schema_name || '.' || table_name AS name, sql, TRUE AS is_table FROM duckdb_tables()
            UNION ALL
            SELECT database_name, schema_name || '.' || view_name, sql, FALSE FROM duckdb_views()
        )
        SELECT name, is_table
        FROM (FROM declared WHERE database_name = ?) SEMI JOIN (FROM declared WHERE database_name = ?) USING (name, sql)
        """,
        [after, before],
    ).fetchall()
    return frozenset(
        name
        for name, is_table in declared
        if not is_table
        or _fingerprint(connection, before, name, _ALL_COLUMNS) == _fingerprint(connection, after, name, _ALL_COLUMNS)
    )


def is_new_release(connection: duckdb.DuckDBPyConnection, before: str, after: str, same: Set[str]) -> bool:
    """Whether any published table of one attached release says something else than in another, beside those the same.

    What tells of attempts to fetch and of the release itself makes none.
    """
    tables = {name: _tables(connection, name) for name in (before, after)}
    if tables[before] != tables[after]:
        return True
    return any(
        _fingerprint(connection, before, table, columns) != _fingerprint(connection, after, table, columns)
        for table, columns in tables[after].items()
        if table not in same
    )


def log_release(
    connection: duckdb.DuckDBPyConnection, before: str | None, after: str, number: int, published_at: datetime
) -> None:
    """Add the rows of a release to its own log; ``before`` is the attached release that readers had, if any."""
    for subject in SUBJECTS:
        found = _changes(connection, before, after, subject)
        connection.execute(
            f"INSERT INTO {after}.quality.qa_releases VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [number, subject.name, published_at, CONTRACT_VERSION, *found],
        )


def _tables(connection: duckdb.DuckDBPyConnection, release: str) -> dict[str, tuple[str, ...]]:
    """Tables whose content makes a release, each with its columns."""
    found = connection.execute(
        """
        SELECT schema_name || '.' || table_name, list(column_name ORDER BY column_index)
        FROM duckdb_columns()
        WHERE database_name = ? AND NOT internal
            AND NOT list_contains(?, table_name) AND NOT list_contains(?, column_name)
        GROUP BY ALL
        """,
        [release, list(_OF_THE_RUN), list(_OF_THE_RUN_COLUMNS)],
    ).fetchall()
    return {table: tuple(columns) for table, columns in found}


def _fingerprint(
    connection: duckdb.DuckDBPyConnection, release: str, table: str, columns: tuple[str, ...]
) -> tuple[Any, ...] | None:
    hashed = f"sum(CAST(hash({', '.join(columns)}) AS HUGEINT))"
    return connection.execute(f"SELECT count(*), {hashed} FROM {release}.{table}").fetchone()


def _changes(
    connection: duckdb.DuckDBPyConnection, before: str | None, after: str, subject: Subject
) -> tuple[Any, ...]:
    """Counts and money added, revised, gone and standing; only documents of which anything differs are looked into."""
    keys = ", ".join(subject.keys)
    rows = {
        name: f"SELECT {keys}, hash({{columns}}) AS said, {subject.yuan} AS yuan FROM {name}.{subject.table}"
        for name in filter(None, (before, after))
    }
    columns = _tables(connection, after)[subject.table]
    if before is None:
        rows["nothing"] = f"SELECT {keys}, hash({{columns}}) AS said, NULL AS yuan FROM {after}.{subject.table} LIMIT 0"
    else:
        had = _tables(connection, before)[subject.table]
        columns = tuple(name for name in columns if name in had)
    old, new = (rows[name].format(columns=", ".join(columns)) for name in (before or "nothing", after))
    row = connection.execute(
        f"""
        WITH old AS ({old}), new AS ({new}),
        differing AS (
            SELECT document_id
            FROM (SELECT document_id, count(*) AS n, sum(CAST(said AS HUGEINT)) AS said FROM old GROUP BY ALL) AS o
            FULL JOIN (SELECT document_id, count(*) AS n, sum(CAST(said AS HUGEINT)) AS said FROM new GROUP BY ALL) AS n
                USING (document_id)
            WHERE (o.n, o.said) IS DISTINCT FROM (n.n, n.said)
        ),
        paired AS (
            SELECT o.said AS said_before, n.said AS said_now, o.yuan AS yuan_before, n.yuan AS yuan_now
            FROM (FROM old SEMI JOIN differing USING (document_id)) AS o
            FULL JOIN (FROM new SEMI JOIN differing USING (document_id)) AS n USING ({keys})
        )
        SELECT
            count(*) FILTER (said_before IS NULL),
            count(*) FILTER (said_before <> said_now),
            count(*) FILTER (said_now IS NULL),
            (SELECT count(*) FROM new),
            sum(yuan_now) FILTER (said_before IS NULL),
            sum(coalesce(yuan_now, 0) - coalesce(yuan_before, 0)) FILTER (said_before <> said_now),
            sum(yuan_before) FILTER (said_now IS NULL),
            (SELECT sum(yuan) FROM new)
        FROM paired
        """
    ).fetchone()
    assert row is not None
    counts, yuan = row[:4], row[4:]
    return (*counts, *((None,) * 4 if subject.yuan == "NULL" else (value or 0 for value in yuan)))
