"""Documents → what is read of them, in processes of their own that no document can take along.

What a publisher serves may crash a reader, hang it, or make it eat all memory. So documents are read in children
(``extract.guarded``), each child one document after another, within limits of memory, of processor time and, last, of
the clock. A child that dies costs the document it was reading; what killed a child that had read others before is
first read again by a new one, so that no document's outcome depends on those before it.
"""

from __future__ import annotations

import hashlib
import logging
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Pipe, wait
from types import TracebackType
from typing import Self

from extract.children import child_command
from extract.guarded import OUT_OF_MEMORY, Answer, PagesRead, own_peak_bytes
from extract.hints import Hints
from extract.records import Document, Issue
from extract.refusal import refused
from extract.settings import ocr_is_on
from extract.sniff import media_type

READER = "extract.document:document_of"
"""The function that children read documents with: module and name."""
_MUCH = 4  # a child that ever held a fourth of its memory is replaced, and one that died with it died of it
_BLUR = 4_000_000  # bytes by which the system's count of memory may be off, which it keeps per processor
_START_SECONDS = 600  # a child may take to start on a busy machine, which no document's limits are about

OnPage = Callable[[int, int], None]
"""Hears how many pages of how many are read."""
_LOGGER = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may cost.

    Published documents of 140 pages take 0.1 GB and some seconds. Processor time is the same on a busy machine;
    the clock, which is not, only ends what waits for nothing.
    """

    memory_bytes: int = 2_000_000_000
    processor_seconds: int = 120
    clock_seconds: float = 600


LIMITS = Limits(4_000_000_000, 1_200, 1_500) if ocr_is_on() else Limits()
"""Recognising a page takes seconds; the clock stays below the half hour after which Airflow ends a task."""


class NotStartedError(RuntimeError):
    """Children cannot be started at all: no document is at fault, and none was read."""


def read_documents(
    contents: Iterable[tuple[bytes, Hints]], processes: int = 1, limits: Limits = LIMITS
) -> Iterator[Document]:
    """The documents of contents, in their order, whatever becomes of the children that read them.

    Raises:
        NotStartedError: no child can be started.
    """
    with Guard(processes, limits) as guard:
        yield from guard.read(contents)


@dataclass(frozen=True, slots=True)
class _Request:
    number: int
    content: bytes
    hints: Hints


class Guard:
    """As many children as asked for; they start with the ``with`` block and end with it.

    ``sharing_processes`` is how many processes read the pages of one document, for who has no more than that to read.
    """

    def __init__(self, processes: int = 1, limits: Limits = LIMITS, sharing_processes: int = 1) -> None:
        self._children = [_Child(limits, sharing_processes) for _ in range(processes)]

    def __enter__(self) -> Self:
        """Start the children; they import what they need while the caller does something else."""
        for child in self._children:
            child.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the children, whatever they are doing."""
        for child in self._children:
            child.end()

    def read(self, contents: Iterable[tuple[bytes, Hints]], on_page: OnPage | None = None) -> Iterator[Document]:
        """The documents of contents, in their order; ``on_page`` hears now and then how far the reading of one is.

        Raises:
            NotStartedError: no child can be started.
        """
        requests = (_Request(number, *content) for number, content in enumerate(contents))
        documents: dict[int, Document] = {}
        following = 0
        while True:
            for child in self._children:
                if child.request is None and (request := next(requests, None)) is not None:
                    child.hand(request)
            while following in documents:
                yield documents.pop(following)
                following += 1
            busy = [child for child in self._children if child.request is not None]
            if not busy:
                return
            for child in _with_news(busy):
                request = child.request
                document = child.news(on_page)
                if request is not None and document is not None:
                    documents[request.number] = document


