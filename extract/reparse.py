"""Reparse: archived documents are read again by the current reader, and held against what was landed of them last.

Nothing of it opens the warehouse: both sides are rows as they land. Which version last read a document, and what a line
is, is the same as in the marts: the newest version, its last landing, and a line by its place.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import pyarrow.parquet as pq

from extract import archive
from extract.land import SCHEMAS, as_landed, land_readings, readings_folder
from extract.pending import landed
from extract.read_batch import hints_by_document, read_archived
from extract.records import Document
from extract.settings import House

Row = Mapping[str, Any]

_KEYS: Mapping[str, tuple[str, ...]] = {
    "documents": (),
    "lines": ("project_line_id",),
    "funds": ("project_line_id", "fund_source", "period"),
    "indicators": ("project_line_id", "indicator_position"),
    "targets": ("project_line_id", "indicator_position", "period", "component_number"),
    "issues": ("project_line_id", "code", "message", "page_number"),
    "reconciliations": ("project_line_id", "organization_name", "check_name", "measure"),
}
"""What makes two rows of a record type the same one, read twice; of several such rows the first is the first."""
_SAYS: Mapping[str, str] = {
    "documents": "title",
    "lines": "total_text",
    "funds": "amount_text",
    "indicators": "name",
    "targets": "target_text",
    "issues": "message",
    "reconciliations": "status",
}
"""What tells a person most of a row that came or went."""
_OF_THE_RUN = {"document_id", "reader_version", "batch_id", "read_at"}
_TOLD_BY_OTHERS = {"content_fingerprint", "issue_number"}
_TOLD_BY_LOCATOR = {"page_number", "bbox"}
_BATCH = 100
"""How many documents land together."""


class NotReparsedError(Exception):
    """A document cannot be read again; the message says why."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that the current reader reads otherwise than what was landed last.

    ``before`` and ``after`` are values of ``field``; of a row that came or went, without a field, what says most of it.
    Line and table number are None where the row is one of the whole document.
    """

    record: str
    """The record type, as it lands: documents, lines, funds, indicators, targets, issues, reconciliations."""
    kind: Literal["changed", "added", "gone"]
    table_number: int | None
    line_number: int | None
    line_name: str | None
    item: str
    """Which of the line's rows: a fund source and its period, the position of an indicator, the code of an issue."""
    field: str | None
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Reparsed:
    """A document read again."""

    document: Document
    file_name: str
    landed_version: int
    """The reader version of the reading that it was held against."""
    changes: tuple[Change, ...]

    @property
    def is_to_land(self) -> bool:
        """Whether landing it would change anything: what is read, or by which version."""
        return bool(self.changes) or self.landed_version < self.document.reader_version


def read_document_ids(house: House) -> list[str]:
    """Every archived document of which a reading has landed."""
    readings = _newest_readings(house)
    return [document_id for document_id in archive.document_ids(house) if document_id in readings]


def reparse(document_ids: Sequence[str], house: House) -> Iterator[Reparsed]:
    """Read documents again, and tell what would change; nothing is landed.

    Raises:
        NotReparsedError: one of them is not archived, or was never read.
    """
    readings = _newest_readings(house)
    archived = set(archive.document_ids(house))
    for document_id in document_ids:
        if document_id not in archived:
            raise NotReparsedError(f"The archive holds no document {document_id}.")
        if document_id not in readings:
            raise NotReparsedError(f"The document {document_id} was never read: jixiao run reads it.")
    hints = hints_by_document(house)
    in_order = sorted(document_ids, key=lambda document_id: (readings[document_id][1], document_id))
    names = {document_id: hints[document_id].file_name or document_id[:12] for document_id in in_order}
    batch: Path | None = None  # documents of one batch follow each other: it is opened once
    rows: Mapping[str, Mapping[str, list[Row]]] = {}
    for document in read_archived(names, hints, house):
        version, folder = readings[document.document_id]
        if folder != batch:
            batch, rows = folder, _landed_rows(folder)
        changes = tuple(_changes(rows[document.document_id], as_landed(document)))
        yield Reparsed(document, names[document.document_id], version, changes)


