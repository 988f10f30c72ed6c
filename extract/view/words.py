"""Codes of the published file → the Chinese words in which dashboards say them; the view says them in the same."""

from __future__ import annotations

from functools import cache

import yaml

from extract.settings import PROJECT


def word(of: str, code: str) -> str:
    """A code of a list of ``bi/words.yml`` in its word; one that stands in no list as it is."""
    return _words().get(of, {}).get(code, code)


@cache
def _words() -> dict[str, dict[str, str]]:
    loaded: dict[str, dict[str, str]] = yaml.safe_load((PROJECT / "bi" / "words.yml").read_text(encoding="utf-8"))
    return loaded
