"""The definitions and the published file → files of Superset's import format, the same for the same input.

Labels and descriptions of columns are the comments of the published file, which dbt writes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import yaml

from bi.definitions import dashboards, datasets, defaults, uuid_of, words
from bi.sql import expanded, without_tags

DATABASE = "绩效"
_CHINESE = re.compile(r"[一-鿿]")
_COMMENTS = """
SELECT schema_name || '.' || table_name || '.' || column_name, comment FROM duckdb_columns()
WHERE NOT internal AND comment IS NOT NULL
"""


def bundle(published: Path, view_url: str | None) -> dict[str, str]:
    """File name → content, with Superset's ``metadata.yaml`` among them.

    Raises:
        duckdb.Error: the published file lacks what a dataset asks for.
        LookupError: a column has no label.
    """
    with duckdb.connect(str(published), read_only=True) as reader:
        comments: dict[str, str] = dict(reader.execute(_COMMENTS).fetchall())
        tables = [
            _dataset(name, definition, _columns(reader, definition, view_url), comments, view_url)
            for name, definition in datasets().items()
        ]
    files: dict[str, Any] = {
        "metadata.yaml": {"version": "1.0.0", "type": "assets", "timestamp": "2026-01-01T00:00:00+00:00"},
        "databases/jixiao.yaml": _database(published),
    }
    for table in tables:
        files[f"datasets/jixiao/{table['table_name']}.yaml"] = table
    for name, dashboard in dashboards().items():
        for key, chart in dashboard["charts"].items():
            files[f"charts/{name}_{key}.yaml"] = _chart(name, key, chart)
        files[f"dashboards/{name}.yaml"] = _dashboard(name, dashboard)
    return {
        f"jixiao/{name}": yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        for name, content in files.items()
    }


def _database(published: Path) -> dict[str, Any]:
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": f"duckdb:///{published}",
        "expose_in_sqllab": True,
        "allow_run_async": False,
        "allow_ctas": False,
        "allow_cvas": False,
        "allow_dml": False,
        "allow_file_upload": False,
        "extra": {"allows_virtual_table_explore": True},
        "uuid": uuid_of("database"),
        "version": "1.0.0",
    }


def _columns(
    reader: duckdb.DuckDBPyConnection, definition: dict[str, Any], view_url: str | None
) -> list[tuple[str, str]]:
    described = reader.execute(f"DESCRIBE {expanded(definition['sql'], view_url)}").fetchall()
    return [(str(name), str(kind)) for name, kind, *_ in described]


def _dataset(
    name: str,
    definition: dict[str, Any],
    columns: list[tuple[str, str]],
    comments: dict[str, str],
    view_url: str | None,
) -> dict[str, Any]:
    shown = ", ".join(
        f"{without_tags(column)} AS {column}" if kind == "VARCHAR" and column != "cell" else column
        for column, kind in columns
    )
    sql = expanded(definition["sql"], view_url).strip()
    return {
        "table_name": definition["title"],
        "schema": None,
        "description": definition["description"],
        "sql": f"SELECT {shown}\nFROM (\n{sql}\n) AS {name}",
        "filter_select_enabled": True,
        "normalize_columns": False,
        "always_filter_main_dttm": False,
        "metrics": [
            {
                "metric_name": metric,
                "verbose_name": said["label"],
                "expression": said["sql"],
                "d3format": said.get("format"),
                "metric_type": None,
            }
            for metric, said in definition["metrics"].items()
        ],
        "columns": [
            {
                "column_name": column,
                **_said(column, definition, comments),
                "type": kind,
                "is_active": True,
                "groupby": True,
                "filterable": True,
                "is_dttm": False,
            }
            for column, kind in columns
        ],
        "uuid": uuid_of("dataset", name),
        "database_uuid": uuid_of("database"),
        "version": "1.0.0",
    }


def _said(column: str, definition: dict[str, Any], comments: dict[str, str]) -> dict[str, str]:
    """A column's label and description: its own, or the comment of the column that it is."""
    own = definition.get("columns", {}).get(column)
    if own and "." not in own:
        return {"verbose_name": own, "description": own}
    places = [own] if own else [f"{table}.{column}" for table in definition["tables"]]
    comment = next((comments[place] for place in places if place in comments), None)
    if comment is None:
        raise LookupError(f"{column} of {definition['title']} has neither a label nor a comment")
    return {"verbose_name": words()["labels"].get(column) or label_of(comment), "description": comment}


def label_of(comment: str) -> str:
    """The label in a comment: its Chinese up to the first mark."""
    chinese = comment.strip().splitlines()[-1]
    start = _CHINESE.search(chinese)
    if start is None:
        raise LookupError(f"no Chinese in the comment {comment!r}")
    return re.split(r"[；：，。（、]", chinese[start.start() :], maxsplit=1)[0]


