"""What a page of a site is and what it offers: the records that the readers of pages take and give."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

TroubleCode = Literal[
    "script_filled",
    "challenge",
    "error_page",
    "empty_list",
    "no_document",
    "unclear_redirect",
    "too_large",
    "not_allowed",
    "no_page",
]


@dataclass(frozen=True, slots=True)
class Page:
    """A page as fetched: its final address, its bytes, and what the response's header said of them."""

    url: str
    content: bytes
    media_type: str | None
    charset: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A document or a page to follow, with what the page says of it. ``url`` is absolute and has no fragment.

    ``goes_on`` marks the next part of the same list, or the page that this one sends its reader on to: such a step is
    no deeper one.
    """

    url: str
    title: str | None = None
    published_date: date | None = None
    publisher: str | None = None
    fiscal_year: int | None = None
    goes_on: bool = False


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a page does not give what it should.

    - ``script_filled``: a script fetches its list; ``challenge``: it tests for a browser, or a firewall refuses.
    - ``error_page``: an error served as a page; ``unclear_redirect``: a script sends its reader on, and not said where.
    - ``empty_list``: nothing on it is wanted; ``no_document``: a wanted article has no file.
    - ``too_large``: only its beginning was looked at; ``no_page``: it is no HTML.
    - ``not_allowed``: all that is wanted lies on hosts that the source does not allow.
    """

    code: TroubleCode
    message: str
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a page offers. A page that carries the tables itself is a document by its own address.

    ``elsewhere`` are wanted links to hosts that the source does not allow. ``is_article`` tells an article from a list,
    which may grow any day.
    """

    documents: tuple[Link, ...] = ()
    follow: tuple[Link, ...] = ()
    trouble: Trouble | None = None
    elsewhere: tuple[Link, ...] = ()
    is_article: bool = field(default=False, compare=False)
