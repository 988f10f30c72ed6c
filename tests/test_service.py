"""The standing service: collect → asset → extract → asset → build → published file → dashboards, and a clean stop."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import duckdb
import psutil
import pytest

from extract import dashboards
from tests.conftest import PROJECT
from tests.superset import wait_for


def free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def answer(address: str, bearer: str | None = None, said: dict[str, str] | None = None) -> tuple[int, str]:
    """Status and text of an answer; what is said to it goes as JSON."""
    headers = {"Authorization": f"Bearer {bearer}"} if bearer else {}
    body = json.dumps(said).encode() if said else None
    request = Request(address, body, headers | {"Content-Type": "application/json"})
    try:
        with urlopen(request, timeout=60) as done:
            return done.status, done.read().decode()
    except HTTPError as error:
        return error.code, error.read().decode()


def token(port: str, house: Path) -> str:
    """What lets the house's admin in."""
    password = json.loads((house / "airflow" / "passwords.json").read_text())["admin"]
    said = {"username": "admin", "password": password}
    return str(json.loads(answer(f"http://127.0.0.1:{port}/auth/token", said=said)[1])["access_token"])


def document_ids(published: Path) -> list[str]:
    with duckdb.connect(str(published), read_only=True) as readers:
        return [str(one) for (one,) in readers.execute("SELECT document_id FROM marts.dim_documents").fetchall()]


SECRETS = {
    "AWS_SECRET_ACCESS_KEY": "aws-Told-To-Nobody-1",
    "JIXIAO_NOTIFIER": json.dumps(
        {
            "class": "airflow.providers.smtp.notifications.smtp.SmtpNotifier",
            "arguments": {"smtp_conn_id": "mail-Told-To-Nobody-2", "to": "data@example.org"},
        }
    ),
}
"""What a person may put into the environment of the service."""


def secrets_of(house: Path) -> set[str]:
    """What was made for the house alone: passwords and keys."""
    files = [*house.glob("*/passwords.json"), house / "airflow" / "jwt_secret", house / "superset" / "secret_key"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in files if file.exists())
    told = [file.read_text() for file in files if file.exists()]
    return {secret for text in told for secret in (json.loads(text).values() if text.startswith("{") else [text])}


@pytest.mark.timeout(1200)
def test_documents_become_a_published_file_without_anybody_asking(
    tmp_path: Path, demo: tuple[Path, list[dict[str, Any]]]
) -> None:
    house = tmp_path / "house"
    published = house / "published" / "jixiao.duckdb"
    environment = {
        **os.environ,
        "JIXIAO_DATA": str(house),
        "JIXIAO_INBOX": str(demo[0]),
        "AIRFLOW__API__PORT": free_port(),
        "JIXIAO_BI_PORT": free_port(),
        **SECRETS,
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": "",
    }
    port = environment["AIRFLOW__API__PORT"]
    environment["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] = f"http://localhost:{port}/execution/"
    log = tmp_path / "serve.out"
    with log.open("w") as output:
        service = subprocess.Popen(
            [sys.executable, "-m", "extract", "serve"], cwd=PROJECT, env=environment, stdout=output, stderr=output
        )
    try:
        deadline = time.monotonic() + 480
        documents: set[str] = set()
        while len(documents) < len(demo[1]) and time.monotonic() < deadline:
            assert service.poll() is None, log.read_text()
            time.sleep(2)
            if published.exists():
                with duckdb.connect(str(published), read_only=True) as readers:
                    documents = {url for (url,) in readers.execute("SELECT url FROM marts.dim_documents").fetchall()}
        assert documents == {f"folder:{meant['file']}" for meant in demo[1]}, log.read_text()
        for other in (port, environment["JIXIAO_BI_PORT"]):  # only this host's own address is listened on
            with socket.socket() as elsewhere:
                assert elsewhere.connect_ex(("127.0.0.2", int(other))) != 0
        assert answer(f"http://127.0.0.1:{port}/jixiao/")[0] == 401  # the page behind a number is for users
        status, page = answer(f"http://127.0.0.1:{port}/jixiao/", bearer=token(port, house))
        assert status == 200
        assert all(f"/jixiao/documents/{document_id}" in page for document_id in document_ids(published))
        with sqlite3.connect(house / "airflow" / "airflow.db") as metadata:
            names = metadata.execute(
                "SELECT task_id, rendered_map_index FROM task_instance WHERE map_index >= 0 AND state = 'success'"
            ).fetchall()
        assert ("collect_source", "inbox") in names
        assert any(task == "read_documents" and name.startswith("001: 8 documents") for task, name in names)
        if dashboards.PYTHON.exists():  # as where `make test` made the environments
            address = f"http://localhost:{environment['JIXIAO_BI_PORT']}"
            wait_for(address, house / "logs" / "superset.log")
            assert f"on {address}," in log.read_text()
            assert f"{house}/superset/passwords.json" in log.read_text()
        family = psutil.Process(service.pid).children(recursive=True)
        assert len(family) > 3
    finally:
        service.send_signal(signal.SIGINT)
        service.wait(timeout=90)
    assert service.returncode == 0, log.read_text()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []
    told = [log, *house.glob("logs/*"), *house.glob("airflow/logs/**/*.log"), *house.glob("dbt/logs/*")]
    assert len(told) > 8
    kept = secrets_of(house) | {environment[name] for name in SECRETS}
    assert len(kept) > len(SECRETS) + 2
    assert [
        (str(file), secret) for file in told for secret in kept if secret in file.read_text("utf-8", "replace")
    ] == []
    with sqlite3.connect(house / "airflow" / "airflow.db") as metadata:
        dump = "\n".join(metadata.iterdump())
    assert not any(secret in dump for secret in kept)  # of DAGs, their parameters, runs, XComs
