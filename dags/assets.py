"""The assets between the DAGs, and what every task of theirs has in common."""

from __future__ import annotations

from datetime import timedelta

import pendulum
from airflow.sdk import Asset

DOCUMENTS = Asset("documents", "jixiao://documents")
"""Archived documents wait to be read."""

OBSERVATIONS = Asset("observations", "jixiao://observations")
"""Attempts to fetch were loaded."""

RAW_ROWS = Asset("raw_rows", "jixiao://raw_rows")
"""Loaded rows wait to be built."""

CORRECTIONS = Asset("corrections", "jixiao://corrections")
"""Reviewers' corrections wait to be built."""

WAREHOUSE = Asset("warehouse", "jixiao://warehouse")
"""Readers have a new file."""

WRITER = {"pool": "duckdb_writer", "queue": "warehouse"}
"""What every task has that opens the warehouse file: a pool of one slot, made at set-up, and a queue, which only Celery
looks at: of the worker on that file's machine."""

START = pendulum.datetime(2024, 1, 1, tz="Asia/Shanghai")

TASK_DEFAULTS = {
    "retries": 2,
    "retry_delay": timedelta(seconds=10),
    "retry_exponential_backoff": True,
    "max_retry_delay": timedelta(minutes=5),
    "execution_timeout": timedelta(minutes=30),
}
