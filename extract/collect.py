"""Collect: a source → new bytes in the archive, and one landed observation per attempt to fetch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import pyarrow.parquet as pq

from extract.crawl import CrawlDiedError, crawl
from extract.crawl.messages import Crawl, Ended, Limits, PageSeen
from extract.folder import collect_folder
from extract.known import known_addresses
from extract.land import land_observations, lists_of, observations_folder, source_of
from extract.pending import landed
from extract.progress import report
from extract.receive import Receiver, keeping
from extract.records import GAVE_BYTES, Listing, Lists, Observation
from extract.settings import House, contact, download_seconds, largest_download_bytes
from extract.sources import FOLDER, Source, sources


def collect(source_id: str, house: House, fiscal_years: Sequence[int] = (), *, force: bool = False) -> dict[str, int]:
    """Fetch what a source offers; how many attempts came to which outcome.

    ``fiscal_years`` are wanted instead of those that the source names. With ``force`` everything is asked for as if
    nothing were known of it.

    Raises:
        KeyError: there is no such source.
        FileNotFoundError: the folder of a folder source does not exist.
    """
    source = sources()[source_id]
    if fiscal_years:
        source = source.model_copy(update={"fiscal_years": tuple(fiscal_years)})
    return collect_source(source, house, force=force)


def collect_source(source: Source, house: House, *, force: bool = False) -> dict[str, int]:
    """As ``collect``, of a source at hand."""
    observations: list[Observation] = []
    lists: Lists | None = None
    try:
        for event in _events(source, house, force=force):
            if isinstance(event, Observation):
                observations.append(event)
            else:
                lists = event.lists
    except BaseException:
        if observations:  # what was archived is observed, whatever came after
            land_observations(source.source_id, observations, house)
        raise
    land_observations(source.source_id, observations, house, lists)
    outcomes = Counter(observation.outcome for observation in observations)
    report(
        f"{source.source_id}: {len(observations)} files seen"
        + "".join(f", {count} {outcome}" for outcome, count in sorted(outcomes.items()))
        + (f"; {lists.not_due} known ones were not due" if lists is not None and lists.not_due else "")
    )
    return {str(outcome): count for outcome, count in outcomes.items()}


def _events(source: Source, house: House, *, force: bool) -> Iterator[Observation | Ended]:
    known = known_addresses(source.source_id, house)
    if source.system == FOLDER:
        receiver = Receiver(known, keeping(house), largest_download_bytes(), is_site=False, force=force)
        yield from collect_folder(source.source_id, house, receiver, {} if force else known)
        return
    request = Crawl(source, house, known, contact(), limits(), force=force)
    try:
        yield from (event for event in crawl(request) if not isinstance(event, PageSeen))
    except CrawlDiedError as error:
        start = Listing(source.source_id, source.start[0].url)
        yield Observation(start, "failed", datetime.now(UTC), message=str(error))


def limits() -> Limits:
    """How much and how long, as the settings say."""
    return Limits(largest_bytes=largest_download_bytes(), download_seconds=download_seconds())


def failed_sources(source_ids: Sequence[str], since: datetime, house: House) -> list[str]:
    """The sources whose collection since a moment landed nothing, or nothing that gave a document.

    One whose documents were only not due has not failed.
    """
    healthy: set[str] = set()
    for path in landed(observations_folder(house)):
        if path.stat().st_mtime >= since.timestamp():
            table = pq.read_table(path, columns=["outcome"])
            lists = lists_of(path)
            had_none_due = lists is not None and lists.not_due > 0
            if had_none_due or table.num_rows == 0 or GAVE_BYTES & set(table.column(0).to_pylist()):
                healthy.add(source_of(path))
    return [source_id for source_id in source_ids if source_id not in healthy]
