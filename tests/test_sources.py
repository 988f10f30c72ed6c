"""Sources: every file is held to the model, and a new one begins with a test that fails."""

from __future__ import annotations

import csv
import json
import re
import runpy
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml

from extract.__main__ import main
from extract.add_source import add_source
from extract.sites import SITES, TroubleCode
from extract.sources import FOLDER, Politeness, Source, StartPage, Verified, read_source, sources
from tests.conftest import PROJECT
from tests.test_sites import LIST

FILES = sorted((PROJECT / "extract" / "sources").glob("*.yml"))
WEB = [file for file in FILES if file.stem != "inbox"]
SITE = {
    "source_id": "yunze",
    "system": "plain",
    "description": "云泽市",
    "enabled": True,
    "start": [{"url": "http://www.yunze.gov.cn/ys/"}],
    "rhythm_days": 400,
}


def test_every_source_of_the_project_is_read() -> None:
    assert len(FILES) > 16
    assert list(sources()) == [file.stem for file in FILES]


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_source_is_as_the_model_asks(file: Path) -> None:
    source = read_source(file.name, file.read_text(encoding="utf-8"))
    assert source.system in {FOLDER, *SITES}
    assert Source.model_validate_json(source.model_dump_json()) == source


@pytest.mark.parametrize("file", WEB, ids=[file.stem for file in WEB])
def test_a_site_of_the_project_is_a_government_of_a_known_region_and_says_what_was_seen_of_it(file: Path) -> None:
    source = sources()[file.stem]
    seed = (PROJECT / "dbt_project" / "seeds" / "regions.csv").read_text(encoding="utf-8")
    assert source.region_id in {row["region_id"] for row in csv.DictReader(seed.splitlines())}
    assert source.rhythm_days
    assert not source.allow_private_addresses
    hosts = [page.url.split("/")[2] for page in source.start] + list(source.hosts)
    assert all(re.fullmatch(r"(\*|[a-z]+)(\.[a-z]+)+\.gov\.cn", host) for host in hosts)
    assert all(source.may_visit(page.url) for page in source.start)
    said = f"{source.verified.offline} {source.verified.online}"
    assert source.verified.offline
    assert source.verified.online
    assert not re.search(r"\.html?\b|\.json|/work|/tmp", said)
    assert source.enabled or len(source.disabled_because or "") > 30


def test_cities_start_where_the_list_of_cities_says(published: Path) -> None:
    listed = {city["budget_url"] for city in json.loads((published / "city-listing-urls.json").read_text("utf-8"))}
    cities = {s.source_id for s in sources().values() if listed & {page.url for page in s.start}}
    assert "guangzhou" in cities
    assert len(cities) > 15


def test_what_a_run_has_not_seen_is_not_enabled() -> None:
    unseen = [s for s in sources().values() if (s.verified.online or "").startswith("To be seen")]
    assert unseen
    assert not [source.source_id for source in unseen if source.enabled]


def test_the_docs_show_a_source_that_is_one_and_speak_of_every_key_system_and_trouble() -> None:
    text = (PROJECT / "docs" / "add-a-source.md").read_text(encoding="utf-8")
    [example] = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert read_source("yunze.yml", example).enabled
    keys = {*Source.model_fields, *Politeness.model_fields, *StartPage.model_fields, *Verified.model_fields} - {"url"}
    assert {name for name in {*keys, *SITES, *get_args(TroubleCode)} if f"`{name}`" not in text} == set()


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"colour": "red"}, "Extra inputs"),
        ({"start": [{"url": "http://a.cn/", "depth": 1}]}, "Extra inputs"),
        ({"politeness": {"delay": 1}}, "Extra inputs"),
        ({"politeness": {"delay_seconds": -1}}, "greater than or equal"),
        ({"politeness": {"concurrent_per_host": 50}}, "less than or equal"),
        ({"description": None}, "description"),
        ({"source_id": "Yun Ze"}, "source_id"),
        ({"region_id": "4401"}, "region_id"),
        ({"region_id": 440100}, "region_id"),
        ({"start": []}, "a page to start from"),
        ({"start": [{"url": "ftp://a.cn/"}]}, "no absolute http"),
        ({"start": [{"url": "/relative/"}]}, "no absolute http"),
        ({"start": [{"url": "http://u:p@a.cn/"}]}, "leave out"),
        ({"start": [{"url": "http://a.cn/'x"}]}, "no absolute http"),
        ({"start": [{"url": "http://a.cn/\n"}]}, "no absolute http"),
        ({"start": [{"url": "http://a.cn/#717"}]}, "leave out"),
        ({"start": [{"url": "http://a.cn/", "fiscal_year": 26}]}, "fiscal_year"),
        ({"fiscal_years": [1026]}, "fiscal_years"),
        ({"hosts": ["http://a.cn"]}, "no host"),
        ({"hosts": ["*.cn"]}, "more hosts than any publisher has"),
        ({"hosts": ["*"]}, "no host"),
        ({"follow": ["("]}, "no regular expression"),
        ({"titles": ["[z-a]"]}, "no regular expression"),
        ({"enabled": False}, "disabled_because"),
        ({"disabled_because": "of rain"}, "disabled_because"),
        ({"rhythm_days": None}, "rhythm_days"),
        ({"rhythm_days": 0}, "rhythm_days"),
        ({"system": "folder"}, "a folder has no pages"),
        ({"system": "wordpress"}, "no module"),
    ],
)
def test_what_no_source_can_be_is_refused(changed: dict[str, Any], said: str) -> None:
    read_source("yunze.yml", yaml.safe_dump(SITE))
    with pytest.raises(ValueError, match=said):
        read_source("yunze.yml", yaml.safe_dump(SITE | changed))


