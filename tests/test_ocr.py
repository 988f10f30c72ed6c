"""Pages that are pictures: refused, or recognised where that is asked for, and marked."""

from __future__ import annotations

import io
import json
import unicodedata
from decimal import Decimal
from pathlib import Path

import pypdfium2 as pdfium
import pytest

from extract.document import document_of


def first_page(content: bytes) -> bytes:
    source, one = pdfium.PdfDocument(content), pdfium.PdfDocument.new()
    one.import_pages(source, [0])
    buffer = io.BytesIO()
    one.save(buffer)
    one.close()
    source.close()
    return buffer.getvalue()


def folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def test_a_scanned_list_is_recognised_where_asked_for(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The money of every row is right, the text nearly so, and every row is marked."""
    monkeypatch.setenv("JIXIAO_OCR", "1")
    truth = json.loads((published / "typeset" / "yuexiu-commerce-2024.truth.json").read_text(encoding="utf-8"))
    document = document_of(first_page((published / "typeset" / "yuexiu-commerce-2024-scan.pdf").read_bytes()))

    assert len(document.lines) > 5
    for line, row in zip(document.lines, truth["rows"], strict=False):
        assert folded(line.name) == folded(row["project"])
        assert line.total_yuan == Decimal(row["total"].replace(",", "")) * 10000
    assert document.lines[1].goal
    assert document.lines[1].indicators
    assert all(line.is_recognised for line in document.lines)
    assert "recognised_text" in {issue.code for issue in document.issues}


def test_without_the_extra_a_scan_says_what_to_do(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JIXIAO_OCR", "1")
    monkeypatch.setattr("extract.readers.ocr.find_spec", lambda _: None)
    document = document_of((published / "pdf" / "changsha-tourism-2026-scan.pdf").read_bytes())
    assert (document.status, document.issues[0].code) == ("refused", "ocr_not_installed")
    assert "make ocr" in document.issues[0].what_to_do
