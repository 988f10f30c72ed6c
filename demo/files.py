"""Turns the city's documents into files of bytes, and writes files into a folder one at a time, whole or not at all."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from demo.city import City, Document
from demo.paginate import paginate
from demo.plaintext import plain_text
from demo.table import printed_lines
from demo.typeset import text_width, typeset
from demo.webpage import webpage
from demo.workbook import workbook


@dataclass(frozen=True)
class PublishedFile:
    """A file as a bureau would offer it for download, with the document it is one form of."""

    name: str
    media_type: str
    content: bytes
    document: Document


def published_files(city: City) -> Iterator[PublishedFile]:
    """Every document in each of its formats, in the order of their names."""
    for document in city.documents:
        for extension in document.formats:
            name = f"{document.document_key}.{extension}"
            yield PublishedFile(name, media_type(name), render(document, extension, city), document)


def media_type(name: str) -> str:
    """What a server says of a file of that name; a format that is not written raises KeyError."""
    return _FORMATS[Path(name).suffix.removeprefix(".").lower()][0]


def render(document: Document, extension: str, city: City) -> bytes:
    """The document as a file of a format: ``pdf``, ``xlsx``, ``html`` or ``txt``."""
    return _FORMATS[extension][1](document, city)


def write_whole(path: Path, content: bytes) -> bool:
    """Put a file in place atomically; False, with nothing touched, where the same bytes stand there already."""
    if path.is_file() and path.read_bytes() == content:
        return False
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return True


def _pdf(document: Document, city: City) -> bytes:
    pages = paginate(document, printed_lines(document, city), city, text_width)
    return typeset(pages, document.title, document.publisher)


def _txt(document: Document, city: City) -> bytes:
    return plain_text(document, printed_lines(document, city), city)


def _xlsx(document: Document, city: City) -> bytes:
    return workbook(document, printed_lines(document, city), city)


def _html(document: Document, city: City) -> bytes:
    return webpage(document, printed_lines(document, city), city)


_FORMATS: Mapping[str, tuple[str, Callable[[Document, City], bytes]]] = {
    "pdf": ("application/pdf", _pdf),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
    "html": ("text/html; charset=utf-8", _html),
    "txt": ("text/plain; charset=utf-8", _txt),
}
