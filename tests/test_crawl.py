"""The crawl: against a real server, in its real process. What is asked, what is refused, and what is observed."""

from __future__ import annotations

import io
import ipaddress
import os
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from scrapy.core.downloader import Slot
from scrapy.http import Response
from scrapy.utils.test import get_crawler
from twisted.internet.address import IPv4Address

from extract import archive
from extract.collect import collect_source, failed_sources
from extract.crawl import crawl
from extract.crawl.addresses import Allowed, GuardedResolver, is_public
from extract.crawl.manners import Throttle
from extract.crawl.messages import Crawl, Limits, PageSeen
from extract.known import known_addresses
from extract.land import land_observations
from extract.load import load
from extract.pending import unread_document_ids
from extract.records import Observation
from extract.settings import House
from tests.conftest import PROJECT
from tests.site import Answer, Site, self_signed, serving
from tests.test_house import rows

QUICK = Limits(largest_bytes=1_000_000, download_seconds=3.0, tries=3, backoff_seconds=0.05, failures_in_a_row=100)
PDF = "application/pdf"
PAGE = "text/html; charset=utf-8"
CHALLENGE = b"<html><head><script>document.cookie='__jsl_clearance=1';location.reload()</script></head></html>"
ERROR = "<html><title>提示</title><body><p>您访问的文件暂时无法下载</p><a href='/'>首页</a></body></html>".encode()
DATE = "Thu, 01 Jan 2026 00:00:00 GMT"


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@dataclass
class Crawled:
    """What a crawl saw."""

    pages: list[PageSeen]
    observations: list[Observation]

    def __getitem__(self, name: str) -> Observation:
        [found] = [o for o in self.observations if o.listing.url.rsplit("/bmys/", 1)[-1] == name]
        return found

    def outcomes(self) -> dict[str, str]:
        return {o.listing.url.rsplit("/bmys/", 1)[-1]: o.outcome for o in self.observations}


def crawled(site: Site, house: House, limits: Limits = QUICK, force: bool = False, **changes: Any) -> Crawled:
    """One crawl of a site, landed."""
    source = site.source(**changes)
    site.asked.clear()
    known = known_addresses(source.source_id, house)
    seen = list(crawl(Crawl(source, house, known, "me@example.org", limits, force=force)))
    observations = [event for event in seen if isinstance(event, Observation)]
    land_observations(source.source_id, observations, house)
    return Crawled([event for event in seen if isinstance(event, PageSeen)], observations)


def listed(site: Site, *names: str, **more: Any) -> None:
    """The list of the site: its links are wanted."""
    titles = {name: "甲市教育局2026年部门预算" if ".html" in name else f"甲市{name}局2026年部门预算" for name in names}
    site.page("/bmys/index.html", "2026年部门预算", *titles.items(), **more)


def pdf(text: str) -> bytes:
    return b"%PDF-1.4 " + text.encode()


def zipped(files: Mapping[str, bytes], gbk: Mapping[str, bytes] | None = None) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in files.items():
            parts.writestr(name, content)
        for name, content in (gbk or {}).items():
            parts.writestr(GbkInfo(name), content)
    return buffer.getvalue()


