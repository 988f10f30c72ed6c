"""The working warehouse: one process at a time may have it open, so whoever comes second waits a while."""

from __future__ import annotations

import time

import duckdb

from extract.settings import House

_PATIENCE_SECONDS = 90.0
"""How long to wait for another process: a task that is about to end, a person who looks in."""


def open_warehouse(house: House, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """The working warehouse of a house.

    Raises:
        duckdb.IOException: another process keeps it open for longer than a minute and a half, or it cannot be opened.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return duckdb.connect(str(house.warehouse), read_only=read_only)
        except duckdb.IOException as error:
            if "lock" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.5)
