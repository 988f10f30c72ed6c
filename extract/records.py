"""The records handed from step to step: small frozen types, one file, no behaviour.

Geometry comes first (what readers give: pages, grids, cells), then meaning (what layouts give: lines, funds,
indicators, targets, issues, reconciliations), then collecting (listings, observations).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

# --- geometry: what a reader gives -------------------------------------------------------------------------------

BBox = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the top left corner of the page."""


@dataclass(frozen=True, slots=True)
class Part:
    """One place in a document, counted from 1: a box on a page, a range of lines of a text, or a range of cells.

    Cells stand in a ``sheet`` of a workbook, or in the ``table`` of that number in a document without pages.
    """

    page_number: int | None = None
    bbox: BBox | None = None
    first_line: int | None = None
    last_line: int | None = None
    sheet: str | None = None
    table: int | None = None
    row: int | None = None
    column: int | None = None
    last_row: int | None = None
    last_column: int | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a grid: its text (lines separated by "\\n", otherwise as printed) and where it stands."""

    text: str
    part: Part


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of one page: rows of cells by column; None where a merged neighbour covers the place.

    ``open_top`` and ``open_bottom`` say that the table has no rule there: its first or last row may go on on the
    page before or after.
    """

    rows: tuple[tuple[Cell | None, ...], ...]
    part: Part
    open_top: bool = False
    open_bottom: bool = False


@dataclass(frozen=True, slots=True)
class TextLine:
    """A line of text outside every grid of a page, or a line of a text file, as printed."""

    text: str
    part: Part


