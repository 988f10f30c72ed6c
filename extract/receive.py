"""Receive: bytes that came for a listing → the archive, and the observations that say what came of them.

Names and servers are not believed. Bytes under a name that they cannot have are refused; an archive (ZIP, RAR, 7z) is
kept, and each file in it is received as a document of its own.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from threading import Lock
from urllib.parse import quote, unquote, urlsplit

from extract import archive
from extract.records import Known, Listing, Observation, Outcome
from extract.settings import House
from extract.sniff import decoded, media_type
from extract.unpack import UnpackError, container_kind, members
from extract.vocabularies import vocabulary

_BINARY = frozenset({".pdf", ".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".ofd", ".zip", ".rar", ".7z"})
_ALSO_PAGES = frozenset({".doc", ".xls", ".wps", ".et"})  # offices save pages under these names, too
_MARKUP = re.compile(r"<[^>]{0,2000}>|\s+")
_HEADINGS = vocabulary("documents")["targets_headings"]
_CELL = re.compile(rb"<(?:\w+:)?(?:t[dhc]|cell)[\s>/]", re.IGNORECASE)

Keep = Callable[[bytes], tuple[str, bool]]
"""Archives bytes, or does not: their document id, and whether they are new."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What an attempt to fetch a listing gave: its bytes, and what the answer said of itself."""

    listing: Listing
    content: bytes
    status_code: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    duration_seconds: float | None = None
    final_url: str | None = None
    message: str | None = None


def keeping(house: House) -> Keep:
    """Archive bytes in a house."""
    return lambda content: archive.keep(content, house)


def looking() -> Keep:
    """Archive nothing: only tell what is new to this one."""
    seen: set[str] = set()

    def look(content: bytes) -> tuple[str, bool]:
        document_id = hashlib.sha256(content).hexdigest()
        is_new = document_id not in seen
        seen.add(document_id)
        return document_id, is_new

    return look


class Receiver:
    """Receives what comes of one source.

    What a ``site`` serves is held against the name that it serves it under; whatever a person puts into a folder is a
    document. ``force`` opens archives again that are the same as before.
    """

    def __init__(
        self, known: Mapping[str, Known], keep: Keep, largest_bytes: int, *, is_site: bool, force: bool = False
    ) -> None:
        self._known = known
        self._keep = keep
        self._largest_bytes = largest_bytes
        self._is_site = is_site
        self._force = force
        self._one_at_a_time = Lock()
        self._forgotten: set[str] = set()
        self._members: dict[str, list[str]] = {}
        for url, before in known.items():
            if before.container_document_id is not None:
                self._members.setdefault(url.rsplit("#", 1)[0], []).append(url)

    def receive(self, arrival: Arrival) -> Iterator[Observation]:
        """What came of bytes. An archive comes after its files: once it is observed, so are they."""
        kind = container_kind(arrival.content)
        if kind is None:
            yield self._document(arrival, media_type(arrival.content))
        elif self._is_as_before(arrival):
            yield from self._members_unchanged(arrival.listing)
            yield self._kept(arrival, kind)
        else:
            yield from self._unpacked(arrival, kind)

    def unchanged(
        self, listing: Listing, status_code: int | None = None, duration_seconds: float | None = None
    ) -> Iterator[Observation]:
        """What is known of an address that is said to give the same as before, and of the files in it."""
        yield from self._members_unchanged(listing)
        yield replace(
            self._as_known(listing.url), listing=listing, status_code=status_code, duration_seconds=duration_seconds
        )

    def gone(self, listing: Listing, status_code: int, duration_seconds: float) -> Iterator[Observation]:
        """An address that gave a document and now says that there is none, and the files that came in it."""
        now = datetime.now(UTC)
        yield Observation(listing, "gone", now, status_code=status_code, duration_seconds=duration_seconds)
        for url in self._members_of(listing.url):
            yield Observation(self._known[url].listing, "gone", now, message="the archive that held it is gone")

    def _members_of(self, url: str) -> list[str]:
        """The addresses of an archive's files, without those that are gone."""
        return [member for member in self._members.get(url, []) if not self._known[member].is_gone]

    def _members_unchanged(self, listing: Listing) -> Iterator[Observation]:
        return map(self._as_known, self._members_of(listing.url))

    def _as_known(self, url: str) -> Observation:
        before = self._known[url]
        return Observation(
            before.listing,
            "unchanged",
            datetime.now(UTC),
            before.document_id,
            before.size_bytes,
            media_type=before.media_type,
            etag=before.etag,
            last_modified=before.last_modified,
            container_document_id=before.container_document_id,
        )

    def _is_as_before(self, arrival: Arrival) -> bool:
        before = self._known.get(arrival.listing.url)
        return (
            before is not None
            and not (before.is_gone or self._force)
            and before.document_id == hashlib.sha256(arrival.content).hexdigest()
        )

    def _unpacked(self, arrival: Arrival, kind: str) -> Iterator[Observation]:
        url, document_id = arrival.listing.url, hashlib.sha256(arrival.content).hexdigest()
        unpacked: set[str] = set()
        try:
            for member in members(arrival.content, kind, self._largest_bytes):
                name = PurePosixPath(member.path)
                listing = replace(arrival.listing, url=f"{url}#{quote(member.path)}", title=name.stem)
                of_member = Arrival(listing, member.content or b"")
                unpacked.add(listing.url)
                if member.content is None:
                    yield _observed(of_member, None, "refused", message=member.problem)
                else:
                    yield self._document(of_member, media_type(member.content), document_id)
        except UnpackError as error:
            yield _observed(arrival, kind, "refused", message=str(error))
            return
        if not unpacked:
            yield _observed(arrival, kind, "refused", message="an archive without files; look at it")
            return
        for left in self._members_of(url):
            if left not in unpacked:
                listing = self._known[left].listing
                yield Observation(listing, "gone", datetime.now(UTC), message="its archive came again without it")
        if self._forgotten & unpacked:  # what was taken out for good is not kept packed, either
            yield _observed(arrival, kind, "refused", message="it holds a document that was forgotten")
            return
        yield self._kept(arrival, kind)

    def _document(self, arrival: Arrival, kind: str, container_document_id: str | None = None) -> Observation:
        if self._is_site:
            before = self._known.get(arrival.listing.url)
            problem = _why_no_document(arrival.listing.url, arrival.content, kind)
            if problem := problem or _why_no_revision(before, arrival.content, kind):
                return _observed(arrival, kind, "refused", message=problem)
        return self._kept(arrival, kind, container_document_id)

    def _kept(self, arrival: Arrival, kind: str, container_document_id: str | None = None) -> Observation:
        try:
            with self._one_at_a_time:  # the same bytes may come from two addresses at once
                document_id, is_new = self._keep(arrival.content)
        except archive.ForgottenError as error:
            self._forgotten.add(arrival.listing.url)
            return _observed(arrival, kind, "refused", message=str(error))
        except OSError as error:
            return _observed(arrival, kind, "failed", message=f"it cannot be archived: {error}")
        before = self._known.get(arrival.listing.url)
        outcome: Outcome
        if before is None:
            outcome = "new" if is_new else "duplicate"
        else:
            outcome = "unchanged" if before.document_id == document_id else "revised"
        return replace(
            _observed(arrival, kind, outcome), document_id=document_id, container_document_id=container_document_id
        )


