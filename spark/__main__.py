"""Build what a house landed with Spark, here, and compare with what DuckDB made of it: `make spark`.

Both start from the same landing and from nothing else, in the folder ``spark`` of the house; what the house has built
is neither read nor touched. DuckDB's side stands when this starts (``spark.by_duckdb``).
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

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
    folder = root / "spark"
    began = time.monotonic()
    _build(landing, folder)
    seconds = time.monotonic() - began

    print()
    compared = list(compare(folder / "duckdb" / "warehouse" / "jixiao.duckdb", folder / "tables"))
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
    print(f"\n{len(compared)} tables, {row_count:,} rows, on Spark in {seconds:.0f} s: ", end="")
    print(f"{len(different)} are not identical" if different else "all identical, row by row")
    return 1 if different or not compared else 0


def _build(landing: Path, folder: Path) -> None:
    """Build with Spark what landed; its tables are Parquet files in the folder ``tables``."""
    collections, tables = folder / "collections", folder / "tables"
    shutil.rmtree(tables, ignore_errors=True)
    os.environ["DBT_TARGET_PATH"], os.environ["DBT_LOG_PATH"] = str(folder / "target"), str(folder / "logs")
    write_collections(landing, collections)
    spark = start(tables)
    run(spark, raw_statements(landing.as_uri(), collections.as_uri()))
    # unit tests judge the models, not the engine
    dbt("build", "--exclude-resource-type", "unit_test")
    write_views(spark, SCHEMAS, tables)
    spark.stop()


if __name__ == "__main__":
    try:
        sys.exit(main(Path(os.environ.get("JIXIAO_DATA") or "data/demo").resolve()))
    except (java.MissingJavaError, FailedError) as error:
        sys.exit(str(error))
