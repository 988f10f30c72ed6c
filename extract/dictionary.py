"""Dictionary: the published file's own tables, columns, keys and comments → one page of Markdown, in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

_TABLES = """
SELECT schema_name, table_name, coalesce(comment, '') FROM duckdb_tables() WHERE NOT internal
UNION ALL
SELECT schema_name, view_name, coalesce(comment, '') FROM duckdb_views() WHERE NOT internal
ORDER BY ALL
"""
_COLUMNS = """
SELECT column_name, data_type, coalesce(comment, '') FROM duckdb_columns()
WHERE schema_name = ? AND table_name = ? ORDER BY column_index
"""
_KEYS = """
SELECT unnest(constraint_column_names) FROM duckdb_constraints()
WHERE schema_name = ? AND table_name = ? AND constraint_type = 'PRIMARY KEY'
"""
_CHINESE = re.compile(r"[一-鿿]")


def dictionary(file: Path) -> str:
    """The page for a published file."""
    with duckdb.connect(str(file), read_only=True) as published:
        return "\n".join(_lines(published)) + "\n"


def _lines(published: duckdb.DuckDBPyConnection) -> Iterator[str]:
    yield "# Data dictionary"
    yield ""
    yield "Written by `jixiao dictionary` of the published file; not edited by hand."
    yield "由 `jixiao dictionary` 依已发布文件生成，请勿手改。"
    for schema, table, comment in published.execute(_TABLES).fetchall():
        keys = {name for (name,) in published.execute(_KEYS, [schema, table]).fetchall()}
        english, chinese = _in_both_languages(comment)
        yield from ("", f"## {schema}.{table}", "", english, "", chinese, "")
        yield from ("| column | type | | says | 说明 |", "|---|---|---|---|---|")
        for name, kind, said in published.execute(_COLUMNS, [schema, table]).fetchall():
            english, chinese = (part.replace("|", "\\|") for part in _in_both_languages(said))
            yield f"| `{name}` | {_short(kind)} | {'key' if name in keys else ''} | {english} | {chinese} |"


def _in_both_languages(comment: str) -> tuple[str, str]:
    """A comment's English and its Chinese: the last line, or what follows the last English sentence of the only one."""
    lines = comment.strip().splitlines()
    if len(lines) > 1:
        return " ".join(lines[:-1]), lines[-1]
    sentences = re.split(r"(?<=\.)\s+", comment.strip())
    english = [sentence for sentence in sentences if not _CHINESE.search(sentence)]
    return " ".join(english), " ".join(sentence for sentence in sentences if _CHINESE.search(sentence))


def _short(kind: str) -> str:
    return kind.lower().replace("timestamp with time zone", "timestamptz")
