"""The page behind a number as people meet it, in a browser: a fact and its cell, a search, a decision, a login.

The view is served to whoever has a user's cookie; tests/test_service.py sees that Airflow's own users are let in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import HTTPException, Request

from extract.corrections import decisions, folder
from extract.publish import publish
from extract.settings import House
from extract.view.app import create_app
from tests import printing
from tests.test_dbt import take_up
from tests.test_house import add
from tests.test_pipeline import rows

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Locator, Page

NAME = "<script>alert(1)</script>"
COLUMNS = ["项目名称（资金使用单位）", "总计", "财政拨款", "财政专户拨款", "其他资金", "绩效目标", "绩效指标"]
PROJECTS = 30
CHOSEN = re.compile(r"\bchosen\b")
NAMELESS = 20
"""The project whose name is a script; the others are numbered."""


def printed(body: str, projects: int, total: str) -> printing.Table:
    """A table of projects of 10.00 each, with numbered names, goals and targets."""
    said = [
        [
            NAME if number == NAMELESS else f"项目{number}号",
            *("10.00", "10.00", "", "", f"办好第{number}场展会。"),
            f"1、1-产出指标；11-数量指标；举办活动次数；实施周期指标值:≥{100 + number}次；年度指标值:≥{number}次。",
        ]
        for number in range(1, projects + 1)
    ]
    return printing.table(
        ["2026年项目支出绩效目标表", f"部门名称：{body} 单位：万元"],
        [110, 60, 60, 60, 60, 170, 170],
        [COLUMNS, [body, total, total, "", "", "", ""], *said],
        heading=1,
    )


@dataclass
class View:
    """A house that is served, and the addresses of its documents by the ending of their files."""

    house: House
    address: str
    documents: dict[str, str]

    def document(self, ending: str = "pdf", **asked: object) -> str:
        """The address of a document's page."""
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return f"{self.address}/documents/{self.documents[ending]}?{query}"


def user(request: Request) -> str:
    """Who has logged in elsewhere, as with Airflow."""
    name = request.cookies.get("user")
    if name is None:
        raise HTTPException(401, "Not authenticated")
    return name


