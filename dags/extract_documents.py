"""Archived documents → raw rows: read in batches, landed as Parquet, loaded by one task."""

from __future__ import annotations

from typing import Any

from airflow.sdk import Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from assets import DOCUMENTS, RAW_ROWS, START, TASK_DEFAULTS, WRITER

DOC = """
**Extract** what is archived and not yet read by the current reader version.

- Batches hold about a minute of work each; the tasks that read them never open the warehouse, they land Parquet.
- A document that cannot be read is landed as *refused* and costs only itself. A batch that dies stays unread, and the
  next run takes it up.
- Triggered by hand with `reparse` it reads what was read before once more, with the current reader: `show` prints into
  the tasks' logs what would change, row by row; `land` lands that, too.
- *raw rows* is emitted when loaded rows wait to be built. `check_failures` decides the run's colour.
"""


@dag(
    schedule=[DOCUMENTS],
    start_date=START,
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    params={"reparse": Param("no", enum=["no", "show", "land"], description="Read again what was read before")},
    doc_md=DOC,
)
def extract_documents() -> None:
    """Wire the reading of what is unread."""

    @task
    def plan_batches(params: dict[str, Any]) -> list[dict[str, Any]]:
        from extract.pending import batches, unread_document_ids
        from extract.reparse import read_document_ids
        from extract.settings import House

        house = House.from_environment()
        wanted = unread_document_ids if params["reparse"] == "no" else read_document_ids
        return [
            {"name": batch.name, "document_ids": list(batch.document_ids)} for batch in batches(wanted(house), house)
        ]

    @task(map_index_template="{{ batch_name }}")
    def read_documents(batch: dict[str, Any], params: dict[str, Any]) -> None:
        from extract.read_batch import read_batch
        from extract.reparse import landing, reparse
        from extract.settings import House
        from extract.show_changes import json_changes

        get_current_context()["batch_name"] = batch["name"]
        house = House.from_environment()
        if params["reparse"] == "no":
            read_batch(batch["document_ids"], house)
            return
        reparsed = reparse(batch["document_ids"], house)
        for document in landing(reparsed, house) if params["reparse"] == "land" else reparsed:
            print(*json_changes(document), sep="\n")

    @task(**WRITER, trigger_rule="all_done")
    def load_raw() -> int:
        from extract.load import load
        from extract.settings import House

        return load(House.from_environment())

    @task(**WRITER, outlets=[RAW_ROWS])
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
