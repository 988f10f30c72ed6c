"""A page of any site → what it offers. What the site systems differ in is handed in as a ``System``.

A link is

- a document, if it is a file whose title, or the article or list that it stands in, is wanted;
- followed, if its title is wanted; or if it leads to an article with a body's name in a list of budgets; or if it leads
  to a list: one that the source's ``follow`` names, or, where that is empty, one whose title says that budgets stand in
  it, or one in a folder below that of a list of budgets. It never leads back up.

What is unwanted, of another fiscal year or on a host that the source does not allow is neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from extract.sites import troubles
from extract.sites.anchors import Anchor, anchors
from extract.sites.articles import About, about, body_of, is_body
from extract.sites.files import files_without_links, is_file
from extract.sites.markup import Markup, markup
from extract.sites.paging import linked_pages
from extract.sites.records import Found, Link, Page, Trouble
from extract.sites.wanted import (
    compiled,
    fiscal_year_in,
    follows,
    is_of_wanted_year,
    is_unwanted,
    is_wanted,
    leads_to_budgets,
    says_nothing,
)
from extract.sites.words import plain
from extract.vocabularies import vocabulary

if TYPE_CHECKING:  # a source names its system, so sources import sites
    from extract.sources import Source

_HEADINGS = frozenset(vocabulary("documents")["targets_headings"])
_LIST_PAGE = re.compile(r"(?:/|/(?:index|list|default)\w*\.\w+)$")


def _no_pages(_page: Markup) -> Iterable[str]:
    return ()


def _nothing(_page: Markup) -> str | None:
    return None


@dataclass(frozen=True, slots=True)
class System:
    """What is particular to the sites of one system.

    - ``articles`` is found in the addresses of its articles, and in no other;
    - ``other_pages`` gives the pages of a list that no link names;
    - ``script_mark`` says by what it is known that a script fetches the page's list, None where none does;
    - ``unfolded`` lays open what the text of a page hides, before it is read as HTML;
    - ``sends_on`` says where a page that only sends its reader on leads, besides what any site's page says of that.
    """

    articles: re.Pattern[str]
    other_pages: Callable[[Markup], Iterable[str]] = _no_pages
    script_mark: Callable[[Markup], str | None] = _nothing
    unfolded: Callable[[str], str] = str
    sends_on: Callable[[Markup], str | None] = _nothing


def read(system: System, source: Source, page: Page, by: Link | None = None) -> Found:
    """What a page offers; ``by`` is the link that led to it, and says what the page does not."""
    found = markup(page, system.unfolded)
    if found is None:
        return Found(trouble=troubles.no_page())
    if to := system.sends_on(found) or troubles.refreshed_to(found):
        return _sent_on(source, to, by)
    if trouble := troubles.challenge(found):
        return Found(trouble=trouble)
    seen = _Seen(system, source, found, by)
    onward = seen.onward()
    documents = seen.documents(is_all=not onward)
    cut = troubles.too_large(len(page.content)) if found.is_cut else None
    if documents or onward:
        offers = _allowed(source, documents, onward + seen.other_pages(), cut or seen.rest(documents, onward))
    else:
        offers = _without_offers(source, seen, cut)
    return replace(offers, is_article=seen.is_article)


def _without_offers(source: Source, seen: _Seen, cut: Trouble | None) -> Found:
    """Why a page offers nothing itself, and what may be looked at instead."""
    if trouble := troubles.refusal(seen.page) or troubles.error_page(seen.page):
        return Found(trouble=trouble)
    if to := troubles.scripted_to(seen.page):
        return _sent_on(source, to, seen.by)
    further = seen.frames()
    trouble = cut or troubles.unclear_redirect(seen.page) or (None if further else seen.trouble())
    return _allowed(source, [], further + seen.other_pages(), trouble)


def _sent_on(source: Source, to: str, by: Link | None) -> Found:
    """What a page offers that only leads to another one: that, as what led here."""
    return _allowed(source, [], [replace(by or Link(to), url=to, goes_on=True)], None)


def _allowed(source: Source, documents: list[Link], follow: list[Link], trouble: Trouble | None) -> Found:
    """What may be visited of that, each address once, and apart from it what may not."""
    files = {link.url for link in documents}
    every = [*_once(documents), *(link for link in _once(follow) if link.url not in files)]
    elsewhere = [link for link in every if not source.may_visit(link.url)]
    if elsewhere and len(elsewhere) == len(every):
        trouble = troubles.not_allowed({urlsplit(link.url).hostname or "" for link in elsewhere})
    return Found(
        documents=tuple(link for link in every if link.url in files and source.may_visit(link.url)),
        follow=tuple(link for link in every if link.url not in files and source.may_visit(link.url)),
        trouble=trouble,
        elsewhere=tuple(elsewhere),
    )


def _once(links: Iterable[Link]) -> list[Link]:
    """The links, each address once, with the first of its titles that names something."""
    found: dict[str, Link] = {}
    for link in links:
        if link.url not in found or (says_nothing(found[link.url].title) and not says_nothing(link.title)):
            found[link.url] = link
    return list(found.values())


class _Seen:
    """A page with what it says of itself."""

    def __init__(self, system: System, source: Source, page: Markup, by: Link | None) -> None:
        self.system, self.source, self.page, self.by = system, source, page, by
        self.links = list(anchors(page))
        self.own = compiled(source.attachments)
        self.about = _told(about(page), by)
        self.mark = system.script_mark(page)
        self.is_article = bool(
            self.about.is_article
            or system.articles.search(page.url)
            or (self.about.prints_one_date and self.mark is None)
        )
        self.year_of_start = _year_of_start(source, page.url)
        self.is_refused = is_unwanted(source, self.about.title)
        self.titles = [title for title in (self.about.title, self.about.column, *self.about.shown) if title]
        self.is_of_budgets = not self.is_refused and (
            self.year_of_start is not None
            or any(is_wanted(source, title) and (self.is_article or _is_pure(title)) for title in self.titles)
        )

    def documents(self, is_all: bool) -> list[Link]:
        """The files that are wanted, or the page itself with its tables; ``is_all`` where it offers nothing else."""
        found = [
            link
            for anchor in self.links
            if is_file(anchor.url, anchor.title, self.own) and (link := self._document(anchor))
        ]
        if self.is_of_budgets and (self.is_article or is_all):
            for url in files_without_links(self.page):
                if link := self._document(Anchor(url, "", None, is_way=False)):
                    found.append(link)
            if not found and self._carries_tables():
                found.append(self._of_page(self.page.url, self.about.title, None))
        return [link for link in found if is_of_wanted_year(self.source, link.fiscal_year)]

    def onward(self) -> list[Link]:
        """The articles and lists to look at next."""
        found = [
            self._onward(anchor) for anchor in self.links if anchor.url != self.page.url and self._leads_on(anchor)
        ]
        return [link for link in found if is_of_wanted_year(self.source, link.fiscal_year)]

    def other_pages(self) -> list[Link]:
        """The other pages of this list."""
        if self.is_article:
            return []
        pages = [*self.system.other_pages(self.page), *linked_pages(self.page, self.links)]
        return [Link(url, goes_on=True) for url in pages if url != self.page.url]

    def frames(self) -> list[Link]:
        """The pages that frames show, where a page has nothing itself."""
        shown = (self.page.absolute(frame.get("src")) for frame in islice(self.page.root.iter("iframe", "frame"), 20))
        return [Link(url, goes_on=True) for url in shown if url and url != self.page.url and self.source.may_visit(url)]

    def rest(self, documents: list[Link], onward: list[Link]) -> Trouble | None:
        """That a script fetches the list, where the page itself leads to other lists only."""
        if self.is_article or documents or any(self.system.articles.search(link.url) for link in onward):
            return None
        return troubles.script_filled(self.page, self.mark)

    def trouble(self) -> Trouble | None:
        """Why there is nothing here."""
        if self.is_article:
            return None if self.is_refused else troubles.nothing_wanted(is_article=True)
        return troubles.script_filled(self.page, self.mark) or troubles.nothing_wanted(is_article=False)

    def _document(self, anchor: Anchor) -> Link | None:
        """The file behind a link, if it is wanted for its own title or for what it stands in."""
        title = None if says_nothing(anchor.title) else anchor.title
        if is_unwanted(self.source, title):
            return None
        belongs = self.is_article or title is None or body_of(title) or fiscal_year_in(title)
        if not is_wanted(self.source, title) and not (self.is_of_budgets and belongs):
            return None
        return self._of_page(anchor.url, title or self.about.title, anchor.published_date)

    def _leads_on(self, anchor: Anchor) -> bool:
        here, there = _folder(self.page.url), _folder(anchor.url)
        is_article = bool(self.system.articles.search(anchor.url))
        if anchor.is_way or not anchor.title or is_unwanted(self.source, anchor.title):
            return False
        if is_file(anchor.url, anchor.title, self.own):
            return False
        if is_article:
            names_body = self.is_of_budgets and not self.is_article and is_body(anchor.title)
            return names_body or is_wanted(self.source, anchor.title)
        if here != there and here.startswith(there) and _LIST_PAGE.search(urlsplit(anchor.url).path):
            return False  # back up, to where the page was found from
        if follows(self.source, anchor.url, anchor.title) or is_wanted(self.source, anchor.title):
            return True
        return not self.source.follow and not self.is_article and self._is_deeper_list(anchor.title, here, there)

    def _is_deeper_list(self, title: str, here: str, there: str) -> bool:
        is_below = here != there and there.startswith(here) and not here.endswith(f"{urlsplit(self.page.url).netloc}/")
        of_budgets = self.is_of_budgets or any(map(leads_to_budgets, self.titles))
        return leads_to_budgets(title) or (is_below and of_budgets)

    def _carries_tables(self) -> bool:
        for table in self.page.root.iter("table"):
            if table.find(".//table") is None:
                cells = {plain("".join(islice(cell.itertext(), 20))) for cell in islice(table.iter("td", "th"), 200)}
                if len(cells & _HEADINGS) > 1:
                    return True
        return False

    def _of_page(self, url: str, title: str | None, published_date: date | None) -> Link:
        """A document with what its own title says, else the page, else the source."""
        said = self.about
        return Link(
            url,
            title or None,
            published_date or (said.published_date if self.is_article else None),
            body_of(title or "")
            or body_of(said.title or "")
            or self.source.publisher
            or (said.publisher if self.is_article else body_of(said.column or "")),
            fiscal_year_in(title) or self._year(),
        )

    def _onward(self, anchor: Anchor) -> Link:
        """A link to follow with what its own title says, else the source, else the column of the list."""
        column = self.about.column if not self.is_article else None
        body = body_of(anchor.title) or self.source.publisher or body_of(column or "")
        year = fiscal_year_in(anchor.title) or (self._year() if not self.is_article and self.is_of_budgets else None)
        return Link(anchor.url, anchor.title, anchor.published_date, body, year)

    def _year(self) -> int | None:
        return fiscal_year_in(self.about.title) or fiscal_year_in(self.about.column) or self.year_of_start


def _told(said: About, by: Link | None) -> About:
    """What a page says of itself; what it does not say, the link to it said."""
    if by is None:
        return said
    return replace(
        said,
        title=said.title if said.is_article or says_nothing(by.title) else by.title,
        published_date=said.published_date or by.published_date,
        publisher=said.publisher or by.publisher,
    )


def _year_of_start(source: Source, url: str) -> int | None:
    """The year of the start page in whose folder a page lies."""
    years = (start.fiscal_year for start in source.start if _folder(url).startswith(_folder(start.url)))
    return next((year for year in years if year), None)


def _folder(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path.rpartition('/')[0]}/"


def _is_pure(title: str | None) -> bool:
    """Whether the title of a list says nothing of final accounts."""
    return "决算" not in (title or "")
