"""Archived documents → raw rows: read in batches, landed as Parquet, loaded by one task."""

from __future__ import annotations

from typing import Any

from airflow.sdk import dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from assets import DOCUMENTS, RAW_ROWS, START, TASK_DEFAULTS, WRITER_POOL

DOC = """
**Extract** what is archived and not yet read by the current reader version.

- Batches hold about a minute of work each; the tasks that read them never open the warehouse, they land Parquet.
- A document that cannot be read is landed as *refused* and costs only itself. A batch that dies stays unread, and the
  next run takes it up.
- *raw rows* is emitted when loaded rows wait to be built. `check_failures` decides the run's colour.
"""


@dag(schedule=[DOCUMENTS], start_date=START, catchup=False, max_active_runs=1, default_args=TASK_DEFAULTS, doc_md=DOC)
def extract_documents() -> None:
    """Wire the reading of what is unread."""

    @task
    def plan_batches() -> list[dict[str, Any]]:
        from extract.pending import batches
        from extract.settings import House

        return [
            {"name": batch.name, "document_ids": list(batch.document_ids)}
            for batch in batches(House.from_environment())
        ]

    @task(map_index_template="{{ batch_name }}")
    def read_documents(batch: dict[str, Any]) -> str:
        from extract.read_batch import read_batch
        from extract.settings import House

        get_current_context()["batch_name"] = batch["name"]
        return read_batch(batch["document_ids"], House.from_environment())

    @task(pool=WRITER_POOL, trigger_rule="all_done")
    def load_raw() -> int:
        from extract.load import load
        from extract.settings import House

        return load(House.from_environment())

    @task(pool=WRITER_POOL, outlets=[RAW_ROWS])
    def announce_raw_rows() -> None:
        from extract.pending import is_build_pending
        from extract.settings import House

        if not is_build_pending(House.from_environment()):
            raise AirflowSkipException("everything loaded is built and published")

    @task(trigger_rule="all_done")
    def check_failures(batches: list[dict[str, Any]]) -> None:
        from extract.pending import unread_document_ids
        from extract.settings import House, failure_threshold

        planned = {document_id for batch in batches for document_id in batch["document_ids"]}
        unread = planned.intersection(unread_document_ids(House.from_environment()))
        if len(unread) > failure_threshold() * len(planned):
            raise AirflowFailException(
                f"{len(unread)} of {len(planned)} documents stayed unread; see the failed batches"
            )

    planned = plan_batches()
    read_documents.expand(batch=planned) >> load_raw() >> [announce_raw_rows(), check_failures(planned)]


extract_documents()
