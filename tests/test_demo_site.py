"""The demo's city over real HTTP: every address answers what the truth says, on each of its days."""

import hashlib
import http.client
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
import tracemalloc
import zipfile
from collections import Counter
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import yaml

from demo.answers import HUGE_BYTES, PRIVATE_ADDRESS, SECRET_PATH, moved_path
from demo.city import load_city
from demo.expected import Expected, expected, expected_json
from demo.server import CityServer, serving
from demo.site import DAYS, SITES, load_sites
from demo.sources import write_sources
from demo.table import printed_lines
from demo.zips import BOMB_BYTES, bomb
from extract.guard import Guard
from extract.hints import Hints
from tests.conftest import PROJECT

FETCHED = ("new", "unchanged", "duplicate", "revised")


@pytest.fixture(scope="module")
def city() -> Iterator[CityServer]:
    with serving(40, slow_seconds=0.3) as running:
        yield running


@pytest.fixture(autouse=True)
def _first_day(city: CityServer) -> None:
    city.day = 1


class Answered:
    """What came back for one request, no redirect followed."""

    def __init__(self, url: str, method: str = "GET", **headers: str) -> None:
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        try:
            path = f"{parts.path}?{parts.query}" if parts.query else parts.path
            connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
            response = connection.getresponse()
            self.status, self.headers = response.status, response.headers
            self.content = response.read()
        finally:
            connection.close()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


def by_path(city: CityServer) -> dict[str, Expected]:
    return {one.url: one for one in expected(city)}


def one_of(city: CityServer, key: str, what: str) -> Expected:
    """The one address of a site whose path or title holds a text."""
    [found] = [one for one in expected(city) if one.source_id == f"demo-{key}" and what in one.url + one.title]
    return found


def files(city: CityServer) -> list[Expected]:
    return [one for one in expected(city) if one.kind in ("document", "container")]


@pytest.mark.parametrize("day", DAYS)
def test_every_address_gives_the_bytes_that_the_truth_says(city: CityServer, day: int) -> None:
    city.day = day
    asked = Counter[str]()
    for one in files(city):
        outcome = one.outcomes[day - 1]
        if outcome in FETCHED:
            content = one.content(day)
            answered = Answered(one.url)
            if answered.status == 503:  # busy at the first request
                answered = Answered(one.url)
            if answered.status == 301:
                answered = Answered(urljoin(one.url, answered.headers["Location"]))
            assert (answered.status, answered.content) == (200, content), one.url
        elif outcome in ("gone", None):
            assert Answered(one.url).status == 404
        asked[str(outcome)] += 1
    assert asked[{1: "new", 2: "unchanged", 3: "revised"}[day]] > 0
    assert asked["failed"] > 0


def test_the_days_differ_by_exactly_what_the_city_says(city: CityServer) -> None:
    everything = list(expected(city))
    days = [Counter(one.outcomes[day - 1] for one in everything) for day in DAYS]
    assert days[1]["unchanged"] + days[1]["failed"] + days[1]["blocked"] + days[1]["refused"] + days[1][None] == len(
        everything
    )
    third = {
        outcome: sorted(one.title for one in everything if one.outcomes[2] == outcome)
        for outcome in ("revised", "gone", "new")
    }
    assert len(third["revised"]) == 2  # of 40 small bodies none is the fiftieth
    assert len(third["gone"]) == 1
    assert len(third["new"]) == 2  # one is published, one could not be had before
    assert [one.outcomes for one in everything if one.title in third["revised"]] == [
        ("new", "unchanged", "revised")
    ] * 2


def test_the_bytes_change_only_where_a_revision_is_told(city: CityServer) -> None:
    for one in files(city):
        contents = [one.content(day) for day in DAYS]
        for day in DAYS[1:]:
            before, after = contents[day - 2], contents[day - 1]
            if before is not None and after is not None:
                assert (before != after) == (one.outcomes[day - 1] == "revised"), one.url


def test_lists_lead_through_their_pages_to_every_article(city: CityServer) -> None:
    for site in city.sites.values():
        if site.page_trouble is not None:
            continue
        for day in DAYS:
            city.day = day
            found = set()
            for number in range(1, site.page_count(day) + 1):
                url = city.url(site.key, site.list_path(number))
                page = Answered(url)
                assert page.status == 200
                links = re.findall(r"""href=["']([^"']+)["']""", page.content.decode())
                found |= {urlsplit(urljoin(url, link)).path for link in links}
            listed = {article.path for article in site.articles_on(day)}
            assert listed <= found
            assert not found & ({article.path for article in site.articles} - listed)


