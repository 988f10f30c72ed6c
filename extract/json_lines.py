"""A document → one JSON object per line: its printed lines, last the document itself. Absent values are null."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from extract.records import Document, Fund, Indicator, Line, Part, TargetComponent


def json_lines(document: Document) -> Iterator[str]:
    """Every printed line and then the document, as the interface of ``jixiao read --json`` fixes them."""
    for line in document.lines:
        yield dumped(_line(line))
    yield dumped(_document(document))


def dumped(value: object) -> str:
    """JSON on one line, Chinese as it is; decimals as strings in plain notation, dates in ISO 8601."""
    return json.dumps(value, ensure_ascii=False, default=_plain)


def component_dict(component: TargetComponent) -> dict[str, Any]:
    """A component of a target as JSON carries it."""
    return {
        "subject": component.subject,
        "comparator": component.comparator,
        "value": component.value,
        "value_upper": component.value_upper,
        "unit": component.unit,
        "per_unit": component.per_unit,
        "reference": component.reference,
        "deadline_start": component.deadline_start,
        "deadline_end": component.deadline_end,
    }


def part_dict(part: Part) -> dict[str, object]:
    """One part of a place without what it does not have; boxes rounded to hundredths of a point."""
    place: dict[str, object] = {}
    if part.page_number is not None:
        place["page_number"] = part.page_number
    if part.bbox is not None:
        place["bbox"] = [round(edge, 2) for edge in part.bbox]
    if part.first_line is not None:
        place["first_line"] = part.first_line
        place["last_line"] = part.last_line
    for name in ("sheet", "table", "row", "column", "last_row", "last_column"):
        if (value := getattr(part, name)) is not None:
            place[name] = value
    return place


def _plain(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON")


def _line(line: Line) -> dict[str, Any]:
    return {
        "kind": "line",
        "table_number": line.table_number,
        "line_number": line.line_number,
        "view": line.view,
        "layout": line.layout,
        "level": line.level,
        "name": line.name,
        "organization": line.organization,
        "total_text": line.total_text,
        "total_yuan": line.total_yuan,
        "project_total_text": line.project_total_text,
        "project_total_yuan": line.project_total_yuan,
        "funds": [_fund(fund) for fund in line.funds],
        "goal": line.goal,
        "project_goal": line.project_goal,
        "indicators": [_indicator(indicator) for indicator in line.indicators],
        "is_recognised": line.is_recognised,
        **_place(line.locator),
    }


def _fund(fund: Fund) -> dict[str, Any]:
    return {
        "fund_source": fund.fund_source,
        "period": fund.period,
        "amount_text": fund.amount_text,
        "amount_yuan": fund.amount_yuan,
        "allocation": fund.allocation,
        "candidates": list(fund.candidates),
    }


def _indicator(indicator: Indicator) -> dict[str, Any]:
    return {
        "position": indicator.position,
        "number": indicator.number,
        "level_1_code": indicator.level_1_code,
        "level_1": indicator.level_1,
        "level_2_code": indicator.level_2_code,
        "level_2": indicator.level_2,
        "name": indicator.name,
        "weight": indicator.weight,
        "targets": [
            {
                "period": target.period,
                "text": target.text,
                "components": [component_dict(component) for component in target.components],
            }
            for target in indicator.targets
        ],
        "nature": indicator.nature,
        "unit": indicator.unit,
        "explanation": indicator.explanation,
        "prior_value": indicator.prior_value,
    }


def _place(locator: tuple[Part, ...]) -> dict[str, Any]:
    parts = [part_dict(part) for part in locator]
    first = parts[0] if parts else {}
    return {"page_number": first.get("page_number"), "bbox": first.get("bbox"), "locator": parts}


def _document(document: Document) -> dict[str, Any]:
    return {
        "kind": "document",
        "document_id": document.document_id,
        "publisher": document.publisher,
        "title": document.title,
        "fiscal_year": document.fiscal_year,
        "fiscal_year_basis": document.fiscal_year_basis,
        "page_count": document.page_count,
        "status": document.status,
        "reader_version": document.reader_version,
        "issues": [
            {
                "severity": issue.severity,
                "code": issue.code,
                "message": issue.message,
                "what_to_do": issue.what_to_do,
                "page_number": issue.page_number,
                "line_number": issue.line_number,
            }
            for issue in document.issues
        ],
        "reconciliations": [
            {
                "check": held.check,
                "line_number": held.line_number,
                "measure": held.measure,
                "declared_yuan": held.declared_yuan,
                "summed_yuan": held.summed_yuan,
                "difference_yuan": held.difference_yuan,
                "tolerance_yuan": held.tolerance_yuan,
                "status": held.status,
            }
            for held in document.reconciliations
        ],
    }
