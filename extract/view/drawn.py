"""A document's bytes → a page of it as a picture, or its cells and lines where it has no pages.

Made in a process of its own within limits of memory and time, as documents are read: what a publisher serves may crash
whoever draws it, and that must not be the server.
"""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import Any

from extract.children import child_command

_CLOCK_SECONDS = 60.0
_AT_ONCE = BoundedSemaphore(os.cpu_count() or 1)


class NotDrawnError(Exception):
    """A page cannot be drawn; the message says why."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as PNG; its size in points, in which places on it are told."""

    png: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of a sheet or table, row by row: text, row, column, last_row, last_column, counted from 1."""

    sheet: str | None
    table: int | None
    rows: list[list[dict[str, Any]]]


def picture(content: bytes, page_number: int) -> Picture:
    """A page of a PDF, turned as it is read.

    Raises:
        NotDrawnError: there is no such page, or it cannot be drawn within the limits.
    """
    size, _, png = _drawn(content, "picture", str(page_number)).partition(b"\n")
    return Picture(png, **json.loads(size))


def tables(content: bytes) -> list[Table]:
    """The tables of a document without pages, as far as it has no more than 20,000 cells.

    Raises:
        NotDrawnError: it cannot be read within the limits.
    """
    return [Table(**table) for table in json.loads(_drawn(content, "tables"))]


def _drawn(content: bytes, *task: str) -> bytes:
    command = child_command("extract.view.drawing:main", *task)
    try:
        with _AT_ONCE:
            done = subprocess.run(command, input=content, capture_output=True, timeout=_CLOCK_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise NotDrawnError(f"It takes more than {_CLOCK_SECONDS:.0f} seconds.") from error
    if done.returncode != 0:
        why = done.stderr.decode(errors="replace").strip().splitlines()
        raise NotDrawnError(why[-1] if why else f"Its process ended with status {done.returncode}.")
    return done.stdout
