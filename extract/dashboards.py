"""Dashboards: a house's own Superset, which shows its published file, from an environment of its own (``bi/``)."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from extract.children import child_command
from extract.secret import secret
from extract.sessions import end_session
from extract.settings import PROJECT, House

PYTHON = PROJECT / ".venv-bi" / "bin" / "python"
"""The interpreter of Superset's environment; it is not there where nobody made one."""


def address() -> str:
    """Where people find the dashboards."""
    return f"http://localhost:{os.environ.get('JIXIAO_BI_PORT', '8088')}"


def said(house: House) -> str:
    """What a person should know who waits for the dashboards."""
    if not PYTHON.exists():
        return "No dashboards: Superset is not installed; make serve installs it."
    when = "start" if house.published.exists() else "start with the first published file"
    return (
        f"Dashboards {when} on {address()}, a minute later the first time (users admin and viewer; their passwords "
        f"are made at the first start: {house.superset}/passwords.json)."
    )


def environment(house: House, airflow_port: str) -> dict[str, str]:
    """The environment of a house's Superset: all below the house's folder, the published file its only database."""
    # of other programs, and the pipeline's secrets: nobody can tell what is not known
    foreign = ("AIRFLOW", "FLASK", "SUPERSET", "AWS", "FSSPEC", "JIXIAO_POSTGRES", "JIXIAO_NOTIFIER")
    passed = {name: value for name, value in os.environ.items() if not name.startswith(foreign)}
    settings = {
        **passed,
        "JIXIAO_PUBLISHED": str(house.published),
        "SUPERSET_HOME": str(house.superset),
        "SUPERSET_CONFIG_PATH": str(PROJECT / "bi" / "superset_config.py"),
        "SUPERSET_SECRET_KEY": secret(house.superset / "secret_key"),
        "PYTHONPATH": str(PROJECT),
        "PYTHONWARNINGS": "ignore",
    }
    if (PROJECT / "plugins" / "jixiao_view.py").exists():  # the page behind a number, in Airflow's UI
        settings.setdefault("JIXIAO_VIEW_URL", f"http://localhost:{airflow_port}/jixiao")
    return settings


@contextmanager
def served(house: House, airflow_port: str) -> Iterator[None]:
    """Serve the dashboards as long as this lasts; what they print goes to the house's logs."""
    if not PYTHON.exists():
        yield
        return
    with (house.logs / "superset.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(
            child_command("bi.serve:main", python=Path(PYTHON)),
            env=environment(house, airflow_port),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield
    finally:
        end_session(process.pid)
        process.wait()
