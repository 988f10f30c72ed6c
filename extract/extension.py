"""Extensions of DuckDB come as packages of Python, of DuckDB's version: using one downloads nothing."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import duckdb


def load_extension(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Load an installed extension (``excel``, ``postgres_scanner``) into a connection.

    Raises:
        ModuleNotFoundError: its package is not installed.
        duckdb.Error: it is of another version of DuckDB.
    """
    [(version,)] = connection.execute("SELECT library_version FROM pragma_version()").fetchall()
    package = Path(str(files(f"duckdb_extension_{name}")))
    file = package / "extensions" / version / f"{name}.duckdb_extension"
    connection.execute("LOAD '{}'".format(str(file).replace("'", "''")))
