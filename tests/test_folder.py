"""An inbox, wherever it lies: which of its files are documents, and which need not be read again."""

from __future__ import annotations

import os
from pathlib import Path

import boto3
import pytest

from extract import archive, folder
from extract.collect import collect
from extract.known import known_addresses
from extract.orchestrate import environment
from extract.settings import House, place_at
from tests.conftest import BUCKET, s3_calls
from tests.test_unpack import zipped

OLD = 1_700_000_000


def put(house: House, name: str, text: str, changed_at: float = OLD) -> Path:
    path = Path(str(house.inbox)) / name
    path.write_text(text, encoding="utf-8")
    os.utime(path, (changed_at, changed_at))
    return path


def test_a_file_of_the_same_size_and_time_is_not_read_again_unless_forced(house: House) -> None:
    put(house, "a.txt", "one")
    assert collect("inbox", house) == {"new": 1}
    put(house, "a.txt", "two")
    assert collect("inbox", house) == {"unchanged": 1}
    assert collect("inbox", house, force=True) == {"revised": 1}
    assert len(list(archive.document_ids(house))) == 2


def test_a_file_that_changed_in_size_or_time_is_read_again(house: House) -> None:
    put(house, "a.txt", "one")
    collect("inbox", house)
    put(house, "a.txt", "two", OLD + 1)
    assert collect("inbox", house) == {"revised": 1}
    put(house, "a.txt", "three", OLD + 1)
    assert collect("inbox", house) == {"revised": 1}


def test_a_file_that_just_changed_is_read_again_whatever_its_time_says(house: House) -> None:
    path = Path(str(house.inbox)) / "a.txt"
    path.write_text("one", encoding="utf-8")
    assert collect("inbox", house) == {"new": 1}
    status = path.stat()
    path.write_text("two", encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert collect("inbox", house) == {"revised": 1}


def test_an_inbox_on_an_object_store_is_read_with_its_folders(tmp_path: Path) -> None:
    inbox = place_at("memory://jixiao-inbox")
    house = House(tmp_path / "house", inbox)
    with pytest.raises(FileNotFoundError, match="memory://jixiao-inbox does not exist"):
        collect("inbox", house)
    for name in ("2026/a.txt", "2026/.hidden", "b.txt"):
        inbox.joinpath(name).parent.mkdir(parents=True, exist_ok=True)
        inbox.joinpath(name).write_bytes(name.encode())
    assert collect("inbox", house) == {"new": 2}
    assert collect("inbox", house) == {"unchanged": 2}
    assert set(known_addresses("inbox", house)) == {"folder:2026/a.txt", "folder:b.txt"}


def test_an_inbox_in_a_bucket_is_listed_each_time_and_only_what_changed_is_fetched(
    tmp_path: Path, object_store: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_DATA", str(tmp_path / "house"))
    monkeypatch.setenv("JIXIAO_INBOX", f"s3://{BUCKET}/inbox")
    monkeypatch.setattr(folder, "_SETTLED", 0.0)  # else what was put there just now is fetched again
    house = House.from_environment()
    assert environment(house)["JIXIAO_INBOX"] == f"s3://{BUCKET}/inbox"
    bucket = boto3.client("s3")

    def put_in(name: str, content: bytes) -> None:
        bucket.put_object(Bucket=BUCKET, Key=f"inbox/{name}", Body=content)

    with pytest.raises(FileNotFoundError, match=f"s3://{BUCKET}/inbox does not exist"):
        collect("inbox", house)
    put_in("", b"")  # a name that ends in a slash is how a console makes a folder
    assert collect("inbox", house) == {}
    for name in ("空/", "2026/", "2026/a.txt", "2026/~$a.xlsx", "b c.txt", ".hidden", "全部.zip"):
        put_in(name, b"" if name.endswith("/") else zipped({"丙.txt": b"c"}) if "zip" in name else b"one")
    calls = s3_calls(monkeypatch)
    assert collect("inbox", house) == {"new": 3, "duplicate": 1}
    assert gets(calls) == ["2026/a.txt", "b c.txt", "全部.zip"]
    known = known_addresses("inbox", house)
    assert set(known) == {"folder:2026/a.txt", "folder:b c.txt", "folder:全部.zip", "folder:全部.zip#%E4%B8%99.txt"}

    calls.clear()
    assert collect("inbox", house) == {"unchanged": 4}
    assert gets(calls) == []
    assert len(calls) <= 3  # is it there, and what is in it: however many files there are

    put_in("b c.txt", b"another")
    put_in("new.txt", b"new")
    bucket.delete_object(Bucket=BUCKET, Key="inbox/2026/a.txt")
    calls.clear()
    assert collect("inbox", house) == {"unchanged": 2, "revised": 1, "new": 1}
    assert gets(calls) == ["b c.txt", "new.txt"]
    document_id = known_addresses("inbox", house)["folder:b c.txt"].document_id
    assert archive.content_of(str(document_id), house) == b"another"
    assert len(list(archive.document_ids(house))) == 5


def gets(calls: list[tuple[str, str | None]]) -> list[str]:
    return [str(key).removeprefix("inbox/") for method, key in calls if method == "get_object"]
