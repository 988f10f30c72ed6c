"""Goldens: what a person saw on the pages of a published document, keyed by the document's sha256.

A golden (``tests/examples/*.json``) holds facts only. Of the document: ``file`` (its place below JIXIAO_DOCUMENTS),
``kind`` (ruled PDF, PDF without rules, PDF of pictures, text, not a document), the printed ``unit`` of money, and, as
far as they were looked at, ``title``, ``publisher``, ``fiscal_year``, ``fiscal_year_basis``, ``status``. ``tables``
counts the whole document per layout: first and last page, lines per level, indicators, sums. ``lines`` are those that
were read by eye; ``whole_pages`` names the pages of which all lines are given, so that a line too many shows.

Of a line and of an indicator, what is not given was not looked at, but an indicator's number, codes, levels and weight:
what is not given there is not printed. ``annual`` and ``project`` are the targets of the year and of the whole period,
``component`` is comparator, value, unit and reference of the annual one. ``…`` in a goal stands for text left out.

Instead of ``lines``, ``truth`` names a file of JIXIAO_DOCUMENTS that says what every cell of a typeset table holds.
``misprints`` are what a text prints instead (in some lines, or in all); ``width_is_lost`` says that it keeps neither
the width of signs nor spaces.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from extract.records import Document, Indicator, Line

EXAMPLES = Path(__file__).resolve().parent.parent / "tests" / "examples"
DOCUMENT_FACTS = ("title", "publisher", "fiscal_year", "fiscal_year_basis", "status")
FOLDERS = ("pdf", "typeset", "seeds")

Facts = dict[str, Any]
"""What is known of a table, a line or an indicator, by name; the same shape for what is expected and what was read."""

_FUNDS = {"fiscal": "财政拨款", "special": "财政专户拨款", "other": "其他资金"}
_LEVELS = {0: "total", 1: "unit", 2: "project"}
_GRAMMARS = (
    re.compile(
        r"(?P<number>\d+)、(?P<level_1_code>\d)-(?P<level_1>[^；]+)；(?P<level_2_code>\d\d)-(?P<level_2>[^；]+)；"
        r"(?P<name>.+?)；实施周期指标值[：:](?P<project>.*?)；年度指标值[：:](?P<annual>.*?)。(?=\d+、\d-|$)"
    ),
    re.compile(
        r"(?P<number>\d+)、(?P<level_1>[^：:]+?指标)[：:](?P<name>.+?)"
        r"(?:[，,]年度指标值[：:](?P<annual>.*?)。|(?P<cut>$))(?=\d+、|$)"
    ),
)


class DocumentsNotAtHandError(Exception):
    """JIXIAO_DOCUMENTS names no folder: there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Golden:
    """What is expected of one document; see the module for the names in ``facts``, ``tables`` and ``lines``."""

    sha256: str
    file: str
    kind: str
    facts: Facts
    tables: tuple[Facts, ...]
    lines: tuple[Facts, ...]
    whole_pages: frozenset[int | None]
    width_is_lost: bool
    is_reviewed: bool

    @property
    def name(self) -> str:
        """The document's file name without its ending."""
        return Path(self.file).stem


def documents_folder() -> Path:
    """The folder of published documents.

    Raises:
        DocumentsNotAtHandError: JIXIAO_DOCUMENTS is not set, or names no folder.
    """
    folder = Path(os.environ.get("JIXIAO_DOCUMENTS") or "JIXIAO_DOCUMENTS is not set")
    if not folder.is_dir():
        raise DocumentsNotAtHandError(f"JIXIAO_DOCUMENTS must name the folder of published documents ({folder})")
    return folder


def documents(folder: Path) -> Iterator[Path]:
    """Every published document of the folder, whether a golden speaks of it or not."""
    for part in FOLDERS:
        yield from sorted(path for path in (folder / part).iterdir() if path.suffix in (".pdf", ".txt"))


def goldens(folder: Path | None = None) -> list[Golden]:
    """All goldens; those that rest on a truth file have lines only where ``folder`` holds it."""
    return [golden_of(json.loads(path.read_text(encoding="utf-8")), folder) for path in sorted(EXAMPLES.glob("*.json"))]


