"""Crawl: a site that is a source → its documents in the archive, and what came of every attempt, as it happens.

Scrapy does the fetching in a process of its own, whose reactor and settings live and end with one source; this side
never imports it. One request goes in as JSON, one line of JSON comes out per event:

    messages   what goes in and comes out             addresses  which addresses may be connected to
    spider     which pages and documents are asked    manners    robots.txt, patience, hosts that are left alone
    pages      what pages said last                   process    what runs in it
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Iterator

from extract.children import child_command
from extract.crawl.messages import Crawl, Ended, PageSeen, event_of, request_json
from extract.records import Observation


class CrawlDiedError(Exception):
    """The process ended before its crawl did; the message says how."""


def crawl(request: Crawl) -> Iterator[PageSeen | Observation | Ended]:
    """Crawl a source: what is seen, as it comes, ``Ended`` at last. Whoever stops listening ends the process.

    Raises:
        CrawlDiedError: it ended early; what came before stands.
    """
    process = subprocess.Popen(
        child_command("extract.crawl.process:main"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        try:
            process.stdin.write(request_json(request))
            process.stdin.close()
        except BrokenPipeError:
            pass  # its status says more
        for line in process.stdout:
            event = event_of(line)
            yield event
            if isinstance(event, Ended):
                return
        raise CrawlDiedError(f"The process that crawls {_ending(process.wait())}.")
    finally:
        process.stdout.close()
        process.terminate()
        process.wait()


def _ending(status: int) -> str:
    if status < 0:
        return f"died of {signal.Signals(-status).name}"
    return f"ended with status {status} before it was done"
