"""The PDFs whose reading is timed, cut from the published documents that have a golden and ruled tables."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium

from benchmarks.goldens import content_of, goldens
from extract.document import document_of

SLOW_PAGES = 2
"""How many pages of a file the slowest tool reads."""
GROWN = 4
"""How many times over the longest document is put together to see whether memory grows with the pages."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A PDF that is read: what it was cut from, where it lies, and how many pages it has."""

    name: str
    path: Path
    pages: int


@dataclass(frozen=True, slots=True)
class Samples:
    """What is read: pages of tables only, the first few of them, whole budgets, the longest document once and grown."""

    tables: list[Sample]
    few: list[Sample]
    budgets: list[Sample]
    long: Sample
    grown: Sample


def samples(folder: Path, work: Path, only: str, most_pages: int) -> Samples:
    """The PDFs to read, written into ``work``: at most ``most_pages`` of tables from each document named like ``only``.

    Raises:
        ValueError: no document is named so.
    """
    tables, few, budgets = [], [], []
    longest, most = b"", 0
    for golden in goldens(folder):
        if golden.kind != "ruled PDF" or not golden.tables or only not in golden.name:
            continue
        content = content_of(golden, folder)
        count, pages = _pages_with_lines(content)
        if count > most:
            longest, most = content, count
        tables.append(_cut(content, pages[:most_pages], work / "tables" / f"{golden.name}.pdf"))
        few.append(_cut(content, pages[:SLOW_PAGES], work / "few" / f"{golden.name}.pdf"))
        if len(pages) < count:
            budgets.append(_cut(content, range(count), work / "whole" / f"{golden.name}.pdf"))
    if not tables:
        raise ValueError(f"no published document with ruled tables is named like {only}")
    long = _cut(longest, range(most), work / "long.pdf")
    return Samples(tables, few, budgets, long, _cut(longest, [*range(most)] * GROWN, work / "grown.pdf"))


def _pages_with_lines(content: bytes) -> tuple[int, list[int]]:
    """How many pages a document has, and the indexes of those on which this reader finds lines of tables."""
    document = document_of(content)
    places = [part for line in document.lines for part in line.locator]
    return document.page_count or 0, sorted({part.page_number - 1 for part in places if part.page_number})


def _cut(content: bytes, pages: Sequence[int], path: Path) -> Sample:
    """The pages of a PDF as one of their own; all of them in their order are the bytes as they were published."""
    source = pdfium.PdfDocument(content)
    if list(pages) != list(range(len(source))):
        target = pdfium.PdfDocument.new()
        for begin in range(0, len(pages), len(source)):
            target.import_pages(source, list(pages[begin : begin + len(source)]))
        buffer = io.BytesIO()
        target.save(buffer)
        target.close()
        content = buffer.getvalue()
    source.close()
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    return Sample(path.stem, path, len(pages))
