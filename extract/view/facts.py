"""The published file → what the view shows: documents, the facts of one with their places, what words are found in.

Every question opens the file anew and only for itself: readers must see each release, and keep none from being
replaced. Values are always bound, and the connection reaches nothing but the file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb

from extract.settings import House
from extract.view.words import word

_DOCUMENTS_A_PAGE = 100
_MOST_FOUND = 200
_SIGNS = {">=": "≥", "<=": "≤", "~": "≈", "qualitative": "定性", "missing": "缺失"}
PERIODS = {"annual": "年度", "project": "实施周期"}


class NothingPublishedError(Exception):
    """There is no published file yet."""


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a fact that a reviewer may decide about: its column and component, the print, what readers get."""

    field: str
    component_number: int | None
    printed: str
    current: str

    @property
    def name(self) -> str:
        """What tells it from the other values of its fact."""
        return self.field if self.component_number is None else f"{self.field}:{self.component_number}"


@dataclass(frozen=True, slots=True)
class Fact:
    """A line, an amount, an indicator's target or an issue: what the view outlines, and says beside the page.

    ``key`` tells it from all others of its document; ``parts`` are its places as its locator has them.
    """

    key: str
    kind: str
    project_line_id: str | None
    title: str
    text: str
    detail: str = ""
    severity: str = ""
    parts: list[dict[str, Any]] = field(default_factory=list)
    values: tuple[Value, ...] = ()
    fund_source_id: str | None = None
    indicator_position: int | None = None
    period: str | None = None


def make_ready() -> None:
    """Bind a value: with the first one DuckDB imports pandas and pyarrow, which takes more than half a second."""
    with duckdb.connect() as memory:
        memory.execute("SELECT ?", [""])


@contextmanager
def published(house: House) -> Iterator[duckdb.DuckDBPyConnection]:
    """The published file, for one question.

    Raises:
        NothingPublishedError: there is none.
    """
    if not house.published.exists():
        raise NothingPublishedError
    # without a folder to put aside what memory does not hold, which would lie beside the file
    settings: dict[str, Any] = {"enable_external_access": False, "lock_configuration": True, "temp_directory": ""}
    with duckdb.connect(str(house.published), read_only=True, config=settings) as connection:
        yield connection


def documents(house: House, words: str, year: int | None, status: str | None, page: int) -> list[dict[str, Any]]:
    """A page (from 1) of a hundred documents whose title, body or place on the web holds the words, newest first."""
    condition = "contains(lower(concat_ws(' ', d.title, d.publisher_name, d.listing_title, d.url)), lower($words))"
    condition += " AND ($year IS NULL OR d.fiscal_year = $year) AND ($status IS NULL OR d.status = $status)"
    parameters = {"words": words, "year": year, "status": status}
    return _rows(
        house,
        f"""
        SELECT d.*, q.project_line_count, q.error_count, q.warning_count
        FROM marts.dim_documents AS d
        LEFT JOIN quality.qa_documents AS q USING (document_id)
        WHERE {condition}
        ORDER BY is_current DESC, first_fetched_at DESC, document_id
        LIMIT {_DOCUMENTS_A_PAGE} OFFSET {_DOCUMENTS_A_PAGE * (page - 1)}
        """,
        parameters,
    )


def document(house: House, document_id: str) -> dict[str, Any] | None:
    """A document, with the counts and reasons behind its status."""
    found = _rows(
        house,
        """
        SELECT d.*, q.project_line_count, q.indicator_count, q.error_count, q.warning_count, q.reasons
        FROM marts.dim_documents AS d
        LEFT JOIN quality.qa_documents AS q USING (document_id)
        WHERE d.document_id = $document_id
        """,
        {"document_id": document_id},
    )
    return found[0] if found else None


def found(house: House, words: str) -> list[dict[str, Any]]:
    """Project lines whose name, goal or indicators hold the words: those of current documents, the most money first."""
    return _rows(
        house,
        f"""
        WITH hits AS (
            SELECT
                project_line_id, NULL AS indicator_position, NULL AS period,
                'project_name' AS field, project_name AS said
            FROM marts.fct_project_budgets WHERE contains(lower(project_name), lower($words))
            UNION ALL
            SELECT project_line_id, NULL, NULL, 'goal_text', concat_ws(' ', goal_text, project_goal_text)
            FROM marts.fct_project_budgets
            WHERE contains(lower(concat_ws(' ', goal_text, project_goal_text)), lower($words))
            UNION ALL
            SELECT DISTINCT
                project_line_id, indicator_position, period, 'indicator', concat_ws(' ', indicator_name, target_text)
            FROM marts.fct_indicator_targets
            WHERE contains(lower(concat_ws(' ', indicator_name, target_text)), lower($words))
        )
        SELECT hits.*, b.document_id, b.project_name, b.fiscal_year, b.total_yuan, d.publisher_name
        FROM hits
        INNER JOIN marts.fct_project_budgets AS b USING (project_line_id)
        INNER JOIN marts.dim_documents AS d ON d.document_id = b.document_id AND d.is_current
        ORDER BY b.total_yuan DESC NULLS LAST, b.project_line_id, field, indicator_position, period
        LIMIT {_MOST_FOUND}
        """,
        {"words": words},
    )


def facts(house: House, document_id: str) -> list[Fact]:
    """Everything that the published file says of a document: lines, their money, their targets, and the issues."""
    with published(house) as connection:
        return [
            *_lines(connection, document_id),
            *_funds(connection, document_id),
            *_targets(connection, document_id),
            *_issues(connection, document_id),
        ]


