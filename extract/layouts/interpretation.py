"""What layouts are given and give."""

from __future__ import annotations

from dataclasses import dataclass

from extract.records import Issue, Line


@dataclass(frozen=True, slots=True)
class Context:
    """What is known of a document before its tables are read."""

    publisher: str | None
    fiscal_year: int | None
    amount_unit: str | None


@dataclass(frozen=True, slots=True)
class Interpretation:
    """The lines of a layout's tables and what a reader of them should know."""

    lines: tuple[Line, ...]
    issues: tuple[Issue, ...]
