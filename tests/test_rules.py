"""The cells that rules enclose, held to pdfplumber's table finder, and the choice of pages."""

from __future__ import annotations

import itertools
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pdfplumber import table as reference

from extract.document import document_of
from extract.find import NEEDED, begins_another_table, may_be_needed
from extract.readers import read
from extract.readers.pdfium_bulk import members_of, rules, view_of
from extract.readers.rules import Rule, _closing_rules, merged, tables
from extract.readers.wanted import EVERY_PAGE
from extract.records import BBox

_SNAP = 3


def cells_by_pdfplumber(horizontal: list[Rule], vertical: list[Rule]) -> set[frozenset[BBox]]:
    """The tables of pdfplumber's finder, with the rules added that close what a page's end left open."""
    edges = [
        {"orientation": "h", "x0": start, "x1": end, "top": at, "bottom": at, "width": end - start, "height": 0.0}
        for at, start, end in horizontal
    ] + [
        {"orientation": "v", "x0": at, "x1": at, "top": start, "bottom": end, "width": 0.0, "height": end - start}
        for at, start, end in vertical
    ]
    whole = reference.merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
    whole = [edge for edge in whole if max(edge["x1"] - edge["x0"], edge["bottom"] - edge["top"]) >= _SNAP]
    whole += [
        {"orientation": "h", "x0": start, "x1": end, "top": at, "bottom": at, "width": end - start, "height": 0.0}
        for at, start, end in _closing_rules(merged(horizontal), merged(vertical))
    ]
    cells = reference.intersections_to_cells(reference.edges_to_intersections(whole, _SNAP, _SNAP))
    return {frozenset(rounded(cell) for cell in table) for table in reference.cells_to_tables(cells)}


def rounded(cell: BBox) -> BBox:
    return round(cell[0], 3), round(cell[1], 3), round(cell[2], 3), round(cell[3], 3)


def found(horizontal: list[Rule], vertical: list[Rule]) -> set[frozenset[BBox]]:
    return {frozenset(map(rounded, table.cells)) for table in tables(horizontal, vertical)}


@st.composite
def drawn(draw: st.DrawFn) -> tuple[list[Rule], list[Rule]]:
    """The sides of a grid's cells, some of them left out (merged cells, gaps), each a little off its place."""
    xs = [10.0 + 40 * index for index in range(draw(st.integers(2, 6)))]
    ys = [20.0 + 15 * index for index in range(draw(st.integers(2, 6)))]
    off = st.sampled_from([0.0, 0.0, 0.4, -0.7, 1.2])
    horizontal = [
        Rule(y + draw(off), left + draw(off), right + draw(off))
        for y in ys
        for left, right in itertools.pairwise(xs)
        if draw(st.integers(0, 5))
    ]
    vertical = [
        Rule(x + draw(off), upper + draw(off), lower + draw(off))
        for x in xs
        for upper, lower in itertools.pairwise(ys)
        if draw(st.integers(0, 5))
    ]
    return horizontal, vertical


@given(drawn())
def test_rules_enclose_the_cells_that_pdfplumber_finds(sides: tuple[list[Rule], list[Rule]]) -> None:
    assert found(*sides) == cells_by_pdfplumber(*sides)


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("guangzhou-ecology-2026-targets.pdf", range(5, 12)),
        ("yantai-commerce-2026-budget.pdf", range(38, 42)),
        ("changsha-petitions-2026-budget.pdf", range(26, 29)),
        ("xian-commerce-budget.pdf", range(60, 64)),
        ("chongqing-commerce-2026-budget.pdf", range(24, 28)),
    ],
)
def test_published_pages_have_the_cells_that_pdfplumber_finds(published: Path, name: str, numbers: range) -> None:
    document = pdfium.PdfDocument(published / "pdf" / name)
    try:
        for number in numbers:
            page = document[number]
            horizontal, vertical = rules(members_of(page), view_of(page))
            assert found(horizontal, vertical) == cells_by_pdfplumber(horizontal, vertical)
            assert horizontal
            page.close()
    finally:
        document.close()


@pytest.mark.parametrize(
    "name",
    [
        "guangzhou-commerce-2026-budget.pdf",
        "yantai-petitions-2026-budget.pdf",
        "xian-petitions-budget.pdf",
        "changchun-petitions-2026-budget.pdf",
        "chongqing-commerce-2026-budget.pdf",
        "shanghai-putuo-commerce-2025-budget.pdf",
    ],
)
def test_choosing_pages_changes_nothing_but_time(published: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole budget of which every page is read in full says the same."""
    content = (published / "pdf" / name).read_bytes()
    chosen = read(content, NEEDED)
    in_full = [page for page in chosen.pages if page.grids]
    assert len(in_full) < len(chosen.pages) * 2 / 3
    document = document_of(content)
    monkeypatch.setattr("extract.document.NEEDED", EVERY_PAGE)
    assert document_of(content) == document


def test_words_of_targets_are_found_however_they_are_spaced() -> None:
    assert may_be_needed("项目\n支 出 绩\r\n效 目\u3000标 表")
    assert not may_be_needed("收支总表\n一般公共预算拨款收入")


def test_only_the_numbered_title_of_another_table_ends_one() -> None:
    assert begins_another_table("表 9\n机关运行经费", "表8\n项目支出表")
    assert not begins_another_table("表 8\n机关运行经费", "表8\n项目支出表")
    assert not begins_another_table("2026年部门预算公开表\n机关运行经费", "表8\n项目支出表")
