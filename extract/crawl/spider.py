"""Spider: the pages of a source from its start pages on, the documents they offer, and those it knows from before.

Lists are asked for at every crawl; known documents and articles only when they are due (``extract/due.py``), or when
the link to them shows something else than before. What is not known is asked first, so that a crawl that is cut short
brings something new each time.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urldefrag, urlsplit

import scrapy
from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response
from twisted.python.failure import Failure

from extract.crawl.addresses import PrivateAddressError
from extract.crawl.manners import Gate, LeftAloneError, OutsideError, RobotsForbidError
from extract.crawl.messages import Crawl, Ended, PageSeen
from extract.crawl.pages import Pages, Remembered, way_of_reading
from extract.crawl.sentences import (
    is_endless_redirect,
    is_too_large,
    outcome_of_status,
    status_sentence,
    what_failed,
)
from extract.due import content_since, is_due
from extract.receive import Arrival, Receiver, keeping, looking
from extract.records import Known, Listing, Lists, Observation, Outcome
from extract.sites import Found, Link, Page, Trouble, TroubleCode, read_page
from extract.sniff import media_type
from extract.tombstones import forgotten_ids

Event = PageSeen | Observation | Ended

# the higher, the sooner
_START, _NEW_DOCUMENT, _NEW_PAGE, _KNOWN_PAGE, _KNOWN_DOCUMENT = 40, 30, 20, 10, 0
_PAGES = ("text/html", "application/xml")
_GONE = (404, 410)
_MOST_REFRESHES = 8
# an answer came, and was no page of documents: the server is in no trouble
_REFUSED: tuple[TroubleCode, ...] = ("empty_list", "no_document", "not_allowed")
_NO_DOCUMENT: tuple[TroubleCode, ...] = ("challenge", "error_page", "unclear_redirect")


class SourceSpider(scrapy.Spider):
    """Crawls one source, and tells every event as it happens."""

    name = "source"

    def __init__(self, request: Crawl, tell: Callable[[Event], None], **arguments: Any) -> None:
        super().__init__(**arguments)
        self._source = request.source
        self._limits = request.limits
        self._force = request.force
        self._known = request.known
        self._tell = tell
        self._pages = (
            Pages(request.house.pages / request.source.source_id, forgotten_ids(request.house))
            if request.store
            else Pages(None)
        )
        self._receiver = Receiver(
            request.known,
            keeping(request.house) if request.store else looking(),
            request.limits.largest_bytes,
            is_site=True,
            force=request.force,
        )
        self._now = datetime.now(UTC)
        self._way_of_reading = way_of_reading(request.source)
        self._seen: set[str] = set()
        self._listed: set[str] = set()
        self._not_due = 0
        self._outside: set[str] = set()
        self._page_count = 0
        self._document_count = 0
        self._too_deep: list[str] = []
        self._too_many: list[str] = []
        self._started = False
        self._asks_for_unlisted = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> SourceSpider:
        """As Scrapy makes it."""
        spider: SourceSpider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_idle, signals.spider_idle)
        crawler.signals.connect(spider.on_error, signals.spider_error)
        crawler.signals.connect(spider.on_closed, signals.spider_closed)
        return spider

    # --- asking ---------------------------------------------------------------------------------------------------

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the start pages."""
        for page in self._source.start:
            link = Link(page.url, publisher=self._source.publisher, fiscal_year=page.fiscal_year)
            for request in await self._page_requests([link], depth=0):
                yield request

    async def _page_requests(self, links: Iterable[Link], depth: int) -> list[Request]:
        """The requests for pages; for one that is not due, those for what it leads to."""
        requests: list[Request] = []
        for link in links:
            if link.url in self._seen:
                continue
            if depth > self._source.politeness.max_depth:
                self._too_deep.append(link.url)
                continue
            remembered = None if self._force else self._pages.of(link.url)
            before = self._known.get(link.url)
            is_file = before is not None and before.media_type not in _PAGES
            if depth and remembered is not None and not self._is_page_due(link, remembered):
                self._seen.add(link.url)
                further = await self._left_unasked(link, remembered, depth)
                if further is not None:
                    requests += further
                    continue
            elif depth and is_file and before is not None and self._waits(link, before):
                self._listed.add(link.url)
                continue
            if self._page_count >= self._source.politeness.max_pages:
                self._too_many.append(link.url)
                continue
            self._seen.add(link.url)
            self._page_count += 1
            priority = _START if depth == 0 else _NEW_PAGE if remembered is None else _KNOWN_PAGE
            asked_with = remembered or (before if is_file and not self._force else None)
            arguments = {"depth": depth, "remembered": remembered}
            requests.append(self._request(link, self.on_page, priority, asked_with, arguments))
        return requests

    def _document_requests(self, links: Iterable[Link], anew_at: datetime | None = None) -> list[Request]:
        """The requests for documents that are not known, or due; due are those not asked for since ``anew_at``."""
        requests: list[Request] = []
        for link in links:
            before = self._known.get(link.url)
            if link.url in self._seen or (before is not None and self._waits(link, before, anew_at)):
                continue
            if self._document_count != self._limits.documents:
                self._seen.add(link.url)
                self._document_count += 1
                priority = _NEW_DOCUMENT if before is None else _KNOWN_DOCUMENT
                requests.append(self._request(link, self.on_document, priority, None if self._force else before, {}))
        return requests

    # --- leaving unasked ------------------------------------------------------------------------------------------

    def _waits(self, link: Link, before: Known, anew_at: datetime | None = None) -> bool:
        """Whether a known document is not asked for now; it is noted, and not thought of again in this crawl."""
        if self._force or not before.gave_bytes or before.since is None or before.asked_at is None:
            return False
        is_anew = anew_at is not None and before.asked_at < anew_at
        is_anew |= _shown(self._listing(link)) != _shown(before.listing)
        if is_anew or self._is_due(before.asked_at, before.since):
            return False
        self._seen.add(link.url)
        self._not_due += 1
        return True

    def _is_page_due(self, link: Link, remembered: Remembered) -> bool:
        if remembered.asked_at is None or remembered.since is None or remembered.shown != _digest(_shown(link)):
            return True
        return self._is_due(remembered.asked_at, remembered.since)

    def _is_due(self, asked_at: datetime, since: datetime) -> bool:
        return is_due(asked_at, since, self._now, self._source.politeness.recheck_days)

    async def _left_unasked(self, link: Link, remembered: Remembered, depth: int) -> list[Request] | None:
        """The requests for what an article leads to that is not due; None where it must be asked for nonetheless."""
        page = Page(remembered.url, remembered.content, remembered.media_type, remembered.charset)
        if remembered.read_as == self._way_of_reading:
            found = Found(remembered.offers, is_article=True)
        else:
            found = await asyncio.to_thread(read_page, self._source, page, link)
        if not _may_wait(found):
            return None
        own = {urldefrag(url).url for url in (page.url, link.url)}
        for document in found.documents:
            before = self._known.get(link.url)
            if document.url in own and (before is None or not self._waits(_as(link, document), before)):
                return None
        return await self._led_to(found, link, own, depth, remembered.anew_at)

    def _request(
        self,
        link: Link,
        callback: Callable[..., Any],
        priority: int,
        asked_with: Remembered | Known | None,
        arguments: dict[str, Any],
    ) -> Request:
        headers = {}
        if asked_with is not None and asked_with.etag:
            headers["If-None-Match"] = asked_with.etag
        if asked_with is not None and asked_with.last_modified:
            headers["If-Modified-Since"] = asked_with.last_modified
        return Request(
            link.url,
            callback,
            headers=headers,
            priority=priority,
            errback=self.on_failure,
            cb_kwargs={"link": link, **arguments},
            meta={"link": link},
            dont_filter=True,
        )

    # --- pages ----------------------------------------------------------------------------------------------------

    async def on_page(
        self, response: Response, link: Link, depth: int, remembered: Remembered | None
    ) -> AsyncIterator[Request]:
        """Read a page and ask for what it leads to."""
        self._note(response)
        if response.status == 304 and remembered is not None:
            page = Page(remembered.url, remembered.content, remembered.media_type, remembered.charset)
        elif response.status == 304 and link.url in self._known:
            self._listed.add(link.url)
            await self._tell_all(self._receiver.unchanged(self._listing(link), 304, _seconds(response)))
            return
        elif response.status != 200:
            self._tell_status(link, response)
            return
        else:
            kind, charset = _content_type(response)
            page = Page(response.url, response.body, kind, charset)
            if media_type(page.content) not in _PAGES:  # a link to a list or an article that is the file itself
                self._listed.add(link.url)
                await self._receive(response, link, page.content)
                return
        found = await asyncio.to_thread(read_page, self._source, page, link)
        anew_at = None if remembered is None else remembered.anew_at
        if remembered is not None and remembered.shown not in (None, _digest(_shown(link))):
            anew_at = datetime.now(UTC)
        for request in await self._read(response, page, found, link, depth, anew_at=anew_at):
            yield request
        if response.status == 200 or _may_wait(found):
            said = replace(self._as_remembered(response, page, found, link, remembered), anew_at=anew_at)
            await asyncio.to_thread(self._pages.remember, link.url, said)

    def _as_remembered(
        self, response: Response, page: Page, found: Found, link: Link, before: Remembered | None
    ) -> Remembered:
        etag, last_modified = _validators(response)
        if response.status == 304 and before is not None:
            etag, last_modified = etag or before.etag, last_modified or before.last_modified
        said = Remembered(page.url, page.content, page.media_type, page.charset, etag, last_modified)
        if not _may_wait(found):
            return said
        asked_at = datetime.now(UTC)
        since = None if before is None else before.since
        if since is None:
            since = content_since(asked_at, last_modified, link.published_date)
        elif before is not None and before.offers != found.documents:
            since = content_since(asked_at, last_modified, None)
        return replace(
            said,
            asked_at=asked_at,
            since=since,
            offers=found.documents,
            read_as=self._way_of_reading,
            shown=_digest(_shown(link)),
        )

    async def _read(
        self, response: Response, page: Page, found: Found, link: Link, depth: int, *, anew_at: datetime | None = None
    ) -> list[Request]:
        """The requests for what a page that came leads to; what it says and is itself is told."""
        own = {urldefrag(url).url for url in (page.url, response.url, link.url)}
        self._started |= depth == 0 and found.trouble is None
        self._tell(PageSeen(link.url, link.title, response.status, len(found.documents), len(found.follow)))
        is_later_page = link.goes_on and found.trouble is not None and found.trouble.code == "empty_list"
        if found.trouble is not None and not is_later_page:  # the last pages of a list may hold what nobody wants
            self._tell_page_trouble(link, response, found.trouble)
        for document in found.documents:
            if document.url in own:
                await self._receive(response, _as(link, document), page.content)
        self._tell_elsewhere(found)
        return await self._led_to(found, link, own, depth, anew_at)

    async def _led_to(
        self, found: Found, link: Link, own: set[str], depth: int, anew_at: datetime | None
    ) -> list[Request]:
        self._listed |= {link.url if document.url in own else document.url for document in found.documents}
        documents = [_inherited(document, link) for document in found.documents if document.url not in own]
        follow = [_inherited(further, link) for further in found.follow if further.url not in own]
        deeper = [further for further in follow if not further.goes_on]
        return [
            *self._document_requests(documents, anew_at),
            *await self._page_requests((further for further in follow if further.goes_on), depth),
            *await self._page_requests(deeper, depth + 1),
        ]

    def _tell_elsewhere(self, found: Found) -> None:
        """Tell once of each host on which wanted things lie, and which the source does not allow."""
        for link in found.elsewhere:
            host = urlsplit(link.url).hostname or link.url
            if host not in self._outside:
                self._outside.add(host)
                self._tell_trouble(link, "refused", f"{host} is no host of this source; if it is, add it to hosts")

    # --- documents ------------------------------------------------------------------------------------------------

    async def on_document(self, response: Response, link: Link) -> AsyncIterator[Request]:
        """Receive a document, or go where the page leads that came in its place."""
        self._note(response)
        listing = self._listing(link)
        if response.status == 304 and link.url in self._known:
            await self._tell_all(self._receiver.unchanged(listing, 304, _seconds(response)))
        elif response.status in _GONE and link.url in self._known:
            await self._tell_all(self._receiver.gone(listing, response.status, _seconds(response)))
        elif response.status != 200:
            self._tell_status(link, response)
        elif media_type(response.body) in _PAGES:
            for request in await self._on_page_for_document(response, link):
                yield request
        else:
            await self._receive(response, link, response.body)

    async def _on_page_for_document(self, response: Response, link: Link) -> list[Request]:
        """A page instead of a file says why it came, sends on to the file, or offers it; else it is the document."""
        page = Page(response.url, response.body, *_content_type(response))
        found = read_page(self._source, page, link)
        refreshes = response.meta.get("refreshes", 0)
        if found.trouble is not None and found.trouble.code in _NO_DOCUMENT:
            self._tell_page_trouble(link, response, found.trouble, is_for_document=True)
        elif found.follow and all(further.goes_on for further in found.follow) and not found.documents:
            if refreshes < _MOST_REFRESHES:
                assert response.request is not None
                again: Request = response.request.replace(url=found.follow[0].url)
                again.meta["refreshes"] = refreshes + 1
                again.meta["redirect_urls"] = [*again.meta.get("redirect_urls", []), response.url]
                return [again]
            self._tell_trouble(link, "failed", "it redirects again and again", request=response.request)
        elif any(document.url != response.url for document in found.documents):
            return await self._read(response, page, found, link, self._source.politeness.max_depth)
        else:
            await self._receive(response, link, response.body)
        return []

    async def _receive(self, response: Response, link: Link, content: bytes) -> None:
        etag, last_modified = _validators(response)
        arrival = Arrival(
            self._listing(link),
            content,
            status_code=response.status,
            etag=etag,
            last_modified=last_modified,
            duration_seconds=_seconds(response),
            final_url=response.url if response.meta.get("redirect_urls") else None,
            message=_tries(response.request, in_vain=False),
        )
        await self._tell_all(self._receiver.receive(arrival))

    def _listing(self, link: Link) -> Listing:
        return Listing(
            self._source.source_id,
            link.url,
            link.title,
            link.published_date,
            link.publisher or self._source.publisher,
            link.fiscal_year,
        )

    # --- what goes wrong ------------------------------------------------------------------------------------------

    def on_failure(self, failure: Failure) -> None:
        """Tell why a request gave no answer."""
        request, error = failure.request, failure.value  # type: ignore[attr-defined]
        assert error is not None
        if isinstance(error, LeftAloneError):
            return  # told once for its host, at the end
        outcome: Outcome = "failed"
        message = what_failed(error)
        if isinstance(error, OutsideError | PrivateAddressError):
            outcome = "refused"
        elif isinstance(error, RobotsForbidError):
            outcome = "blocked"
        elif is_too_large(error):
            outcome = "refused"
            most = f"{self._limits.largest_bytes / 1e6:.0f} MB"
            message = f"more than {most}; if it is a document, raise JIXIAO_LARGEST_DOWNLOAD_MB"
        elif is_endless_redirect(error):
            message = "it redirects again and again"
        else:
            self._gate.note(request.url, answered=False)
            message = "; ".join(part for part in (message, _tries(request, in_vain=True)) if part)
        self._tell_trouble(request.meta["link"], outcome, message, request=request)

    def on_error(self, failure: Failure, response: Response) -> None:
        """Tell an address on which this crawl itself failed; everything else goes on."""
        message = f"the crawl itself failed on it: {type(failure.value).__name__}: {failure.value}; report it"
        self._tell_trouble(response.meta["link"], "failed", message, status_code=response.status)

    def _tell_status(self, link: Link, response: Response) -> None:
        tried = _tries(response.request, in_vain=True)
        said = [
            f"{name}: {value.decode('latin-1')}"
            for name in ("Location", "Retry-After")
            if (value := response.headers.get(name))
        ]
        parts = [status_sentence(response.status), *said, tried]
        self._tell_trouble(
            link,
            outcome_of_status(response.status),
            "; ".join(part for part in parts if part),
            request=response.request,
            status_code=response.status,
        )

    def _tell_page_trouble(
        self, link: Link, response: Response, trouble: Trouble, *, is_for_document: bool = False
    ) -> None:
        outcome: Outcome = "failed"
        if trouble.code == "challenge":
            outcome = "blocked"
        elif trouble.code in _REFUSED or (is_for_document and trouble.code == "error_page"):
            outcome = "refused"
        message = f"{trouble.code}: {trouble.message}. {trouble.what_to_do}"
        self._tell_trouble(link, outcome, message, request=response.request, status_code=response.status)

    def _tell_trouble(
        self,
        link: Link,
        outcome: Outcome,
        message: str,
        *,
        request: Request | None = None,
        status_code: int | None = None,
    ) -> None:
        self._tell(
            Observation(
                self._listing(link),
                outcome,
                datetime.now(UTC),
                message=message,
                status_code=status_code,
                duration_seconds=request.meta.get("seconds") if request is not None else None,
                final_url=request.url if request is not None and request.meta.get("redirect_urls") else None,
            )
        )

    def _note(self, response: Response) -> None:
        in_trouble = response.status >= 500 or outcome_of_status(response.status) == "blocked"
        self._gate.note(response.url, answered=not in_trouble)

    @property
    def _gate(self) -> Gate:
        gate = self.crawler.get_downloader_middleware(Gate)
        assert gate is not None
        return gate

    async def _tell_all(self, observations: Iterator[Observation]) -> None:
        """Tell observations as they come; making one may archive a document, so another thread does that."""
        while (observation := await asyncio.to_thread(next, observations, None)) is not None:
            self._tell(observation)

    # --- the end --------------------------------------------------------------------------------------------------

    def on_idle(self) -> None:
        """Ask at last for what is known and due, and was not listed: it may be gone, or only not listed any more."""
        if self._asks_for_unlisted or not self._started:
            return
        self._asks_for_unlisted = True
        links = [
            _link(known.listing)
            for url, known in self._known.items()
            if known.container_document_id is None and not known.is_gone and self._is_wanted(known)
        ]
        requests = self._document_requests(links)
        for request in requests:
            self.crawler.engine.crawl(request)
        if requests:
            raise DontCloseSpider

    def _is_wanted(self, known: Known) -> bool:
        years, year = self._source.fiscal_years, known.listing.fiscal_year
        return not years or year is None or year in years

    def on_closed(self, reason: str) -> None:
        """Tell what was left out, and that it is over."""
        start = Link(self._source.start[0].url)
        for host, count in self._gate.left_alone.items():
            often = self._limits.failures_in_a_row
            self._tell_trouble(
                start, "failed", f"{host} failed {often} times in a row: {count} addresses wait for the next crawl"
            )
        for urls, limit in ((self._too_deep, "max_depth"), (self._too_many, "max_pages")):
            if urls:
                message = f"{len(urls)} pages lie beyond {limit}, the first is {urls[0]}; raise it if they are wanted"
                self._tell_trouble(start, "refused", message)
        if reason != "finished":
            self._tell_trouble(start, "failed", f"stopped early ({reason}); the rest waits for the next crawl")
        self._tell(Ended(Lists(len(self._listed), self._not_due)))