@pytest.fixture(scope="module")
def view(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """A document of three pages whose total is wrong, and one without pages, published and served."""
    root = tmp_path_factory.mktemp("browser")
    house = House(root / "house", root / "inbox")
    add(house, "targets.pdf", printing.pdf([printed("云泽市商务局", PROJECTS, "309.00")]))
    add(house, "targets.xlsx", printing.xlsx([printed("云泽市体育局", 3, "30.00")]))
    take_up(house)
    assert publish(house)
    documents = rows(house.published, "SELECT url, document_id FROM marts.dim_documents")
    server = uvicorn.Server(uvicorn.Config(create_app(house, user, user, print), port=0, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.05)
        assert thread.is_alive()
    port = server.servers[0].sockets[0].getsockname()[1]
    yield View(house, f"http://localhost:{port}", {url.rsplit(".", 1)[-1]: its_id for url, its_id in documents})
    server.should_exit = True
    thread.join()


@dataclass
class Opened:
    """A browser's page, and what the browser complained of."""

    page: Page
    complaints: list[str] = field(default_factory=list)

    def fact(self, kind: str, words: str) -> Locator:
        """The facts of a kind beside the page that hold the words."""
        return self.page.locator(f".facts .fact.{kind}", has_text=words)

    def cells(self, fact: Locator) -> Locator:
        """Where a fact stands on the page's picture."""
        return self.page.locator(f"svg rect[data-key='{fact.get_attribute('data-key')}']")


def opened(context: BrowserContext) -> Opened:
    shown = Opened(context.new_page())
    page, complaints = shown.page, shown.complaints
    page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("requestfailed", lambda request: complaints.append(f"failed: {request.url}"))

    def answered(answer: Any) -> None:
        if answer.status >= 400:
            complaints.append(f"{answer.status} {answer.url}")

    def asked(dialog: Any) -> None:
        complaints.append(dialog.message)
        dialog.dismiss()

    page.on("response", answered)
    page.on("dialog", asked)
    return shown


@contextmanager
def logged_in(browser: Browser, view: View) -> Iterator[BrowserContext]:
    context = browser.new_context(viewport={"width": 1200, "height": 500})
    context.set_default_timeout(20_000)
    context.add_cookies([{"name": "user", "value": "reviewer", "url": view.address}])
    yield context
    context.close()


@pytest.fixture
def look(browser: Browser, view: View) -> Iterator[Opened]:
    """A page of a user, of which the browser has nothing to complain in the end."""
    with logged_in(browser, view) as context:
        shown = opened(context)
        yield shown
        assert shown.complaints == []


def expect(locator: Locator) -> Any:
    from playwright.sync_api import expect

    return expect(locator)


def middle(box: Locator) -> tuple[float, float]:
    place = box.bounding_box()
    assert place is not None
    return place["x"] + place["width"] / 2, place["y"] + place["height"] / 2


def test_a_page_is_a_picture_under_its_outlines(look: Opened, view: View) -> None:
    with look.page.expect_response("**/pages/2.png") as picture:
        look.page.goto(view.document(page=2))
    assert picture.value.headers["content-type"] == "image/png"
    image, drawing = look.page.locator("svg image").bounding_box(), look.page.locator("svg").bounding_box()
    assert image == pytest.approx(drawing, abs=1)
    look.page.locator("a[rel=next]").click()
    expect(look.page.locator("svg")).to_have_attribute("aria-label", "第 3 页")
    assert look.page.locator("a[rel=next]").count() == 0


def test_a_click_on_a_fact_marks_its_cell_and_brings_it_into_view(look: Opened, view: View) -> None:
    look.page.goto(view.document(page=1))
    for kind, words in (("indicator", "≥9次"), ("fund", "10.00"), ("line", "项目10号")):
        fact = look.fact(kind, words).last
        cell = look.cells(fact)
        look.page.evaluate("scrollTo(0, 0)")
        expect(cell).not_to_be_in_viewport()
        fact.click(position={"x": 5, "y": 5})
        expect(fact).to_have_class(CHOSEN)
        expect(cell).to_have_class(CHOSEN)
        expect(cell).to_be_in_viewport()
        assert look.page.locator("svg rect.chosen").count() == 1


def test_a_click_on_a_cell_shows_its_facts_the_smallest_first(look: Opened, view: View) -> None:
    look.page.goto(view.document(page=1))
    target, line = look.fact("indicator", "≥9次"), look.fact("line", "项目9号")
    cell = look.cells(target)
    cell.scroll_into_view_if_needed()
    for kind in ("indicator", "indicator", "line", "indicator"):  # the year's, the project's, their line, and again
        look.page.mouse.click(*middle(cell))
        chosen = look.page.locator(".fact.chosen")
        expect(chosen).to_be_in_viewport()
        assert kind in (chosen.get_attribute("class") or "")
        assert chosen.get_attribute("data-key") in {
            *(one.get_attribute("data-key") for one in (target, line, look.fact("indicator", "≥109次")))
        }


def test_the_mark_of_an_issue_leads_to_its_message(look: Opened, view: View) -> None:
    look.page.goto(view.document(page=1))
    mark = look.page.locator("svg rect.issue").last
    look.fact("line", "项目10号").scroll_into_view_if_needed()
    look.page.mouse.click(*middle(mark))
    message = look.page.locator(".fact.issue.chosen")
    expect(message).to_be_in_viewport()
    assert "309.00" in message.inner_text()
    assert "300.00" in message.inner_text()


@pytest.mark.parametrize(
    ("words", "kind", "shown"),
    [("项目29号", "line", "项目29号"), ("第27场", "line", "项目27号"), ("≥123次", "indicator", "≥123次")],
)
def test_words_are_found_and_lead_to_their_cell(look: Opened, view: View, words: str, kind: str, shown: str) -> None:
    look.page.goto(view.address)
    look.page.fill("header input[name=q]", words)
    look.page.press("header input[name=q]", "Enter")
    [link] = look.page.locator("table.list tbody a").all()
    link.click()
    fact = look.page.locator(".fact.chosen")
    expect(fact).to_be_in_viewport()
    assert kind in (fact.get_attribute("class") or "")
    assert shown in fact.inner_text()
    expect(look.cells(fact)).to_be_in_viewport()


def decide(look: Opened, view: View, fact: Locator, button: str, **entered: str) -> None:
    """Fill the form of a fact and send it with a button."""
    fact.locator("summary").click()
    if "value" in entered:
        fact.locator("select").select_option(entered.pop("value"))
    for name, text in entered.items():
        fact.locator(f"[name={name}]").fill(text)
    fact.get_by_role("button", name=button).click()
    look.page.wait_for_load_state()


def test_a_decision_is_taken_down_as_entered_and_told(look: Opened, view: View) -> None:
    look.page.goto(view.document(page=2))
    target = look.fact("indicator", "≥19次")
    decide(look, view, target, "更正", value="target_value:1", new_value="91", reason="见“附件”<b>第2页</b>")
    expect(target.locator(".decision")).to_contain_text("更正 目标值 → 91：见“附件”<b>第2页</b>（reviewer，")
    expect(target).to_have_class(CHOSEN)  # the page opens where it was left
    expect(target).to_be_in_viewport()
    line = look.fact("line", "项目19号")
    decide(look, view, line, "核对无误", reason="与原件一致")
    expect(line.locator(".decision")).to_contain_text("核对无误 总额（元）：与原件一致（reviewer，")
    assert len(list(folder(view.house).glob("*.json"))) == 2
    corrected, accepted = decisions(view.documents["pdf"], view.house)
    assert corrected.project_line_id == accepted.project_line_id
    said = (corrected.field, corrected.indicator_position, corrected.period, corrected.component_number)
    assert said == ("target_value", 1, "annual", 1)
    assert (corrected.decision, corrected.printed_value, corrected.new_value) == ("corrected", "≥19次", "91")
    assert (corrected.reason, corrected.decided_by) == ("见“附件”<b>第2页</b>", "reviewer")
    assert (accepted.field, accepted.decision, accepted.printed_value) == ("total_yuan", "accepted", "10.00")
    assert accepted.new_value is None


def test_what_cannot_be_decided_is_said_and_not_taken_down(browser: Browser, view: View) -> None:
    before = decisions(view.documents["pdf"], view.house)
    with logged_in(browser, view) as context:
        look = opened(context)
        look.page.goto(view.document(page=1))
        decide(look, view, look.fact("line", "项目3号"), "更正", new_value="许多", reason="看错")
        expect(look.page.locator(".message")).to_contain_text("未记录：“许多”")
        look.page.go_back()
        decide(look, view, look.fact("line", "项目4号"), "核对无误")  # the browser asks for the reason
        assert "page=1" in look.page.url
    assert decisions(view.documents["pdf"], view.house) == before


def test_a_name_that_is_a_script_stays_a_text(look: Opened, view: View) -> None:
    look.page.goto(view.address + "/search")
    look.page.fill("header input[name=q]", NAME)
    look.page.press("header input[name=q]", "Enter")
    look.page.locator("table.list a", has_text=NAME).first.click()
    fact = look.page.locator(".fact.chosen")
    expect(fact.locator(".title")).to_have_text(NAME)
    assert NAME in look.cells(fact).locator("title").evaluate("title => title.textContent")
    assert [urlsplit(script.get_attribute("src") or "").path for script in look.page.locator("script").all()] == [
        "/static/view.js"
    ]


def test_cells_of_a_document_without_pages_and_their_facts_find_each_other(look: Opened, view: View) -> None:
    look.page.goto(view.document("xlsx"))
    goal = look.fact("line", "项目2号")
    goal.click(position={"x": 5, "y": 5})
    marked = look.page.locator(".cells td.chosen")
    assert "项目2号" in marked.all_inner_texts()
    expect(marked.first).to_be_in_viewport()
    look.page.locator(".cells td", has_text="≥3次").click()
    chosen = look.page.locator(".fact.chosen")
    expect(chosen).to_be_in_viewport()
    assert "indicator" in (chosen.get_attribute("class") or "")


def test_who_has_not_logged_in_sees_nothing(browser: Browser, view: View) -> None:
    context = browser.new_context()
    page = context.new_page()
    for address in (view.address, view.address + "/search?q=项目", view.document(), view.document(line="1")):
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 401
        assert "项目" not in page.content()
    picture = context.request.get(f"{view.address}/documents/{view.documents['pdf']}/pages/1.png")
    assert (picture.status, b"PNG" in picture.body()) == (401, False)
    context.add_cookies([{"name": "user", "value": "reader", "url": view.address}])
    answer = page.goto(view.document())
    assert answer is not None
    assert answer.status == 200
    expect(page.locator("svg image")).to_be_visible()
    context.close()
