"""Publishing: one consistent release for every reader, what it holds, and what its log tells."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import re
import shlex
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pyarrow.parquet as pq
import pytest

from extract.__main__ import main
from extract.contract import CONTRACT_VERSION
from extract.forget import forget
from extract.pending import is_build_pending, wanted_build
from extract.publish import publish
from extract.release_log import SUBJECTS
from extract.releases import clean_up
from extract.settings import House
from tests.conftest import PROJECT
from tests.test_dbt import take_up
from tests.test_house import TEXT, add
from tests.test_pipeline import content, in_both_languages, rows

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> House:
    """A house of two bodies' documents, published once."""
    folder = tmp_path_factory.mktemp("publish")
    (folder / "inbox").mkdir()
    house = House(folder / "house", folder / "inbox")
    for name in ("甲", "乙"):
        add(house, f"{name}.txt", TEXT.replace("甲市", f"{name}市"))
    take_up(house)
    assert publish(house)
    return house


@pytest.fixture
def house(tmp_path: Path, first: House) -> House:
    shutil.copytree(first.root, tmp_path / "house", symlinks=True)
    shutil.copytree(first.inbox, tmp_path / "inbox")
    return replace(first, root=tmp_path / "house", inbox=tmp_path / "inbox")


def grow(house: House, turn: int) -> None:
    """One more line with one more target, loaded and built, without the time that dbt takes."""
    line_id = f"grown{turn:011d}"
    tables = ("raw.lines", "raw.indicators", "raw.targets", "marts.fct_project_budgets", "marts.fct_indicator_targets")
    with duckdb.connect(str(house.warehouse)) as warehouse:
        for table in tables:
            key = "document_id || project_line_id"
            warehouse.execute(
                f"INSERT INTO {table} BY NAME SELECT * REPLACE ('{line_id}' AS project_line_id) FROM {table}"
                f" WHERE {key} = (SELECT min({key}) FROM marts.fct_project_budgets)"
            )
        as_built(warehouse, line_id)


def as_built(warehouse: duckdb.DuckDBPyConnection, load_id: str) -> None:
    """Note a load, and that what is loaded is built."""
    warehouse.execute("INSERT INTO raw.loads VALUES (?, 'readings', now())", [load_id])
    warehouse.execute("UPDATE raw.builds SET facts_fingerprint = ?", [wanted_build(warehouse).facts])


