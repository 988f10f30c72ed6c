"""A file of the house that appears whole or not at all, whatever interrupts its writing."""

from __future__ import annotations

import os
import uuid
from pathlib import Path

UNFINISHED = ".new-"
"""What the name of a file begins with that is still being written, or whose writing was interrupted."""


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place, through to the disk, then move it there; its folder is made if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(UNFINISHED + uuid.uuid4().hex)
    with temporary.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
