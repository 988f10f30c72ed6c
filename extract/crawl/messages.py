"""Messages between the crawl's process and who started it: JSON, one object per line."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from extract.records import Known, Listing, Lists, Observation
from extract.settings import House, place_at
from extract.sources import Source


@dataclass(frozen=True, slots=True)
class Limits:
    """How much and how long: of one download, of the tries for it, and of a whole crawl."""

    largest_bytes: int = 100_000_000
    download_seconds: float = 180.0
    tries: int = 4
    backoff_seconds: float = 2.0
    """Before the second try; twice as long before each further one."""
    longest_wait_seconds: float = 60.0
    """A server that asks for a longer break (Retry-After) is left alone until the next crawl."""
    failures_in_a_row: int = 8
    """After so many a host is left alone until the next crawl."""
    crawl_seconds: float = 1200.0
    """What is not asked by then waits for the next crawl, which begins with what is not known."""
    documents: int | None = None
    """No more are fetched; None for all of them."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """What a crawl is asked to do. Without ``store`` nothing is archived, and no page remembered.

    ``force`` asks for everything again as if nothing were known; bytes that are known stay what they are.
    """

    source: Source
    house: House
    known: Mapping[str, Known] = field(default_factory=dict)
    contact: str | None = None
    limits: Limits = Limits()
    store: bool = True
    force: bool = False


@dataclass(frozen=True, slots=True)
class PageSeen:
    """A page of the source that was read: how many documents it offers, and how many further pages."""

    url: str
    title: str | None
    status_code: int
    documents: int
    follow: int


@dataclass(frozen=True, slots=True)
class Ended:
    """The crawl is done."""

    lists: Lists


def request_json(request: Crawl) -> str:
    """A crawl as the process takes it."""
    return json.dumps(
        {
            **asdict(replace(request, known={})),
            "source": request.source.model_dump(mode="json"),
            "known": [{**_fields(known), "listing": _fields(known.listing)} for known in request.known.values()],
        },
        default=str,
    )


def request_of(text: str) -> Crawl:
    """The crawl that ``request_json`` wrote."""
    told = json.loads(text)
    house = told["house"]
    known = [_known(one) for one in told["known"]]
    return Crawl(
        source=Source.model_validate(told["source"]),
        house=House(**{**house, "root": Path(house["root"]), "inbox": place_at(house["inbox"])}),
        known={one.listing.url: one for one in known},
        contact=told["contact"],
        limits=Limits(**told["limits"]),
        store=told["store"],
        force=told["force"],
    )


def event_json(event: PageSeen | Observation | Ended) -> str:
    """An event on one line."""
    return json.dumps({"kind": type(event).__name__, **asdict(event)}, default=_iso)


def event_of(line: str) -> PageSeen | Observation | Ended:
    """The event that ``event_json`` wrote."""
    told = json.loads(line)
    match told.pop("kind"):
        case "PageSeen":
            return PageSeen(**told)
        case "Ended":
            return Ended(Lists(**told["lists"]))
    told["listing"] = _listing(told["listing"])
    told["observed_at"] = datetime.fromisoformat(told["observed_at"])
    return Observation(**told)


def _fields(record: Known | Listing) -> dict[str, Any]:
    """As asdict, which copies what is in the fields, and takes its time for thousands."""
    return {name: getattr(record, name) for name in record.__dataclass_fields__}


def _known(told: dict[str, Any]) -> Known:
    times = {name: _time(told[name]) for name in ("since", "asked_at")}
    return Known(**{**told, **times, "listing": _listing(told["listing"])})


def _time(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)


def _listing(told: dict[str, Any]) -> Listing:
    published = told["published_date"]
    return Listing(**{**told, "published_date": date.fromisoformat(published) if published else None})


def _iso(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON")
