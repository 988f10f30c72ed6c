"""Superset on this machine: waits until a file is published that it can show, makes itself ready, and serves.

``python -m bi.serve`` with the settings of ``superset_config`` in the environment; ``JIXIAO_BI_PORT`` and
``JIXIAO_BI_HOST`` say where. Who comes before there is anything to show is told what is waited for.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
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
    host, port = os.environ.get("JIXIAO_BI_HOST", "127.0.0.1"), os.environ.get("JIXIAO_BI_PORT", "8088")
    published = Path(os.environ["JIXIAO_PUBLISHED"])
    if _missing(published) is not None:
        with _waiting(host, int(port)) as said:
            while (missing := _missing(published)) is not None:
                if missing != said.get("missing"):
                    print(f"Waiting for the next release: {missing}", flush=True)
                said["missing"] = missing
                time.sleep(SECONDS_BETWEEN_LOOKS)
    # One process with threads: DuckDB computes outside of Python's lock. No time limit: the first start prepares.
    options = ["--bind", f"{host}:{port}", "--workers", "1", "--threads", "16", "--worker-class", "gthread"]
    options += ["--timeout", "0", "--no-control-socket"]  # which would lie in the home of whoever starts this
    command = [sys.executable, "-m", "gunicorn", *options, "bi.serve:application()"]
    os.execv(sys.executable, command)


@contextmanager
def _waiting(host: str, port: int) -> Iterator[dict[str, str]]:
    """Answer every request with 503 and what ``missing`` of the given says."""
    said: dict[str, str] = {}

    class Sentence(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sentence = f"Waiting for the next release: {said.get('missing', '…')}".encode()
            self.send_response(503)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(sentence)))
            self.send_header("Retry-After", "10")
            self.end_headers()
            self.wfile.write(sentence)

        def log_message(self, *_: object) -> None:
            """A browser that asks again and again is no news."""

    with ThreadingHTTPServer((host, port), Sentence) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield said
        server.shutdown()


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
