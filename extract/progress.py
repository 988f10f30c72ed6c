"""Progress: of a pipeline as marked sentences in its log, of a document page by page to who listens."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

_Page = TypeVar("_Page")

MARK = "jixiao | "
"""What stands before a sentence of progress in a log."""


def report(sentence: str) -> None:
    """Log a sentence that a person at the terminal should see while the pipeline works."""
    logging.getLogger("jixiao").info("%s%s", MARK, sentence)


_listeners: list[Callable[[int, int], None]] = []


def listen(listener: Callable[[int, int], None]) -> None:
    """Let ``listener`` hear, after every page of a document, how many of how many are read."""
    _listeners.append(listener)


def counted(pages: Iterable[_Page], total: int) -> Iterator[_Page]:
    """The pages of a document as they are read, each told to who listens."""
    for done, page in enumerate(pages, 1):
        for listener in _listeners:
            listener(done, total)
        yield page
