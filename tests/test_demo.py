"""The demo's publisher: the same bytes everywhere, plainly fictional, read back by pdfium exactly as it was meant."""

import itertools
import json
import os
import shutil
import subprocess
import sys
from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

import demo
from demo.city import City, Document, load_city
from demo.files import published_files, write_whole
from demo.paginate import PAGE_HEIGHT, PAGE_WIDTH, Page, paginate, wrap
from demo.sums import differences
from demo.table import printed_lines
from demo.truth import truth
from demo.typeset import text_width

PACKAGE = Path(demo.__file__).parent
CITY = load_city()
DOCUMENTS = {document.document_key: document for document in CITY.documents}
FILES = {file.name: file for file in published_files(CITY)}
PDFS = [name for name in FILES if name.endswith(".pdf")]


def run_demo(root: Path, *arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "demo", *map(str, arguments)]
    variables = {**os.environ, "PYTHONIOENCODING": "utf-8", **environment}
    return subprocess.run(command, cwd=root, env=variables, capture_output=True, text=True, check=False)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.fixture(scope="module")
def truth_by_file() -> dict[str, dict[str, Any]]:
    return {entry["file"]: entry for entry in json.loads(json.dumps(truth(FILES.values(), CITY)))["files"]}


def pages_of(document: Document, city: City = CITY) -> list[Page]:
    return paginate(document, printed_lines(document, city), city, text_width)


def bare(text: str) -> str:
    """The text without white space, with the mark that pdfium puts for a hyphen at a line's end turned back."""
    return "".join(text.replace("\x02", "-").replace("\ufffe", "-").split())


def test_two_processes_in_two_places_write_the_same_bytes(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(PACKAGE, elsewhere / "demo", ignore=shutil.ignore_patterns("__pycache__"))
    here = run_demo(PACKAGE.parent, tmp_path / "a", "--truth", tmp_path / "a.json", PYTHONHASHSEED="1", TZ="UTC")
    there = run_demo(elsewhere, tmp_path / "b", "--truth", tmp_path / "b.json", PYTHONHASHSEED="2", TZ="Asia/Tokyo")
    assert (here.returncode, there.returncode) == (0, 0), here.stderr + there.stderr
    assert contents(tmp_path / "a") == contents(tmp_path / "b") == {name: file.content for name, file in FILES.items()}
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


def test_one_line_is_printed_per_file_and_a_second_run_touches_nothing(tmp_path: Path) -> None:
    first = run_demo(PACKAGE.parent, tmp_path / "out")
    before = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()}
    second = run_demo(PACKAGE.parent, tmp_path / "out")
    assert [line.split()[0] for line in first.stdout.splitlines()] == ["written"] * len(FILES)
    assert [line.split()[0] for line in second.stdout.splitlines()] == ["unchanged"] * len(FILES)
    assert {path.name: path.stat().st_mtime_ns for path in (tmp_path / "out").iterdir()} == before


def test_truth_inside_the_folder_is_refused(tmp_path: Path) -> None:
    result = run_demo(PACKAGE.parent, tmp_path / "out", "--truth", tmp_path / "out" / "truth.json")
    assert result.returncode == 2
    assert "outside FOLDER" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_failed_write_leaves_the_old_file_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "table.pdf"
    path.write_bytes(b"old")

    def fail(self: Path, target: Path) -> Path:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(path, b"new")
    assert contents(tmp_path) == {"table.pdf": b"old"}


@pytest.mark.parametrize("name", FILES)
def test_every_document_says_that_it_is_fiction(name: str) -> None:
    file = FILES[name]
    assert CITY.mark in file.document.title
    assert CITY.mark in CITY.note
    if name.endswith(".txt"):
        texts = [file.content.decode()]
    else:
        texts = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file.content)]
    assert texts
    assert all(CITY.mark in text for text in texts)
    assert bare(CITY.note) in bare(texts[-1])
    assert bare(file.document.title) in bare(texts[0])


