"""Known: landed observations of a source → what each of its addresses gave last. The warehouse is never opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from extract.land import observations_folder, read_observations, source_of
from extract.pending import landed
from extract.records import GAVE_BYTES, Known, Listing
from extract.settings import House
from extract.tombstones import forgotten_ids

_COLUMNS = (
    "url",
    "outcome",
    "observed_at",
    "title",
    "published_date",
    "publisher_name",
    "fiscal_year",
    "document_id",
    "size_bytes",
    "media_type",
    "etag",
    "last_modified",
    "container_document_id",
)


def known_addresses(source_id: str, house: House) -> Mapping[str, Known]:
    """What is known of every address of a source that ever gave a document, those asked longest ago first.

    What was forgotten is not known: it is asked for, and refused.
    """
    known: dict[str, Known] = {}
    for path in landed(observations_folder(house)):
        if source_of(path) == source_id:
            rows = read_observations(path, _COLUMNS).to_pylist()
            for row in sorted(rows, key=lambda row: row["observed_at"]):
                _note(row, source_id, known)
    forgotten = forgotten_ids(house)
    return {url: each for url, each in known.items() if each.document_id not in forgotten}


def _note(row: Mapping[str, object], source_id: str, known: dict[str, Known]) -> None:
    url, before = str(row["url"]), known.get(str(row["url"]))
    if row["outcome"] in GAVE_BYTES and row["document_id"]:
        known.pop(url, None)
        known[url] = Known(
            Listing(source_id, url, row["title"], row["published_date"], row["publisher_name"], row["fiscal_year"]),  # type: ignore[arg-type]
            *(row[name] for name in _COLUMNS[7:]),  # type: ignore[arg-type]
        )
    elif row["outcome"] == "gone" and before is not None:
        known[url] = replace(before, etag=None, last_modified=None, is_gone=True)
