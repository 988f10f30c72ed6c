"""Land: the documents of a batch → one Parquet file per record type, in a folder that appears whole or not at all.

The schemas below are the schemas of ``raw.*``: what is landed is loaded unchanged. Amounts are yuan, boxes are points
from the top left corner of a page, ``locator`` is JSON with every part of a fact's place.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import unicodedata
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from extract.json_lines import part_dict
from extract.records import BBox, Document, Indicator, Line, Lists, Observation, Part
from extract.settings import House

_COLLECTION = "collection"
_YUAN = pa.decimal128(18, 2)
_VALUE = pa.decimal128(38, 10)
_BBOX = pa.struct([(name, pa.float64()) for name in ("x0", "top", "x1", "bottom")])
_READING = [("document_id", pa.string()), ("reader_version", pa.int32())]
_PLACE = [("page_number", pa.int32()), ("bbox", _BBOX), ("locator", pa.string())]
_LEVELS = [(f"level_{n}{part}", pa.string()) for n in (1, 2) for part in ("_code", "_name")]

SCHEMAS: Mapping[str, pa.Schema] = {
    "documents": pa.schema(
        [
            *_READING,
            ("media_type", pa.string()),
            ("document_kind", pa.string()),
            ("publisher_name", pa.string()),
            ("title", pa.string()),
            ("fiscal_year", pa.int32()),
            ("fiscal_year_basis", pa.string()),
            ("page_count", pa.int32()),
            ("status", pa.string()),
            # hash of the lines without their places: equal under other bytes means the same content
            ("content_fingerprint", pa.string()),
            ("batch_id", pa.string()),
            ("read_at", pa.timestamp("us", tz="UTC")),
        ]
    ),
    "lines": pa.schema(
        [
            *_READING,
            ("project_line_id", pa.string()),
            ("table_number", pa.int32()),
            ("line_number", pa.int32()),
            ("view", pa.string()),
            ("layout", pa.string()),
            ("level", pa.string()),
            ("name", pa.string()),
            ("organization_name", pa.string()),
            ("total_text", pa.string()),
            ("total_yuan", _YUAN),
            ("project_total_text", pa.string()),
            ("project_total_yuan", _YUAN),
            ("amount_unit", pa.string()),
            ("goal_text", pa.string()),
            ("project_goal_text", pa.string()),
            ("is_confidential", pa.bool_()),
            ("is_recognised", pa.bool_()),
            ("transfer_heading", pa.string()),
            *_PLACE,
        ]
    ),
    "funds": pa.schema(
        [
            *_READING,
            ("project_line_id", pa.string()),
            ("fund_source", pa.string()),
            ("period", pa.string()),
            ("amount_text", pa.string()),
            ("amount_yuan", _YUAN),
            ("allocation", pa.string()),
            ("candidates", pa.list_(pa.string())),
            *_PLACE,
        ]
    ),
    "indicators": pa.schema(
        [
            *_READING,
            ("project_line_id", pa.string()),
            ("indicator_position", pa.int32()),
            ("indicator_number", pa.string()),
            *_LEVELS,
            ("name", pa.string()),
            ("weight", _VALUE),
            ("nature_text", pa.string()),
            ("unit_text", pa.string()),
            ("explanation_text", pa.string()),
            ("prior_value_text", pa.string()),
            *_PLACE,
        ]
    ),
    "targets": pa.schema(
        [
            *_READING,
            ("project_line_id", pa.string()),
            ("indicator_position", pa.int32()),
            ("period", pa.string()),
            ("target_text", pa.string()),
            ("component_number", pa.int32()),
            ("component_subject", pa.string()),
            ("comparator", pa.string()),
            ("target_value", _VALUE),
            ("target_value_upper", _VALUE),
            ("unit", pa.string()),
            ("per_unit", pa.string()),
            ("reference_text", pa.string()),
            ("deadline_start", pa.date32()),
            ("deadline_end", pa.date32()),
        ]
    ),
    "issues": pa.schema(
        [
            *_READING,
            ("issue_number", pa.int32()),
            ("project_line_id", pa.string()),
            ("severity", pa.string()),
            ("code", pa.string()),
            ("message", pa.string()),
            ("what_to_do", pa.string()),
            ("page_number", pa.int32()),
            ("bbox", _BBOX),
        ]
    ),
    "reconciliations": pa.schema(
        [
            *_READING,
            ("project_line_id", pa.string()),
            ("organization_name", pa.string()),
            ("check_name", pa.string()),
            ("measure", pa.string()),
            ("declared_yuan", _YUAN),
            ("summed_yuan", _YUAN),
            ("difference_yuan", _YUAN),
            ("tolerance_yuan", _YUAN),
            ("status", pa.string()),
        ]
    ),
}
"""Record type → schema of its landing file and of its ``raw`` table; all are keyed by document and reader version."""

OBSERVATION_SCHEMA = pa.schema(
    [
        ("observation_id", pa.string()),
        ("source_id", pa.string()),
        ("url", pa.string()),
        ("title", pa.string()),
        ("published_date", pa.date32()),
        ("publisher_name", pa.string()),
        ("fiscal_year", pa.int32()),
        ("document_id", pa.string()),
        ("outcome", pa.string()),
        ("observed_at", pa.timestamp("us", tz="UTC")),
        ("size_bytes", pa.int64()),
        ("message", pa.string()),
        ("status_code", pa.int32()),
        ("media_type", pa.string()),
        ("etag", pa.string()),
        ("last_modified", pa.string()),
        ("duration_seconds", pa.float64()),
        ("container_document_id", pa.string()),
        ("final_url", pa.string()),
    ]
)
"""Schema of ``raw.observations``: one row per attempt to fetch."""

COLLECTION_SCHEMA = pa.schema(
    [
        ("source_id", pa.string()),
        ("collected_at", pa.timestamp("us", tz="UTC")),
        ("listed_count", pa.int64()),
        ("not_due_count", pa.int64()),
    ]
)
"""Schema of ``raw.collections``: one row per collection of a site, as its file of observations says in its metadata."""


def project_line_id(document_id: str, table_number: int, line_number: int) -> str:
    """The stable id of a printed line: 16 hex digits of its place, never of a name or a reader version."""
    return hashlib.sha256(f"{document_id}/{table_number}/{line_number}".encode()).hexdigest()[:16]


def locator_json(parts: Sequence[Part]) -> str:
    """Every part of a place as JSON: ``[{"page_number", "bbox"}]``, ``[{"first_line", "last_line"}]`` or cells.

    Cells are ``[{"sheet", "row", "column", "last_row", "last_column"}]``, outside spreadsheets with ``table`` instead.
    """
    return json.dumps([part_dict(part) for part in parts], separators=(",", ":"), ensure_ascii=False)


def readings_folder(house: House) -> Path:
    """Where batches of readings land, one folder each."""
    return house.landing / "readings"


def observations_folder(house: House) -> Path:
    """Where observations land, one file per collection of a source."""
    return house.landing / "observations"


def land_readings(documents: Sequence[Document], house: House) -> str:
    """Land what was read of a batch of documents; the id of the batch, which is the name of its folder."""
    batch_id = _new_batch_id()
    return land_tables(_tables(documents, batch_id), house, batch_id)


def land_tables(tables: Mapping[str, pa.Table], house: House, batch_id: str | None = None) -> str:
    """Land the records of a batch, one table per record type with its schema; the id of the batch."""
    batch_id = batch_id or _new_batch_id()
    folder = readings_folder(house)
    temporary = folder / f".{batch_id}"
    temporary.mkdir(parents=True)
    try:
        for name, table in tables.items():
            pq.write_table(table, temporary / f"{name}.parquet")
        temporary.rename(folder / batch_id)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    return batch_id


def _new_batch_id() -> str:
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex[:8]}"


def check_landable(document: Document) -> None:
    """Convert a document's records as landing will.

    Raises:
        pa.ArrowException, ValueError, OverflowError: a value does not fit its column.
    """
    _tables([document], "")


def as_landed(document: Document) -> dict[str, list[dict[str, Any]]]:
    """A document's rows by record type, with the values that landing gives them."""
    return {name: table.to_pylist() for name, table in _tables([document], "").items()}