def _chart(dashboard: str, key: str, chart: dict[str, Any]) -> dict[str, Any]:
    return {
        "slice_name": chart["title"],
        "description": chart.get("description"),
        "viz_type": chart["kind"],
        "params": {**base_parameters(chart["kind"]), **chart["parameters"], "viz_type": chart["kind"]},
        "query_context": None,
        "cache_timeout": None,
        "uuid": uuid_of("chart", dashboard, key),
        "version": "1.0.0",
        "dataset_uuid": uuid_of("dataset", chart["dataset"]),
    }


def base_parameters(kind: str) -> dict[str, Any]:
    """What every chart of a kind begins with."""
    said = defaults()["charts"]
    return {**said["all"], **said.get(kind, {})}


def _dashboard(name: str, dashboard: dict[str, Any]) -> dict[str, Any]:
    return {
        "dashboard_title": dashboard["title"],
        "description": dashboard["description"],
        "slug": name,
        "css": defaults()["css"],
        "published": True,
        "uuid": uuid_of("dashboard", name),
        "position": _position(name, dashboard),
        "metadata": {
            "native_filter_configuration": list(_filters(dashboard)),
            "filter_bar_orientation": "HORIZONTAL",
            "cross_filters_enabled": True,
            "color_scheme": "supersetColors",
            "refresh_frequency": 0,
            "timed_refresh_immune_slices": [],
            "expanded_slices": {},
            "label_colors": defaults()["label_colors"],
            "shared_label_colors": [],
        },
        "version": "1.0.0",
    }


def _filters(dashboard: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for column, label in defaults()["filters"].items():
        yield {
            "id": f"NATIVE_FILTER-{column}",
            "name": label,
            "filterType": "filter_select",
            "type": "NATIVE_FILTER",
            "description": "",
            "targets": [{"datasetUuid": uuid_of("dataset", dashboard["filters_from"]), "column": {"name": column}}],
            "defaultDataMask": {"extraFormData": {}, "filterState": {}, "ownState": {}},
            "controlValues": {
                "enableEmptyFilter": False,
                "defaultToFirstItem": False,
                "multiSelect": True,
                "searchAllOptions": False,
                "inverseSelection": False,
                "sortAscending": column != "fiscal_year",
            },
            "cascadeParentIds": [],
            "scope": {"rootPath": ["ROOT_ID"], "excluded": []},
        }


def _position(name: str, dashboard: dict[str, Any]) -> dict[str, Any]:
    """The grid: rows of charts and texts, twelve columns wide, heights in steps of eight pixels."""
    rows = [
        [{"text": heading(name, dashboard), "width": 12, "height": dashboard["heading_height"]}],
        *dashboard["rows"],
    ]
    position: dict[str, Any] = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"id": "ROOT_ID", "type": "ROOT", "children": ["GRID_ID"]},
        "HEADER_ID": {"id": "HEADER_ID", "type": "HEADER", "meta": {"text": dashboard["title"]}},
        "GRID_ID": {
            "id": "GRID_ID",
            "type": "GRID",
            "parents": ["ROOT_ID"],
            "children": [f"ROW-{number}" for number in range(len(rows))],
        },
    }
    for number, row in enumerate(rows):
        row_id = f"ROW-{number}"
        parents = ["ROOT_ID", "GRID_ID", row_id]
        parts = [_part(name, dashboard, part, f"{number}-{place}") for place, part in enumerate(row)]
        position[row_id] = {
            "id": row_id,
            "type": "ROW",
            "parents": parents[:-1],
            "children": [part["id"] for part in parts],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
        for part in parts:
            position[part["id"]] = {**part, "parents": parents, "children": []}
    return position


def _part(name: str, dashboard: dict[str, Any], part: dict[str, Any], place: str) -> dict[str, Any]:
    size = {"width": part["width"], "height": part["height"]}
    if "text" in part:
        return {"id": f"MARKDOWN-{place}", "type": "MARKDOWN", "meta": {**size, "code": part["text"]}}
    key = part["chart"]
    return {
        "id": f"CHART-{key}",
        "type": "CHART",
        "meta": {
            **size,
            "chartId": 0,  # the import puts its own
            "uuid": uuid_of("chart", name, key),
            "sliceName": dashboard["charts"][key]["title"],
        },
    }


def heading(name: str, dashboard: dict[str, Any]) -> str:
    """The text on top of a dashboard: the ways to the others, and what to know of this one."""
    ways = " ｜ ".join(
        f"**{other['title']}**" if slug == name else f"[{other['title']}](/superset/dashboard/{slug}/)"
        for slug, other in dashboards().items()
    )
    return f"{ways}\n\n{dashboard['heading'].strip()}"


def fingerprint(files: dict[str, str], others: Iterable[str]) -> str:
    """What tells one bundle from another, and what else decides whether Superset is ready."""
    return hashlib.sha256(json.dumps([files, list(others)], ensure_ascii=False).encode()).hexdigest()
