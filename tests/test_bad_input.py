"""Whatever bytes come in, what comes out is a document that says what they are and what to do."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from extract.document import document_of


def pdf(draw_text: bool = True, password: str | None = None, owner: str | None = None, pages: int = 1) -> bytes:
    buffer = io.BytesIO()
    lock = StandardEncryption(password or "", owner) if password or owner else None
    canvas = Canvas(buffer, encrypt=lock)
    for _ in range(pages):
        if draw_text:
            canvas.drawString(72, 720, "a page without any table")
        else:
            canvas.rect(72, 72, 100, 100, fill=1)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


REFUSED = {
    "empty": (b"", "not_a_document"),
    "blank": (b"\n\n", "not_a_document"),
    "html under .pdf": (b"<!DOCTYPE html><html><body>404</body></html>", "not_a_document"),
    "truncated": (pdf(pages=3)[:-400], "truncated"),
    "header only": (b"%PDF-1.7\n", "truncated"),
    "garbage": (b"%PDF-1.7\n" + b"\x07" * 500 + b"\n%%EOF\n", "corrupt"),
    "encrypted": (pdf(password="secret"), "encrypted"),
    "pictures only": (pdf(draw_text=False), "no_text"),
    "unknown kind": (b"\x7fELF" + bytes(range(256)), "unknown_kind"),
    "picture": (b"\x89PNG\r\n\x1a\n rest", "unknown_kind"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_a_reason(name: str) -> None:
    content, code = REFUSED[name]
    document = document_of(content)
    [issue] = document.issues
    assert (document.status, issue.severity, issue.code) == ("refused", "error", code)
    assert issue.message
    assert issue.what_to_do
    assert document.lines == ()


def test_a_published_list_without_rules_is_read(published: Path) -> None:
    document = document_of((published / "typeset" / "yuexiu-commerce-2024-borderless.pdf").read_bytes())
    assert (document.status, len(document.lines)) == ("complete", 21)
    assert sum(len(line.indicators) for line in document.lines) == 75


@pytest.mark.parametrize("content", [pdf(), pdf(owner="owner"), "没有表格的文字。\n第二行".encode()])
def test_a_readable_document_without_such_a_table_is_complete_and_says_so(content: bytes) -> None:
    document = document_of(content)
    assert document.status == "complete"
    assert document.lines == ()
    assert "no_targets_table" in {issue.code for issue in document.issues}


def test_the_published_page_under_a_pdf_name_is_refused(published: Path) -> None:
    document = document_of((published / "pdf" / "chongqing-transport-2026-not-a-pdf.pdf").read_bytes())
    assert (document.status, document.issues[0].code) == ("refused", "not_a_document")


def test_a_published_scan_is_refused_for_want_of_text(published: Path) -> None:
    document = document_of((published / "pdf" / "changsha-tourism-2026-scan.pdf").read_bytes())
    assert (document.status, document.issues[0].code) == ("refused", "no_text")


def test_a_table_of_targets_without_known_columns_is_quarantined() -> None:
    """Tables of targets in a layout that is not known yet are quarantined, not passed over."""
    document = document_of("2026年云泽市商务局\n事项\t绩效目标\t年度指标值\n展会\t办好展会\t3场\n".encode())
    assert (document.status, document.lines) == ("quarantined", ())
    assert "unknown_layout" in {issue.code for issue in document.issues}


def test_a_published_budget_without_targets_is_complete_without_lines(published: Path) -> None:
    document = document_of((published / "pdf" / "jiangsu-procuratorate-2019-budget.pdf").read_bytes())
    assert (document.status, document.lines) == ("complete", ())
