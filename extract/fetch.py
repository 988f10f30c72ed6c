"""Fetch: a listing → its bytes. What comes of every attempt is an observation, made by ``collect``."""

from __future__ import annotations

import os
from urllib.parse import unquote_to_bytes

from extract.discover import FOLDER
from extract.records import Listing
from extract.settings import House


def fetch(listing: Listing, house: House) -> bytes:
    """The bytes of a listing.

    Raises:
        OSError: the file cannot be read.
        ValueError: no system fetches such an address.
    """
    if not listing.url.startswith(FOLDER):
        raise ValueError(f"{listing.url}: only files of folders are fetched")
    relative = listing.url.removeprefix(FOLDER)
    path = house.inbox / relative
    if not path.exists():  # a name that is no UTF-8 is listed with its bytes as %XX
        path = house.inbox / os.fsdecode(unquote_to_bytes(relative))
    return path.read_bytes()
