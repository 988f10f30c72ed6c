"""Due: when what is known is asked for again. The rule by itself, what is known, and which requests a crawl makes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from extract.collect import collect_source
from extract.due import content_since, is_due
from extract.known import known_addresses
from extract.land import land_observations, lists_of, observations_folder
from extract.pending import landed
from extract.records import Listing, Lists, Observation
from extract.settings import House
from tests.site import Answer, Site, serving

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
LONG_AGO = "Thu, 01 Jan 2015 00:00:00 GMT"


@pytest.mark.parametrize(
    ("age_days", "waited_days", "recheck_days", "due"),
    [
        (0, 0, 30, True),  # of today: at every run
        (1, 1, 30, True),
        (10, 1, 30, True),  # a daily run asks for it daily until then
        (12, 1, 30, False),
        (12, 1.2, 30, True),
        (100, 9, 30, False),
        (100, 10, 30, True),
        (300, 29, 30, False),
        (300, 30, 30, True),
        (5000, 29, 30, False),
        (5000, 30, 30, True),  # and so for ever
        (5000, 6, 7, False),
        (5000, 7, 7, True),
        (5000, 0.97, 1, True),  # a run that comes a little sooner than the day before
        (5000, 0.9, 1, False),
        (5000, 0, 0, True),  # 0 is at every run
        (-5, 0.1, 30, True),  # content of tomorrow
        (5000, -1, 30, True),  # asked for tomorrow: the clock was wrong once
    ],
)
def test_a_tenth_of_its_age_is_waited_and_never_longer_than_the_source_says(
    age_days: float, waited_days: float, recheck_days: float, due: bool
) -> None:
    asked_at = NOW - timedelta(days=waited_days)
    assert is_due(asked_at, asked_at - timedelta(days=age_days), NOW, recheck_days) is due


@pytest.mark.parametrize(
    ("last_modified", "published_date", "since"),
    [
        (LONG_AGO, date(2026, 1, 2), datetime(2015, 1, 1, tzinfo=UTC)),
        (None, date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),
        (None, None, NOW),
        ("nonsense", date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),
        ("Thu, 01 Jan 2015 00:00:00 -0000", None, datetime(2015, 1, 1, tzinfo=UTC)),
        ("Thu, 01 Jan 2099 00:00:00 GMT", date(2026, 1, 2), datetime(2026, 1, 2, tzinfo=UTC)),
        (None, date(2099, 1, 2), NOW),
    ],
)
def test_content_stands_since_the_server_says_so_else_the_listing_else_since_it_is_seen(
    last_modified: str | None, published_date: date | None, since: datetime
) -> None:
    assert content_since(NOW, last_modified, published_date) == since


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "house", tmp_path / "inbox")


def test_what_is_known_of_an_address_tells_since_when_its_bytes_stand_and_when_it_was_asked(house: House) -> None:
    listing = Listing("shi", "http://a.example/1.pdf", published_date=date(2026, 1, 1))
    day = timedelta(days=1)
    published = datetime(2026, 1, 1, tzinfo=UTC)

    def known_after(outcome: Any, document_id: str | None, days: int, last_modified: str | None = None) -> Any:
        observation = Observation(listing, outcome, NOW + days * day, document_id, last_modified=last_modified)
        land_observations("shi", [observation], house)
        [known] = known_addresses("shi", house).values()
        return known.since, known.asked_at, known.gave_bytes

    assert known_after("new", "a", 0) == (published, NOW, True)
    touched = format_datetime(NOW, usegmt=True)
    assert known_after("unchanged", "a", 1, touched) == (published, NOW + day, True)  # the same bytes are no younger
    assert known_after("failed", None, 2) == (published, NOW + 2 * day, False)
    assert known_after("unchanged", "a", 3) == (published, NOW + 3 * day, True)
    # the listing's day is that of the bytes before
    assert known_after("revised", "b", 4) == (NOW + 4 * day, NOW + 4 * day, True)
    assert known_after("revised", "c", 5, LONG_AGO)[0] == datetime(2015, 1, 1, tzinfo=UTC)
    assert known_after("gone", None, 6)[2] is False


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


ARTICLE = "202601/t20260102_1.html"
FILES = ("a.pdf", "b.pdf")


def publish(site: Site, titles: dict[str, str], **more: Any) -> None:
    """The list: an article and whatever else, by path."""
    site.page("/bmys/index.html", "2026年部门预算", *titles.items(), **more)


@pytest.fixture
def old(site: Site) -> dict[str, str]:
    """A list with an article of two old files, an old and a young file; one of the article's cannot be had yet."""
    links = [(f"../{name}", "附件") for name in FILES]
    site.page(f"/bmys/{ARTICLE}", "甲市教育局2026年部门预算", *links, headers={"Last-Modified": LONG_AGO})
    for name in (*FILES, "old.pdf"):
        site.at(f"/bmys/{name}", Answer(b"%PDF-1.4 " + name.encode(), headers={"Last-Modified": LONG_AGO}))
    site.at("/bmys/young.pdf", Answer(b"%PDF-1.4 young", headers={"ETag": '"y"'}))
    titles = {ARTICLE: "甲市教育局2026年部门预算", "old.pdf": "甲市老局2026年部门预算"}
    titles |= {"young.pdf": "甲市青局2026年部门预算"}
    publish(site, titles)
    return titles


