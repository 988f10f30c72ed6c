"""Forgetting: the document is nowhere, stays nowhere, and nothing else is missed."""

from __future__ import annotations

import io
import multiprocessing
import os
import re
import shutil
import signal
import zipfile
from datetime import UTC, datetime
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract import archive, land, tombstones
from extract import forget as forget_step
from extract.__main__ import main
from extract.build import build
from extract.collect import collect, collect_source
from extract.forget import NotForgottenError, forget
from extract.land import land_observations
from extract.load import load
from extract.orchestrate import RunError, held
from extract.pending import is_build_pending, unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.records import Listing, Observation
from extract.settings import House
from extract.show import NotShownError, picture, place_of
from tests.site import Answer, serving
from tests.test_house import TEXT, add, rows
from tests.test_pipeline import content


def collected(house: House) -> tuple[str, str]:
    """Two documents, read in one batch; their ids: the one to forget and the one to keep."""
    add(house, "a.txt")
    collect("inbox", house)
    [forgotten] = archive.document_ids(house)
    add(house, "b.txt", TEXT.replace("甲市", "乙市"))
    collect("inbox", house)
    [kept] = set(archive.document_ids(house)) - {forgotten}
    read_batch((forgotten, kept), house)
    load(house)
    return forgotten, kept


def tables_with(database: str, document_id: str, house: House) -> set[str]:
    """The tables of a file of the house in which a column names the document or one of its lines."""
    lines = [land.project_line_id(document_id, 1, number) for number in range(1, 10)]
    found = set()
    with duckdb.connect(str(getattr(house, database)), read_only=True) as file:
        columns = file.execute(
            "SELECT schema_name, table_name, column_name FROM duckdb_columns()"
            " WHERE data_type = 'VARCHAR' AND NOT internal AND (schema_name, table_name) IN"
            " (SELECT (schema_name, table_name) FROM duckdb_tables())"
        ).fetchall()
        for schema, table, column in columns:
            sql = f'SELECT 1 FROM {schema}.{table} WHERE list_contains(?, "{column}") LIMIT 1'
            if file.execute(sql, [[document_id, *lines]]).fetchone():
                found.add(f"{schema}.{table}")
    return found


def landed_tables_with(document_id: str, house: House) -> set[str]:
    return {
        path.stem
        for path in house.landing.glob("readings/*/*.parquet")
        if document_id in pq.read_table(path).column("document_id").to_pylist()
    }


ATTEMPTS = {"raw.observations", "raw.forgotten", "quality.qa_observations"}


