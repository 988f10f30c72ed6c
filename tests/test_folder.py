"""An inbox, wherever it lies: which of its files are documents, and which need not be read again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from extract import archive
from extract.collect import collect
from extract.known import known_addresses
from extract.settings import House, place_at

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
