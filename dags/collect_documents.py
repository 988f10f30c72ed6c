"""Sources → the archive: what is new is kept once, every attempt leaves an observation."""

from __future__ import annotations

from airflow.sdk import CronTriggerTimetable, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from assets import DOCUMENTS, OBSERVATIONS, TASK_DEFAULTS, WRITER_POOL

DOC = """
**Collect** every enabled source once a day: discover its listings, fetch them, archive new bytes by their sha256.

- One mapped task per source. A source that fails costs only itself; `check_failures` decides the run's colour.
- *observations* is emitted when attempts were loaded, *documents* when archived documents wait to be read.
- Nothing is lost by running it again: bytes already archived are duplicates.
"""


@dag(
    # a new house collects at once, not only when the next morning comes (which asks for no start_date)
    schedule=CronTriggerTimetable("0 6 * * *", timezone="Asia/Shanghai", run_immediately=True),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    doc_md=DOC,
)
def collect_documents() -> None:
    """Wire the collecting of every source."""

    @task
    def list_sources() -> list[str]:
        from extract.sources import sources

        return [source_id for source_id, source in sources().items() if source.enabled]

    @task(map_index_template="{{ source_id }}")
    def collect_source(source_id: str) -> dict[str, int]:
        from extract.collect import collect
        from extract.settings import House

        get_current_context()["source_id"] = source_id
        return collect(source_id, House.from_environment())

    @task(pool=WRITER_POOL, trigger_rule="all_done", outlets=[OBSERVATIONS])
    def load_observations() -> None:
        from extract.load import load
        from extract.settings import House

        if not load(House.from_environment()):
            raise AirflowSkipException("nothing was observed")

    @task(trigger_rule="all_done", outlets=[DOCUMENTS])
    def announce_documents() -> None:
        from extract.pending import unread_document_ids
        from extract.settings import House

        if not unread_document_ids(House.from_environment()):
            raise AirflowSkipException("every archived document has been read")

    @task(trigger_rule="all_done")
    def check_failures(source_ids: list[str]) -> None:
        from extract.collect import failed_sources
        from extract.settings import House, failure_threshold

        started = get_current_context()["dag_run"].start_date
        failed = failed_sources(source_ids, started, House.from_environment())
        if len(failed) > failure_threshold() * len(source_ids):
            raise AirflowFailException(f"{len(failed)} of {len(source_ids)} sources failed: {', '.join(failed)}")

    source_ids = list_sources()
    loaded = load_observations()
    collect_source.expand(source_id=source_ids) >> loaded >> [announce_documents(), check_failures(source_ids)]


collect_documents()