def land_observations(
    source_id: str, observations: Sequence[Observation], house: House, lists: Lists | None = None
) -> None:
    """Land the observations of one collection of a source as one file; what its lists said stands in its metadata."""
    landed_at = datetime.now(UTC)
    folder = observations_folder(house)
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}_{source_id}_{uuid.uuid4().hex[:8]}.parquet"
    rows = [
        {
            "observation_id": uuid.uuid4().hex[:16],
            "source_id": observation.listing.source_id,
            "url": observation.listing.url,
            "title": observation.listing.title,
            "published_date": observation.listing.published_date,
            "publisher_name": observation.listing.publisher,
            "fiscal_year": observation.listing.fiscal_year,
            "document_id": observation.document_id,
            "outcome": observation.outcome,
            "observed_at": observation.observed_at,
            "size_bytes": observation.size_bytes,
            "message": observation.message,
            "status_code": observation.status_code,
            "media_type": observation.media_type,
            "etag": observation.etag,
            "last_modified": observation.last_modified,
            "duration_seconds": observation.duration_seconds,
            "container_document_id": observation.container_document_id,
            "final_url": observation.final_url,
        }
        for observation in observations
    ]
    temporary = folder / f".{name}"
    said = None
    if lists is not None:
        counts = {"listed_count": lists.listed, "not_due_count": lists.not_due}
        said = {_COLLECTION: json.dumps({"source_id": source_id, "collected_at": landed_at.isoformat(), **counts})}
    schema = OBSERVATION_SCHEMA.with_metadata(said)
    with pq.ParquetWriter(temporary, schema) as writer:
        if rows:  # making a table imports pandas, whether it is needed or not: half of what an empty one costs
            writer.write_table(pa.Table.from_pylist(rows, schema))
    temporary.rename(folder / name)


