"""Archive: bytes → a content-addressed file, written whole or not at all, never overwritten.

It lies in the house, or wherever ``JIXIAO_ARCHIVE`` says and universal-pathlib reaches. An object store shows an object
when all of it was put, so only a folder needs a file beside the place. What other processes put or took must show at
once: no listing that fsspec remembers is believed.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from extract.settings import House
from extract.tombstones import forgotten_ids, tombstone_of
from extract.whole_file import UNFINISHED, write_whole

if TYPE_CHECKING:
    from upath import UPath

_DOCUMENT_ID = re.compile(r"[0-9a-f]{64}")


class DamagedError(Exception):
    """An archived file's bytes are not the ones its name promises."""


class ForgottenError(Exception):
    """The bytes were taken out of this house for good; the message says when, by whom and why."""


def keep(content: bytes, house: House) -> tuple[str, bool]:
    """Archive bytes: their document id (sha256, hex), and whether they are new here.

    A file that was cut short is written anew.

    Raises:
        ForgottenError: they have a tombstone.
    """
    document_id = hashlib.sha256(content).hexdigest()
    if (tombstone := tombstone_of(document_id, house)) is not None:
        raise ForgottenError(f"The document {document_id} was {tombstone}")
    path = _path(document_id, house)
    try:
        known_bytes = path.stat().st_size
    except FileNotFoundError:
        known_bytes = None
    if known_bytes != len(content):
        if isinstance(path, Path):
            write_whole(path, content)
        else:
            path.fs.pipe_file(path.path, content)
    return document_id, known_bytes is None


def content_of(document_id: str, house: House) -> bytes:
    """The bytes of a document, verified.

    Raises:
        FileNotFoundError: it is not archived here.
        DamagedError: the file was changed.
    """
    path = _path(document_id, house)
    content: bytes = path.read_bytes() if isinstance(path, Path) else path.fs.cat_file(path.path)
    if hashlib.sha256(content).hexdigest() != document_id:
        raise DamagedError(
            f"the archived file {document_id} was changed; restore it from a backup, or remove it and fetch it again"
        )
    return content


def size_of(document_id: str, house: House) -> int:
    """The size of a document in bytes.

    Raises:
        FileNotFoundError: it is not archived here.
    """
    return _path(document_id, house).stat().st_size


def sizes(house: House) -> Mapping[str, int]:
    """Every archived document with its size in bytes, by one listing."""
    forgotten = forgotten_ids(house)
    found = dict(sorted(_listed(house)))
    return {name: size for name, size in found.items() if _DOCUMENT_ID.fullmatch(name) and name not in forgotten}


def document_ids(house: House) -> Iterator[str]:
    """Every archived document, by one listing."""
    yield from sizes(house)


def is_forgotten(document_id: str, house: House) -> bool:
    """Whether a document was taken out for good."""
    return tombstone_of(document_id, house) is not None


def remove(document_id: str, house: House) -> None:
    """Take a document's bytes out, and whatever an interrupted writing left beside them."""
    path = _path(document_id, house)
    if isinstance(path, Path):
        for leftover in path.parent.glob(f"{UNFINISHED}*"):
            leftover.unlink()
    path.unlink(missing_ok=True)


def _listed(house: House) -> Iterator[tuple[str, int]]:
    """Name and size of every file of the archive."""
    folder = house.archive
    if isinstance(folder, Path):
        for path in folder.glob("*/[!.]*"):
            yield path.name, path.stat().st_size
    else:
        folder.fs.invalidate_cache()
        for name, info in folder.fs.find(folder.path, detail=True).items():
            yield name.rsplit("/", 1)[-1], info["size"]


def _path(document_id: str, house: House) -> Path | UPath:
    path = house.archive / document_id[:2] / document_id
    if not isinstance(path, Path):
        path.fs.invalidate_cache()
    return path
