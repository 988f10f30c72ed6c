"""Real Guangdong lists, read to the cell: the truth of typeset ones, the printed sums of published ones."""

from __future__ import annotations

import io
import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest

from extract.document import document_of
from extract.readers import read
from extract.readers.characters import plain
from extract.records import Document, Line

FUNDS = {"fiscal": "财政拨款", "special": "财政专户拨款", "other": "其他资金"}
LEVELS = {"total": 0, "unit": 1, "project": 2}


def money(text: str | None) -> Decimal | None:
    return Decimal(text.replace(",", "")) * 10000 if text else None


def funds_of(line: Line) -> dict[str, Decimal]:
    return {fund.fund_source: fund.amount_yuan for fund in line.funds}


def squeezed(text: str | None) -> str:
    return re.sub(r"\s+", "", text or "")


def printed_indicators(line: Line, grammar: str) -> str:
    """The cell of indicators as its grammar prints the indicators that were read."""
    cells = []
    for indicator in line.indicators:
        by_period = {target.period: target.text for target in indicator.targets}
        if grammar == "2023":
            cells.append(f"{indicator.number}、{indicator.level_1}:{indicator.name},年度指标值:{by_period['annual']}。")
        else:
            cells.append(
                f"{indicator.number}、{indicator.level_1_code}-{indicator.level_1}；"
                f"{indicator.level_2_code}-{indicator.level_2}；{indicator.name}；"
                f"实施周期指标值:{by_period['project']}；年度指标值:{by_period['annual']}。"
            )
    return "".join(cells)


def folded(text: str) -> str:
    return squeezed(text).replace("：", ":").replace("，", ",")


@pytest.mark.parametrize("producer", ["libreoffice", "reportlab"])
@pytest.mark.parametrize(
    ("stem", "grammar", "year"), [("guangzhou-commerce-2023", "2023", 2023), ("yuexiu-commerce-2024", "2024", 2024)]
)
def test_a_typeset_list_is_read_to_the_cell(published: Path, stem: str, grammar: str, year: int, producer: str) -> None:
    truth = json.loads((published / "typeset" / f"{stem}.truth.json").read_text(encoding="utf-8"))
    document = document_of((published / "typeset" / f"{stem}-{producer}.pdf").read_bytes())

    assert (document.fiscal_year, document.fiscal_year_basis) == (year, "project_names")
    assert len(document.lines) == len(truth["rows"]) > 20
    for line, row in zip(document.lines, truth["rows"], strict=True):
        assert line.name == row["project"]
        assert LEVELS[line.level] == row["level"]
        assert line.total_yuan == money(row["total"])
        assert funds_of(line) == {name: money(row[key]) for key, name in FUNDS.items() if row[key]}
        assert (line.goal or "") == row["goal"]
        # the last indicator of one cell is cut in its name, before any target
        whole = row["indicator"] if "服务对" not in row["indicator"][-4:] else row["indicator"] + ",年度指标值:。"
        assert folded(printed_indicators(line, grammar)) == folded(whole)
        assert all(part.page_number and part.bbox for part in line.locator)


def test_rows_split_over_pages_have_a_part_on_each(published: Path) -> None:
    document = document_of((published / "typeset" / "yuexiu-commerce-2024-reportlab.pdf").read_bytes())
    split = [line for line in document.lines if len(line.locator) > 1]
    assert [line.name for line in split] == ["招商引资", "购置经费", "2024年度高层次人才发展专项经费"]
    assert [[part.page_number for part in line.locator] for line in split] == [[1, 2], [3, 4], [4, 5]]


@pytest.fixture(scope="module")
def ecology(published: Path) -> Document:
    return document_of((published / "pdf" / "guangzhou-ecology-2026-targets.pdf").read_bytes())


def test_the_published_list_has_every_row_and_indicator(ecology: Document) -> None:
    assert ecology.status == "complete"
    assert (ecology.publisher, ecology.fiscal_year, ecology.fiscal_year_basis) == ("广州市生态环境局", 2026, "title")
    assert Counter(line.level for line in ecology.lines) == {"total": 1, "unit": 35, "project": 300}
    assert sum(len(line.indicators) for line in ecology.lines) == 1771
    assert all(line.goal and line.indicators for line in ecology.lines if line.level == "project")


def test_rounding_is_told_from_loss(ecology: Document) -> None:
    sums = {(r.check, r.measure): r for r in ecology.reconciliations if r.line_number == 1}
    assert sums["units_to_total", "total"].summed_yuan == Decimal("373678900.00")
    assert sums["projects_to_total", "total"].summed_yuan == Decimal("373679900.00")
    assert {r.status for r in ecology.reconciliations} == {"balanced", "rounding"}


def test_what_the_publisher_got_wrong_stays_and_is_said(ecology: Document) -> None:
    codes = Counter(issue.code for issue in ecology.issues if issue.code != "rounding")
    assert codes == {"level_mismatch": 2, "missing_target": 1, "operator_without_value": 4}  # a bare 不超


