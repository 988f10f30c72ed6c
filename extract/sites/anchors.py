"""A page → its links, each with its title and the date that stands beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from extract.sites.dates import date_in, date_of_address, without_date
from extract.sites.markup import MOST_LINKS, Markup
from extract.sites.words import pattern, tidy

_LONGEST_WAY = 12
_CUT = ("...", "…", "···", "．．．")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link of a page. ``is_way`` says that it belongs to the way to the page (首页 > 政务公开 > …)."""

    url: str
    title: str
    published_date: date | None
    is_way: bool


def anchors(page: Markup) -> Iterator[Anchor]:
    """Its links to web addresses, in their order."""
    for element in islice(page.root.iter("a", "area"), MOST_LINKS):
        if url := page.absolute(element.get("href")):
            title = _title(element)
            date_said = date_in(title) if title != without_date(title) else _date_beside(element)
            yield Anchor(url, without_date(title), date_said or date_of_address(url), _is_way(element))


def _title(element: Any) -> str:
    """What the link says: its text, or its title where the text is none or is cut."""
    text = tidy("".join(islice(element.itertext(), 200)))
    title = tidy(element.get("title") or "")
    if not text and not title:
        title = next((tidy(image.get("alt") or image.get("title") or "") for image in element.iter("img")), "")
    is_cut = text.endswith(_CUT) and len(title) > len(text.rstrip(".…·．"))
    return title if title and (not text or is_cut) else text


def _date_beside(element: Any) -> date | None:
    """The date in the smallest element around a link that holds no other link."""
    around = element
    for parent in islice(element.iterancestors(), 5):
        if parent.tag in ("body", "html") or len(list(islice(parent.iter("a"), 2))) > 1:
            break
        around = parent
    return date_in(" ".join(islice(around.itertext(), 50))[:2000])


def _is_way(element: Any) -> bool:
    for around in [element, *islice(element.iterancestors(), 6)]:
        names = f"{around.get('class') or ''} {around.get('id') or ''}"
        if pattern("crumbs").search(names):
            links = len(list(islice(around.iter("a"), _LONGEST_WAY + 1)))
            return around.tag not in ("body", "html") and links <= _LONGEST_WAY
    return False