def read_observations(path: Path, columns: Sequence[str]) -> pa.Table:
    """Columns of a landed file of observations; null what a file of an earlier version does not have."""
    with pq.ParquetFile(path) as file:
        table = file.read([name for name in columns if name in file.schema_arrow.names])
    for place, name in enumerate(columns):
        if name not in table.column_names:
            field = OBSERVATION_SCHEMA.field(name)
            table = table.add_column(place, field, pa.nulls(table.num_rows, field.type))
    return table


def collection_of(path: Path) -> dict[str, Any] | None:
    """The row of ``raw.collections`` for the collection that landed a file; None where no site told of its lists."""
    said = (pq.read_metadata(path).metadata or {}).get(_COLLECTION.encode())
    if said is None:
        return None
    told = json.loads(said)
    return {**told, "collected_at": datetime.fromisoformat(told["collected_at"])}


def lists_of(path: Path) -> Lists | None:
    """What the lists said in the collection that landed a file; None where no site told of its lists."""
    told = collection_of(path)
    return None if told is None else Lists(told["listed_count"], told["not_due_count"])


def source_of(path: Path) -> str:
    """The source whose observations a landed file holds."""
    return path.name.split("_", 1)[1].rsplit("_", 1)[0]


def _tables(documents: Sequence[Document], batch_id: str) -> dict[str, pa.Table]:
    return {name: pa.Table.from_pylist(rows, SCHEMAS[name]) for name, rows in _records(documents, batch_id).items()}


def _records(documents: Sequence[Document], batch_id: str) -> dict[str, list[dict[str, Any]]]:
    records: dict[str, list[dict[str, Any]]] = {name: [] for name in SCHEMAS}
    read_at = datetime.now(UTC)
    for document in documents:
        reading = {"document_id": document.document_id, "reader_version": document.reader_version}
        records["documents"].append(
            {
                **reading,
                "media_type": document.media_type,
                "document_kind": document.document_kind,
                "publisher_name": document.publisher,
                "title": document.title,
                "fiscal_year": document.fiscal_year,
                "fiscal_year_basis": document.fiscal_year_basis,
                "page_count": document.page_count,
                "status": document.status,
                "content_fingerprint": content_fingerprint(document),
                "batch_id": batch_id,
                "read_at": read_at,
            }
        )
        names: dict[tuple[int | None, int | None], str | None] = {(None, None): document.publisher}
        for line in document.lines:
            names[line.table_number, line.line_number] = line.organization
            _add_line(records, reading, line)
        for number, issue in enumerate(document.issues, 1):
            records["issues"].append(
                {
                    **reading,
                    "issue_number": number,
                    "project_line_id": _line_id(document, issue.table_number, issue.line_number),
                    "severity": issue.severity,
                    "code": issue.code,
                    "message": issue.message,
                    "what_to_do": issue.what_to_do,
                    "page_number": issue.page_number,
                    "bbox": _box(issue.bbox),
                }
            )
        records["reconciliations"].extend(
            {
                **reading,
                "project_line_id": _line_id(document, held.table_number, held.line_number),
                "organization_name": names[held.table_number, held.line_number],
                "check_name": held.check,
                "measure": held.measure,
                "declared_yuan": held.declared_yuan,
                "summed_yuan": held.summed_yuan,
                "difference_yuan": held.difference_yuan,
                "tolerance_yuan": held.tolerance_yuan,
                "status": held.status,
            }
            for held in document.reconciliations
        )
    return records


