"""Raw rows → marts and quality → the published file."""

from __future__ import annotations

from airflow.sdk import dag, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from assets import CORRECTIONS, OBSERVATIONS, RAW_ROWS, START, TASK_DEFAULTS, WAREHOUSE, WRITER

DOC = """
**Build** the warehouse with one run of dbt over what changed, hold it against what was loaded, publish it.

- A failed model, contract or test, rows that reached no mart, or documents that vanished shut the gate: the run is red,
  its log says why, and readers keep the release they have.
- *warehouse* is emitted when readers have a new release: the DuckDB file, Parquet, and Postgres where one is named.
"""


@dag(
    schedule=(RAW_ROWS | OBSERVATIONS | CORRECTIONS),
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    doc_md=DOC,
)
def build_warehouse() -> None:
    """Wire building and publishing."""

    @task(**WRITER)
    def build_models() -> str:
        from extract.build import BuildError, build
        from extract.load import load
        from extract.settings import House

        house = House.from_environment()
        load(house)  # what reviewers decided
        try:
            return build(house)
        except BuildError as error:  # trying again would fail again
            raise AirflowFailException(str(error)) from error

    @task(**WRITER, outlets=[WAREHOUSE])
    def publish_release() -> None:
        from extract.publish import GateError, publish
        from extract.settings import House

        try:
            if not publish(House.from_environment()):
                raise AirflowSkipException("readers have the last build")
        except GateError as error:
            raise AirflowFailException(f"not published: {error}") from error

    build_models() >> publish_release()


build_warehouse()
