"""docs/operations.md by doing it: databases, a house backed up, destroyed and restored, Superset on Postgres."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest
import yaml
from cryptography.fernet import Fernet

from extract import dashboards
from extract.build import build
from extract.load import load
from extract.publish import publish
from extract.secret import passwords, secret
from extract.settings import PROJECT, House
from tests.superset import Account, wait_for
from tests.test_compose import SERVICES, image_environment, made
from tests.test_dashboards import table
from tests.test_dbt import take_up
from tests.test_house import add
from tests.test_postgres import ask, server, server_programs

__all__ = ["made", "server"]

PAGE = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")


def commands(name: str) -> str:
    """The commands that stand under a mark of the page."""
    [block] = re.findall(rf"<!-- {name} -->\n```sh\n(.*?)```", PAGE, re.DOTALL)
    return str(block)


def fill(house: House) -> None:
    """Two years of documents, all the way to readers."""
    house.inbox.mkdir(parents=True, exist_ok=True)  # type: ignore[union-attr]
    for year in (2024, 2025):
        add(house, f"{year}.txt", table("广州市商务局", year, [("展会经费", "100.00", 3), ("招商经费", "50.00", 2)]))
    take_up(house)
    assert publish(house)


def content(file: Path, schemas: tuple[str, ...] = ("marts", "quality", "history")) -> dict[str, list[Any]]:
    """Table → its rows, in order."""
    with duckdb.connect(str(file), read_only=True) as reader:
        tables = reader.execute(
            "SELECT schema_name || '.' || table_name FROM duckdb_tables() WHERE list_contains(?, schema_name)"
            " UNION ALL SELECT schema_name || '.' || view_name FROM duckdb_views()"
            " WHERE list_contains(?, schema_name) AND NOT internal",
            [list(schemas), list(schemas)],
        ).fetchall()
        return {name: reader.execute(f"FROM {name} ORDER BY ALL").fetchall() for (name,) in sorted(tables)}


def test_a_house_is_backed_up_destroyed_and_restored(tmp_path: Path) -> None:
    house = House(tmp_path / "house", tmp_path / "inbox")
    fill(house)
    key = secret(house.superset / "secret_key")
    passwords(house.airflow / "passwords.json", "admin")
    before = content(house.published)
    assert len(before["marts.fct_project_budgets"]) == 4
    environment = {
        **os.environ,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
        "PYTHONPATH": str(PROJECT),
        "JIXIAO_DATA": str(house.root),
        "JIXIAO_INBOX": str(house.inbox),
    }
    subprocess.run(["bash", "-euc", commands("back up without containers")], cwd=tmp_path, env=environment, check=True)
    shutil.rmtree(house.root)
    done = subprocess.run(
        ["bash", "-euc", commands("restore without containers")],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing new" in done.stdout
    assert secret(house.superset / "secret_key") == key
    after = content(house.published)
    facts = [name for name in before if name.startswith(("marts.fct", "history.reading_", "quality.qa_issues"))]
    assert len(facts) > 4
    assert {name: after[name] for name in facts} == {name: before[name] for name in facts}
    releases = "quality.qa_releases"
    assert after[releases][: len(before[releases])] == before[releases]  # the log goes on
    built = content(house.warehouse, ("marts",))
    assert {name: built[name] for name in facts if name.startswith("marts")} == {
        name: before[name] for name in facts if name.startswith("marts")
    }


# With containers: their commands on this machine


@dataclass
class Stack:
    """What compose would run: its settings, for a Postgres and a house of this machine."""

    folder: Path
    house: House
    socket: Path
    settings: dict[str, str]

    def environment(self, service: str) -> dict[str, str]:
        """The environment of a service of the compose file, whose addresses and folders are those here."""
        told = {} if service == "postgres" else SERVICES[service]["environment"]
        told = {name: self._here(str(value)) for name, value in told.items()}
        mine = {name: value for name, value in os.environ.items() if not name.startswith(("AIRFLOW", "JIXIAO", "PG"))}
        path = [str(server_programs()), str(Path(sys.executable).parent), os.environ["PATH"]]
        return {
            **mine,
            "AIRFLOW_HOME": str(self.folder / "airflow"),
            "PYTHONPATH": str(PROJECT),
            "PGPASSWORD": self.settings["POSTGRES_PASSWORD"],
            **told,
            "PATH": os.pathsep.join(path),
            "PGHOST": str(self.socket),
        }

    def _here(self, value: str) -> str:
        value = re.sub(r"\$\{(\w+):\?[^}]*\}", lambda found: self.settings[found[1]], value)
        value = re.sub(r"\$\{\w+:-([^}]*)\}", r"\1", value).replace("@postgres:5432/", "@/")
        for there, here in (
            ("/data", self.house.root),
            ("/published", self.house.published.parent),
            ("/auth", self.folder / "auth"),
            ("/app", PROJECT),
            ("/inbox", self.folder / "inbox"),
        ):
            value = re.sub(rf"^{there}(?=/|$)", str(here), value)
        return value

    def run(self, service: str, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a service's own command, or another in its environment."""
        meant = list(command) or [part.replace("$$", "$") for part in SERVICES[service]["command"]]
        environment = self.environment(service)
        done = subprocess.run(meant, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done

    def ask(self, user: str, database: str, statement: str) -> list[tuple[Any, ...]]:
        """Ask as one of the roles, with the password of .env."""
        password = self.settings[{"postgres": "", "airflow": "AIRFLOW_", "superset": "SUPERSET_"}[user] + _PASSWORD]
        return ask(f"host={self.socket} user={user} password={password} dbname={database}", statement)

    def rows(self, database: str) -> dict[str, list[str]]:
        """Every table of a database → its rows as text, in order."""
        tables = self.ask("postgres", database, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        every = "SELECT t::text FROM public.{} AS t ORDER BY 1"
        return {
            name: [str(row) for (row,) in self.ask("postgres", database, every.format(f'"{name}"'))]
            for (name,) in sorted(tables)
        }


_PASSWORD = "POSTGRES_PASSWORD"
# In place of containers: `run` and `exec` of a service's command happen here, in that service's environment.
_DOCKER = """
import json, os, pathlib, sys
verb, *words = sys.argv[2:]
here = pathlib.Path(__file__).parent
with (here / "verbs").open("a") as verbs:
    verbs.write(" ".join([verb, *words]) + "\\n")
if verb in ("run", "exec"):
    while words[0].startswith("-"):
        words.pop(0)
    service, *command = words
    told = json.loads((here / "services.json").read_text())[service]
    command = command or told["command"]
    command = [told["data"] if word == "/data" else word for word in command]
    os.execvpe(command[0], command, told["environment"])
"""


@pytest.fixture(scope="module")
def stack(server: str, made: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """Roles, databases, Airflow's metadata and a house, made by the commands of the compose file."""
    folder = tmp_path_factory.mktemp("stack")
    (folder / "auth").mkdir()
    [place] = re.findall(r"host=(\S+)", server)
    stack = Stack(folder, House(folder / "house", folder / "inbox"), Path(place), made)
    ask(f"{server} dbname=postgres", f"CREATE ROLE postgres SUPERUSER LOGIN PASSWORD '{made[_PASSWORD]}'")
    fill(stack.house)
    stack.run("databases")
    stack.run("init")
    return stack


def test_neither_role_enters_the_others_database(stack: Stack) -> None:
    for mine, other in (("airflow", "superset"), ("superset", "airflow")):
        assert stack.ask(mine, mine, "SELECT current_user, rolsuper FROM pg_roles WHERE rolname = current_user") == [
            (mine, False)
        ]
        with pytest.raises(psycopg2.OperationalError, match="permission denied for database"):
            stack.ask(mine, other, "SELECT 1")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            stack.ask(mine, mine, "COPY (SELECT 1) TO '/tmp/jixiao-copied'")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            stack.ask(mine, mine, "SELECT pg_read_file('/etc/passwd')")


def test_new_passwords_hold_after_the_next_start(stack: Stack) -> None:
    before = stack.rows("airflow")
    changed = {**stack.settings, "SUPERSET_POSTGRES_PASSWORD": "Nq7_other-" * 4}
    done = Stack(stack.folder, stack.house, stack.socket, changed).run("databases")
    assert not any(value in done.stdout + done.stderr for value in changed.values())
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        stack.ask("superset", "superset", "SELECT 1")
    stack.run("databases")
    assert stack.ask("superset", "superset", "SELECT 1") == [(1,)]
    assert stack.rows("airflow") == before


@pytest.fixture(scope="module")
def superset(stack: Stack) -> Iterator[tuple[Stack, str]]:
    """Superset as its service starts it, which is told to wait at first: the stack, and the address."""
    if not dashboards.PYTHON.exists():
        pytest.skip("Superset is not installed: make test installs it")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    home = stack.folder / "superset"
    home.mkdir()
    image = {name: stack._here(value) for name, value in image_environment("bi/Dockerfile").items()}
    environment = {
        **image,
        **stack.environment("superset"),
        "SUPERSET_HOME": str(home),
        "JIXIAO_BI_HOST": "127.0.0.1",
        "JIXIAO_BI_PORT": port,
    }
    log = stack.folder / "superset.log"
    hidden = stack.house.current.with_name("hidden")
    stack.house.current.rename(hidden)  # nothing is published yet
    with log.open("w") as output:
        command = [str(dashboards.PYTHON), *SERVICES["superset"]["command"][1:]]
        process = subprocess.Popen(command, env=environment, cwd=PROJECT, stdout=output, stderr=output)
    try:
        assert "503 Waiting for the next release" in waits(f"http://127.0.0.1:{port}")
        assert is_healthy(port)
        hidden.rename(stack.house.current)
        wait_for(f"http://127.0.0.1:{port}", log)
        assert is_healthy(port)
        yield stack, f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=60)
    told = log.read_text()
    assert not any(value in told for value in stack.settings.values())
    assert not is_healthy(port)


def waits(address: str) -> str:
    """What is said while nothing is published."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{address}/superset/dashboard/money/", timeout=5) as answer:
                pytest.fail(f"it serves already: {answer.status}")
        except urllib.error.HTTPError as error:
            return f"{error.code} {error.read().decode()}"
        except OSError:
            time.sleep(0.5)
    pytest.fail("no answer")


def is_healthy(port: str) -> bool:
    """Whether the service's own health check holds."""
    _, *check = SERVICES["superset"]["healthcheck"]["test"]
    check = [sys.executable, *[part.replace("8088", port) for part in check[1:]]]
    return subprocess.run(check, capture_output=True, check=False).returncode == 0


@pytest.mark.timeout(900)
def test_superset_keeps_its_metadata_in_postgres(superset: tuple[Stack, str]) -> None:
    stack, address = superset
    users = dict(stack.ask("superset", "superset", "SELECT username, password FROM ab_user"))
    assert set(users) == {"admin", "viewer"}
    assert not any(value in users.values() for value in stack.settings.values())
    for user in users:
        account = Account(address).log_in(user, stack.settings[f"JIXIAO_BI_{user.upper()}_PASSWORD"])
        assert account.ask("/api/v1/dashboard/").json["count"] == 4
    assert not list((stack.folder / "superset").glob("*.db"))
    assert not (stack.folder / "superset" / "passwords.json").exists()


@pytest.mark.timeout(900)
def test_the_stack_is_backed_up_destroyed_and_restored(superset: tuple[Stack, str]) -> None:
    stack, _ = superset
    scheduler = "scheduler"
    stack.run(scheduler, "airflow", "dags", "reserialize")  # as the dag-processor does
    mail = ("--conn-type", "smtp", "--conn-host", "mail.example.org", "--conn-password", "kept-by-the-fernet-key")
    stack.run(scheduler, "airflow", "connections", "add", "mail", *mail)
    databases = {name: stack.rows(name) for name in ("airflow", "superset")}
    assert len(databases["airflow"]) > 30
    assert len(databases["superset"]["dashboards"]) == 4
    assert not any("kept-by-the-fernet-key" in row for rows in databases["airflow"].values() for row in rows)
    published, built = content(stack.house.published), content(stack.house.warehouse)

    tools = stack.folder / "bin"
    tools.mkdir()
    (tools / "docker").write_text(f"#!{sys.executable}\n{_DOCKER}")
    (tools / "docker").chmod(0o755)
    told = {
        service: {
            "environment": stack.environment(service),
            "data": str(stack.house.root),
            "command": [part.replace("$$", "$") for part in SERVICES[service].get("command", [])],
        }
        for service in ("postgres", "databases", scheduler)
    }
    (tools / "services.json").write_text(json.dumps(told))

    def do(name: str) -> None:
        environment = {"PATH": f"{tools}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-euc", commands(name)],
            cwd=stack.folder,
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr

    do("back up")
    shutil.rmtree(stack.house.root)
    stack.house.root.mkdir()
    for name in ("airflow", "superset"):
        stack.ask("postgres", "postgres", f"DROP DATABASE {name} WITH (FORCE)")
        stack.ask("postgres", "postgres", f"DROP ROLE {name}")
    do("restore")

    verbs = (tools / "verbs").read_text().split("\n")
    assert verbs[0] == "stop scheduler"
    restored = {name: stack.rows(name) for name in ("airflow", "superset")}
    assert restored["superset"] == databases["superset"]
    runs = {"dag_run", "dag_version", "log", "serialized_dag", "dag_code", "task_instance"}  # it was asked to run
    kept = set(databases["airflow"]) - runs
    assert {name: restored["airflow"][name] for name in kept} == {name: databases["airflow"][name] for name in kept}
    for name in runs:
        assert set(databases["airflow"][name]) <= set(restored["airflow"][name]), name
    assert stack.ask("airflow", "airflow", "SELECT dag_id, state FROM dag_run") == [("build_warehouse", "queued")]
    owners = "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'"
    assert stack.ask("superset", "superset", owners) == [("superset",)]
    [(kept_password,)] = stack.ask("airflow", "airflow", "SELECT password FROM connection WHERE conn_id = 'mail'")
    fernet = Fernet(stack.settings["AIRFLOW_FERNET_KEY"].encode())
    assert fernet.decrypt(kept_password.encode()) == b"kept-by-the-fernet-key"

    assert content(stack.house.published) == published  # from the moment it was unpacked
    assert not stack.house.warehouse.exists()
    load(stack.house)
    build(stack.house)
    assert content(stack.house.warehouse) == built
    assert not publish(stack.house)  # readers have just this


def test_questions_of_the_page_can_be_asked(stack: Stack) -> None:
    questions = re.findall(r'^    jixiao query "(.+)"$', PAGE, re.MULTILINE)
    assert len(questions) == 2
    with duckdb.connect(str(stack.house.published), read_only=True) as reader:
        for question in questions:
            reader.execute(question).fetchall()
        [columns] = reader.execute("SELECT list(column_name) FROM (DESCRIBE quality.qa_sources)").fetchall()
    assert {"quarantined_count", "days_silent"} <= set(columns[0])


def test_every_service_of_the_page_is_one() -> None:
    named = re.findall(r"docker compose (?:exec|run|stop|logs)(?: -\S+)* (\w[\w-]*)", PAGE)
    assert {"scheduler", "postgres", "superset", "secrets"} <= set(named)
    assert set(named) <= set(SERVICES)
    assert yaml.safe_load((PROJECT / "docker-compose.yml").read_text(encoding="utf-8"))["services"].keys() >= set(named)
