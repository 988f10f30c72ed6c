"""Read and interpret a batch of archived documents, and land what was understood."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import pyarrow as pa
import pyarrow.parquet as pq

from extract import archive
from extract.discover import FOLDER
from extract.interpret import Hints, document_of, reader_failed, refused
from extract.land import check_landable, land_readings, observations_folder
from extract.pending import landed
from extract.progress import report
from extract.records import Document
from extract.settings import House


def read_batch(document_ids: Sequence[str], house: House) -> str | None:
    """Read documents and land them together; the id of the landed batch, None where nothing could be read.

    A document that makes the reader fail is landed as refused. One whose archived bytes cannot be had now is not landed
    at all: it stays unread, and the next run takes it up.
    """
    hints = hints_by_document(house)
    documents = []
    for number, document_id in enumerate(document_ids, 1):
        hint = hints.get(document_id, Hints())
        name = f"{number}/{len(document_ids)} {hint.file_name or document_id[:12]}"
        try:
            document = _landable(document_of(archive.content_of(document_id, house), hint))
        except (OSError, archive.DamagedError) as error:
            logging.getLogger(__name__).exception("%s stays unread", document_id)
            report(f"{name}: stays unread: {error}")
            continue
        documents.append(document)
        projects = sum(line.level == "project" for line in document.lines)
        report(f"{name}: {document.status}, {projects} projects")
    return land_readings(documents, house) if documents else None


def _landable(document: Document) -> Document:
    """The document, or its refusal where its records do not fit the warehouse."""
    try:
        check_landable(document)
    except (pa.ArrowException, ValueError, OverflowError) as error:
        logging.getLogger(__name__).exception("%s does not fit the warehouse", document.document_id)
        return refused(document.document_id, document.media_type, reader_failed(error))
    return document


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
