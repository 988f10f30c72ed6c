"""Tables of transfers are known by their headings, in whatever format; tables that hold transfers, too, are not."""

from __future__ import annotations

import pytest

from extract.document import document_of
from extract.records import Document
from tests import printing
from tests.printing import table
from tests.test_variations import HEAD, ONE, TWO, UNIT_ROW, WIDTHS

PRINTERS: dict[str, printing.Printer] = {
    "pdf": printing.pdf,
    "xlsx": printing.xlsx,
    "docx": printing.docx_of,
    "text": printing.text,
}
OWN = "项目支出绩效目标表"
GIVEN = "市对区转移支付项目绩效目标表"
BODY = "部门名称：云泽市商务局 单位：万元"


def rows(*lines: str) -> list[list[str]]:
    return [line.split("\t") for line in lines]


def two_tables(first: str, second: str) -> list[printing.Table]:
    return [
        table([first, BODY], WIDTHS, rows(HEAD, UNIT_ROW.replace("30", "10"), ONE), 1),
        table([second, BODY], WIDTHS, rows(HEAD, UNIT_ROW.replace("30", "20"), TWO), 1),
    ]


def headings(document: Document) -> dict[str, str | None]:
    return {line.name: line.transfer_heading for line in document.lines if line.level == "project"}


@pytest.mark.parametrize("name", PRINTERS)
def test_a_heading_of_transfers_holds_until_the_next(name: str) -> None:
    written = PRINTERS[name](two_tables(OWN, GIVEN))
    assert headings(document_of(written)) == {"2024年工作经费": None, "2024年展会经费": GIVEN}
    written = PRINTERS[name](two_tables(GIVEN, OWN))
    assert headings(document_of(written)) == {"2024年工作经费": GIVEN, "2024年展会经费": None}


@pytest.mark.parametrize(
    ("heading", "is_of_transfers"),
    [
        ("转移支付绩效目标表", True),
        ("表14 对下转移支付绩效目标表", True),
        ("2026年省对市县转移支付项目支出绩效目标申报表", True),
        ("项目支出绩效目标表（含转移支付项目）", False),
        ("项目支出及转移支付绩效目标表", False),
        ("转移支付和项目支出绩效目标表", False),
        ("项目支出绩效目标表", False),
    ],
)
def test_only_headings_that_speak_of_transfers_alone_are_theirs(heading: str, is_of_transfers: bool) -> None:
    [document] = [document_of(printing.pdf(two_tables(heading, heading)))]
    assert {said is not None for said in headings(document).values()} == {is_of_transfers}


def test_a_list_of_contents_is_no_heading() -> None:
    contents = table(["目录", f"一、{OWN}", f"二、{GIVEN}"], (400,), [["本目录列出全部表格"]])
    plain = two_tables("附表一", "附表二")
    document = document_of(printing.pdf([contents, *plain]))
    assert set(headings(document).values()) == {None}
    assert len(headings(document)) == 2
