"""Superset on this machine: waits until a file is published that it can show, makes itself ready, and serves.

``python -m bi.serve`` with the settings of ``superset_config`` in the environment; ``JIXIAO_BI_PORT`` and
``JIXIAO_BI_HOST`` say where.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import Any

import duckdb

from bi.bundle import bundle

SECONDS_BETWEEN_LOOKS = 2.0


def application() -> Any:
    """Superset, ready to serve: what gunicorn's worker calls."""
    from superset.app import create_app

    from bi.prepare import prepare

    superset = create_app()
    prepare(superset)
    return superset


def main() -> None:
    """Wait for a published file that holds what the dashboards ask for, then become the server."""
    said = None
    while (missing := _missing(Path(os.environ["JIXIAO_PUBLISHED"]))) is not None:
        if missing != said:
            print(f"Waiting for the next release: {missing}", flush=True)
        said = missing
        time.sleep(SECONDS_BETWEEN_LOOKS)
    host, port = os.environ.get("JIXIAO_BI_HOST", "127.0.0.1"), os.environ.get("JIXIAO_BI_PORT", "8088")
    # One process with threads: DuckDB computes outside of Python's lock. No time limit: the first start prepares.
    options = ["--bind", f"{host}:{port}", "--workers", "1", "--threads", "16", "--worker-class", "gthread"]
    options += ["--timeout", "0", "--no-control-socket"]  # which would lie in the home of whoever starts this
    command = [sys.executable, "-m", "gunicorn", *options, "bi.serve:application()"]
    os.execv(sys.executable, command)


def _missing(published: Path) -> str | None:
    """What a house lacks that has not run yet, or whose last release is older than the dashboards."""
    if not published.exists():
        return "none is published yet"
    try:
        bundle(published, view_url=None)
    except (duckdb.Error, LookupError) as error:
        return str(error)
    return None


if __name__ == "__main__":
    main()
