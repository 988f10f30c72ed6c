"""DOCX and HTML: tables and lines in their order, whatever frames, boxes, lists and encodings they stand in."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pytest
from docx.document import Document as Docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from extract.document import document_of
from extract.readers import read
from tests import printing
from tests.printing import table
from tests.test_spreadsheets import LISTED, codes, with_parts
from tests.test_variations import BODY, BOTH, FIRST, HEADING, SECOND, errors, projects


def changed(change: Callable[[Docx], object], tables: tuple[printing.Table, ...] = (LISTED,)) -> bytes:
    document = docx.Document(io.BytesIO(printing.docx_of(tables)))
    change(document)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def lines(content: bytes) -> list[str]:
    return [line.text for page in read(content).pages for line in page.lines]


def cells(content: bytes) -> list[list[str | None]]:
    [grid] = [grid for page in read(content).pages for grid in page.grids]
    return [[cell and cell.text for cell in row] for row in grid.rows]


# --- DOCX --------------------------------------------------------------------------------------------------------


def test_a_fact_has_its_place_in_a_table() -> None:
    other = table(("收支总表",), [60, 60], [["收入", "10.00"], ["支出", "10.00"]])
    document = document_of(printing.docx_of([other, LISTED]))
    [part] = document.lines[1].locator
    assert (part.page_number, part.bbox, part.sheet, part.table) == (None, None, None, 2)
    assert (part.row, part.column, part.last_row, part.last_column) == (3, 1, 3, 7)


def test_an_issue_says_in_which_table_it_stands() -> None:
    def spoil(document: Docx) -> None:
        document.tables[0].cell(2, 1).text = "拾万"

    [issue] = [i for i in document_of(changed(spoil)).issues if i.code == "unread_amount"]
    assert issue.page_number is None
    assert issue.message.endswith("(table 1, row 3)")


def test_the_unit_may_stand_in_a_header_and_the_title_in_a_text_box() -> None:
    box = (
        f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
        ' xmlns:v="urn:schemas-microsoft-com:vml"><mc:AlternateContent><mc:Choice Requires="wps"><w:txbxContent>'
        "<w:p><w:r><w:t>云泽市商务局2026年项目支出绩效目标表</w:t></w:r></w:p></w:txbxContent></mc:Choice>"
        "<mc:Fallback><w:pict><v:textbox><w:txbxContent><w:p><w:r><w:t>云泽市商务局2026年项目支出绩效目标表</w:t>"
        "</w:r></w:p></w:txbxContent></v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )

    def lay_out(document: Docx) -> None:
        document.paragraphs[0]._p.append(parse_xml(box))
        document.sections[0].header.paragraphs[0].text = "部门名称：云泽市商务局    单位：元"

    content = changed(lay_out, (table(("",), [60] * 7, [HEADING, BODY, FIRST, SECOND]),))
    assert lines(content) == ["部门名称：云泽市商务局    单位：元", "云泽市商务局2026年项目支出绩效目标表"]
    document = document_of(content)
    assert (document.publisher, document.fiscal_year, document.status) == ("云泽市商务局", 2026, "complete")
    assert {line.amount_unit for line in document.lines} == {"元"}


def test_a_table_in_a_frame_is_the_table_and_one_in_a_cell_is_its_text() -> None:
    def frame(document: Docx) -> None:
        frame = document.add_table(1, 1)
        frame.cell(0, 0)._tc.append(document.tables[0]._tbl)
        frame.cell(0, 0).add_paragraph("注：附件")

    content = changed(frame)
    assert projects(document_of(content)) == BOTH
    assert "注：附件" in lines(content)

    def nest(document: Docx) -> None:
        cell = document.tables[0].cell(2, 5)
        cell.text = ""
        inner = cell.add_table(1, 2)
        inner.cell(0, 0).text, inner.cell(0, 1).text = "做好", "工作。"

    assert projects(document_of(changed(nest)))[0][2] == "做好  工作。"


def test_numbers_that_a_list_prints_are_read() -> None:
    numbering = (
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="90"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
        '<w:numFmt w:val="decimal"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
    )
    number = f'<w:num {nsdecls("w")} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'

    def make_list(document: Docx) -> None:
        element = document.part.numbering_part.element
        element.insert(0, parse_xml(numbering))
        element.append(parse_xml(number))
        cell = document.tables[0].cell(2, 6)
        cell.text = "产出指标:完成率,年度指标值:≥95%。"
        cell.add_paragraph("产出指标:场次,年度指标值:3次。")
        for paragraph in cell.paragraphs:
            properties = parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="90"/></w:numPr>')
            paragraph._p.get_or_add_pPr().append(properties)

    line = document_of(changed(make_list)).lines[1]
    assert [(i.number, i.name) for i in line.indicators] == [("1", "完成率"), ("2", "场次")]


def test_deleted_text_is_gone_hidden_text_is_said_and_symbols_are_signs() -> None:
    deleted = f"<w:del {nsdecls('w')}><w:r><w:delText>旧的</w:delText></w:r></w:del>"
    inserted = f"<w:ins {nsdecls('w')}><w:r><w:t>新的</w:t></w:r></w:ins>"
    hidden = f"<w:r {nsdecls('w')}><w:rPr><w:vanish/></w:rPr><w:t>密</w:t></w:r>"
    symbol = f'<w:r {nsdecls("w")}><w:sym w:font="Symbol" w:char="F0B3"/><w:t>95%</w:t></w:r>'

    def edit(document: Docx) -> None:
        paragraph = document.tables[0].cell(2, 5).paragraphs[0]._p
        for run in (deleted, inserted, hidden, symbol):
            paragraph.append(parse_xml(run))

    document = document_of(changed(edit))
    assert projects(document)[0][2] == "做好工作。新的≥95%"
    assert "hidden_text" in codes(document)
    content = with_parts(changed(edit), document=lambda text: text.replace('w:char="F0B3"', 'w:char="F0FF"'))
    assert "undecodable_characters" in errors(document_of(content))


def test_a_page_break_parts_a_cover_from_what_follows() -> None:
    def break_page(document: Docx) -> None:
        document.paragraphs[0].runs[0].add_break(docx.enum.text.WD_BREAK.PAGE)

    assert [len(page.lines) for page in read(changed(break_page)).pages] == [1, 1]


def test_a_list_goes_on_in_another_table_under_its_heading() -> None:
    first = table(("项目支出绩效目标表", "部门名称：云泽市商务局    单位：万元"), [60] * 7, [HEADING, BODY, FIRST])
    second = table((), [60] * 7, [HEADING, SECOND])
    for printer in (printing.docx_of, printing.html):
        document = document_of(printer([first, second]))
        assert (document.status, projects(document)) == ("complete", BOTH)
        assert [line.locator[0].table for line in document.lines] == [1, 1, 2]


def test_content_controls_and_rows_with_room_before_them_keep_their_columns() -> None:
    def wrap(document: Docx) -> None:
        row = document.tables[0].rows[3]._tr
        control = parse_xml(f"<w:sdt {nsdecls('w')}><w:sdtContent/></w:sdt>")
        row.addprevious(control)
        control.find(qn("w:sdtContent")).append(row)
        total = document.tables[0].rows[1]._tr
        cell = total.tc_lst[0]
        total.remove(cell)
        total.get_or_add_trPr().append(parse_xml(f'<w:gridBefore {nsdecls("w")} w:val="1"/>'))

    grid = cells(changed(wrap))
    assert grid[1][:3] == ["", "30.00", "30.00"]
    assert grid[3][0] == "2024年展会经费"


# --- HTML --------------------------------------------------------------------------------------------------------


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def test_spans_breaks_and_spaces_of_html() -> None:
    body = """<table><thead><tr><th rowspan=2>项 目<br>名称</th><th colspan="2">资&nbsp;金</th></tr>
    <tr><th>一般<th>基金</tr></thead><tr><td>甲<script>var x = "乙"</script></td><td><p>1.00</p><p>2.00</p></td>
    <td style="DISPLAY: none">9</td><td>3.00</td></tr></table>"""
    assert cells(page(body)) == [["项 目\n名称", "资 金", None], [None, "一般", "基金"], ["甲", "1.00\n2.00", "3.00"]]


def test_overlapping_spans_lose_no_text() -> None:
    body = "<table><tr><td>甲<td rowspan=3>乙<td>丙</tr><tr><td colspan=3>丁<td>戊</tr><tr><td>己<td>庚</tr></table>"
    texts = [text for row in cells(page(body)) for text in row if text]
    assert sorted(texts) == sorted("甲乙丙丁戊己庚")


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "gb2312"), ("gbk", "gb2312"), ("gbk", ""), ("big5", "big5"), ("utf-16", "gb2312"), ("utf-8-sig", "")],
)
def test_a_page_is_decoded_as_it_is_written(encoding: str, said: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={said}">' if said else ""
    content = page("<p>目</p><table><tr><td>中文<td>1</tr></table>", meta).decode().encode(encoding)
    assert cells(content) == [["中文", "1"]]


def test_bytes_that_are_no_characters_are_errors_where_targets_stand() -> None:
    content = printing.html([LISTED]).replace("做好工作".encode(), "做好工".encode() + b"\xe4")
    assert "undecodable_characters" in errors(document_of(content))


@pytest.mark.parametrize(
    "body",
    [
        "<h1>404</h1>",
        "<table><tr><td>序号</td><td>标题</td></tr><tr><td>1</td><td>2026年部门预算</td></tr></table>",
        "<ul><li>2026年项目支出绩效目标表</li></ul>",
        "",
    ],
)
def test_a_page_without_targets_is_no_document(body: str) -> None:
    document = document_of(page(body))
    assert (document.status, document.issues[0].code) == ("refused", "not_a_document")


def test_a_page_with_an_unknown_table_of_targets_is_quarantined() -> None:
    rows = "<tr><td>事项</td><td>绩效目标</td><td>年度指标值</td></tr><tr><td>展会</td><td>办好</td><td>3场</td></tr>"
    document = document_of(page(f"<table>{rows}</table>"))
    assert document.status == "quarantined"
    [issue] = [issue for issue in document.issues if issue.code == "unknown_layout"]
    assert issue.message.startswith("table 1 holds a table")


def test_rows_that_a_page_hides_are_said_to_be_there() -> None:
    content = printing.html([LISTED]).replace(
        "<tr><td rowspan=1 colspan=1>2024年工作".encode(), "<tr hidden><td rowspan=1 colspan=1>2024年工作".encode()
    )
    document = document_of(content)
    assert [name for name, *_ in projects(document)] == ["2024年展会经费"]
    assert "hidden_text" in codes(document)


def test_a_page_nested_too_deeply_is_refused_and_not_read_in_part() -> None:
    deep = "<div>" * 2000 + printing.html([LISTED]).decode() + "</div>" * 2000
    document = document_of(page(deep))
    assert (document.status, document.issues[0].code) == ("refused", "too_complex")
