"""Build what a house landed with DuckDB and with Spark, here, and compare: `make spark`.

Both start from the same landing and from nothing else, in a folder of their own in the house; what the house has built
is neither read nor touched.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

from extract.build import build
from extract.load import load
from extract.settings import House
from spark import java
from spark.compare import SCHEMAS, compare
from spark.raw import raw_statements, write_collections
from spark.session import FailedError, dbt, run, start, write_views

_SHOWN = 3


def main(root: Path) -> int:
    """Build and compare; 0 where every table is identical."""
    java.check()
    landing = House(root, root / "inbox").landing
    if not (landing / "readings").is_dir():
        print(f"{root}: nothing landed there; make run fills the demo's house", file=sys.stderr)
        return 2
    folder = root / "spark"
    shutil.rmtree(folder, ignore_errors=True)

    began = time.monotonic()
    duckdb_house = House(folder / "duckdb", folder / "inbox")
    duckdb_house.root.mkdir(parents=True)
    duckdb_house.landing.symlink_to(landing.resolve())
    load(duckdb_house)
    build(duckdb_house)
    by_duckdb = time.monotonic() - began

    began = time.monotonic()
    os.environ["DBT_TARGET_PATH"], os.environ["DBT_LOG_PATH"] = str(folder / "target"), str(folder / "logs")
    collections, tables = folder / "collections", folder / "tables"
    write_collections(landing, collections)
    spark = start(tables)
    run(spark, raw_statements(landing.resolve().as_uri(), collections.as_uri()))
    # unit tests judge the models, not the engine
    dbt("build", "--exclude-resource-type", "unit_test")
    write_views(spark, SCHEMAS, tables)
    spark.stop()
    by_spark = time.monotonic() - began

    print()
    compared = list(compare(duckdb_house.warehouse, tables))
    for table in compared:
        said = "identical" if table.is_identical else "NOT identical"
        print(f"{table.name:40} {table.row_count:>10,} rows  {said}")
        for column in table.types:
            print(f"    {column}")
        for engine, rows in (("DuckDB", table.only_duckdb), ("Spark", table.only_spark)):
            if rows:
                print(f"    only {engine} has {len(rows):,} rows, such as")
            for row in rows[:_SHOWN]:
                print(f"      {row}")
    different = [table.name for table in compared if not table.is_identical]
    row_count = sum(table.row_count for table in compared)
    print(f"\n{len(compared)} tables, {row_count:,} rows; DuckDB {by_duckdb:.0f} s, Spark {by_spark:.0f} s: ", end="")
    print(f"{len(different)} are not identical" if different else "all identical, row by row")
    return 1 if different or not compared else 0


if __name__ == "__main__":
    try:
        sys.exit(main(Path(os.environ.get("JIXIAO_DATA") or "data/demo").resolve()))
    except (java.MissingJavaError, FailedError) as error:
        sys.exit(str(error))
