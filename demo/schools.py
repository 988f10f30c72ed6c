"""Invents small bodies of the city, as many as asked for: the n-th publishes one table of its own, always the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from string import Template
from typing import Any

import yaml

from demo.city import Document, Indicator, Project, Unit, load_city

SCHOOLS = Path(__file__).parent / "schools.yml"

FORMATS = ("pdf", "xlsx", "pdf", "xlsx", "pdf", "pdf", "xlsx", "pdf", "txt", "pdf")
"""The format of the n-th body's file, over and over: most bureaux publish PDF."""

FEWEST_PROJECTS, MOST_PROJECTS = 3, 5
SMALLEST_NUMBER, LARGEST_NUMBER = 2, 90


@dataclass(frozen=True)
class _Template:
    """A project that any body may have: its money lies between two amounts in 万元."""

    name: str
    amounts: tuple[int, int]
    goal: Template
    indicators: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class _Schools:
    fiscal_year: int
    published: date
    title: Template
    body_label: str
    districts: Mapping[str, str]
    kinds: tuple[str, ...]
    projects: tuple[_Template, ...]


def school_file(number: int) -> str:
    """The name of the n-th body's file, from 1."""
    return f"school-{number:05d}.{FORMATS[number % len(FORMATS)]}"


def school_document(number: int, edition: int = 1) -> Document:
    """The n-th body's table, from 1; a later edition has the same projects with other money."""
    schools = _load()
    drawn = Random(number)
    district = drawn.choice(list(schools.districts))
    body = f"云泽市{district}第{number}{drawn.choice(schools.kinds)}"
    templates = drawn.sample(schools.projects, drawn.randint(FEWEST_PROJECTS, MOST_PROJECTS))
    projects = tuple(_project(template, drawn, edition) for template in templates)
    return Document(
        document_key=f"school-{number:05d}",
        title=schools.title.substitute(body=body, year=schools.fiscal_year),
        body_label=schools.body_label,
        publisher=body,
        region_id=schools.districts[district],
        fiscal_year=schools.fiscal_year,
        fiscal_year_basis="title",
        published_date=schools.published,
        grammar=str(schools.fiscal_year),
        formats=(FORMATS[number % len(FORMATS)],),
        total_row="合计",
        columns=load_city().columns,
        splits_rows=False,
        title_on_every_page=False,
        traits=("one of many",),
        units=(Unit(body, projects),),
    )


def _project(template: _Template, drawn: Random, edition: int) -> Project:
    smallest, largest = template.amounts
    amount = Decimal(drawn.randint(100 * smallest, 100 * largest)) / 100
    many = drawn.randint(SMALLEST_NUMBER, LARGEST_NUMBER)
    return Project(
        name=template.name,
        funds={"财政拨款": amount + edition - 1},
        goal=template.goal.substitute(many=many),
        indicators=tuple(_indicator(row, many) for row in template.indicators),
        recipient_region_id=None,
        transfer_reference=None,
        is_confidential=False,
        is_printed=True,
    )


def _indicator(row: tuple[str, ...], many: int) -> Indicator:
    code, name, *targets = (Template(text).substitute(many=many) for text in row)
    return Indicator(code, name, annual=targets[0], whole_period=targets[-1])


@cache
def _load() -> _Schools:
    data: dict[str, Any] = yaml.load(SCHOOLS.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    return _Schools(
        fiscal_year=int(data["fiscal_year"]),
        published=date.fromisoformat(data["published"]),
        title=Template(data["title"]),
        body_label=data["body_label"],
        districts=data["districts"],
        kinds=tuple(data["kinds"]),
        projects=tuple(
            _Template(
                name=entry["name"],
                amounts=(int(entry["amounts"][0]), int(entry["amounts"][1])),
                goal=Template(entry["goal"]),
                indicators=tuple(map(tuple, entry["indicators"])),
            )
            for entry in data["projects"]
        ),
    )