@pytest.mark.parametrize("name", PDFS)
def test_pdfium_reads_every_cell_as_it_was_meant(name: str) -> None:
    document = FILES[name].document
    pdf = pypdfium2.PdfDocument(FILES[name].content)
    read: dict[tuple[int, int], str] = defaultdict(str)
    for page, laid_out in zip(pdf, pages_of(document), strict=True):
        textpage = page.get_textpage()
        for cell in laid_out.cells:
            box = (cell.x0, PAGE_HEIGHT - cell.bottom, cell.x1, PAGE_HEIGHT - cell.top)
            read[cell.row, cell.column] += bare(textpage.get_text_bounded(*box))
    lines = printed_lines(document, CITY)
    assert read == {
        (row, column): bare(text) for row, line in enumerate(lines) for column, text in enumerate(line.cells)
    }


@pytest.mark.parametrize("name", PDFS)
def test_pages_are_a4_landscape_and_every_text_leaves_ink(name: str) -> None:
    pdf = pypdfium2.PdfDocument(FILES[name].content)
    for page, laid_out in zip(pdf, pages_of(FILES[name].document), strict=True):
        assert page.get_size() == (PAGE_WIDTH, PAGE_HEIGHT)
        picture = page.render(scale=1).to_pil().convert("L")
        textpage = page.get_textpage()
        for cell in laid_out.cells:
            box = (cell.x0, PAGE_HEIGHT - cell.bottom, cell.x1, PAGE_HEIGHT - cell.top)
            # Two points of the box are left out on each side, so that rules are no ink.
            inside = picture.crop((int(cell.x0) + 2, int(cell.top) + 2, int(cell.x1) - 2, int(cell.bottom) - 2))
            has_ink = inside.getextrema()[0] < 128
            assert has_ink == bool(bare(textpage.get_text_bounded(*box))), cell


def test_only_the_deliberate_sums_differ() -> None:
    found = {key: differences(printed_lines(document, CITY)) for key, document in DOCUMENTS.items()}
    assert {key for key, some in found.items() if some} == {"yunze-ecology-2026", "yunze-transport-2026"}

    rounding = found["yunze-ecology-2026"]
    assert {difference.status for difference in rounding} == {"rounding"}
    assert min(abs(difference.declared - difference.summed) for difference in rounding) == Decimal("0.01")

    unbalanced = found["yunze-transport-2026"]
    assert {difference.status for difference in unbalanced} == {"unbalanced"}
    assert {difference.declared - difference.summed for difference in unbalanced} == {Decimal("36.00")}
    assert {(difference.check, difference.measure) for difference in unbalanced} == {
        ("projects_to_unit", "总计"),
        ("projects_to_unit", "财政拨款"),
        ("projects_to_total", "总计"),
        ("projects_to_total", "财政拨款"),
    }


def test_truth_gives_a_verdict_for_every_file(truth_by_file: dict[str, dict[str, Any]]) -> None:
    assert truth_by_file.keys() == FILES.keys()
    partial = {name for name, entry in truth_by_file.items() if entry["status"] == "partial"}
    assert partial == {"yunze-transport-2026.pdf"}


@pytest.mark.parametrize("name", FILES)
def test_truth_says_what_the_cells_print(name: str, truth_by_file: dict[str, dict[str, Any]]) -> None:
    entry, lines = truth_by_file[name], printed_lines(FILES[name].document, CITY)
    assert len(entry["lines"]) == len(lines)
    for meant, line in zip(entry["lines"], lines, strict=True):
        assert (meant["total_text"], meant["goal"] or "") == (line.total, line.goal)
        assert list(meant["funds"].values()) == [text for text in line.cells[2:5] if text]
        assert line.name.startswith(meant["name"])
        position = 0
        for indicator in meant["indicators"]:
            assert indicator["targets"][0]["period"] == "annual"
            for text in (f"{indicator['number']}", indicator["name"]):
                position = line.indicators.index(text, position)
            for target in indicator["targets"]:
                assert target["text"] in line.indicators[position:]


