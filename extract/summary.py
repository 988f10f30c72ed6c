"""The published file → what a person should know after a run."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import duckdb
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from extract.folder import FOLDER
from extract.settings import House
from extract.terminal import console_of_width

_MOST_DOCUMENTS = 60
_MOST_COMPLAINTS = 6
_MOST_TROUBLES = 12

_DOCUMENTS = """
SELECT
    d.document_id, d.publisher_name, d.title, d.url, d.fiscal_year, d.page_count, d.status, d.same_content_as,
    q.project_line_count, q.indicator_count, q.total_yuan
FROM marts.dim_documents AS d INNER JOIN quality.qa_documents AS q USING (document_id)
ORDER BY d.publisher_name NULLS LAST, d.fiscal_year, d.url
"""
_SOURCES = """
SELECT
    source_id,
    count(*) FILTER (WHERE outcome IN ('new', 'revised')) AS new_count,
    count(*) FILTER (WHERE outcome IN ('unchanged', 'duplicate')) AS known_count,
    count(*) FILTER (WHERE outcome = 'gone') AS gone_count,
    count(*) FILTER (WHERE outcome IN ('blocked', 'refused', 'failed')) AS trouble_count
FROM quality.qa_observations WHERE observed_at >= ? GROUP BY source_id ORDER BY source_id
"""
_TROUBLES = """
SELECT source_id, url, outcome, message FROM quality.qa_observations
WHERE observed_at >= ? AND outcome IN ('blocked', 'refused', 'failed') ORDER BY source_id, url
"""
_COMPLAINTS = """
SELECT severity, code, message, page_number FROM quality.qa_issues
WHERE document_id = ? AND (severity = 'error' OR code IN ('unallocated_amount', 'inferred_year', 'inferred_unit'))
ORDER BY severity, page_number NULLS FIRST, message
"""
_SUMS = """
SELECT
    (SELECT count(*) FROM marts.dim_projects) AS projects,
    (SELECT count(*) FROM marts.fct_indicator_targets WHERE is_counted) AS targets,
    (SELECT coalesce(sum(total_yuan), 0) FROM marts.fct_project_budgets WHERE is_counted) AS counted_yuan
"""
_RELEASE = """
SELECT release_number, published_at, subject, added_count, revised_count, gone_count,
    added_yuan + revised_yuan - gone_yuan AS difference_yuan
FROM quality.qa_releases
WHERE release_number = (SELECT max(release_number) FROM quality.qa_releases)
    AND subject IN ('documents', 'project_lines', 'targets')
