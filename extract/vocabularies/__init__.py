"""The words of the field as data: one YAML file per subject, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

import yaml

LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # libyaml's, where it is built in, takes a tenth of the time


@cache
def vocabulary(name: str) -> dict[str, Any]:
    """The vocabulary of a subject, as its YAML file has it."""
    content = resources.files(__name__).joinpath(f"{name}.yml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.load(content, LOADER)
    return loaded


def by_name(groups: Mapping[str, Iterable[str]]) -> dict[str, str]:
    """Name → the group that lists it, of several the first."""
    found: dict[str, str] = {}
    for group, names in groups.items():
        for name in names:
            found.setdefault(name, group)
    return found