def test_a_forgotten_document_is_nowhere_and_never_comes_back(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIXIAO_DATA", str(house.root))
    monkeypatch.setenv("JIXIAO_INBOX", str(house.inbox))
    forgotten, kept = collected(house)
    build(house)
    publish(house)
    [(line_id,)] = rows(
        house,
        f"SELECT project_line_id FROM marts.fct_project_budgets WHERE document_id = '{forgotten}' LIMIT 1",
    )
    place = place_of(line_id, house)
    assert landed_tables_with(forgotten, house) == landed_tables_with(kept, house)
    assert len(landed_tables_with(kept, house)) >= 5

    assert main(["forget", forgotten, "--reason", "names a private person"]) == 0
    said = capsys.readouterr().out
    assert re.search(f"^{forgotten} is forgotten on .* by .*: names a private person$", said, re.MULTILINE)
    assert "the bytes of 1 archived files, its rows in 1 landed batches" in said
    assert f"{house.published} holds it until the next build: jixiao run publishes one without it." in said
    assert list(archive.document_ids(house)) == [kept]
    assert not list(house.archive.glob(f"*/{forgotten}"))
    assert landed_tables_with(forgotten, house) == set()
    # until the next build takes its facts out, it is among what the marts were built from
    raw = {name for name in tables_with("warehouse", forgotten, house) if name.startswith("raw.")}
    assert raw <= ATTEMPTS | {"raw.built_documents"}
    with pytest.raises(NotShownError, match="names a private person"):
        picture(place, house, house.root / "cell.png")

    assert is_build_pending(house)
    build(house)
    assert publish(house)  # through the gate: a current document vanished, with a reason
    assert tables_with("published", forgotten, house) <= ATTEMPTS
    assert tables_with("warehouse", forgotten, house) <= ATTEMPTS
    assert len(tables_with("published", kept, house)) >= 5
    before = content(house.published)

    assert collect("inbox", house) == {"refused": 1, "unchanged": 1}  # the file lies there still
    assert unread_document_ids(house) == []
    shutil.rmtree(house.warehouse.parent)
    load(house)
    build(house)
    publish(house)
    assert list(archive.document_ids(house)) == [kept]
    assert tables_with("warehouse", forgotten, house) <= ATTEMPTS
    assert content(house.published) == before
    [(message,)] = rows(house, "SELECT message FROM quality.qa_observations WHERE outcome = 'refused'")
    assert str(message).endswith(": names a private person")


def test_a_page_that_is_the_document_is_not_remembered_either(house: House) -> None:
    with serving() as site:
        table = "<table><tr><td>一级指标</td><td>三级指标</td><td>指标值</td></tr></table>"
        site.page("/bmys/index.html", "2026年部门预算", ("t20260213_1.html", "甲市商务局2026年部门预算"))
        article = Answer(
            f"<!DOCTYPE html><html><body>{table}</body></html>".encode(),
            media_type="text/html",
            headers={"ETag": '"1"'},
        )
        site.at("/bmys/t20260213_1.html", article)
        assert collect_source(site.source(system="trs"), house) == {"new": 1}
        [document_id] = archive.document_ids(house)
        assert len(list(house.pages.rglob("????????*"))) == 1
        forget(document_id, "names a private person", house)
        assert not house.pages.exists()
        assert collect_source(site.source(system="trs"), house) == {"refused": 1}
        assert not list(house.pages.rglob("????????*"))


def test_a_forgotten_document_is_refused_by_the_archive(house: House) -> None:
    document_id, _ = archive.keep(b"bytes", house)
    assert not archive.is_forgotten(document_id, house)
    forget(document_id, "why", house)
    assert archive.is_forgotten(document_id, house)
    with pytest.raises(archive.ForgottenError, match=f"{document_id} was forgotten on .* by .*: why"):
        archive.keep(b"bytes", house)
    assert list(archive.document_ids(house)) == []


def test_forgetting_twice_changes_nothing_and_keeps_the_first_reason(house: House) -> None:
    forgotten, kept = collected(house)
    first = forget(forgotten, "the first reason", house)
    before = sorted(path.read_bytes() for path in house.landing.rglob("*") if path.is_file())
    again = forget(forgotten, "another reason", house)
    assert again.tombstone == first.tombstone
    assert (again.was_forgotten, again.archived_count, again.batches_rewritten) == (True, 0, 0)
    assert sorted(path.read_bytes() for path in house.landing.rglob("*") if path.is_file()) == before
    assert list(archive.document_ids(house)) == [kept]


@pytest.mark.parametrize("document_id", ["0" * 64, "0" * 63, "../../inbox/a.txt", ""])
def test_what_the_house_does_not_hold_is_not_forgotten(house: House, document_id: str) -> None:
    collected(house)
    with pytest.raises(NotForgottenError, match="holds no document"):
        forget(document_id, "why", house)
    assert tombstones.forgotten_ids(house) == set()


def test_a_reason_must_be_given(house: House) -> None:
    forgotten, _ = collected(house)
    with pytest.raises(NotForgottenError, match="reason"):
        forget(forgotten, " ", house)
    assert forgotten in set(archive.document_ids(house))


def test_a_house_in_use_forgets_nothing(house: House) -> None:
    forgotten, _ = collected(house)
    with held(house), pytest.raises(RunError, match="in use"):
        forget(forgotten, "why", house)
    assert not archive.is_forgotten(forgotten, house)
    assert forgotten in set(archive.document_ids(house))


def test_the_archives_that_a_document_came_in_go_with_it_and_their_other_files_stay(house: House) -> None:
    outer, inner, forgotten, kept = (archive.keep(name, house)[0] for name in (b"outer", b"inner", b"a", b"b"))
    listing = Listing("inbox", "http://x/1")
    came = [(outer, None), (inner, outer), (forgotten, inner), (kept, inner)]
    land_observations("inbox", [Observation(listing, "new", datetime.now(UTC), each) for each, _ in came], house)
    [path] = (house.landing / "observations").iterdir()
    table = pq.read_table(path)
    place = table.schema.get_field_index("container_document_id")
    column = pa.array([container for _, container in came], pa.string())
    pq.write_table(table.set_column(place, "container_document_id", column), path)

    taken = forget(forgotten, "names a private person", house)
    assert (set(taken.containers), taken.archived_count) == ({inner, outer}, 3)
    assert list(archive.document_ids(house)) == [kept]
    with pytest.raises(archive.ForgottenError, match=f"holds the forgotten document {forgotten}"):
        archive.keep(b"outer", house)
    archive.keep(b"b", house)


def _die_at(house: House, document_id: str, name: str) -> None:
    def dies(*_: Any) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    module, function = {
        "remove": (archive, "remove"),
        "landing": (forget_step, "write_whole"),
        "raw": (forget_step, "leave_out_forgotten"),
    }[name]
    setattr(module, function, dies)
    forget(document_id, "why", house)


@pytest.mark.parametrize("at", ["remove", "landing", "raw"])
def test_killed_while_forgetting_it_comes_back_no_more_and_is_finished_by_the_same_command(
    house: House, at: str
) -> None:
    forgotten, kept = collected(house)
    unfinished = house.landing / "readings" / ".killed-while-landing"
    shutil.copytree(next((house.landing / "readings").iterdir()), unfinished)
    process = multiprocessing.get_context("spawn").Process(target=_die_at, args=(house, forgotten, at))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL

    assert list(archive.document_ids(house)) == [kept]
    assert collect("inbox", house) == {"refused": 1, "unchanged": 1}
    load(house)
    assert rows(house, "SELECT DISTINCT document_id FROM raw.lines") == [(kept,)]
    shutil.rmtree(house.warehouse.parent)  # landing may hold it still: it is not loaded
    load(house)
    assert rows(house, "SELECT DISTINCT document_id FROM raw.lines") == [(kept,)]

    forget(forgotten, "why", house)
    assert not list(house.archive.glob(f"*/{forgotten}"))
    assert not unfinished.exists()
    assert landed_tables_with(forgotten, house) == set()
    assert len(landed_tables_with(kept, house)) >= 5


def test_the_command_says_what_is_wrong(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIXIAO_DATA", str(house.root))
    document_id, _ = archive.keep(b"bytes", house)
    assert main(["forget", "f" * 64, "--reason", "why"]) == 1
    assert "holds no document" in capsys.readouterr().err
    assert main(["forget", document_id, "--reason", "why"]) == 0
    assert "the bytes of 1 archived files" in capsys.readouterr().out
    assert main(["forget", document_id, "--reason", "again"]) == 0
    said = capsys.readouterr().out
    assert f"{document_id} had been forgotten on" in said
    assert ": why" in said
    assert "the bytes of 0 archived files" in said


def test_an_archive_that_brings_it_again_is_opened_and_not_kept(house: House) -> None:
    forgotten, _ = collected(house)
    forget(forgotten, "names a private person", house)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as parts:
        parts.writestr("a.txt", (house.inbox / "a.txt").read_bytes())
        parts.writestr("c.txt", TEXT.replace("甲市", "丙市"))
    for name in ("a.txt", "b.txt"):
        (house.inbox / name).unlink()
    (house.inbox / "all.zip").write_bytes(packed.getvalue())
    for outcome in ("new", "unchanged"):
        assert collect("inbox", house) == {"refused": 2, outcome: 1}
        archived = [archive.content_of(document_id, house) for document_id in archive.document_ids(house)]
        assert len(archived) == 2
        assert not any(content.startswith(b"PK") for content in archived)