class GbkInfo(zipfile.ZipInfo):
    """A member as Windows packs it: its name in GBK, without the mark of UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("gbk"), self.flag_bits


def test_addresses_of_the_open_network_are_told_from_all_others() -> None:
    public = ["8.8.8.8", "2400:3200::1", "::ffff:8.8.8.8"]
    other = """127.0.0.1 127.8.8.8 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 0.0.0.0 224.0.0.1
    240.0.0.1 255.255.255.255 ::1 :: fe80::1 fc00::1 ff02::1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 64:ff9b::7f00:1
    2002:7f00:1:: 2001:0:7f00:1::""".split()
    assert all(is_public(ipaddress.ip_address(address)) for address in public)
    assert [address for address in other if is_public(ipaddress.ip_address(address))] == []


def test_private_addresses_are_allowed_only_where_the_source_says_so(site: Site) -> None:
    def allows(name: str, port: int, address: str, **changes: Any) -> bool:
        return Allowed(site.source(**changes))(name, port, ipaddress.ip_address(address))

    hosts = ["inner.gz.example", "*.gz.example"]
    assert allows("127.0.0.1", site.port, "127.0.0.1")
    assert allows("inner.gz.example", site.port, "10.0.0.1", hosts=hosts)
    assert not allows("127.0.0.1", site.port, "127.0.0.1", allow_private_addresses=False)
    assert not allows("127.0.0.1", 22, "127.0.0.1")  # another port of this machine
    assert not allows("other.gz.example", site.port, "10.0.0.1", hosts=hosts)  # allowed by a wildcard only
    assert not allows("inner.gz.example", site.port, "169.254.169.254", hosts=hosts)
    assert allows("anything.example", 8080, "8.8.8.8", allow_private_addresses=False)


class Names:
    """A resolver whose answer for a name changes from one look-up to the next."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> None:  # noqa: N802
        receiver.resolutionBegan(None)
        for address in self.answers.pop(0):
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()


