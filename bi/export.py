"""What was changed in Superset → the definitions: ``python -m bi.export EXPORT.zip``, an export of our dashboards."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import yaml

from bi.bundle import base_parameters
from bi.definitions import DASHBOARDS, dashboards, uuid_of

# What Superset writes into a chart by itself, and what the bundle says elsewhere.
_SUPERSETS = {"viz_type", "datasource", "slice_id", "dashboards", "url_params", "extra_form_data", "annotation_layers"}


def exported(files: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Our dashboards as an export says them; what it does not hold stays as the definitions say."""
    contents = [yaml.safe_load(content) for name, content in files.items() if name.endswith(".yaml")]
    by_uuid = {content["uuid"]: content for content in contents if "uuid" in content}
    found = dashboards()
    for name, dashboard in found.items():
        for key, chart in dashboard["charts"].items():
            if said := by_uuid.get(uuid_of("chart", name, key)):
                chart["title"] = said["slice_name"]
                chart["kind"] = said["viz_type"]
                chart["parameters"] = _parameters(said["viz_type"], said["params"])
        if said := by_uuid.get(uuid_of("dashboard", name)):
            dashboard["title"] = said["dashboard_title"]
            dashboard["rows"] = _rows(name, dashboard, said["position"])
    return found


def _parameters(kind: str, said: dict[str, Any]) -> dict[str, Any]:
    """A chart's own parameters: what differs from those of its kind."""
    base = base_parameters(kind)
    return {key: value for key, value in said.items() if key not in _SUPERSETS and base.get(key, ...) != value}


def _rows(name: str, dashboard: dict[str, Any], position: dict[str, Any]) -> list[list[dict[str, Any]]]:
    """The rows of a grid below its heading."""
    keys = {uuid_of("chart", name, key): key for key in dashboard["charts"]}
    rows = []
    for row in position["GRID_ID"]["children"][1:]:
        metas = [position[part]["meta"] for part in position[row]["children"]]
        rows.append([_placed(meta, keys) for meta in metas])
    return rows


def _placed(meta: dict[str, Any], keys: dict[str, str]) -> dict[str, Any]:
    what = {"chart": keys[meta["uuid"]]} if "uuid" in meta else {"text": meta["code"]}
    return {**what, "width": meta["width"], "height": meta["height"]}


def main(path: Path) -> None:
    """Write what an export changes."""
    with ZipFile(path) as archive:
        files = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    before = dashboards()
    for name, dashboard in exported(files).items():
        if dashboard != before[name]:
            written = yaml.safe_dump(dashboard, allow_unicode=True, sort_keys=False, width=160, default_flow_style=None)
            (DASHBOARDS / f"{name}.yml").write_text(written, encoding="utf-8")
            print(f"bi/dashboards/{name}.yml")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
