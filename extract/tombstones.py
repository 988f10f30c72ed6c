"""Tombstones: which documents were taken out of a house for good, when, by whom and why.

They stand in ``landing/forgotten``, one JSON file each, beside what the warehouse is rebuilt from: so a rebuilt house
knows them, too.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from extract.settings import House
from extract.whole_file import write_whole


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That a document is not to be had here again."""

    document_id: str
    reason: str
    forgotten_at: datetime
    forgotten_by: str

    def __str__(self) -> str:
        """One clause for a person: when, by whom, why."""
        return f"forgotten on {self.forgotten_at:%Y-%m-%d} by {self.forgotten_by}: {self.reason}"


def bury(tombstone: Tombstone, house: House) -> None:
    """Set a tombstone."""
    record = {**asdict(tombstone), "forgotten_at": tombstone.forgotten_at.isoformat()}
    write_whole(_path(tombstone.document_id, house), json.dumps(record, ensure_ascii=False).encode())


def tombstone_of(document_id: str, house: House) -> Tombstone | None:
    """The tombstone of a document, where it has one."""
    try:
        record = json.loads(_path(document_id, house).read_bytes())
    except FileNotFoundError:
        return None
    return Tombstone(**{**record, "forgotten_at": datetime.fromisoformat(record["forgotten_at"])})


def forgotten_ids(house: House) -> set[str]:
    """Every document that has a tombstone."""
    return {path.stem for path in _folder(house).glob("[!.]*.json")}


def _folder(house: House) -> Path:
    return house.landing / "forgotten"


def _path(document_id: str, house: House) -> Path:
    return _folder(house) / f"{document_id}.json"
