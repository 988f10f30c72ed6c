"""The whole collecting, against the demo's city over real HTTP: three days, and a day on which nothing is new."""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.expected import Expected, expected
from demo.server import CityServer, Hit, serving
from demo.site import DAYS, FORBIDDEN
from demo.sources import source_id, write_sources
from extract import archive, collect
from extract.crawl.messages import Limits
from extract.land import observations_folder, read_observations
from extract.pending import landed
from extract.settings import House
from extract.sources import sources

COLUMNS = ("source_id", "url", "outcome", "document_id", "message", "container_document_id", "final_url", "title")
FETCHED = ("new", "unchanged", "duplicate", "revised")


@dataclass(frozen=True)
class Day:
    """One run of all sources: the rows that it left by address, and what the city was asked."""

    rows: dict[str, list[dict[str, Any]]]
    hits: list[Hit]


@dataclass(frozen=True)
class Collected:
    city: CityServer
    house: House
    days: dict[int, Day]
    truth: list[Expected]

    def rows(self, day: int, one: Expected) -> list[dict[str, Any]]:
        return self.days[day].rows.get(one.url, [])

    def rows_of_last_attempt(self, day: int, one: Expected) -> list[dict[str, Any]]:
        """What is known of an address on a day: its rows of the last day on which it was to be asked for."""
        return self.rows(max(asked for asked in DAYS[:day] if one.is_asked[asked - 1]), one)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Collected]:
    """The city's sources, collected on each of its days into one house."""
    folder = tmp_path_factory.mktemp("collecting")
    (folder / "inbox").mkdir()
    house = House(folder / "house", folder / "inbox")
    with pytest.MonkeyPatch.context() as patch, serving(60, slow_seconds=0.2) as city:
        write_sources(city, folder / "sources")
        patch.setenv("JIXIAO_SOURCES", str(folder / "sources"))
        # What can pass is tried again soon: what is waited for is the city's to say, not the clock's.
        patch.setattr(collect, "limits", lambda: Limits(tries=2, backoff_seconds=0.1))
        read: set[Path] = set()
        days = {}
        for day in DAYS:
            city.day = day
            before = len(city.hits)
            with ThreadPoolExecutor(2) as at_once:
                list(at_once.map(lambda key: collect.collect(source_id(key), house), city.sites))
            rows: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
            for path in landed(observations_folder(house)):
                if path not in read:
                    read.add(path)
                    for row in read_observations(path, COLUMNS).to_pylist():
                        rows[row["url"]].append(row)
            days[day] = Day(dict(rows), city.hits[before:])
        yield Collected(city, house, days, list(expected(city)))


def test_the_citys_sources_are_sources(collected: Collected) -> None:
    found = sources()
    assert {source_id(key) for key in collected.city.sites} <= found.keys()
    assert all(found[source_id(key)].enabled for key in collected.city.sites)


@pytest.mark.parametrize("day", DAYS)
def test_every_address_leaves_the_row_that_the_truth_says(collected: Collected, day: int) -> None:
    told = {
        one.url: str(one.outcomes[day - 1])
        for one in collected.truth
        if one.outcomes[day - 1] is not None and one.is_asked[day - 1]
    }
    found = {url: " ".join(row["outcome"] for row in rows) for url, rows in collected.days[day].rows.items()}
    if day == 1:  # of one file at two addresses of a site, whichever comes first is new
        [again] = [url for url, outcome in told.items() if outcome == "duplicate"]
        [first] = [
            one.url for one in collected.truth if one.url != again and one.content(1) == _content(collected, again)
        ]
        assert {found[first], found[again]} == {"new", "duplicate"}
        found[first], found[again] = "new", "duplicate"
    assert found == told
    assert len(found) > {1: 100, 2: 45, 3: 55}[day]  # the sixty small bodies are asked when they are due


def _content(collected: Collected, url: str) -> bytes | None:
    [one] = [one for one in collected.truth if one.url == url]
    return one.content(1)


@pytest.mark.parametrize("day", DAYS)
def test_the_archive_holds_the_bytes_that_were_published(collected: Collected, day: int) -> None:
    fetched = 0
    for one in collected.truth:
        content = one.content(day)
        if content is not None:
            [row] = collected.rows_of_last_attempt(day, one)
            assert row["document_id"] == hashlib.sha256(content).hexdigest(), one.url
            assert archive.content_of(row["document_id"], collected.house) == content
            fetched += 1
    assert fetched > 90


