"""The process of a crawl: a request comes in on standard input, events go out on standard output.

Started by ``extract.crawl.crawl``.
"""

from __future__ import annotations

import logging
import os
import sys
from importlib.metadata import version
from typing import Any

from scrapy.crawler import AsyncCrawlerProcess

from extract.crawl.addresses import Allowed
from extract.crawl.manners import NAME
from extract.crawl.messages import Crawl, Ended, PageSeen, event_json, request_of
from extract.crawl.spider import SourceSpider
from extract.records import Observation

_TROUBLE_THAT_CAN_PASS = (408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524)

_MANNERS, _SCRAPY = "extract.crawl.manners", "scrapy.downloadermiddlewares"
# These and no others of Scrapy's: each costs its import. Meta refresh is told by extract/sites; cookies would fetch a
# list of public suffixes from elsewhere; behind a proxy nobody sees which address is connected to; others open a port.
_MIDDLEWARES = {
    f"{_MANNERS}.Gate": 50,
    f"{_MANNERS}.Robots": 100,
    f"{_SCRAPY}.downloadtimeout.DownloadTimeoutMiddleware": 350,
    f"{_SCRAPY}.defaultheaders.DefaultHeadersMiddleware": 400,
    f"{_SCRAPY}.useragent.UserAgentMiddleware": 500,
    f"{_MANNERS}.PatientRetry": 550,
    f"{_SCRAPY}.httpcompression.HttpCompressionMiddleware": 590,
    f"{_SCRAPY}.redirect.RedirectMiddleware": 600,
}
_EXTENSIONS = {"scrapy.extensions.closespider.CloseSpider": 0, f"{_MANNERS}.Throttle": 0}


def main() -> int:
    """Crawl what standard input asks for."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever else is printed must not stand between the events

    def tell(event: PageSeen | Observation | Ended) -> None:
        try:
            print(event_json(event), file=out, flush=True)
        except BrokenPipeError:
            os._exit(1)  # nobody listens any more

    logging.getLogger("scrapy.downloadermiddlewares.robotstxt").setLevel(logging.CRITICAL)  # an observation tells it
    request = request_of(sys.stdin.read())
    process = AsyncCrawlerProcess(scrapy_settings(request))
    process.crawl(SourceSpider, request=request, tell=tell)
    process.start()
    return 1 if process.bootstrap_failed else 0


def user_agent(contact: str | None) -> str:
    """Who asks, and where to complain."""
    return f"{NAME}/{version('jixiao')} ({f'+{contact}' if contact else 'no contact set'})"


def scrapy_settings(request: Crawl) -> dict[str, Any]:
    """The settings of Scrapy for a crawl."""
    politeness, limits = request.source.politeness, request.limits
    addresses = "extract.crawl.addresses"
    return {
        "SOURCE": request.source,
        "LIMITS": limits,
        "ALLOWED": Allowed(request.source),
        "USER_AGENT": user_agent(request.contact),
        "DEFAULT_REQUEST_HEADERS": {"Accept": "*/*", "Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"},
        "TWISTED_DNS_RESOLVER": f"{addresses}.GuardedResolver",
        "DOWNLOAD_HANDLERS": {
            "http": f"{addresses}.Handler",
            "https": f"{addresses}.Handler",
            **dict.fromkeys(("data", "file", "ftp", "s3")),
        },
        "DOWNLOADER_MIDDLEWARES_BASE": _MIDDLEWARES,
        "SPIDER_MIDDLEWARES_BASE": {},
        "EXTENSIONS_BASE": _EXTENSIONS,
        "ROBOTSTXT_OBEY": True,
        "RETRY_HTTP_CODES": _TROUBLE_THAT_CAN_PASS,
        "REDIRECT_MAX_TIMES": 8,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_MAXSIZE": limits.largest_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": limits.download_seconds,
        "DOWNLOAD_DELAY": politeness.delay_seconds,
        "DOWNLOAD_DELAY_JITTER": 0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": politeness.concurrent_per_host,
        "AUTOTHROTTLE_ENABLED": True,
        "AUTOTHROTTLE_START_DELAY": politeness.delay_seconds,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": politeness.concurrent_per_host,
        "CLOSESPIDER_TIMEOUT": limits.crawl_seconds,
        "CONCURRENT_ITEMS": 1,  # Scrapy starts so many workers for every answer
        "SCHEDULER_MEMORY_QUEUE": "scrapy.squeues.FifoMemoryQueue",
        "STATS_DUMP": False,
        "LOG_VERSIONS": [],
        "LOG_LEVEL": "ERROR",
    }
