"""Receive: what a site gives where a document stood is its revision, or no document at all."""

from __future__ import annotations

import pytest

from extract import archive
from extract.receive import Arrival, Receiver, keeping
from extract.records import Known, Listing
from extract.settings import House

URL = "http://www.yunze.gov.cn/download.do?id=1"
UNDER_REPAIR = (
    "<html><head><title>云泽市人民政府</title></head><body><table><tr><td><a href='/'>首页</a></td>"
    "<td><a href='/ys/'>部门预算及绩效目标</a></td></tr><tr><td>网站升级维护中，请稍后访问。</td></tr></table>"
)
TARGETS = "<html><table><tr><td>一级 指标</td><td>指标<br>值</td></tr><tr><td>产出</td><td>≥3</td></tr></table></html>"
PDF = b"%PDF-1.7 one"


def outcome(house: House, url: str, first: bytes, then: bytes) -> tuple[str, str | None]:
    """What came of the bytes that an address gives after others, and why."""
    listing = Listing("yunze", url)
    [before] = Receiver({}, keeping(house), 10_000, is_site=True).receive(Arrival(listing, first))
    known = Known(listing, str(before.document_id), media_type=before.media_type)
    [observation] = Receiver({url: known}, keeping(house), 10_000, is_site=True).receive(Arrival(listing, then))
    return observation.outcome, observation.message


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("url", [URL, "http://www.yunze.gov.cn/b.xls"])
def test_a_page_of_a_site_under_repair_takes_the_place_of_no_document(house: House, url: str, encoding: str) -> None:
    said, why = outcome(house, url, PDF, UNDER_REPAIR.encode(encoding))
    assert said == "refused"
    assert "where application/pdf stood, which is kept" in str(why)
    assert len(list(archive.document_ids(house))) == 1


@pytest.mark.parametrize(
    ("first", "then", "said"),
    [
        (PDF, b"%PDF-1.7 two", "revised"),
        (PDF, PDF, "unchanged"),
        (PDF, b'{"code": 500, "message": "error"}', "refused"),
        (PDF, TARGETS.encode(), "revised"),
        (PDF, TARGETS.encode("gb18030"), "revised"),
        (TARGETS.encode(), PDF, "revised"),
        (TARGETS.encode(), TARGETS.replace("3", "4").encode(), "revised"),
    ],
)
def test_what_may_be_a_revision_is_one(house: House, first: bytes, then: bytes, said: str) -> None:
    assert outcome(house, URL, first, then)[0] == said


def test_a_folder_believes_whoever_puts_files_there(house: House) -> None:
    listing = Listing("inbox", "folder:a")
    known = Known(listing, archive.keep(PDF, house)[0], media_type="application/pdf")
    receiver = Receiver({"folder:a": known}, keeping(house), 10_000, is_site=False)
    [observation] = receiver.receive(Arrival(listing, UNDER_REPAIR.encode()))
    assert observation.outcome == "revised"
