"""Landed records of as many project lines as asked for, as readers of real documents would leave them: facts only.

Their shapes are those of the published documents (``shapes.yml``), their names are composed: a body keeps projects over
years, projects keep indicators, indicators repeat over bodies, what a city gives its districts get, whole budgets tell
the money of lists again, and some documents have copies, cannot be read or do not add up. Everything follows from a
seed by hashes (``landed.sql``) and lands by the same functions as what is read. No document stands behind them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sized
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
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
        self._variables = {
            **_variables(shapes),
            "seed": seed,
            "lines": lines,
        }
        for name, value in self._variables.items():
            self._database.execute(f"SET VARIABLE {name} = $1", [value])
        for name, rows in _vocabulary(shapes).items():
            self._database.register("rows", pa.Table.from_pylist(rows))
            self._database.execute(f"CREATE TABLE {name} AS SELECT * FROM rows")
        self._database.execute(
            "CREATE TABLE seed_regions AS FROM read_csv($1, all_varchar=true)",
            [str(PROJECT / "dbt_project" / "seeds" / "regions.csv")],
        )
        once, self._batch, records = re.split(
            r"-- part (?:two|three).*\n", (HERE / "landed.sql").read_text(encoding="utf-8")
        )
        self._records = dict(part.split("\n", 1) for part in records.split("-- # ")[1:])
        self._database.execute(once)

    def land(self, house: House, *, late: bool = False) -> Landed:
        """Land all documents of the house, or those of the increment."""
        with ThreadPoolExecutor(os.cpu_count()) as workers:
            parts = list(workers.map(lambda batch: self._land_batch(house, *batch), self._batches(late)))
        for source_id, observations in self._observations(late):
            land_observations(source_id, observations, house)
        return Landed(*(sum(part[place] for part in parts) for place in range(3)))

    def _land_batch(self, house: House, first: int, last: int) -> tuple[int, int, int]:
        """Land the documents of these numbers; how many documents, project lines and targets those are."""
        with self._database.cursor() as cursor:
            for name, value in {**self._variables, "first_number": first, "last_number": last}.items():
                cursor.execute(f"SET VARIABLE {name} = $1", [value])
            cursor.execute(self._batch)
            tables = {name: _table(cursor, self._records[name], schema) for name, schema in SCHEMAS.items()}
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
            "SELECT 'growth-' || city_id AS source_id, url, name, year, document_id, revision, fetched_at"
            " FROM documents WHERE is_late = $1 ORDER BY source_id, number",
            [late],
        ).fetchall()
        sources: dict[str, list[Observation]] = {}
        for source_id, url, name, year, document_id, revision, fetched_at in rows:
            listing = Listing(source_id, url, f"{year}年{name}部门预算", fetched_at.date(), name, year)
            sources.setdefault(source_id, []).append(
                Observation(listing, "revised" if revision else "new", fetched_at, document_id)
            )
        yield from sources.items()


def _table(cursor: duckdb.DuckDBPyConnection, query: str, schema: pa.Schema) -> pa.Table:
    version = f"{READER_VERSION} AS reader_version"
    rows = cursor.execute(f"SELECT *, {version} FROM ({query.strip().rstrip(';')})").to_arrow_table()
    return rows.select(schema.names).cast(schema)


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
    first_units, first_words = (
        _firsts(form["units"] for form in forms),
        _firsts(form.get("words", ()) for form in forms),
    )
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
