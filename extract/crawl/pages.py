"""Pages: what list and article pages said last, so that a server need not send again what did not change.

A page that did not change still leads on: its bytes are kept, and read anew each time. Articles are not even asked for
before they are due; what they offer is kept, too, and believed for as long as it would be read the same way.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zlib
from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from extract.sites import Link
from extract.sources import Source

_PACKAGE = Path(__file__).parents[1]
_TIMES = ("asked_at", "since", "anew_at")


@dataclass(frozen=True, slots=True)
class Remembered:
    """A page as it came last: its final address, its bytes, and what its answer said of itself.

    An article that may wait until it is due also says when it was asked for (``asked_at``), since when it offers what
    it does, as far as that is told (``since``), that (``offers``) and how it was read (``read_as``), what the link to
    it showed (``shown``) and when that first was something else than before (``anew_at``).
    """

    url: str
    content: bytes
    media_type: str | None
    charset: str | None
    etag: str | None
    last_modified: str | None
    asked_at: datetime | None = None
    since: datetime | None = None
    offers: tuple[Link, ...] = ()
    read_as: str | None = None
    shown: str | None = None
    anew_at: datetime | None = None


class Pages:
    """The remembered pages of a source in a folder, one file each, written whole or not at all."""

    def __init__(self, folder: Path | None, forgotten: Collection[str] = ()) -> None:
        """Without a folder nothing is remembered, and never a page whose bytes are a ``forgotten`` document."""
        self._folder = folder
        self._forgotten = forgotten

    def of(self, url: str) -> Remembered | None:
        """What an address gave last; None where that is not known, or its file is damaged."""
        if self._folder is None:
            return None
        try:
            head, _, packed = self._path(url, self._folder).read_bytes().partition(b"\n")
            told = json.loads(head)
            times = {name: datetime.fromisoformat(told[name]) for name in _TIMES if told.get(name)}
            offers = tuple(map(_link, told.get("offers", ())))
            return Remembered(**{**told, **times, "offers": offers, "content": zlib.decompress(packed)})
        except (OSError, ValueError, TypeError, KeyError, zlib.error):
            return None

    def remember(self, url: str, page: Remembered) -> None:
        """Remember what an address gave, where that may wait, or its answer carries what a server can be asked with."""
        if self._folder is None or not (page.asked_at or page.etag or page.last_modified):
            return
        if self._forgotten and hashlib.sha256(page.content).hexdigest() in self._forgotten:
            return
        told = asdict(page)
        packed = zlib.compress(told.pop("content"))
        path = self._path(url, self._folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(descriptor, "wb") as file:
            file.write(json.dumps(told, default=str).encode() + b"\n" + packed)
        Path(temporary).replace(path)

    @staticmethod
    def _path(url: str, folder: Path) -> Path:
        name = hashlib.sha256(url.encode()).hexdigest()
        return folder / name[:2] / name


def _link(told: dict[str, Any]) -> Link:
    published = told["published_date"]
    return Link(**{**told, "published_date": date.fromisoformat(published) if published else None})


def way_of_reading(source: Source) -> str:
    """A digest of all that what is made of a source's page depends on, besides the page and the link to it."""
    digest = hashlib.sha256(source.model_dump_json().encode())
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in (".py", ".yml"):
            digest.update(path.read_bytes())
    return digest.hexdigest()
