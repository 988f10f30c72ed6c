"""Folder: the files of a house's inbox → their listings, and the bytes of each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote_from_bytes

from extract.receive import Arrival, Receiver
from extract.records import Listing, Observation
from extract.settings import House

FOLDER = "folder:"
"""What the url of a folder's file begins with; its path within the folder follows."""


def collect_folder(source_id: str, house: House, receiver: Receiver) -> Iterator[Observation]:
    """Receive every file of the inbox and below it, but for hidden files, office lock files and the house itself.

    Raises:
        FileNotFoundError: the folder does not exist.
    """
    for path in _files(house):
        url = FOLDER + _readable(path.relative_to(house.inbox).as_posix())
        listing = Listing(source_id, url, title=_readable(path.name))
        try:
            content = path.read_bytes()
        except OSError as error:
            yield Observation(listing, "failed", datetime.now(UTC), message=str(error))
        else:
            yield from receiver.receive(Arrival(listing, content))


def _files(house: House) -> Iterator[Path]:
    if not house.inbox.is_dir():
        raise FileNotFoundError(f"the folder {house.inbox} does not exist")
    holds_house = house.root.is_relative_to(house.inbox)
    for path in sorted(house.inbox.rglob("*")):
        relative = path.relative_to(house.inbox)
        if holds_house and path.is_relative_to(house.root):
            continue
        if not path.is_dir() and not any(part.startswith((".", "~$")) for part in relative.parts):
            yield path


def _readable(name: str) -> str:
    """A name as text: bytes that are no UTF-8, as archives from Chinese offices leave them, are written as %XX."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return quote_from_bytes(os.fsencode(name), safe="/ ")
    return name