def test_articles_name_their_files_and_nothing_else_does(city: CityServer) -> None:
    for site in city.sites.values():
        for article in site.articles_on(1) if site.page_trouble is None else ():
            url = city.url(site.key, article.path)
            text = unescape(Answered(url).content.decode())
            assert article.title in text
            assert f"{article.published_date}" in text
            named = re.findall(r"""(?:href=|sPdfUrl = )["']([^"']+)["']""", text)
            paths = [urlsplit(urljoin(url, path)) for several in named for path in several.split("#")]
            asked = {f"{parts.path}?{parts.query}" if parts.query else parts.path for parts in paths}
            found = {path for path in asked if re.search(r"\.(?:pdf|xlsx|zip|txt)$|download\.do", path, re.IGNORECASE)}
            assert found == {attachment.path for attachment in article.attachments}


def test_a_front_page_sends_its_reader_on(city: CityServer) -> None:
    page = Answered(city.url("bureaus")).content.decode()
    [to] = re.findall(r'http-equiv="refresh" content="0;url=([^"]+)"', page)
    assert "部门预算" in Answered(urljoin(city.url("bureaus"), to)).content.decode()


def test_what_is_known_is_answered_with_304(city: CityServer) -> None:
    for one in files(city):
        if one.outcomes[0] not in ("new", "duplicate") or "moved" in str(one.path):
            continue
        first = Answered(one.url)
        first = Answered(one.url) if first.status == 503 else first
        etag, modified = first.headers["ETag"], first.headers["Last-Modified"]
        assert (etag is not None or modified is not None) == one.has_validators
        tried = 0
        for day, status in ((1, 304), (3, {"unchanged": 304, "revised": 200, "gone": 404}[str(one.outcomes[2])])):
            city.day = day
            for headers in ({"If_None_Match": etag}, {"If_Modified_Since": modified}):
                if None not in headers.values():
                    answered = Answered(one.url, **headers)
                    assert answered.status == status, (one.url, day, headers)
                    assert bool(answered.content) == (status != 304)
                    tried += 1
        city.day = 1
        assert (tried > 0) == one.has_validators
        other = Answered(one.url, If_None_Match='"other"', **({"If_Modified_Since": modified} if modified else {}))
        assert other.status == 200, "an ETag that differs counts before any time"


def test_pages_have_validators_that_follow_what_they_list(city: CityServer) -> None:
    url = city.url("treasury")
    first = Answered(url)
    assert Answered(url, If_None_Match=first.headers["ETag"]).status == 304
    city.day = 2
    assert Answered(url, If_Modified_Since=first.headers["Last-Modified"]).status == 304
    city.day = 3
    assert Answered(url, If_None_Match=first.headers["ETag"]).status == 200
    assert Answered(url, If_Modified_Since=first.headers["Last-Modified"]).status == 200
    assert Answered(city.url("challenge")).headers["ETag"] is None


def test_a_head_has_no_body(city: CityServer) -> None:
    one = one_of(city, "treasury", "云泽市商务局2026年")
    head = Answered(one.url, "HEAD")
    assert (head.status, head.content) == (200, b"")
    assert int(head.headers["Content-Length"]) == len(one.content(1) or b"")


def test_robots_forbid_a_folder_that_holds_a_document(city: CityServer) -> None:
    assert "Disallow: /czj/neibu/" in Answered(city.url("treasury", "/robots.txt")).content.decode()
    assert Answered(city.url("bureaus", "/robots.txt")).status == 404
    forbidden = one_of(city, "treasury", "/czj/neibu/")
    assert (forbidden.kind, forbidden.outcomes) == ("page", ("blocked",) * 3)
    page = Answered(forbidden.url).content.decode()
    [path] = re.findall(r'href="([^"]+\.pdf)"', page)
    assert Answered(urljoin(forbidden.url, path)).content.startswith(b"%PDF"), "it is there, for those who do not ask"


def trouble(city: CityServer, name: str) -> Expected:
    [path] = [
        attachment.path
        for article in city.sites["troubles"].articles
        for attachment in article.attachments
        if attachment.trouble == name
    ]
    return by_path(city)[city.url("troubles", path)]


def test_troubles_are_what_they_say(city: CityServer) -> None:
    page = Answered(trouble(city, "error_page").url)
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert page.content.startswith(b"<!doctype html>")
    assert trouble(city, "error_page").url.endswith(".pdf")

    loop = trouble(city, "redirect_loop").url
    there = urljoin(loop, Answered(loop).headers["Location"])
    assert there != loop
    assert urljoin(there, Answered(there).headers["Location"]) == loop

    assert Answered(trouble(city, "redirect_private").url).headers["Location"] == PRIVATE_ADDRESS
    outside = Answered(trouble(city, "redirect_outside").url).headers["Location"]
    assert urlsplit(outside).hostname == "localhost"
    assert outside.endswith(SECRET_PATH)
    assert [Answered(trouble(city, name).url).status for name in ("denied", "missing")] == [403, 404]
    with pytest.raises(http.client.IncompleteRead):
        Answered(trouble(city, "broken_off").url)


