"""What there is to do, from the state of a house alone: never from what a run was told.

Archived and not yet read by this reader version; landed and not loaded; loaded and not built; built and not published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from extract import archive
from extract.corrections import folder as corrections_folder
from extract.land import observations_folder, read_observations, readings_folder
from extract.reader_version import READER_VERSION
from extract.settings import PROJECT, House, ocr_is_on, postgres
from extract.unpack import CONTAINERS
from extract.warehouse import open_warehouse

BATCH_BYTES = 8_000_000
"""How many bytes of documents make a batch: seconds of reading, which is what a kill costs."""
LARGEST_BATCH_BYTES = 1_500_000_000
"""How many bytes make a quarter of an hour's reading, half of what Airflow gives a task."""
_ENOUGH_BATCHES = 100  # of larger ones, files stay few
_MOST_BATCHES = 500  # Airflow maps at most 1,024
_UNRECOGNISED = ("no_text", "ocr_not_installed")


@dataclass(frozen=True, slots=True)
class Batch:
    """Documents that one task reads."""

    name: str
    document_ids: tuple[str, ...]


def unread_document_ids(house: House) -> list[str]:
    """Archived and observed documents that the current reader version has not read.

    Bytes whose observation has not landed yet wait for it: it says under which name they were found. Pictures that were
    refused are unread again once they are to be recognised. What holds documents (ZIP, RAR) is none.
    """
    read: set[str] = set()
    for folder in landed(readings_folder(house)):
        table = pq.read_table(folder / "documents.parquet", columns=["document_id", "reader_version"])
        for document_id, version in zip(*(column.to_pylist() for column in table.columns), strict=True):
            if version == READER_VERSION:
                read.add(document_id)
        if ocr_is_on():
            issues = pq.read_table(folder / "issues.parquet", columns=["document_id", "code"])
            told = zip(*(column.to_pylist() for column in issues.columns), strict=True)
            read -= {document_id for document_id, code in told if code in _UNRECOGNISED}
    observed: set[str] = set()
    containers: set[str] = set()
    for path in landed(observations_folder(house)):
        rows = read_observations(path, ["document_id", "media_type"])
        for document_id, kind in zip(*(column.to_pylist() for column in rows.columns), strict=True):
            (containers if kind in CONTAINERS else observed).add(document_id)
    unread = observed - containers - read
    return [document_id for document_id in archive.document_ids(house) if document_id in unread]


def batches(document_ids: Iterable[str], house: House) -> list[Batch]:
    """Archived documents, parted by bytes: many become larger batches, very many more of them."""
    archived = archive.sizes(house)
    sizes = {document_id: archived[document_id] for document_id in document_ids}
    total = sum(sizes.values())
    limit = max(BATCH_BYTES, min(total / _ENOUGH_BATCHES, LARGEST_BATCH_BYTES), total / _MOST_BATCHES)
    parts: list[list[str]] = []
    filled: float = limit
    for document_id, size in sizes.items():
        if filled + size > limit:
            parts.append([])
            filled = 0
        parts[-1].append(document_id)
        filled += size
    return [
        Batch(f"{number:03d}: {len(part)} documents, {sum(sizes[i] for i in part) / 1e6:.1f} MB", tuple(part))
        for number, part in enumerate(parts, 1)
    ]


def landed(folder: Path) -> list[Path]:
    """What has landed in a folder, oldest first; what is still being written has a hidden name."""
    return sorted(path for path in folder.glob("*") if not path.name.startswith(".")) if folder.is_dir() else []


def unloaded(house: House) -> list[Path]:
    """Landed batches of readings, files of observations and corrections that the warehouse has not loaded."""
    folders = readings_folder(house), observations_folder(house), corrections_folder(house)
    everything = [path for folder in folders for path in landed(folder)]
    if not house.warehouse.exists():
        return everything
    with open_warehouse(house, read_only=True) as warehouse:
        loaded = {load_id for (load_id,) in warehouse.execute("SELECT load_id FROM raw.loads").fetchall()}
    return [path for path in everything if path.name not in loaded]


@dataclass(frozen=True, slots=True)
class Build:
    """What the marts should be built from: a fingerprint for the project's models, for documents, for observations."""

    rules: str
    facts: str
    observations: str


