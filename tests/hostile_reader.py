"""A reader for guarded processes of tests only: texts that name an evil do it, all others are read as ever."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from dataclasses import replace

from extract import document
from extract.hints import Hints
from extract.readers.wanted import Wanted
from extract.records import Document, Reading

_documents_read = 0
_read = document.read


def document_of(content: bytes, hints: Hints) -> Document:
    global _documents_read  # noqa: PLW0603 - it is about a process that reads more than one
    _documents_read += 1
    if content.startswith(b"evil: "):
        _do(content.split()[1].decode())
    return replace(document.document_of(content, hints), title=str(os.getpid()))


def _do(evil: str) -> None:
    if evil == "segfault":
        ctypes.string_at(0)
    elif evil == "exit":
        os._exit(0)
    elif evil == "abort":
        os.abort()
    elif evil == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif evil == "memory":
        held = []
        while True:
            held.append(bytes(1 << 20))  # never touched: no processor time, whose limit would strike first
    elif evil == "busy":
        while True:
            pass
    elif evil == "asleep":
        time.sleep(3600)
    elif evil == "second" and _documents_read > 1:
        os._exit(1)
    elif evil == "large":
        _ = b"x" * (150 << 20)


def _fails(content: bytes, wanted: Wanted) -> Reading:
    if "乙市".encode() in content:
        raise ZeroDivisionError("a defect of the reader")
    return _read(content, wanted)


document.read = _fails  # type: ignore[attr-defined]
