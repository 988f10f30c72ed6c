"""A ZIP of XML (DOCX, XLSX) → its parts, never more of them than is sensible, and without entities."""

from __future__ import annotations

import io
import posixpath
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from lxml import etree

from extract.readers.steps import too_complex
from extract.readers.unreadable import UnreadableError

_MOST_BYTES_OF_A_TREE = 64 * 2**20
_MOST_BYTES_OF_A_PART = 256 * 2**20
_MOST_PARTS = 10_000
_CHUNK = 2**16
_OFFICE_DOCUMENT = "/officeDocument"
_RELATIONSHIP = "{*}Relationship"

Element = Any
"""An element of lxml's tree."""


class Package:
    """The parts of an Office document by name."""

    def __init__(self, content: bytes) -> None:
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
            raise corrupt(f"its container cannot be opened ({error})") from error
        if len(self._zip.infolist()) > _MOST_PARTS:
            raise too_complex(f"it has more than {_MOST_PARTS} parts")
        self._names = {name.lower(): name for name in self._zip.namelist()}

    def holds(self, name: str) -> bool:
        """Whether there is a part of a name."""
        return name.lower() in self._names

    def tree(self, name: str) -> Element:
        """The root of a part, which must be of a sensible size.

        Raises:
            UnreadableError: the part is missing, damaged or too large.
        """
        content = b"".join(self._chunks(name, _MOST_BYTES_OF_A_TREE))
        _refuse_entities(content[:_CHUNK])
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        try:
            return etree.fromstring(content, parser)
        except etree.XMLSyntaxError as error:
            raise corrupt(f"{name} is no XML ({error})") from error

    def elements(self, name: str, tag: str) -> Iterator[Element]:
        """The elements of a tag of a part in their order, one at a time: what was given is forgotten.

        Raises:
            UnreadableError: the part is missing, damaged or too large.
        """
        parser = etree.XMLPullParser(
            events=("end",), tag=tag, resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True
        )
        try:
            for chunk in self.chunks(name):
                parser.feed(chunk)
                yield from _taken(parser)
            parser.close()
            yield from _taken(parser)
        except etree.XMLSyntaxError as error:
            raise corrupt(f"{name} is no XML ({error})") from error

    def chunks(self, name: str) -> Iterator[bytes]:
        """A part's bytes as a stream.

        Raises:
            UnreadableError: the part is missing, damaged or too large, or declares entities.
        """
        for number, chunk in enumerate(self._chunks(name, _MOST_BYTES_OF_A_PART)):
            if number == 0:
                _refuse_entities(chunk)
            yield chunk

    def main_part(self, usual: str) -> str:
        """The name of the part that is the document itself."""
        if self.holds("_rels/.rels"):
            for relation in self.tree("_rels/.rels").iter(_RELATIONSHIP):
                if relation.get("Type", "").endswith(_OFFICE_DOCUMENT):
                    return str(relation.get("Target", usual)).lstrip("/")
        return usual

    def related(self, name: str) -> dict[str, tuple[str, str]]:
        """What a part refers to: id → the last word of the relation's type, and the other part's name."""
        folder, file_name = posixpath.split(name)
        relations = posixpath.join(folder, "_rels", f"{file_name}.rels")
        if not self.holds(relations):
            return {}
        found = {}
        for relation in self.tree(relations).iter(_RELATIONSHIP):
            if relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                kind = relation.get("Type", "").rsplit("/", 1)[-1]
                found[relation.get("Id", "")] = (kind, posixpath.normpath(path))
        return found

    def _chunks(self, name: str, most_bytes: int) -> Iterator[bytes]:
        if not self.holds(name):
            raise corrupt(f"{name} is missing")
        info = self._zip.getinfo(self._names[name.lower()])
        if info.flag_bits & 1:
            raise UnreadableError("encrypted", "The file is encrypted with a password", "Get a copy without one.")
        if info.file_size > most_bytes:
            raise too_complex(f"{name} says it holds {info.file_size} bytes")
        read = 0
        try:
            with self._zip.open(info) as part:
                while chunk := part.read(_CHUNK):
                    read += len(chunk)
                    if read > most_bytes:  # whatever it says
                        raise too_complex(f"{name} holds more than {most_bytes} bytes")
                    yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise corrupt(f"{name} cannot be unpacked ({error})") from error


def _taken(parser: Any) -> Iterator[Element]:
    for _, element in parser.read_events():
        yield element
        element.clear()
        parent = element.getparent()
        while parent is not None and element.getprevious() is not None:
            del parent[0]


def _refuse_entities(start: bytes) -> None:
    if b"<!DOCTYPE" in start.replace(b"\x00", b""):
        raise UnreadableError(
            "corrupt",
            "The file declares entities, which no Office program writes",
            "Do not open it; get the document from the publisher.",
        )


def corrupt(why: str) -> UnreadableError:
    """The refusal of a file that is damaged."""
    return UnreadableError("corrupt", f"The file is corrupt: {why}", "Fetch it again, or get it from the publisher.")
