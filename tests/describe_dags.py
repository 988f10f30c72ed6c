"""The DAG files → JSON on standard output: run by test_dags in a process that has imported nothing else."""

import json
import sys

from airflow.dag_processing.dagbag import DagBag

HEAVY = ("duckdb", "dbt", "pdfplumber", "pypdfium2", "scrapy", "pyarrow")

sys.path.insert(0, "dags")
bag = DagBag("dags")
heavy = [name for name in HEAVY if name in sys.modules]
dags = {
    dag.dag_id: {
        "doc": dag.doc_md,
        "catchup": dag.catchup,
        "schedule": getattr(dag.timetable, "expression", None),
        "timezone": str(getattr(dag.timetable, "timezone", dag.timezone)),
        "assets": [asset.name for asset in getattr(dag.timetable.asset_condition, "objects", [])],
        "condition": type(dag.timetable.asset_condition).__name__,
        "tasks": {
            task.task_id: {
                "pool": task.pool,
                "queue": task.queue,
                "mapped": task.is_mapped,
                "name": task.map_index_template,
                "retries": task.retries,
                "backoff": bool(task.retry_exponential_backoff),
                "timeout": task.execution_timeout is not None,
                "outlets": [asset.name for asset in task.outlets or []],
            }
            for task in dag.tasks
        },
    }
    for dag in bag.dags.values()
}
print("DESCRIBED" + json.dumps({"errors": list(map(str, bag.import_errors.items())), "heavy": heavy, "dags": dags}))
