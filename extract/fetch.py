"""Fetch: a listing → its bytes. What comes of every attempt is an observation, made by ``collect``."""

from __future__ import annotations

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
    return (house.inbox / listing.url.removeprefix(FOLDER)).read_bytes()
