"""The place of a fact or an issue → a picture of its page with the cell outlined; without pages, its place and text."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pdfplumber

from extract import archive
from extract.places import place_name
from extract.readers import read
from extract.readers.steps import rows_within
from extract.readers.survey import with_upright_page
from extract.readers.text import text_lines
from extract.records import Part
from extract.settings import House
from extract.sniff import decoded
from extract.tombstones import tombstone_of

_RESOLUTION_DPI = 144
_MARGIN_POINTS = 24.0
_CLEAR = (0, 0, 0, 0)


class NotShownError(Exception):
    """A fact has no picture; the message says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a fact or an issue stands: its document and the parts of its locator."""

    document_id: str
    parts: list[dict[str, Any]]


def place_of(
    project_line_id: str, house: House, indicator_position: int | None = None, fund: str | None = None
) -> Place:
    """The place of a project line, or of one of its indicators or funds, in the published file; or that of an issue.

    Raises:
        NotShownError: there is no such fact or issue, or the issue is one of a whole document.
    """
    table, condition, parameters = "fct_project_budgets", "", [project_line_id]
    if indicator_position is not None:
        table, condition = "fct_indicator_targets", "AND indicator_position = ?"
        parameters.append(str(indicator_position))
    elif fund is not None:
        table, condition = "fct_project_funds", "AND fund_source_id = ?"
        parameters.append(fund)
    if not house.published.exists():
        raise NotShownError("Nothing is published yet.")
    with duckdb.connect(str(house.published), read_only=True) as published:
        row = published.execute(
            f"SELECT document_id, locator FROM marts.{table} WHERE project_line_id = ? {condition} LIMIT 1", parameters
        ).fetchone()
        if row is not None:
            return Place(row[0], json.loads(row[1]))
        issue = published.execute(
            "SELECT document_id, page_number, [bbox.x0, bbox.top, bbox.x1, bbox.bottom] FROM quality.qa_issues"
            " WHERE issue_id = ?",
            [project_line_id],
        ).fetchone()
    if issue is None:
        raise NotShownError(f"marts.{table} holds no such fact of {project_line_id}, and no issue has this id.")
    document_id, page_number, bbox = issue
    if page_number is None:
        raise NotShownError(f"The issue is one of the whole document {document_id}.")
    return Place(document_id, [{"page_number": page_number} | ({} if None in bbox else {"bbox": bbox})])


def picture(place: Place, house: House, path: Path) -> None:
    """Cut the first part of a place out of its page as PNG, the cell outlined; the whole page where there is no cell.

    Raises:
        NotShownError: the document has no pages to picture, or its bytes are not to be had.
    """
    part = next((part for part in place.parts if "page_number" in part), None)
    try:
        archived = archive.content_of(place.document_id, house)
    except (FileNotFoundError, archive.DamagedError) as error:
        tombstone = tombstone_of(place.document_id, house)
        why = f"it was {tombstone}" if tombstone else str(error)
        raise NotShownError(f"The document {place.document_id} cannot be shown: {why}.") from error
    if part is None:
        raise NotShownError(_told(place, archived))
    content = with_upright_page(archived, part["page_number"])
    with pdfplumber.open(io.BytesIO(content)) as document:
        page = document.pages[part["page_number"] - 1]
        if "bbox" not in part:
            page.to_image(resolution=_RESOLUTION_DPI, antialias=True).save(str(path), format="PNG", quantize=False)
            return
        # places are counted from the crop box, which viewers show; pdfplumber counts from the media box
        x0, top, x1, bottom = (edge + page.cropbox[index % 2] for index, edge in enumerate(part["bbox"]))
        around = (
            max(page.bbox[0], x0 - _MARGIN_POINTS),
            max(page.bbox[1], top - _MARGIN_POINTS),
            min(page.bbox[2], x1 + _MARGIN_POINTS),
            min(page.bbox[3], bottom + _MARGIN_POINTS),
        )
        image = page.crop(around).to_image(resolution=_RESOLUTION_DPI, antialias=True)
        image.draw_rect((x0, top, x1, bottom), fill=_CLEAR, stroke="red", stroke_width=3)
        image.save(str(path), format="PNG", quantize=False)


def _told(place: Place, content: bytes) -> str:
    """Where a fact stands in a document without pages, and what is printed there."""
    part = place.parts[0] if place.parts else {}
    if "first_line" in part:
        lines = text_lines(decoded(content) or "")[part["first_line"] - 1 : part["last_line"]]
        where = f"The document is text; the fact stands in lines {part['first_line']}–{part['last_line']}:"
        return "\n".join([where, *lines])
    cells = Part(**{name: value for name, value in part.items() if name != "bbox"})
    pages = [page for page in read(content).pages if (page.sheet, page.table) == (cells.sheet, cells.table)]
    rows = (row for page in pages for row in rows_within(page, cells))
    where = f"The document has no pages to picture; the fact stands in {place_name(cells)}:"
    return "\n".join([where, *(" | ".join(row) for row in rows)])
