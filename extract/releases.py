"""Releases: how a published set of files is laid out, swapped in as one, and cleaned up.

    published/releases/<id>/    one release: jixiao.duckdb, datapackage.json, parquet/<schema>/<table>.parquet
    published/current           → releases/<id>: replaced by one rename, which is the moment of publishing
    published/jixiao.duckdb     → current/jixiao.duckdb, for whoever needs but the one file

Whoever opens several files of a release follows ``current`` once and stays in the folder it led to: a release that was
superseded stands for an hour more, unless it holds what was forgotten since.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from extract.settings import House

_GRACE_SECONDS = 3600.0
_UNFINISHED = ".unfinished"


@contextmanager
def new_release(house: House, release_id: str) -> Iterator[Path]:
    """A folder to write a release into; when the block ends well, readers get it."""
    house.releases.mkdir(parents=True, exist_ok=True)
    folder = house.releases / _UNFINISHED
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    yield folder
    _write_to_disk(folder)
    final = house.releases / release_id
    folder.rename(final)
    _sync(house.releases)  # the folder must be on the disk before a link leads there
    superseded = house.current.resolve()
    _link(house.current, Path(house.releases.name, release_id))
    if superseded != final and superseded.is_dir():
        os.utime(superseded)  # from now on it is superseded
    _link(house.published, Path(house.current.name, house.published.name))


def clean_up(house: House, forgotten: set[str]) -> None:
    """Delete the releases that nobody needs: superseded for an hour, or holding a document that was forgotten."""
    current = house.current.resolve()
    for folder in sorted(house.releases.iterdir()):
        if folder == current:
            continue
        is_old = time.time() - folder.stat().st_mtime > _GRACE_SECONDS
        if folder.name == _UNFINISHED or is_old or _holds(folder / house.published.name, forgotten):
            shutil.rmtree(folder)


def _holds(file: Path, document_ids: set[str]) -> bool:
    if not document_ids:
        return False
    try:
        with duckdb.connect(str(file), read_only=True) as release:
            held = release.execute("SELECT document_id FROM marts.dim_documents").fetchall()
    except duckdb.Error:
        return True  # it cannot be asked
    return not document_ids.isdisjoint(document_id for (document_id,) in held)


def _link(place: Path, target: Path) -> None:
    """Point a name to another, by one rename."""
    if place.is_symlink() and place.readlink() == target:
        return
    temporary = place.with_name(f".{place.name}.new")
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target)
    if place.is_dir() and not place.is_symlink():  # a copy of a house that followed its links
        shutil.rmtree(place)
    temporary.replace(place)


def _write_to_disk(folder: Path) -> None:
    for path in folder.rglob("*"):
        _sync(path)
        if path.is_file():
            path.chmod(0o444)  # a client that opens it for writing would shut the others out
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