def _link(listing: Listing) -> Link:
    return Link(listing.url, listing.title, listing.published_date, listing.publisher, listing.fiscal_year)


def _inherited(link: Link, parent: Link) -> Link:
    """A link with what its page's own link said, where it says nothing itself."""
    return replace(
        link,
        title=link.title or parent.title,
        published_date=link.published_date or parent.published_date,
        publisher=link.publisher or parent.publisher,
        fiscal_year=link.fiscal_year or parent.fiscal_year,
    )


def _as(link: Link, document: Link) -> Link:
    """A page that is a document itself, with what it says of itself, under the address that it is known by."""
    return _inherited(replace(document, url=link.url), link)


def _may_wait(found: Found) -> bool:
    """Whether a page need not be asked for at every crawl: it is an article, which leads to files and no further."""
    return found.is_article and found.trouble is None and not found.follow


def _shown(link: Link | Listing) -> tuple[str | None, date | None, str | None]:
    """What shows that something else may lie behind a link than before."""
    return link.title, link.published_date, link.publisher


def _digest(said: object) -> str:
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _validators(response: Response) -> tuple[str | None, str | None]:
    """ETag and Last-Modified of an answer."""
    etag, last_modified = (response.headers.get(name) for name in ("ETag", "Last-Modified"))
    return etag.decode("latin-1") if etag else None, last_modified.decode("latin-1") if last_modified else None


def _content_type(response: Response) -> tuple[str | None, str | None]:
    """Media type and charset as an answer says them."""
    said = (response.headers.get("Content-Type") or b"").decode("latin-1")
    kind, _, parameters = said.partition(";")
    name, _, charset = parameters.strip().partition("=")
    return kind.strip().lower() or None, charset.strip("\"' ") or None if name.lower() == "charset" else None


def _seconds(response: Response) -> float:
    seconds: float = response.meta.get("seconds", 0.0)
    return seconds


def _tries(request: Request | None, *, in_vain: bool) -> str | None:
    """What became of the tries before the last one."""
    tried = request.meta.get("tried", ()) if request is not None else ()
    if not tried or (in_vain and len(tried) == 1):
        return None
    return f"tried {len(tried) + (not in_vain)} times: {', '.join(dict.fromkeys(tried))}"
