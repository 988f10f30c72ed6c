"""Alarms: what an operator should hear of after a collection, though no task failed: a source is silent, or shrinks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pyarrow.parquet as pq

from extract.collect import failed_sources
from extract.land import lists_of, observations_folder, source_of
from extract.pending import landed
from extract.settings import House
from extract.sources import Source, sources
from extract.warehouse import open_warehouse

_FAR_FEWER = 0.5  # of the documents that the collection before saw
_FEWEST = 4  # documents a source must have had before a smaller number says anything

_LAST_NEWS = """
SELECT source_id, coalesce(max(observed_at) FILTER (WHERE outcome IN ('new', 'revised')), min(observed_at)) AS last_news
FROM raw.observations
GROUP BY source_id
"""


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something about one source that somebody should look at."""

    source_id: str
    message: str
    what_to_do: str


def alarms(source_ids: Sequence[str], since: datetime, house: House, *, of_all_years: bool = True) -> list[Alarm]:
    """What is alarming about sources that were collected since a moment and whose observations are loaded.

    A collection that was told which fiscal years to look for names fewer documents than another: that alarms nobody.
    """
    failed = set(failed_sources(source_ids, since, house))
    last_news = _last_news(house)
    found: list[Alarm] = []
    for source_id in source_ids:
        source = sources()[source_id]
        if source_id in failed:
            found.append(_failed(source))
            continue
        found += _silent(source, last_news.get(source_id))
        if of_all_years:
            found += _shrunk(source, house)
    return found


def _last_news(house: House) -> dict[str, datetime]:
    """When each source last gave something new; where it never did, when it was first asked."""
    if not house.warehouse.exists():
        return {}
    with open_warehouse(house, read_only=True) as warehouse:
        return dict(warehouse.execute(_LAST_NEWS).fetchall())


def _failed(source: Source) -> Alarm:
    return Alarm(
        source.source_id,
        "nothing could be fetched",
        f"See its task's log and quality.qa_observations; try it with jixiao check-source {source.source_id}.",
    )


def _silent(source: Source, last_news: datetime | None) -> Iterator[Alarm]:
    if source.rhythm_days is None or last_news is None:
        return
    days = (datetime.now(UTC) - last_news).days
    if days > source.rhythm_days:
        yield Alarm(
            source.source_id,
            f"nothing new since {last_news:%Y-%m-%d}, {days} days; it is expected every {source.rhythm_days}",
            "Open its start pages: the publisher may have moved its lists. If it is only late, raise rhythm_days.",
        )


def _shrunk(source: Source, house: House) -> Iterator[Alarm]:
    collections = [path for path in landed(observations_folder(house)) if source_of(path) == source.source_id]
    last_two = sorted(collections, key=lambda path: path.stat().st_mtime_ns)[-2:]
    if len(last_two) < 2:
        return
    before, now = map(_documents_seen, last_two)
    if before >= _FEWEST and now < _FAR_FEWER * before:
        yield Alarm(
            source.source_id,
            f"only {now} documents were seen; the collection before saw {before}",
            "Open its start pages: a list may be cut short, paged anew or filled by script. Nothing collected is lost.",
        )


def _documents_seen(path: Path) -> int:
    """The documents that the lists named; where there are no lists, those that came."""
    if (lists := lists_of(path)) is not None:
        return lists.listed
    table = pq.read_table(path, columns=["url", "document_id"])
    return len({url for url, document_id in zip(*table.to_pydict().values(), strict=True) if document_id is not None})
