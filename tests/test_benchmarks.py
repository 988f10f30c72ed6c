"""The benchmark's own parts: samples, workers, the page. No time is asserted."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from benchmarks.goldens import documents_folder
from benchmarks.read_speed import Worker, compared, two_against_one
from benchmarks.samples import GROWN, Sample, samples
from benchmarks.section import PAGE, with_section
from benchmarks.speed_page import Conditions, Measurements, Memory, Shown, Timed, Two, page
from benchmarks.view_speed import Measured, section
from benchmarks.whole_way import STEPS, runs, text_of
from tests.conftest import PROJECT


@pytest.fixture
def sample(demo: tuple[Path, list[dict[str, Any]]]) -> Sample:
    path = demo[0] / "yunze-commerce-2026.pdf"
    return Sample(path.stem, path, len(pypdfium2.PdfDocument(path)))


def test_every_tool_at_hand_reads_in_a_process_of_its_own(sample: Sample) -> None:
    tools = ("ceiling", "grids", "lines", "pdfplumber")
    timed = compared({tool: [sample] for tool in tools}, 2)
    assert [one.tool for one in timed] == list(tools)
    assert [len(one.seconds[sample.name]) for one in timed] == [2] * 4
    assert all(one.mean > 0 and one.start_seconds > 0 and one.peak_mb > 10 for one in timed)
    assert two_against_one([sample], 1).pages == sample.pages


def test_a_tool_that_dies_is_no_measurement(sample: Sample, tmp_path: Path) -> None:
    worker = Worker("grids", sample)
    worker.ask(Sample("gone", tmp_path / "gone.pdf", 1))
    with pytest.raises(RuntimeError, match="grids ended without an answer"):
        worker.answer()
    worker.end()


def test_samples_are_the_pages_with_tables(published: Path, tmp_path: Path) -> None:
    assert documents_folder() == published
    read = samples(published, tmp_path, "xian-petitions", 4)
    lengths = {one.path: one.pages for one in (*read.tables, *read.few, *read.budgets, read.long, read.grown)}
    assert list(lengths.values()) == [4, 2, 43, 43, 43 * GROWN]
    assert all(len(pypdfium2.PdfDocument(path)) == pages for path, pages in lengths.items())
    [tables] = read.tables
    assert "项目名称" in pypdfium2.PdfDocument(tables.path)[0].get_textpage().get_text_range()
    with pytest.raises(ValueError, match="no published document"):
        samples(published, tmp_path, "nowhere", 4)


def timed(tool: str, pages_per_second: float, peak_mb: float = 50) -> Timed:
    seconds = [10 / pages_per_second, 20 / pages_per_second, 1e9]  # a round that went wrong is not the median
    return Timed(tool, {"a": 20, "b": 20}, {"a": seconds, "b": seconds}, peak_mb, 1.0)


def test_the_page_holds_goals_against_what_was_measured() -> None:
    speeds = {"ceiling": 200, "grids": 160, "lines": 110, "pdfplumber": 10, "pymupdf": 9, "camelot": 2}
    measured = Measurements(
        tables=[timed(tool, speed) for tool, speed in speeds.items()],
        budgets=[timed("lines", 150), timed("pdfplumber", 15)],
        two=Two(40, [4.0, 4.0, 9.0], [5.0]),
        memory=Memory(140, 80, 4, 86, 560, 240),
        shown=Shown(140, [2.0, 2.5, 9.0], [3.0]),
    )
    at = Conditions("2026-01-01", "a processor", 2, 0.1, "3.11", {"pdfplumber": "1"}, 3, 8)
    goals = re.findall(
        r"^\| ([^|]+) \| (?:≥|<) [\d.]+ \| ([\d.]+) \| (met|missed) \|$", page(measured, at), re.MULTILINE
    )
    assert goals == [
        ("bytes → lines, pages of tables, × pdfplumber", "11.00", "met"),
        ("whole budgets, × pdfplumber on all pages", "10.00", "missed"),
        ("bytes → grids, of the ceiling", "0.80", "met"),
        ("bytes → lines, of the ceiling", "0.55", "missed"),
        ("two processes, × one", "1.60", "missed"),
        ("peak memory of a process of this reader, MB", "240", "missed"),
        ("memory for each further page read, MB", "0.011", "missed"),
    ]


def test_without_documents_the_benchmark_says_so() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "JIXIAO_DOCUMENTS"}
    command = [sys.executable, "-m", "benchmarks.read_speed"]
    run = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, "Traceback" in run.stderr) == (2, False)
    assert "JIXIAO_DOCUMENTS" in run.stderr


def test_the_project_uses_no_peer_and_nothing_of_the_benchmarks() -> None:
    sources = [path for folder in ("extract", "dags", "demo") for path in (PROJECT / folder).rglob("*.py")]
    assert len(sources) > 30
    for path in sources:
        used = re.findall(r"^\s*(?:import|from) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert not {"pymupdf", "fitz", "camelot", "benchmarks"} & set(used), path


def test_each_command_replaces_its_own_section_of_the_page() -> None:
    page = "<!-- one -->\nold\n<!-- end of one -->\n\n<!-- two -->\n<!-- end of two -->\n"
    assert with_section(page, "one", "new\n") == page.replace("old", "new")
    assert with_section(page, "two", "new") == page.replace("<!-- two -->\n", "<!-- two -->\nnew\n")
    with pytest.raises(ValueError, match="no section three"):
        with_section(page, "three", "new")
    assert with_section(PAGE.read_text(encoding="utf-8"), "whole way", "new")


def test_the_whole_way_is_measured_on_documents_that_all_arrive(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JIXIAO_SOURCES", "")
    found = runs(10, tmp_path)
    assert [run.documents_read for run in found] == [10, 0, 0]  # one in a hundred of ten is none
    assert all(set(run.seconds) == set(STEPS) and run.total > 0 for run in found)
    text = text_of({10: found}, "on a day")
    assert "| documents read | 10 | 0 | 0 |" in text
    assert all(f"| {step} | {found[0].seconds[step]:.1f} |" in text for step in STEPS)


def test_the_page_of_the_view_says_medians_and_whether_the_goal_is_met() -> None:
    found = Measured([0.5, 3.0, 0.7], [0.1], [0.9], html_kb=56, picture_kb=308, outlines=36)
    assert "| 0.70 | 0.50 | 3.00 |" in section(found, 140, 4178, "on a day")
    assert section(found, 140, 4178, "on a day").strip().endswith("just started: met.")
    slow = Measured([0.9, 1.2, 1.3], [0.1], [0.9], html_kb=56, picture_kb=308, outlines=36)
    assert section(slow, 140, 4178, "on a day").strip().endswith("just started: missed.")
