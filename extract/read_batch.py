"""Read and interpret a batch of archived documents, and land what was understood."""

from __future__ import annotations

import logging
import math
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote

import pyarrow as pa

from extract import archive
from extract.folder import FOLDER
from extract.guard import read_documents
from extract.hints import Hints
from extract.land import check_landable, land_readings, observations_folder, read_observations
from extract.pending import landed
from extract.progress import report
from extract.records import Document
from extract.refusal import reader_failed, refused
from extract.settings import House

LONGEST_SECONDS = 900.0
"""After this time a batch takes up no further document: what it read lands before Airflow ends a task (30 minutes)."""


def read_batch(document_ids: Sequence[str], house: House) -> str | None:
    """Read documents and land them together; the id of the landed batch, None where nothing could be read.

    Each is read in a guarded process: one that breaks the reader is landed as refused, and the others as if it were not
    there. One whose archived bytes cannot be had now, or for which no time is left, is not landed at all: it stays
    unread, and the next run takes it up.
    """
    hints = hints_by_document(house)
    names = {
        document_id: f"{number}/{len(document_ids)} {hints[document_id].file_name or document_id[:12]}"
        for number, document_id in enumerate(document_ids, 1)
    }
    documents = []
    for document in read_archived(names, hints, house, LONGEST_SECONDS):
        documents.append(document)
        report(f"{names[document.document_id]}: {_outcome(document)}")
    return land_readings(documents, house) if documents else None


def read_archived(
    names: Mapping[str, str], hints: Mapping[str, Hints], house: House, longest_seconds: float = math.inf
) -> Iterator[Document]:
    """Archived documents, read in a guarded process, by id with the name that progress tells; each can be landed.

    Without those whose bytes cannot be had, and those for which no time is left.
    """
    for document in read_documents(_contents(names, hints, house, longest_seconds)):
        yield _landable(document)


def _contents(
    names: Mapping[str, str], hints: Mapping[str, Hints], house: House, longest_seconds: float
) -> Iterator[tuple[bytes, Hints]]:
    """The archived bytes of documents as they are wanted, without those that cannot be had."""
    until = time.monotonic() + longest_seconds
    for document_id, name in names.items():
        if time.monotonic() > until:
            report(f"{name}: stays unread: the batch has taken {longest_seconds:.0f} seconds; run it again")
            continue
        try:
            content = archive.content_of(document_id, house)
        except (OSError, archive.DamagedError) as error:
            logging.getLogger(__name__).exception("%s stays unread", document_id)
            report(f"{name}: stays unread: {error}")
            continue
        yield content, hints[document_id]


def _outcome(document: Document) -> str:
    if document.status == "refused":
        return f"refused: {document.issues[0].message}"
    return f"{document.status}, {sum(line.level == 'project' for line in document.lines)} projects"


def _landable(document: Document) -> Document:
    """The document, or its refusal where its records do not fit the warehouse."""
    try:
        check_landable(document)
    except (pa.ArrowException, ValueError, OverflowError) as error:
        logging.getLogger(__name__).exception("%s does not fit the warehouse", document.document_id)
        return refused(document.document_id, document.media_type, reader_failed(error))
    return document


def hints_by_document(house: House) -> Mapping[str, Hints]:
    """What the first observation of each document says about it; of one collection's, that of the first address.

    Addresses are asked side by side: which of two answered first differs from run to run.
    """
    hints: defaultdict[str, Hints] = defaultdict(Hints)
    for path in landed(observations_folder(house)):
        rows = read_observations(path, ["document_id", "url", "title", "container_document_id"]).to_pylist()
        for row in sorted(rows, key=lambda row: row["url"]):
            if row["document_id"] is not None and row["document_id"] not in hints:
                url = row["url"]
                if row["container_document_id"] is not None:
                    file_name = unquote(url.rsplit("#", 1)[-1]).rsplit("/", 1)[-1]
                elif url.startswith(FOLDER):
                    file_name = url.rsplit("/", 1)[-1].removeprefix(FOLDER)
                else:
                    file_name = unquote(url.rsplit("/", 1)[-1])
                title = None if url.startswith(FOLDER) else row["title"]
                hints[row["document_id"]] = Hints(listing_title=title, file_name=file_name)
    return hints