@dataclass(frozen=True, slots=True)
class Page:
    """A page: its grids from top to bottom, the lines around them, and characters that no cell owns.

    Formats without pages are laid out on some (``extract/readers/steps.py``): such a page is of a ``sheet``, or holds
    the ``table`` of that number; its boxes are rows and columns. ``hidden`` is what the document holds there and does
    not show, ``uncomputed`` the formulas that it shows without having their values.
    """

    page_number: int
    width: float
    height: float
    grids: tuple[Grid, ...] = ()
    lines: tuple[TextLine, ...] = ()
    orphans: tuple[TextLine, ...] = ()
    error: str | None = None
    issues: tuple[Issue, ...] = ()
    """What reading the page left open, for those who read a table from it."""
    certainty: float | None = None
    """Of a page that is a picture: how sure the least sure of its recognised characters is (0 to 1)."""
    sheet: str | None = None
    table: int | None = None
    hidden: tuple[TextLine, ...] = ()
    uncomputed: tuple[TextLine, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of a document's bytes: its pages, nothing of budgets; and what is broken in them."""

    media_type: str
    page_count: int | None
    pages: tuple[Page, ...]
    issues: tuple[Issue, ...] = ()


# --- meaning: what a layout gives --------------------------------------------------------------------------------

Severity = Literal["error", "warning", "info"]
Status = Literal["complete", "partial", "quarantined", "refused"]
Level = Literal["total", "department", "unit", "project"]
Period = Literal["annual", "project"]
Allocation = Literal["printed", "inferred", "unallocated"]
Comparator = Literal[">=", ">", "<=", "<", "=", "~", "between", "deadline", "qualitative", "missing"]


@dataclass(frozen=True, slots=True)
class TargetComponent:
    """One quantity, date or quality that a target text promises (the rules: docs/target-values.md)."""

    comparator: Comparator
    subject: str | None = None
    value: Decimal | None = None
    value_upper: Decimal | None = None
    unit: str | None = None
    per_unit: str | None = None
    reference: str | None = None
    deadline_start: date | None = None
    deadline_end: date | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What an indicator should reach in one period: the printed text and its components."""

    period: Period
    text: str
    components: tuple[TargetComponent, ...]


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator of a project line. ``position`` counts from 1 within the line; ``number`` is the printed one.

    The last four are the texts of cells beside the target, as printed: its nature (定量, 正向) or operator (≥), its
    unit, what it means, and what was reached the year before.
    """

    position: int
    number: str | None
    level_1_code: str | None
    level_1: str | None
    level_2_code: str | None
    level_2: str | None
    name: str
    weight: Decimal | None
    targets: tuple[Target, ...]
    locator: tuple[Part, ...]
    nature: str | None = None
    unit: str | None = None
    explanation: str | None = None
    prior_value: str | None = None


@dataclass(frozen=True, slots=True)
class Fund:
    """Money of one fund source in one period. Amounts are yuan; ``amount_text`` is what is printed."""

    fund_source: str
    period: Period
    amount_text: str
    amount_yuan: Decimal
    allocation: Allocation
    candidates: tuple[str, ...]
    locator: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class FundSubtotal:
    """What a line prints as the annual sum of some of its funds (财政拨款 of 一般公共预算 and others): a proof only."""

    fund_source: str
    summed: tuple[str, ...]
    amount_text: str
    amount_yuan: Decimal
    locator: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One printed line of a table of project targets, whatever its level. ``number`` (序号) is a proof only."""

    table_number: int
    line_number: int
    view: str
    layout: str
    level: Level
    name: str
    organization: str | None
    total_text: str | None
    total_yuan: Decimal | None
    project_total_text: str | None
    project_total_yuan: Decimal | None
    amount_unit: str
    funds: tuple[Fund, ...]
    goal: str | None
    project_goal: str | None
    indicators: tuple[Indicator, ...]
    is_confidential: bool
    locator: tuple[Part, ...]
    subtotals: tuple[FundSubtotal, ...] = ()
    number: str | None = None
    is_recognised: bool = False
    """Whether any of it stands on a page that is a picture, so that its text was recognised, not read."""
    transfer_heading: str | None = None
    """The heading of its table, where that says that the table is one of transfers."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A thing a reader of the data should know, and what to do about it."""

    severity: Severity
    code: str
    message: str
    what_to_do: str
    page_number: int | None = None
    table_number: int | None = None
    line_number: int | None = None
    bbox: BBox | None = None


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """A printed total held against the sum of what it claims to sum up.

    In ``table_to_table`` another table of the document prints the total: that is no line, so the numbers are None.
    ``measure`` is "total" (of the year), "project_total" (of the whole period) or a fund source (of the year).
    """

    check: Literal["funds_to_line", "projects_to_unit", "units_to_total", "projects_to_total", "table_to_table"]
    table_number: int | None
    line_number: int | None
    measure: str
    declared_yuan: Decimal
    summed_yuan: Decimal
    difference_yuan: Decimal
    tolerance_yuan: Decimal
    status: Literal["balanced", "rounding", "unbalanced"]


@dataclass(frozen=True, slots=True)
class Document:
    """Everything understood of one document: the end of reading, the start of landing."""

    document_id: str
    media_type: str
    document_kind: str | None
    publisher: str | None
    title: str | None
    fiscal_year: int | None
    fiscal_year_basis: str | None
    page_count: int | None
    status: Status
    reader_version: int
    lines: tuple[Line, ...] = ()
    issues: tuple[Issue, ...] = ()
    reconciliations: tuple[Reconciliation, ...] = ()


# --- collecting --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Listing:
    """A document that a source offers: where it is and what the source says about it."""

    source_id: str
    url: str
    title: str | None = None
    published_date: date | None = None
    publisher: str | None = None
    fiscal_year: int | None = None


Outcome = Literal["new", "unchanged", "duplicate", "revised", "gone", "blocked", "refused", "failed"]

GAVE_BYTES = frozenset({"new", "unchanged", "duplicate", "revised"})
"""The outcomes of attempts that gave a document: only these say what an address gives."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One attempt to fetch one listing, whatever came of it; tries again within it are told in ``message``.

    ``document_id`` is set exactly where the attempt gave bytes that are archived. ``media_type`` is what the bytes are,
    ``final_url`` the address that gave them, where that is another. A file that came in an archive (ZIP, RAR) names it
    as its ``container_document_id``.
    """

    listing: Listing
    outcome: Outcome
    observed_at: datetime
    document_id: str | None = None
    size_bytes: int | None = None
    message: str | None = None
    status_code: int | None = None
    media_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    duration_seconds: float | None = None
    container_document_id: str | None = None
    final_url: str | None = None


@dataclass(frozen=True, slots=True)
class Lists:
    """What the pages of a site said in one collection: how many documents are ``listed``, asked for or not.

    ``not_due`` counts the known documents that were not asked for, those that no list names any more among them.
    """

    listed: int
    not_due: int


@dataclass(frozen=True, slots=True)
class Known:
    """The document that an address gave last, as it was then listed. A failed attempt since then changes nothing."""

    listing: Listing
    document_id: str
    size_bytes: int | None = None
    media_type: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    container_document_id: str | None = None
    since: datetime | None = None
    """Since when these bytes stand there, as far as that is told."""
    asked_at: datetime | None = None
    gave_bytes: bool = True
    """Whether it gave a document when it was asked for last."""
    is_gone: bool = False
    """Whether it was gone when it was asked for last."""
