"""Turns a document's printed lines into tab-separated text: seven columns, empty cells kept, levels as indentation."""

from collections.abc import Sequence

from demo.city import City, Document
from demo.table import Line

INDENT = " " * 4


def plain_text(document: Document, lines: Sequence[Line], city: City) -> bytes:
    """The document as UTF-8 text with the same title, header lines, rows and note as its PDF."""
    rows = [document.columns, *((INDENT * line.depth + line.name, *line.cells[1:]) for line in lines)]
    text = [
        document.title,
        f"{document.body_label}：{document.publisher}\t单位：{city.money_unit}",
        *("\t".join(row) for row in rows),
        city.note,
    ]
    return "".join(f"{line}\n" for line in text).encode()
