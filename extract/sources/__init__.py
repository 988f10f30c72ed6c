"""Sources: one YAML file per publisher, disclosure list or folder, read strictly."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources

import yaml


@dataclass(frozen=True, slots=True)
class Source:
    """Where documents come from. ``system`` names the kind of site, or ``folder``."""

    source_id: str
    system: str
    description: str
    enabled: bool


def sources() -> dict[str, Source]:
    """Every source by its id.

    Raises:
        ValueError: a file has unknown or missing keys, or its name is not its id.
    """
    found = {}
    for entry in sorted(resources.files(__name__).iterdir(), key=lambda entry: entry.name):
        if entry.name.endswith(".yml"):
            try:
                source = Source(**yaml.safe_load(entry.read_text(encoding="utf-8")))
            except TypeError as error:
                raise ValueError(f"{entry.name}: {error}") from error
            if entry.name != f"{source.source_id}.yml":
                raise ValueError(f"{entry.name}: source_id is {source.source_id}; name the file after it")
            found[source.source_id] = source
    return found
