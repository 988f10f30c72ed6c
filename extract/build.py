"""Build: ``raw.*`` → staging, intermediate, marts and quality, by one run of dbt over what changed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Literal

from extract.children import child_command
from extract.pending import Build, last_build, wanted_build
from extract.progress import report
from extract.settings import PROJECT, House
from extract.warehouse import open_warehouse

Scope = Literal["everything", "facts", "observations", "nothing"]
"""How much a build makes anew: all of it, what follows from raw rows, what follows from observations alone."""

_MOST_BUILD_MEMORY = 6_000_000_000
"""Bytes; of a smaller machine it is half. The process holds some more than what DuckDB counts."""

# The same models make the same views: they are made with everything. Their tests are of what they show, and are run.
_TABLES_ALONE = ("--exclude", "config.materialized:view", "--indirect-selection", "empty")

_SELECTIONS: dict[Scope, tuple[str, ...]] = {
    "everything": ("--full-refresh",),
    "facts": ("--select", "source:raw+", *_TABLES_ALONE, "--no-write-json"),
    "observations": ("--select", "tag:observations", *_TABLES_ALONE, "--no-write-json"),
}

_BUILT = ("staging", "intermediate", "marts", "quality", "history")


class BuildError(Exception):
    """dbt could not build the warehouse; the message names the models and tests that failed."""


def build(house: House) -> Scope:
    """Build what the loaded rows and the models call for, and note that it is built.

    Raises:
        BuildError: a model, contract or test failed. The marts may then be half new; nothing of them is published.
    """
    if not house.warehouse.exists():
        return "nothing"
    with open_warehouse(house) as warehouse:
        wanted, last = wanted_build(warehouse), last_build(warehouse)
    scope = _scope(wanted, last)
    if scope == "nothing":
        report("nothing to build")
        return scope
    with open_warehouse(house) as warehouse:
        # until this build is done there is none: whatever interrupts it, the next one builds everything
        warehouse.execute("DELETE FROM raw.builds")
        for schema in _BUILT if scope == "everything" else ():
            # what models of earlier versions left would be published, too
            warehouse.execute(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
    report("dbt builds " + ("what observations change" if scope == "observations" else "staging, marts and quality"))
    # unit tests judge the models, not the data: they are run with the project's tests
    run_dbt(house, "build", "--exclude-resource-type=unit_test", *_SELECTIONS[scope])
    with open_warehouse(house) as warehouse:
        warehouse.begin()
        warehouse.execute("DELETE FROM raw.built_documents")
        warehouse.execute("INSERT INTO raw.built_documents BY NAME FROM intermediate.int_document_facts")
        warehouse.execute("DELETE FROM raw.built_body_years")
        warehouse.execute("INSERT INTO raw.built_body_years BY NAME FROM intermediate.int_body_facts")
        warehouse.execute(
            "INSERT INTO raw.builds BY NAME SELECT ? AS rules_fingerprint, ? AS facts_fingerprint,"
            " ? AS observations_fingerprint, now() AS built_at",
            [wanted.rules, wanted.facts, wanted.observations],
        )
        warehouse.commit()
    return scope


def _scope(wanted: Build, last: Build | None) -> Scope:
    if wanted == last:
        return "nothing"
    if last is None or wanted.rules != last.rules:
        return "everything"
    return "observations" if wanted.facts == last.facts else "facts"


def build_memory() -> str:
    """How much DuckDB may hold at once in building and publishing, as it writes sizes; more is put on disk.

    That of ``JIXIAO_BUILD_MEMORY``, else what suits this machine.
    """
    if set_here := os.environ.get("JIXIAO_BUILD_MEMORY"):
        return set_here
    here = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return f"{min(_MOST_BUILD_MEMORY, here // 2) // 1_000_000}MB"


def run_dbt(house: House, command: str, *arguments: str) -> None:
    """One command of dbt in a process of its own, so that nothing keeps the warehouse open.

    Raises:
        BuildError: it failed.
    """
    project = PROJECT / "dbt_project"
    house.dbt.mkdir(parents=True, exist_ok=True)
    house.warehouse.parent.mkdir(parents=True, exist_ok=True)
    environment = {
        **os.environ,
        # where dbt is started: what it parsed is then good for a house that was moved, too
        "JIXIAO_WAREHOUSE": house.warehouse.name,
        "JIXIAO_BUILD_MEMORY": build_memory(),
        "DBT_TARGET_PATH": str(house.dbt / "target"),
        "DBT_LOG_PATH": str(house.dbt / "logs"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_USE_COLORS": "false",
    }
    _forget_another_place(house, project)
    failures = house.dbt / "failures.json"
    failures.unlink(missing_ok=True)
    told = (command, "--project-dir", str(project), "--profiles-dir", str(project), *arguments)
    done = subprocess.run(
        child_command("extract.dbt_process:main", str(failures), *told),
        cwd=house.warehouse.parent,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    print(done.stdout, done.stderr, sep="\n")
    if done.returncode != 0:
        failed = json.loads(failures.read_text(encoding="utf-8")) if failures.exists() else []
        raise BuildError(f"dbt {command} failed: " + ("; ".join(failed) or " ".join(done.stdout.split())[-500:]))


def _forget_another_place(house: House, project: Path) -> None:
    """What dbt parsed of the same project in another place sends it there for its seeds: it must parse anew."""
    parsed_in = house.dbt / "parsed-in"
    if not parsed_in.exists() or parsed_in.read_text(encoding="utf-8") != str(project):
        (house.dbt / "target" / "partial_parse.msgpack").unlink(missing_ok=True)
        parsed_in.write_text(str(project), encoding="utf-8")
