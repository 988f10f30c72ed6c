"""Forget: a document is taken out of a house for good, and a tombstone keeps it from coming back.

The tombstone comes first: from then on its bytes are not kept and its rows are not loaded; forgetting it again makes up
for whatever interrupted the rest. What readers have changes with the next build. The observations go on telling that it
was fetched, but it supersedes nothing any more.
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extract import archive
from extract.land import observations_folder, readings_folder
from extract.load import create_raw, leave_out_forgotten
from extract.orchestrate import held
from extract.pending import landed
from extract.settings import House
from extract.tombstones import Tombstone, bury, tombstone_of
from extract.warehouse import open_warehouse
from extract.whole_file import write_whole


class NotForgottenError(Exception):
    """A document cannot be forgotten; the message says why."""


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What forgetting a document took out; ``tombstone`` is the first one, if it was forgotten before."""

    tombstone: Tombstone
    was_forgotten: bool
    had_bytes: bool
    batches_rewritten: int
    is_published: bool
    """Whether the file that readers have still holds it."""


def forget(document_id: str, reason: str, house: House) -> Forgotten:
    """Take a document's bytes and readings out of a house for good, and its rows out of the raw tables.

    Raises:
        NotForgottenError: there is no such document, or no reason is given.
        RunError: somebody runs the house.
    """
    if not reason.strip():
        raise NotForgottenError("A reason must be given: whoever misses the document will ask for it.")
    with held(house):
        tombstone = tombstone_of(document_id, house)
        was_forgotten = tombstone is not None
        if tombstone is None:
            if not re.fullmatch("[0-9a-f]{64}", document_id) or not _is_known(document_id, house):
                raise NotForgottenError(f"The house {house.root} holds no document {document_id}.")
            tombstone = Tombstone(document_id, reason.strip(), datetime.now(UTC), _who())
            bury(tombstone, house)
        had_bytes = _is_archived(document_id, house)
        archive.remove(document_id, house)
        batches_rewritten = _leave_out_of_landing(document_id, house)
        if house.warehouse.exists():
            with open_warehouse(house) as warehouse:
                create_raw(warehouse)
                leave_out_forgotten(warehouse, house)
        return Forgotten(tombstone, was_forgotten, had_bytes, batches_rewritten, _is_published(document_id, house))


def _who() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return f"user {os.getuid()}"


def _is_archived(document_id: str, house: House) -> bool:
    try:
        archive.size_of(document_id, house)
    except FileNotFoundError:
        return False
    return True


def _is_known(document_id: str, house: House) -> bool:
    files = [*landed(observations_folder(house)), *(folder / "documents.parquet" for folder in _batches(house))]
    return _is_archived(document_id, house) or any(_holds(path, document_id) for path in files)


def _is_published(document_id: str, house: House) -> bool:
    if not house.published.exists():
        return False
    sql = "SELECT 1 FROM marts.dim_documents WHERE document_id = ?"
    try:
        with duckdb.connect(str(house.published), read_only=True) as published:
            return published.execute(sql, [document_id]).fetchone() is not None
    except duckdb.IOException:
        return True  # somebody opened it for writing: it cannot be asked


def _batches(house: House) -> list[Path]:
    return landed(readings_folder(house))


def _holds(path: Path, document_id: str) -> bool:
    column = pq.read_table(path, columns=["document_id"]).column(0)
    return bool(pc.any(pc.equal(column, document_id)).as_py())


def _leave_out_of_landing(document_id: str, house: House) -> int:
    """Write the landed batches that hold a document anew without it; how many those were.

    Batches whose landing was interrupted go altogether: nobody lands while the house is held.
    """
    for unfinished in readings_folder(house).glob(".*"):
        shutil.rmtree(unfinished)
    holding = [folder for folder in _batches(house) if _holds(folder / "documents.parquet", document_id)]
    for folder in holding:
        # documents.parquet tells that a batch holds the document: it goes last
        for path in sorted(folder.glob("*.parquet"), key=lambda path: path.name == "documents.parquet"):
            table = pq.read_table(path)
            sink = pa.BufferOutputStream()
            pq.write_table(table.filter(pc.not_equal(table["document_id"], document_id)), sink)
            write_whole(path, sink.getvalue().to_pybytes())
    return len(holding)