def landing(reparsed: Iterable[Reparsed], house: House) -> Iterator[Reparsed]:
    """The same, and what would change is landed: each document only after it was handed on."""
    waiting: list[Document] = []
    for each in reparsed:
        yield each
        if each.is_to_land:
            waiting.append(each.document)
        if len(waiting) == _BATCH:
            land_readings(waiting, house)
            waiting = []
    if waiting:
        land_readings(waiting, house)


def _newest_readings(house: House) -> dict[str, tuple[int, Path]]:
    """Version and landed batch of the reading that stands for each document in the marts."""
    newest: dict[str, tuple[int, Path]] = {}
    for folder in landed(readings_folder(house)):
        table = pq.read_table(folder / "documents.parquet", columns=["document_id", "reader_version"])
        for document_id, version in zip(*(column.to_pylist() for column in table.columns), strict=True):
            if document_id not in newest or version >= newest[document_id][0]:
                newest[document_id] = (version, folder)
    return newest


def _landed_rows(folder: Path) -> Mapping[str, Mapping[str, list[Row]]]:
    """The rows of a landed batch: by document, then by record type."""
    rows: defaultdict[str, dict[str, list[Row]]] = defaultdict(lambda: {name: [] for name in SCHEMAS})
    for name in SCHEMAS:
        for row in pq.read_table(folder / f"{name}.parquet").to_pylist():
            rows[row["document_id"]][name].append(row)
    return rows


def _changes(before: Mapping[str, Sequence[Row]], after: Mapping[str, Sequence[Row]]) -> Iterator[Change]:
    lines = {line["project_line_id"]: line for line in (*before["lines"], *after["lines"])}
    for record in SCHEMAS:
        old, new = _by_key(record, before[record]), _by_key(record, after[record])
        for key in sorted({**old, **new}, key=lambda key: _place(record, {**old, **new}[key], lines)):
            yield from _row_changes(record, old.get(key), new.get(key), lines)


def _row_changes(record: str, old: Row | None, new: Row | None, lines: Mapping[str, Row]) -> Iterator[Change]:
    row = new or old
    assert row is not None
    line = lines.get(row.get("project_line_id") or "", {})
    where = (line.get("table_number"), line.get("line_number"), line.get("name"), _item(record, row))
    says = _SAYS[record]
    if old is None:
        yield Change(record, "added", *where, None, None, _plain(row[says]))
    elif new is None:
        yield Change(record, "gone", *where, None, _plain(row[says]), None)
    else:
        told_elsewhere = _OF_THE_RUN | _TOLD_BY_OTHERS | (_TOLD_BY_LOCATOR if "locator" in row else set())
        for field in SCHEMAS[record].names:
            # a file that landed before a column was there has no value for it
            if field not in told_elsewhere and old.get(field) != new[field]:
                yield Change(record, "changed", *where, field, _plain(old.get(field)), _plain(new[field]))


def _by_key(record: str, rows: Sequence[Row]) -> dict[tuple[Any, ...], Row]:
    seen: Counter[tuple[Any, ...]] = Counter()
    found = {}
    for row in rows:
        key = tuple(row[name] for name in _KEYS[record])
        seen[key] += 1
        found[*key, seen[key]] = row
    return found


def _place(record: str, row: Row, lines: Mapping[str, Row]) -> tuple[int, int, str]:
    """What orders the changes of a record type: by line, as printed."""
    line = lines.get(row.get("project_line_id") or "", {})
    return line.get("table_number") or 0, line.get("line_number") or 0, _item(record, row)


def _item(record: str, row: Row) -> str:
    key = _KEYS[record]
    if record == "issues":
        return str(row["code"])
    return " ".join(str(row[name]) for name in key if name != "project_line_id" and row[name] is not None)


def _plain(value: Any) -> Any:
    """A value as printed: a decimal without the zeros that its column adds."""
    return Decimal(format(value.normalize(), "f")) if isinstance(value, Decimal) else value
