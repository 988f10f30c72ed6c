"""Publishing to Postgres, on a real one where its binaries are at hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import psycopg2
import pytest

from extract import postgres as postgres_step
from extract.pending import is_build_pending
from extract.postgres import PostgresError, release_in_postgres
from extract.publish import publish
from extract.settings import House
from tests.test_pipeline import in_both_languages, rows
from tests.test_publish import first, grow, house

__all__ = ["first", "house"]

PASSWORD = "not-to-be-told"
READER = "reader"


def server_programs() -> Path | None:
    """Where ``initdb`` and ``postgres`` are: Debian keeps them off the path."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((place for place in reversed(places) if (place / "initdb").exists()), None)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server of our own, without the name of the database."""
    programs = server_programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed here (Debian: postgresql)")
    folder = Path("/tmp") / f"jixiao-pg-{uuid.uuid4().hex[:8]}"  # its socket's path must be short
    folder.mkdir(mode=0o700)
    as_whom: dict[str, Any] = {}
    if os.getuid() == 0:  # it refuses to run as root
        shutil.chown(folder, "postgres")
        as_whom = {"user": "postgres"}
    (password := folder / "password").write_text(PASSWORD)
    password.chmod(0o644)
    data = folder / "data"

    def call(program: str, *arguments: str) -> None:
        subprocess.run([programs / program, *arguments], check=True, capture_output=True, cwd="/", **as_whom)

    try:
        call("initdb", "-D", str(data), "-U", "jixiao", "-A", "scram-sha-256", "--pwfile", str(password), "-E", "UTF8")
        options = f"-c listen_addresses='' -c unix_socket_directories={folder} -c fsync=off"
        call("pg_ctl", "-D", str(data), "-w", "-l", str(data / "log"), "-o", options, "start")
        yield f"host={folder} user=jixiao password={PASSWORD}"
        call("pg_ctl", "-D", str(data), "-m", "fast", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def address(server: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an empty database that gets what is published."""
    name = f"test_{uuid.uuid4().hex[:8]}"
    ask(f"{server} dbname=postgres", f"CREATE DATABASE {name}")
    monkeypatch.setenv("JIXIAO_POSTGRES", f"{server} dbname={name}")
    return f"{server} dbname={name}"


def ask(address: str, statement: str) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(address)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_postgres_holds_what_the_file_holds_with_keys_and_comments(house: House, address: str) -> None:
    assert is_build_pending(house)
    assert publish(house)  # the files are published already
    assert not is_build_pending(house)
    assert not publish(house)
    assert release_in_postgres(address) == house.current.resolve().name
    tables = rows(house.published, "SELECT schema_name, table_name FROM duckdb_tables()")
    assert len(tables) > 30
    for schema, table in tables:
        counted = f"SELECT count(*) FROM {schema}.{table}"
        assert ask(address, counted) == rows(house.published, counted)
    asked = "SELECT project_line_id, total_yuan, goal_text, is_counted FROM marts.fct_project_budgets ORDER BY 1"
    assert ask(address, asked) == rows(house.published, asked)
    asked = "SELECT comparator, target_value, unit FROM marts.fct_indicator_targets ORDER BY 1, 2"
    assert ask(address, asked) == rows(house.published, asked)
    assert ask(address, "SELECT count(bbox_x0), count(locator) FROM marts.fct_project_budgets") == [(0, 4)]
    comments = ask(
        address,
        """
        SELECT c.oid::regclass::text, a.attname, col_description(c.oid, a.attnum), obj_description(c.oid)
        FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
        WHERE c.relkind = 'r' AND c.relnamespace::regnamespace::text IN ('marts', 'quality', 'history')
        """,
    )
    assert len(comments) > 300
    assert [row[:2] for row in comments if not (in_both_languages(row[2]) and in_both_languages(row[3]))] == []
    keys = "SELECT count(*) FROM pg_index WHERE indisprimary AND indrelid = 'marts.fct_project_funds'::regclass"
    assert ask(address, keys) == [(1,)]


def test_readers_in_postgres_see_one_release_while_the_next_comes(house: House, address: str) -> None:
    publish(house)
    ask(address, f"CREATE ROLE {READER}_{address[-8:]} LOGIN PASSWORD 'r'")
    ask(address, f"ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {READER}_{address[-8:]}")
    ask(address, f"ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO {READER}_{address[-8:]}")
    grow(house, 0)
    publish(house)
    as_reader = address.replace("user=jixiao", f"user={READER}_{address[-8:]}").replace(PASSWORD, "r")
    seen: list[Any] = []
    end = threading.Event()

    def read_on() -> None:
        connection = psycopg2.connect(as_reader)
        connection.autocommit = True
        with connection.cursor() as cursor:
            while not end.is_set():
                try:
                    cursor.execute(
                        "SELECT (SELECT count(*) FROM marts.fct_project_budgets),"
                        " (SELECT total_count FROM quality.qa_releases WHERE subject = 'project_lines'"
                        " ORDER BY release_number DESC LIMIT 1), (SELECT count(*) FROM history.readings)"
                    )
                    seen.append(cursor.fetchone())
                except psycopg2.Error as error:
                    seen.append(str(error))
        connection.close()

    reader = threading.Thread(target=read_on)
    reader.start()
    # somebody keeps a table of the release open, over two releases
    idle = psycopg2.connect(address)
    with idle.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM marts.fct_project_budgets")
        for turn in (1, 2):
            grow(house, turn)
            assert publish(house)
        cursor.execute("SELECT 1")
    end.set()
    reader.join()
    assert {(lines, told) for lines, told, _ in seen} <= {(5, 5), (6, 6), (7, 7)}, [s for s in seen if len(s) != 3]
    assert seen[-1] == (7, 7, 2)
    schemas = "SELECT nspname FROM pg_namespace WHERE obj_description(oid, 'pg_namespace') LIKE 'Jixiao%' ORDER BY 1"
    [(waiting,)] = [row for row in ask(address, schemas) if "_until_" in row[0]]
    assert waiting.startswith("marts_until_")
    idle.close()
    grow(house, 3)
    publish(house)
    assert ask(address, schemas) == [("history",), ("marts",), ("quality",)]


def test_schemas_of_others_are_not_touched(house: House, address: str) -> None:
    ask(address, "CREATE SCHEMA marts")
    ask(address, "CREATE TABLE marts.mine AS SELECT 1 AS x")
    with pytest.raises(PostgresError, match="not Jixiao's: marts; give Jixiao a database of its own"):
        publish(house)
    assert ask(address, "SELECT x FROM marts.mine") == [(1,)]


def test_a_database_that_cannot_be_reached_is_told_without_its_password(
    house: House, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(house)
    before = house.current.resolve()
    grow(house, 0)
    monkeypatch.setenv("JIXIAO_POSTGRES", address.replace("host=", "host=/nowhere"))
    with pytest.raises(PostgresError, match="/nowhere") as raised:
        publish(house)
    assert PASSWORD not in str(raised.value)
    assert house.current.resolve() != before  # readers of files have the release
    assert is_build_pending(house)
    monkeypatch.setenv("JIXIAO_POSTGRES", address)
    assert is_build_pending(house)
    assert publish(house)
    assert not is_build_pending(house)
    assert ask(address, "SELECT count(*) FROM marts.fct_project_budgets") == [(5,)]


def test_what_duckdb_says_of_a_wrong_password_does_not_tell_it(
    house: House, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = address.replace(PASSWORD, "a-wrong-password")
    with duckdb.connect() as connection, pytest.raises(PostgresError) as raised:
        postgres_step._copy(connection, [], wrong)
    assert "authentication failed" in str(raised.value)
    assert "a-wrong-password" not in str(raised.value)
