"""The YAML beside this module → what is shown: datasets, words, dashboards; each thing has a UUID for good."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).resolve().parent
DASHBOARDS = FOLDER / "dashboards"
_OURS = uuid.UUID("6f1c1f3e-2c3b-5d9e-9a44-0b6a1d0f7c21")


def uuid_of(*names: str) -> str:
    """The UUID of a thing by its names, such as ``chart``, ``money``, ``bodies``: the same on every machine."""
    return str(uuid.uuid5(_OURS, "/".join(names)))


def datasets() -> dict[str, dict[str, Any]]:
    """The datasets by their names."""
    return _read(FOLDER / "datasets.yml")


def words() -> dict[str, dict[str, str]]:
    """The lists of words by their names: code → word."""
    return _read(FOLDER / "words.yml")


def defaults() -> dict[str, Any]:
    """What all charts of a kind share, the filters of all dashboards, and the words of their headings."""
    return _read(FOLDER / "defaults.yml")


def dashboards() -> dict[str, dict[str, Any]]:
    """The dashboards by their names, which are their addresses too, in the order of the menu."""
    found = {path.stem: _read(path) for path in DASHBOARDS.glob("*.yml")}
    return dict(sorted(found.items(), key=lambda item: item[1]["order"]))


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return content