class _Child:
    """One process at a time, which reads one document after another; replaced where it died or grew large."""

    def __init__(self, limits: Limits, sharing_processes: int) -> None:
        self._limits = limits
        self._sharing_processes = sharing_processes
        self._process: subprocess.Popen[bytes] | None = None
        self._documents_read = 0
        self._peak_bytes = self._inherited_bytes = 0
        self.request: _Request | None = None
        self.deadline = 0.0

    def start(self) -> None:
        self.connection, theirs = Pipe()
        self._trace = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        self._is_ready = False
        self._documents_read = self._peak_bytes = 0
        self._inherited_bytes = own_peak_bytes()
        inherited = theirs.fileno(), self._trace.fileno()
        told = (*inherited, self._limits.memory_bytes, self._limits.processor_seconds, self._sharing_processes, READER)
        self._process = subprocess.Popen(
            child_command("extract.guarded:main", *map(str, told)),
            stdin=subprocess.DEVNULL,
            stdout=2,  # whatever a library prints is no data
            pass_fds=inherited,
            process_group=0,  # Ctrl-C is for the parent, who ends its children
        )
        theirs.close()

    def end(self) -> tuple[int, int]:
        """End the process and what belongs to it; its exit status as Popen has it, and its peak of memory in bytes.

        The system counts the memory of whoever started it, too: a peak not clearly beyond that is none of its own.
        """
        if self._process is None:
            return 0, 0
        process, self._process = self._process, None
        self.connection.close()
        self._trace.close()
        with suppress(ProcessLookupError):
            os.kill(process.pid, signal.SIGKILL)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        peak = usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
        return process.returncode, peak if peak > self._inherited_bytes + _BLUR else 0

    def hand(self, request: _Request) -> None:
        """Let it read a document."""
        if self._process is not None and self._peak_bytes > self._limits.memory_bytes // _MUCH:
            self.end()
        if self._process is None:
            self.start()
        if not self._is_ready:
            self._await_ready()
        self.request = request
        self.deadline = time.monotonic() + self._limits.clock_seconds
        with suppress(OSError):  # it died idle: its answer will not come, either
            self.connection.send((request.content, request.hints))

    def _await_ready(self) -> None:
        try:
            if not self.connection.poll(_START_SECONDS):
                raise EOFError
            self.connection.recv()
        except (EOFError, OSError) as error:
            status, _ = self.end()
            raise NotStartedError(f"A process for reading does not start; it {_ended(status)}") from error
        self._is_ready = True

    def news(self, on_page: OnPage | None) -> Document | None:
        """The document it was given, where it is done with it, one way or the other."""
        assert self.request is not None
        try:
            message = self.connection.recv() if self.connection.poll() else None
        except (EOFError, OSError):
            return self._after_death()
        if isinstance(message, Answer):
            self.request = None
            self._documents_read += 1
            self._peak_bytes = message.peak_bytes
            return message.document
        if isinstance(message, PagesRead) and on_page is not None:
            on_page(message.done, message.total)
        if time.monotonic() > self.deadline:
            return self._refused(_hung(self._limits))
        return None

    def _after_death(self) -> Document | None:
        """The refusal of the document that a child died of; None where a new child reads it again."""
        request, has_read_others = self.request, self._documents_read > 0
        assert request is not None
        self._trace.seek(0)
        trace = self._trace.read().decode(errors="replace")
        reason = _reason(*self.end(), self._limits)
        if has_read_others and reason.code != "too_complex":
            self.hand(request)
            return None
        if reason.code == "reader_died":
            _LOGGER.error("%s on %s\n%s", reason.message, request.hints.file_name or "a document", trace)
        return self._refused(reason)

    def _refused(self, reason: Issue) -> Document:
        assert self.request is not None
        content, self.request = self.request.content, None
        self.end()
        return refused(hashlib.sha256(content).hexdigest(), media_type(content), reason)


def _with_news(busy: Sequence[_Child]) -> list[_Child]:
    """Those of busy children that have something to say, or whose time is over."""
    first_deadline = min(child.deadline for child in busy)
    said = wait([child.connection for child in busy], timeout=max(0.0, first_deadline - time.monotonic()))
    now = time.monotonic()
    return [child for child in busy if child.connection in said or now > child.deadline]


def _reason(status: int, peak_bytes: int, limits: Limits) -> Issue:
    """Why a child died, as an issue of the document it was reading."""
    if status == -signal.SIGXCPU:
        return Issue(
            "error",
            "too_complex",
            f"Reading takes more than {limits.processor_seconds} seconds of processor time",
            "Look at the file: if it is a real document, get it as another format or in parts, and report it.",
        )
    if status == OUT_OF_MEMORY or (status < 0 and peak_bytes > limits.memory_bytes // _MUCH):
        return Issue(
            "error",
            "out_of_memory",
            f"Reading takes more than {limits.memory_bytes / 1e9:.1f} GB of memory",
            "Look at the file: if it is a real document, get it as another format or in parts, and report it.",
        )
    return Issue(
        "error",
        "reader_died",
        f"The process that reads {_ended(status)}",
        "Report it with the document; everything else was read.",
    )


def _hung(limits: Limits) -> Issue:
    return Issue(
        "error",
        "reader_hung",
        f"Reading does not end within {limits.clock_seconds:.0f} seconds",
        "Read it again on a machine that is less busy; if it hangs there, too, report it with the document.",
    )


def _ended(status: int) -> str:
    return f"died of {signal.Signals(-status).name}" if status < 0 else f"ended with status {status}"
