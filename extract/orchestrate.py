"""A house's own Airflow: prepare it, run the three DAGs in order, or keep it standing.

Airflow is used through its command line only, in processes of its own; nothing here imports it.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from extract import dashboards
from extract.children import child_command
from extract.progress import MARK
from extract.secret import passwords, secret
from extract.sessions import end_session
from extract.settings import PROJECT, House

DAGS = ("collect_documents", "extract_documents", "build_warehouse")
WRITER_POOL = "duckdb_writer"


class RunError(Exception):
    """A run cannot start or go on; the message is one sentence for a person."""


@contextmanager
def held(house: House) -> Iterator[None]:
    """Hold a house for oneself.

    Raises:
        RunError: somebody else runs it.
    """
    house.root.mkdir(parents=True, exist_ok=True)
    with house.lock.open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            raise RunError(f"The house {house.root} is in use by process {holder}; wait for it or stop it.") from error
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def environment(house: House) -> dict[str, str]:
    """The environment of a house's Airflow: embedded metadata, everything below the house's folder."""
    return {
        **os.environ,
        "JIXIAO_DATA": str(house.root),
        "JIXIAO_INBOX": str(house.inbox),
        "JIXIAO_ARCHIVE": house.archive_url or "",
        "AIRFLOW_HOME": str(house.airflow),
        "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "dags"),
        "AIRFLOW__CORE__PLUGINS_FOLDER": str(PROJECT / "plugins"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        "AIRFLOW__CORE__PARALLELISM": str(max(2, os.cpu_count() or 2)),  # reading keeps a core busy
        "AIRFLOW__CORE__DEFAULT_TIMEZONE": "Asia/Shanghai",
        "AIRFLOW__API__HOST": os.environ.get("AIRFLOW__API__HOST") or "127.0.0.1",  # by itself: everybody's
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "admin:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords(house.airflow / "passwords.json", "admin")),
        "AIRFLOW__API_AUTH__JWT_SECRET": secret(house.airflow / "jwt_secret"),
        "AIRFLOW__LOGGING__COLORED_CONSOLE_LOG": "False",
        "NO_COLOR": "1",
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")]),  # it starts itself
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT), os.environ.get("PYTHONPATH")])),
        "PYTHONWARNINGS": "ignore",
    }


def prepare(house: House) -> None:
    """Make the house's Airflow ready: its metadata at the installed version, and the writer's pool of one slot.

    Raises:
        RunError: Airflow's own set-up failed.
    """
    airflow_version = next(
        line for line in (PROJECT / "requirements" / "pipeline.in").read_text().splitlines() if "apache-airflow" in line
    )
    ready = house.airflow / "prepared_for"
    if ready.exists() and ready.read_text(encoding="utf-8") == airflow_version:
        return
    print("Preparing Airflow …", flush=True)
    _airflow(house, "prepare", "db", "migrate")
    _airflow(house, "prepare", "pools", "set", WRITER_POOL, "1", "one writer of the warehouse file at a time")
    ready.write_text(airflow_version, encoding="utf-8")


def make_own_inbox(house: House) -> None:
    """Make the house's own inbox where it is missing; one that a person named must be there."""
    if house.inbox == house.root / "inbox":
        house.inbox.mkdir(parents=True, exist_ok=True)


def run_dag(house: House, dag_id: str) -> None:
    """Run one DAG once, in this terminal, showing its progress.

    Raises:
        RunError: it failed; the message names the log.
    """
    _airflow(house, dag_id, "dags", "test", dag_id)


def _airflow(house: House, name: str, *arguments: str) -> None:
    """Run an Airflow command: its output goes to the house's logs, its progress to the terminal."""
    house.logs.mkdir(parents=True, exist_ok=True)
    log = house.logs / f"{name}.log"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(
            child_command("airflow.__main__:main", *arguments),
            env=environment(house),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        assert process.stdout is not None
        reason = _follow(process.stdout, file)
        status = process.wait()
    if status != 0:
        raise RunError(f"{name} failed: {reason or f'airflow ended with status {status}'} (its log: {log})")


def _follow(output: Iterable[str], log: TextIO) -> str | None:
    """Copy output to the log and progress to the terminal; the reason of a failure, where one is logged."""
    reason = None
    for line in output:
        log.write(line)
        if MARK in line:
            print("  " + line.split(MARK, 1)[1].split(" [jixiao]")[0].rstrip(), flush=True)
        for failure in ("AirflowFailException: ", "Error: "):
            if failure in line and reason is None:
                reason = line.split(failure, 1)[1].strip()
    return reason


def serve(house: House) -> None:
    """Keep Airflow and the dashboards running until interrupted, then end every process of theirs."""
    port = os.environ.get("AIRFLOW__API__PORT", "8080")
    print(f"Airflow starts on http://localhost:{port} (user admin, password in {house.airflow}/passwords.json).")
    print(dashboards.said(house))
    print(f"Drop documents into {house.inbox}; collect_documents takes them daily, or when you trigger it.")
    print("Ctrl-C stops everything.", flush=True)
    make_own_inbox(house)
    house.logs.mkdir(parents=True, exist_ok=True)
    # whoever is started in the background ignores it, and so would Airflow, which ends by it
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with (house.logs / "serve.log").open("w", encoding="utf-8") as log, dashboards.served(house, airflow_port=port):
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("airflow")), "standalone"],
            env=environment(house),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # its children do not all end with it, but they share its session
        )

        def stop(_signal: int, _frame: object) -> None:
            process.send_signal(signal.SIGINT)

        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, stop)
        process.wait()
        end_session(process.pid)
    print("Stopped.", flush=True)
