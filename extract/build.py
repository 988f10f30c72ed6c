"""Build: ``raw.*`` → staging, intermediate, marts and quality, by one run of dbt over what changed."""

from __future__ import annotations

import json
import os
import subprocess
from typing import Literal

from extract.children import child_command
from extract.pending import last_build, wanted_build
from extract.progress import report
from extract.settings import PROJECT, House
from extract.warehouse import open_warehouse

_OBSERVATIONS = ("--select", "tag:observations")


class BuildError(Exception):
    """dbt could not build the warehouse; the message names the models and tests that failed."""


def build(house: House) -> Literal["everything", "observations", "nothing"]:
    """Build what the loaded rows and the models call for, and note that it is built.

    Raises:
        BuildError: a model, contract or test failed. The marts may then be half new; nothing of them is published.
    """
    if not house.warehouse.exists():
        return "nothing"
    with open_warehouse(house) as warehouse:
        wanted, last = wanted_build(warehouse), last_build(warehouse)
    if wanted == last:
        report("nothing to build")
        return "nothing"
    with open_warehouse(house) as warehouse:
        # until this build is done there is none: whatever interrupts it, the next one builds everything
        warehouse.execute("DELETE FROM raw.builds")
    only_observations = last is not None and wanted.facts == last.facts
    report("dbt builds " + ("what observations change" if only_observations else "staging, marts and quality"))
    _dbt(house, *(_OBSERVATIONS if only_observations else ()))
    with open_warehouse(house) as warehouse:
        warehouse.execute(
            "INSERT INTO raw.builds VALUES (?, ?, now())",
            [wanted.facts, wanted.observations],
        )
    return "observations" if only_observations else "everything"


def _dbt(house: House, *selection: str) -> None:
    """One ``dbt build`` in a process of its own, so that nothing keeps the warehouse open."""
    project = PROJECT / "dbt_project"
    house.dbt.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        "JIXIAO_WAREHOUSE": str(house.warehouse),
        "DBT_TARGET_PATH": str(house.dbt / "target"),
        "DBT_LOG_PATH": str(house.dbt / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_USE_COLORS": "false",
    }
    command = child_command(
        "dbt.cli.main:cli",
        "build",
        # unit tests judge the models, not the data: they are run with the project's tests
        "--exclude-resource-type=unit_test",
        "--project-dir",
        str(project),
        "--profiles-dir",
        str(project),
        *selection,
    )
    results = house.dbt / "target" / "run_results.json"
    results.unlink(missing_ok=True)
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    print(done.stdout, done.stderr, sep="\n")
    if done.returncode != 0:
        failed: list[str] = []
        if results.exists():
            nodes = json.loads(results.read_text(encoding="utf-8"))["results"]
            failed = [
                f"{node['unique_id']}: {' '.join((node['message'] or '').split())}"
                for node in nodes
                if node["status"] in ("error", "fail", "runtime error")
            ]
        raise BuildError("dbt build failed: " + ("; ".join(failed) or " ".join(done.stdout.split())[-500:]))
