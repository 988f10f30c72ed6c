"""Whatever a page does with its characters, they are read as they are seen, or said not to be."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from extract.document import document_of
from extract.readers import read
from extract.readers.characters import plain
from extract.readers.survey import with_upright_page
from extract.records import Document, Page
from tests.handmade import FONT, Place, page

TITLE = "2024年项目支出绩效目标表"
PUBLISHER = "部门名称：云泽市商务局 单位：万元"
ROWS = [
    ["项目名称", "总计", "财政拨款", "财政专户拨款", "其他资金", "绩效目标", "绩效指标"],
    ["云泽市商务局", "30.00", "30.00", "", "", "", ""],
    ["工作经费", "10.00", "10.00", "", "", "做好工作。", "1、产出指标:完成率,年度指标值:≥95%。"],
    ["展会经费", "20.00", "20.00", "", "", "办好展会。", "1、产出指标:展会数,年度指标值:3次。"],
]
WIDTHS = (120, 50, 50, 60, 50, 170, 270)
HEIGHT, WIDTH, TOP, ROW = 595, 842, 520, 36
FOUND = [
    ("云泽市商务局", "30.00", None, []),
    ("工作经费", "10.00", "做好工作。", ["≥95%"]),
    ("展会经费", "20.00", "办好展会。", ["3次"]),
]


def edges() -> list[float]:
    return [36.0 + sum(WIDTHS[:number]) for number in range(len(WIDTHS) + 1)]


def places() -> list[Place]:
    cells = [
        (x + 2, TOP - ROW * number - 11.0, cell)
        for number, row in enumerate(ROWS)
        for x, cell in zip(edges(), row, strict=False)
        if cell
    ]
    return [(300.0, 570.0, TITLE), (36.0, 545.0, PUBLISHER), *cells]


def rules() -> list[tuple[float, float, float, float]]:
    bottom = TOP - ROW * len(ROWS)
    across = [(36.0, y, edges()[-1], y) for y in range(bottom, TOP + 1, ROW)]
    return [*across, *((x, bottom, x, TOP) for x in edges())]


def lines_drawn() -> bytes:
    return b"".join(b"%.1f %.1f m %.1f %.1f l S\n" % rule for rule in rules())


Draw = Callable[[Canvas], None]


def drawn(draw: Draw, size: tuple[float, float] = (WIDTH, HEIGHT)) -> bytes:
    pdfmetrics.registerFont(TTFont("Demo", FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=size, invariant=1)
    canvas.setFont("Demo", 8)
    draw(canvas)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def draw_table(canvas: Canvas, again: float | None = None, mode: int = 0, skip: str = "") -> None:
    for rule in rules():
        canvas.line(*rule)
    for x, y, text in places():
        if text == skip:
            continue
        for shift in (0.0, again) if again is not None else (0.0,):
            run = canvas.beginText(x + shift, y)
            run.setTextRenderMode(mode)
            run.textOut(text)
            canvas.drawText(run)


def found(document: Document) -> list[tuple[str, str | None, str | None, list[str]]]:
    return [
        (line.name, line.total_text, line.goal, [i.targets[0].text for i in line.indicators]) for line in document.lines
    ]


def codes(document: Document) -> set[str]:
    return {issue.code for issue in document.issues}


def only(content: bytes) -> Page:
    [found_page] = read(content).pages
    return found_page


def test_the_plain_table() -> None:
    document = document_of(drawn(draw_table))
    assert (document.status, found(document)) == ("complete", FOUND)


def test_radicals_and_hyphens_are_what_they_are_printed_for() -> None:
    odd = {"目": "⽬", "工": "⼯", "长": "⻓", "年": "年", "见": "⻅", "金": "⾦", "-": "\ufffe", "、": "、"}
    content = page(places(), lines_drawn(), unicode_of=lambda c: odd.get(c, c))
    assert "⼯".encode("utf-16-be").hex().encode() in content
    assert found(document_of(content)) == FOUND
    assert [plain(ord(c)) for c in "⺠⻓⻅⻋⻔⽣行豈"] == list("民长见车门生行豈")
    assert [plain(ord(c)) for c in "（，：％１Ａ①"] == list("（，：％１Ａ①")


@pytest.mark.parametrize("again", [0.0, 0.2, 0.5, 1.0])
def test_text_drawn_twice_is_read_once(again: float) -> None:
    assert found(document_of(drawn(lambda canvas: draw_table(canvas, again=again)))) == FOUND


def test_a_page_drawn_a_second_time_over_itself_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        draw_table(canvas)
        canvas.translate(0.4, 0)
        draw_table(canvas)

    assert found(document_of(drawn(draw))) == FOUND


def test_bold_by_stroke_is_text() -> None:
    assert found(document_of(drawn(lambda canvas: draw_table(canvas, mode=2)))) == FOUND


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_a_page_turned_by_its_own_entry(degrees: int) -> None:
    """The page is laid on its side and its entry turns it back: that is how landscape tables are often published."""
    assert found(document_of(turned_content(degrees, entry=(360 - degrees) % 360))) == FOUND


@pytest.mark.parametrize("degrees", [90, 180, 270])
def test_print_that_stands_sideways_is_turned_and_read(degrees: int) -> None:
    document = document_of(turned_content(degrees))
    assert (document.status, found(document)) == ("complete", FOUND)
    assert "turned_page" in codes(document)
    upright = document_of(drawn(draw_table))
    for line, other in zip(document.lines, upright.lines, strict=True):
        assert line.locator[0].bbox == pytest.approx(other.locator[0].bbox, abs=0.5)


def test_a_turned_page_can_be_shown_as_its_places_are_counted() -> None:
    for degrees in (90, 180, 270):
        upright = with_upright_page(turned_content(degrees), 1)
        assert "turned_page" not in codes(document_of(upright))
        assert found(document_of(upright)) == FOUND
    plain_page = drawn(draw_table)
    assert with_upright_page(plain_page, 1) == plain_page


def turned_content(degrees: int, entry: int = 0) -> bytes:
    """The table turned clockwise within its page, and the page's own rotation."""

    def draw(canvas: Canvas) -> None:
        canvas.setPageRotation(entry)
        if degrees == 90:
            canvas.translate(0, WIDTH)
        elif degrees == 180:
            canvas.translate(WIDTH, HEIGHT)
        elif degrees == 270:
            canvas.translate(HEIGHT, 0)
        canvas.rotate(-degrees)
        draw_table(canvas)

    is_seen_upright = degrees % 180 == 0 or entry % 180 == 90  # ReportLab gives the size that a viewer shows
    return drawn(draw, (WIDTH, HEIGHT) if is_seen_upright else (HEIGHT, WIDTH))