def asked(site: Site, house: House, *, force: bool = False) -> dict[str, int]:
    """What a collection asked for, but robots.txt, with the last status of each."""
    site.asked.clear()
    politeness = {"delay_seconds": 0, "concurrent_per_host": 4}
    collect_source(site.source(politeness=politeness), house, force=force)
    return {path.removeprefix("/bmys/"): status for path, _, status in site.asked if path != "/robots.txt"}


def last_landed(house: House) -> Path:
    """The file of the last collection."""
    return max(landed(observations_folder(house)), key=lambda path: path.stat().st_mtime_ns)


def lists(house: House) -> Lists | None:
    """What the lists said in the last collection."""
    return lists_of(last_landed(house))


def test_only_lists_and_what_is_due_are_asked_for(site: Site, house: House, old: dict[str, str]) -> None:
    had = site.answers.pop("/bmys/b.pdf")
    first = asked(site, house)
    assert first == {**dict.fromkeys(("index.html", ARTICLE, "a.pdf", "old.pdf", "young.pdf"), 200), "b.pdf": 404}
    assert lists(house) == Lists(listed=4, not_due=0)

    # what an article offers that is not asked for is still looked at; what no list names any more waits, too
    site.answers["/bmys/b.pdf"] = had
    publish(site, {name: title for name, title in old.items() if name != "old.pdf"})
    assert asked(site, house) == {"index.html": 200, "b.pdf": 200, "young.pdf": 304}
    assert lists(house) == Lists(listed=3, not_due=2)

    assert asked(site, house, force=True) == dict.fromkeys((*first,), 200)


def test_what_the_list_shows_otherwise_is_asked_for_at_once(site: Site, house: House, old: dict[str, str]) -> None:
    asked(site, house)
    site.at("/bmys/a.pdf", Answer(b"%PDF-1.4 corrected", headers={"ETag": '"a2"'}))
    publish(site, old | {name: f"{old[name]}（更正）" for name in (ARTICLE, "old.pdf")})
    # one cannot know which of the article's files was replaced
    changed = {ARTICLE: 304, "a.pdf": 200, "b.pdf": 304, "old.pdf": 304}
    assert asked(site, house) == {"index.html": 200, "young.pdf": 304, **changed}
    # what was replaced just now is young
    assert asked(site, house) == {"index.html": 200, "young.pdf": 304, "a.pdf": 304}

    # a crawl that was killed when it had asked for the article leaves its files to the next one
    publish(site, old | {ARTICLE: "甲市教育局2026年部门预算（再次更正）", "old.pdf": f"{old['old.pdf']}（更正）"})
    asked(site, house)
    last_landed(house).unlink()
    assert asked(site, house) == {"index.html": 200, "young.pdf": 304, "a.pdf": 304, "b.pdf": 304}


def test_articles_without_validators_wait_and_lists_never_do(site: Site, house: House) -> None:
    heading = "<head><meta name='ArticleTitle' content='甲市教育局2026年部门预算'></head>"
    table = "<table><tr><td>项目名称</td><td>年度绩效目标</td></tr><tr><td>绩效指标</td><td>{}</td></tr></table>"
    articles = ["t20150102_1.html", "t20150102_2.html"]
    for name in articles:  # documents themselves
        html = f"<html>{heading}<body>发布日期：2015-01-02{table.format(name)}</body></html>"
        site.at(f"/bmys/{name}", Answer(html.encode(), media_type="text/html; charset=utf-8"))
    site.page("/bmys/deeper/index.html", "2026年部门预算", (f"../{articles[0]}", "甲市教育局2026年部门预算"))
    publish(site, {"deeper/index.html": "各单位2026年部门预算", articles[1]: "甲市卫生局2026年部门预算"})
    every_run = {"index.html": 200, "deeper/index.html": 200}
    assert asked(site, house) == every_run | dict.fromkeys(articles, 200)
    assert asked(site, house) == every_run
    assert lists(house) == Lists(listed=2, not_due=2)
