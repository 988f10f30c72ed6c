"""Fetched bytes → a page whose elements, addresses and texts can be asked for; no bytes make that raise."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

from lxml import etree

from extract.charset import decoded
from extract.sites.records import Page

LARGEST_BYTES = 5_000_000
MOST_LINKS = 20_000
"""What is looked at of a page: lists of thousands of links stay below."""

_MOST_TEXT = 200_000
_SIGNATURES = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff")
_NOT_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_ENDS = re.compile(r"</(?:html|body)\s{0,9}>", re.IGNORECASE)
_SESSION = re.compile(r";jsessionid=[^?]*", re.IGNORECASE)
_NO_TEXT = frozenset(["script", "style", "head", "template", "noscript", "option"])


@dataclass(frozen=True)
class Markup:
    """A page of a site as elements. ``text`` is the source it was made of."""

    url: str
    text: str
    root: Any
    is_cut: bool

    @cached_property
    def base(self) -> str:
        """What its addresses are relative to."""
        said = next((element.get("href") for element in self.root.iter("base") if element.get("href")), None)
        return (said and self._joined(self.url, said)) or self.url

    def absolute(self, href: str | None) -> str | None:
        """An address of the page as an absolute one without fragment and session; None where it is no web address."""
        return self._joined(self.base, href) if href else None

    @cached_property
    def said(self) -> dict[str, str]:
        """What its meta elements say, the first of a name, by their names in small letters."""
        found: dict[str, str] = {}
        for element in self.root.iter("meta"):
            name = (element.get("name") or element.get("property") or "").strip().lower()
            content = (element.get("content") or "").strip()
            if name and content:
                found.setdefault(name, content[:500])
        return found

    @cached_property
    def scripts(self) -> tuple[str, ...]:
        """The texts of its scripts."""
        return tuple(element.text for element in self.root.iter("script") if element.text)

    @cached_property
    def visible(self) -> str:
        """What a reader sees of it (its beginning, if it is long), one space between elements."""
        pieces: list[str] = []
        size = 0
        walk = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if not isinstance(element.tag, str) or element.tag in _NO_TEXT:
                    walk.skip_subtree()
                    continue
                # a sign without text may say in its title what the next text is (发布机构)
                text = element.text or ("" if len(element) else element.get("title"))
            else:
                text = element.tail
            if text and text.strip():
                pieces.append(" ".join(text.split()))
                size += len(pieces[-1])
                if size > _MOST_TEXT:
                    break
        return " ".join(pieces)[:_MOST_TEXT]

    @staticmethod
    def _joined(base: str, href: str) -> str | None:
        href = "".join(href.split()).replace("\\", "/") if len(href) < 4000 else ""
        try:
            parts = urlsplit(urljoin(base, href))
            if not href or href.startswith("#") or parts.scheme not in ("http", "https") or not parts.hostname:
                return None
            host = parts.netloc.rsplit("@", 1)[-1].lower().encode("idna" if not parts.netloc.isascii() else "ascii")
            path = quote(_SESSION.sub("", parts.path) or "/", safe="/%:@!$&'()*+,;=~-._")
            query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?[]|")
        except ValueError:
            return None
        return urlunsplit((parts.scheme, host.decode("ascii"), path, query, ""))


def markup(page: Page, unfolded: Callable[[str], str] = str) -> Markup | None:
    """The elements of a page, None where its bytes are no HTML; ``unfolded`` lays open what its text hides."""
    content = page.content[:LARGEST_BYTES]
    if not content.strip() or content.startswith(_SIGNATURES):
        return None
    text = _NOT_CHARACTERS.sub("", decoded(content, page.charset))
    if "<" not in text:
        return None
    text = _ENDS.sub("", unfolded(text))  # sites put pages together: what stands behind an end is read, too
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError:
        return None
    if root is None:
        return None
    has_more = any(True for _ in islice(root.iter("a", "area"), MOST_LINKS, None))
    return Markup(page.url, text, root, len(page.content) > LARGEST_BYTES or has_more)