def test_rows_are_cut_at_page_ends_with_no_rule_and_the_header_comes_again() -> None:
    document = DOCUMENTS["yunze-commerce-2024"]
    pages = pages_of(document)
    cut = [
        (page, following)
        for page, following in itertools.pairwise(pages)
        if page.cells[-1].row == following.cells[0].row
    ]
    assert len(cut) >= 2
    for page, following in cut:
        bottom = max(rule.y1 for rule in page.rules if rule.x0 == rule.x1)
        assert max(rule.y0 for rule in page.rules if rule.y0 == rule.y1) < bottom - 10
        assert [text.text for text in following.texts[: len(document.columns)]] == list(document.columns)


def test_other_documents_cut_no_row() -> None:
    for document in DOCUMENTS.values():
        rows = [row for page in pages_of(document) for row in {cell.row for cell in page.cells}]
        assert document.splits_rows or len(rows) == len(set(rows)), document.document_key


def test_the_text_holds_the_same_table_as_the_pdf() -> None:
    text = FILES["hudong-commerce-2024.txt"]
    document = text.document
    assert FILES["hudong-commerce-2024.pdf"].document == document
    title, heading, *rows, note = text.content.decode().splitlines()
    assert (title, note) == (document.title, CITY.note)
    assert heading == f"{document.body_label}：{document.publisher}\t单位：{CITY.money_unit}"
    assert [tuple(cell.strip() for cell in row.split("\t")) for row in rows] == [
        document.columns,
        *(line.cells for line in printed_lines(document, CITY)),
    ]


def test_a_transfer_leaves_the_city_as_it_reaches_the_district(truth_by_file: dict[str, dict[str, Any]]) -> None:
    received = [line for line in truth_by_file["hudong-commerce-2024.pdf"]["lines"] if line["transfer_reference"]]
    sent = {
        line["name"]: line
        for line in truth_by_file["yunze-commerce-2024.pdf"]["lines"]
        if line["recipient_region_id"] == "990102"
    }
    trade = next(line for line in received if "服务贸易专题" in line["name"])
    assert trade["name"].startswith("云财商【2024】12号")
    assert trade["funds"] == sent["服务贸易专题（湖东区）"]["funds"]
    assert trade["indicators"] == sent["服务贸易专题（湖东区）"]["indicators"]


def test_the_city_holds_what_the_demo_promises(truth_by_file: dict[str, dict[str, Any]]) -> None:
    lines = [line for entry in truth_by_file.values() for line in entry["lines"] if line["level"] == "project"]
    assert 60 <= len(lines) <= 100
    assert {source for line in lines for source in line["funds"]} == {"财政拨款", "财政专户拨款", "其他资金"}
    assert [line["name"] for line in lines if line["is_confidential"]] == ["YZSW2022-QM-N-A-035054"]
    assert {document.grammar for document in CITY.documents} == {"2023", "2024", "2026"}
    targets = {target["text"] for line in lines for entry in line["indicators"] for target in entry["targets"]}
    assert {"≥95%", "一次", "2026年11月底前", "长期", "3列/周", "≤18.3万元", "≤1100%", "≦核定人数"} <= targets
    assert all(region.region_id.startswith("99") for region in CITY.regions)


def test_wrapping_loses_nothing_and_keeps_numbers_and_marks_together() -> None:
    text = "年度指标值：≥1,234.50万元，（湖东区）满意度≥95%。2、1-产出指标"
    for width in range(4, 30):
        lines = wrap(text, width, len)
        assert "".join(lines) == text
        assert max(map(len, lines)) <= width
        if width >= 12:
            assert any("1,234.50" in line for line in lines)
            assert not any(line[0] in "，。；：、）%" or line[-1] == "（" for line in lines)


def test_a_character_the_font_lacks_is_named() -> None:
    with pytest.raises(ValueError, match="龘"):
        text_width("龘", 9)
