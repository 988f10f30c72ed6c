"""What the cookbook answers on published documents, asked again of a house that read them."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from benchmarks.cookbook import COOKBOOK, PAGE, QUESTION, answer, known_documents, page, take_up
from extract.settings import House
from tests.pictures import check, pictures

ANSWER = re.compile(r"^## (\d+\. .*?)\n\n```text\n(.*?)```", re.MULTILINE | re.DOTALL)
QUESTIONS = {question: sql for question, sql, _ in QUESTION.findall(COOKBOOK.read_text(encoding="utf-8"))}


@pytest.fixture(scope="module")
def file(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published file of a house that read the published documents."""
    folder = tmp_path_factory.mktemp("cookbook")
    house = House(folder / "house", folder / "inbox")
    take_up(published, house)
    return house.published


@pytest.mark.parametrize("question", QUESTIONS)
def test_published_documents_answer_as_the_page_says(file: Path, question: str) -> None:
    answers = dict(ANSWER.findall(PAGE.read_text(encoding="utf-8")))
    assert list(answers) == list(QUESTIONS)
    assert answer(file, QUESTIONS[question]) == answers[question]


def test_the_page_says_what_it_was_computed_from(file: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert page(file) == text
    named = re.findall(r"`([0-9a-f]{64})` \|$", text, re.MULTILINE)
    assert sorted(named) == sorted(golden.sha256 for golden in known_documents())
    with duckdb.connect(str(file), read_only=True) as opened:
        assert opened.execute("SELECT count(*) FROM marts.dim_documents").fetchone() == (len(named),)


def test_the_example_draws_published_documents(file: Path, tmp_path: Path) -> None:
    check(pictures(file, tmp_path))
