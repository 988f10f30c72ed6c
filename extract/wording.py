"""Printed text → the text of records: line breaks out, names tidied, blanks told from content."""

from __future__ import annotations

import re
from functools import lru_cache

from extract.vocabularies import vocabulary

_CHINESE = r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3000-\u303f\uff00-\uffef]"
_BETWEEN_CHINESE = re.compile(rf"(?<={_CHINESE})\s+(?={_CHINESE})")
_BREAK = re.compile(r"[ \t\u3000]*[\r\n]+[ \t\u3000]*")
_LATIN_BREAK = re.compile(r"(?<=[A-Za-z])[ \t]*[\r\n]+[ \t]*(?=[A-Za-z])")
_MASK = re.compile(r"(?:[*＊]\s*){3}")
_SPACE = re.compile(r"\s+")
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
_remembered = lru_cache(maxsize=20_000)
"""Layouts ask about the same cells again and again; a document has a few thousand."""


@_remembered
def unwrapped(text: str) -> str:
    """The text without its line breaks: Chinese wraps anywhere, so only two Latin words keep a space between them."""
    return _BREAK.sub("", _LATIN_BREAK.sub(" ", text)).strip()


@_remembered
def joined_chinese(text: str) -> str:
    """The unwrapped text without white space between Chinese characters, which only wrapping leaves there."""
    return _BETWEEN_CHINESE.sub("", unwrapped(text))


@_remembered
def tidy_name(text: str) -> str:
    """A name as records carry it: no line breaks, no white space between Chinese characters, no trailing colon."""
    return joined_chinese(text).rstrip(":：").rstrip()


def is_blank(text: str) -> bool:
    """Whether a cell prints nothing, or only a sign for nothing."""
    stripped = text.strip()
    return not stripped or stripped in vocabulary("indicators")["blanks"]


def is_masked(*texts: str) -> bool:
    """Whether asterisks stand for words that are not to be read: ***专项 (某某 and a footnote's * are no mask)."""
    return any(_MASK.search(text) for text in texts)


@_remembered
def label(text: str) -> str:
    """A heading as vocabularies know it: without white space, brackets with their content and trailing colons."""
    return _BRACKETED.sub("", _SPACE.sub("", text)).rstrip(":：")
