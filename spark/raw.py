"""A landing → the statements that make it ``raw.*`` in Spark, as ``extract.load`` does in DuckDB.

The landed files stay where they are: ``landed.*`` are tables over them, ``raw.*`` views of those. Of readings the
newest batch of each document and reader version speaks, and none of a document that was forgotten. What collections
said stands in the metadata of files, which Spark's SQL does not see, so it is written as a file of its own. Of
documents and bodies as they were last built there are none: on Spark every build is one of everything.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from extract.corrections import CORRECTION_SCHEMA
from extract.land import COLLECTION_SCHEMA, OBSERVATION_SCHEMA, SCHEMAS, collection_of

_BUILT = {
    "built_documents": pa.schema([(name, pa.string()) for name in ("document_id", "reading_key", "facts_key")]),
    "built_body_years": pa.schema(
        [
            ("organization_id", pa.string()),
            ("fiscal_year", pa.int32()),
            ("region_id", pa.string()),
            ("facts_key", pa.string()),
        ]
    ),
}
_FORGOTTEN = pa.schema([("document_id", pa.string())])
_NAMES = {"int32": "int", "int64": "bigint", "double": "double", "bool": "boolean", "date32[day]": "date"}


def raw_statements(landing: str, collections: str) -> Iterator[str]:
    """What to run, in this order, on a Spark that reaches the landing and the folder of ``write_collections``."""
    for schema in ("landed", "raw"):
        yield f"create schema if not exists {schema}"
    for name, columns in SCHEMAS.items():
        yield from _table(f"landed.{name}", columns, f"{landing}/readings", f"{name}.parquet")
    yield from _table("landed.observations", OBSERVATION_SCHEMA, f"{landing}/observations", "*.parquet")
    yield from _table("landed.forgotten", _FORGOTTEN, f"{landing}/forgotten", "*.json")
    yield (
        "create or replace view landed.newest_batches as"
        " select document_id, reader_version, max(batch_id) as batch_id from landed.documents"
        " where document_id not in (select document_id from landed.forgotten)"
        " group by document_id, reader_version"
    )
    for name, columns in SCHEMAS.items():
        names = ", ".join(f"landed.{column}" for column in columns.names)
        yield (
            f"create or replace view raw.{name} as select {names}"
            f" from (select *, element_at(split(_metadata.file_path, '/'), -2) as folder from landed.{name}) as landed"
            " inner join landed.newest_batches as newest on landed.document_id = newest.document_id"
            " and landed.reader_version = newest.reader_version and landed.folder = newest.batch_id"
        )
    yield "create or replace view raw.observations as select * from landed.observations"
    yield from _table("landed.collections", COLLECTION_SCHEMA, collections, "*.parquet")
    yield "create or replace view raw.collections as select * from landed.collections"
    yield from _table("landed.corrections", CORRECTION_SCHEMA, f"{landing}/corrections", "*.json")
    yield "create or replace view raw.corrections as select * from landed.corrections"
    for name, columns in _BUILT.items():
        empty = ", ".join(f"cast(null as {_type(field.type)}) as {field.name}" for field in columns)
        yield f"create or replace view raw.{name} as select {empty} where false"


def write_collections(landing: Path, folder: Path) -> None:
    """Write what the collections of a landing said as the one file of a folder."""
    said = [row for path in sorted((landing / "observations").glob("[!.]*.parquet")) if (row := collection_of(path))]
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(said, COLLECTION_SCHEMA), folder / "collections.parquet")


def _table(name: str, columns: pa.Schema, folder: str, files: str) -> Iterator[str]:
    """A table over the files of a folder and below it; what a file of an earlier version does not have is null."""
    fields = ", ".join(f"{field.name} {_type(field.type)}" for field in columns)
    kind = files.rsplit(".", 1)[1]
    yield f"drop table if exists {name}"
    yield (
        f"create table {name} ({fields}) using {kind}"
        f" options (recursiveFileLookup 'true', pathGlobFilter '{files}') location '{folder}'"
    )


def _type(kind: pa.DataType) -> str:
    if pa.types.is_struct(kind):
        return f"struct<{', '.join(f'{field.name}: {_type(field.type)}' for field in kind)}>"
    if pa.types.is_list(kind):
        return f"array<{_type(kind.value_type)}>"
    if pa.types.is_decimal(kind):
        return f"decimal({kind.precision}, {kind.scale})"
    if pa.types.is_timestamp(kind):
        return "timestamp"
    return _NAMES.get(str(kind), str(kind))


def main() -> None:
    """Print the statements for a landing, as ``spark-sql -f`` takes them."""
    parser = argparse.ArgumentParser(prog="python -m spark.raw", description=main.__doc__)
    parser.add_argument("landing", type=Path, help="the folder landing of a house, on this machine")
    parser.add_argument("collections", type=Path, help="the folder to write what collections said into")
    parser.add_argument("--landing-url", help="where Spark finds the landing, where that is another place")
    parser.add_argument("--collections-url", help="where Spark finds what collections said, likewise")
    asked = parser.parse_args()
    write_collections(asked.landing, asked.collections)
    landing = asked.landing_url or asked.landing.resolve().as_uri()
    collections = asked.collections_url or asked.collections.resolve().as_uri()
    for statement in raw_statements(landing.rstrip("/"), collections.rstrip("/")):
        print(f"{statement};")


if __name__ == "__main__":
    main()
