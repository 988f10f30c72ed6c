"""Check a source: ask it end to end, store nothing, and show what it offers and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extract.crawl import CrawlDiedError, crawl
from extract.crawl.messages import Crawl, Limits, PageSeen
from extract.records import GAVE_BYTES, Observation
from extract.settings import House
from extract.sources import Source
from extract.terminal import console_of_width


def check_source(source: Source, house: House, contact: str | None, limits: Limits) -> bool:
    """Crawl a site and print what it has; whether there were documents and no trouble."""
    console = console_of_width()
    pages: list[PageSeen] = []
    observations: list[Observation] = []
    complete = False
    try:
        for event in crawl(Crawl(source, house, contact=contact, limits=limits, store=False)):
            if isinstance(event, PageSeen):
                pages.append(event)
                console.print(f"page {len(pages)}: {event.url}", style="dim", markup=False, highlight=False)
            elif isinstance(event, Observation):
                observations.append(event)
        complete = True
    except CrawlDiedError as error:
        console.print(str(error), style="red", markup=False)
    except KeyboardInterrupt:
        console.print("stopped; what was found until then:", style="yellow")
    documents = [o for o in observations if o.outcome in GAVE_BYTES]
    troubles = [o for o in observations if o.outcome not in GAVE_BYTES]
    if documents:
        console.print(_documents(documents))
    if troubles:
        console.print(_troubles(troubles))
    _sum_up(console, pages, documents, troubles)
    return complete and bool(documents) and not troubles


def _documents(observations: Iterable[Observation]) -> Table:
    table = Table(title="documents", header_style="bold")
    for heading, right in (("year", False), ("published", False), ("kB", True), ("type", False)):
        table.add_column(heading, justify="right" if right else "left", no_wrap=True)
    for heading in ("body", "title", "address"):
        table.add_column(heading, overflow="fold")
    for observation in observations:
        listing = observation.listing
        table.add_row(
            str(listing.fiscal_year or "–"),
            str(listing.published_date or "–"),
            f"{(observation.size_bytes or 0) / 1000:.0f}",
            (observation.media_type or "–").rsplit("/", 1)[-1].rsplit(".", 1)[-1],
            escape(listing.publisher or "–"),
            escape(listing.title or "–"),
            escape(listing.url),
        )
    return table


def _troubles(observations: Iterable[Observation]) -> Table:
    table = Table(title="troubles", header_style="bold", show_lines=True)
    table.add_column("outcome", no_wrap=True)
    table.add_column("address", overflow="fold")
    table.add_column("why", overflow="fold")
    for observation in observations:
        table.add_row(observation.outcome, escape(observation.listing.url), escape(observation.message or "–"))
    return table


def _sum_up(console: Console, pages: list[PageSeen], documents: list[Observation], troubles: list[Observation]) -> None:
    listings = sum(page.documents for page in pages)
    size = sum(observation.size_bytes or 0 for observation in documents)
    console.print(
        f"{len(pages)} pages seen, {listings} listings on them, {len(documents)} documents fetched"
        f" ({size / 1e6:.1f} MB), {len(troubles)} troubles; nothing was stored.",
        highlight=False,
    )
