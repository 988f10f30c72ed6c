"""What the checks judge: everything that is known of a document once its tables are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from extract.coverage import Coverage
from extract.fiscal_year import FiscalYear
from extract.layouts.interpretation import Interpretation
from extract.records import Line, Page, Reconciliation


@dataclass(frozen=True, slots=True)
class Evidence:
    """The parts of a document: its pages, what layouts found in them, and what was concluded from it."""

    pages: Sequence[Page]
    texts: Sequence[str]
    """The lines around the tables, and the cells above them that stand for such lines."""
    found: Sequence[Interpretation]
    lines: Sequence[Line]
    reconciliations: Sequence[Reconciliation]
    year: FiscalYear | None
    publisher: str | None
    title: str | None = None
    coverage: Coverage | None = None
    outside: Sequence[tuple[str, str]] = ()
    """What is said of the document from outside: listing or file_name, and its text."""

    @property
    def known_pages(self) -> set[int]:
        """The pages (a text is page 1) of which layouts read lines, or said anything."""
        read = {part.page_number or 1 for line in self.lines for part in line.locator}
        return read | {issue.page_number for i in self.found for issue in i.issues if issue.page_number is not None}