def test_some_troubles_pass(city: CityServer) -> None:
    with serving() as fresh:
        url = trouble(fresh, "busy_once").url
        answers = [Answered(url) for _ in range(3)]
        assert [answered.status for answered in answers] == [503, 200, 200]
        assert answers[0].headers["Retry-After"] == "1"
        for fails_on in ((1, 2), (2,)):
            [path] = [
                attachment.path
                for article in fresh.sites["troubles"].articles
                for attachment in article.attachments
                if attachment.fails_on == fails_on
            ]
            for day in DAYS:
                fresh.day = day
                assert Answered(fresh.url("troubles", path)).status == (500 if day in fails_on else 200)


def test_a_moved_file_is_found_where_it_is_now(city: CityServer) -> None:
    one = one_of(city, "bureaus", "20025")
    answered = Answered(one.url)
    assert (answered.status, answered.headers["Location"]) == (301, moved_path(urlsplit(one.url).path))


def test_a_download_says_its_name_and_not_what_it_is(city: CityServer) -> None:
    one = one_of(city, "yunling", "d1420ca01")
    answered = Answered(one.url)
    assert answered.headers["Content-Type"] == "application/octet-stream"
    assert answered.headers["Content-Disposition"].encode("latin-1").decode() == f'attachment; filename="{one.title}"'
    assert answered.content.startswith(b"%PDF")


def test_names_in_a_zip_are_gbk_and_do_not_say_so(city: CityServer) -> None:
    container = one_of(city, "treasury", "各单位预算.zip")
    members = {one.title: one for one in expected(city) if one.container_url == container.url}
    assert len(members) == 2
    with zipfile.ZipFile(BytesIO(Answered(container.url).content)) as archive:
        assert archive.testzip() is None
        assert not any(info.flag_bits & 0x800 for info in archive.infolist())
        # what the standard library makes of such names, turned back
        names = {name.encode("cp437").decode("gbk"): name for name in archive.namelist()}
        assert names.keys() == members.keys()
        for name, member in members.items():
            assert archive.read(names[name]) == member.content(1)
            assert unquote(urlsplit(member.url).fragment) == name


def test_a_bomb_is_small_and_unpacks_to_much() -> None:
    with zipfile.ZipFile(BytesIO(bomb())) as archive:
        assert [info.file_size for info in archive.infolist()] == [BOMB_BYTES]
    assert len(bomb()) < 2_000_000


@pytest.mark.parametrize("name", ["huge", "huge_unannounced"])
def test_two_hundred_megabytes_are_streamed_and_never_held(city: CityServer, name: str) -> None:
    parts = urlsplit(trouble(city, name).url)
    tracemalloc.start()
    try:
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        connection.request("GET", parts.path)
        response = connection.getresponse()
        assert response.getheader("Content-Length") == (str(HUGE_BYTES) if name == "huge" else None)
        taken = 0
        while piece := response.read(1 << 20):
            taken += len(piece)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
        connection.close()
    assert taken == HUGE_BYTES
    assert peak < 20_000_000, "client and server live in this process"


