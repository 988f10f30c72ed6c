"""The page behind a number: every fact leads to its cell, nothing of a document runs, nobody else is let in."""

from __future__ import annotations

import io
import json
import re
import subprocess
from collections.abc import Callable
from html import unescape
from pathlib import Path

import duckdb
import pypdfium2 as pdfium
import pytest
from fastapi import FastAPI, HTTPException
from fastapi.testclient import TestClient
from PIL import Image

from extract import archive
from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.pending import unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import House
from extract.view import drawn
from extract.view.app import create_app
from extract.view.facts import facts
from extract.view.facts import published as facts_connection
from tests import pdf_bytes
from tests.test_pipeline import rows

Ran = tuple[House, subprocess.CompletedProcess[str]]
_HTML = {"Accept": "text/html"}


def everybody() -> None:
    """Lets everybody in."""


def view_of(house: House, announce: Callable[[], object] = print) -> FastAPI:
    return create_app(house, everybody, lambda: "审核员", announce)


@pytest.fixture(scope="module")
def city(ran_city: Ran) -> TestClient:
    return TestClient(view_of(ran_city[0]))


def documents_of(house: House, condition: str) -> list[str]:
    sql = f"SELECT document_id FROM marts.dim_documents WHERE status IN ('complete', 'partial') AND {condition}"
    return [document_id for (document_id,) in rows(house.published, f"{sql} ORDER BY ALL")]


def test_every_published_document_is_listed_and_found(city: TestClient, ran_city: Ran) -> None:
    known = rows(ran_city[0].published, "SELECT document_id, title, fiscal_year, status FROM marts.dim_documents")
    page = unescape(city.get("/").text)
    for document_id, title, _, status in known:
        assert f"/documents/{document_id}" in page
        assert title is None or title in page
        assert f"/documents/{document_id}" in city.get("/", params={"q": (title or "").upper(), "status": status}).text
    years = {year for _, _, year, _ in known if year}
    for year in years:
        shown = re.findall(r"/documents/(\w{64})", city.get("/", params={"year": year}).text)
        assert set(shown) == {document_id for document_id, _, its, _ in known if its == year}


def test_every_fact_is_outlined_where_it_is_printed(city: TestClient, ran_city: Ran) -> None:
    house = ran_city[0]
    seen = 0
    for document_id in documents_of(house, "media_type = 'application/pdf'")[:6]:
        everything = facts(house, document_id)
        pages = {part["page_number"] for fact in everything for part in fact.parts}
        outlined: set[tuple[str, tuple[float, ...]]] = set()
        for page in pages:
            text = city.get(f"/documents/{document_id}", params={"page": page}).text
            for rect in re.findall(r"<rect [^>]*>", text):
                told = dict(re.findall(r'(\S+)="([^"]*)"', rect))
                box = tuple(float(told[name]) for name in ("x", "y", "width", "height"))
                outlined.add((unescape(told["data-key"]), (page, *box)))
        for fact in everything:
            for part in fact.parts:
                if "bbox" in part:
                    x0, top, x1, bottom = part["bbox"]
                    assert (fact.key, (part["page_number"], x0, top, x1 - x0, bottom - top)) in outlined
                    seen += 1
    assert seen > 500


def test_an_address_opens_the_page_of_its_fact(city: TestClient, ran_city: Ran) -> None:
    for kind, document_id, line_id, which, page in rows(
        ran_city[0].published,
        """
        FROM (SELECT 'line', document_id, project_line_id, NULL, page_number FROM marts.fct_project_budgets
              WHERE page_number > 1 LIMIT 3)
        UNION ALL FROM (SELECT 'fund', document_id, project_line_id, fund_source_id, page_number
              FROM marts.fct_project_funds WHERE page_number > 1 LIMIT 3)
        UNION ALL FROM (SELECT 'indicator', document_id, project_line_id, indicator_position::VARCHAR, page_number
              FROM marts.fct_indicator_targets WHERE page_number > 1 LIMIT 3)
        """,
    ):
        text = city.get(f"/documents/{document_id}", params={"line": line_id} | ({kind: which} if which else {})).text
        [chosen] = re.findall(r'<li class="fact [^"]*chosen" id="([^"]*)"', text)
        assert unescape(chosen).startswith(f"{kind}:{line_id}")
        assert f'name="page" value="{page}"' in text


