"""A page → what it says of itself: its title, its column, when and by which body it was published."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import islice

from extract.publisher import named_body
from extract.sites.dates import date_in, date_of_address
from extract.sites.markup import Markup
from extract.sites.words import tidy, words
from extract.vocabularies import vocabulary

_BEHIND = r"[】\]]?\s{0,5}[:：]?\s{0,5}"
_BODY = re.compile(r"[\w（）()·、\-]{2,40}")
_BODY_ENDINGS = (*vocabulary("documents")["body_endings"], *words("body_endings"))
# 第20中学, 市120急救中心: a number that is part of a name, and no date, count or place in a list
_NUMBER_IN_NAME = re.compile(r"(?<=[第省市州盟县区旗镇乡])(?:\d{1,3}|\d{5})(?![\d年月日号届次期批季条项个])")
_ENDING = re.compile(r"\.[A-Za-z]{2,4}$")


@dataclass(frozen=True, slots=True)
class About:
    """What a page says of itself; ``shown`` are the titles that a reader sees, besides the one that counts."""

    title: str | None
    shown: tuple[str, ...]
    column: str | None
    published_date: date | None
    publisher: str | None
    is_article: bool
    prints_one_date: bool


def about(page: Markup) -> About:
    """What the page says of itself, in its meta elements first, then in what a reader sees.

    A meta element with a title makes it an article; so may it that a page prints one date of publication.
    """
    title = _said(page, "meta_titles")
    shown = _shown_titles(page)
    printed = _printed_dates(page)
    return About(
        title=title or next(iter(shown), None),
        shown=shown,
        column=_said(page, "meta_columns"),
        published_date=date_in(_said(page, "meta_dates") or "")
        or (printed[0] if printed else date_of_address(page.url)),
        publisher=_publisher(page),
        is_article=title is not None,
        prints_one_date=len(set(printed)) == 1,
    )


def body_of(title: str) -> str | None:
    """The body that a title names: before its year, on its cover's words, or by being nothing but its name."""
    bare = _ENDING.sub("", title.strip())
    return named_body(bare[:200]) or (bare if is_body(bare) else None)


def is_body(name: str) -> bool:
    """Whether a text is the name of a body, and nothing else."""
    if not (_BODY.fullmatch(name) and name.endswith(_BODY_ENDINGS)):
        return False
    return not re.search(r"\d", _NUMBER_IN_NAME.sub("", name))


def _said(page: Markup, subject: str) -> str | None:
    return next((page.said[name] for name in words(subject) if name in page.said), None)


def _shown_titles(page: Markup) -> tuple[str, ...]:
    titles = (tidy("".join(islice(element.itertext(), 50))) for element in islice(page.root.iter("h1", "title"), 10))
    return tuple(title for title in titles if title)


def _printed_dates(page: Markup) -> list[date]:
    """The dates behind the first label of a date that the page has."""
    for label in words("dates"):
        matches = islice(re.finditer(label + _BEHIND, page.visible), 50)
        if found := [said for match in matches if (said := date_in(page.visible[match.end() : match.end() + 14]))]:
            return found
    return []


def _publisher(page: Markup) -> str | None:
    """The body that the page says published it; a person or a word in that place is none."""
    for label in words("publishers"):
        for match in islice(re.finditer(label + _BEHIND, page.visible), 20):
            name = _BODY.match(page.visible[match.end() : match.end() + 40])
            if name and is_body(name[0]):
                return name[0]
    said = _said(page, "meta_publishers")
    return said if said and is_body(said) else None
