"""Pages: what list and article pages said last, so that a server need not send again what did not change.

A page that did not change still leads on: its bytes are kept, not what was made of them, and read anew each time.
Articles are not even asked for before they are due.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

_TIMES = ("asked_at", "since")


@dataclass(frozen=True, slots=True)
class Remembered:
    """A page as it came last: its final address, its bytes, and what its answer said of itself.

    An article that may wait until it is due also says when it was asked for (``asked_at``), since when it offers what
    it does, as far as that is told (``since``), and digests of that (``offers``) and of the link to it (``shown``).
    """

    url: str
    content: bytes
    media_type: str | None
    charset: str | None
    etag: str | None
    last_modified: str | None
    asked_at: datetime | None = None
    since: datetime | None = None
    offers: str | None = None
    shown: str | None = None


class Pages:
    """The remembered pages of a source in a folder, one file each, written whole or not at all."""

    def __init__(self, folder: Path | None) -> None:
        """Without a folder nothing is remembered."""
        self._folder = folder

    def of(self, url: str) -> Remembered | None:
        """What an address gave last; None where that is not known, or its file is damaged."""
        if self._folder is None:
            return None
        try:
            head, _, packed = self._path(url, self._folder).read_bytes().partition(b"\n")
            told = json.loads(head)
            times = {name: datetime.fromisoformat(told[name]) for name in _TIMES if told.get(name)}
            return Remembered(**{**told, **times, "content": zlib.decompress(packed)})
        except (OSError, ValueError, TypeError, zlib.error):
            return None

    def remember(self, url: str, page: Remembered) -> None:
        """Remember what an address gave, where that may wait, or its answer carries what a server can be asked with."""
        if self._folder is None or not (page.asked_at or page.etag or page.last_modified):
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
