"""Discover: a source → the listings of the documents it offers."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from urllib.parse import quote_from_bytes

from extract.records import Listing
from extract.settings import House
from extract.sources import Source

FOLDER = "folder:"
"""What the url of a folder's file begins with; its path within the folder follows."""


def discover(source: Source, house: House) -> Iterator[Listing]:
    """Every listing of a source.

    Raises:
        KeyError: the source's system has no module.
        FileNotFoundError: the folder of a folder source does not exist.
    """
    return _SYSTEMS[source.system](source, house)


def _folder(source: Source, house: House) -> Iterator[Listing]:
    """The files of the inbox and below it, but for hidden files, office lock files and the house itself."""
    if not house.inbox.is_dir():
        raise FileNotFoundError(f"the folder {house.inbox} does not exist")
    holds_house = house.root.is_relative_to(house.inbox)
    for path in sorted(house.inbox.rglob("*")):
        relative = path.relative_to(house.inbox)
        if holds_house and path.is_relative_to(house.root):
            continue
        if not path.is_dir() and not any(part.startswith((".", "~$")) for part in relative.parts):
            yield Listing(source.source_id, FOLDER + _readable(relative.as_posix()), title=_readable(path.name))


def _readable(name: str) -> str:
    """A name as text: bytes that are no UTF-8, as archives from Chinese offices leave them, are written as %XX."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return quote_from_bytes(os.fsencode(name), safe="/ ")
    return name


_SYSTEMS: Mapping[str, Callable[[Source, House], Iterator[Listing]]] = {"folder": _folder}
