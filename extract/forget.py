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
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from extract import archive
from extract.land import observations_folder, readings_folder
from extract.load import leave_out_forgotten
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
    containers: tuple[str, ...]
    """The archives (ZIP, RAR) that it came in: their bytes hold its bytes, so they are forgotten with it."""
    archived_count: int
    """How many of it and its containers were archived until now."""
    batches_rewritten: int
    is_published: bool
    """Whether the file that readers have still holds it."""


def forget(document_id: str, reason: str, house: House) -> Forgotten:
    """Take a document's bytes and readings out of a house for good, and its rows out of the raw tables.

    What else came in the same container stays: it was archived by itself.

    Raises:
        NotForgottenError: there is no such document, or no reason is given.
        RunError: somebody runs the house.
    """
    if not reason.strip():
        raise NotForgottenError("A reason must be given: whoever misses the document will ask for it.")
    with held(house):
        was_forgotten = tombstone_of(document_id, house) is not None
        if not was_forgotten and not _is_known(document_id, house):
            raise NotForgottenError(f"The house {house.root} holds no document {document_id}.")
        tombstone = _buried(document_id, reason.strip(), house)
        containers = _containers_of(document_id, house)
        for container in containers:
            _buried(container, f"holds the forgotten document {document_id}", house)
        archived = [each for each in (document_id, *containers) if _is_archived(each, house)]
        for each in (document_id, *containers):
            archive.remove(each, house)
        shutil.rmtree(house.pages, ignore_errors=True)  # an article that carries its tables is a document, too
        batches_rewritten = _leave_out_of_landing(document_id, house)
        if house.warehouse.exists():
            with open_warehouse(house) as warehouse:
                leave_out_forgotten(warehouse, house)
        is_published = _is_published(document_id, house)
        return Forgotten(tombstone, was_forgotten, containers, len(archived), batches_rewritten, is_published)


def _buried(document_id: str, reason: str, house: House) -> Tombstone:
    """The tombstone of a document: the one it has, or a new one."""
    tombstone = tombstone_of(document_id, house)
    if tombstone is None:
        tombstone = Tombstone(document_id, reason, datetime.now(UTC), _who())
        bury(tombstone, house)
    return tombstone


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
    if not re.fullmatch("[0-9a-f]{64}", document_id):
        return False
    files = [*landed(observations_folder(house)), *(folder / "documents.parquet" for folder in _batches(house))]
    return (
        _is_archived(document_id, house)
        or any(_holds(path, document_id) for path in files)
        or _is_published(document_id, house)
    )


def _containers_of(document_id: str, house: House) -> tuple[str, ...]:
    """Every archive (ZIP, RAR) that a document came in, those that came in others among them."""
    came_in: defaultdict[str, set[str]] = defaultdict(set)
    for path in landed(observations_folder(house)):
        if "container_document_id" in pq.read_schema(path).names:
            table = pq.read_table(path, columns=["document_id", "container_document_id"])
            for member, container in zip(*(column.to_pylist() for column in table.columns), strict=True):
                if member is not None and container is not None:
                    came_in[member].add(container)
    found: list[str] = []
    waiting = [document_id]
    while waiting:
        for container in sorted(came_in[waiting.pop()].difference(found)):
            found.append(container)
            waiting.append(container)
    return tuple(found)


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
