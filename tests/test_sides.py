"""Side by side: an earlier reading or revision beside the current one, with what differs and nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape

import pyarrow.parquet as pq
import pytest
from fastapi.testclient import TestClient

from demo.publications import REVISION_YUAN_WAN, of_city
from extract import archive
from extract.build import build
from extract.land import land_observations
from extract.load import load
from extract.pending import unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.reader_version import READER_VERSION
from extract.records import Listing, Observation
from extract.reparse import landing, reparse
from extract.settings import House
from extract.view.sides import Pair, counted, earlier_readings, newest_reading, pairs
from tests.test_pipeline import rows
from tests.test_reparse import by_an_earlier_version, read_otherwise
from tests.test_view import EVIL, view_of

START = datetime(2026, 1, 1, tzinfo=UTC)
HTML = {"Accept": "text/html"}
TABLE = """2026年项目支出绩效目标表{0}
部门名称：云泽市商务局\t单位：万元
项目名称（资金使用单位）\t总计\t财政拨款\t财政专户拨款\t其他资金\t绩效目标\t绩效指标
云泽市商务局\t10.00\t10.00\t\t\t\t
工作经费{0}\t10.00\t10.00\t\t\t目标{0}\t1、1-产出指标；11-数量指标；活动{0}；实施周期指标值:≥1次；年度指标值:≥1次。"""


def observe(house: House, name: str, day: int, content: bytes) -> str:
    """What the one address of a name gave on a day, archived and landed."""
    document_id, _ = archive.keep(content, house)
    listing = Listing("s", f"https://example.gov.cn/{name}", "预算", None)
    observed = Observation(listing, "revised" if day else "new", START + timedelta(days=day), document_id)
    land_observations("s", [observed], house)
    return document_id


@pytest.fixture(scope="module")
def twice(tmp_path_factory: pytest.TempPathFactory) -> tuple[House, dict[str, str]]:
    """A house with a PDF and a text that were revised, each revision read by an earlier reader, too, and otherwise."""
    folder = tmp_path_factory.mktemp("sides")
    (folder / "inbox").mkdir()
    house = House(folder / "house", folder / "inbox")
    pdf = of_city("yunze-commerce-2026.pdf")
    ids = {
        "pdf_old": observe(house, "a.pdf", 0, pdf.content()),
        "pdf": observe(house, "a.pdf", 1, replace(pdf, edition=2).content()),
        "text_old": observe(house, "b.txt", 0, TABLE.format("").encode()),
        "text": observe(house, "b.txt", 1, TABLE.format(EVIL).encode()),
    }
    read_batch(unread_document_ids(house), house)
    by_an_earlier_version(house)
    read_wrongly(house, ids["pdf"])
    for _ in landing(reparse([ids["pdf"], ids["text"]], house), house):
        pass
    load(house)
    build(house)
    publish(house)
    return house, ids


def read_wrongly(house: House, document_id: str) -> None:
    """An earlier reader missed a project's line, read another's total wrongly, and a target of the first."""
    [folder] = (house.landing / "readings").iterdir()
    lines = pq.read_table(folder / "lines.parquet").to_pylist()
    projects = [row for row in lines if row["document_id"] == document_id and row["level"] == "project"]
    wrong, missed = (row["project_line_id"] for row in projects[:2])
    for record in ("lines", "funds", "indicators", "targets"):
        read_otherwise(house, record, lambda landed: [row for row in landed if row["project_line_id"] != missed])
    read_otherwise(
        house,
        "lines",
        lambda landed: [
            {**row, "total_yuan": Decimal("7.00")} if row["project_line_id"] == wrong else row for row in landed
        ],
    )
    read_otherwise(
        house,
        "targets",
        lambda landed: [
            {**row, "target_text": "≥77次"}
            if (row["project_line_id"], row["indicator_position"]) == (wrong, 1)
            else row
            for row in landed
        ],
    )


def compared(twice: tuple[House, dict[str, str]], earlier: str, version: int, current: str) -> list[Pair]:
    house, ids = twice
    readings = earlier_readings(house, ids[current])
    [reading] = [one for one in readings if (one["document_id"], one["reader_version"]) == (ids[earlier], version)]
    return pairs(house, reading, newest_reading(house, ids[current]))


def test_earlier_readings_and_what_was_replaced_are_offered(twice: tuple[House, dict[str, str]]) -> None:
    house, ids = twice
    offered = [(one["document_id"], one["reader_version"]) for one in earlier_readings(house, ids["pdf"])]
    assert offered == [(ids["pdf"], READER_VERSION - 1), (ids["pdf_old"], READER_VERSION - 1)]
    assert earlier_readings(house, ids["pdf_old"]) == []
    client = TestClient(view_of(house))
    page = client.get(f"/documents/{ids['pdf']}").text
    assert f"/documents/{ids['pdf']}/sides" in page
    assert "/sides" not in client.get(f"/documents/{ids['pdf_old']}").text
    for parameters in ({}, {"earlier": ids["pdf_old"]}, {"version": READER_VERSION - 1}):
        assert client.get(f"/documents/{ids['pdf']}/sides", params=parameters).status_code == 200
    for parameters in ({"earlier": ids["text_old"]}, {"version": READER_VERSION}, {"earlier": "0" * 64}):
        refused = client.get(f"/documents/{ids['pdf']}/sides", params=parameters, headers=HTML)
        assert (refused.status_code, "找不到" in refused.text) == (404, True)
    assert client.get(f"/documents/{ids['pdf_old']}/sides").status_code == 404


def test_two_readings_differ_in_what_was_read_otherwise(twice: tuple[House, dict[str, str]]) -> None:
    house, ids = twice
    some = compared(twice, "pdf", READER_VERSION - 1, "pdf")
    lines = rows(
        house.published,
        "SELECT project_line_id, project_name, total_yuan FROM marts.fct_project_budgets"
        f" WHERE document_id = '{ids['pdf']}' ORDER BY table_number, line_number LIMIT 2",
    )
    (wrong, _, total), (missed, name, _) = lines
    changed = {pair.key: pair for pair in some if pair.mark == "changed"}
    assert set(changed) == {f"line:{wrong}", f"indicator:{wrong}:1"}
    [difference] = changed[f"line:{wrong}"].differences
    assert (difference.name, difference.earlier, difference.current) == (
        *("金额（元）", [(True, "7.00")], [(True, f"{total:,}")]),
    )
    told = {one.name for one in changed[f"indicator:{wrong}:1"].differences}
    assert told
    assert told <= {"年度指标值", "实施周期指标值"}
    added = [pair for pair in some if pair.mark == "added"]
    assert added[0].current is not None
    assert (added[0].key, added[0].current.said["名称"]) == (f"line:{missed}", name)
    assert all(missed in pair.key for pair in added)
    assert {pair.item.kind for pair in added} == {"line", "fund", "indicator"}
    assert [pair for pair in some if pair.mark == "gone"] == []
    counts = counted(some)
    assert counts["line", "same"] == counted_lines(house, ids["pdf"]) - 2


def counted_lines(house: House, document_id: str) -> int:
    sql = "SELECT count(*) FROM history.readings INNER JOIN history.reading_lines USING (document_id, reader_version)"
    [(count,)] = rows(house.published, f"{sql} WHERE is_newest AND document_id = '{document_id}'")
    return int(count)


def test_a_revision_differs_in_what_was_revised(twice: tuple[House, dict[str, str]]) -> None:
    differing = [pair for pair in compared(twice, "pdf_old", READER_VERSION - 1, "pdf") if pair.mark != "same"]
    assert {(pair.item.kind, pair.mark) for pair in differing} == {("line", "changed"), ("fund", "changed")}
    by_level = {}
    for pair in differing:
        assert pair.earlier is not None
        assert pair.current is not None
        amounts = [float(item.said["金额"].replace(",", "")) for item in (pair.earlier, pair.current)]
        assert amounts[1] - amounts[0] == pytest.approx(float(REVISION_YUAN_WAN))
        assert {one.name for one in pair.differences} == {"金额", "金额（元）"}
        if pair.item.kind == "line":
            by_level[pair.item.said["层级"]] = pair.item.title
    assert set(by_level) >= {"单位", "项目"}


def test_both_pages_are_shown_with_what_differs_outlined(twice: tuple[House, dict[str, str]]) -> None:
    house, ids = twice
    client = TestClient(view_of(house))
    address = f"/documents/{ids['pdf']}/sides"
    some = compared(twice, "pdf_old", READER_VERSION - 1, "pdf")
    pair = next(pair for pair in some if pair.mark == "changed" and pair.item.kind == "fund")
    text = client.get(address, params={"earlier": ids["pdf_old"], "at": pair.key}).text
    for side, item in (("pdf_old", pair.earlier), ("pdf", pair.current)):
        assert item is not None
        assert f"/documents/{ids[side]}/pages/{item.parts[0]['page_number']}.png" in text
        x0, top, *_ = item.parts[0]["bbox"]
        assert f'<rect class="changed chosen" x="{x0}" y="{top}"' in text
    assert len(re.findall('id="chosen"', text)) == 1
    for picture in set(re.findall(r'<image href="([^"]*)"', text)):
        assert client.get(unescape(picture)).headers["content-type"] == "image/png"
    turned = client.get(address, params={"earlier": ids["pdf_old"], "page": 2, "earlier_page": 1}).text
    assert f"/documents/{ids['pdf']}/pages/2.png" in turned
    assert f"/documents/{ids['pdf_old']}/pages/1.png" in turned
    assert client.get(address, params={"page": 9999}).status_code == 200


def test_text_of_either_side_is_never_markup(twice: tuple[House, dict[str, str]]) -> None:
    house, ids = twice
    client = TestClient(view_of(house))
    for parameters in ({"earlier": ids["text_old"]}, {"earlier": ids["text"]}, {"at": EVIL}):
        text = client.get(f"/documents/{ids['text']}/sides", params=parameters).text
        assert "onerror" in text or "earlier" not in parameters or parameters["earlier"] == ids["text"]
        assert "<script" not in text
        assert "<img" not in text
    gone_and_come = client.get(f"/documents/{ids['text']}/sides", params={"earlier": ids["text_old"]}).text
    assert "工作经费&lt;script&gt;" in gone_and_come
    assert "没有页面图像" in gone_and_come