@pytest.mark.parametrize("text", ["", "- a\n", "source_id: [", "a: b: c"])
def test_a_file_that_is_no_source_is_refused_by_its_name(text: str) -> None:
    with pytest.raises(ValueError, match=r"^yunze\.yml: "):
        read_source("yunze.yml", text)


def test_a_file_bears_the_name_of_its_source() -> None:
    with pytest.raises(ValueError, match="name the file after it"):
        read_source("other.yml", yaml.safe_dump(SITE))


def test_a_persons_own_sources_are_read_too_and_no_id_stands_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_SOURCES", str(tmp_path))
    (tmp_path / "yunze.yml").write_text(yaml.safe_dump(SITE), encoding="utf-8")
    assert sources()["yunze"].rhythm_days == 400
    assert "inbox" in sources()
    (tmp_path / "changsha.yml").write_text(yaml.safe_dump(SITE | {"source_id": "changsha"}), encoding="utf-8")
    with pytest.raises(ValueError, match=r"changsha\.yml: there is a source of this id already"):
        sources()


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("http://www.yunze.gov.cn/a.pdf", True),
        ("https://www.yunze.gov.cn:8443/", True),
        ("http://swj.yunze.gov.cn/", True),
        ("http://yunze.gov.cn/", False),
        ("http://www.yunze.gov.cn.evil.cn/", False),
        ("http://evilyunze.gov.cn/", False),
        ("http://a@evil.cn/", False),
        ("file:///etc/passwd", False),
        ("http://[::1", False),
    ],
)
def test_a_source_visits_its_own_hosts_only(url: str, may: bool) -> None:
    source = Source.model_validate(SITE | {"hosts": ["*.yunze.gov.cn"]})
    assert source.may_visit(url) is may


def test_a_new_source_begins_with_a_test_that_fails_until_its_page_was_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "extract" / "sources").mkdir(parents=True)
    (tmp_path / "tests").mkdir()
    url = "http://www.yunze.gov.cn/ys/index.html"
    yml, test = add_source("yunze-commerce", url, "trs", "云泽市商务局", tmp_path)
    source = read_source(yml.name, yml.read_text(encoding="utf-8"))
    assert (source.enabled, source.publisher, source.start[0].url) == (False, "云泽市商务局", url)
    monkeypatch.setenv("JIXIAO_SOURCES", str(yml.parent))

    def run() -> None:
        runpy.run_path(str(test))["test_the_page_offers_what_was_counted"]()

    with pytest.raises(AssertionError, match="save the page first: curl --location"):
        run()
    (tmp_path / "tests" / "pages" / "yunze-commerce.html").write_text(LIST, encoding="utf-8")
    with pytest.raises(AssertionError, match=r"count what .* offers and write it into"):
        run()
    first = ("云泽市商务局2026年部门预算", "http://www.yunze.gov.cn/ys/202602/t20260213_1.html")
    last = ("云泽市商务局2026年项目支出绩效目标", "http://www.yunze.gov.cn/ys/202602/t20260210_3.html")
    filled = test.read_text(encoding="utf-8")
    for name, value in (("DOCUMENTS", 0), ("LEADS_ON", 2), ("FIRST", first), ("LAST", last)):
        filled = re.sub(rf"^({name}: .*) = None", rf"\1 = {value!r}", filled, flags=re.MULTILINE)
    test.write_text(filled, encoding="utf-8")
    run()
    test.write_text(filled.replace("LEADS_ON: int | None = 2", "LEADS_ON: int | None = 3"), encoding="utf-8")
    with pytest.raises(AssertionError):
        run()


def test_add_source_refuses_what_is_none_and_writes_nothing_over(capsys: pytest.CaptureFixture[str]) -> None:
    before = {file: file.read_bytes() for file in FILES}
    for arguments, said in (
        (["changsha", "--url", "http://a.cn/", "--system", "trs"], "exists"),
        (["new-one", "--url", "http://a.cn/", "--system", "wordpress"], "no site system"),
        (["new-one", "--url", "a.cn", "--system", "trs"], "no absolute http"),
        (["New One", "--url", "http://a.cn/", "--system", "trs"], "source_id"),
        (["../x", "--url", "http://a.cn/", "--system", "trs"], "source_id"),
    ):
        assert main(["add-source", *arguments]) == 1
        assert said in capsys.readouterr().err
    assert {file: file.read_bytes() for file in sorted((PROJECT / "extract" / "sources").glob("*.yml"))} == before
