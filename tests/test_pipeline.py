"""The whole path through Airflow, on the demo's documents and on whatever a person drops in."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import psutil
import pytest
from PIL import Image

from extract import publish as publish_step
from extract.build import BuildError, build
from extract.publish import GateError, check_gate, publish
from extract.settings import House
from tests.conftest import PROJECT, run

# observations, run ids and the times of fetching and loading are of the run, not of the documents
OF_THE_RUN = {
    *("qa_observations", "qa_sources", "qa_release", "qa_releases"),
    *("observations", "collections", "loads", "builds"),
}
OF_THE_RUN_COLUMNS = {
    *("first_fetched_at", "read_at", "loaded_at", "valid_from", "valid_to", "gone_since", "batch_id"),
    *("reading_key", "facts_key"),
}

BAD_FILES = {
    "empty.pdf": b"",
    "page.pdf": b"<!DOCTYPE html><html><body>not found</body></html>",
    "prose.txt": "这里没有表格。".encode(),
    "program.bin": b"\x7fELF" + bytes(range(256)),
}


def rows(file: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(file), read_only=True) as published:
        return published.execute(sql).fetchall()


def content(file: Path, *schemas: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every table that readers have, or those of other schemas, without what belongs to a run.

    Of its times and ids: whether there is one.
    """
    with duckdb.connect(str(file), read_only=True) as published:
        tables = published.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE list_contains(?, schema_name) ORDER BY ALL",
            [schemas or publish_step.SCHEMAS],
        ).fetchall()
        found = {}
        for schema, table in tables:
            if table in OF_THE_RUN:
                continue
            columns = [name for name, *_ in published.execute(f"DESCRIBE {schema}.{table}").fetchall()]
            kept = ", ".join(f"{name} IS NULL" if name in OF_THE_RUN_COLUMNS else name for name in columns)
            found[f"{schema}.{table}"] = published.execute(
                f"SELECT {kept} FROM {schema}.{table} ORDER BY ALL"
            ).fetchall()
        return found


def in_both_languages(comment: str | None) -> bool:
    text = comment or ""
    return any("\u4e00" <= c <= "\u9fff" for c in text) and any(c.isascii() and c.isalpha() for c in text)


def test_a_run_ends_with_a_summary_a_person_understands(
    ran: tuple[House, subprocess.CompletedProcess[str]], demo: tuple[Path, list[dict[str, Any]]]
) -> None:
    house, done = ran
    assert done.returncode == 0, done.stdout + done.stderr
    for meant in demo[1]:
        assert meant["file"] in done.stdout
        assert meant["publisher"] in done.stdout
    assert "36.00 万元 missing" in done.stdout
    assert str(house.published) in done.stdout.replace("\n", "")


def test_the_published_facts_are_what_the_demo_meant(
    ran: tuple[House, subprocess.CompletedProcess[str]], demo: tuple[Path, list[dict[str, Any]]]
) -> None:
    house, _ = ran
    truth = {meant["file"]: meant for meant in demo[1]}
    found = rows(house.published, "SELECT url, document_id, status, fiscal_year FROM marts.dim_documents")
    assert {url.removeprefix("folder:") for url, *_ in found} == set(truth)
    for url, document_id, status, fiscal_year in found:
        meant = truth[url.removeprefix("folder:")]
        assert (status, fiscal_year) == (meant["status"], meant["fiscal_year"])
        projects = {line["line_number"]: line for line in meant["lines"] if line["level"] == "project"}
        facts = rows(
            house.published,
            "SELECT line_number, total_yuan, goal_text FROM marts.fct_project_budgets"
            f" WHERE document_id = '{document_id}'",
        )
        assert {number: (total, goal) for number, total, goal in facts} == {
            number: (Decimal(line["total_text"].replace(",", "")) * 10000, line["goal"])
            for number, line in projects.items()
        }
        [(funds,)] = rows(
            house.published,
            f"SELECT sum(amount_yuan) FROM marts.fct_project_funds WHERE document_id = '{document_id}'",
        )
        assert funds == sum(
            Decimal(text.replace(",", "")) * 10000 for line in projects.values() for text in line["funds"].values()
        )
        [(targets,)] = rows(
            house.published,
            "SELECT count(DISTINCT (project_line_id, indicator_position, period)) FROM marts.fct_indicator_targets"
            f" WHERE document_id = '{document_id}'",
        )
        assert targets == sum(len(i["targets"]) for line in projects.values() for i in line["indicators"])


def test_every_fact_reaches_its_place(ran: tuple[House, subprocess.CompletedProcess[str]]) -> None:
    house, _ = ran
    for table in ("fct_project_budgets", "fct_project_funds", "fct_indicator_targets"):
        [(count, placed)] = rows(
            house.published,
            f"""
            SELECT count(*), count(*) FILTER (
                json_array_length(locator) > 0 AND (
                    (page_number >= 1 AND bbox.x0 < bbox.x1 AND bbox.top < bbox.bottom)
                    OR json_extract(locator, '$[0].first_line') IS NOT NULL
                )
            ) FROM marts.{table}
            """,
        )
        assert count == placed > 0


