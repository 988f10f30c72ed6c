"""The bytes of a document → everything understood of it.

What understands pages is imported once there are some: where several processes share a document's pages, they are being
read meanwhile (``extract.sharing``).
"""

from __future__ import annotations

import hashlib
import logging

from extract.find import NEEDED
from extract.hints import Hints
from extract.readers import read
from extract.readers.unreadable import UnreadableError
from extract.records import Document, Issue
from extract.refusal import reader_failed, refused
from extract.sniff import media_type


def document_of(content: bytes, hints: Hints | None = None) -> Document:
    """Everything understood of a document's bytes; whatever they are, the answer is a document with a status."""
    document_id = hashlib.sha256(content).hexdigest()
    try:
        reading = read(content, NEEDED)
        from extract.interpret import interpreted

        return interpreted(document_id, reading, hints or Hints())
    except UnreadableError as error:
        return refused(document_id, media_type(content), Issue("error", error.code, error.message, error.what_to_do))
    except MemoryError:
        raise  # for whoever set the limit to judge
    except Exception as error:
        logging.getLogger(__name__).exception("the reader failed on %s", document_id)
        return refused(document_id, media_type(content), reader_failed(error))
