"""A reason → the document of bytes that cannot be read."""

from __future__ import annotations

from extract.reader_version import READER_VERSION
from extract.records import Document, Issue


def refused(document_id: str, kind: str, reason: Issue) -> Document:
    """The document of bytes (of a media type ``kind``) that cannot be read."""
    return Document(
        document_id=document_id,
        media_type=kind,
        document_kind=None,
        publisher=None,
        title=None,
        fiscal_year=None,
        fiscal_year_basis=None,
        page_count=None,
        status="refused",
        reader_version=READER_VERSION,
        issues=(reason,),
    )


def reader_failed(error: Exception) -> Issue:
    """The issue of a document on which the reader itself failed."""
    return Issue(
        "error",
        "reader_failed",
        f"The reader failed: {type(error).__name__}: {error}",
        "Report it with the document; everything else was read.",
    )
