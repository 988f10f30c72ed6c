"""Titles → whether the document, article or list behind them is wanted, and of which fiscal year it is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from extract.sites.words import pattern, plain

if TYPE_CHECKING:  # a source names its system, so sources import sites
    from extract.sources import Source

_YEAR = re.compile(r"(?<!\d)(20[0-4]\d)(?=年|(?:部门|单位)?预算)")
_SPELT = re.compile(r"二[〇○零O0Ｏ][〇○零O0Ｏ一二三四五六七八九]{2}年")
_DIGITS = str.maketrans("〇○零OＯ一二三四五六七八九", "00000123456789")
_ENDING = re.compile(r"\.[a-z]{2,4}$", re.IGNORECASE)
_SUBJECT = re.compile(r"预算|绩效目标")


def is_wanted(source: Source, title: str | None) -> bool:
    """Whether a title names a department's budget or targets, as the source sees it."""
    return bool(title) and _any(source.titles, "wanted", title or "") and not is_unwanted(source, title)


def is_unwanted(source: Source, title: str | None) -> bool:
    """Whether a title names what is not collected: final accounts, evaluations, rules."""
    return bool(title) and _any(source.unwanted, "unwanted", title or "")


def leads_to_budgets(title: str) -> bool:
    """Whether the title of a list says that budgets stand in it."""
    return bool(pattern("lists").search(plain(title)))


def says_nothing(title: str | None) -> bool:
    """Whether a title names no document (附件1, 点击下载, a number)."""
    return not title or bool(_bare().fullmatch(plain(title)))


def fiscal_year_in(title: str | None) -> int | None:
    """The year of a title: of several the last before the word 预算 (or 绩效目标), else the first."""
    text = _SPELT.sub(lambda match: match[0].translate(_DIGITS), plain(title or ""))
    found = list(_YEAR.finditer(text))
    if not found:
        return None
    subject = _SUBJECT.search(text)
    before = [match for match in found if subject and match.start() < subject.start()]
    return int((before[-1] if before else found[0])[1])


def is_of_wanted_year(source: Source, fiscal_year: int | None) -> bool:
    """Whether a year is one that the source collects; one that is not known may be."""
    return not source.fiscal_years or fiscal_year is None or fiscal_year in source.fiscal_years


def follows(source: Source, url: str, title: str) -> bool:
    """Whether the source's own patterns say that a link leads on."""
    return any(found.search(url) or found.search(title) for found in compiled(tuple(source.follow)))


@cache
def compiled(patterns: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    """The patterns of a source, compiled once."""
    return tuple(re.compile(said, re.IGNORECASE) for said in patterns)


def _any(own: Sequence[str], subject: str, title: str) -> bool:
    patterns = compiled(tuple(own)) or (pattern(subject),)
    named = _ENDING.sub("", plain(title))
    return any(found.search(named) for found in patterns)


@cache
def _bare() -> re.Pattern[str]:
    return re.compile(f"(?:{pattern('bare').pattern})*", re.IGNORECASE)
