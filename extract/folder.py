"""Folder: the files of a house's inbox → their listings, and the bytes of each."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote_from_bytes

from extract.receive import Arrival, Receiver
from extract.records import Known, Listing, Observation
from extract.settings import House

FOLDER = "folder:"
"""What the url of a folder's file begins with; its path within the folder follows."""
_SETTLED = 2.0  # seconds after which a file that changes again shows another time


def collect_folder(
    source_id: str, house: House, receiver: Receiver, known: Mapping[str, Known]
) -> Iterator[Observation]:
    """Receive every file of the inbox and below it, but for hidden files, office lock files and the house itself.

    A file of the size and time of last change that were seen before is not read again.

    Raises:
        FileNotFoundError: the folder does not exist.
    """
    for path in _files(house):
        url = FOLDER + _readable(path.relative_to(house.inbox).as_posix())
        listing = Listing(source_id, url, title=_readable(path.name))
        before = known.get(url)
        try:
            mark = _mark(path)
            if before is not None and mark is not None and before.etag == mark:
                yield from receiver.unchanged(listing)
                continue
            content = path.read_bytes()
        except OSError as error:
            yield Observation(listing, "failed", datetime.now(UTC), message=str(error))
        else:
            yield from receiver.receive(Arrival(listing, content, etag=mark))


def is_folder(place: Any) -> bool:
    """Whether a path is a folder; in a bucket one without files is an empty object whose name ends in a slash."""
    try:
        return stat.S_ISDIR(place.stat().st_mode)
    except OSError:
        return False  # of a file, receiving it says what is wrong


def _mark(path: Any) -> str | None:
    """What changes with a file: its size and time of last change; None while that is too recent to tell two apart."""
    status = path.stat()
    if not status.st_mtime or time.time() - status.st_mtime < _SETTLED:
        return None
    return f"{status.st_size} bytes of {datetime.fromtimestamp(status.st_mtime, UTC).isoformat()}"


def _files(house: House) -> Iterator[Any]:
    inbox: Any = house.inbox  # paths of both kinds have the same methods, and no type in common
    root = house.root
    if not isinstance(inbox, Path):
        inbox.fs.invalidate_cache()  # others put files there while this process lives
    if not is_folder(inbox):
        raise FileNotFoundError(f"the folder {inbox} does not exist")
    holds_house = isinstance(inbox, Path) and root.is_relative_to(inbox)
    for path in sorted(inbox.rglob("*"), key=str):
        relative = path.relative_to(inbox)
        if holds_house and path.is_relative_to(root):
            continue
        if not is_folder(path) and not any(part.startswith((".", "~$")) for part in relative.parts):
            yield path


def _readable(name: str) -> str:
    """A name as text: bytes that are no UTF-8, as archives from Chinese offices leave them, are written as %XX."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return quote_from_bytes(os.fsencode(name), safe="/ ")
    return name
