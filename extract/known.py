"""Known: landed observations of a source → what each of its addresses gave last. The warehouse is never opened."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa

from extract.due import content_since
from extract.land import observations_folder, read_observations, source_of
from extract.pending import landed
from extract.records import GAVE_BYTES, Known, Listing
from extract.settings import House
from extract.tombstones import forgotten_ids

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OF_LISTING = ("title", "published_date", "publisher_name", "fiscal_year")
_OF_DOCUMENT = ("document_id", "size_bytes", "media_type", "etag", "last_modified", "container_document_id")


def known_addresses(source_id: str, house: House) -> Mapping[str, Known]:
    """What is known of every address of a source that ever gave a document, those asked longest ago first.

    What was forgotten is not known: it is asked for, and refused.
    """
    paths = [path for path in landed(observations_folder(house)) if source_of(path) == source_id]
    known: dict[str, Known] = {}
    for row in sorted((row for path in paths for row in _rows(path)), key=lambda row: row["observed_at"]):
        _note(row, source_id, known)
    forgotten = forgotten_ids(house)
    return {url: each for url, each in known.items() if each.document_id not in forgotten}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    # pyarrow makes moments by pandas, whose import takes longer than all of this
    moments = read_observations(path, ("observed_at",)).column(0).cast(pa.int64()).to_pylist()
    rows = read_observations(path, ("url", "outcome", *_OF_LISTING, *_OF_DOCUMENT)).to_pylist()
    for row, microseconds in zip(rows, moments, strict=True):
        yield {**row, "observed_at": _EPOCH + timedelta(microseconds=microseconds)}


def _note(row: Mapping[str, Any], source_id: str, known: dict[str, Known]) -> None:
    url, observed_at = row["url"], row["observed_at"]
    before = known.get(url)
    if row["outcome"] in GAVE_BYTES and row["document_id"]:
        if before is not None and before.document_id == row["document_id"]:
            since = before.since
        else:  # where other bytes stood before, the day of the listing is theirs
            published_date = row["published_date"] if before is None else None
            since = content_since(observed_at, row["last_modified"], published_date)
        known.pop(url, None)
        listing = Listing(source_id, url, *(row[name] for name in _OF_LISTING))
        said = {name: row[name] for name in _OF_DOCUMENT}
        known[url] = Known(listing, **said, since=since, asked_at=observed_at)
    elif before is not None:
        known[url] = replace(before, asked_at=observed_at, gave_bytes=False)
        if row["outcome"] == "gone":
            known[url] = replace(known[url], etag=None, last_modified=None, is_gone=True)
