"""Turns a document's printed lines into HTML: a table as the editor of a site saves it, alone or as a whole file."""

from collections.abc import Sequence
from html import escape

from demo.city import City, Document
from demo.table import Line

INDENT = "&nbsp;" * 4


def webpage(document: Document, lines: Sequence[Line], city: City) -> bytes:
    """A file of its own, in UTF-8."""
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        f"<title>{escape(document.title)}</title>\n</head>\n"
        f"<body>\n{fragment(document, lines, city)}</body>\n</html>\n"
    ).encode()


def fragment(document: Document, lines: Sequence[Line], city: City) -> str:
    """Title, header lines, table and note, as they stand in an article's text."""
    rows = [
        "".join(f"<th>{escape(label)}</th>" for label in document.columns),
        *(
            f"<td>{INDENT * line.depth}{escape(line.name)}</td>"
            + "".join(f"<td>{escape(text)}</td>" for text in line.cells[1:])
            for line in lines
        ),
    ]
    table = "\n".join(f"<tr>{row}</tr>" for row in rows)
    return (
        f"<h2>{escape(document.title)}</h2>\n"
        f"<p>{escape(document.body_label)}：{escape(document.publisher)}&emsp;&emsp;单位：{escape(city.money_unit)}</p>\n"
        f'<table border="1" cellspacing="0">\n{table}\n</table>\n<p>{escape(city.note)}</p>\n'
    )