def test_a_client_that_hangs_up_does_not_get_the_rest(city: CityServer) -> None:
    parts = urlsplit(trouble(city, "huge").url)
    before = len(city.hits)
    with socket.create_connection((parts.hostname or "", parts.port or 0), timeout=30) as client:
        client.sendall(f"GET {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode())
        assert client.recv(100).startswith(b"HTTP/1.1 200")
    deadline = time.monotonic() + 30
    while len(city.hits) == before and time.monotonic() < deadline:
        time.sleep(0.02)
    [hit] = city.hits[before:]
    assert hit.sent_bytes < HUGE_BYTES / 2


def test_the_slow_host_takes_its_time_and_answers(city: CityServer) -> None:
    start = time.monotonic()
    assert Answered(city.url("slow")).status == 200
    assert time.monotonic() - start >= city.slow_seconds


def test_pages_in_trouble_hold_no_link_to_a_document(city: CityServer) -> None:
    challenge = Answered(city.url("challenge"))
    assert challenge.status == 200
    assert challenge.content.startswith(b"<script>")
    assert b"cookie" in challenge.content
    scripted = Answered(city.url("scripted")).content.decode()
    assert "TREE" in scripted
    assert "2026" not in scripted


def test_every_request_is_noted(city: CityServer, tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with serving(log=log) as fresh:
        one = one_of(fresh, "treasury", "云泽市商务局2026年")
        first = Answered(one.url, User_Agent="tester")
        Answered(one.url, If_None_Match=first.headers["ETag"])
        Answered(fresh.url("treasury", "/nowhere?a=1"))
        hits = fresh.hits
    assert [(hit.status, hit.sent_bytes, hit.path) for hit in hits[:2]] == [
        (200, len(first.content), urlsplit(one.url).path),
        (304, 0, urlsplit(one.url).path),
    ]
    assert (hits[0].user_agent, hits[1].if_none_match) == ("tester", first.headers["ETag"])
    assert (hits[2].status, hits[2].path, hits[2].site, hits[2].day) == (404, "/nowhere?a=1", "treasury", 1)
    assert [json.loads(line)["status"] for line in log.read_text().splitlines()] == [200, 304, 404]


def test_the_truth_tells_bytes_and_lines_of_every_document(city: CityServer) -> None:
    told = [json.loads(line) for line in expected_json(city)]
    assert len(told) == len(list(expected(city))) > 80
    assert len({entry["url"] for entry in told}) == len(told)
    for entry in told:
        for day in entry["days"]:
            has_bytes = day["outcome"] in FETCHED
            assert (day["sha256"] is not None) == has_bytes, entry["url"]
            assert (day["document"] is not None) == (has_bytes and entry["kind"] != "container")
            if day["document"] is not None:
                assert {line["level"] for line in day["document"]["lines"]} >= {"unit", "project"}
    first, again = [entry for entry in told if "20024" in entry["title"]]
    assert [entry["days"][0]["outcome"] for entry in (first, again)] == ["new", "duplicate"]
    assert first["days"][0]["sha256"] == again["days"][0]["sha256"]


def test_what_an_article_carries_and_what_was_revised_reads_as_it_was_meant(city: CityServer) -> None:
    meant = [
        (one.content(3), one.publications[2])
        for one in expected(city)
        if one.kind == "document" and (one.outcomes[2] == "revised" or one.url.endswith(".html"))
    ]
    assert len(meant) == 3
    with Guard() as guard:
        read = list(guard.read([(content or b"", Hints()) for content, _ in meant]))
    for document, (_, publication) in zip(read, meant, strict=True):
        assert publication is not None
        assert document.publisher == publication.document().publisher
        assert [(line.level, line.name, line.total_text) for line in document.lines] == [
            (line.level, line.name.rstrip("："), line.total)
            for line in printed_lines(publication.document(), load_city())
        ]


def test_thousands_of_documents_are_named_without_being_made() -> None:
    start = time.process_time()
    with serving(5000) as large:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        schools = [one for one in expected(large) if one.source_id == "demo-schools"]
        assert len(schools) == 5000
        assert sum(one.outcomes[2] == "revised" for one in schools) == 50
        assert Answered(large.url("schools", large.sites["schools"].list_path(25))).status == 200
        assert len({one.url for one in schools}) == 5000
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert time.process_time() - start < 15
    assert grown < 200_000, "kilobytes"


def test_sources_name_the_ports_and_nothing_unknown(city: CityServer, tmp_path: Path) -> None:
    write_sources(city, tmp_path)
    written = {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in tmp_path.glob("*.yml")}
    assert len(written) == len(city.sites) == len(list(SITES.glob("*.yml")))
    for key, site in city.sites.items():
        source = written[f"demo-{key}"]
        assert source["source_id"] == f"demo-{key}"
        assert source["allow_private_addresses"] is True
        assert [page["url"] for page in source["start"]] == [city.url(key)]
        assert source["region_id"] == site.region_id


def test_without_documents_asked_for_there_are_no_small_bodies() -> None:
    assert "schools" not in {site.key for site in load_sites(0)}


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "demo", *map(str, arguments)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_command_runs_while_the_city_answers(tmp_path: Path) -> None:
    script = (
        "import os, pathlib, sys, urllib.request, yaml\n"
        "sources = pathlib.Path(os.environ['JIXIAO_SOURCES'])\n"
        "[page] = yaml.safe_load((sources / 'demo-treasury.yml').read_text())['start']\n"
        "print(urllib.request.urlopen(page['url']).status)\n"
        "sys.exit(7)\n"
    )
    result = run("run", "--port", "0", "--day", "3", tmp_path / "city", "--", sys.executable, "-c", script)
    assert (result.returncode, result.stdout) == (7, "200\n"), result.stderr
    [line] = (tmp_path / "city" / "requests.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["day"] == 3
    assert run("run", tmp_path / "city").returncode == 2


def test_a_port_in_use_is_named(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("run", "--port", str(port), tmp_path / "city", "--", "true")
    assert result.returncode == 1
    assert f"port {port} of 127.0.0.1 cannot be had" in result.stderr
    assert "--port" in result.stderr


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_a_served_city_ends_when_it_is_told(tmp_path: Path, end: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "demo", "serve", "--port", "0", str(tmp_path / "city")],
        cwd=PROJECT,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        url = process.stdout.readline().split()[0]
        assert Answered(url).status == 200
        process.send_signal(end)
        assert process.wait(timeout=30) == 0
    finally:
        process.kill()
        process.wait()
