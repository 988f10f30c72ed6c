"""Export: a published table → a CSV or XLSX file for people without SQL.

Texts come from documents that anybody may have written. What a spreadsheet would take for a formula gets an apostrophe
in CSV, as one would type it; in XLSX it is a cell of text, which is never one.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import duckdb

from extract.extension import load_extension
from extract.flat import FlatColumn, flat_columns

MOST_XLSX_ROWS = 1_048_575
"""What a sheet holds below its heading."""
_LONGEST_XLSX_TEXT = 32_000  # a cell holds 32,767 units of UTF-16
_FORMULA = r"^\s*[=+\-@＝＋－＠]|^[\t\r\n]"
_NOT_IN_XML = r"[\x{00}-\x{08}\x{0B}\x{0C}\x{0E}-\x{1F}\x{FFFE}\x{FFFF}]"


class NotExportedError(Exception):
    """A table cannot be exported; the message says why."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What was written."""

    row_count: int
    cut_count: int
    """How many texts were longer than a cell of XLSX holds, and end with …."""


def export(file: Path, table: str, output: Path, fiscal_year: int | None = None) -> Exported:
    """Write a table of a published file, or its rows of one fiscal year, to ``output``: by its name CSV or XLSX.

    Raises:
        NotExportedError: there is no such table or year, the rows do not fit, or the name is of neither kind.
    """
    kind = output.suffix.lower()
    if kind not in (".csv", ".xlsx"):
        raise NotExportedError(f"{output}: the name must end with .csv or .xlsx.")
    with duckdb.connect(str(file), read_only=True) as published:
        schema, name = _found(published, table)
        columns = flat_columns(published, schema, name)
        wanted = f"FROM {schema}.{name}"
        if fiscal_year is not None:
            if "fiscal_year" not in {column.name for column in columns}:
                raise NotExportedError(f"{schema}.{name} has no fiscal year: leave --fiscal-year out.")
            wanted += f" WHERE fiscal_year = {fiscal_year}"
        [(count,)] = published.execute(f"SELECT count(*) {wanted}").fetchall()
        temporary = output.with_name(f".{output.name}.new")
        try:
            cut = 0
            if kind == ".csv":
                _write_csv(published, columns, wanted, temporary)
            else:
                if count > MOST_XLSX_ROWS:
                    raise NotExportedError(
                        f"{schema}.{name} has {count:,} rows, and a sheet of Excel holds {MOST_XLSX_ROWS:,}: export it"
                        " as CSV, or one year of it with --fiscal-year."
                    )
                cut = _write_xlsx(published, columns, wanted, temporary)
            temporary.replace(output)
        finally:
            temporary.unlink(missing_ok=True)
    return Exported(count, cut)


def _found(published: duckdb.DuckDBPyConnection, table: str) -> tuple[str, str]:
    """Schema and name of the table that a person means, with or without its schema."""
    tables: list[tuple[str, str]] = published.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE NOT internal"
        " UNION ALL SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal ORDER BY ALL"
    ).fetchall()
    found = [(schema, name) for schema, name in tables if table in (name, f"{schema}.{name}")]
    if not found:
        raise NotExportedError(f"There is no table {table}; there are {', '.join(map('.'.join, tables))}.")
    return found[0]


def _write_csv(published: duckdb.DuckDBPyConnection, columns: list[FlatColumn], wanted: str, output: Path) -> None:
    """UTF-8 with a byte order mark, by which Excel knows that it is UTF-8."""
    selected = ", ".join(f'{_csv_value(column)} AS "{column.name}"' for column in columns)
    bare = output.with_name(f"{output.name}.bare")
    try:
        published.execute(f"COPY (SELECT {selected} {wanted}) TO '{_quoted(bare)}' (FORMAT csv, HEADER true)")
        with bare.open("rb") as rows, output.open("wb") as file:
            file.write(b"\xef\xbb\xbf")
            shutil.copyfileobj(rows, file)
    finally:
        bare.unlink(missing_ok=True)


def _csv_value(column: FlatColumn) -> str:
    if column.kind != "VARCHAR":
        return _in_utc(column)
    return f"CASE WHEN regexp_matches({column.sql}, '{_FORMULA}') THEN '''' || {column.sql} ELSE {column.sql} END"


def _write_xlsx(published: duckdb.DuckDBPyConnection, columns: list[FlatColumn], wanted: str, output: Path) -> int:
    """Texts as texts, numbers as numbers, days as days; how many texts were cut."""
    load_extension(published, "excel")
    texts = [column.sql for column in columns if column.kind == "VARCHAR"]
    too_long = " + ".join(f"count(*) FILTER (length({text}) > {_LONGEST_XLSX_TEXT})" for text in texts) or "0"
    [(cut,)] = published.execute(f"SELECT {too_long} {wanted}").fetchall()
    selected = ", ".join(f'{_xlsx_value(column)} AS "{column.name}"' for column in columns)
    published.execute(
        f"COPY (SELECT {selected} {wanted}) TO '{_quoted(output)}'"
        f" (FORMAT xlsx, HEADER true, SHEET_ROW_LIMIT {MOST_XLSX_ROWS + 1})"
    )
    return int(cut)


def _xlsx_value(column: FlatColumn) -> str:
    if column.kind != "VARCHAR":
        return _in_utc(column)
    text = f"regexp_replace({column.sql}, '{_NOT_IN_XML}', '\N{REPLACEMENT CHARACTER}', 'g')"
    cut = f"left({text}, {_LONGEST_XLSX_TEXT}) || '…'"
    return f"CASE WHEN length({text}) > {_LONGEST_XLSX_TEXT} THEN {cut} ELSE {text} END"


def _in_utc(column: FlatColumn) -> str:
    """Spreadsheets know no time zones."""
    return f"timezone('UTC', {column.sql})" if column.kind == "TIMESTAMP WITH TIME ZONE" else column.sql


def _quoted(path: Path) -> str:
    return str(path).replace("'", "''")