def content_of(golden: Golden, folder: Path) -> bytes:
    """The bytes that the golden speaks of.

    Raises:
        ValueError: the file holds other bytes.
    """
    content = (folder / golden.file).read_bytes()
    if hashlib.sha256(content).hexdigest() != golden.sha256:
        raise ValueError(f"{golden.file} is not the document that its golden speaks of")
    return content


def golden_of(stored: Facts, folder: Path | None = None) -> Golden:
    """A golden from its JSON; one that rests on a truth file has lines only where ``folder`` holds it."""
    truth = stored.get("truth")
    lines = stored.get("lines", ())
    if truth and folder is not None:
        lines = _lines_of_truth(json.loads((folder / truth).read_text(encoding="utf-8")), stored.get("misprints", ()))
    only = [table["layout"] for table in stored["tables"]]
    defaults = {key: stored[key] for key in ("unit",) if stored.get(key)}
    defaults |= {"layout": only[0]} if len(only) == 1 else {}
    return Golden(
        sha256=stored["sha256"],
        file=stored["file"],
        kind=stored["kind"],
        facts={key: stored[key] for key in DOCUMENT_FACTS if key in stored},
        tables=tuple(stored["tables"]),
        lines=tuple({**defaults, **line} for line in lines),
        whole_pages=frozenset([None] if truth else stored.get("whole_pages", ())),
        width_is_lost=bool(stored.get("width_is_lost")),
        is_reviewed=bool(stored.get("reviewed")),
    )


# --- truth files -------------------------------------------------------------------------------------------------


def _lines_of_truth(truth: Facts, misprints: Sequence[Facts]) -> Iterator[Facts]:
    for line in _form_lines(truth["forms"]) if "forms" in truth else _list_lines(truth["rows"]):
        yield _misprinted(line, misprints)


def _form_lines(forms: Sequence[Facts]) -> Iterator[Facts]:
    for number, form in enumerate(forms, 1):
        funds = [["财政拨款", "annual", form["fiscal"]], ["其他资金", "annual", form["other"]]]
        yield {
            "table_number": number,
            "level": "project",
            "name": form["project"],
            "organization": form["unit"],
            "total": form["total"],
            "funds": [fund for fund in funds if fund[2]],
            "goal": form["goal"],
            "indicators": [
                {"level_1": level_1, "level_2": level_2, "name": name, "annual": target}
                for level_1, level_2, name, target in form["indicators"]
            ],
        }


def _list_lines(rows: Sequence[Facts]) -> Iterator[Facts]:
    for number, row in enumerate(rows, 1):
        _, total, *amounts, _, _ = row["cells"]
        funds = [[name, "annual", text] for name, text in zip(_FUNDS.values(), amounts, strict=True) if text]
        yield {
            "line_number": number,
            "level": _LEVELS[row["level"]],
            "name": row["project"],
            "total": total,
            "funds": funds,
            "goal": row["goal"] or None,
            "indicators": list(_indicators_in(row["indicator"])),
        }


def _indicators_in(cell: str) -> Iterator[Facts]:
    """The indicators that a cell of a truth file prints, in either of its grammars."""
    grammar = next((grammar for grammar in _GRAMMARS if grammar.match(cell)), None)
    position = 0
    while grammar is not None and position < len(cell):
        found = grammar.match(cell, position)
        if found is None:
            raise ValueError(f"the truth prints an indicator in no known grammar: {cell[position:]}")
        position = found.end()
        parts = found.groupdict()
        if parts.pop("cut", None) is not None:
            parts["annual"] = ""
        yield parts


def _misprinted(line: Facts, misprints: Sequence[Facts]) -> Facts:
    text = json.dumps(line, ensure_ascii=False)
    for misprint in misprints:
        if line.get("line_number") in misprint.get("line_numbers", [line.get("line_number")]):
            text = text.replace(misprint["meant"], misprint["printed"])
    misprinted: Facts = json.loads(text)
    return misprinted


# --- what was read, in the same shape ----------------------------------------------------------------------------


def document_facts(document: Document) -> Facts:
    """What was read of a document as a whole."""
    return {key: getattr(document, key) for key in DOCUMENT_FACTS}


def layouts_of(document: Document) -> list[str]:
    """The layouts of a document's lines, in the order in which they stand."""
    return list(dict.fromkeys(line.layout for line in document.lines))


