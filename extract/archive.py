"""Archive: bytes → a content-addressed file, written whole or not at all, never overwritten."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from extract.settings import House


class DamagedError(Exception):
    """An archived file's bytes are not the ones its name promises."""


def keep(content: bytes, house: House) -> tuple[str, bool]:
    """Archive bytes: their document id (sha256, hex), and whether they are new here."""
    document_id = hashlib.sha256(content).hexdigest()
    path = _path(document_id, house)
    if path.exists():
        return document_id, False
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(temporary).replace(path)
    return document_id, True


def content_of(document_id: str, house: House) -> bytes:
    """The bytes of a document, verified.

    Raises:
        FileNotFoundError: it is not archived here.
        DamagedError: the file was changed.
    """
    content = _path(document_id, house).read_bytes()
    if hashlib.sha256(content).hexdigest() != document_id:
        raise DamagedError(f"the archived file {document_id} was changed; restore it from a backup or fetch it again")
    return content


def size_of(document_id: str, house: House) -> int:
    """The size of a document in bytes."""
    return _path(document_id, house).stat().st_size


def document_ids(house: House) -> Iterator[str]:
    """Every archived document."""
    for path in sorted(house.archive.glob("*/*")):
        if not path.name.startswith("."):
            yield path.name


def _path(document_id: str, house: House) -> Path:
    return house.archive / document_id[:2] / document_id
