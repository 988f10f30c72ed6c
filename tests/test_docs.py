"""What README and docs say is what the commands do."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections import Counter
from pathlib import Path

from rich.console import Console

from extract.dictionary import dictionary
from extract.document import document_of
from extract.json_lines import component_dict, dumped
from extract.settings import House
from extract.summary import query, table_of
from extract.targets import parse_target
from tests.conftest import PROJECT
from tests.pictures import check, pictures

README = (PROJECT / "README.md").read_text(encoding="utf-8")
CODE = re.compile(
    r'(?:(?:Issue\(|line,\s*\()\s*(?:"(?:error|warning|info)"|severity),|UnreadableError\(|note\(|append\(\(|\[\(|yield)'
    r'\s*"([a-z_0-9]+)",\s*(?:f?"|message)'
)


def without_trailing_space(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def test_the_readme_shows_the_summary_of_the_demo(ran_city: tuple[House, subprocess.CompletedProcess[str]]) -> None:
    assert ran_city[1].returncode == 0, ran_city[1].stdout + ran_city[1].stderr
    [shown] = re.findall(r"<!-- demo summary -->\n```text\n(.*?)```", README, re.DOTALL)
    said = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", without_trailing_space(ran_city[1].stdout))
    pieces = re.sub(r"127\.0\.0\.1:\d+", "127.0.0.1:PORT", without_trailing_space(shown)).split("\n…\n")
    assert len(pieces) > 1
    assert [piece for piece in pieces if piece not in said] == [], said
    places = [said.index(piece) for piece in pieces]
    assert places == sorted(places)


def test_readme_and_cookbook_show_the_answers_that_the_reader_gets(
    ran_city: tuple[House, subprocess.CompletedProcess[str]],
) -> None:
    asked = re.findall(r"<!-- query -->\n```sql\n(.*?)```\n```text\n(.*?)```", README, re.DOTALL)
    assert len(asked) == 3
    cookbook = (PROJECT / "docs" / "cookbook.md").read_text(encoding="utf-8")
    questions = re.findall(r"```sql\n(.*?)```\n```text\n(.*?)```", cookbook, re.DOTALL)
    assert len(questions) == len(re.findall(r"^## \d+\. ", cookbook, re.MULTILINE)) >= 15
    for sql, answer in [*asked, *questions]:
        console = Console(width=160)
        with console.capture() as capture:
            console.print(table_of(query(ran_city[0].published, sql)))
        assert without_trailing_space(capture.get()) == without_trailing_space(answer)


def test_the_example_draws_the_demo(ran_city: tuple[House, subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    check(pictures(ran_city[0].published, tmp_path))


def test_the_data_dictionary_is_that_of_the_published_file(
    ran_city: tuple[House, subprocess.CompletedProcess[str]],
) -> None:
    assert (PROJECT / "docs" / "dictionary.md").read_text(encoding="utf-8") == dictionary(ran_city[0].published)


def test_the_readme_says_what_is_read_of_published_documents(published: Path) -> None:
    stated = re.findall(r"\| `([0-9a-f]{64})` \|[^|]*\| ([^|]*) \| (\d+) \| (\w+)", README)
    assert len(stated) >= 7
    files = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in published.rglob("*") if path.is_file()}
    for sha256, lines, indicators, status in stated:
        document = document_of(files[sha256].read_bytes())
        levels = Counter(line.level for line in document.lines)
        assert lines == f"{levels['total']} 合计, {levels['unit']} units, {levels['project']} projects"
        assert int(indicators) == sum(len(line.indicators) for line in document.lines)
        assert status == document.status


def test_every_issue_code_is_documented_and_every_documented_code_exists() -> None:
    documented = re.findall(
        r"^\| (`.*?`) \|", (PROJECT / "docs" / "issues.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    names = {name for cell in documented for name in re.findall(r"`(\w+)`", cell)}
    raised = {code for path in (PROJECT / "extract").rglob("*.py") for code in CODE.findall(path.read_text("utf-8"))}
    raised -= {"error", "warning", "info"}
    warehouse = (PROJECT / "dbt_project" / "models" / "quality" / "qa_issues.sql").read_text(encoding="utf-8")
    raised_there = set(re.findall(r"'(\w+)' as code", warehouse))
    assert raised_there
    raised |= raised_there
    assert len(raised) > 20
    assert raised - names == set()
    sources = "".join(path.read_text("utf-8") for path in (PROJECT / "extract").rglob("*.py"))
    assert {name for name in names - raised_there if f'"{name}"' not in sources} == set()


def test_the_table_of_target_values_is_what_the_parser_says() -> None:
    text = (PROJECT / "docs" / "target-values.md").read_text(encoding="utf-8")
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("|")]
    examples = rows[2:]
    assert len(examples) > 10
    for printed, comparator, value, upper, unit, per_unit, _ in examples:
        [component] = parse_target("" if printed == "(nothing)" else printed.strip("`"), fiscal_year=2024)
        found = json.loads(dumped(component_dict(component)))
        assert [found[key] or "" for key in ("comparator", "value", "value_upper", "unit", "per_unit")] == [
            comparator.strip("`"),
            value,
            upper,
            unit,
            per_unit,
        ], printed


def test_commands_of_the_readme_exist() -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", README, re.MULTILINE))
    assert {"serve", "lint", "accuracy", "bench-read"} <= named <= targets
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert all((PROJECT / link).exists() for link in links)


def test_the_chinese_readme_gives_the_same_commands_answers_and_links() -> None:
    chinese = (PROJECT / "README.zh-CN.md").read_text(encoding="utf-8")
    for text, other in ((README, "README.zh-CN.md"), (chinese, "README.md")):
        assert f"]({other})" in text
    assert [without_comments(block) for block in blocks(README)] == [
        without_comments(block) for block in blocks(chinese)
    ]
    assert len(blocks(README)) > 10
    for pattern in (
        r"`((?:make|jixiao|JIXIAO_|\.venv/bin/|\.ci/)[^`]*)`",  # commands and settings in running text
        r"`([\w/*.]+/[\w/*.]*)`",  # paths
        r"\]\(((?!README)[^)]+)\)",
        r"`([0-9a-f]{64})`",
        r"^\|[^`\n]*\| `(\w+)` \|$",  # layouts
    ):
        said = [Counter(re.findall(pattern, text, re.MULTILINE)) for text in (README, chinese)]
        assert said[0]
        assert said[0] == said[1]
    assert [
        len(re.findall(rf"^{mark} ", text, re.MULTILINE)) for mark in ("##", "###", r"\|", "-") for text in (README,)
    ] == [len(re.findall(rf"^{mark} ", chinese, re.MULTILINE)) for mark in ("##", "###", r"\|", "-")]


def blocks(page: str) -> list[str]:
    return re.findall(r"```\w*\n.*?```", page, re.DOTALL)


def without_comments(block: str) -> str:
    return re.sub(r" +# .*$", "", block, flags=re.MULTILINE) if block.startswith("```sh") else block


def test_no_lock_names_an_index_and_every_requirement_has_a_hash() -> None:
    for lock in (PROJECT / "requirements").glob("*.txt"):
        text = lock.read_text(encoding="utf-8")
        assert "://" not in text
        requirements = re.findall(r"^[a-z0-9][^ ]*==.*$", text, re.MULTILINE)
        assert requirements
        assert all(line.endswith("\\") for line in requirements)