def test_every_cell_of_the_published_list_equals_the_reference(published: Path) -> None:
    """pdfplumber's own boxes with pdfium's own text in each, on every fourth page: the slow way, which is right."""
    content = (published / "pdf" / "guangzhou-ecology-2026-targets.pdf").read_bytes()
    pages = read(content).pages
    slow = pypdfium2.PdfDocument(content)
    compared = 0
    with pdfplumber.open(io.BytesIO(content)) as reference:
        for index in range(0, len(pages), 4):
            text_page = slow[index].get_textpage()
            height = slow[index].get_height()
            [table] = reference.pages[index].find_tables()
            [grid] = pages[index].grids
            assert len(grid.rows) == len(table.rows)
            for cells, row in zip(grid.rows, table.rows, strict=True):
                for cell, box in zip(cells, row.cells, strict=True):
                    assert (cell is None) == (box is None)
                    if cell is not None:
                        x0, top, x1, bottom = box
                        text = text_page.get_text_bounded(x0, height - bottom, x1, height - top)
                        assert squeezed(cell.text) == squeezed("".join(plain(ord(c)) for c in text))
                        compared += 1
            text_page.close()
    assert compared > 500


def test_a_dump_without_columns_gives_what_its_sums_prove(published: Path) -> None:
    document = document_of((published / "seeds" / "001_fa349c3ba6376aff.txt").read_bytes())
    truth = json.loads((published / "typeset" / "yuexiu-commerce-2024.truth.json").read_text(encoding="utf-8"))

    assert document.status == "complete"
    assert Counter(line.level for line in document.lines) == {"unit": 1, "project": 20}
    assert sum(len(line.indicators) for line in document.lines) == 75
    open_amounts = [(line, fund) for line in document.lines for fund in line.funds if fund.allocation == "unallocated"]
    assert [(line.level, fund.amount_text, fund.candidates) for line, fund in open_amounts] == [
        ("unit", "26.50", ("财政专户拨款", "其他资金")),
        ("project", "26.50", ("财政专户拨款", "其他资金")),
    ]
    assert {fund.allocation for line in document.lines for fund in line.funds} == {"inferred", "unallocated"}
    assert all(r.status == "balanced" for r in document.reconciliations)
    for line, row in zip(document.lines, truth["rows"], strict=True):
        assert line.name == row["project"]
        assert line.total_yuan == money(row["total"])
        assert squeezed(line.goal) == squeezed(row["goal"])
        assert folded(printed_indicators(line, "2024")) == folded(row["indicator"])
        assert all(part.first_line and part.last_line for part in line.locator)


def test_columns_that_vanish_per_page_are_recovered_by_the_sums(published: Path) -> None:
    document = document_of((published / "seeds" / "000_f4ea0fb75d9f66a1.txt").read_bytes())
    truth = json.loads((published / "typeset" / "guangzhou-commerce-2023.truth.json").read_text(encoding="utf-8"))

    assert document.status == "partial"
    assert (document.fiscal_year, document.fiscal_year_basis) == (2023, "project_names")
    assert Counter(line.level for line in document.lines) == {"total": 1, "unit": 4, "project": 71}
    assert sum(len(line.indicators) for line in document.lines) == 405
    for line, row in zip(document.lines, truth["rows"], strict=True):
        assert LEVELS[line.level] == row["level"]
        assert line.total_yuan == money(row["total"])
        assert funds_of(line) == {name: money(row[key]) for key, name in FUNDS.items() if row[key]}
    unbalanced = {(r.check, r.measure): r.difference_yuan for r in document.reconciliations if r.status == "unbalanced"}
    assert unbalanced == {
        (check, measure): Decimal("7163500.00")
        for check in ("projects_to_unit", "projects_to_total")
        for measure in ("total", "财政拨款")
    }
    assert {"inferred_year", "inferred_unit", "cut_cell", "unknown_heading"} <= {
        issue.code for issue in document.issues
    }


def test_slips_stay_as_printed(published: Path) -> None:
    document = document_of((published / "seeds" / "000_f4ea0fb75d9f66a1.txt").read_bytes())
    names = [line.name for line in document.lines]
    assert "服务貿易专题(荔湾区)" in names
    assert any("—系列" in (line.goal or "") for line in document.lines)
    [confidential] = [line for line in document.lines if line.is_confidential]
    assert confidential.name == "GZIT2022-QM- N-A-035054"
    [cut] = [
        i for line in document.lines for i in line.indicators if i.targets[0].components[0].comparator == "missing"
    ]
    assert (cut.name, cut.targets[0].text) == ("服务对", "")


def test_the_demo_is_read_as_it_was_meant(demo: tuple[Path, list[dict[str, Any]]]) -> None:
    inbox, truth = demo
    assert len(truth) > 5
    for meant in truth:
        document = document_of((inbox / meant["file"]).read_bytes())
        assert (document.status, document.publisher) == (meant["status"], meant["publisher"]), meant["file"]
        assert (document.fiscal_year, document.fiscal_year_basis) == (meant["fiscal_year"], meant["fiscal_year_basis"])
        assert len(document.lines) == len(meant["lines"])
        for line, expected in zip(document.lines, meant["lines"], strict=True):
            assert (line.level, line.name, line.total_text) == (
                expected["level"],
                expected["name"],
                expected["total_text"],
            )
            assert {f.fund_source: f.amount_text for f in line.funds} == expected["funds"]
            assert (line.goal or "") == (expected["goal"] or "")
            assert line.is_confidential == expected["is_confidential"]
            read_indicators = [
                {
                    "number": i.number,
                    "level_1_code": i.level_1_code,
                    "level_1": i.level_1,
                    "level_2_code": i.level_2_code,
                    "level_2": i.level_2,
                    "name": i.name,
                    "targets": [{"period": t.period, "text": t.text} for t in i.targets],
                }
                for i in line.indicators
            ]
            assert read_indicators == expected["indicators"]