def test_a_picture_is_the_page(city: TestClient, ran_city: Ran) -> None:
    house = ran_city[0]
    document_id = documents_of(house, "media_type = 'application/pdf'")[0]
    answer = city.get(f"/documents/{document_id}/pages/1.png")
    assert "immutable" in answer.headers["cache-control"]
    with pdfium.PdfDocument(archive.content_of(document_id, house)) as document:
        meant = document[0].render(scale=2).to_pil()
    assert Image.open(io.BytesIO(answer.content)).convert("RGB").tobytes() == meant.convert("RGB").tobytes()
    file = city.get(f"/documents/{document_id}/file")
    assert file.content == archive.content_of(document_id, house)
    assert file.headers["content-disposition"].startswith("attachment")


def test_cells_of_documents_without_pages_hold_their_facts(ran_city: Ran) -> None:
    house = ran_city[0]
    without_pages = documents_of(house, "media_type <> 'application/pdf' AND document_kind IS NOT NULL")
    assert len(without_pages) > 3
    held = 0
    for document_id in without_pages:
        tables = drawn.tables(archive.content_of(document_id, house))
        for fact in facts(house, document_id):
            for part in fact.parts if fact.kind == "fund" else ():
                rows_of = [t.rows for t in tables if (t.sheet, t.table) == (part.get("sheet"), part.get("table"))]
                first, last = part.get("row") or part["first_line"], part.get("last_row") or part["last_line"]
                cells = [c for table in rows_of for row in table for c in row if first <= c["row"] <= last]
                if "column" in part:
                    cells = [c for c in cells if part["column"] <= c["column"] <= part["last_column"]]
                assert any(fact.text in cell["text"] for cell in cells), (document_id, fact)
                held += 1
    assert held > 20


def test_words_are_searched_in_names_goals_and_indicators(city: TestClient, ran_city: Ran) -> None:
    current = "FROM marts.fct_project_budgets INNER JOIN marts.dim_documents USING (document_id) WHERE is_current"
    for column in ("project_name", "goal_text"):
        sql = f"SELECT {column}, project_line_id {current} AND {column} IS NOT NULL ORDER BY total_yuan DESC LIMIT 1"
        [(words, line_id)] = rows(ran_city[0].published, sql)
        assert f"line={line_id}" in city.get("/search", params={"q": words}).text
    assert "0 条" in city.get("/search", params={"q": "' OR 1=1 --"}).text


def test_nobody_else_is_let_in(ran_city: Ran) -> None:
    def nobody() -> None:
        raise HTTPException(401, "Not authenticated")

    closed = TestClient(create_app(ran_city[0], nobody, nobody, print))
    document_id = documents_of(ran_city[0], "media_type = 'application/pdf'")[0]
    for path in ("/", "/search?q=1", "", "/pages/1.png", "/file"):
        address = path if path.startswith(("/?", "/search")) or path == "/" else f"/documents/{document_id}{path}"
        assert closed.get(address).status_code == 401


def test_what_is_not_there_is_said(city: TestClient, ran_city: Ran, house: House) -> None:
    unknown = city.get(f"/documents/{'0' * 64}", headers=_HTML)
    assert (unknown.status_code, "找不到" in unknown.text) == (404, True)
    document_id = documents_of(ran_city[0], "media_type = 'application/pdf'")[0]
    assert "pages." in city.get(f"/documents/{document_id}", params={"page": 9999}).text
    assert city.get(f"/documents/{document_id}/pages/9999.png").status_code == 404
    assert TestClient(view_of(house)).get("/").status_code == 503


EVIL = "<script>document.title='caught'</script><img src=x onerror=alert(1)>"


TABLE = """2026年项目支出绩效目标表{0}
部门名称：云泽市商务局\t单位：万元
项目名称（资金使用单位）\t总计\t财政拨款\t财政专户拨款\t其他资金\t绩效目标\t绩效指标
云泽市商务局\t10.00\t10.00\t\t\t\t
工作经费{0}\t10.00\t10.00\t\t\t目标{0}\t1、1-产出指标；11-数量指标；活动{0}；实施周期指标值:≥1次；年度指标值:≥1次。"""


def published_with(house: House, name: str, content: bytes) -> str:
    """Take a file the whole way, and tell its document's id."""
    (Path(str(house.inbox)) / name).write_bytes(content)
    collect("inbox", house)
    read_batch(unread_document_ids(house), house)
    load(house)
    build(house)
    publish(house)
    [(document_id,)] = rows(house.published, "SELECT document_id FROM marts.dim_documents")
    return str(document_id)


