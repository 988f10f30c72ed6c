"""Workbooks: what their sheets print is read, what they hide or have not computed is said, none takes minutes."""

from __future__ import annotations

import io
import json
import re
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
import xlwt

from extract import archive
from extract.document import document_of
from extract.land import locator_json
from extract.readers import read
from extract.readers.number_format import BUILT_IN, printed_number, printed_text
from extract.records import Document
from extract.settings import House
from extract.show import NotShownError, Place, picture
from tests import printing
from tests.printing import table
from tests.test_variations import BODY, BOTH, FIRST, HEADING, SECOND, errors, projects

LISTED = table(("项目支出绩效目标表", "部门名称：云泽市商务局    单位：万元"), [60] * 7, [HEADING, BODY, FIRST, SECOND])
FIRST_ROW = 5  # of the projects: below two lines, the heading and the unit's row


def changed(change: Callable[[openpyxl.Workbook], object], tables: tuple[printing.Table, ...] = (LISTED,)) -> bytes:
    """The list as a workbook that somebody went on working with."""
    book = openpyxl.load_workbook(io.BytesIO(printing.xlsx(tables)))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def with_parts(content: bytes, **parts: Callable[[str], str]) -> bytes:
    """A package with some of its parts written anew; their names end as the keywords do."""
    buffer = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            text = old.read(name)
            change = next((c for key, c in parts.items() if name.endswith(f"{key}.xml")), None)
            new.writestr(name, change(text.decode()).encode() if change else text)
    return buffer.getvalue()


def codes(document: Document) -> set[str]:
    return {issue.code for issue in document.issues}


@pytest.mark.parametrize(
    ("value", "number_format", "printed"),
    [
        (1234.5, "#,##0.00", "1,234.50"),
        (1234567.891, BUILT_IN[43], "1,234,567.89"),
        (-1234.5, BUILT_IN[43], "-1,234.50"),
        (0.0, BUILT_IN[43], "-"),
        (0.95, "0%", "95%"),
        (0.955, "0.0%", "95.5%"),
        (1234.5, "General", "1234.5"),
        (0.1 + 0.2, "General", "0.3"),
        (12345678901.12, "General", "12345678901.12"),
        (1.005, "0.00", "1.01"),
        (-0.001, "0.00", "0.00"),
        (0.0, "0;-0;;@", ""),
        (-5.0, "0_);[Red](0)", "(5)"),
        (12.0, "000", "012"),
        (0.5, "0.##", "0.5"),
        (0.5, "#.00", ".50"),
        (3.0, '0"个"', "3个"),
        (95.0, '"≥"0"%"', "≥95%"),
        (95.0, "≥General", "≥95"),
        (123456.0, "0!.0,", "12.3"),
        (1234567.5, "#,##0.00,", "1,234.57"),
        (12.0, "[$¥-804]#,##0.00", "¥12.00"),
        (2.0, '[>=1]0"万";0.0"元"', "2万"),
        (46000.0, 'yyyy"年"m"月"d"日"', "2025年12月9日"),
        (46000.0, "yyyy/m/d;@", "2025/12/9"),
        (46000.5, "h:mm", "12:00"),
        (1.5, "[h]:mm", "36:00"),
        (5.0, "@", "5"),
    ],
)
def test_a_number_is_read_as_its_format_prints_it(value: float, number_format: str, printed: str) -> None:
    assert printed_number(value, number_format) == printed


def test_a_text_has_its_section_of_a_format() -> None:
    assert printed_text("甲", '0;-0;0;"项目"@') == "项目甲"
    assert printed_text("甲", "#,##0.00") == "甲"


@pytest.mark.parametrize("printer", [printing.xlsx, printing.xls])
def test_a_fact_has_its_place_in_a_sheet(printer: printing.Printer) -> None:
    document = document_of(printer([LISTED]))
    line = document.lines[1]
    assert (document.status, projects(document)) == ("complete", BOTH)
    [part] = line.locator
    assert (part.page_number, part.bbox, part.row, part.column, part.last_row, part.last_column) == (
        (None, None, FIRST_ROW, 1, FIRST_ROW, 7)
    )
    assert (line.funds[0].locator[0].row, line.funds[0].locator[0].column) == (FIRST_ROW, 3)
    assert line.indicators[0].locator[0].column == 7
    assert part.sheet in ("Sheet", "Sheet1")
    assert document.page_count is None


