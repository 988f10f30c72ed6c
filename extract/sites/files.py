"""Which links of a page are files, and the files that stand in no link: in frames, viewers and scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import parse_qsl, unquote, urlsplit

from extract.sites.markup import Markup
from extract.sites.words import pattern, words

_ENDING = re.compile(rf"\.(?:{'|'.join(words('endings'))})$", re.IGNORECASE)
_QUOTED = re.compile(rf"""["']([^"'<>\s]{{1,1000}}\.(?:{"|".join(words("endings"))}))["']""", re.IGNORECASE)
_MOST = 500


def is_file(url: str, title: str, patterns: tuple[re.Pattern[str], ...] = ()) -> bool:
    """Whether a link gives a file: its path, its query or its title ends as one, or it is a download's."""
    parts = urlsplit(url)
    path = unquote(parts.path)
    if pattern("pictures").search(path):
        return False
    return bool(
        _ENDING.search(path)
        or "/attachment/" in path.lower()
        or any(_ENDING.search(value) for value in _values(parts.query))
        or pattern("downloads").search(unquote(url))
        or _ENDING.search(title.strip())
        or any(found.search(url) for found in patterns)
    )


def files_without_links(page: Markup) -> Iterator[str]:
    """The absolute addresses of files that frames show, or that scripts and what a click does name."""
    for element in islice(page.root.iter("iframe", "frame", "embed", "object"), _MOST):
        url = page.absolute(element.get("src") or element.get("data"))
        if url:
            yield from _shown(page, url)
    for text in _texts(page):
        for match in islice(_QUOTED.finditer(text), _MOST):
            for part in match[1].replace("\\/", "/").split("#"):  # several files in one text of hanweb's
                url = page.absolute(part)
                if url and _ENDING.search(urlsplit(url).path):
                    yield url


def _shown(page: Markup, url: str) -> Iterator[str]:
    """The file that a frame shows itself, or by a viewer that is told its address."""
    parts = urlsplit(url)
    if _ENDING.search(parts.path):
        yield url
    for value in _values(parts.query):
        if _ENDING.search(value) and (file := page.absolute(value)):
            yield file


def _values(query: str) -> list[str]:
    return [value for _, value in parse_qsl(query[:4000])]


def _texts(page: Markup) -> Iterator[str]:
    yield from page.scripts
    for element in islice(page.root.iter("a", "button", "span", "div", "li", "td"), 50_000):
        if clicked := element.get("onclick"):
            yield clicked[:2000]
        href = element.get("href")
        if href and href.lower().startswith("javascript:"):
            yield href[:2000]
