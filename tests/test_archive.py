"""The archive, in a folder and on an object store: nothing half, nothing damaged unseen, one listing for all of it."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
from dataclasses import replace
from pathlib import Path

import boto3
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from extract import archive
from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.orchestrate import environment
from extract.pending import batches, unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import House
from tests.conftest import BUCKET, s3_calls
from tests.test_house import TEXT, add, rows


@pytest.fixture(params=["folder", "file", "memory", "s3"])
def anywhere(request: pytest.FixtureRequest, house: House, tmp_path: Path) -> House:
    """An empty house, with its archive in a folder or behind a URL."""
    match request.param:
        case "folder":
            return replace(house, archive_url=str(tmp_path / "elsewhere"))
        case "file":
            return replace(house, archive_url=f"file://{tmp_path}/elsewhere")
        case "memory":
            MemoryFileSystem.store.clear()
            return replace(house, archive_url="memory://archive")
    request.getfixturevalue("object_store")
    return on_s3(house, f"{tmp_path.name}/archive")


def on_s3(house: House, prefix: str) -> House:
    return replace(house, archive_url=f"s3://{BUCKET}/{prefix}")


def damage(house: House, document_id: str, content: bytes) -> None:
    (house.archive / document_id[:2] / document_id).write_bytes(content)


def test_bytes_are_kept_once_and_verified_anywhere(anywhere: House) -> None:
    assert list(archive.document_ids(anywhere)) == []
    document_id, is_new = archive.keep(b"bytes", anywhere)
    assert (document_id, is_new) == (hashlib.sha256(b"bytes").hexdigest(), True)
    assert archive.keep(b"bytes", anywhere) == (document_id, False)
    other_id, _ = archive.keep(b"", anywhere)
    assert archive.sizes(anywhere) == {document_id: 5, other_id: 0}
    assert list(archive.document_ids(anywhere)) == sorted([document_id, other_id])
    assert archive.content_of(document_id, anywhere) == b"bytes"
    assert archive.size_of(document_id, anywhere) == 5
    with pytest.raises(FileNotFoundError):
        archive.content_of("0" * 64, anywhere)
    with pytest.raises(FileNotFoundError):
        archive.size_of("0" * 64, anywhere)


def test_damage_is_seen_and_what_was_cut_short_is_mended_anywhere(anywhere: House) -> None:
    document_id, _ = archive.keep(b"bytes", anywhere)
    damage(anywhere, document_id, b"other")
    with pytest.raises(archive.DamagedError):
        archive.content_of(document_id, anywhere)
    damage(anywhere, document_id, b"byt")
    assert archive.keep(b"bytes", anywhere) == (document_id, False)
    assert archive.content_of(document_id, anywhere) == b"bytes"


def test_bytes_that_are_removed_are_gone_anywhere(anywhere: House) -> None:
    document_id, _ = archive.keep(b"bytes", anywhere)
    archive.remove(document_id, anywhere)
    archive.remove(document_id, anywhere)
    assert list(archive.document_ids(anywhere)) == []
    with pytest.raises(FileNotFoundError):
        archive.content_of(document_id, anywhere)


def test_what_is_no_document_is_not_listed(anywhere: House) -> None:
    document_id, _ = archive.keep(b"bytes", anywhere)
    folder = anywhere.archive / document_id[:2]
    (folder / ".new-left-behind").write_bytes(b"half")
    (folder / "README").write_bytes(b"a note")
    assert list(archive.document_ids(anywhere)) == [document_id]


def _die_while_keeping(house: House) -> None:
    def dies(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    os.fsync = dies
    archive.keep(b"bytes", house)


def test_a_kill_while_keeping_leaves_nothing_half(house: House) -> None:
    process = multiprocessing.get_context("spawn").Process(target=_die_while_keeping, args=(house,))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL
    assert list(archive.document_ids(house)) == []
    assert archive.keep(b"bytes", house)[1]


def test_an_object_store_is_listed_once_however_many_documents_it_holds(
    house: House, object_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = on_s3(house, "many")
    for number in range(30):
        add(house, f"{number}.txt", TEXT.replace("甲市", f"甲{number}市"))
    collect("inbox", house)
    calls = s3_calls(monkeypatch)
    assert len(archive.sizes(house)) == 30
    assert len(calls) == 1
    calls.clear()
    assert sum(len(batch.document_ids) for batch in batches(unread_document_ids(house), house)) == 30
    assert len(calls) == 2  # what is unread, and how large it is


def _keep(house: House, content: bytes) -> None:
    archive.keep(content, house)


def test_what_another_process_put_or_took_shows_at_once(house: House, object_store: str) -> None:
    house = on_s3(house, "shared")
    mine, _ = archive.keep(b"mine", house)
    assert list(archive.document_ids(house)) == [mine]  # fsspec remembers this listing
    process = multiprocessing.get_context("spawn").Process(target=_keep, args=(house, b"theirs"))
    process.start()
    process.join()
    assert process.exitcode == 0
    theirs = hashlib.sha256(b"theirs").hexdigest()
    assert archive.size_of(theirs, house) == 6
    assert archive.keep(b"theirs", house) == (theirs, False)
    boto3.client("s3").delete_object(Bucket=BUCKET, Key=f"shared/{mine[:2]}/{mine}")
    assert list(archive.document_ids(house)) == [theirs]
    with pytest.raises(FileNotFoundError):
        archive.content_of(mine, house)
    assert archive.keep(b"mine", house) == (mine, True)


def test_a_house_is_collected_read_and_published_from_an_object_store(house: House, object_store: str) -> None:
    house = on_s3(house, "whole")
    add(house, "a.txt")
    assert collect("inbox", house) == {"new": 1}
    assert collect("inbox", house) == {"unchanged": 1}
    for batch in batches(unread_document_ids(house), house):
        read_batch(batch.document_ids, house)
    assert unread_document_ids(house) == []
    load(house)
    assert rows(house, "SELECT count(*) FROM raw.lines") == [(3,)]
    build(house)
    assert publish(house)
    assert not (house.root / "archive").exists()


def test_the_environment_names_the_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, object_store: str) -> None:
    monkeypatch.setenv("JIXIAO_DATA", str(tmp_path))
    monkeypatch.delenv("JIXIAO_ARCHIVE", raising=False)
    assert House.from_environment().archive == tmp_path.resolve() / "archive"
    monkeypatch.setenv("JIXIAO_ARCHIVE", str(tmp_path / "elsewhere"))
    assert House.from_environment().archive == tmp_path.resolve() / "elsewhere"
    monkeypatch.setenv("JIXIAO_ARCHIVE", f"s3://{BUCKET}/prefix")
    house = House.from_environment()
    assert str(house.archive) == f"s3://{BUCKET}/prefix"
    assert environment(house)["JIXIAO_ARCHIVE"] == f"s3://{BUCKET}/prefix"
    assert environment(replace(house, archive_url=None))["JIXIAO_ARCHIVE"] == ""