def test_an_issue_says_where_in_the_sheet_it_stands() -> None:
    def spoil(book: openpyxl.Workbook) -> None:
        book.active.cell(FIRST_ROW, 2).value = "拾万"

    document = document_of(changed(spoil))
    [issue] = [issue for issue in document.issues if issue.code == "unread_amount"]
    assert (issue.page_number, issue.bbox) == (None, None)
    assert issue.message.endswith(f"(sheet “Sheet”, A{FIRST_ROW}:G{FIRST_ROW})")


def test_show_tells_place_and_text_where_no_page_can_be_pictured(house: House, tmp_path: Path) -> None:
    for printer, where in (
        (printing.xlsx, f"sheet “Sheet”, A{FIRST_ROW}:G{FIRST_ROW}"),
        (printing.docx_of, "table 1, row 3"),
    ):
        document_id, _ = archive.keep(printer([LISTED]), house)
        line = document_of(archive.content_of(document_id, house)).lines[1]
        place = Place(document_id, json.loads(locator_json(line.locator)))
        with pytest.raises(NotShownError) as told:
            picture(place, house, tmp_path / "picture.png")
        assert where in str(told.value)
        assert "2024年工作经费 | 10.00 | 10.00 | 做好工作。" in str(told.value)


def test_hidden_rows_columns_and_sheets_are_not_read_and_said_to_be_there() -> None:
    def hide_row(book: openpyxl.Workbook) -> None:
        book.active.row_dimensions[FIRST_ROW].hidden = True

    def hide_column(book: openpyxl.Workbook) -> None:
        book.active.column_dimensions["F"].hidden = True

    def hide_sheet(book: openpyxl.Workbook) -> None:
        book.active.sheet_state = "hidden"
        book.create_sheet("说明")["A1"] = "见附件"
        book.active = 1

    document = document_of(changed(hide_row))
    assert [name for name, *_ in projects(document)] == ["2024年展会经费"]
    assert "hidden_text" in codes(document)
    document = document_of(changed(hide_column))
    assert {line.goal for line in document.lines} == {None}  # without 绩效目标 it is a list of no known layout
    assert {"hidden_text", "read_by_headings"} <= codes(document)
    document = document_of(changed(hide_sheet))
    assert (document.lines, document.status) == ((), "complete")
    assert {"hidden_text", "no_targets_table"} <= codes(document)


def test_a_merged_cell_whose_first_row_is_hidden_shows_its_text_in_the_next() -> None:
    heading = "项目名称 年度资金总额 一级指标 二级指标 三级指标 指标值".split()
    rows = [
        heading,
        ["甲项目", "30.00", "产出指标", "数量指标", "次数", "3次"],
        ["^", "^", "^", "^", "人数", "5人"],
        ["^", "^", "^", "^", "场数", "7场"],
    ]
    listed = table(("项目支出绩效目标表", "单位：万元"), [60] * 6, rows, heading=1)

    def hide(book: openpyxl.Workbook) -> None:
        book.active.row_dimensions[4].hidden = True

    [line] = document_of(changed(hide, (listed,))).lines
    assert (line.name, line.total_text) == ("甲项目", "30.00")
    assert [(i.level_1, i.level_2, i.name) for i in line.indicators] == [
        ("产出指标", "数量指标", "人数"),
        ("产出指标", "数量指标", "场数"),
    ]


def test_a_formula_is_its_value_and_without_one_an_error() -> None:
    def compute(book: openpyxl.Workbook) -> None:
        for column in "BC":
            book.active[f"{column}4"] = f"=SUM({column}5:{column}6)"

    content = changed(compute)
    document = document_of(content)
    assert {"uncomputed_formula", "unread_amount"} <= errors(document)
    assert document.status == "partial"
    computed = with_parts(content, sheet1=lambda text: re.sub("<v ?/>|<v></v>", "<v>30</v>", text))
    document = document_of(computed)
    assert (document.status, projects(document)) == ("complete", BOTH)
    assert document.lines[0].total_text == "30.00"


def test_zeros_that_a_sheet_does_not_show_are_not_printed() -> None:
    def fill(book: openpyxl.Workbook) -> None:
        for row in (4, 5, 6):
            book.active.cell(row, 4).value = 0
        book.active.sheet_view.showZeros = False

    document = document_of(changed(fill))
    assert [fund.amount_text for line in document.lines for fund in line.funds] == ["30.00", "10.00", "20.00"]


def test_a_list_goes_on_on_the_next_sheet() -> None:
    first = table(("项目支出绩效目标表", "部门名称：云泽市商务局    单位：万元"), [60] * 7, [HEADING, BODY, FIRST])
    second = table((), [60] * 7, [HEADING, SECOND])
    document = document_of(printing.one_sheet_each([first, second]))
    assert (document.status, projects(document)) == ("complete", BOTH)
    assert [line.locator[0].sheet for line in document.lines] == ["Sheet", "Sheet", "表2"]
    assert {line.table_number for line in document.lines} == {1}


