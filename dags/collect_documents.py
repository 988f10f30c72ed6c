"""Sources → the archive: what is new is kept once, every attempt leaves an observation."""

from __future__ import annotations

from typing import Any

from airflow.sdk import CronTriggerTimetable, Param, dag, get_current_context, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from assets import DOCUMENTS, OBSERVATIONS, TASK_DEFAULTS, WRITER

DOC = """
**Collect** every enabled source once a day: discover its listings, fetch them, archive new bytes by their sha256.

- One mapped task per source. A source that fails costs only itself; `check_failures` decides the run's colour.
- A source that is silent beyond its rhythm, or shows far fewer documents than the last time, raises an alarm: into the
  log of `raise_alarms`, and to whom `JIXIAO_NOTIFIER` names.
- Triggered by hand it can be told which sources, which fiscal years (also past ones), and to fetch again what did not
  change.
- *observations* is emitted when attempts were loaded, *documents* when archived documents wait to be read.
- Nothing is lost by running it again: bytes already archived are duplicates.
"""


@dag(
    # a new house collects at once, not only when the next morning comes (which asks for no start_date)
    schedule=CronTriggerTimetable("0 6 * * *", timezone="Asia/Shanghai", run_immediately=True),
    catchup=False,
    max_active_runs=1,
    default_args=TASK_DEFAULTS,
    params={
        "sources": Param([], type="array", items={"type": "string"}, description="Their ids; none: all enabled ones"),
        "fiscal_years": Param([], type="array", items={"type": "integer"}, description="None: those of each source"),
        "force": Param(False, type="boolean", description="Fetch again what did not change since it was fetched"),
    },
    doc_md=DOC,
)
def collect_documents() -> None:
    """Wire the collecting of every source."""

    @task
    def list_sources(params: dict[str, Any]) -> list[str]:
        from extract.sources import sources

        known = sources()
        if unknown := set(params["sources"]) - set(known):
            raise AirflowFailException(f"there are no such sources: {', '.join(sorted(unknown))}")
        return list(dict.fromkeys(params["sources"])) or [
            source_id for source_id, source in known.items() if source.enabled
        ]

    @task(map_index_template="{{ source_id }}")
    def collect_source(source_id: str, params: dict[str, Any]) -> dict[str, int]:
        from extract.collect import collect
        from extract.settings import House

        get_current_context()["source_id"] = source_id
        return collect(source_id, House.from_environment(), params["fiscal_years"], force=params["force"])

    @task(**WRITER, trigger_rule="all_done", outlets=[OBSERVATIONS])
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

    @task(**WRITER, trigger_rule="all_done")
    def raise_alarms(source_ids: list[str], params: dict[str, Any]) -> None:
        from notify import notify

        from extract.alarms import alarms
        from extract.settings import House

        context = get_current_context()
        started, of_all_years = context["dag_run"].start_date, not params["fiscal_years"]
        found = alarms(source_ids, started, House.from_environment(), of_all_years=of_all_years)
        notify([f"{alarm.source_id}: {alarm.message}. {alarm.what_to_do}" for alarm in found], context)

    source_ids = list_sources()
    loaded = load_observations()
    collected = collect_source.expand(source_id=source_ids)
    collected >> loaded >> [announce_documents(), check_failures(source_ids), raise_alarms(source_ids)]


collect_documents()