def test_a_documents_text_is_never_markup(house: House) -> None:
    document_id = published_with(house, "evil.txt", TABLE.format(EVIL).encode())
    client = TestClient(view_of(house))
    for address in ("/", f"/documents/{document_id}", "/search?q=onerror", f"/documents/{document_id}?line={EVIL}"):
        answer = client.get(address)
        assert answer.status_code == 200
        assert "onerror" in answer.text or address.endswith(EVIL) or address == "/"
        assert "<script>" not in answer.text
        assert "<img" not in answer.text
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
    assert "工作经费" in client.get(f"/documents/{document_id}").text
    assert re.search(r"<span class=\"status \w+\">(完整|部分)</span>", client.get("/").text)


def test_nothing_but_what_is_published_is_shown_and_looking_writes_nothing(house: House) -> None:
    document_id = published_with(house, "one.txt", TABLE.format("").encode())
    hidden, _ = archive.keep(b"archived, never published", house)
    (house.root / "airflow").mkdir()
    (house.root / "airflow" / "passwords.json").write_text("never published")
    before = {path: path.stat().st_mtime_ns for path in house.root.rglob("*")}
    client = TestClient(view_of(house))
    outside = [
        "../../../../etc/passwd",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2e%2e/airflow/passwords.json",
        "/etc/passwd",
    ]
    addresses = [f"/documents/{name}{rest}" for name in [hidden, *outside] for rest in ("", "/file", "/pages/1.png")]
    addresses += [f"/static/{name}" for name in [*outside, "../facts.py", "..%2ffacts.py"]]
    addresses += [f"/documents/{document_id}/{name}" for name in outside]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code in (404, 422), address
        assert not re.search("root:|never published|import duckdb", answer.text), address
    for words in (
        "' OR 1=1 --",
        "'; ATTACH '/tmp/x' AS x; --",
        "') UNION SELECT content FROM read_text('/etc/passwd') --",
    ):
        for address in ("/", "/search"):
            answer = client.get(address, params={"q": words})
            assert answer.status_code == 200
            assert "root:" not in answer.text
            assert document_id not in answer.text
    with facts_connection(house) as connection:
        for sql in ("FROM read_text('/etc/passwd')", "FROM glob('/*')", "COPY (SELECT 1) TO '/tmp/jixiao-view.csv'"):
            with pytest.raises(duckdb.PermissionException):
                connection.execute(sql)
        with pytest.raises(duckdb.InvalidInputException):
            connection.execute("SET enable_external_access = true")
        with pytest.raises(duckdb.InvalidInputException):
            connection.execute("DELETE FROM marts.dim_documents")
    assert client.get(f"/documents/{document_id}").status_code == 200
    assert {path: path.stat().st_mtime_ns for path in house.root.rglob("*")} == before


def _dies(monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(drawn, "child_command", lambda *_: ["/bin/sh", "-c", "kill -SEGV $$"])
    return pdf_bytes.pages([pdf_bytes.ruled(3, 4)])


def _is_too_large(_: pytest.MonkeyPatch) -> bytes:
    return pdf_bytes.pages([pdf_bytes.packed(b" ", 2_000_000_000)])


def _takes_too_long(monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(drawn, "_CLOCK_SECONDS", 0.01)
    return pdf_bytes.pages([pdf_bytes.ruled(3, 4)])


@pytest.mark.parametrize("hostile", [_dies, _is_too_large, _takes_too_long])
def test_what_kills_the_drawing_leaves_the_server(
    hostile: Callable[[pytest.MonkeyPatch], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = hostile(monkeypatch)
    with pytest.raises(drawn.NotDrawnError, match=r"\w"):
        drawn.picture(content, 1)


def test_a_huge_page_is_drawn_small() -> None:
    content = pdf_bytes.pages([b"0 0 m 9 9 l S"], boxes=[b"/MediaBox [0 0 14400 14400]"])
    picture = drawn.picture(content, 1)
    assert (picture.width, picture.height) == (14400, 14400)
    width, height = Image.open(io.BytesIO(picture.png)).size
    assert width * height <= 8_100_000


def test_json_of_places_survives_quotes(city: TestClient, ran_city: Ran) -> None:
    document_id = documents_of(ran_city[0], "media_type = 'application/pdf' AND document_kind IS NOT NULL")[0]
    text = city.get(f"/documents/{document_id}").text
    told = re.findall(r'data-parts="([^"]*)"', text)
    assert told
    assert all(isinstance(json.loads(unescape(parts)), list) for parts in told)


def test_the_view_asks_for_no_airflow() -> None:
    assert isinstance(view_of(House(Path("/nowhere"), Path("/nowhere"))), FastAPI)