def descriptor(folder: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    return said


def test_the_descriptor_keeps_to_the_standard_and_says_what_is_in_the_files(first: House) -> None:
    said = descriptor(first.current)
    profile = json.loads((files("dplib") / "profiles" / "2.0" / "datapackage.json").read_text(encoding="utf-8"))
    jsonschema.validate(said, profile, format_checker=jsonschema.FormatChecker())
    assert said["contract_version"] == CONTRACT_VERSION
    assert said["licenses"][0]["name"] == "notspecified"
    listed = {first.current / resource["path"] for resource in said["resources"]}
    assert listed == {path for path in first.current.rglob("*") if path.is_file() and path.suffix != ".json"}
    tables = [resource for resource in said["resources"] if resource.get("type") == "table"]
    assert len(tables) > 30
    for resource in said["resources"]:
        bytes_ = (first.current / resource["path"]).read_bytes()
        assert resource["bytes"] == len(bytes_)
        assert resource["hash"] == "sha256:" + hashlib.sha256(bytes_).hexdigest()
    for table in tables:
        held = pq.read_table(first.current / table["path"])
        fields = table["schema"]["fields"]
        assert (held.num_rows, held.column_names) == (table["row_count"], [field["name"] for field in fields])
        for told in (table, *fields):
            assert in_both_languages(told["description"] + told["description_zh"]), (table["name"], told["name"])
        assert rows(first.published, f"SELECT count(*) FROM {table['name']}") == [(held.num_rows,)]
    [lines] = [table for table in tables if table["name"] == "marts.fct_project_budgets"]
    assert lines["schema"]["primaryKey"] == ["project_line_id"]
    types = {field["name"]: field["type"] for field in lines["schema"]["fields"]}
    assert (types["total_yuan"], types["fiscal_year"], types["is_counted"], types["bbox"]) == (
        *("number", "integer", "boolean", "object"),
    )
    assert {"name": "is_counted", "constraints": {"required": True}}.items() <= next(
        field for field in lines["schema"]["fields"] if field["name"] == "is_counted"
    ).items()


def test_the_licence_is_the_one_that_is_set(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(house, 0)
    monkeypatch.setenv("JIXIAO_LICENCE", "ask me")
    with pytest.raises(ValueError, match="JIXIAO_LICENCE"):
        publish(house)
    monkeypatch.setenv("JIXIAO_LICENCE", "CC-BY-4.0")
    assert publish(house)
    assert descriptor(house.current)["licenses"] == [{"name": "CC-BY-4.0"}]


def log(house: House) -> list[tuple[Any, ...]]:
    return rows(
        house.published,
        "SELECT release_number, subject, added_count, revised_count, gone_count, total_count, added_yuan, revised_yuan,"
        " gone_yuan, total_yuan FROM quality.qa_releases ORDER BY ALL",
    )


def test_the_log_tells_what_each_release_added_revised_and_took_out(house: House) -> None:
    thirty, zero = Decimal(300000), Decimal(0)
    begun = [
        (1, "documents", 2, 0, 0, 2, None, None, None, None),
        (1, "funds", 4, 0, 0, 4, 2 * thirty, zero, zero, 2 * thirty),
        (1, "project_lines", 4, 0, 0, 4, 2 * thirty, zero, zero, 2 * thirty),
        (1, "targets", 4, 0, 0, 4, None, None, None, None),
    ]
    assert log(house) == begun
    release = rows(house.published, "SELECT release_number, release_id FROM quality.qa_release")
    assert release == [(1, house.current.resolve().name)]
    assert descriptor(house.current)["version"] == f"{CONTRACT_VERSION}.1.0"

    # attempts that bring nothing new are published, and make no release
    before = content(house.published)
    assert take_up(house) == "observations"
    assert publish(house)
    assert not publish(house)
    assert (log(house), content(house.published)) == (begun, before)
    assert rows(house.published, "SELECT count(*) FROM quality.qa_observations") == [(4,)]

    # 甲 prints another document, whose money counts from now on; 乙 is forgotten, 丙 comes
    [(gone,)] = rows(house.published, "SELECT document_id FROM marts.dim_documents WHERE publisher_name LIKE '乙%'")
    add(house, "甲-2.txt", TEXT.replace("10.00", "12.00").replace("30.00", "32.00"))
    add(house, "丙.txt", TEXT.replace("甲市", "丙市"))
    forget(gone, "published by mistake", house)
    take_up(house)
    assert publish(house)
    assert log(house)[:4] == begun
    by_subject = {row[1]: row[2:] for row in log(house)[4:]}
    assert by_subject["documents"][:4] == (2, 0, 1, 3)
    thirty_two = Decimal(320000)
    # the two lines of 甲's first document stand, and count no more
    assert by_subject["project_lines"] == (4, 2, 2, 6, thirty + thirty_two, -thirty, thirty, thirty + thirty_two)
    assert by_subject["funds"] == by_subject["project_lines"]
    assert by_subject["targets"][:4] == (4, 2, 2, 6)

    told = rows(
        house.published,
        """
        SELECT
            total_count - lag(total_count, 1, 0) OVER releases - added_count + gone_count,
            total_yuan - lag(total_yuan, 1, 0) OVER releases - added_yuan - revised_yuan + gone_yuan
        FROM quality.qa_releases WINDOW releases AS (PARTITION BY subject ORDER BY release_number)
        """,
    )
    assert len(told) == 2 * len(SUBJECTS)
    assert {difference for row in told for difference in row} == {0, None}


def test_history_keeps_every_reading(house: House) -> None:
    [(document_id,)] = rows(
        house.published, "SELECT document_id FROM marts.dim_documents WHERE publisher_name LIKE '甲%'"
    )
    with duckdb.connect(str(house.warehouse)) as warehouse:
        # what an earlier reader understood: another amount, and one line less
        for table in ("documents", "lines", "funds", "indicators", "targets", "issues"):
            warehouse.execute(
                f"INSERT INTO raw.{table} SELECT * REPLACE (1 AS reader_version) FROM raw.{table}"
                " WHERE document_id = ? AND reader_version > 1",
                [document_id],
            )
        warehouse.execute("DELETE FROM raw.lines WHERE reader_version = 1 AND name LIKE '%展会%'")
        warehouse.execute("UPDATE raw.lines SET total_yuan = 99 WHERE reader_version = 1 AND level = 'project'")
        as_built(warehouse, "earlier")  # the marts are those of the newest reading, whatever came before it
    assert publish(house)
    readings = rows(
        house.published,
        "SELECT reader_version > 1, is_newest, is_current FROM history.readings"
        f" WHERE document_id = '{document_id}' ORDER BY ALL",
    )
    assert readings == [(False, False, True), (True, True, True)]
    lines = rows(
        house.published,
        "SELECT reader_version > 1, level, total_yuan FROM history.reading_lines"
        f" WHERE document_id = '{document_id}' ORDER BY reader_version, line_number",
    )
    assert lines == [
        *((False, "unit", Decimal(300000)), (False, "project", Decimal(99))),
        *((True, "unit", Decimal(300000)), (True, "project", Decimal(100000)), (True, "project", Decimal(200000))),
    ]
    targets = rows(house.published, "SELECT count(*) FROM history.reading_targets")
    assert targets == [(6,)]
    assert rows(house.published, "SELECT count(*) FROM marts.fct_project_budgets") == [(4,)]


def test_a_superseded_release_stands_an_hour_and_one_with_what_is_forgotten_not_at_all(house: House) -> None:
    releases = [house.current.resolve()]
    for turn in range(3):
        grow(house, turn)
        publish(house)
        releases.append(house.current.resolve())
    assert sorted(house.releases.iterdir()) == releases
    long_ago = time.time() - 2 * 3600
    os.utime(releases[0], (long_ago, long_ago))
    (house.releases / ".unfinished").mkdir()
    clean_up(house, set())
    assert sorted(house.releases.iterdir()) == releases[1:]

    # a release that holds no forgotten document stays
    releases[1].joinpath("jixiao.duckdb").chmod(0o644)
    with duckdb.connect(str(releases[1] / "jixiao.duckdb")) as release:
        release.execute("DELETE FROM marts.dim_documents WHERE publisher_name LIKE '乙%'")
    [(forgotten,)] = rows(
        house.published, "SELECT document_id FROM marts.dim_documents WHERE publisher_name LIKE '乙%'"
    )
    clean_up(house, {forgotten})
    assert sorted(house.releases.iterdir()) == [releases[1], releases[3]]


def test_a_copy_of_a_house_that_followed_its_links_publishes_on(tmp_path: Path, first: House) -> None:
    shutil.copytree(first.root, tmp_path / "copy")
    copy = replace(first, root=tmp_path / "copy")
    assert not copy.current.is_symlink()
    assert not publish(copy)
    grow(copy, 0)
    assert publish(copy)
    assert copy.current.is_symlink()
    assert copy.published.is_symlink()
    assert [row[0] for row in log(copy)] == [1, 1, 1, 1, 2, 2, 2, 2]
    assert not is_build_pending(copy)


def test_what_is_published_may_lie_on_a_volume_of_its_own(house: House) -> None:
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == house.root.stat().st_dev:
        pytest.skip("this machine has one file system")
    with tempfile.TemporaryDirectory(dir=elsewhere) as volume:
        shutil.copytree(house.published.parent, volume, symlinks=True, dirs_exist_ok=True)
        shutil.rmtree(house.published.parent)
        house.published.parent.symlink_to(volume)
        grow(house, 0)
        assert publish(house)
        alone = Path(volume) / house.published.name  # as who has that volume and nothing else of the house
        assert rows(alone, "SELECT count(*) FROM marts.fct_project_budgets") == [(5,)]
        assert alone.resolve().is_relative_to(volume)
        assert stat.S_IMODE(alone.resolve().parent.stat().st_mode) & 0o005 == 0o005  # other users may read it


def test_a_release_of_which_a_part_is_missing_is_made_anew(house: House) -> None:
    house.current.unlink()
    assert is_build_pending(house)
    assert publish(house)
    assert not is_build_pending(house)


def test_what_connect_shows_in_python_runs(first: House) -> None:
    page = (PROJECT / "docs" / "connect.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    names: dict[str, Any] = {}
    for block in blocks:
        exec(block.replace("data/published", str(first.published.parent)), names)
    assert [row[2] for row in names["bodies"]] == [Decimal(300000)] * 2
    assert names["lines"].num_rows == 4


def test_what_connect_shows_of_exports_runs(
    first: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIXIAO_DATA", str(first.root))
    monkeypatch.chdir(tmp_path)
    page = (PROJECT / "docs" / "connect.md").read_text(encoding="utf-8")
    commands = re.findall(r"^    \.venv/bin/jixiao (export [^#\n]*)", page, re.MULTILINE)
    assert len(commands) == 3
    assert [main(shlex.split(command)) for command in commands] == [0, 0, 0], capsys.readouterr().err
    assert {path.suffix for path in tmp_path.iterdir() if path.is_file()} == {".xlsx", ".csv"}


def consistent(folder: Path, file: Path) -> tuple[int, int]:
    """What a reader sees who asks one file twice and then Parquet: how many lines and targets; fails on any error."""
    with duckdb.connect(str(file), read_only=True) as published:
        [(lines, told)] = published.execute(
            """
            SELECT count(*), (SELECT total_count FROM quality.qa_releases WHERE subject = 'project_lines'
                ORDER BY release_number DESC LIMIT 1)
            FROM marts.fct_project_budgets
            """
        ).fetchall()
        [(targets,)] = published.execute("SELECT count(*) FROM marts.fct_indicator_targets").fetchall()
        [(marked,)] = published.execute("SELECT release_id FROM quality.qa_release").fetchall()
    assert lines == told == targets, (lines, told, targets)
    release = folder.resolve()  # followed once: from here on one release
    said = descriptor(release)
    counts = {}
    for resource in said["resources"]:
        bytes_ = (release / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(bytes_).hexdigest()
        if resource.get("type") == "table":
            counts[resource["name"]] = resource["row_count"]
    assert counts["marts.fct_project_budgets"] == counts["marts.fct_indicator_targets"]
    with duckdb.connect(str(release / "jixiao.duckdb"), read_only=True) as published:
        [(again,)] = published.execute("SELECT release_id FROM quality.qa_release").fetchall()
    assert again == said["id"] == release.name
    assert marked <= again
    return lines, counts["marts.fct_project_budgets"]


def read_on(house: House, end: Any, told: Any) -> None:
    """Read until told to end, and once more; tell every state that was seen, or what went wrong."""
    seen: list[tuple[int, int]] = []
    looks = 0
    try:
        is_last = False
        while not is_last:
            is_last = end.is_set()  # one look begins after the last release came
            found = consistent(house.current, house.published)
            looks += 1
            if not seen or seen[-1] != found:
                seen.append(found)
    except BaseException as error:  # noqa: BLE001 - whatever it is, the test tells it
        told.put((looks, f"{type(error).__name__}: {error}"))
        return
    told.put((looks, seen))


@pytest.fixture
def readers(house: House) -> Iterator[tuple[Any, Any, list[Any]]]:
    end, told = SPAWN.Event(), SPAWN.Queue()
    processes = [SPAWN.Process(target=read_on, args=(house, end, told)) for _ in range(3)]
    for process in processes:
        process.start()
    yield end, told, processes
    end.set()
    for process in processes:
        process.join()


def test_readers_before_during_and_after_publishing_see_one_consistent_release(
    house: House, readers: tuple[Any, Any, list[Any]]
) -> None:
    end, told, processes = readers
    kept = duckdb.connect(str(house.published), read_only=True)  # who has it open keeps what they have
    expected = [4]
    for turn in range(6):
        grow(house, turn)
        assert publish(house)
        expected.append(4 + turn + 1)
    end.set()
    found = [told.get(timeout=60) for _ in processes]
    assert kept.execute("SELECT count(*) FROM marts.fct_project_budgets").fetchall() == [(4,)]
    kept.close()
    for looks, seen in found:
        assert isinstance(seen, list), seen
        assert looks >= 3
        of_the_file, of_parquet = ([pair[part] for pair in seen] for part in (0, 1))
        for counts in (of_the_file, of_parquet):
            assert counts == sorted(counts)
            assert set(counts) <= set(expected)
        assert of_the_file[-1] == of_parquet[-1] == expected[-1]
    assert any(len({pair[0] for pair in seen}) > 2 for _, seen in found)