def test_a_million_empty_formatted_rows_cost_seconds() -> None:
    empty = "".join(f'<row r="{row}"><c r="B{row}" s="1"/></row>' for row in range(10, 1_000_000))
    content = with_parts(
        printing.xlsx([LISTED]), sheet1=lambda text: text.replace("</sheetData>", empty + "</sheetData>")
    )
    start = time.process_time()
    document = document_of(content)
    assert projects(document) == BOTH
    assert time.process_time() - start < 30


def test_text_at_a_sheets_far_end_makes_no_grid_in_between() -> None:
    def write(book: openpyxl.Workbook) -> None:
        book.active["XFD1048576"] = "完"

    assert projects(document_of(changed(write))) == BOTH


def test_what_would_take_too_much_is_refused() -> None:
    plain = printing.xlsx([LISTED])
    bomb = with_parts(plain, styles=lambda text: text + " " * 70_000_000)
    cells = "".join(f"<row>{'<c><v>1</v></c>' * 1000}</row>" for _ in range(301))
    crowd = with_parts(plain, sheet1=lambda text: text.replace("</sheetData>", cells + "</sheetData>"))
    for content in (bomb, crowd):
        document = document_of(content)
        assert (document.status, document.issues[0].code) == ("refused", "too_complex")


def test_entities_are_refused() -> None:
    declaration = '<!DOCTYPE workbook [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    content = with_parts(printing.xlsx([LISTED]), workbook=lambda text: declaration + text)
    assert document_of(content).issues[0].code == "corrupt"


def test_damaged_workbooks_are_refused() -> None:
    plain, old = printing.xlsx([LISTED]), printing.xls([LISTED])
    broken = with_parts(plain, sheet1=lambda text: text[: len(text) // 2])
    start = old.index(b"\x09\x08", 512)  # where the sheets' records begin
    for content in (plain[: len(plain) // 2], broken, old[:start] + b"\x07" * 64 + old[start + 64 :]):
        document = document_of(content)
        assert (document.status, document.issues[0].code) == ("refused", "corrupt"), document.issues


def renamed_stream(name: str) -> bytes:
    """An OLE storage whose stream has another name: what sorts old Office files from encrypted ones."""
    entry = "Workbook".encode("utf-16-le").ljust(64, b"\x00") + (18).to_bytes(2, "little")
    other = name.encode("utf-16-le").ljust(64, b"\x00") + (2 * len(name) + 2).to_bytes(2, "little")
    content = printing.xls([LISTED])
    assert content.count(entry) == 1
    return content.replace(entry, other)


def test_other_office_files_are_refused_by_what_they_are() -> None:
    refusals = {
        "EncryptedPackage": ("encrypted", "password"),
        "WordDocument": ("unknown_kind", "DOCX"),
    }
    for stream, (code, word) in refusals.items():
        [issue] = document_of(renamed_stream(stream)).issues
        assert issue.code == code
        assert word in issue.message + issue.what_to_do
    xml = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
    xml += '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>'
    [issue] = document_of(xml.encode()).issues
    assert (issue.code, "XLSX" in issue.what_to_do) == ("unknown_kind", True)


def test_html_under_the_name_of_a_workbook_is_read() -> None:
    document = document_of(printing.as_sheets_are_saved([LISTED]))
    assert (document.media_type, document.status, projects(document)) == ("text/html", "complete", BOTH)


def test_old_workbooks_hide_rows_too() -> None:
    book = xlwt.Workbook()
    sheet = book.add_sheet("表")
    for row, texts in enumerate((["项目支出绩效目标表"], HEADING, BODY, FIRST, SECOND)):
        for column, text in enumerate(texts):
            sheet.write(row, column, text)
    sheet.row(3).hidden = True
    buffer = io.BytesIO()
    book.save(buffer)
    document = document_of(buffer.getvalue())
    assert [name for name, *_ in projects(document)] == ["2024年展会经费"]
    assert "hidden_text" in codes(document)


def test_tables_without_an_empty_row_between_them_are_told_by_their_rules(tmp_path: Path) -> None:
    def close_up(book: openpyxl.Workbook) -> None:
        book.active.delete_rows(FIRST_ROW + 2)

    content = changed(close_up, (LISTED, LISTED))
    assert len(read(content).pages) == 2
    assert {line.table_number for line in document_of(content).lines} == {1}
