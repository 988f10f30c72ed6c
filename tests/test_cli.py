"""The command line: what a person sees, what a program gets, and exit statuses."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest

from extract.__main__ import main

LINE_KEYS = set(
    "kind table_number line_number view layout level name organization total_text total_yuan project_total_text"
    " project_total_yuan funds goal project_goal indicators is_recognised page_number bbox locator".split()
)
FUND_KEYS = set("fund_source period amount_text amount_yuan allocation candidates".split())
INDICATOR_KEYS = set("position number level_1_code level_1 level_2_code level_2 name weight targets".split())
INDICATOR_KEYS |= {"nature", "unit", "explanation", "prior_value"}
COMPONENT_KEYS = set("subject comparator value value_upper unit per_unit reference deadline_start deadline_end".split())
DOCUMENT_KEYS = set(
    "kind document_id publisher title fiscal_year fiscal_year_basis page_count status reader_version issues"
    " reconciliations".split()
)


def read_json(file: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[dict[str, Any]], str]:
    status = main(["read", str(file), "--json"])
    captured = capsys.readouterr()
    return status, [json.loads(line) for line in captured.out.splitlines()], captured.err


def test_json_is_one_object_per_line_and_nothing_else(
    demo: tuple[Path, list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    status, objects, errors = read_json(demo[0] / "yunze-transport-2026.pdf", capsys)
    assert (status, errors) == (0, "")
    *lines, document = objects
    assert {line["kind"] for line in lines} == {"line"}
    assert all(set(line) == LINE_KEYS for line in lines)
    assert set(document) == DOCUMENT_KEYS
    assert document["status"] == "partial"
    project = next(line for line in lines if line["level"] == "project")
    assert set(project["funds"][0]) == FUND_KEYS
    indicator = project["indicators"][0]
    assert set(indicator) == INDICATOR_KEYS
    assert [target["period"] for target in indicator["targets"]] == ["annual", "project"]
    assert set(indicator["targets"][0]["components"][0]) == COMPONENT_KEYS
    assert project["total_yuan"].replace(".", "").isdigit()
    assert len(project["bbox"]) == 4
    assert all("\n" not in (line["name"] + (line["goal"] or "")) for line in lines)


def test_the_table_is_shown_with_its_verdict(
    demo: tuple[Path, list[dict[str, Any]]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", str(demo[0] / "yunze-commerce-2023.pdf")]) == 0
    shown = capsys.readouterr().out
    assert "云泽市商务局" in shown
    assert "Verdict: complete" in shown


def test_what_cannot_be_read_gives_status_2_and_the_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "page.pdf"
    file.write_text("<html><body>404</body></html>")
    status, objects, errors = read_json(file, capsys)
    assert status == 2
    assert [o["kind"] for o in objects] == ["document"]
    assert "refused: The file is an HTML page" in errors
    assert main(["read", str(tmp_path / "missing.pdf")]) == 2
    assert "missing.pdf" in capsys.readouterr().err


def test_targets_come_one_list_per_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("≥7万家\n95\t≥\t%\n提升\t定性\n\n"))
    assert main(["target", "-"]) == 0
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [[(c["comparator"], c["value"], c["unit"]) for c in answer] for answer in answers] == [
        [(">=", "70000", "家")],
        [(">=", "95", "%")],
        [("qualitative", None, None)],
        [("missing", None, None)],
    ]
