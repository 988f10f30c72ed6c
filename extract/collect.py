"""Collect: a source → new bytes in the archive, and one landed observation per attempt to fetch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime

from extract import archive
from extract.discover import discover
from extract.fetch import fetch
from extract.land import land_observations, observations_folder
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
    observations = [_observed(listing, house) for listing in discover(sources()[source_id], house)]
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
    document_id, is_new = archive.keep(content, house)
    return Observation(listing, "new" if is_new else "duplicate", now, document_id, len(content))


def failed_sources(source_ids: Sequence[str], since: datetime, house: House) -> list[str]:
    """The sources of which nothing has landed since a moment: their task died before it could say what it saw."""
    landed_since = {
        path.name for path in landed(observations_folder(house)) if path.stat().st_mtime >= since.timestamp()
    }
    return [source_id for source_id in source_ids if not any(f"-{source_id}-" in name for name in landed_since)]
