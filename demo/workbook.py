"""Turns a document's printed lines into an XLSX workbook of one sheet: the same lines give the same bytes.

Parts are stored, not compressed (zlib's output differs between builds), and carry the earliest time a zip can.
"""

from collections.abc import Iterator, Sequence
from io import BytesIO
from xml.sax.saxutils import escape
from zipfile import ZipFile, ZipInfo

from demo.city import City, Document
from demo.table import Line

INDENT = " " * 4
_WIDTHS = (34, 12, 12, 14, 12, 44, 70)

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": (
        f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_SHEET_TYPE}.styles+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET_TYPE}.worksheet+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        '<sheets><sheet name="绩效目标表" sheetId="1" r:id="rId1"/></sheets></workbook>'
    ),
    "xl/_rels/workbook.xml.rels": (
        f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    ),
    # Style 1 has borders and wraps its text.
    "xl/styles.xml": (
        f'<styleSheet xmlns="{_MAIN}"><fonts count="1"><font><sz val="10"/><name val="宋体"/></font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/>'
        '</fill></fills><borders count="2"><border/><border><left style="thin"/><right style="thin"/>'
        '<top style="thin"/><bottom style="thin"/></border></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2"><xf/>'
        '<xf borderId="1" applyBorder="1" applyAlignment="1"><alignment vertical="center" wrapText="1"/></xf></cellXfs>'
        "</styleSheet>"
    ),
}


def workbook(document: Document, lines: Sequence[Line], city: City) -> bytes:
    """The workbook with the same title, header lines, rows and note as the document's PDF. Every cell is a text."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in {**_PARTS, "xl/worksheets/sheet1.xml": _sheet(document, lines, city)}.items():
            archive.writestr(ZipInfo(name), _HEAD + content)
    return buffer.getvalue()


def _sheet(document: Document, lines: Sequence[Line], city: City) -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(_WIDTHS, start=1)
    )
    rows = "".join(_rows(document, lines, city))
    last = len(lines) + 4
    return (
        f'<worksheet xmlns="{_MAIN}"><cols>{columns}</cols><sheetData>{rows}</sheetData><mergeCells count="2">'
        f'<mergeCell ref="A1:G1"/><mergeCell ref="A{last}:G{last}"/></mergeCells></worksheet>'
    )


def _rows(document: Document, lines: Sequence[Line], city: City) -> Iterator[str]:
    yield _row(1, [document.title])
    heading = [f"{document.body_label}：{document.publisher}", "", "", "", "", "", f"单位：{city.money_unit}"]
    yield _row(2, heading)
    yield _row(3, document.columns, style=1)
    for number, line in enumerate(lines, start=4):
        yield _row(number, [INDENT * line.depth + line.name, *line.cells[1:]], style=1)
    yield _row(len(lines) + 4, [city.note])


def _row(number: int, texts: Sequence[str], style: int = 0) -> str:
    cells = "".join(
        f'<c r="{column}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'
        if text
        else f'<c r="{column}{number}" s="{style}"/>'
        for column, text in zip("ABCDEFG", texts, strict=False)
    )
    return f'<row r="{number}">{cells}</row>'
