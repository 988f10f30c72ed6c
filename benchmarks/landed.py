"""Landed records of as many project lines as asked for, as readers of real documents would leave them: facts only.

Their shapes are those of the published documents (``shapes.yml``), their names are composed: a body keeps projects over
years, projects keep indicators, indicators repeat over bodies, what a city gives its districts get, whole budgets tell
the money of lists again, and some documents have copies, cannot be read or do not add up. Everything follows from a
seed by hashes (``landed.sql``) and lands by the same functions as what is read. No document stands behind them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sized
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import yaml

from extract.land import SCHEMAS, land_observations, land_tables
from extract.reader_version import READER_VERSION
from extract.records import Listing, Observation
from extract.settings import PROJECT, House

HERE = Path(__file__).resolve().parent
LINES_OF_BATCH = 20_000
_READ_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Landed:
    """How many records landed."""

    documents: int
    lines: int
    targets: int


class Records:
    """Documents that hold about ``lines`` project lines; those of an increment land apart."""

    def __init__(self, lines: int, seed: int = 1) -> None:
        self._database = duckdb.connect(config={"threads": 2})
        self._database.execute("SET TimeZone = 'UTC'")
        shapes = yaml.safe_load((HERE / "shapes.yml").read_text(encoding="utf-8"))
        self._variables = {**_variables(shapes), "seed": seed, "lines": lines}
        for name, value in self._variables.items():
            self._database.execute(f"SET VARIABLE {name} = $1", [value])
        for name, rows in _vocabulary(shapes).items():
            self._database.register("rows", pa.Table.from_pylist(rows))
            self._database.execute(f"CREATE TABLE {name} AS SELECT * FROM rows")
        self._database.execute(
            f"CREATE TABLE seed_regions AS FROM read_csv('{PROJECT / 'dbt_project/seeds/regions.csv'}', all_varchar=true)"
        )
        once, self._batch = (HERE / "landed.sql").read_text(encoding="utf-8").split("-- part two\n")
        self._database.execute(once)

    def land(self, house: House, *, late: bool = False) -> Landed:
        """Land all documents of the house, or those of the increment."""
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            parts = list(workers.map(lambda batch: self._land_batch(house, *batch), self._batches(late)))
        for source_id, observations in self._observations(late):
            land_observations(source_id, observations, house)
        return Landed(*(sum(counts) for counts in zip(*parts, strict=True)))

    def _land_batch(self, house: House, first: int, last: int) -> tuple[int, int, int]:
        """Land the documents of these numbers; how many documents, project lines and targets those are."""
        with self._database.cursor() as cursor:
            for name, value in {**self._variables, "first_number": first, "last_number": last}.items():
                cursor.execute(f"SET VARIABLE {name} = $1", [value])
            cursor.execute(self._batch)
            tables = {name: _table(cursor, name) for name in SCHEMAS}
            [(lines,)] = cursor.execute("SELECT count(*) FROM batch_lines").fetchall()
        land_tables(tables, house)
        return len(tables["documents"]), lines, len(tables["targets"])

    def _batches(self, late: bool) -> list[tuple[int, int]]:
        """First and last numbers of documents that make a batch."""
        return self._database.execute(
            "SELECT min(number), max(number) FROM ("
            " SELECT number, sum(slots) OVER (ORDER BY number) // $1 AS batch FROM documents WHERE is_late = $2"
            ") GROUP BY batch ORDER BY batch",
            [LINES_OF_BATCH, late],
        ).fetchall()

    def _observations(self, late: bool) -> Iterator[tuple[str, list[Observation]]]:
        rows = self._database.execute(
            "SELECT 'growth-' || city_id AS source_id, url, name, year, document_id, revision, fetched_at FROM documents"
            " WHERE is_late = $1 ORDER BY source_id, number",
            [late],
        ).fetchall()
        sources: dict[str, list[Observation]] = {}
        for source_id, url, name, year, document_id, revision, fetched_at in rows:
            listing = Listing(source_id, url, f"{year}年{name}部门预算", fetched_at.date(), name, year)
            sources.setdefault(source_id, []).append(
                Observation(listing, "revised" if revision else "new", fetched_at, document_id)
            )
        yield from sources.items()


def _table(cursor: duckdb.DuckDBPyConnection, name: str) -> pa.Table:
    values: dict[str, Any] = {"reader_version": READER_VERSION}
    if name == "documents":
        values["read_at"] = _READ_AT
    rows = cursor.execute(_RECORDS[name], values).to_arrow_table()
    return rows.select(SCHEMAS[name].names).cast(SCHEMAS[name])


def _variables(shapes: dict[str, Any]) -> dict[str, Any]:
    """What the queries ask of the shapes by name: shares, quantiles, lists of words."""
    first_year, last_year = shapes["years"]
    return {
        **{name: value for name, value in shapes.items() if name.endswith("_share")},
        "first_year": first_year,
        "last_year": last_year,
        **{f"{layout}_lines": _floats(shapes["lines"][layout]) for layout in ("list", "form")},
        **{f"{layout}_indicators": _floats(shapes["indicators"][layout]) for layout in ("list", "form")},
        **{name: _floats(shapes[name]) for name in ("units", "goal_phrases", "log10_yuan")},
        "objects": shapes["project_objects"],
        "endings": shapes["project_endings"],
        **{name: shapes[name] for name in ("common_projects", "goal_verbs", "goal_ends", "percents")},
        "themes": [theme for themes in shapes["kinds"].values() for theme in themes],
        "all_common": [name for names in shapes["common_names"].values() for name in names],
        "all_measures": [name for names in shapes["measures"].values() for name in names],
        "all_units": [unit for form in _forms(shapes) for unit in form["units"]],
        "all_words": [word for form in _forms(shapes) for word in form.get("words", ())],
    }


def _floats(numbers: list[float]) -> list[float]:
    return [float(number) for number in numbers]


def _vocabulary(shapes: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """Tables to join: what has a share of a hundred stands as often, numbered from 0."""
    forms = _forms(shapes)
    first_units, first_words = _firsts(form["units"] for form in forms), _firsts(form.get("words", ()) for form in forms)
    placed = {
        id(form): {
            "comparator": form["comparator"],
            "text": form["text"],
            "value_kind": form["values"],
            "first_unit": first_unit,
            "unit_count": len(form["units"]),
            "first_word": first_word,
            "word_count": len(form.get("words", ())),
        }
        for form, first_unit, first_word in zip(forms, first_units, first_words, strict=True)
    }
    names = {
        name: {
            "first_common": first_common,
            "common_count": len(shapes["common_names"][name]),
            "first_measure": first_measure,
            "measure_count": len(shapes["measures"][name]),
        }
        for name, first_common, first_measure in zip(
            shapes["measures"],
            _firsts(shapes["common_names"].values()),
            _firsts(shapes["measures"].values()),
            strict=True,
        )
    }
    return {
        "kinds": [
            {"kind": kind, "first_theme": first, "theme_count": len(themes)}
            for (kind, themes), first in zip(shapes["kinds"].items(), _firsts(shapes["kinds"].values()), strict=True)
        ],
        "classes": [
            {
                "n": n,
                "class": row["class"],
                "level_1_code": str(row["level_1"][0]),
                "level_1_name": row["level_1"][1],
                "level_2_code": str(row["level_2"][0]),
                "level_2_name": row["level_2"][1],
                **names[row["class"]],
            }
            for n, row in enumerate(_by_share(shapes["classes"]))
        ],
        "forms": [
            {"class": name, "n": n, **placed[id(form)]}
            for name, forms in shapes["targets"].items()
            for n, form in enumerate(_by_share(forms))
        ],
        "issue_kinds": [{"n": n, **row} for n, row in enumerate(_by_share(shapes["issues"]))],
    }


def _forms(shapes: dict[str, Any]) -> list[dict[str, Any]]:
    return [form for forms in shapes["targets"].values() for form in forms]


def _firsts(lists: Iterable[Sized]) -> list[int]:
    """Where each of some lists begins, from 1, when they stand one after the other."""
    return list(accumulate((len(one) for one in lists), initial=1))[:-1]


def _by_share(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    spread = [row for row in rows for _ in range(row["share"])]
    assert len(spread) == 100, "shares are of a hundred"
    return spread


_READING = "document_id, $reader_version AS reader_version"
_IN_BATCH = "number BETWEEN getvariable('first_number') AND getvariable('last_number')"
_BODY_LINE = """
    view, layout, printed_in_10000(sum(yuan)) AS total_text, CAST(sum(yuan) AS DECIMAL(18, 2)) AS total_yuan,
    NULL AS project_total_text, NULL AS project_total_yuan, '万元' AS amount_unit, NULL AS goal_text,
    NULL AS project_goal_text, false AS is_confidential, false AS is_recognised
