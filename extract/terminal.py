"""A document → what ``jixiao read`` shows at a terminal: its table, funds, indicators and verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from threading import Timer

from rich.cells import cell_len
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.segment import Segments
from rich.table import Table
from rich.text import Text

from extract.records import Document, Line, Target

_SHARES = (3, 2, 6)  # of the width that is left: names, funds, indicators with their targets
_FRAME = 16  # rules and padding of five columns
_INDENT = {"total": "", "department": "", "unit": " ", "project": "  "}
_PATIENCE_SECONDS = 2.0
_SEGMENTS_AT_ONCE = 1_000  # some screens
_COLOURS = {"complete": "green", "partial": "yellow", "quarantined": "red", "refused": "red"}


def console_of_width() -> Console:
    """A console as wide as the terminal; where output goes elsewhere, wide enough for the tables."""
    console = Console()
    return console if console.is_terminal else Console(width=160)


@contextmanager
def pages_shown() -> Iterator[Callable[[int, int], None]]:
    """Show on standard error how many pages are read, if that is a terminal and it takes longer than two seconds."""
    console = Console(stderr=True)
    columns = TextColumn("Reading"), BarColumn(), MofNCompleteColumn(), TextColumn("pages"), TimeElapsedColumn()
    bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    task = bar.add_task("", total=None)
    patience = Timer(_PATIENCE_SECONDS, bar.start)
    patience.start()
    try:
        yield lambda done, total: bar.update(task, completed=done, total=total)
    finally:
        patience.cancel()
        patience.join()
        bar.stop()


def show_document(document: Document) -> None:
    """Print a document's lines with their money and targets, what was checked, and what to know."""
    console = console_of_width()
    console.print(f"[bold]{escape(document.title or document.document_id)}[/bold]")
    console.print(
        f"{document.publisher or 'unknown body'}, {document.fiscal_year or 'unknown year'}"
        f" ({document.fiscal_year_basis or 'nothing prints it'}), {document.page_count or '–'} pages,"
        f" {sum(line.level == 'project' for line in document.lines)} projects,"
        f" {sum(len(line.indicators) for line in document.lines)} indicators",
        highlight=False,
    )
    if document.lines:
        rows = console.render(_table(document, console.width))
        while some := list(islice(rows, _SEGMENTS_AT_ONCE)):  # the first rows show at once, not when all are laid out
            console.print(Segments(some), end="")
    _verdict(document, console)


def _table(document: Document, width: int) -> Table:
    """Widths are given and cells hold no markup: to measure and parse each of thousands takes longer than to print."""
    numbers = max(len(str(line.line_number)) for line in document.lines)
    amounts = max(cell_len(text) for text in (document.lines[0].amount_unit, *map(_total, document.lines)))
    part = max(1, (width - numbers - amounts - _FRAME) // sum(_SHARES))
    table = Table(header_style="bold", show_lines=True)
    table.add_column("#", justify="right", width=numbers)
    table.add_column("name", overflow="fold", width=_SHARES[0] * part)
    table.add_column(document.lines[0].amount_unit, justify="right", width=amounts)
    table.add_column("funds", overflow="fold", width=_SHARES[1] * part)
    table.add_column("indicators and targets", overflow="fold", width=_SHARES[2] * part)
    for line in document.lines:
        cells = (
            str(line.line_number),
            _INDENT[line.level] + line.name,
            _total(line),
            _funds(line),
            "\n".join(f"{i.name}: {_targets(i.targets)}" for i in line.indicators),
        )
        table.add_row(*map(Text, cells), style="bold" if line.level != "project" else None)
    return table


def _total(line: Line) -> str:
    return line.total_text or "–"


def _funds(line: Line) -> str:
    return "\n".join(
        f"{fund.fund_source} {fund.amount_text}"
        + ("" if fund.allocation == "printed" else f" ({' or '.join(fund.candidates) or fund.allocation})")
        for fund in line.funds
    )


def _targets(targets: tuple[Target, ...]) -> str:
    texts = dict.fromkeys(target.text or "(missing)" for target in targets)
    return " / ".join(texts)


def _verdict(document: Document, console: Console) -> None:
    sums = [r for r in document.reconciliations if r.check != "table_to_table"]
    if sums:
        held = [r for r in sums if r.status != "unbalanced"]
        console.print(f"{len(held)} of {len(sums)} printed sums hold", highlight=False)
    for issue in document.issues:
        if issue.code != "rounding":
            page = f" (page {issue.page_number})" if issue.page_number else ""
            console.print(f"{issue.severity}: {issue.message}{page}. {issue.what_to_do}", markup=False, highlight=False)
    console.print(f"Verdict: [bold {_COLOURS[document.status]}]{document.status}[/]")
