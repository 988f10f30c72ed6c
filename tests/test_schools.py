"""The many small bodies of the demo: each one's table differs, costs little, and reads back as it was meant."""

import hashlib
import os
import subprocess
import sys

import pytest

from demo.city import FUND_SOURCES, load_city
from demo.files import render
from demo.schools import FORMATS, SCHOOLS, school_document, school_file
from demo.table import printed_lines
from demo.typeset import text_width
from extract.guard import Guard
from extract.hints import Hints
from extract.targets import parse_target
from tests.conftest import PROJECT

CITY = load_city()


def content_of(number: int, edition: int = 1) -> bytes:
    document = school_document(number, edition)
    return render(document, document.formats[0], CITY)


def test_a_body_of_every_format_reads_back_as_it_was_meant() -> None:
    files = [(number, school_file(number).rpartition(".")[2]) for number in range(1, len(FORMATS) + 1)]
    files.append((1, "html"))  # as an article carries it
    assert {extension for _, extension in files} == {"pdf", "xlsx", "html", "txt"}
    contents = [(render(school_document(number), extension, CITY), extension) for number, extension in files]
    with Guard() as guard:
        documents = list(guard.read([(content, Hints(file_name=f"a.{extension}")) for content, extension in contents]))
    for (number, _), read in zip(files, documents, strict=True):
        meant = school_document(number)
        lines = printed_lines(meant, CITY)
        assert (read.status, read.issues) == ("complete", ()), meant.document_key
        assert (read.publisher, read.fiscal_year) == (meant.publisher, meant.fiscal_year)
        assert [(line.level, line.name, line.total_text) for line in read.lines] == [
            (line.level, line.name, line.total) for line in lines
        ]
        for line, printed in zip(read.lines, lines, strict=True):
            assert {fund.fund_source: fund.amount_text for fund in line.funds} == printed.funds
            assert (line.goal or "") == printed.goal
            indicators = printed.project.indicators if printed.project else ()
            assert [(entry.name, entry.targets[0].text) for entry in line.indicators] == [
                (indicator.name, indicator.annual) for indicator in indicators
            ]


def test_thousands_differ_from_each_other_and_every_sum_holds() -> None:
    documents = [school_document(number) for number in range(1, 3001)]
    assert len({document.publisher for document in documents}) == len(documents)
    tables = [printed_lines(document, CITY) for document in documents]
    assert len({tuple(line.cells for line in lines) for lines in tables}) == len(documents)
    assert {len(lines) for lines in tables} == {5, 6, 7}
    assert all(source in FUND_SOURCES for lines in tables for line in lines for source in line.funds)


def test_no_body_needs_a_character_that_the_font_lacks() -> None:
    text_width("".join(SCHOOLS.read_text(encoding="utf-8").split("\n", 2)[2].split()), 9)


def test_every_target_is_understood() -> None:
    targets = {
        indicator.annual
        for number in range(1, 200)
        for unit in school_document(number).units
        for project in unit.projects
        for indicator in project.indicators
    }
    assert len(targets) > 100
    assert all(component.comparator for target in targets for component in parse_target(target))


def test_another_edition_keeps_the_projects_and_changes_the_money() -> None:
    first, second = (printed_lines(school_document(7, edition), CITY) for edition in (1, 2))
    assert [(line.name, line.goal, line.indicators) for line in first] == [
        (line.name, line.goal, line.indicators) for line in second
    ]
    assert all(line.total != other.total for line, other in zip(first, second, strict=True))


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_writes_the_same_bytes(seed: str) -> None:
    script = (
        "import hashlib; from demo.city import load_city; from demo.files import render\n"
        "from demo.schools import school_document\n"
        "for number in range(1, 11):\n"
        "    document = school_document(number)\n"
        "    print(hashlib.sha256(render(document, document.formats[0], load_city())).hexdigest())\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        cwd=PROJECT,
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Tokyo"},
        check=True,
        capture_output=True,
        text=True,
    )
    assert result.stdout.split() == [hashlib.sha256(content_of(number)).hexdigest() for number in range(1, 11)]
