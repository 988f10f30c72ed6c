"""Printed text → the text of records: line breaks out, names tidied, blanks told from content."""

from __future__ import annotations

import re
from functools import lru_cache

from extract.vocabularies import vocabulary

_CHINESE = r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff\u3000-\u303f\uff00-\uffef]"
_BETWEEN_CHINESE = re.compile(rf"(?<={_CHINESE})\s+(?={_CHINESE})")
_LATIN = re.compile("[A-Za-z]")
_LATIN_BREAK = re.compile(r"(?<=[A-Za-z])[ \t]*[\r\n]+[ \t]*(?=[A-Za-z])")
_MASK = re.compile(r"(?:[*＊]\s*){3}")
_BRACKETED = re.compile(r"[（(][^（）()]*[）)]")
_BLANKS = frozenset(vocabulary("indicators")["blanks"])
_remembered = lru_cache(maxsize=20_000)
"""Layouts ask about the same cells again and again; a document has a few thousand."""


def unspaced(text: str) -> str:
    """The text without any white space."""
    return "".join(text.split())


@_remembered
def unwrapped(text: str) -> str:
    """The text without its line breaks: Chinese wraps anywhere, so only two Latin words keep a space between them."""
    if "\n" not in text and "\r" not in text:
        return text.strip()
    if _LATIN.search(text):
        text = _LATIN_BREAK.sub(" ", text)
    return "".join([line.strip(" \t\u3000") for line in text.replace("\r", "\n").split("\n")]).strip()


@_remembered
def joined_chinese(text: str) -> str:
    """The unwrapped text without white space between Chinese characters, which only wrapping leaves there."""
    line = unwrapped(text)
    return _BETWEEN_CHINESE.sub("", line) if len(line.split(None, 1)) > 1 else line


@_remembered
def tidy_name(text: str) -> str:
    """A name as records carry it: no line breaks, no white space between Chinese characters, no trailing colon."""
    return joined_chinese(text).rstrip(":：").rstrip()


def is_blank(text: str) -> bool:
    """Whether a cell prints nothing, or only a sign for nothing."""
    stripped = text.strip()
    return not stripped or stripped in _BLANKS


def is_masked(*texts: str) -> bool:
    """Whether asterisks stand for words that are not to be read: ***专项 (某某 and a footnote's * are no mask)."""
    return any(_MASK.search(text) for text in texts)


@_remembered
def label(text: str) -> str:
    """A heading as vocabularies know it: without white space, brackets with their content and trailing colons."""
    return _BRACKETED.sub("", unspaced(text)).rstrip(":：")