# What observations tell of documents themselves: under which addresses each stands, and what each address gave in turn.
# An attempt that finds what the one before found tells nothing new, one that brought nothing tells nothing at all; what
# dbt makes of the rest is int_document_observations and int_documents_standing.
_WHEREABOUTS = """
WITH finds AS (
    SELECT *, CASE WHEN outcome <> 'gone' THEN document_id END AS found_id, outcome IN ('new', 'revised') AS is_first
    FROM raw.observations
    WHERE outcome = 'gone' OR (outcome IN ('new', 'unchanged', 'duplicate', 'revised') AND document_id IS NOT NULL)
)
SELECT source_id, url, title, published_date, found_id, observed_at
FROM finds
WINDOW
    at_address AS (PARTITION BY url ORDER BY observed_at, observation_id),
    as_listed AS (
        PARTITION BY source_id, url, title, published_date, found_id ORDER BY observed_at, observation_id
    ),
    as_listed_first AS (
        PARTITION BY source_id, url, title, published_date, found_id, is_first ORDER BY observed_at, observation_id
    )
QUALIFY
    row_number() OVER at_address = 1
    OR found_id IS DISTINCT FROM lag(found_id) OVER at_address
    OR row_number() OVER as_listed = 1
    OR (is_first AND row_number() OVER as_listed_first = 1)
ORDER BY ALL
"""


def wanted_build(warehouse: duckdb.DuckDBPyConnection) -> Build:
    """The build that the loaded rows and the project's models call for."""
    loads = warehouse.execute("SELECT kind, load_id FROM raw.loads ORDER BY ALL").fetchall()
    readings = [load_id for kind, load_id in loads if kind in ("readings", "corrections")]
    forgotten = warehouse.execute("SELECT document_id FROM raw.forgotten ORDER BY ALL").fetchall()
    whereabouts = warehouse.execute(_WHEREABOUTS).fetchall()
    return Build(
        rules=_digest(_model_digests()),
        facts=_digest([*readings, *map(str, [*forgotten, *whereabouts])]),
        observations=_digest(load_id for kind, load_id in loads if kind == "observations"),
    )


def last_build(warehouse: duckdb.DuckDBPyConnection) -> Build | None:
    """The build that the marts are; None where they are of none, of an earlier version, or of an interrupted one."""
    try:
        row = warehouse.execute(
            "SELECT rules_fingerprint, facts_fingerprint, observations_fingerprint FROM raw.builds"
        ).fetchone()
    except duckdb.BinderException:
        return None
    return Build(*row) if row else None


def published_build(house: House) -> Build | None:
    """The build that readers have, as far as their file can be asked; None where they have no whole release."""
    if not house.published.exists() or not (house.current / "datapackage.json").exists():
        return None
    try:
        with duckdb.connect(str(house.published), read_only=True) as published:
            row = published.execute(
                "SELECT rules_fingerprint, facts_fingerprint, observations_fingerprint FROM quality.qa_release"
            ).fetchone()
    except (duckdb.IOException, duckdb.BinderException, duckdb.CatalogException):
        return None  # opened for writing by somebody, or of an earlier version: replaced, as if it were not there
    return Build(*row) if row else None


def postgres_lacks_release(house: House) -> bool:
    """Whether a database is named, and holds another release than the files, or cannot be asked which."""
    address = postgres()
    if address is None or not house.published.exists():
        return False
    from extract.postgres import PostgresError, release_in_postgres

    with duckdb.connect(str(house.published), read_only=True) as published:
        row = published.execute("SELECT release_id FROM quality.qa_release").fetchone()
    try:
        return row is not None and release_in_postgres(address) != row[0]
    except PostgresError:
        return True


def is_build_pending(house: House) -> bool:
    """Whether anything is loaded and not built, or built and not published."""
    if not house.warehouse.exists():
        return False
    with open_warehouse(house, read_only=True) as warehouse:
        wanted = wanted_build(warehouse)
        if last_build(warehouse) != wanted:
            return True
    return published_build(house) != wanted or postgres_lacks_release(house)


def _model_digests() -> Iterator[str]:
    folder = PROJECT / "dbt_project"
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.suffix in {".sql", ".yml", ".csv"}:
            yield f"{path.relative_to(folder)} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
