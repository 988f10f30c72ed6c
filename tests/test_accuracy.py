"""Goldens: what stands on the pages of published documents is what is read of them, and the goals are met."""

from __future__ import annotations

import copy
import hashlib
import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from benchmarks import accuracy
from benchmarks.goldens import EXAMPLES, Golden, content_of, documents, draft, golden_of, goldens, without_width
from benchmarks.measure import KINDS, Measured, measure, missed_goals
from extract.document import document_of
from tests.conftest import PROJECT

NAMES = [golden.name for golden in goldens()]


@cache
def golden_named(folder: Path, name: str) -> Golden:
    return next(golden for golden in goldens(folder) if golden.name == name)


@cache
def measured(folder: Path, name: str) -> Measured:
    golden = golden_named(folder, name)
    return measure(golden, content_of(golden, folder))


def test_every_published_document_has_a_golden_that_a_person_has_looked_at(published: Path) -> None:
    known = {golden.sha256 for golden in goldens()}
    drafted = []
    for path in documents(published):
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() not in known:
            written = EXAMPLES / f"{path.stem}.json"
            written.write_text(draft(document_of(content), str(path.relative_to(published))), encoding="utf-8")
            drafted.append(written.name)
    unlooked = drafted + [golden.name for golden in goldens() if not golden.is_reviewed]
    assert not unlooked, f"hold {unlooked} in {EXAMPLES} against the rendered pages, correct, and set reviewed to true"


@pytest.mark.parametrize("name", NAMES)
def test_a_published_document_holds_what_its_pages_show(published: Path, name: str) -> None:
    one = measured(published, name)
    assert one.other_facts == {}
    assert [outcome.told for outcome in one.outcomes if outcome.verdict != "right"] == []
    assert bool(one.outcomes) == bool(one.golden.tables)


def test_the_goals_are_met(published: Path) -> None:
    everything = [measured(published, name) for name in NAMES]
    assert missed_goals(everything) == []
    counted = {kind: sum(outcome.kind == kind for one in everything for outcome in one.outcomes) for kind in KINDS}
    assert all(count > 400 for count in counted.values()), counted


def test_the_page_of_accuracy_says_what_is_measured(published: Path) -> None:
    """Its first table; `make accuracy` writes it again."""
    written = accuracy.PAGE.read_text(encoding="utf-8")
    now = accuracy.page([measured(published, name) for name in NAMES], "today")
    tables = [re.findall(r"^\| `.*$", text, re.MULTILINE) for text in (written, now)]
    assert tables[0] == tables[1] != []


def test_without_documents_the_command_says_so() -> None:
    environment = {key: value for key, value in os.environ.items() if key != "JIXIAO_DOCUMENTS"}
    command = [sys.executable, "-m", "benchmarks.accuracy"]
    run = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "JIXIAO_DOCUMENTS" in run.stderr
    assert "Traceback" not in run.stderr


# --- a golden finds what is wrong --------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def seen(demo: tuple[Path, list[dict[str, Any]]]) -> tuple[dict[str, Any], bytes]:
    """A document of the demo and its golden, drafted by the reader."""
    content = (demo[0] / "yunze-commerce-2026.pdf").read_bytes()
    stored: dict[str, Any] = json.loads(draft(document_of(content), "yunze-commerce-2026.pdf"))
    return stored, content


def told(stored: dict[str, Any], content: bytes) -> list[tuple[str, str]]:
    outcomes = measure(golden_of(stored), content).outcomes
    assert len(outcomes) > 100
    return [(outcome.kind, outcome.verdict) for outcome in outcomes if outcome.verdict != "right"]


def test_a_draft_is_what_was_read_and_asks_to_be_looked_at(seen: tuple[dict[str, Any], bytes]) -> None:
    stored, content = seen
    assert told(stored, content) == []
    assert measure(golden_of(stored), content).other_facts == {}
    assert not golden_of(stored).is_reviewed


def changed(stored: dict[str, Any], line: int, **facts: Any) -> dict[str, Any]:
    other = copy.deepcopy(stored)
    other["lines"][line].update(facts)
    return other


def test_every_kind_of_difference_is_told(seen: tuple[dict[str, Any], bytes]) -> None:
    stored, content = seen
    index, line = next((i, one) for i, one in enumerate(stored["lines"]) if len(one["indicators"]) > 2)
    indicators = line["indicators"]
    first, *others = indicators
    assert told(changed(stored, index, organization="别局"), content) == [("line", "wrong")]
    assert told(changed(stored, index, goal=line["goal"][:4] + "…" + line["goal"][-4:]), content) == []
    assert told(changed(stored, index, goal=line["goal"][:4] + "…别的"), content) == [("line", "wrong")]
    assert told(changed(stored, index, total="1.23"), content) == [("amount", "wrong")]
    assert told(changed(stored, index, funds=[*line["funds"], ["别的", "annual", "1.00"]]), content) == [
        ("amount", "missing")
    ]
    assert told(changed(stored, index, funds=line["funds"][1:]), content) == [("amount", "wrong")]
    one_less = changed(stored, index, indicators=others, indicator_count=len(indicators))
    assert told(one_less, content) == [("indicator", "wrong")]
    one_more = changed(stored, index, indicators=[*indicators, {**first, "level_2": "别的", "name": "别的"}])
    assert told(one_more, content) == [("indicator", "missing")] + [("target", "missing")] * 2
    assert told(changed(stored, index, indicators=[*others, first]), content) == [("indicator", "wrong")]
    assert told(changed(stored, index, indicators=[{**first, "annual": "≥1"}, *others]), content) == [
        ("target", "wrong")
    ]
    assert told(changed(stored, index, indicators=[{**first, "number": "99"}, *others]), content) == [
        ("indicator", "wrong")
    ]


def test_a_line_too_many_or_too_few_is_told(seen: tuple[dict[str, Any], bytes]) -> None:
    stored, content = seen
    fewer = copy.deepcopy(stored)
    del fewer["lines"][3]
    assert told(fewer, content) == [("line", "wrong")]
    fewer["whole_pages"] = []
    assert told(fewer, content) == []
    more = copy.deepcopy(stored)
    extra = {"name": "别的", "total": "1.00", "funds": [], "indicators": [], "goal": None, "indicator_count": 0}
    more["lines"].append({**more["lines"][0], **extra})
    assert told(more, content) == [("line", "missing"), ("amount", "missing")]


def test_a_wrong_value_in_a_complete_document_misses_the_goals(seen: tuple[dict[str, Any], bytes]) -> None:
    stored, content = seen
    assert missed_goals([measure(golden_of(stored), content)]) == []
    missed = missed_goals([measure(golden_of(changed(stored, 2, total="1.23")), content)])
    assert [text for text in missed if "100.0%" in text]
    assert [text for text in missed if "is called complete and holds 1 wrong" in text]


def test_a_text_without_width_equals_the_printed_one() -> None:
    assert without_width("服务贸易专题 （荔湾区）：１，２") == "服务贸易专题(荔湾区):1,2"
