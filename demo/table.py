"""Turns a document's units and projects into its printed lines: 合计, units and projects, seven texts each."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from demo.city import FUND_SOURCES, City, Document, Project
from demo.grammar import indicator_text

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """A row of the table. Amounts are texts in 万元; `depth` counts the steps of indentation."""

    level: str
    depth: int
    name: str
    total: str
    funds: Mapping[str, str]
    goal: str = ""
    indicators: str = ""
    project: Project | None = None

    @property
    def cells(self) -> tuple[str, ...]:
        """The seven texts of the row, empty where nothing is printed."""
        return (
            self.name,
            self.total,
            *(self.funds.get(source, "") for source in FUND_SOURCES),
            self.goal,
            self.indicators,
        )


def printed_lines(document: Document, city: City) -> tuple[Line, ...]:
    """The rows in order. Sums are taken before rounding and over every project, even one that is left off the page."""
    lines = []
    unit_depth = 0
    if document.total_row is not None:
        everything = [project for unit in document.units for project in unit.projects]
        lines.append(_sum_line("total", 0, document.total_row, everything))
        unit_depth = 1
    for unit in document.units:
        lines.append(_sum_line("unit", unit_depth, unit.name, unit.projects))
        for project in unit.projects:
            if project.is_printed:
                lines.append(_project_line(project, unit_depth + 1, document, city))
    return tuple(lines)


def _sum_line(level: str, depth: int, name: str, projects: Iterable[Project]) -> Line:
    sums: dict[str, Decimal] = {}
    for project in projects:
        for source, amount in project.funds.items():
            sums[source] = sums.get(source, Decimal()) + amount
    return Line(level, depth, name, _money_text(sum(sums.values(), Decimal())), _fund_texts(sums))


def _project_line(project: Project, depth: int, document: Document, city: City) -> Line:
    return Line(
        level="project",
        depth=depth,
        name=project.name,
        total=_money_text(sum(project.funds.values(), Decimal())),
        funds=_fund_texts(project.funds),
        goal=project.goal,
        indicators=indicator_text(project.indicators, document.grammar, city),
        project=project,
    )


def _fund_texts(funds: Mapping[str, Decimal]) -> dict[str, str]:
    return {source: _money_text(funds[source]) for source in FUND_SOURCES if source in funds}


def _money_text(amount: Decimal) -> str:
    return f"{amount.quantize(CENT, ROUND_HALF_UP):,}"
