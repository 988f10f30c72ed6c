"""Manners: what a crawl may ask at all, what robots.txt forbids, and how it waits for a server that has trouble."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.utils.response import response_status_message

from extract.crawl.messages import Limits
from extract.crawl.sentences import what_failed

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.core.downloader import Slot
    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from extract.sources import Source

NAME = "Jixiao"
"""The name that robots.txt may speak of."""

_ASKS_FOR_A_BREAK = (429, 503)
_LONGEST_CRAWL_DELAY_SECONDS = 60.0


class OutsideError(IgnoreRequest):
    """An address is not on a host of the source; the message says what to do."""


class RobotsForbidError(IgnoreRequest):
    """robots.txt forbids an address."""


class RobotsUnknownError(IgnoreRequest):
    """robots.txt cannot be had now, so nobody knows what it forbids; the message says why."""


class LeftAloneError(IgnoreRequest):
    """A host failed so often in a row that it is left alone."""


class Gate:
    """Lets through what the source allows: its hosts, while they answer. Redirects and robots.txt pass here, too."""

    def __init__(self, source: Source, limits: Limits) -> None:
        self._source = source
        self._limits = limits
        self._in_a_row: dict[str, int] = {}
        self.left_alone: dict[str, int] = {}
        """How many addresses of a host were not asked any more."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Gate:
        """As Scrapy makes it."""
        return cls(crawler.settings["SOURCE"], crawler.settings["LIMITS"])

    def process_request(self, request: Request) -> None:
        """Stop what may not be asked."""
        host = urlsplit(request.url).hostname or ""
        if not self._source.may_visit(request.url):
            raise OutsideError(
                f"{request.url} is not on a host of this source; add {host} to its hosts if it belongs to the publisher"
            )
        if self._in_a_row.get(host, 0) >= self._limits.failures_in_a_row:
            self.left_alone[host] = self.left_alone.get(host, 0) + 1
            raise LeftAloneError(host)

    def note(self, url: str, *, answered: bool) -> None:
        """Note whether the server of an address answered as a server in health does."""
        host = urlsplit(url).hostname or ""
        self._in_a_row[host] = 0 if answered else self._in_a_row.get(host, 0) + 1


class Throttle(AutoThrottle):
    """Scrapy's, to which an answer that nothing changed (304) is one of a server in health.

    It takes every other answer than 200 for an error page, which must not make it ask faster: where little changed, it
    would only ever ask more slowly.
    """

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response.replace(status=200) if response.status == 304 else response)


class Robots(RobotsTxtMiddleware):
    """robots.txt as RFC 9309 wants it: where it cannot be had for the server's trouble, everything is forbidden.

    A delay that it asks for is kept, up to a minute.
    """

    async def process_request(self, request: Request, spider: None = None) -> None:  # type: ignore[override]
        """Stop what robots.txt forbids."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parser = await self.robot_parser(request)
        if isinstance(parser, _Unknown):
            raise RobotsUnknownError(f"robots.txt of {urlsplit(request.url).netloc} cannot be had ({parser.reason})")
        if parser is not None and not parser.allowed(request.url, NAME):
            raise RobotsForbidError("robots.txt forbids it")

    async def _parse_robots(self, response: Response, netloc: str, request: Request) -> None:
        if response.status >= 500 or response.status == 429:
            raise RobotsUnknownError(response_status_message(response.status))
        await super()._parse_robots(response if response.status < 400 else response.replace(body=b""), netloc, request)
        parser: Any = self._parsers[netloc]
        if delay := parser.crawl_delay(NAME):
            self._slow_down(min(delay, _LONGEST_CRAWL_DELAY_SECONDS))

    def _robots_error(self, exc: Exception, netloc: str) -> None:
        """Remember that it is unknown; where it may not be asked for, what follows may not either, and says so."""
        parsers: dict[str, Any] = self._parsers
        waiting = parsers[netloc]
        is_unknown = isinstance(exc, RobotsUnknownError) or not isinstance(exc, IgnoreRequest)
        parser = _Unknown(what_failed(exc)) if is_unknown else None
        parsers[netloc] = parser
        waiting.callback(parser)

    def _slow_down(self, seconds: float) -> None:
        """Every host of the source, from now on: one that asks for it is rarely alone."""
        throttle: Any = self.crawler.get_extension(Throttle)
        downloader: Any = self.crawler.engine.downloader
        throttle.mindelay = max(throttle.mindelay, seconds)
        downloader._delay = max(downloader._delay, seconds)
        for slot in downloader.slots.values():
            slot.delay = max(slot.delay, seconds)


class _Unknown:
    """Stands for a robots.txt that could not be had."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


class PatientRetry(RetryMiddleware):
    """Tries again what can pass, after a break that doubles, or that the server asks for.

    While it asks for one (Retry-After, 429, 503) its host gets no other request either. Why a try failed is noted in
    ``meta["tried"]``.
    """

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response
    ) -> Request | Response:
        """Wait and try again, or pass the answer on."""
        if response.status not in self.retry_http_codes:
            return response
        reason = response_status_message(response.status)
        asked, is_for_host = _retry_after_seconds(response), response.status in _ASKS_FOR_A_BREAK
        return await self._again(request, reason, asked, is_for_host=is_for_host) or response

    async def process_exception(  # type: ignore[override]
        self, request: Request, exception: Exception
    ) -> Request | None:
        """Wait and try again, or pass the failure on."""
        if isinstance(exception, self.exceptions_to_retry):
            return await self._again(request, what_failed(exception), None, is_for_host=False)
        return None

    async def _again(
        self, request: Request, reason: str, asked_seconds: float | None, *, is_for_host: bool
    ) -> Request | None:
        limits: Limits = self.crawler.settings["LIMITS"]
        tried = request.meta.get("tried", ())
        wait_seconds = max(limits.backoff_seconds * 2 ** len(tried), asked_seconds or 0.0)
        request.meta["tried"] = (*tried, reason)
        if len(tried) + 1 >= limits.tries or wait_seconds > limits.longest_wait_seconds:
            return None
        if is_for_host:
            self._give_a_break(request, wait_seconds)
        await asyncio.sleep(wait_seconds)
        again: Request = request.replace(dont_filter=True, priority=request.priority - 1)
        return again

    def _give_a_break(self, request: Request, seconds: float) -> None:
        slot = self.crawler.engine.downloader.slots.get(request.meta.get("download_slot", ""))
        if slot is not None:
            slot.lastseen = max(slot.lastseen, time.monotonic() + seconds - slot.delay)


def _retry_after_seconds(response: Response) -> float | None:
    """How long a server asks to be left alone: in seconds, or until a date."""
    said = (response.headers.get("Retry-After") or b"").decode("latin-1").strip()
    if said.isdigit():
        return float(said)
    try:
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None