class Connector:
    """What connects: it gets the addresses that it may connect to."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def resolutionBegan(self, _: Any) -> None:  # noqa: N802
        pass

    def addressResolved(self, address: Any) -> None:  # noqa: N802
        self.addresses.append(address.host)

    def resolutionComplete(self) -> None:  # noqa: N802
        pass


def test_a_name_that_comes_to_mean_another_address_is_checked_each_time(site: Site) -> None:
    names = Names(["8.8.8.8"], ["127.0.0.1"], ["8.8.8.8", "10.0.0.1"], ["8.8.4.4"])
    resolver = GuardedResolver(names, Allowed(site.source(allow_private_addresses=False)))
    given = []
    for _ in range(4):
        connector = Connector()
        resolver.resolveHostName(connector, "rebinding.example", 80)
        given.append((connector.addresses, "rebinding.example" in resolver.refused))
    assert given == [(["8.8.8.8"], False), ([], True), ([], True), (["8.8.4.4"], False)]


def bomb() -> bytes:
    return zipped({"a.pdf": bytes(60_000_000)})


@pytest.fixture(scope="module")
def first(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[Site, House, Crawled, list[Any]]:
    """A first crawl of a site that does everything that sites do."""
    folder = tmp_path_factory.mktemp("first")
    house = House(folder / "house", folder / "inbox")
    port = site.port
    robots = b"User-agent: Jixiao\nDisallow: /bmys/secret\nUser-agent: *\nDisallow: /\n"
    site.at("/robots.txt", Answer(robots, media_type="text/plain"))
    site.at("/bmys/a.pdf", Answer(pdf("a"), headers={"ETag": '"a1"', "Last-Modified": DATE}))
    site.at("/bmys/copy.pdf", Answer(pdf("a")))
    site.at("/bmys/plain.pdf", Answer(pdf("no validators")))
    site.at("/bmys/moved.pdf", Answer(status=302, headers={"Location": "files/real.pdf"}))
    site.at("/bmys/files/real.pdf", Answer(pdf("real")))
    site.at("/bmys/secret.pdf", Answer(pdf("secret")))
    site.at("/bmys/loop.pdf", Answer(status=302, headers={"Location": "loop.pdf"}))
    for name, target in {
        "to10.pdf": "http://10.0.0.1/a.pdf",
        "tometadata.pdf": "http://169.254.169.254/latest/",
        "tov6.pdf": f"http://[::1]:{port}/bmys/a.pdf",
        "todecimal.pdf": f"http://2130706433:{port}/bmys/a.pdf",
        "tohex.pdf": f"http://0x7f.1:{port}/bmys/a.pdf",
        "tofile.pdf": "file:///etc/passwd",
    }.items():
        site.at(f"/bmys/{name}", Answer(status=302, headers={"Location": target}))
    site.at("/bmys/flaky.pdf", Answer(status=500), Answer(status=502), Answer(pdf("flaky")))
    site.at("/bmys/busy.pdf", Answer(status=429, headers={"Retry-After": "1"}), Answer(pdf("busy")))
    site.at("/bmys/later.pdf", Answer(status=503, headers={"Retry-After": "86400"}))
    site.at("/bmys/forbidden.pdf", Answer(status=403))
    site.at("/bmys/error.pdf", Answer(ERROR, media_type=PDF))
    site.at("/bmys/challenge.pdf", Answer(CHALLENGE, media_type=PAGE))
    site.at("/bmys/empty.pdf", Answer(b""))
    site.at("/bmys/cut.pdf", Answer(pdf("x" * 5000), cut_bytes=2000))
    site.at("/bmys/slow.pdf", Answer(pdf("slow"), stalls=30))
    site.at("/bmys/huge.pdf", Answer(length=200_000_000))
    site.at("/bmys/stream.pdf", Answer(length=200_000_000, length_is_told=False))
    site.at("/bmys/bomb.zip", Answer(bomb()))
    inner = zipped({"inner.pdf": pdf("inner"), "deeper.zip": zipped({"x.pdf": pdf("x")})})
    files = {
        "乙局.pdf": pdf("乙"),
        "../../slip.pdf": pdf("slip"),
        "/root.pdf": pdf("root"),
        "inner.zip": inner,
        "Thumbs.db": b"litter",
    }
    site.at("/bmys/all.zip", Answer(zipped(files, {"丙局预算.pdf": pdf("丙")}), headers={"ETag": '"z1"'}))
    site.at("/bmys/refresh.xls", Answer(b'<meta http-equiv="refresh" content="0;url=files/r.xls">'))
    site.at("/bmys/files/r.xls", Answer(b"<html><table><tr><td>1</td></tr></table></html>"))
    site.at("/bmys/script.html", Answer(b'<html><body><div id="app"></div></body></html>', media_type=PAGE))
    article = ("bmys_a.pdf", "附件1")
    site.page("/bmys/t20260102_7.html", "甲市教育局2026年部门预算", article, headers={"ETag": '"p1"'})
    site.at("/bmys/bmys_a.pdf", Answer(pdf("article"), headers={"Last-Modified": DATE}))
    names = [path.removeprefix("/bmys/") for path in site.answers if path.startswith("/bmys/") and "files/" not in path]
    names.remove("bmys_a.pdf")
    listed(site, *names, "missing.pdf", "http://10.9.9.9/far.pdf", headers={"ETag": '"l1"'})
    began = time.monotonic()
    found = crawled(site, house)
    print(f"a first crawl took {time.monotonic() - began:.1f} s")
    return site, house, found, list(site.asked)


def test_every_address_comes_to_its_outcome(first: tuple[Site, House, Crawled, list[Any]]) -> None:
    outcomes = first[2].outcomes()
    assert outcomes == {
        "a.pdf": outcomes["a.pdf"],
        "copy.pdf": {"new": "duplicate", "duplicate": "new"}[outcomes["a.pdf"]],
        "plain.pdf": "new",
        "moved.pdf": "new",
        "secret.pdf": "blocked",
        "loop.pdf": "failed",
        "to10.pdf": "refused",
        "tometadata.pdf": "refused",
        "tov6.pdf": "refused",
        "todecimal.pdf": "refused",
        "tohex.pdf": "refused",
        "tofile.pdf": "failed",
        "flaky.pdf": "new",
        "busy.pdf": "new",
        "later.pdf": "failed",
        "forbidden.pdf": "blocked",
        "error.pdf": "refused",
        "challenge.pdf": "blocked",
        "empty.pdf": "refused",
        "cut.pdf": "failed",
        "slow.pdf": "failed",
        "huge.pdf": "refused",
        "stream.pdf": "refused",
        "bomb.zip": "refused",
        "all.zip": "new",
        "all.zip#%E4%B9%99%E5%B1%80.pdf": "new",
        "all.zip#%E4%B8%99%E5%B1%80%E9%A2%84%E7%AE%97.pdf": "new",
        "all.zip#../../slip.pdf": "refused",
        "all.zip#/root.pdf": "refused",
        "all.zip#inner.zip/inner.pdf": "new",
        "all.zip#inner.zip/deeper.zip": "refused",
        "refresh.xls": "new",
        "script.html": "failed",
        "bmys_a.pdf": "new",
        "missing.pdf": "failed",
        "http://10.9.9.9/far.pdf": "refused",
    }


def test_robots_txt_is_obeyed_and_who_asks_says_so(first: tuple[Site, House, Crawled, list[Any]]) -> None:
    _, _, found, asked = first
    paths = [path for path, _, _ in asked]
    assert paths[0] == "/robots.txt"
    assert paths.count("/robots.txt") == 1
    assert "/bmys/secret.pdf" not in paths
    assert found["secret.pdf"].message == "robots.txt forbids it"
    agents = {headers["User-Agent"] for _, headers, _ in asked}
    assert agents == {"Jixiao/0.1.0 (+me@example.org)"}


def test_what_can_pass_is_tried_again_and_what_cannot_is_not(first: tuple[Site, House, Crawled, list[Any]]) -> None:
    _, _, found, asked = first
    times = {name: sum(path == f"/bmys/{name}" for path, _, _ in asked) for name in found.outcomes()}
    assert {name: times[name] for name in ("flaky.pdf", "busy.pdf", "cut.pdf", "slow.pdf")} == {
        "flaky.pdf": 3,
        "busy.pdf": 2,
        "cut.pdf": 3,
        "slow.pdf": 3,
    }
    once = ("later.pdf", "forbidden.pdf", "missing.pdf", "error.pdf", "challenge.pdf", "huge.pdf", "stream.pdf")
    assert {name: times[name] for name in once} == dict.fromkeys(once, 1)
    assert found["flaky.pdf"].message == "tried 3 times: 500 Internal Server Error, 502 Bad Gateway"
    assert found["flaky.pdf"].status_code == 200
    assert found["later.pdf"].message == "503 Service Unavailable; Retry-After: 86400"
    assert "took too long" in str(found["slow.pdf"].message)
    assert "broke off" in str(found["cut.pdf"].message)
    assert 8 < (found["slow.pdf"].duration_seconds or 0) < 60


def test_no_more_comes_than_may(first: tuple[Site, House, Crawled, list[Any]]) -> None:
    site, _, found, _ = first
    assert "more than 1 MB" in str(found["huge.pdf"].message)
    assert "more than 1 MB" in str(found["stream.pdf"].message)
    assert max(site.sent_bytes.values()) < 50_000_000  # what the server had sent before it heard
    assert "200 times its size" in str(found["bomb.zip"].message)


def test_what_is_said_of_a_document_is_observed(first: tuple[Site, House, Crawled, list[Any]]) -> None:
    _, house, found, _ = first
    attached = found["bmys_a.pdf"]
    assert attached.listing.publisher == "甲市教育局"
    assert attached.listing.fiscal_year == 2026
    assert attached.listing.title == "甲市教育局2026年部门预算"
    assert (attached.media_type, attached.last_modified, attached.etag) == (PDF, DATE, None)
    assert found["moved.pdf"].final_url == f"{first[0].url}/bmys/files/real.pdf"
    assert archive.content_of(str(found["moved.pdf"].document_id), house) == pdf("real")
    assert found["refresh.xls"].media_type == "text/html"
    assert "script_filled" in str(found["script.html"].message)


def test_the_files_of_an_archive_are_documents_and_the_archive_is_none(
    first: tuple[Site, House, Crawled, list[Any]],
) -> None:
    _, house, found, _ = first
    container = found["all.zip"].document_id
    member = found["all.zip#%E4%B8%99%E5%B1%80%E9%A2%84%E7%AE%97.pdf"]
    assert member.listing.title == "丙局预算"
    assert member.container_document_id == container
    assert archive.content_of(str(member.document_id), house) == pdf("丙")
    unread = unread_document_ids(house)
    assert member.document_id in unread
    assert container not in unread
    assert container in set(archive.document_ids(house))
    assert [o.listing.url.endswith("all.zip") for o in found.observations if "all.zip" in o.listing.url][-1]


def test_the_warehouse_has_every_attempt(first: tuple[Site, House, Crawled, list[Any]]) -> None:
    _, house, found, _ = first
    load(house)
    loaded = rows(house, "SELECT url, outcome, status_code FROM raw.observations")
    assert sorted(map(str, loaded)) == sorted(
        str((o.listing.url, o.outcome, o.status_code)) for o in found.observations
    )


def test_a_second_crawl_fetches_only_what_cannot_be_asked_for_and_a_third_sees_what_changed(
    first: tuple[Site, House, Crawled, list[Any]], tmp_path: Path
) -> None:
    site, house, before, _ = first
    site.at("/bmys/slow.pdf", Answer(status=404))  # enough waited for it
    site.at("/bmys/cut.pdf", Answer(status=404))
    had = sorted(archive.document_ids(house))
    second = crawled(site, house)
    good = {name for name, outcome in before.outcomes().items() if outcome in ("new", "duplicate")}
    assert {name for name, outcome in second.outcomes().items() if outcome == "unchanged"} == good
    assert site.statuses("/bmys/index.html") == [304]
    assert site.statuses("/bmys/t20260102_7.html") == [304]
    for name in ("a.pdf", "bmys_a.pdf", "all.zip"):
        assert site.statuses(f"/bmys/{name}") == [304]
        assert second[name].document_id == before[name].document_id
        assert second[name].etag == before[name].etag
    assert site.statuses("/bmys/plain.pdf") == [200]
    assert sorted(archive.document_ids(house)) == had

    site.at("/bmys/a.pdf", Answer(pdf("a, corrected"), headers={"ETag": '"a2"'}))
    site.at("/bmys/bmys_a.pdf", Answer(status=404))
    site.at("/bmys/copy.pdf", Answer(status=500))
    site.at("/bmys/all.zip", Answer(zipped({"乙局.pdf": pdf("乙, corrected")}), headers={"ETag": '"z2"'}))
    listed(site, "a.pdf", "copy.pdf", "all.zip", "t20260102_7.html", headers={"ETag": '"l2"'})
    third = crawled(site, house).outcomes()
    assert third == {
        "a.pdf": "revised",
        "copy.pdf": "failed",
        "bmys_a.pdf": "gone",
        "all.zip": "revised",
        "all.zip#%E4%B9%99%E5%B1%80.pdf": "revised",
        "all.zip#%E4%B8%99%E5%B1%80%E9%A2%84%E7%AE%97.pdf": "gone",
        "all.zip#inner.zip/inner.pdf": "gone",
        # no list names them any more, and they are there
        "plain.pdf": "unchanged",
        "moved.pdf": "unchanged",
        "flaky.pdf": "unchanged",
        "busy.pdf": "unchanged",
        "refresh.xls": "unchanged",
    }
    known = known_addresses("shi", house)
    at = {url.rsplit("/bmys/", 1)[-1]: each for url, each in known.items()}
    assert at["copy.pdf"].document_id == before["copy.pdf"].document_id  # a failure hides nothing
    assert at["bmys_a.pdf"].is_gone

    site.at("/bmys/bmys_a.pdf", Answer(pdf("article"), headers={"Last-Modified": DATE}))
    fourth = crawled(site, house, force=True)
    assert fourth["bmys_a.pdf"].outcome == "unchanged"  # it is back
    assert set(site.statuses("/bmys/a.pdf") + site.statuses("/bmys/all.zip")) == {200}
    assert fourth["all.zip"].outcome == "unchanged"


def test_a_private_address_is_not_connected_to_even_by_a_start_page(site: Site, house: House) -> None:
    starts = [f"http://{name}:{site.port}/" for name in ("127.0.0.1", "localhost", "2130706433")]
    found = crawled(site, house, allow_private_addresses=False, start=[{"url": start} for start in starts])
    assert {o.listing.url: o.outcome for o in found.observations} == dict.fromkeys(starts, "refused")
    assert all("no address on the open network" in str(o.message) for o in found.observations)
    assert site.asked == []


def test_a_name_that_is_local_is_followed_where_the_source_says_so_and_on_no_other_port(
    site: Site, house: House
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.1)
        port = other.getsockname()[1]
        site.at("/robots.txt", Answer(status=404))
        site.at("/bmys/far.pdf", Answer(status=302, headers={"Location": f"http://127.0.0.1:{port}/x.pdf"}))
        site.at("/bmys/name.pdf", Answer(status=302, headers={"Location": f"http://localhost:{site.port}/bmys/n.pdf"}))
        site.at("/bmys/n.pdf", Answer(pdf("n")))
        listed(site, "far.pdf", "name.pdf")
        found = crawled(site, house, hosts=["localhost"])
        assert found.outcomes() == {"far.pdf": "refused", "name.pdf": "new"}
        with pytest.raises(TimeoutError):
            other.accept()


def test_robots_txt_that_cannot_be_had_forbids_everything(site: Site, house: House) -> None:
    site.at("/robots.txt", Answer(status=503))
    listed(site, "a.pdf")
    [observation] = crawled(site, house).observations
    assert observation.outcome == "failed"
    assert "robots.txt" in str(observation.message)
    assert {path for path, _, _ in site.asked} == {"/robots.txt"}
    site.at("/robots.txt", Answer(status=404))


def test_a_server_without_a_certificate_that_holds_is_not_asked(site: Site, house: House, tmp_path: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(self_signed(tmp_path))
    with serving(context) as secure:
        address = f"https://localhost:{secure.port}/"
        found = crawled(site, house, replace(QUICK, tries=1), start=[{"url": address}])
        assert secure.asked == []
    [observation] = found.observations
    assert observation.outcome == "failed"
    assert "its certificate cannot be verified" in str(observation.message)


def test_a_host_that_fails_again_and_again_is_left_alone(site: Site, house: House) -> None:
    names = [f"down{number}.pdf" for number in range(60)]
    for name in names:
        site.at(f"/bmys/{name}", Answer(status=500))
    listed(site, *names)
    politeness = {"delay_seconds": 0, "concurrent_per_host": 1, "max_pages": 100}
    found = crawled(site, house, replace(QUICK, tries=1, failures_in_a_row=5), politeness=politeness)
    asked = sum(path.startswith("/bmys/down") for path, _, _ in site.asked)
    assert 5 <= asked < 25  # some are on their way when the fifth fails
    assert len(found.observations) == asked + 1
    assert f"{len(names) - asked} addresses wait for the next crawl" in str(found["index.html"].message)


def test_pages_and_depth_have_their_limits_and_say_so(site: Site, house: House) -> None:
    articles = [f"t2026010{number}_{number}.html" for number in range(1, 6)]
    for name in articles:
        site.page(f"/bmys/{name}", "甲市教育局2026年部门预算", ("a.pdf", "附件"))
    site.at("/bmys/a.pdf", Answer(pdf("a")))
    listed(site, *articles)
    politeness = {"delay_seconds": 0, "max_pages": 3, "max_depth": 1}
    found = crawled(site, house, politeness=politeness)
    assert len(found.pages) == 3
    assert found["a.pdf"].outcome == "new"
    assert "3 pages lie beyond max_pages" in str(found["index.html"].message)
    found = crawled(site, house, politeness={"delay_seconds": 0, "max_pages": 3, "max_depth": 0})
    assert "5 pages lie beyond max_depth" in str(found["index.html"].message)


def test_a_crawl_asks_no_more_at_once_than_it_may_and_no_longer(site: Site, house: House) -> None:
    names = [f"long{number}.pdf" for number in range(40)]
    for name in names:
        site.at(f"/bmys/{name}", Answer(pdf(name), stalls=0.1))
    listed(site, *names)
    politeness = {"delay_seconds": 0, "concurrent_per_host": 1, "max_pages": 9}
    found = crawled(site, house, replace(QUICK, crawl_seconds=1.0), politeness=politeness)
    outcomes = found.outcomes()
    assert outcomes.pop("index.html") == "failed"
    assert "the rest waits for the next crawl" in str(found["index.html"].message)
    assert set(outcomes.values()) == {"new"}
    assert len(outcomes) < len(names)  # those that were on their way came, too
    times = sorted(found[name].observed_at.timestamp() for name in outcomes)
    assert times[-1] - times[0] > 0.9 * 0.1 * (len(times) - 1)  # one after the other, as the source says


def test_a_delay_is_kept_and_so_is_the_one_that_robots_txt_asks_for(site: Site, house: House) -> None:
    site.at("/robots.txt", Answer(b"User-agent: *\nCrawl-delay: 0.6\n"))
    for name in ("d1.pdf", "d2.pdf", "d3.pdf"):
        site.at(f"/bmys/{name}", Answer(pdf(name)))
    listed(site, "d1.pdf", "d2.pdf", "d3.pdf")
    found = crawled(site, house, politeness={"delay_seconds": 0.1, "concurrent_per_host": 4, "max_pages": 9})
    times = [o.observed_at.timestamp() for o in found.observations]
    assert found.outcomes() == dict.fromkeys(("d1.pdf", "d2.pdf", "d3.pdf"), "new")
    assert max(times) - min(times) > 2 * 0.6 * 0.9
    site.at("/robots.txt", Answer(status=404))


@pytest.mark.parametrize(("status", "delay"), [(200, 0.6), (304, 0.6), (404, 1.0), (500, 1.0)])
def test_an_answer_that_nothing_changed_lets_a_server_be_asked_faster_and_an_error_does_not(
    status: int, delay: float
) -> None:
    throttle = Throttle(get_crawler(settings_dict={"AUTOTHROTTLE_ENABLED": True, "DOWNLOAD_DELAY": 0}))
    throttle.mindelay, throttle.maxdelay = 0.0, 60.0
    slot = Slot(concurrency=1, delay=1.0)
    throttle._adjust_delay(slot, 0.2, Response("http://a.example/", status=status))
    assert slot.delay == pytest.approx(delay)
    throttle._adjust_delay(slot, 4.0, Response("http://a.example/", status=status))
    assert slot.delay == 4.0


def test_a_crawl_that_dies_leaves_what_it_did_and_says_so(
    site: Site, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    site.at("/bmys/good.pdf", Answer(pdf("good")))
    site.at("/bmys/stalls.pdf", Answer(pdf("stalls"), stalls=60))
    listed(site, "good.pdf", "stalls.pdf")
    started: list[subprocess.Popen[str]] = []
    popen = subprocess.Popen

    def noted(*arguments: Any, **options: Any) -> subprocess.Popen[str]:
        started.append(popen(*arguments, **options))
        return started[-1]

    monkeypatch.setattr("extract.crawl.subprocess.Popen", noted)

    def kill_when_it_has_one() -> None:
        until = time.monotonic() + 60
        while not list(archive.document_ids(house)) and time.monotonic() < until:
            time.sleep(0.05)
        time.sleep(0.5)
        started[0].send_signal(signal.SIGKILL)

    killer = threading.Thread(target=kill_when_it_has_one)
    killer.start()
    assert collect_source(site.source(), house) == {"new": 1, "failed": 1}
    killer.join()
    load(house)
    [(message,)] = rows(house, "SELECT message FROM raw.observations WHERE outcome = 'failed'")
    assert message == "The process that crawls died of SIGKILL."
    site.at("/bmys/stalls.pdf", Answer(pdf("stalls")))
    assert collect_source(site.source(), house) == {"new": 1, "unchanged": 1}


def test_the_process_ends_with_who_started_it_and_the_next_one_finds_everything(
    site: Site, house: House, tmp_path: Path
) -> None:
    site.at("/bmys/good.pdf", Answer(pdf("good")))
    site.at("/bmys/stalls.pdf", Answer(pdf("stalls"), stalls=60))
    listed(site, "good.pdf", "stalls.pdf")
    site.asked.clear()
    script = tmp_path / "collects.py"
    script.write_text(
        "from pathlib import Path\nfrom extract.collect import collect\nfrom extract.settings import House\n"
        f"collect('shi', House(Path({str(house.root)!r}), Path({str(house.inbox)!r})))\n"
    )
    (tmp_path / "shi.yml").write_text(site.source().model_dump_json())  # JSON is YAML
    environment = {**os.environ, "JIXIAO_SOURCES": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    parent = subprocess.Popen([sys.executable, script], env=environment, cwd=PROJECT)
    until = time.monotonic() + 60
    while not (site.times("/bmys/stalls.pdf") and list(archive.document_ids(house))) and time.monotonic() < until:
        time.sleep(0.05)
    children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
    assert children
    parent.kill()
    parent.wait()
    until = time.monotonic() + 30
    while any(Path(f"/proc/{child}").exists() for child in children) and time.monotonic() < until:
        time.sleep(0.1)
    assert not any(Path(f"/proc/{child}").exists() for child in children)
    assert unread_document_ids(house) == []  # nothing was observed yet
    site.at("/bmys/stalls.pdf", Answer(pdf("stalls")))
    assert crawled(site, house).outcomes() == {"good.pdf": "duplicate", "stalls.pdf": "new"}
    assert len(unread_document_ids(house)) == 2


def test_a_source_that_gives_no_document_is_a_failed_one(
    first: tuple[Site, House, Crawled, list[Any]], house: House
) -> None:
    site, healthy, _, _ = first
    site.at("/bmys/index.html", Answer(CHALLENGE, media_type=PAGE))
    found = crawled(site, house)
    assert found.outcomes() == {"index.html": "blocked"}
    long_ago = datetime(2026, 1, 1, tzinfo=UTC)
    assert failed_sources(["shi", "other"], long_ago, house) == ["shi", "other"]
    assert failed_sources(["shi"], long_ago, healthy) == []


def test_a_source_is_checked_without_storing_anything(site: Site, tmp_path: Path) -> None:
    site.at("/bmys/a.pdf", Answer(pdf("a")))
    site.at("/bmys/b.pdf", Answer(status=404))
    (tmp_path / "shi.yml").write_text(site.source().model_dump_json())
    environment = {**os.environ, "JIXIAO_SOURCES": str(tmp_path), "JIXIAO_DATA": str(tmp_path / "house")}

    def check(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "extract", "check-source", *arguments]
        return subprocess.run(command, env=environment, cwd=PROJECT, capture_output=True, text=True, check=False)

    listed(site, "a.pdf", "b.pdf")
    done = check("shi", "--documents", "1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "甲市a.pdf局2026年部门预算" in done.stdout
    assert "2026" in done.stdout
    assert "1 pages seen, 2 listings on them, 1 documents fetched" in done.stdout
    done = check("shi")
    assert done.returncode == 1
    assert "404 Not Found" in done.stdout
    assert "1 documents fetched (0.0 MB), 1 troubles" in done.stdout
    assert not (tmp_path / "house").exists()
    assert check("nowhere").returncode == 2
