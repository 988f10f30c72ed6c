"""Reparse: what the current reader reads otherwise than what was landed, before and after it is landed."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from extract import archive
from extract.__main__ import main
from extract.collect import collect
from extract.land import SCHEMAS
from extract.load import load
from extract.orchestrate import held
from extract.pending import unread_document_ids
from extract.read_batch import read_batch
from extract.reader_version import READER_VERSION
from extract.reparse import Change, NotReparsedError, landing, read_document_ids, reparse
from extract.settings import House
from tests.test_house import TEXT, add, rows

Row = dict[str, Any]


@pytest.fixture
def read_house(house: House) -> House:
    """A house with two documents, read in one batch."""
    add(house, "a.txt")
    add(house, "b.txt", TEXT.replace("甲市", "乙市"))
    collect("inbox", house)
    read_batch(unread_document_ids(house), house)
    return house


def batches(house: House) -> list[Path]:
    return sorted((house.landing / "readings").iterdir())


def id_of(house: House, publisher: str) -> str:
    [document_id] = {
        row["document_id"]
        for folder in batches(house)
        for row in pq.read_table(folder / "documents.parquet").to_pylist()
        if row["publisher_name"] == publisher
    }
    return str(document_id)


def read_otherwise(house: House, record: str, change: Callable[[list[Row]], list[Row]]) -> None:
    """Have the landed batch hold what an earlier reader would have read."""
    [folder] = batches(house)
    path = folder / f"{record}.parquet"
    altered = change(pq.read_table(path).to_pylist())
    pq.write_table(pa.Table.from_pylist(altered, SCHEMAS[record]), path)


def by_an_earlier_version(house: House) -> None:
    for record in SCHEMAS:
        read_otherwise(house, record, lambda landed: [{**row, "reader_version": READER_VERSION - 1} for row in landed])


def with_values(document_id: str, **values: Any) -> Callable[[list[Row]], list[Row]]:
    """The first row of a document with other values."""

    def changed(landed: list[Row]) -> list[Row]:
        first = next(number for number, row in enumerate(landed) if row["document_id"] == document_id)
        return [*landed[:first], {**landed[first], **values}, *landed[first + 1 :]]

    return changed


def test_what_was_read_by_the_same_reader_does_not_change(read_house: House) -> None:
    reparsed = list(landing(reparse(read_document_ids(read_house), read_house), read_house))
    assert [(each.changes, each.is_to_land) for each in reparsed] == [((), False)] * 2
    assert {each.file_name for each in reparsed} == {"a.txt", "b.txt"}
    assert len(batches(read_house)) == 1


def test_every_kind_of_change_is_told_with_its_line_and_values(read_house: House) -> None:
    document_id = id_of(read_house, "甲市商务局")
    [folder] = batches(read_house)
    lines = [r for r in pq.read_table(folder / "lines.parquet").to_pylist() if r["document_id"] == document_id]
    first, last = lines[1], lines[2]
    read_otherwise(
        read_house,
        "lines",
        lambda landed: [
            {**row, "name": "2024年工作", "total_yuan": Decimal("1.00")}
            if row["project_line_id"] == first["project_line_id"]
            else row
            for row in landed
        ],
    )
    read_otherwise(
        read_house, "funds", lambda landed: [r for r in landed if r["project_line_id"] != last["project_line_id"]]
    )
    read_otherwise(
        read_house,
        "targets",
        lambda landed: [
            *(
                {**r, "target_value": Decimal("9.5")} if r["project_line_id"] == first["project_line_id"] else r
                for r in landed
            ),
            {
                **landed[0],
                "document_id": document_id,
                "project_line_id": last["project_line_id"],
                "component_number": 9,
            },
        ],
    )
    read_otherwise(read_house, "documents", with_values(document_id, status="partial", content_fingerprint="other"))

    [other] = reparse([id_of(read_house, "乙市商务局")], read_house)
    assert other.changes == ()
    [reparsed] = reparse([document_id], read_house)
    assert reparsed.is_to_land
    assert list(reparsed.changes) == [
        Change("documents", "changed", None, None, None, "", "status", "partial", "complete"),
        Change("lines", "changed", 1, 2, "2024年工作经费", "", "name", "2024年工作", "2024年工作经费"),
        Change("lines", "changed", 1, 2, "2024年工作经费", "", "total_yuan", Decimal(1), Decimal(100000)),
        Change("funds", "added", 1, 3, "2024年展会经费", "财政拨款 annual", None, None, "20.00"),
        Change("targets", "changed", 1, 2, "2024年工作经费", "1 annual 1", "target_value", Decimal("9.5"), Decimal(95)),
        Change("targets", "gone", 1, 3, "2024年展会经费", "1 annual 9", None, "≥95%", None),
    ]
    assert len(batches(read_house)) == 1


def test_a_place_is_told_once_and_a_message_that_changed_is_another_issue(read_house: House) -> None:
    document_id = id_of(read_house, "甲市商务局")
    read_otherwise(read_house, "indicators", with_values(document_id, locator="[]", page_number=7))
    read_otherwise(read_house, "issues", with_values(document_id, message="old words"))
    [reparsed] = reparse([document_id], read_house)
    assert [(c.record, c.kind, c.field) for c in reparsed.changes if c.record == "indicators"] == [
        ("indicators", "changed", "locator")
    ]
    issues = [c for c in reparsed.changes if c.record == "issues"]
    assert sorted(c.kind for c in issues) == ["added", "gone"]
    assert "old words" in [c.before for c in issues]


def test_a_column_that_an_earlier_version_did_not_land_was_empty(read_house: House) -> None:
    [folder] = batches(read_house)
    path = folder / "lines.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["amount_unit"]), path)
    reparsed = list(reparse(read_document_ids(read_house), read_house))
    changes = [change for each in reparsed for change in each.changes]
    assert {(c.field, c.before, c.after) for c in changes} == {("amount_unit", None, "万元")}
    assert len(changes) == 6


def test_what_is_landed_stands_in_the_warehouse_and_changes_no_more(read_house: House) -> None:
    document_id = id_of(read_house, "甲市商务局")
    read_otherwise(read_house, "lines", with_values(document_id, name="旧的读法"))
    load(read_house)
    names = "SELECT count(*) FILTER (name = '旧的读法'), count(*) FROM raw.lines"
    assert rows(read_house, names) == [(1, 6)]
    reparsed = landing(reparse(read_document_ids(read_house), read_house), read_house)
    assert sum(len(each.changes) for each in reparsed) == 1
    assert len(batches(read_house)) == 2  # of one document: the other reads as before
    load(read_house)
    assert rows(read_house, names) == [(0, 6)]
    assert [each.changes for each in reparse(read_document_ids(read_house), read_house)] == [(), ()]


def test_a_reading_of_an_earlier_version_is_landed_even_if_nothing_changes(read_house: House) -> None:
    by_an_earlier_version(read_house)
    document_ids = read_document_ids(read_house)
    assert unread_document_ids(read_house) == document_ids
    reparsed = list(landing(reparse(document_ids, read_house), read_house))
    assert [(each.landed_version, each.changes) for each in reparsed] == [(READER_VERSION - 1, ())] * 2
    assert unread_document_ids(read_house) == []
    load(read_house)
    versions = "SELECT reader_version, count(*) FROM raw.documents GROUP BY ALL ORDER BY ALL"
    assert rows(read_house, versions) == [(READER_VERSION - 1, 2), (READER_VERSION, 2)]


def test_only_what_was_read_can_be_read_again(read_house: House) -> None:
    with pytest.raises(NotReparsedError, match="holds no document 0000"):
        list(reparse(["0" * 64], read_house))
    unread, _ = archive.keep(b"never read", read_house)
    with pytest.raises(NotReparsedError, match="never read: jixiao run reads it"):
        list(reparse([unread], read_house))
    assert unread not in read_document_ids(read_house)


def test_the_command_shows_rows_lands_on_demand_and_ends_well(
    read_house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("JIXIAO_DATA", str(read_house.root))
    document_id = id_of(read_house, "甲市商务局")
    read_otherwise(read_house, "funds", with_values(document_id, amount_text="3.00", amount_yuan=Decimal("30000.00")))

    assert main(["reparse", "--all", "--json"]) == 0
    objects = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    changes = [o for o in objects if o["kind"] == "change"]
    assert changes == [
        {
            "kind": "change",
            "document_id": document_id,
            "change": "changed",
            "record": "funds",
            "table_number": 1,
            "line_number": 1,
            "line_name": "甲市商务局",
            "item": "财政拨款 annual",
            "field": field,
            "before": before,
            "after": after,
        }
        for field, before, after in [("amount_text", "3.00", "30.00"), ("amount_yuan", "30000", "300000")]
    ]
    assert sorted(o["change_count"] for o in objects if o["kind"] == "document") == [0, 2]

    assert main(["reparse", document_id]) == 0
    said = capsys.readouterr().out
    assert "2 would change" in said
    assert all(value in said for value in ("1.1", "财政拨款 annual", "amount_text", "3.00", "30.00"))
    assert "Nothing is landed: the same with --land lands 1 documents." in said
    assert len(batches(read_house)) == 1

    with held(read_house):
        assert main(["reparse", "--all", "--land"]) == 1
        assert "in use" in capsys.readouterr().err
        assert main(["reparse", "--all"]) == 0  # looking needs no lock
    capsys.readouterr()
    assert main(["reparse", document_id, "--land"]) == 0
    assert "Landed 1 documents: jixiao run loads" in capsys.readouterr().out
    assert main(["reparse", "--all"]) == 0
    assert capsys.readouterr().out.count("nothing would change") == 2
    assert main(["reparse", "0" * 64]) == 1
    assert "holds no document" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["reparse"])