def _add_line(records: dict[str, list[dict[str, Any]]], reading: dict[str, Any], line: Line) -> None:
    key = {**reading, "project_line_id": project_line_id(reading["document_id"], line.table_number, line.line_number)}
    records["lines"].append(
        {
            **key,
            "table_number": line.table_number,
            "line_number": line.line_number,
            "view": line.view,
            "layout": line.layout,
            "level": line.level,
            "name": line.name,
            "organization_name": line.organization,
            "total_text": line.total_text,
            "total_yuan": line.total_yuan,
            "project_total_text": line.project_total_text,
            "project_total_yuan": line.project_total_yuan,
            "amount_unit": line.amount_unit,
            "goal_text": line.goal,
            "project_goal_text": line.project_goal,
            "is_confidential": line.is_confidential,
            "is_recognised": line.is_recognised,
            "transfer_heading": line.transfer_heading,
            **_place(line.locator),
        }
    )
    for fund in line.funds:
        records["funds"].append(
            {
                **key,
                "fund_source": fund.fund_source,
                "period": fund.period,
                "amount_text": fund.amount_text,
                "amount_yuan": fund.amount_yuan,
                "allocation": fund.allocation,
                "candidates": list(fund.candidates),
                **_place(fund.locator),
            }
        )
    for indicator in line.indicators:
        records["indicators"].append(
            {
                **key,
                "indicator_position": indicator.position,
                "indicator_number": indicator.number,
                "level_1_code": indicator.level_1_code,
                "level_1_name": indicator.level_1,
                "level_2_code": indicator.level_2_code,
                "level_2_name": indicator.level_2,
                "name": indicator.name,
                "weight": _value(indicator.weight),
                "nature_text": indicator.nature,
                "unit_text": indicator.unit,
                "explanation_text": indicator.explanation,
                "prior_value_text": indicator.prior_value,
                **_place(indicator.locator),
            }
        )
        records["targets"].extend({**key, **target} for target in _targets(indicator))


def _targets(indicator: Indicator) -> Iterator[dict[str, Any]]:
    for target in indicator.targets:
        for number, component in enumerate(target.components, 1):
            yield {
                "indicator_position": indicator.position,
                "period": target.period,
                "target_text": target.text,
                "component_number": number,
                "component_subject": component.subject,
                "comparator": component.comparator,
                "target_value": _value(component.value),
                "target_value_upper": _value(component.value_upper),
                "unit": component.unit,
                "per_unit": component.per_unit,
                "reference_text": component.reference,
                "deadline_start": component.deadline_start,
                "deadline_end": component.deadline_end,
            }


def content_fingerprint(document: Document) -> str | None:
    """A hash of what a document's lines say, not where; None without lines. White space and width do not count."""
    if not document.lines:
        return None
    says = [
        [
            line.view,
            line.level,
            line.name,
            str(line.total_yuan),
            str(line.project_total_yuan),
            line.goal,
            line.project_goal,
        ]
        + [[fund.fund_source, fund.period, str(fund.amount_yuan)] for fund in line.funds]
        + [
            [i.level_1, i.level_2, i.name, [[target.period, target.text] for target in i.targets]]
            for i in line.indicators
        ]
        for line in document.lines
    ]
    plain = unicodedata.normalize(
        "NFKC", json.dumps([document.publisher, document.fiscal_year, says], ensure_ascii=False)
    )
    return hashlib.sha256("".join(plain.split()).encode()).hexdigest()


def _line_id(document: Document, table_number: int | None, line_number: int | None) -> str | None:
    if table_number is None or line_number is None:
        return None
    return project_line_id(document.document_id, table_number, line_number)


def _place(locator: Sequence[Part]) -> dict[str, Any]:
    first = locator[0] if locator else Part()
    return {"page_number": first.page_number, "bbox": _box(first.bbox), "locator": locator_json(locator)}


def _box(box: BBox | None) -> dict[str, float] | None:
    if box is None:
        return None
    return dict(zip(("x0", "top", "x1", "bottom"), (round(edge, 2) for edge in box), strict=True))


def _value(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(Decimal(1).scaleb(-10))
