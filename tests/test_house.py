"""Archive, collect, land and load: nothing twice, nothing lost, nothing half."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from extract import archive, guard
from extract.collect import collect, failed_sources
from extract.land import land_observations, observations_folder, readings_folder
from extract.load import load
from extract.pending import batches, landed, unloaded, unread_document_ids
from extract.read_batch import hints_by_document, read_batch
from extract.reader_version import READER_VERSION
from extract.records import Listing, Observation
from extract.settings import House
from extract.sources import sources

TEXT = """项目支出绩效目标表
部门名称：甲市商务局 单位：万元
项目名称（资金使用单位）\t总计\t财政拨款\t财政专户拨款\t其他资金\t绩效目标\t绩效指标
甲市商务局\t30.00\t30.00\t\t\t\t
2024年工作经费\t10.00\t10.00\t\t\t做好工作。\t1、产出指标:完成率,年度指标值:≥95%。
2024年展会经费\t20.00\t20.00\t\t\t办好展会。\t1、产出指标:展会数,年度指标值:3-5次。
"""


def add(house: House, name: str, content: bytes | str = TEXT) -> None:
    path = house.inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)


def rows(house: House, query: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(house.warehouse), read_only=True) as warehouse:
        return warehouse.execute(query).fetchall()


def test_every_source_file_is_valid() -> None:
    assert {source.source_id for source in sources().values()} == set(sources())
    assert "inbox" in sources()


def test_bytes_are_archived_once_and_verified(house: House) -> None:
    document_id, is_new = archive.keep(b"bytes", house)
    assert is_new
    assert archive.keep(b"bytes", house) == (document_id, False)
    assert list(archive.document_ids(house)) == [document_id]
    assert archive.content_of(document_id, house) == b"bytes"

    [path] = house.archive.glob("*/*")
    path.write_bytes(b"other")
    with pytest.raises(archive.DamagedError):
        archive.content_of(document_id, house)


def test_a_file_seen_before_is_a_duplicate_and_no_new_document(house: House) -> None:
    add(house, "a.txt")
    assert collect("inbox", house) == {"new": 1}
    add(house, "below/copy of a.txt")
    add(house, ".hidden")
    add(house, "~$lock.xlsx")
    assert collect("inbox", house) == {"unchanged": 1, "duplicate": 1}
    assert len(list(archive.document_ids(house))) == 1
    load(house)
    assert rows(house, "SELECT url, outcome FROM raw.observations ORDER BY ALL") == [
        ("folder:a.txt", "new"),
        ("folder:a.txt", "unchanged"),
        ("folder:below/copy of a.txt", "duplicate"),
    ]


def test_a_house_inside_the_collected_folder_is_not_collected(tmp_path: Path) -> None:
    house = House(tmp_path / "data", tmp_path)
    add(house, "a.txt")
    assert collect("inbox", house) == {"new": 1}
    assert collect("inbox", house) == {"unchanged": 1}


def test_a_file_that_cannot_be_read_is_observed_as_failed(house: House) -> None:
    add(house, "good.txt")
    (house.inbox / "dangling.txt").symlink_to(house.inbox / "nowhere.txt")
    assert collect("inbox", house) == {"failed": 1, "new": 1}
    load(house)
    [(message,)] = rows(house, "SELECT message FROM raw.observations WHERE outcome = 'failed'")
    assert "No such file" in str(message)


def test_a_missing_folder_fails_loudly(house: House) -> None:
    house.inbox.rmdir()
    with pytest.raises(FileNotFoundError, match="does not exist"):
        collect("inbox", house)


def test_what_there_is_to_do_follows_from_state(house: House) -> None:
    add(house, "a.txt")
    collect("inbox", house)
    [document_id] = unread_document_ids(house)
    assert hints_by_document(house)[document_id].file_name == "a.txt"
    [batch] = batches(unread_document_ids(house), house)
    assert batch.document_ids == (document_id,)

    read_batch(batch.document_ids, house)
    assert unread_document_ids(house) == []
    assert len(unloaded(house)) == 2
    assert load(house) == 2
    assert unloaded(house) == []
    assert load(house) == 0


def test_what_landed_is_told_in_its_order_however_quickly_it_landed(house: House) -> None:
    urls = [f"folder:{number}.txt" for number in range(20)]
    for url in urls:
        land_observations("inbox", [Observation(Listing("inbox", url), "failed", datetime.now(UTC))], house)
    found = [pq.read_table(path)["url"][0].as_py() for path in landed(observations_folder(house))]
    assert found == urls
    add(house, "a.txt")
    collect("inbox", house)
    read = [read_batch(tuple(archive.document_ids(house)), house) for _ in range(5)]
    assert [path.name for path in landed(readings_folder(house))] == read


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_addresses_that_gave_the_same_the_first_names_the_file(house: House, order: tuple[int, int]) -> None:
    document_id, _ = archive.keep(b"bytes", house)
    found = [
        Observation(Listing("s", f"http://x/{name}", title), "new", datetime.now(UTC), document_id)
        for name, title in [("a.pdf", "2026年部门预算"), ("b.pdf", "2025年部门预算")]
    ]
    land_observations("s", [found[place] for place in order], house)
    hints = hints_by_document(house)[document_id]
    assert (hints.file_name, hints.listing_title) == ("a.pdf", "2026年部门预算")


def test_loading_the_same_reading_again_changes_nothing(house: House) -> None:
    add(house, "a.txt")
    collect("inbox", house)
    for _ in range(2):
        read_batch(tuple(archive.document_ids(house)), house)
    load(house)
    assert rows(house, "SELECT count(*), count(DISTINCT project_line_id) FROM raw.lines") == [(3, 3)]
    assert rows(house, "SELECT DISTINCT reader_version FROM raw.lines") == [(READER_VERSION,)]
    assert rows(house, "SELECT count(*) FROM raw.targets") == [(2,)]


def test_raw_keeps_what_is_printed_and_where(house: House) -> None:
    add(house, "a.txt")
    collect("inbox", house)
    read_batch(tuple(archive.document_ids(house)), house)
    load(house)
    [(text, unit, locator)] = rows(
        house, "SELECT total_text, amount_unit, locator FROM raw.lines WHERE name = '2024年展会经费'"
    )
    assert (text, unit, json.loads(str(locator))) == ("20.00", "万元", [{"first_line": 6, "last_line": 6}])
    assert rows(house, "SELECT target_text, comparator, target_value, target_value_upper, unit FROM raw.targets") == [
        ("≥95%", ">=", 95, None, "%"),
        ("3-5次", "between", 3, 5, "次"),
    ]


def test_a_document_that_makes_the_reader_fail_costs_only_itself(
    house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    add(house, "a.txt")
    add(house, "b.txt", TEXT.replace("甲市", "乙市"))
    add(house, "c.txt", "evil: segfault")
    collect("inbox", house)
    monkeypatch.setattr(guard, "READER", "tests.hostile_reader:document_of")  # it fails on 乙市, and dies of evil texts
    read_batch(tuple(archive.document_ids(house)), house)
    load(house)
    assert rows(house, "SELECT status FROM raw.documents ORDER BY ALL") == [("complete",), ("refused",), ("refused",)]
    assert rows(house, "SELECT code FROM raw.issues WHERE severity = 'error' ORDER BY ALL") == [
        ("reader_died",),
        ("reader_failed",),
    ]
    # what a task's log shows: which document, and why
    assert re.search(r"jixiao \| \d/3 c\.txt: refused: The process that reads died of SIGSEGV", caplog.text)
    assert re.search(r"jixiao \| \d/3 b\.txt: refused: The reader failed: ZeroDivisionError", caplog.text)


def test_a_batch_that_takes_too_long_lands_what_it_read(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    add(house, "a.txt")
    add(house, "b.txt", TEXT.replace("甲市", "乙市"))
    collect("inbox", house)
    monkeypatch.setattr("extract.read_batch.LONGEST_SECONDS", 0.0)
    assert read_batch(tuple(archive.document_ids(house)), house) is None
    assert len(unread_document_ids(house)) == 2
    monkeypatch.undo()
    read_batch(unread_document_ids(house), house)
    assert unread_document_ids(house) == []


def test_bytes_that_cannot_be_had_now_stay_unread(house: House) -> None:
    add(house, "a.txt")
    add(house, "b.txt", TEXT.replace("甲市", "乙市"))
    collect("inbox", house)
    damaged, _ = sorted(archive.document_ids(house))
    [path] = [path for path in house.archive.glob("*/*") if path.name == damaged]
    content = path.read_bytes()
    path.write_bytes(b"damaged on disk")
    read_batch(tuple(archive.document_ids(house)), house)
    assert unread_document_ids(house) == [damaged]
    path.write_bytes(content)
    read_batch(unread_document_ids(house), house)
    assert unread_document_ids(house) == []


def test_a_number_that_fits_no_column_costs_nothing_else(house: House) -> None:
    add(house, "a.txt", TEXT.replace("30.00\t30.00", "440100210000000123456\t30.00"))
    add(house, "b.txt", TEXT.replace("甲市", "乙市"))
    collect("inbox", house)
    read_batch(tuple(archive.document_ids(house)), house)
    load(house)
    assert rows(house, "SELECT status FROM raw.documents ORDER BY ALL") == [("complete",), ("partial",)]
    codes = {code for (code,) in rows(house, "SELECT code FROM raw.issues WHERE severity = 'error'")}
    assert codes == {"unread_amount", "unbalanced_sum"}


def test_names_that_are_no_utf_8_are_collected(house: House) -> None:
    (house.inbox / os.fsdecode("绩效目标.txt".encode("gb18030"))).write_text(TEXT, encoding="utf-8")
    assert collect("inbox", house) == {"new": 1}
    assert collect("inbox", house) == {"unchanged": 1}
    assert len(unread_document_ids(house)) == 1


def test_a_source_fails_when_nothing_but_failures_landed(house: House) -> None:
    since = datetime.now(UTC) - timedelta(seconds=1)  # a file's time is that of the kernel's last tick
    assert failed_sources(["inbox"], since, house) == ["inbox"]
    collect("inbox", house)
    assert failed_sources(["inbox"], since, house) == []  # an empty folder is no failure
    later = datetime.now(UTC) + timedelta(seconds=1)
    time.sleep(1.1)
    (house.inbox / "dangling.txt").symlink_to(house.inbox / "nowhere.txt")
    collect("inbox", house)
    assert failed_sources(["inbox"], later, house) == ["inbox"]


def test_batches_are_parted_by_bytes_and_lose_no_document(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("extract.pending.BATCH_BYTES", 3000)
    for number in range(20):
        add(house, f"{number}.bin", bytes([number]) * 1000)
    collect("inbox", house)
    planned = batches(unread_document_ids(house), house)
    assert [len(batch.document_ids) for batch in planned] == [3] * 6 + [2]
    assert sorted(i for batch in planned for i in batch.document_ids) == list(archive.document_ids(house))


@pytest.mark.parametrize(
    ("documents", "most_bytes"),
    [(10, 100), (400, 400), (2_000, 1_000), (10_000, 2_000)],
    ids=["of a size", "larger", "no larger than a task can read", "as many as there may be"],
)
def test_batches_grow_with_what_there_is_to_read(
    house: House, monkeypatch: pytest.MonkeyPatch, documents: int, most_bytes: int
) -> None:
    monkeypatch.setattr("extract.pending.BATCH_BYTES", 100)
    monkeypatch.setattr("extract.pending.LARGEST_BATCH_BYTES", 1_000)
    sizes = {f"{number:05d}": 100 for number in range(documents)}
    monkeypatch.setattr("extract.archive.sizes", lambda _: sizes)
    planned = batches(sizes, house)
    assert [i for batch in planned for i in batch.document_ids] == list(sizes)
    assert {100 * len(batch.document_ids) for batch in planned[:-1]} == {most_bytes}


def _die_while_landing(house: House) -> None:
    real = pq.write_table

    def dies(table: object, path: Path) -> None:
        if Path(path).name == "funds.parquet":
            os.kill(os.getpid(), signal.SIGKILL)
        real(table, path)

    pq.write_table = dies
    read_batch(tuple(archive.document_ids(house)), house)


def test_a_batch_killed_while_landing_leaves_nothing_half(house: House) -> None:
    add(house, "a.txt")
    collect("inbox", house)
    process = multiprocessing.get_context("spawn").Process(target=_die_while_landing, args=(house,))
    process.start()
    process.join()
    assert process.exitcode == -9
    assert len(unread_document_ids(house)) == 1
    load(house)
    assert rows(house, "SELECT count(*) FROM raw.lines") == [(0,)]
    read_batch(tuple(archive.document_ids(house)), house)
    load(house)
    assert rows(house, "SELECT count(*) FROM raw.lines") == [(3,)]
