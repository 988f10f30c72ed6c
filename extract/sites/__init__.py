"""Sites: a fetched page of a publisher → the documents it offers and the pages to look at next.

Pure: nothing here fetches. A *site system* is what many publishers' sites have in common; each is a module that
registers itself in ``SITES``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from extract.sources import Source

TroubleCode = Literal["script_filled", "challenge", "error_page", "empty_list", "no_page"]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as fetched: its final address, its bytes, and what the response's header said of them."""

    url: str
    content: bytes
    media_type: str | None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A document or a page to follow, with what the page says of it. ``url`` is absolute and has no fragment."""

    url: str
    title: str | None = None
    published_date: date | None = None
    publisher: str | None = None
    fiscal_year: int | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a page does not give what it should: ``script_filled`` and ``challenge`` need a browser, ``error_page`` is an
    error served as a page, ``empty_list`` offers nothing, ``no_page`` is no HTML.
    """

    code: TroubleCode
    message: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a page offers. A page that carries the tables itself is a document by its own address."""

    documents: tuple[Link, ...] = ()
    follow: tuple[Link, ...] = ()
    trouble: Trouble | None = None


SITES: dict[str, Callable[[Source, Page], Found]] = {}
"""The site systems by name."""


def read_page(source: Source, page: Page) -> Found:
    """What a page of a source offers; whatever its bytes are, this raises nothing.

    Raises:
        KeyError: the source's system has no module.
    """
    return SITES[source.system](source, page)