ORDER BY subject
"""
EXAMPLE_QUERY = """SELECT o.name AS body, b.fiscal_year, count(*) AS projects, sum(b.total_yuan) / 1e4 AS wan_yuan
FROM marts.fct_project_budgets AS b JOIN marts.dim_organizations AS o USING (organization_id)
WHERE b.is_counted GROUP BY ALL ORDER BY wan_yuan DESC LIMIT 5"""
"""A first question to the published file, shown with its answer at the end of a run."""


def show_summary(house: House, new_document_ids: Collection[str], since: datetime) -> None:
    """Print what sources gave since a moment, the documents of the published file with their verdicts, a first query,
    and where the file is."""
    console = console_of_width()
    if not house.published.exists():
        console.print("Nothing is published yet.")
        return
    with duckdb.connect(str(house.published), read_only=True) as published:
        _show_sources(published, since, console)
        documents = _rows(published, _DOCUMENTS)
        shown = [d for d in documents if d["document_id"] in new_document_ids] or documents
        console.print(_overview(shown[:_MOST_DOCUMENTS], new_document_ids))
        if len(shown) > _MOST_DOCUMENTS:
            console.print(f"… and {len(shown) - _MOST_DOCUMENTS} more; see quality.qa_documents.")
        for document in shown[:_MOST_DOCUMENTS]:
            _complain(document, _rows(published, _COMPLAINTS, [document["document_id"]]), console)
        sums = _rows(published, _SUMS)[0]
        console.print(
            f"\nPublished: {len(documents)} documents, {sums['projects']:,} projects, {sums['targets']:,} targets,"
            f" {_wan(sums['counted_yuan'])} 万元 (each project's money counted once)."
        )
        console.print(_of_release(_rows(published, _RELEASE), since), highlight=False)
        console.print(f"\n[bold]{escape(str(house.published))}[/bold]  (DuckDB; schemas marts, quality and history)")
        console.print(f"{escape(str(house.current))}  (the same as Parquet, described in datapackage.json)")
        console.print("Ask it, for example with jixiao query:\n", EXAMPLE_QUERY, sep="", markup=False, highlight=False)
        console.print(table_of(_rows(published, EXAMPLE_QUERY)))
    console.print("The cell behind a fact: jixiao show PROJECT_LINE_ID", highlight=False)


def _of_release(log: Sequence[dict[str, Any]], since: datetime) -> str:
    """What the newest release changed, or that there is none since a moment."""
    number, published_at = log[0]["release_number"], log[0]["published_at"]
    if published_at < since:
        return f"No new release: readers have release {number}, of {published_at:%Y-%m-%d %H:%M}."
    changes = [
        f"{row['subject'].replace('_', ' ')} +{row['added_count']:,}, revised {row['revised_count']:,},"
        f" gone {row['gone_count']:,}"
        for row in log
    ]
    [yuan] = [row["difference_yuan"] for row in log if row["difference_yuan"] is not None]
    return f"Release {number}: {'; '.join(changes)}; money {Decimal(yuan) / 10000:+,.2f} 万元."


def query(file: Path, sql: str) -> list[dict[str, Any]]:
    """The rows that a query of a published file gives, by column name.

    Raises:
        duckdb.Error: the query is wrong.
    """
    with duckdb.connect(str(file), read_only=True) as published:
        return _rows(published, sql)


def table_of(rows: Sequence[dict[str, Any]]) -> Table:
    """Rows as a table for a terminal."""
    table = Table(header_style="bold")
    for name in rows[0] if rows else ("no rows",):
        table.add_column(name, justify="right" if rows and isinstance(rows[0][name], int | float | Decimal) else "left")
    for row in rows:
        table.add_row(*(_shown(value) for value in row.values()))
    return table


def _rows(published: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | None = None) -> list[dict[str, Any]]:
    answer = published.execute(sql, parameters or [])
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row, strict=True)) for row in answer.fetchall()]


def _show_sources(published: duckdb.DuckDBPyConnection, since: datetime, console: Console) -> None:
    """What each source gave, and what it did not; nothing where the only source is a folder that gave everything."""
    sources = _rows(published, _SOURCES, [since])
    troubles = _rows(published, _TROUBLES, [since])
    if len(sources) < 2 and not troubles:
        return
    table = Table(title="Sources", header_style="bold", title_justify="left")
    table.add_column("source")
    for heading in ("new", "known", "gone", "not had"):
        table.add_column(heading, justify="right")
    for source in sources:
        table.add_row(*(escape(str(value)) for value in source.values()))
    console.print(table)
    for trouble in troubles[:_MOST_TROUBLES]:
        said = f"{trouble['outcome']}: {trouble['url']}: {trouble['message']}"
        console.print(f"  {said}", markup=False, highlight=False, soft_wrap=True)
    if len(troubles) > _MOST_TROUBLES:
        console.print(f"  … and {len(troubles) - _MOST_TROUBLES} more in quality.qa_observations")
    console.print()


def _overview(documents: Sequence[dict[str, Any]], new_document_ids: Collection[str]) -> Table:
    table = Table(title="Documents", header_style="bold", title_justify="left")
    table.add_column("")
    for heading in ("file", "publisher", "year"):
        table.add_column(heading, overflow="fold")
    for heading in ("pages", "projects", "indicators", "money 万元"):
        table.add_column(heading, justify="right")
    table.add_column("verdict")
    for document in documents:
        table.add_row(
            "*" if document["document_id"] in new_document_ids else "",
            escape(_name(document)),
            document["publisher_name"] or "–",
            str(document["fiscal_year"] or "–"),
            str(document["page_count"] or "–"),
            str(document["project_line_count"]),
            str(document["indicator_count"]),
            _wan(document["total_yuan"]),
            document["status"] + (" (a copy)" if document["same_content_as"] else ""),
        )
    table.caption = "* new in this run" if new_document_ids else None
    table.caption_justify = "left"
    return table


def _complain(document: dict[str, Any], issues: Sequence[dict[str, Any]], console: Console) -> None:
    if not issues:
        return
    console.print(f"\n[bold]{escape(_name(document))}[/bold]: {document['status']}")
    for issue in issues[:_MOST_COMPLAINTS]:
        page = f" (page {issue['page_number']})" if issue["page_number"] else ""
        console.print(f"  {issue['severity']}: {issue['message']}{page}", markup=False, highlight=False)
    if len(issues) > _MOST_COMPLAINTS:
        console.print(f"  … and {len(issues) - _MOST_COMPLAINTS} more in quality.qa_issues")


def _name(document: dict[str, Any]) -> str:
    """The last part of a document's address, as a person reads it."""
    name: str = (document["url"] or document["document_id"][:12]).rsplit("/", 1)[-1].removeprefix(FOLDER)
    return name if (document["url"] or "").startswith(FOLDER) else unquote(name)


def _wan(yuan: Decimal | None) -> str:
    return "–" if yuan is None else f"{Decimal(yuan) / 10000:,.2f}"


def _shown(value: object) -> str:
    if value is None:
        return "–"
    if isinstance(value, float | Decimal):
        return f"{value:,.2f}"
    return escape(str(value))
