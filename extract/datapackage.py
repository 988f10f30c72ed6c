"""Data package: a release's tables → Parquet files and the descriptor that says what each holds.

The descriptor follows the Data Package standard, version 2 (https://datapackage.org), so that its tools can check and
load the files: types, keys, descriptions in both languages, sizes and checksums.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Set
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb

from extract.dictionary import in_both_languages
from extract.settings import licence

DESCRIPTOR = "datapackage.json"
_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

_TYPES = {
    "VARCHAR": "string",
    "BOOLEAN": "boolean",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "HUGEINT": "integer",
    "DOUBLE": "number",
    "DECIMAL": "number",
    "DATE": "date",
    "TIMESTAMP": "datetime",
    "TIMESTAMP WITH TIME ZONE": "datetime",
    "STRUCT": "object",
}


def write_package(
    connection: duckdb.DuckDBPyConnection, release: str, folder: Path, same: Set[str], before: Path
) -> None:
    """Write an attached release's tables to ``folder/parquet``, and the descriptor of all files into the folder.

    Tables that are the ``same`` (``schema.name``) as in the release whose folder is ``before`` share its files.
    """
    about = connection.execute(
        f"SELECT contract_version, release_number, release_id, published_at FROM {release}.quality.qa_release"
    ).fetchone()
    assert about is not None
    contract_version, number, release_id, published_at = about
    tables = connection.execute(
        "SELECT schema_name, table_name, coalesce(comment, '') FROM duckdb_tables()"
        " WHERE database_name = ? ORDER BY ALL",
        [release],
    ).fetchall()
    resources = [
        _resource(
            connection,
            f"{release}.{schema}.{table}",
            comment,
            folder,
            shared_with=before if f"{schema}.{table}" in same else None,
        )
        for schema, table, comment in tables
    ]
    said = {
        "$schema": _PROFILE,
        "name": "jixiao",
        "id": release_id,
        "title": "Jixiao 绩效: performance targets of Chinese departments' projects 部门预算项目支出绩效目标",
        "description": "Projects, money, goals and indicators that Chinese government departments publish with their"
        " budgets, each with the place where it is printed. Sum only rows with is_counted.",
        "description_zh": "政府部门随预算公开的项目、资金、绩效目标和指标，每条均注明原文位置。"
        "汇总时只取 is_counted 的行。",
        "version": f"{contract_version}.{number}.0",
        "created": _moment(published_at),
        "licenses": [_licence()],
        "contract_version": contract_version,
        "release_number": number,
        "resources": [_file(folder / "jixiao.duckdb", folder), *resources],
    }
    (folder / DESCRIPTOR).write_text(json.dumps(said, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _licence() -> dict[str, str]:
    """What ``JIXIAO_LICENCE`` names; whoever passes data on has to know, and this project cannot."""
    named = licence()
    if named is None:
        return {
            "name": "notspecified",
            "title": "Not specified: facts from documents that Chinese government bodies made public; whoever passes"
            " them on says by which licence (JIXIAO_LICENCE).",
        }
    return {"path" if "://" in named else "name": named}


def _parquet(connection: duckdb.DuckDBPyConnection, name: str, path: Path, shared: Path | None) -> None:
    """Write a table's file, or give it the one of the release before where that can be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if shared is not None:
        with suppress(OSError):  # that release has no such file, or these folders cannot share one
            path.hardlink_to(shared)
            return
    quoted = str(path).replace("'", "''")
    connection.execute(f"COPY (FROM {name}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")


def _resource(
    connection: duckdb.DuckDBPyConnection, name: str, comment: str, folder: Path, *, shared_with: Path | None
) -> dict[str, Any]:
    _, schema, table = name.split(".")
    path = folder / "parquet" / schema / f"{table}.parquet"
    _parquet(connection, name, path, shared_with / path.relative_to(folder) if shared_with else None)
    count = connection.execute(f"SELECT count(*) FROM {name}").fetchone()
    english, chinese = in_both_languages(comment)
    keys = connection.execute(
        """
        SELECT constraint_column_names FROM duckdb_constraints()
        WHERE concat_ws('.', database_name, schema_name, table_name) = ? AND constraint_type = 'PRIMARY KEY'
        """,
        [name],
    ).fetchone()
    columns = connection.execute(
        """
        SELECT column_name, data_type, is_nullable, coalesce(comment, '') FROM duckdb_columns()
        WHERE concat_ws('.', database_name, schema_name, table_name) = ? ORDER BY column_index
        """,
        [name],
    ).fetchall()
    return {
        **_file(path, folder),
        "name": f"{schema}.{table}",
        "type": "table",
        "title": f"{english.split('. ')[0].rstrip('.')} {chinese.split('。')[0]}",
        "description": english,
        "description_zh": chinese,
        "mediatype": "application/vnd.apache.parquet",
        "row_count": count[0] if count else 0,
        "schema": {
            "fields": [_field(*column) for column in columns],
            **({"primaryKey": list(keys[0])} if keys else {}),
        },
    }


def _field(name: str, kind: str, is_nullable: bool, comment: str) -> dict[str, Any]:
    english, chinese = in_both_languages(comment)
    of = "array" if kind.endswith("[]") else _TYPES[kind.split("(", maxsplit=1)[0]]
    required = {} if is_nullable else {"constraints": {"required": True}}
    return {"name": name, "type": of, "description": english, "description_zh": chinese, **required}


def _file(path: Path, folder: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return {
        "name": path.name,
        "path": path.relative_to(folder).as_posix(),
        "format": path.suffix.removeprefix("."),
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
    }


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")
