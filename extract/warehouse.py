"""The working warehouse: one process at a time may have it open, so whoever comes second waits a while.

Whoever opens one of an earlier version gets it in this version's form (``contract``); a later version's is refused.
"""

from __future__ import annotations

import time

import duckdb

from extract.contract import CONTRACT_VERSION, create_raw, version_of
from extract.orchestrate import RunError
from extract.settings import House

_PATIENCE_SECONDS = 90.0
"""How long to wait for another process: a task that is about to end, a person who looks in."""


class WarehouseError(RunError):
    """A file that cannot serve as this version's warehouse; the message is one sentence that says what to do."""


def open_warehouse(house: House, *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """The working warehouse of a house, of this version's contract.

    Raises:
        WarehouseError: a newer Jixiao made it, or it is none.
        duckdb.IOException: another process keeps it open for longer than a minute and a half, or it cannot be opened.
    """
    warehouse = _opened(house, read_only)
    try:
        if _version(warehouse, house) < CONTRACT_VERSION:
            if read_only:
                warehouse.close()
                warehouse = _opened(house, read_only=False)
            create_raw(warehouse)
            if read_only:
                warehouse.close()
                warehouse = _opened(house, read_only=True)
    except BaseException:
        warehouse.close()
        raise
    return warehouse


def bring_up(house: House) -> None:
    """See to it that a house's warehouse, if it has one, is of this version, before anything else is done there.

    Raises:
        WarehouseError: as ``open_warehouse``.
    """
    if house.warehouse.exists():
        open_warehouse(house, read_only=True).close()


def _version(warehouse: duckdb.DuckDBPyConnection, house: House) -> int:
    version = version_of(warehouse)
    if version is None:
        raise WarehouseError(_NONE.format(house.warehouse))
    if version > CONTRACT_VERSION:
        raise WarehouseError(
            f"{house.warehouse} was made by a newer Jixiao (contract {version}; this one knows {CONTRACT_VERSION}):"
            " update Jixiao, or name another house with JIXIAO_DATA."
        )
    return version


def _opened(house: House, read_only: bool) -> duckdb.DuckDBPyConnection:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return duckdb.connect(str(house.warehouse), read_only=read_only)
        except duckdb.IOException as error:
            if "not a valid DuckDB database" in str(error):
                raise WarehouseError(_NONE.format(house.warehouse)) from error
            if "lock" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.5)


_NONE = "{} is no warehouse of Jixiao: move it away, and the next run makes one anew of what has landed."
