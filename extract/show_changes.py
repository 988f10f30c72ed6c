"""What would change of a document that was read again → a table for a person, JSON lines for a program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from rich.markup import escape
from rich.table import Table

from extract.json_lines import dumped
from extract.reparse import Change, Reparsed
from extract.terminal import console_of_width


def json_changes(reparsed: Reparsed) -> Iterator[str]:
    """One JSON object per change, then one for the document; decimals are strings, absent values null."""
    document_id = reparsed.document.document_id
    for change in reparsed.changes:
        told = asdict(change)
        yield dumped({"kind": "change", "document_id": document_id, "change": told.pop("kind"), **told})
    yield dumped(
        {
            "kind": "document",
            "document_id": document_id,
            "file_name": reparsed.file_name,
            "landed_reader_version": reparsed.landed_version,
            "reader_version": reparsed.document.reader_version,
            "change_count": len(reparsed.changes),
        }
    )


def show_changes(reparsed: Reparsed) -> None:
    """Print what would change of a document, row by row."""
    console = console_of_width()
    versions = f"reader {reparsed.landed_version} → {reparsed.document.reader_version}"
    count = len(reparsed.changes)
    console.print(
        f"[bold]{escape(reparsed.file_name)}[/bold] {reparsed.document.document_id[:12]}, {versions}:"
        f" {count or 'nothing'} would change",
        highlight=False,
    )
    if count:
        console.print(_table(reparsed.changes))


def _table(changes: tuple[Change, ...]) -> Table:
    table = Table(header_style="bold", show_lines=True)
    table.add_column("line", justify="right")
    for heading, ratio in {"name": 3, "what": 2, "field": 2, "before": 3, "after": 3}.items():
        table.add_column(heading, ratio=ratio, overflow="fold")
    for change in changes:
        table.add_row(
            "" if change.line_number is None else f"{change.table_number}.{change.line_number}",
            escape(change.line_name or ""),
            escape(f"{change.record} {change.item}".strip()),
            change.field or change.kind,
            _shown(change.before, change),
            _shown(change.after, change),
        )
    return table


def _shown(value: Any, change: Change) -> str:
    if value is None:
        return "" if change.kind != "changed" else "–"
    return escape(str(value))
