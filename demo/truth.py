"""Turns the city's documents into truth as JSON: what each file means, so that what is read can be compared with it."""

import json
from collections.abc import Iterable
from typing import Any

from demo.city import City, Document, Indicator
from demo.files import PublishedFile
from demo.grammar import level_names
from demo.sums import Difference, differences
from demo.table import Line, printed_lines


def truth(files: Iterable[PublishedFile], city: City) -> dict[str, Any]:
    """`regions` and `files`. Amounts are texts as printed or plain decimals, in the file's unit; absent is null."""
    return {
        "regions": [vars(region) for region in city.regions],
        "files": [file_truth(file, city) for file in files],
    }


def truth_json(files: Iterable[PublishedFile], city: City) -> bytes:
    """The truth as indented UTF-8 JSON."""
    return (json.dumps(truth(files, city), ensure_ascii=False, indent=1) + "\n").encode()


def file_truth(file: PublishedFile, city: City) -> dict[str, Any]:
    """What one file means: an entry of ``files``."""
    document = file.document
    lines = printed_lines(document, city)
    found = differences(lines)
    return {
        "file": file.name,
        "media_type": file.media_type,
        "content": document.document_key,
        "title": document.title,
        "publisher": document.publisher,
        "region_id": document.region_id,
        "published_date": document.published_date.isoformat(),
        "fiscal_year": document.fiscal_year,
        "fiscal_year_basis": document.fiscal_year_basis,
        "money_unit": city.money_unit,
        "traits": list(document.traits),
        "status": "partial" if any(difference.status == "unbalanced" for difference in found) else "complete",
        "differences": [_difference(difference, lines) for difference in found],
        "lines": [_line(number, line, document, city) for number, line in enumerate(lines, start=1)],
    }


def _difference(difference: Difference, lines: tuple[Line, ...]) -> dict[str, Any]:
    return {
        "check": difference.check,
        "line_number": difference.line_number,
        "name": lines[difference.line_number - 1].name.rstrip("："),
        "measure": difference.measure,
        "declared": str(difference.declared),
        "summed": str(difference.summed),
        "difference": str(difference.declared - difference.summed),
        "tolerance": str(difference.tolerance),
        "status": difference.status,
    }


def _line(number: int, line: Line, document: Document, city: City) -> dict[str, Any]:
    project = line.project
    return {
        "line_number": number,
        "level": line.level,
        "name": line.name.rstrip("："),
        "total_text": line.total,
        "funds": dict(line.funds),
        "goal": line.goal or None,
        "recipient_region_id": project.recipient_region_id if project else None,
        "transfer_reference": project.transfer_reference if project else None,
        "is_confidential": project.is_confidential if project else False,
        "indicators": [
            _indicator(position, indicator, document, city)
            for position, indicator in enumerate(project.indicators if project else (), start=1)
        ],
    }


def _indicator(number: int, indicator: Indicator, document: Document, city: City) -> dict[str, Any]:
    level_1, level_2 = level_names(indicator, city)
    targets = [{"period": "annual", "text": indicator.annual}]
    # The grammar of 2023 prints neither codes nor a target for the whole period.
    if level_2 is not None:
        targets.append({"period": "project", "text": indicator.whole_period})
    return {
        "number": str(number),
        "level_1_code": indicator.code[0] if level_2 is not None else None,
        "level_1": level_1,
        "level_2_code": indicator.code if level_2 is not None else None,
        "level_2": level_2,
        "name": indicator.name,
        "targets": targets,
    }
