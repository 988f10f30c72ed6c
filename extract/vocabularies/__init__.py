"""The words of the field as data: one YAML file per subject, read once."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """The vocabulary of a subject, as its YAML file has it."""
    content = resources.files(__name__).joinpath(f"{name}.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(content)
    return loaded