def table_facts(document: Document, layout: str) -> Facts:
    """What was read of a document's tables of one layout, counted."""
    lines = [line for line in document.lines if line.layout == layout]
    pages = [part.page_number for line in lines for part in line.locator if part.page_number is not None]
    return {
        "layout": layout,
        "view": lines[0].view if lines else None,
        "pages": [min(pages), max(pages)] if pages else None,
        "levels": dict(Counter(line.level for line in lines)),
        "indicators": sum(len(line.indicators) for line in lines),
        "projects_yuan": str(sum((line.total_yuan or 0 for line in lines if line.level == "project"), Decimal(0))),
        "total": next((line.total_text for line in lines if line.level == "total"), None),
        "units": [[line.name, line.total_text] for line in lines if line.level == "unit"],
    }


def line_facts(line: Line) -> Facts:
    """What was read of a line."""
    pages = sorted({part.page_number for part in line.locator if part.page_number is not None})
    return {
        "page": pages[0] if pages else None,
        "pages": pages,
        "table_number": line.table_number,
        "line_number": line.line_number,
        "layout": line.layout,
        "level": line.level,
        "name": line.name,
        "organization": line.organization,
        "unit": line.amount_unit,
        "total": line.total_text,
        "project_total": line.project_total_text,
        "funds": [[fund.fund_source, fund.period, fund.amount_text] for fund in line.funds],
        "subtotals": [[subtotal.fund_source, subtotal.amount_text] for subtotal in line.subtotals],
        "goal": line.goal,
        "project_goal": line.project_goal,
        "indicator_count": len(line.indicators),
        "indicators": [indicator_facts(indicator) for indicator in line.indicators],
    }


def indicator_facts(indicator: Indicator) -> Facts:
    """What was read of an indicator; absent is what is not printed."""
    facts: Facts = {
        "number": indicator.number,
        "level_1_code": indicator.level_1_code,
        "level_1": indicator.level_1,
        "level_2_code": indicator.level_2_code,
        "level_2": indicator.level_2,
        "name": indicator.name,
        "weight": None if indicator.weight is None else f"{indicator.weight:f}",
        **{target.period: target.text for target in indicator.targets},
    }
    annual = next((target for target in indicator.targets if target.period == "annual"), None)
    if annual is not None and len(annual.components) == 1:
        [component] = annual.components
        value = None if component.value is None else f"{component.value:f}"
        facts["component"] = [component.comparator, value, component.unit, component.reference]
    return {key: value for key, value in facts.items() if value is not None}


def without_width(text: str) -> str:
    """A text as one that lost the width of its signs and its spaces keeps it."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


# --- goldens that are still to be looked at ----------------------------------------------------------------------


def draft(document: Document, file: str) -> str:
    """A golden as the reader sees the document: a form to correct by eye, which fails until it says ``reviewed``."""
    facts = {
        "sha256": document.document_id,
        "file": file,
        "kind": "ruled PDF",
        "unit": document.lines[0].amount_unit if document.lines else None,
        "reviewed": False,
        **document_facts(document),
        "tables": [table_facts(document, layout) for layout in layouts_of(document)],
        "whole_pages": sorted({line_facts(line)["page"] or 0 for line in document.lines} - {0}),
        "lines": [line_facts(line) for line in document.lines],
    }
    return dumped(facts)


def dumped(golden: Facts) -> str:
    """A golden as JSON that a person can read: a fact, a line, an indicator to a line of text."""
    members = []
    for key, value in golden.items():
        if key in ("tables", "lines") and value:
            items = ",\n".join("  " + (_dumped_line(item) if key == "lines" else _compact(item)) for item in value)
            members.append(f' "{key}": [\n{items}\n ]')
        else:
            members.append(f' "{key}": {_compact(value)}')
    return "{\n" + ",\n".join(members) + "\n}\n"


def _dumped_line(line: Facts) -> str:
    indicators = line.get("indicators")
    if not indicators:
        return _compact(line)
    head = _compact({key: value for key, value in line.items() if key != "indicators"})
    items = ",\n".join("    " + _compact(indicator) for indicator in indicators)
    return f'{head[:-1]}, "indicators": [\n{items}\n  ]}}'


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
