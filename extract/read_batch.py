"""Read and interpret a batch of archived documents, and land what was understood."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import pyarrow.parquet as pq

from extract import archive
from extract.discover import FOLDER
from extract.interpret import Hints, document_of, refused
from extract.land import land_readings, observations_folder
from extract.pending import landed
from extract.progress import report
from extract.records import Document, Issue
from extract.settings import House


def read_batch(document_ids: Sequence[str], house: House) -> str:
    """Read documents and land them together; the id of the landed batch.

    A document that makes the reader fail is landed as refused: it costs its own outcome and nothing else.
    """
    hints = hints_by_document(house)
    documents = []
    for number, document_id in enumerate(document_ids, 1):
        hint = hints.get(document_id, Hints())
        document = _document(document_id, hint, house)
        documents.append(document)
        report(
            f"{number}/{len(document_ids)} {hint.file_name or document_id[:12]}: {document.status},"
            f" {sum(1 for line in document.lines if line.level == 'project')} projects"
        )
    return land_readings(documents, house)


def _document(document_id: str, hints: Hints, house: House) -> Document:
    try:
        return document_of(archive.content_of(document_id, house), hints)
    except Exception as error:
        logging.getLogger(__name__).exception("the reader failed on %s", document_id)
        reason = Issue(
            "error",
            "reader_failed",
            f"The reader failed: {type(error).__name__}: {error}",
            "Report it with the document; everything else of the batch was read.",
        )
        return refused(document_id, "application/octet-stream", reason)


def hints_by_document(house: House) -> Mapping[str, Hints]:
    """What the first observation of each document says about it."""
    hints: dict[str, Hints] = {}
    for path in landed(observations_folder(house)):
        rows = pq.read_table(path, columns=["document_id", "url", "title"]).to_pylist()
        for row in rows:
            if row["document_id"] is not None and row["document_id"] not in hints:
                url = row["url"]
                file_name = url.rsplit("/", 1)[-1].removeprefix(FOLDER)
                title = None if url.startswith(FOLDER) else row["title"]
                hints[row["document_id"]] = Hints(listing_title=title, file_name=file_name)
    return hints
