"""Inside a guarded process: documents come in by a pipe, what is read of them goes out.

Started by ``extract.guard``; ends with it.
"""

from __future__ import annotations

import faulthandler
import os
import resource
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from multiprocessing.connection import Connection
from pathlib import Path

from extract import progress, sharing
from extract.pickling import pickled
from extract.records import Document

OUT_OF_MEMORY = 77
"""The status with which the process ends where a document wants more memory than it may have."""
_SECONDS_BETWEEN_NEWS = 0.1


@dataclass(frozen=True, slots=True)
class Ready:
    """Everything is imported; documents may come."""


@dataclass(frozen=True, slots=True)
class PagesRead:
    """How far the reading of a document has come."""

    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read of a document, and the most memory that the process ever held, in bytes."""

    document: Document
    peak_bytes: int


def main() -> None:
    """Read documents until there are no more to come."""
    pipe, trace, memory_bytes, processor_seconds, sharing_processes = map(int, sys.argv[1:6])
    module, _, function = sys.argv[6].partition(":")
    faulthandler.enable(trace, all_threads=False)
    limit_memory(memory_bytes)
    sharing.share(sharing_processes, meanwhile=lambda: import_module("extract.interpret"))
    read = getattr(import_module(module), function)
    with suppress(EOFError, BrokenPipeError, ConnectionResetError), Connection(pipe) as connection:
        _serve(connection, read, processor_seconds)


def _serve(connection: Connection, read: Callable[..., Document], processor_seconds: int) -> None:
    progress.listen(_News(connection).tell)
    connection.send(Ready())
    while True:
        content, hints = connection.recv()
        limit_processor_time(processor_seconds)
        try:
            answer = pickled(Answer(read(content, hints), _peak_bytes()))
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        connection.send_bytes(answer)


class _News:
    """Tells the other end how many pages are read, now and then."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._told_at = 0.0

    def tell(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._told_at >= _SECONDS_BETWEEN_NEWS:
            self._told_at = now
            self._connection.send(PagesRead(done, total))


def limit_memory(most_bytes: int) -> None:
    """From now on this process may hold no more, and leaves no image of its memory where it dies."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with suppress(ValueError, OSError):  # macOS has no such limit; the others remain
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        most = most_bytes if hard == resource.RLIM_INFINITY else min(most_bytes, hard)
        resource.setrlimit(resource.RLIMIT_AS, (most, hard))


def limit_processor_time(seconds: int) -> None:
    """From now on; beyond it the system ends this process with SIGXCPU, wherever it is."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def _peak_bytes() -> int:
    """The most memory that this process held. What the system counts (ru_maxrss) may be its parent's, from before."""
    if sys.platform == "linux":
        status = Path("/proc/self/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    return own_peak_bytes()


def own_peak_bytes() -> int:
    """The most memory that this process, or its parent before it started, held as the system counts it."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