@pytest.mark.parametrize("degrees", [0, 90, -90])
def test_vertical_labels_are_joined(degrees: int) -> None:
    """绩效目标, one character below the other or the whole label on its side, in a cell of its own."""

    def draw(canvas: Canvas) -> None:
        draw_table(canvas, skip="绩效目标")
        x = edges()[5] + 40
        if degrees == 0:
            for number, character in enumerate("绩效目标"):
                canvas.drawString(x, TOP - 9 - 8.5 * number, character)
            return
        canvas.saveState()
        canvas.translate(x, TOP - 34 if degrees > 0 else TOP - 2)
        canvas.rotate(degrees)
        canvas.drawString(0, 0, "绩效目标")
        canvas.restoreState()

    content = drawn(draw)
    assert only(content).grids[0].rows[0][5].text.replace("\n", "") == "绩效目标"  # type: ignore[union-attr]
    assert found(document_of(content)) == FOUND


def test_numbers_of_a_column_drawn_from_below_keep_their_places() -> None:
    def draw(canvas: Canvas) -> None:
        for rule in rules():
            canvas.line(*rule)
        for x, y, text in reversed(places()):
            canvas.drawString(x, y, text)

    assert found(document_of(drawn(draw))) == FOUND


# --- fonts that do not say what they print ---------------------------------------------------------------------------


def test_fonts_without_a_unicode_map_are_refused() -> None:
    document = document_of(page(places(), lines_drawn(), unicode_of=None))
    assert (document.status, [issue.code for issue in document.issues]) == ("refused", ["undecodable_text"])
    assert "optical character recognition" in document.issues[0].what_to_do


def test_fonts_without_a_unicode_map_are_refused_without_rules_too() -> None:
    assert document_of(page(places(), unicode_of=None)).status == "refused"


def test_simple_fonts_without_a_unicode_map_are_refused() -> None:
    content = drawn_plainly().replace(b"/ToUnicode", b"/ToUnicodX")
    assert document_of(drawn_plainly()).status == "complete"
    assert (document_of(content).status, codes(document_of(content))) == ("refused", {"undecodable_text"})


