"""A Spark on this machine, and dbt on it, in one process: what stands in its catalog lives as long as that does."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from dbt.cli.main import dbtRunner
from pyspark.sql import SparkSession

from extract.settings import PROJECT


class FailedError(Exception):
    """dbt could not build on Spark; what it printed says why."""


def start(folder: Path) -> SparkSession:
    """A Spark of this process's own, whose tables are Parquet files below a folder."""
    settings = {
        "spark.master": "local[*]",
        "spark.driver.memory": "3g",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.catalogImplementation": "in-memory",
        "spark.sql.warehouse.dir": folder.as_uri(),
        "spark.sql.session.timeZone": "UTC",
        # files that DuckDB reads with the types that DuckDB's tables have
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        # small tables and many queries: what prepares a query for large ones takes longer than the query
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
    }
    builder = SparkSession.builder.appName("jixiao")
    for name, value in settings.items():
        builder = builder.config(name, value)
    spark = builder.getOrCreate()
    spark.sparkContext.setLogLevel("OFF")
    return spark


def run(spark: SparkSession, statements: Iterable[str]) -> None:
    """Run statements, one after the other."""
    for statement in statements:
        spark.sql(statement)


def write_views(spark: SparkSession, schemas: Iterable[str], folder: Path) -> None:
    """Write what the views of schemas show as files, where those of tables lie."""
    for schema in schemas:
        for table in spark.catalog.listTables(schema):
            if table.tableType == "VIEW" and not table.isTemporary:
                place = folder / f"{schema}.db" / table.name
                spark.table(f"{schema}.{table.name}").write.parquet(place.as_uri())


def dbt(*arguments: str) -> None:
    """Run dbt on the session of this process.

    Raises:
        FailedError: it failed.
    """
    project = str(PROJECT / "dbt_project")
    done = dbtRunner().invoke([*arguments, "--target", "spark", "--project-dir", project, "--profiles-dir", project])
    if not done.success:
        raise FailedError(str(done.exception or "a model or a test failed on Spark"))