def test_the_same_content_in_two_formats_counts_once(ran: tuple[House, subprocess.CompletedProcess[str]]) -> None:
    house, _ = ran
    [(documents, counted)] = rows(
        house.published,
        """
        SELECT count(DISTINCT document_id), count(DISTINCT document_id) FILTER (is_counted)
        FROM marts.fct_project_budgets JOIN marts.dim_documents USING (document_id)
        WHERE publisher_name = '湖东区商务局'
        """,
    )
    assert (documents, counted) == (2, 1)
    assert rows(house.published, "SELECT count(*) FROM marts.dim_documents WHERE same_content_as IS NOT NULL") == [(1,)]


def test_every_table_and_column_says_what_it_is_in_both_languages(
    ran: tuple[House, subprocess.CompletedProcess[str]],
) -> None:
    house, _ = ran
    comments = rows(
        house.published,
        """
        SELECT table_name, NULL AS column_name, comment FROM duckdb_tables()
        UNION ALL SELECT view_name, NULL, comment FROM duckdb_views() WHERE NOT internal
        UNION ALL SELECT table_name, column_name, comment FROM duckdb_columns() WHERE NOT internal
        """,
    )
    assert len(comments) > 150
    lacking = [(table, column) for table, column, comment in comments if not in_both_languages(comment)]
    assert lacking == []


def test_old_clients_can_open_the_published_file(ran: tuple[House, subprocess.CompletedProcess[str]]) -> None:
    house, _ = ran
    with duckdb.connect() as client:
        client.execute(f"ATTACH '{house.published}' AS release (READ_ONLY)")
        [(options,)] = client.execute("SELECT tags FROM duckdb_databases() WHERE database_name = 'release'").fetchall()
    assert "v1.0.0" in str(options)


def test_a_second_run_with_nothing_new_reads_and_builds_nothing_and_says_so(
    ran: tuple[House, subprocess.CompletedProcess[str]],
) -> None:
    house, _ = ran
    before = content(house.published)
    landed = sorted(house.landing.glob("readings/*"))
    builds = rows(house.warehouse, "SELECT count(DISTINCT facts_fingerprint) FROM raw.builds")
    done = run(house)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Nothing new" in done.stdout
    assert sorted(house.landing.glob("readings/*")) == landed
    assert rows(house.warehouse, "SELECT count(DISTINCT facts_fingerprint) FROM raw.builds") == builds == [(1,)]
    assert content(house.published) == before
    outcomes = rows(house.published, "SELECT outcome, count(*) FROM quality.qa_observations GROUP BY ALL ORDER BY ALL")
    assert outcomes == [("new", 8), ("unchanged", 8)]


def test_files_that_are_no_such_documents_are_listed_and_the_rest_goes_on(
    tmp_path: Path, demo: tuple[Path, list[dict[str, Any]]]
) -> None:
    house = House(tmp_path / "house", tmp_path / "inbox")
    house.inbox.mkdir()
    for name, bytes_ in BAD_FILES.items():
        (house.inbox / name).write_bytes(bytes_)
    shutil.copy(demo[0] / "yunling-education-2026.pdf", house.inbox)
    done = run(house)
    assert done.returncode == 0, done.stdout + done.stderr
    assert all(name in done.stdout for name in BAD_FILES)
    statuses = rows(
        house.published,
        "SELECT url, d.status, q.code FROM marts.dim_documents AS d"
        " LEFT JOIN quality.qa_issues AS q ON q.document_id = d.document_id AND q.found_by = 'reading' ORDER BY ALL",
    )
    assert statuses == [
        ("folder:empty.pdf", "refused", "not_a_document"),
        ("folder:page.pdf", "refused", "not_a_document"),
        ("folder:program.bin", "refused", "unknown_kind"),
        ("folder:prose.txt", "complete", "no_targets_table"),
        ("folder:prose.txt", "complete", "unknown_year"),
        ("folder:yunling-education-2026.pdf", "complete", None),
    ]


