"""Collect: a source → new bytes in the archive, and one landed observation per attempt to fetch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

import pyarrow.parquet as pq

from extract import archive
from extract.discover import discover
from extract.fetch import fetch
from extract.land import land_observations, observations_folder, source_of
from extract.pending import landed
from extract.progress import report
from extract.records import Listing, Observation
from extract.settings import House
from extract.sources import sources


def collect(source_id: str, house: House) -> dict[str, int]:
    """Fetch what a source offers; how many attempts came to which outcome.

    Raises:
        KeyError: there is no such source.
        FileNotFoundError: the folder of a folder source does not exist.
    """
    observations: list[Observation] = []
    try:
        for listing in discover(sources()[source_id], house):
            observations.append(_observed(listing, house))
    except BaseException:
        if observations:  # what was archived is observed, whatever came after
            land_observations(source_id, observations, house)
        raise
    land_observations(source_id, observations, house)
    outcomes = Counter(observation.outcome for observation in observations)
    report(
        f"{source_id}: {len(observations)} files seen"
        + "".join(f", {count} {outcome}" for outcome, count in sorted(outcomes.items()))
    )
    return {str(outcome): count for outcome, count in outcomes.items()}


def _observed(listing: Listing, house: House) -> Observation:
    now = datetime.now(UTC)
    try:
        content = fetch(listing, house)
    except OSError as error:
        return Observation(listing, "failed", now, message=str(error))
    try:
        document_id, is_new = archive.keep(content, house)
    except archive.ForgottenError as error:
        return Observation(listing, "refused", now, size_bytes=len(content), message=str(error))
    return Observation(listing, "new" if is_new else "duplicate", now, document_id, len(content))


def failed_sources(source_ids: Sequence[str], since: datetime, house: House) -> list[str]:
    """The sources whose collection since a moment landed nothing, or nothing but failures."""
    healthy: set[str] = set()
    for path in landed(observations_folder(house)):
        if path.stat().st_mtime >= since.timestamp():
            table = pq.read_table(path, columns=["outcome"])
            if table.num_rows == 0 or set(table.column(0).to_pylist()) != {"failed"}:
                healthy.add(source_of(path))
    return [source_id for source_id in source_ids if source_id not in healthy]
