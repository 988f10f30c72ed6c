"""Reads `city.yml` and `documents/*.yml` into frozen records: the invented city and what its bureaux publish."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import Template
from typing import Any

import yaml

HERE = Path(__file__).parent
FUND_SOURCES = ("财政拨款", "财政专户拨款", "其他资金")


@dataclass(frozen=True)
class Region:
    """An administrative division; ids have six digits and begin with 99, a province number assigned to no place."""

    region_id: str
    name: str
    level: str
    parent_region_id: str | None


@dataclass(frozen=True)
class Indicator:
    """What a project promises: `code` is that of level 2, or of level 1 where the grammar prints no codes."""

    code: str
    name: str
    annual: str
    whole_period: str


@dataclass(frozen=True)
class Project:
    """A project with its money in 万元, as exact as the bureau's books have it; the page may print fewer digits."""

    name: str
    funds: Mapping[str, Decimal]
    goal: str
    indicators: tuple[Indicator, ...]
    recipient_region_id: str | None
    transfer_reference: str | None
    is_confidential: bool
    is_printed: bool


@dataclass(frozen=True)
class Unit:
    """A body and its projects, in the order of the page."""

    name: str
    projects: tuple[Project, ...]


@dataclass(frozen=True)
class Document:
    """One table as a bureau publishes it, with what is odd about it on purpose in `traits`."""

    document_key: str
    title: str
    body_label: str
    publisher: str
    region_id: str
    fiscal_year: int
    fiscal_year_basis: str
    published_date: date
    grammar: str
    formats: tuple[str, ...]
    total_row: str | None
    columns: tuple[str, ...]
    splits_rows: bool
    title_on_every_page: bool
    traits: tuple[str, ...]
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class City:
    """The city with its divisions and documents; `mark` and `note` are how every document says that it is fiction."""

    mark: str
    note: str
    money_unit: str
    columns: tuple[str, ...]
    level_1_names: Mapping[str, str]
    level_2_names: Mapping[str, str]
    regions: tuple[Region, ...]
    documents: tuple[Document, ...]


@cache
def load_city() -> City:
    """Read the package's data; a key nobody reads raises KeyError, so a misspelt one cannot pass."""
    data = _read(HERE / "city.yml")
    regions = tuple(
        Region(entry.pop("id"), entry.pop("name"), entry.pop("level"), _last(entry, "parent"))
        for entry in data.pop("regions")
    )
    region_ids = {region.name: region.region_id for region in regions}
    columns = tuple(data.pop("columns"))
    documents = tuple(_document(path, columns, region_ids) for path in sorted((HERE / "documents").glob("*.yml")))
    return City(
        mark=data.pop("mark"),
        note=data.pop("note"),
        money_unit=data.pop("money_unit"),
        columns=columns,
        level_1_names=data.pop("level_1"),
        level_2_names=_last(data, "level_2"),
        regions=regions,
        documents=documents,
    )


def _read(path: Path) -> dict[str, Any]:
    # BaseLoader keeps every scalar as the text that stands there: 18.30, no and 2024 must not change on the way.
    content: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return content


def _last(mapping: dict[str, Any], key: str, default: Any = None) -> Any:
    value = mapping.pop(key, default)
    if mapping:
        raise KeyError(f"unknown keys: {', '.join(mapping)}")
    return value


def _document(path: Path, columns: tuple[str, ...], region_ids: Mapping[str, str]) -> Document:
    data = _read(path)
    total_row = data.pop("total_row", "合计")
    return Document(
        document_key=path.stem,
        title=data.pop("title"),
        body_label=data.pop("body_label"),
        publisher=data.pop("publisher"),
        region_id=data.pop("region"),
        fiscal_year=int(data.pop("fiscal_year")),
        fiscal_year_basis=data.pop("fiscal_year_basis"),
        published_date=date.fromisoformat(data.pop("published")),
        grammar=data.pop("grammar"),
        formats=tuple(data.pop("formats", ["pdf"])),
        total_row=None if total_row == "null" else total_row,
        columns=tuple(data.pop("columns", columns)),
        splits_rows=data.pop("split_rows", "false") == "true",
        title_on_every_page=data.pop("title_on_every_page", "false") == "true",
        traits=tuple(data.pop("traits")),
        units=tuple(_unit(entry, region_ids) for entry in _last(data, "units")),
    )


def _unit(entry: dict[str, Any], region_ids: Mapping[str, str]) -> Unit:
    name = entry.pop("name")
    projects = [project for data in _last(entry, "projects") for project in _projects(data, region_ids)]
    return Unit(name, tuple(projects))


def _projects(data: dict[str, Any], region_ids: Mapping[str, str]) -> list[Project]:
    """One project, or one for each district where the entry lists `districts` with an amount and a count."""
    name, goal, indicators = data.pop("name"), data.pop("goal"), data.pop("indicators")
    recipient, reference = data.pop("recipient", None), data.pop("transfer_reference", None)
    confidential, printed = data.pop("confidential", "false"), data.pop("printed", "true")

    def project(name: str, funds: Mapping[str, str], recipient: str | None, count: str) -> Project:
        return Project(
            name=name,
            funds={source: _money(funds[source]) for source in FUND_SOURCES if source in funds},
            goal=goal,
            indicators=tuple(_indicator(row, count) for row in indicators),
            recipient_region_id=recipient,
            transfer_reference=reference,
            is_confidential=confidential == "true",
            is_printed=printed == "true",
        )

    if "districts" in data:
        return [
            project(Template(name).substitute(district=district), {"财政拨款": amount}, region_ids[district], count)
            for district, (amount, count) in _last(data, "districts").items()
        ]
    return [project(name, _last(data, "funds"), recipient, "")]


def _indicator(row: list[str], count: str) -> Indicator:
    code, name, *targets = [Template(text).substitute(count=count) for text in row]
    return Indicator(code, name, annual=targets[0], whole_period=targets[-1])


def _money(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