def test_members_know_their_container(collected: Collected) -> None:
    members = [one for one in collected.truth if one.kind == "member"]
    assert len(members) == 2
    for one in members:
        [container] = collected.days[1].rows[str(one.container_url)]
        [row] = collected.rows(1, one)
        assert row["container_document_id"] == container["document_id"]


def test_the_second_day_fetches_nothing_that_did_not_change(collected: Collected) -> None:
    files = {one.url: one for one in collected.truth if one.kind in ("document", "container")}
    bodies = {
        one
        for hit in collected.days[2].hits
        if hit.status == 200 and (one := files.get(collected.city.url(hit.site, hit.path))) is not None
    }
    come_whole = {one for one in bodies if "unchanged" in one.outcomes[1:2]}
    assert come_whole == {one for one in files.values() if not one.has_validators and one.outcomes[1] == "unchanged"}
    assert len(come_whole) == 1
    asked = Counter(hit.status for hit in collected.days[2].hits if hit.site in ("bureaus", "hudong"))
    # two robots.txt, a front page that only sends on, a file whose address has moved; everything else did not change
    assert asked == {404: 2, 200: 1, 301: 1, 304: 31}


def test_where_the_list_shows_what_is_replaced_nothing_else_is_asked_for(collected: Collected) -> None:
    site = collected.city.sites["schools"]
    asked = {day: [hit.path for hit in collected.days[day].hits if hit.site == "schools"] for day in DAYS}
    lists = ["/robots.txt", site.start]
    everything = [path for article in site.articles for path in (article.path, *(a.path for a in article.attachments))]
    assert len(everything) == 66
    assert sorted(asked[1]) == sorted([*lists, *everything])
    assert sorted(asked[2]) == sorted(lists)
    [reissued] = [article for article in site.articles if article.date_on(3) != article.published_date]
    assert sorted(asked[3]) == sorted([*lists, reissued.path, *(a.path for a in reissued.attachments)])
    came = {hit.path for hit in collected.days[3].hits if hit.site == "schools" and hit.status == 200}
    [revised] = [a.path for a in reissued.attachments if a.edition(3) > 1]
    assert came == {site.start, reissued.path, revised}


def test_the_third_day_fetches_what_changed_and_no_more(collected: Collected) -> None:
    files = {one.url: one for one in collected.truth if one.kind in ("document", "container") and one.has_validators}
    came = {
        url
        for hit in collected.days[3].hits
        if hit.status == 200 and (url := collected.city.url(hit.site, hit.path)) in files
    }
    changed = {url for url, one in files.items() if one.outcomes[2] in ("new", "revised")}
    assert len(changed) == 5  # three revisions, one new document, and one that could not be had before
    assert {url for url in came if files[url].outcomes[2] in FETCHED} == changed


def test_what_robots_forbid_is_never_asked_for(collected: Collected) -> None:
    [article] = [one for one in collected.city.sites["treasury"].articles if one.trouble == FORBIDDEN]
    never = {article.path, *(attachment.path for attachment in article.attachments)}
    hits = [hit for day in collected.days.values() for hit in day.hits]
    assert len(hits) > 300
    assert not never & {hit.path for hit in hits}
    for site in collected.city.sites:
        assert next(hit for hit in hits if hit.site == site).path == "/robots.txt"


def test_nobody_is_led_elsewhere(collected: Collected) -> None:
    hits = [hit for day in collected.days.values() for hit in day.hits]
    assert not [hit for hit in hits if hit.host.startswith("localhost")]
    assert {hit.user_agent for hit in hits} == {hits[0].user_agent}
    assert "Jixiao" in str(hits[0].user_agent)


def test_huge_files_are_broken_off(collected: Collected) -> None:
    huge = [hit for hit in collected.days[1].hits if hit.site == "troubles" and hit.sent_bytes > 1_000_000]
    assert huge
    assert all(hit.sent_bytes < 150_000_000 for hit in huge)


def test_a_failure_hides_no_older_document(collected: Collected) -> None:
    [one] = [one for one in collected.truth if one.outcomes == ("new", "failed", "unchanged")]
    first, failed, again = (collected.rows(day, one)[0] for day in DAYS)
    assert failed["document_id"] is None
    assert first["document_id"] == again["document_id"]
    assert archive.content_of(first["document_id"], collected.house) == one.content(1)


def test_what_was_revised_or_is_gone_is_still_kept(collected: Collected) -> None:
    changed = [one for one in collected.truth if one.outcomes[2] in ("revised", "gone")]
    assert len(changed) == 4
    for one in changed:
        [row] = collected.rows(1, one)
        assert archive.content_of(row["document_id"], collected.house) == one.content(1)
