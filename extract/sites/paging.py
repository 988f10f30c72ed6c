"""A page of a list → the addresses of the list's other pages, in the forms that sites of all systems have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from urllib.parse import urljoin

from extract.sites.anchors import Anchor
from extract.sites.markup import Markup
from extract.sites.words import pattern, plain

_CALL = re.compile(
    r"createPage(?:HTML)?\(\s*[^,()]{1,60},\s*(?:\d+|parseInt\(\w+\)|\w+)\s*,\s*[\"'](\w+)[\"']\s*,\s*[\"'](\w+)[\"']"
)
_CALLED = re.compile(r"createPage(?:HTML)?\(\s*(\d+)\s*,")
_COUNT = re.compile(r"(?:count_?page|page_?count|total_?pages?)\s*=\s*[\"']?(\d+)", re.IGNORECASE)
_DIVISION = re.compile(r"Math\.ceil\(\s*(\d+)\s*/\s*(\d+)\s*\)")
_NUMBERS = re.compile(r"\d+")
_SIGNS = (">", ">>", "›", "»")
_MOST = 2_000


def scripted_pages(page: Markup, second: int) -> Iterator[str]:
    """The pages that a script would number (``createPageHTML(3, 0, "index", "html")``), after the first.

    ``second`` is the number that the second page bears: of TRS lists 1, of others 2.
    """
    for script in page.scripts:
        call = _CALL.search(script)
        count = _count(script) if call else 0
        if call and count > 1:
            for number in range(second, second + min(count, _MOST) - 1):
                yield urljoin(page.url, f"{call[1]}_{number}.{call[2]}")
            return


def linked_pages(page: Markup, links: list[Anchor]) -> Iterator[str]:
    """The pages that links name: 下一页; or a number or sign whose address differs from the page's in numbers only."""
    shape = _shape(page.url)
    for link in links:
        title = plain(link.title)
        is_sign = title in _SIGNS or (title.isdecimal() and len(title) <= 3)
        if link.url != page.url and (pattern("next_page").fullmatch(title) or (is_sign and _shape(link.url) == shape)):
            yield link.url
    for element in islice(page.root.iter("a", "link"), 20_000):
        if (element.get("rel") or "").lower() == "next" and (url := page.absolute(element.get("href"))):
            yield url


def _count(script: str) -> int:
    """How many pages a script says there are: in its call, as records by records of a page, or by name."""
    if match := _CALLED.search(script):
        return int(match[1][:6])
    if match := _DIVISION.search(script):
        return -(-int(match[1][:9]) // max(int(match[2][:9]), 1))
    match = _COUNT.search(script)
    return int(match[1][:6]) if match else 0


def _shape(url: str) -> str:
    """An address without its numbers; a list's first page may have none (index.html, and no ?page=1)."""
    return re.sub(r"_?#|[?&]\w+=#", "", _NUMBERS.sub("#", url))