def _lines(connection: duckdb.DuckDBPyConnection, document_id: str) -> Iterator[Fact]:
    for line in answers(
        connection,
        "FROM marts.fct_project_budgets WHERE document_id = ? ORDER BY table_number, line_number",
        document_id,
    ):
        goals = "\n".join(filter(None, (line["goal_text"], line["project_goal_text"])))
        values = [
            Value(f"{money}_yuan", None, line[f"{money}_text"], str(line[f"{money}_yuan"]))
            for money in ("total", "project_total")
            if line[f"{money}_text"]
        ]
        values += [
            Value(goal, None, line[goal], line[goal]) for goal in ("goal_text", "project_goal_text") if line[goal]
        ]
        yield Fact(
            key=f"line:{line['project_line_id']}",
            kind="line",
            project_line_id=line["project_line_id"],
            title=line["project_name"],
            text=f"{line['total_text'] or '—'} {line['amount_unit'] or ''}",
            detail=goals,
            parts=json.loads(line["locator"]),
            values=tuple(values),
        )


def _funds(connection: duckdb.DuckDBPyConnection, document_id: str) -> Iterator[Fact]:
    for fund in answers(
        connection,
        """
        FROM marts.fct_project_funds LEFT JOIN marts.dim_fund_sources USING (fund_source_id)
        WHERE document_id = ? ORDER BY project_line_id, fund_source_id, period
        """,
        document_id,
    ):
        yield Fact(
            key=f"fund:{fund['project_line_id']}:{fund['fund_source_id']}:{fund['period']}",
            kind="fund",
            project_line_id=fund["project_line_id"],
            title=f"{fund['name']}（{PERIODS[fund['period']]}）",
            text=fund["amount_text"],
            detail=f"{fund['amount_yuan']:,} 元"
            + ("" if fund["allocation"] == "printed" else f" · {fund['allocation']}"),
            parts=json.loads(fund["locator"]),
            values=(Value("amount_yuan", None, fund["amount_text"], str(fund["amount_yuan"])),),
            fund_source_id=fund["fund_source_id"],
            period=fund["period"],
        )


def _targets(connection: duckdb.DuckDBPyConnection, document_id: str) -> Iterator[Fact]:
    components = answers(
        connection,
        """
        FROM marts.fct_indicator_targets LEFT JOIN marts.dim_indicators USING (indicator_id)
        WHERE document_id = ? ORDER BY project_line_id, indicator_position, period, component_number
        """,
        document_id,
    )
    for (line_id, position, period), group in groupby(
        components, lambda one: (one["project_line_id"], one["indicator_position"], one["period"])
    ):
        targets = list(group)
        first = targets[0]
        name = " · ".join(filter(None, (first["level_2_name"], first["indicator_name"])))
        yield Fact(
            key=f"indicator:{line_id}:{position}:{period}",
            kind="indicator",
            project_line_id=line_id,
            title=f"{name}（{PERIODS[period]}）",
            text=first["target_text"] or "—",
            detail="\n".join(map(component_text, targets)),
            parts=json.loads(first["locator"]),
            values=tuple(
                Value(column, target["component_number"], target["target_text"], plain(target[column]))
                for target in targets
                for column in ("comparator", "target_value", "target_value_upper", "unit")
            ),
            indicator_position=position,
            period=period,
        )


def component_text(target: dict[str, Any]) -> str:
    """What was understood of a component: 参训人员 ≥ 120 人次."""
    upper, start = plain(target["target_value_upper"]), target["deadline_start"]
    said = (
        target["component_subject"],
        _SIGNS.get(target["comparator"], target["comparator"]),
        plain(target["target_value"]),
        f"– {upper}" if upper else "",
        target["unit"],
        f"/ {target['per_unit']}" if target["per_unit"] else "",
        target["reference_text"],
        f"{start} –" if start else "",
        target["deadline_end"],
    )
    return " ".join(str(part) for part in said if part)


def plain(value: object) -> str:
    """A value as text, numbers without zeros behind the last digit."""
    if isinstance(value, Decimal):
        text = f"{value:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    return "" if value is None else str(value)


def _issues(connection: duckdb.DuckDBPyConnection, document_id: str) -> Iterator[Fact]:
    for issue_id, line_id, severity, code, message, what_to_do, page, box in connection.execute(
        """
        SELECT
            issue_id, project_line_id, severity, code, message, what_to_do, page_number,
            CASE WHEN bbox.x0 IS NOT NULL THEN [bbox.x0, bbox.top, bbox.x1, bbox.bottom] END
        FROM quality.qa_issues WHERE document_id = ?
        ORDER BY list_position(['error', 'warning', 'info'], severity), page_number, issue_id
        """,
        [document_id],
    ).fetchall():
        part = {"page_number": page} | ({"bbox": box} if box else {})
        parts = [part] if page is not None else []
        title = f"{word('issue_code', code)}（{code}）"
        yield Fact(f"issue:{issue_id}", "issue", line_id, title, message, what_to_do, severity, parts)


def pages_of(fact: Fact) -> Sequence[int]:
    """The pages on which a fact stands."""
    return [part["page_number"] for part in fact.parts if "page_number" in part]


def answers(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: dict[str, Any] | str
) -> Iterator[dict[str, Any]]:
    """The rows of an answer, by the names of their columns."""
    answer = connection.execute(sql, [parameters] if isinstance(parameters, str) else parameters)
    names = [column[0] for column in answer.description or ()]
    yield from (dict(zip(names, row, strict=True)) for row in answer.fetchall())


def _rows(house: House, sql: str, parameters: dict[str, Any]) -> list[dict[str, Any]]:
    with published(house) as connection:
        return list(answers(connection, sql, parameters))
