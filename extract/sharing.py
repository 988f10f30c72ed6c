"""One long document read by several processes, which share its pages.

Where one document is all there is to do, as in ``jixiao read``, the other processors would stand idle. A process that
shares is a copy of this one (fork): it has the document open and everything imported.
"""

from __future__ import annotations

import os
import pickle
import signal
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import pairwise
from typing import Generic, TypeVar

from extract.children import end_with
from extract.pickling import pickled

FEWEST_PAGES = 20  # of a process: fewer take no longer than its start and the way of its pages back
_PAGES_MEANWHILE = 20  # read in about the time of what a process does meanwhile
_Result = TypeVar("_Result")
_most = 1
_meanwhile: Callable[[], object] | None = None


def share(processes: int, meanwhile: Callable[[], object] | None = None) -> None:
    """Let this process have its documents' pages read by as many processes, itself among them.

    ``meanwhile`` is what it has to do once besides, as importing what the pages are needed for: it does so while the
    others read, and reads fewer pages.
    """
    global _most, _meanwhile
    _most, _meanwhile = processes, meanwhile


def spans(pages: int) -> list[range]:
    """The indexes of a document's pages, a span for every process; this one reads the first."""
    count = max(1, min(_most, pages // FEWEST_PAGES))
    less = 0 if _meanwhile is None or count == 1 else min(_PAGES_MEANWHILE, pages // count - 1)
    edges = [(pages + less) * number // count - less for number in range(count + 1)]
    return [range(*edge) for edge in pairwise([0, *edges[1:]])]


def begin(works: Iterable[Callable[[], _Result]]) -> list[Copy[_Result]]:
    """Begin each work in a copy of this process; then do what it has to do meanwhile."""
    global _meanwhile
    copies = [Copy(work) for work in works]
    if copies and _meanwhile is not None:
        do, _meanwhile = _meanwhile, None
        do()
    return copies


class Copy(Generic[_Result]):
    """Some work, begun in a copy of this process; ``end`` it, whether or not its result was asked for."""

    def __init__(self, work: Callable[[], _Result]) -> None:
        parent = os.getpid()
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by end
        self._pid: int | None = os.fork()
        if self._pid == 0:
            status = 1
            try:
                end_with(parent)
                self._file.write(pickled(work()))
                self._file.flush()
                status = 0
            finally:
                os._exit(status)  # whatever happened: the copy goes no further on its own

    def result(self) -> _Result | None:
        """Wait for the result; None where the copy failed or died: the caller does it, and fails, itself."""
        if self._pid is None:
            return None
        status = self._ended(self._pid)
        self._file.seek(0)
        with suppress(EOFError):  # a library may end a process with status 0
            found: _Result | None = pickle.load(self._file) if status == 0 else None
            return found
        return None

    def end(self) -> None:
        """End the copy, if it still works."""
        if self._pid is not None:
            os.kill(self._pid, signal.SIGKILL)
            self._ended(self._pid)
        self._file.close()

    def _ended(self, pid: int) -> int:
        self._pid = None
        return os.waitpid(pid, 0)[1]
