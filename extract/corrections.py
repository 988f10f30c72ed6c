"""Corrections: what a reviewer decided of a printed value, as append-only files of the house.

They stand in ``landing/corrections``, one JSON file per decision, beside what the warehouse is rebuilt from, and are
loaded as ``raw.corrections``. A later decision on the same value takes the place of an earlier one; nothing is ever
written over. A decision is void where the document now prints (or its reader now reads) something else than what the
reviewer saw.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

import pyarrow as pa

from extract.records import Comparator
from extract.settings import House
from extract.whole_file import write_whole

Decision = Literal["corrected", "accepted", "withdrawn"]
"""``corrected``: readers get the new value; ``accepted``: the printed one is right; ``withdrawn``: as if undecided."""

_AMOUNT = re.compile(r"-?\d{1,16}(?:\.\d{1,2})?")
_NUMBER = re.compile(r"-?\d{1,28}(?:\.\d{1,10})?")
_LONGEST_TEXT = 4_000
_PREFIX = 16  # characters of a document's id in the names of its decisions

FIELDS: Mapping[str, tuple[str, ...]] = {
    "line": ("total_yuan", "project_total_yuan", "goal_text", "project_goal_text"),
    "fund": ("amount_yuan",),
    "indicator": ("comparator", "target_value", "target_value_upper", "unit"),
}
"""What can be corrected of each kind of fact: columns of ``marts.fct_project_budgets``, ``fct_project_funds`` and
``fct_indicator_targets``."""


CORRECTION_SCHEMA = pa.schema(
    [
        *[
            (name, pa.string())
            for name in ("correction_id", "document_id", "project_line_id", "field", "fund_source_id")
        ],
        ("indicator_position", pa.int32()),
        ("period", pa.string()),
        ("component_number", pa.int32()),
        *[(name, pa.string()) for name in ("decision", "printed_value", "new_value", "reason", "decided_by")],
        ("decided_at", pa.timestamp("us", tz="UTC")),
    ]
)
"""The columns of ``raw.corrections``."""


class NotCorrectedError(Exception):
    """A decision cannot be taken down; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One decision about one value: which, what was printed, what readers should get, who said so, and why."""

    correction_id: str
    document_id: str
    project_line_id: str
    field: str
    fund_source_id: str | None
    indicator_position: int | None
    period: str | None
    component_number: int | None
    decision: Decision
    printed_value: str
    new_value: str | None
    reason: str
    decided_by: str
    decided_at: datetime


def decide(correction: Correction, house: House) -> Path:
    """Take a decision down; its file.

    Raises:
        NotCorrectedError: it does not name one value, or the new value is none of its kind.
    """
    _check(correction)
    record = {**asdict(correction), "decided_at": correction.decided_at.isoformat()}
    name = f"{correction.decided_at:%Y%m%dT%H%M%S%f}_{correction.document_id[:_PREFIX]}_{correction.correction_id}.json"
    path = folder(house) / name
    write_whole(path, json.dumps(record, ensure_ascii=False).encode())
    return path


def new_id() -> str:
    """An id for a decision."""
    return uuid.uuid4().hex


def now() -> datetime:
    """The moment of a decision."""
    return datetime.now(UTC)


def folder(house: House) -> Path:
    """Where a house keeps its decisions."""
    return house.landing / "corrections"


def decisions(document_id: str, house: House) -> list[Correction]:
    """Every decision about a document, the oldest first."""
    paths = sorted(folder(house).glob(f"[!.]*_{document_id[:_PREFIX]}_*.json"))
    return [found for found in map(read_correction, paths) if found.document_id == document_id]


def read_correction(path: Path) -> Correction:
    """A decision that was taken down."""
    record = json.loads(path.read_bytes())
    record = {field.name: record.get(field.name) for field in fields(Correction)}
    return Correction(**{**record, "decided_at": datetime.fromisoformat(record["decided_at"])})


def _check(correction: Correction) -> None:
    kinds = [kind for kind, columns in FIELDS.items() if correction.field in columns]
    if not kinds:
        known = ", ".join(column for columns in FIELDS.values() for column in columns)
        raise NotCorrectedError(f"{correction.field} cannot be corrected; what can: {known}.")
    named = {
        "fund_source_id": correction.fund_source_id,
        "indicator_position": correction.indicator_position,
        "period": correction.period,
        "component_number": correction.component_number,
    }
    needed = {
        "line": (),
        "fund": ("fund_source_id", "period"),
        "indicator": ("indicator_position", "period", "component_number"),
    }[kinds[0]]
    given = tuple(name for name, value in named.items() if value is not None)
    if given != needed:
        raise NotCorrectedError(f"{correction.field} is one value by {', '.join(needed) or 'its line alone'}.")
    if correction.decision not in get_args(Decision):
        raise NotCorrectedError(f"A decision is one of {', '.join(get_args(Decision))}.")
    if not correction.reason.strip():
        raise NotCorrectedError("A reason must be given: whoever reads the number will ask for it.")
    if (correction.new_value is not None) != (correction.decision == "corrected"):
        raise NotCorrectedError("A new value belongs to what is corrected, and to nothing else.")
    if correction.new_value is not None:
        _check_value(correction.field, correction.new_value)


def _check_value(field: str, value: str) -> None:
    if field.endswith("_yuan"):
        fits = _AMOUNT.fullmatch(value) is not None
        what = "an amount in yuan with at most two decimals, as 1280000.00"
    elif field == "comparator":
        fits, what = value in get_args(Comparator), f"one of {' '.join(get_args(Comparator))}"
    elif field.startswith("target_value"):
        fits, what = _NUMBER.fullmatch(value) is not None, "a number with at most ten decimals, as 95 or 0.5"
    else:
        fits = 0 < len(value) <= _LONGEST_TEXT and value == " ".join(value.split())
        what = f"a text of one line and no more than {_LONGEST_TEXT} characters"
    if not fits:
        raise NotCorrectedError(f"“{value}” is no {field}: that is {what}.")