def _observed(arrival: Arrival, kind: str | None, outcome: Outcome, message: str | None = None) -> Observation:
    said = "; ".join(part for part in (message, arrival.message) if part)
    return Observation(
        arrival.listing,
        outcome,
        datetime.now(UTC),
        size_bytes=None if kind is None else len(arrival.content),
        message=said or None,
        status_code=arrival.status_code,
        media_type=kind,
        etag=arrival.etag,
        last_modified=arrival.last_modified,
        duration_seconds=arrival.duration_seconds,
        final_url=arrival.final_url,
    )


def _why_no_document(url: str, content: bytes, kind: str) -> str | None:
    """Why bytes cannot be the document that their address promises; None where they can.

    Servers answer with pages that say what went wrong, and with status 200.
    """
    name = unquote(urlsplit(url).fragment or urlsplit(url).path)
    suffix = PurePosixPath(name).suffix.lower()
    if kind == "application/x-empty":
        return "nothing came: the file is empty; open its address in a browser"
    if kind == "text/html" and not _CELL.search(content):
        return "a page came, without a table, and no document; open its address in a browser"
    if _is_text(kind) and suffix in _BINARY - (_ALSO_PAGES if _CELL.search(content) else frozenset()):
        return (
            f"{kind} came under the name {suffix}: the server says something else than the document; open its address"
        )
    return None


def _why_no_revision(before: Known | None, content: bytes, kind: str) -> str | None:
    """Why bytes cannot be what became of the file that their address gave; None where they can.

    A server out of order or a site under repair gives pages of its own, with tables for their layout.
    """
    if before is None or before.media_type is None or _is_text(before.media_type) or not _is_text(kind):
        return None
    text = _MARKUP.sub("", decoded(content) or content.decode("gb18030", "replace"))
    if sum(heading in text for heading in _HEADINGS) > 1:
        return None
    return f"{kind} without targets came where {before.media_type} stood, which is kept; open its address in a browser"


def _is_text(kind: str) -> bool:
    return kind.startswith("text/") or kind == "application/xml"