def drawn_plainly(pages: int = 1) -> bytes:
    pdfmetrics.registerFont(TTFont("Demo", FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(WIDTH, HEIGHT), invariant=1, pageCompression=0)
    for _ in range(pages):
        canvas.setFont("Demo", 8)
        draw_table(canvas)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@pytest.mark.parametrize("embedded", [True, False])
def test_fonts_with_a_standard_encoding_need_no_unicode_map(embedded: bool) -> None:
    content = page(places(), lines_drawn(), encoding=b"GBK-EUC-H", embedded=embedded)
    assert b"/ToUnicode" not in content
    assert found(document_of(content)) == FOUND


def test_a_map_that_leaves_some_characters_out_makes_a_document_partial() -> None:
    document = document_of(page(places(), lines_drawn(), unicode_of=lambda c: "\0" if c == "展" else c))
    assert document.status == "partial"
    assert "undecodable_characters" in codes(document)
    assert document.lines[2].name == "\ufffd会经费"


# --- fonts that are not at hand --------------------------------------------------------------------------------------


def test_characters_that_pdfium_loses_are_read_by_the_second_reader() -> None:
    """Without glyphs, pdfium leaves out single characters (≥) and words right below the same word (产出指标)."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    words = ["产出指标", "产出指标", "≥", "效益指标", "效益指标"]

    def draw(canvas: Canvas) -> None:
        canvas.setFont("STSong-Light", 8)
        for number, word in enumerate(words):
            canvas.drawString(40, 500 - 20 * number, word)

    found_page = only(drawn(draw))
    assert [line.text for line in found_page.lines] == words
    assert [issue.code for issue in found_page.issues] == ["second_reader"]


def test_a_published_budget_whose_last_pages_embed_no_font(published: Path) -> None:
    document = document_of((published / "pdf" / "yantai-housing-2026-budget.pdf").read_bytes())
    targets = {
        (place.page_number, indicator.name): indicator.targets[0].text
        for line in document.lines
        for indicator in line.indicators
        for place in indicator.locator[:1]
    }
    assert targets[98, "资金支付时限"] == "≤2天"
    assert targets[98, "减少白蚁对房屋的危害"] == "有效减少"
    assert targets[101, "年度巡检次数"] == "=12次"
    assert [i.page_number for i in document.issues if i.code == "second_reader"] == [98, 99, 100, 101, 102]


# --- what is not printed ---------------------------------------------------------------------------------------------


def test_the_layer_behind_a_picture_is_read_and_marked() -> None:
    document = document_of(drawn(lambda canvas: draw_table(canvas, mode=3)))
    assert found(document) == FOUND
    assert ("warning", "text_layer") in {(issue.severity, issue.code) for issue in document.issues}


def test_hidden_text_beside_print_is_not_read() -> None:
    def draw(canvas: Canvas) -> None:
        draw_table(canvas)
        run = canvas.beginText(edges()[3] + 2, TOP - 2 * ROW - 11.0)
        run.setTextRenderMode(3)
        run.textOut("99.99 不应读出的内容")
        canvas.drawText(run)

    document = document_of(drawn(draw))
    assert found(document) == FOUND
    assert "hidden_text" in codes(document)


def test_what_a_page_cuts_off_is_read_and_said() -> None:
    """Published tables are now and then wider than their page."""
    document = document_of(drawn(draw_table, (600, HEIGHT)))
    assert (document.status, found(document)) == ("complete", FOUND)
    assert "beyond_page" in codes(document)


MEDIA_BOX = b"/MediaBox [ 0 0 842 595 ]"


@pytest.mark.parametrize("broken", [b"/MediaBox [ 0 0 0 0 ]", b"/MediaBox [ a b c d ]", b"/X 1"])
def test_a_page_of_unknown_size_fails_and_the_rest_is_read(broken: bytes) -> None:
    content = drawn_plainly(pages=2)
    assert content.count(MEDIA_BOX) == 2
    before, _, after = content.rpartition(MEDIA_BOX)
    document = document_of(before + broken.ljust(len(MEDIA_BOX)) + after)
    assert found(document) == FOUND
    assert [(i.code, i.page_number) for i in document.issues if i.severity == "error"] == [("page_failed", 2)]
    assert document.status == "partial"


# --- text that does not keep to its cell -----------------------------------------------------------------------------


def overflowing(x: float, y: float, text: str) -> Document:
    def draw(canvas: Canvas) -> None:
        draw_table(canvas)
        canvas.drawString(x, y, text)

    return document_of(drawn(draw))


def test_text_across_a_rule_makes_a_document_partial() -> None:
    goal = edges()[5] + 2
    below = overflowing(goal, TOP - 3 * ROW - 3, "完成各项工作")
    right = overflowing(edges()[6] - 44, TOP - 2 * ROW - 26, "完成各项工作")
    for document in (below, right):
        assert [issue.code for issue in document.issues if issue.severity == "error"] == ["overflowing_text"]
        assert document.status == "partial"


def test_text_over_the_text_of_the_next_row_makes_a_document_partial() -> None:
    document = overflowing(edges()[5] + 4, TOP - 3 * ROW - 12, "完成各项工作")
    assert "overflowing_text" in {issue.code for issue in document.issues if issue.severity == "error"}
    assert document.status == "partial"