def test_a_failing_step_ends_the_run_with_one_clear_sentence(tmp_path: Path) -> None:
    done = run(House(tmp_path / "house", tmp_path / "nowhere"))
    assert done.returncode != 0
    assert "nowhere does not exist" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_house_in_use_refuses_a_second_run(ran: tuple[House, subprocess.CompletedProcess[str]]) -> None:
    house, _ = ran
    script = (
        "import sys, pathlib; from extract.orchestrate import held; from extract.settings import House\n"
        "with held(House(pathlib.Path(sys.argv[1]), pathlib.Path('.'))): print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(house.root)], cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    holder.stdout.readline()
    done = run(house)
    holder.communicate(b"")
    assert done.returncode == 1
    assert f"in use by process {holder.pid}" in done.stderr


def test_a_run_that_is_killed_leaves_no_airflow_behind(house: House) -> None:
    environment = {**os.environ, "JIXIAO_DATA": str(house.root), "JIXIAO_INBOX": str(house.inbox)}
    process = psutil.Popen([sys.executable, "-m", "extract", "run"], cwd=PROJECT, env=environment)
    while not (family := process.children(recursive=True)):
        assert process.poll() is None
        time.sleep(0.05)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(family, timeout=5)
    assert alive == []


def jixiao(house: House, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "extract", *arguments],
        cwd=folder,
        env={**os.environ, "JIXIAO_DATA": str(house.root), "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_fact_is_shown_with_its_cell_outlined(
    tmp_path: Path, ran: tuple[House, subprocess.CompletedProcess[str]]
) -> None:
    house, _ = ran
    [(line_id, position)] = rows(
        house.published,
        "SELECT project_line_id, indicator_position FROM marts.fct_indicator_targets"
        " WHERE page_number IS NOT NULL ORDER BY ALL LIMIT 1",
    )
    for name, arguments in {"line.png": (), "cell.png": ("--indicator", str(position))}.items():
        done = jixiao(house, "show", line_id, *arguments, "--output", name, folder=tmp_path)
        assert done.returncode == 0, done.stderr
        with Image.open(tmp_path / name) as picture:
            colours = {colour for _, colour in picture.convert("RGB").getcolors(1 << 20) or []}
        assert (255, 0, 0) in colours
        assert len(colours) > 10  # the text is there, too


def test_an_issue_is_shown_with_its_place_outlined(
    tmp_path: Path, ran: tuple[House, subprocess.CompletedProcess[str]]
) -> None:
    house, _ = ran
    [(issue_id,), *_] = rows(
        house.published, "SELECT issue_id FROM quality.qa_issues WHERE code = 'unbalanced_sum' ORDER BY ALL"
    )
    done = jixiao(house, "show", issue_id, "--output", "issue.png", folder=tmp_path)
    assert done.returncode == 0, done.stderr
    with Image.open(tmp_path / "issue.png") as picture:
        assert (255, 0, 0) in {colour for _, colour in picture.convert("RGB").getcolors(1 << 20) or []}
    [(of_document,), *_] = rows(
        house.published, "SELECT issue_id FROM quality.qa_issues WHERE code = 'inferred_year' ORDER BY ALL"
    )
    assert "the whole document" in jixiao(house, "show", of_document, folder=tmp_path).stderr


def test_a_fact_of_a_text_is_shown_as_its_lines(
    tmp_path: Path, ran: tuple[House, subprocess.CompletedProcess[str]]
) -> None:
    house, _ = ran
    [(line_id, name)] = rows(
        house.published,
        "SELECT project_line_id, p.name FROM marts.fct_project_budgets JOIN marts.dim_projects AS p USING (project_id)"
        " WHERE page_number IS NULL ORDER BY ALL LIMIT 1",
    )
    done = jixiao(house, "show", line_id, folder=tmp_path)
    assert done.returncode == 1
    assert "stands in lines" in done.stderr
    assert name in done.stderr
    assert "holds no such fact" in jixiao(house, "show", "0" * 16, folder=tmp_path).stderr


def test_the_published_file_answers_questions(
    tmp_path: Path, ran: tuple[House, subprocess.CompletedProcess[str]]
) -> None:
    house, _ = ran
    done = jixiao(house, "query", "SELECT count(*) AS documents FROM marts.dim_documents", folder=tmp_path)
    assert (done.returncode, "documents" in done.stdout, "8" in done.stdout) == (0, True, True)
    assert jixiao(house, "query", "SELECT nothing", folder=tmp_path).returncode == 1


def test_a_broken_warehouse_is_not_published_and_readers_keep_theirs(
    tmp_path: Path, ran: tuple[House, subprocess.CompletedProcess[str]]
) -> None:
    house = replace(ran[0], root=tmp_path / "house")
    shutil.copytree(ran[0].root, house.root, ignore=shutil.ignore_patterns("airflow", "dbt"))
    before = content(house.published)

    with duckdb.connect(str(house.warehouse)) as warehouse:
        warehouse.execute("DELETE FROM marts.fct_project_funds WHERE amount_yuan = 950000")
    with pytest.raises(GateError, match="cents of funds were loaded, but"):
        check_gate(house)

    with duckdb.connect(str(house.warehouse)) as warehouse:
        # a line twice, as no loader would leave it: keys fail
        warehouse.execute("INSERT INTO raw.lines SELECT * FROM raw.lines WHERE level = 'project' LIMIT 1")
        warehouse.execute("INSERT INTO raw.loads VALUES ('tampered', 'readings', now())")
    with pytest.raises(BuildError, match="dbt build failed"):
        build(house)
    assert not publish(house)
    assert content(house.published) == before


def test_a_current_document_that_vanished_shuts_the_gate(
    tmp_path: Path, ran: tuple[House, subprocess.CompletedProcess[str]]
) -> None:
    house = replace(ran[0], root=tmp_path / "house")
    shutil.copytree(ran[0].root, house.root, ignore=shutil.ignore_patterns("airflow", "dbt"))
    house.published.chmod(0o644)
    with duckdb.connect(str(house.published)) as published:
        published.execute(
            "INSERT INTO marts.dim_documents BY NAME SELECT * REPLACE (repeat('f', 64) AS document_id)"
            " FROM marts.dim_documents LIMIT 1"
        )
    with pytest.raises(GateError, match="1 current documents vanished"):
        check_gate(house)