"""
_RECORDS = {
    "documents": f"""
        SELECT
            {_READING}, 'application/pdf' AS media_type,
            CASE WHEN status <> 'refused' THEN 'project_targets' END AS document_kind,
            CASE WHEN status <> 'refused' THEN name END AS publisher_name,
            CASE WHEN status <> 'refused' THEN format('{{}}年{{}}部门预算', year, name) END AS title,
            CASE WHEN status <> 'refused' THEN year END AS fiscal_year,
            CASE WHEN status <> 'refused' THEN 'title' END AS fiscal_year_basis,
            CASE WHEN status <> 'refused' THEN page(slots) + 4 END AS page_count,
            status, CASE WHEN status <> 'refused' THEN sha256(concat_ws('/', key, revision)) END AS content_fingerprint,
            'growth' AS batch_id, $read_at AS read_at
        FROM documents WHERE {_IN_BATCH}
    """,
    "lines": f"""
        SELECT
            {_READING}, project_line_id, 1 AS table_number, 1 + unit_count + slot AS line_number, view, layout,
            'project' AS level, project_name AS name, organization AS organization_name,
            printed_in_10000(yuan) AS total_text, yuan AS total_yuan,
            CASE WHEN draws < 0.15 THEN printed_in_10000(yuan * 3) END AS project_total_text,
            CASE WHEN draws < 0.15 THEN CAST(yuan * 3 AS DECIMAL(18, 2)) END AS project_total_yuan,
            '万元' AS amount_unit, CASE WHEN draws < 0.97 THEN goal END AS goal_text,
            CASE WHEN draws < 0.15 THEN goal END AS project_goal_text,
            draw(project_key, 'confidential') < 0.002 AS is_confidential, false AS is_recognised,
            page(slot) AS page_number, box(slot, 0) AS bbox, place(slot, 0) AS locator
        FROM (
            SELECT *, CASE WHEN layout = 'project_forms' THEN draw(project_key, 'prints') ELSE 0.5 END AS draws
            FROM batch_lines
        )
        UNION ALL BY NAME
        SELECT
            {_READING}, line_id(document_id, 1, 1) AS project_line_id, 1 AS table_number, 1 AS line_number,
            'total' AS level, '合计' AS name, NULL AS organization_name, {_BODY_LINE},
            8 AS page_number, box(0, 0) AS bbox, place(0, 0) AS locator
        FROM batch_lines WHERE layout <> 'project_forms' GROUP BY ALL
        UNION ALL BY NAME
        SELECT
            {_READING}, line_id(document_id, 1, 2 + unit) AS project_line_id, 1 AS table_number, 2 + unit AS line_number,
            'unit' AS level, any_value(organization) AS name, any_value(organization) AS organization_name, {_BODY_LINE},
            8 AS page_number, box(unit, 0) AS bbox, place(unit, 0) AS locator
        FROM batch_lines WHERE layout <> 'project_forms' GROUP BY document_id, unit, view, layout
    """,
    "funds": f"""
        SELECT
            {_READING}, project_line_id, fund_source, 'annual' AS period,
            printed_in_10000(amount_yuan) AS amount_text, amount_yuan, 'printed' AS allocation,
            CAST([] AS VARCHAR[]) AS candidates,
            page(slot) AS page_number, box(slot, 1) AS bbox, place(slot, 1) AS locator
        FROM (
            SELECT
                document_id, project_line_id, slot, unnest(sources) AS fund_source,
                unnest(list_transform(range(0, len(sources)), lambda i: CASE WHEN i = paid THEN yuan ELSE 0.00::DECIMAL(18, 2) END)) AS amount_yuan
            FROM (
                SELECT
                    *,
                    CASE layout
                        WHEN 'guangdong_table12' THEN ['一般公共预算', '政府性基金预算', '国有资本经营预算', '财政专户拨款', '其他资金']
                        WHEN 'guangdong_list' THEN ['财政拨款']
                        ELSE ['财政拨款', '其他资金']
                    END AS sources,
                    CASE WHEN draw(project_key, 'fund') < 0.8 THEN 0 ELSE CAST(project_key % len(sources) AS INTEGER) END AS paid
                FROM batch_lines
            )
        )
    """,
    "indicators": f"""
        SELECT
            {_READING}, project_line_id, position AS indicator_position,
            CASE WHEN level_style < 4 THEN CAST(position AS VARCHAR) END AS indicator_number,
            CASE WHEN level_style < 4 THEN level_1_code END AS level_1_code, level_1_name,
            CASE WHEN level_style < 4 THEN level_2_code END AS level_2_code,
            CASE
                WHEN level_style < 4 THEN level_2_name
                WHEN level_style < 8 THEN CASE WHEN level_2_name LIKE '%指标' THEN level_2_name ELSE level_2_name || '指标' END
            END AS level_2_name,
            CASE WHEN how > 0.98 THEN format('{{}}年', year) ELSE '' END || indicator_name AS name, NULL AS weight,
            NULL AS nature_text, NULL AS unit_text, NULL AS explanation_text, NULL AS prior_value_text,
            page(slot) AS page_number, box(slot, position) AS bbox, place(slot, position) AS locator
        FROM batch_indicators
    """,
    "targets": f"""
        WITH valued AS (
            SELECT
                *,
                replace(text, '{{}}', concat(value, CASE value_kind WHEN 'money' THEN '万元' ELSE unit END)) AS printed,
                CASE WHEN comparator IN ('qualitative', 'missing', 'deadline') THEN NULL
                    WHEN value_kind = 'money' THEN value * 10000 ELSE value END AS number
            FROM batch_indicators
        )
        SELECT
            {_READING}, project_line_id, position AS indicator_position, period,
            CASE comparator
                WHEN 'deadline' THEN format('{{}}年{{}}月底前', year, 6 + value_key % 7)
                WHEN 'qualitative' THEN word
                WHEN 'missing' THEN ''
                ELSE printed
            END AS target_text,
            1 AS component_number, NULL AS component_subject, comparator,
            CAST(number AS DECIMAL(38, 10)) AS target_value, NULL AS target_value_upper,
            CASE WHEN number IS NOT NULL THEN unit END AS unit, NULL AS per_unit,
            CASE comparator WHEN 'qualitative' THEN word END AS reference_text, NULL AS deadline_start,
            CASE comparator
                WHEN 'deadline' THEN last_day(make_date(CAST(year AS BIGINT), CAST(6 + value_key % 7 AS BIGINT), 1))
            END AS deadline_end
        FROM valued, (VALUES ('annual'), ('project')) AS periods(period)
        WHERE period = 'annual' OR layout = 'project_forms'
    """,
    "issues": f"""
        WITH found AS (
            SELECT document_id, project_line_id, page(slot) AS page_number, kinds.severity, kinds.code,
                format(kinds.message, slot) AS message, '请核对原文' AS what_to_do, box(slot, 0) AS bbox
            FROM batch_lines JOIN issue_kinds AS kinds ON hash(line_key, 'issue') % 100 = kinds.n
            WHERE draw(line_key, 'has issue') < 0.13
            UNION ALL
            SELECT document_id, NULL, 8, 'error', 'unbalanced_sum', '合计与各行之和不符', '请核对原文', NULL
            FROM documents WHERE {_IN_BATCH} AND status = 'partial'
            UNION ALL
            SELECT document_id, NULL, NULL, 'error', 'not_a_document', '无法读取', '请取得可读的文件', NULL
            FROM documents WHERE {_IN_BATCH} AND status = 'refused'
        )
        SELECT
            {_READING}, row_number() OVER (PARTITION BY document_id ORDER BY project_line_id, code) AS issue_number,
            project_line_id, severity, code, message, what_to_do, page_number, bbox
        FROM found
    """,
    "reconciliations": f"""
        WITH checks AS (
            SELECT
                document_id, project_line_id, organization AS organization_name, 'funds_to_line' AS check_name,
                unnest(CASE layout WHEN 'guangdong_table12' THEN ['total', '财政拨款'] ELSE ['total'] END) AS measure,
                yuan AS declared_yuan, 0 AS difference_yuan, 50 AS tolerance_yuan
            FROM batch_lines
            UNION ALL
            SELECT
                document_id, line_id(document_id, 1, 2 + unit), any_value(organization), 'projects_to_unit',
                unnest(['total', '财政拨款']), sum(yuan), CASE WHEN document_id[1] = '0' THEN 100 ELSE 0 END, 50 * count(*)
            FROM batch_lines WHERE layout <> 'project_forms' GROUP BY document_id, unit
            UNION ALL
            SELECT
                document_id, line_id(document_id, 1, 1), NULL, 'projects_to_total', 'total', sum(yuan),
                CASE WHEN status = 'partial' THEN 1000000 ELSE 0 END, 50 * count(*)
            FROM batch_lines WHERE layout <> 'project_forms' GROUP BY document_id, status
        )
        SELECT
            {_READING}, project_line_id, organization_name, check_name, measure,
            CAST(declared_yuan AS DECIMAL(18, 2)) AS declared_yuan,
            CAST(declared_yuan - difference_yuan AS DECIMAL(18, 2)) AS summed_yuan,
            CAST(difference_yuan AS DECIMAL(18, 2)) AS difference_yuan,
            CAST(tolerance_yuan AS DECIMAL(18, 2)) AS tolerance_yuan,
            CASE WHEN difference_yuan = 0 THEN 'balanced' WHEN difference_yuan <= tolerance_yuan THEN 'rounding' ELSE 'unbalanced' END
                AS status
        FROM checks
    """,
}
"""Record type → its rows of a batch."""
