"""The vocabulary of sites → compiled patterns, and a title as they see it."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from extract.vocabularies import vocabulary

_SPACE = re.compile(r"\s+")
_LONGEST = 500


@cache
def pattern(name: str) -> re.Pattern[str]:
    """The pattern of a subject in ``vocabularies/sites.yml``, as one alternative of all that stand there."""
    said = vocabulary("sites")[name]
    return re.compile("|".join(said) if isinstance(said, list) else said, re.IGNORECASE)


@cache
def words(name: str) -> tuple[str, ...]:
    """The list of a subject in ``vocabularies/sites.yml``."""
    return tuple(vocabulary("sites")[name])


def plain(title: str) -> str:
    """A title without white space, its full-width digits, letters and brackets as plain ones, and not endless."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", title[:_LONGEST]))


def tidy(text: str) -> str:
    """A text in one line, not endless."""
    return _SPACE.sub(" ", text[: 4 * _LONGEST]).strip()[:_LONGEST]
