"""Secrets of a house's own: made once, readable only by their owner."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path


def secret(path: Path) -> str:
    """The secret that a file keeps, which is made where it is missing."""
    if not path.exists():
        _write(path, secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8")


def passwords(path: Path, *users: str) -> Path:
    """The JSON file of users' passwords, made where it is missing: Airflow would print those that it makes itself."""
    if not path.exists():
        _write(path, json.dumps({user: secrets.token_urlsafe(18) for user in users}))
    return path


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(content)
