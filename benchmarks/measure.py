"""Measure: a golden and the document as it is read → each fact right, wrong or missing, and the goals missed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.goldens import (
    Facts,
    Golden,
    content_of,
    document_facts,
    goldens,
    layouts_of,
    line_facts,
    table_facts,
    without_width,
)
from extract.document import document_of
from extract.records import Document, Line

KINDS = ("line", "amount", "indicator", "target")
VERDICTS = ("right", "wrong", "missing")
READ = ("complete", "partial")
LEAST_SHARE_RIGHT = {"line": 0.995, "amount": 1.0, "indicator": 0.995, "target": 0.995}
"""The goals, for each layout and kind of file that is read; and no wrong value in a document called complete."""

_LINE_FACTS = ("pages", "table_number", "line_number", "layout", "level", "organization", "indicator_count")
_GOALS = ("goal", "project_goal")
_INDICATOR_FACTS = ("name", "number", "level_1_code", "level_1", "level_2_code", "level_2", "weight")
_LONGEST = 120  # letters of a fact on the page
_TOTAL, _SUM = "total", "sum of "
_YUAN = {"元": Decimal(1), "万元": Decimal(10000), "亿元": Decimal(100000000)}

Amount = tuple[str, str, str, Decimal | None]
"""Fund source, period, printed text, yuan."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """One fact of a golden held against what was read: a line, an amount, an indicator or a target."""

    kind: str
    verdict: str
    layout: str
    page: int | None
    where: str
    expected: object = None
    found: object = None

    @property
    def told(self) -> str:
        """The outcome in a sentence."""
        page = "" if self.page is None else f"page {self.page}, "
        expected, found = (_shortened(value) for value in (self.expected, self.found))
        return f"{page}{self.where}: {self.kind} {self.verdict}: {expected} is printed, {found} was read"


@dataclass(frozen=True, slots=True)
class Measured:
    """A golden, the document as it was read, and an outcome for every fact of the golden."""

    golden: Golden
    document: Document
    outcomes: tuple[Outcome, ...]

    @property
    def is_read(self) -> bool:
        """Whether the document's tables were understood at all; what is refused or quarantined misses everything."""
        return self.document.status in READ

    @property
    def other_facts(self) -> dict[str, tuple[object, object]]:
        """What was read otherwise of the document as a whole and of its tables, counted: name → expected, found."""
        found = document_facts(self.document)
        odd = {key: (value, found[key]) for key, value in self.golden.facts.items() if value != found[key]}
        counted = [table_facts(self.document, layout) for layout in layouts_of(self.document)]
        given = [{key: table.get(key) for key in one} for one, table in zip(self.golden.tables, counted, strict=False)]
        if list(self.golden.tables) != given or len(counted) != len(given):
            odd["tables"] = (list(self.golden.tables), counted)
        return odd


def measure(golden: Golden, content: bytes) -> Measured:
    """The document read and held against its golden, fact by fact."""
    document = document_of(content)
    return Measured(golden, document, tuple(_outcomes(golden, document)))


def measure_all(folder: Path) -> Iterator[Measured]:
    """Every golden's document below ``folder``, in the order of their names."""
    for golden in goldens(folder):
        yield measure(golden, content_of(golden, folder))


# --- holding against -----------------------------------------------------------------------------------------------


def _outcomes(golden: Golden, document: Document) -> Iterator[Outcome]:
    same = _same_but_for_width if golden.width_is_lost else _same
    read = [(line_facts(line), line) for line in document.lines]
    for page in dict.fromkeys([*(line.get("page") for line in golden.lines), *sorted(golden.whole_pages, key=str)]):
        expected = [line for line in golden.lines if line.get("page") == page]
        found = [(facts, line) for facts, line in read if page is None or facts["page"] == page]
        pairs, left = _paired(
            expected, found, same, [("name", "total", "indicator_count"), ("name", "total"), ("name",), ("total",)]
        )
        for one, other in pairs:
            yield from _line_outcomes(one, other, same)
        for facts, _ in left if page in golden.whole_pages else ():
            yield Outcome("line", "wrong", facts["layout"], page, facts["name"], None, facts["name"])


def _paired(
    expected: Sequence[Facts],
    found: Sequence[tuple[Facts, Any]],
    same: Callable[[object, object], bool],
    keys: Sequence[tuple[str, ...]],
) -> tuple[list[tuple[Facts, tuple[Facts, Any] | None]], list[tuple[Facts, Any]]]:
    """Each expected thing with the first one read that agrees with it, by the first of ``keys``; then what is left."""
    left = list(range(len(found)))
    partners: dict[int, int] = {}
    for key in keys:
        for index, one in enumerate(expected):
            if index in partners or any(name not in one for name in key if name != "indicator_count"):
                continue
            for other in left:
                if all(same(one[name], found[other][0].get(name)) for name in key if name in one):
                    partners[index] = other
                    left.remove(other)
                    break
    pairs = [(one, found[partners[index]] if index in partners else None) for index, one in enumerate(expected)]
    return pairs, [found[index] for index in left]


def _line_outcomes(
    expected: Facts, read: tuple[Facts, Line] | None, same: Callable[[object, object], bool]
) -> Iterator[Outcome]:
    found, line = read if read else ({}, None)
    place = (expected["layout"], expected.get("page"), expected["name"])
    odd = [key for key in ("name", *_LINE_FACTS) if key in expected and not same(expected[key], found.get(key))]
    odd += [key for key in _GOALS if key in expected and not _is_goal(expected[key], found.get(key), same)]
    verdict = "missing" if line is None else "wrong" if odd else "right"
    yield Outcome("line", verdict, *place, _of(expected, odd), _of(found, odd))
    yield from _amount_outcomes(expected, line, place)
    if "indicators" in expected:
        yield from _indicators_outcomes(expected["indicators"], found.get("indicators", []), place, same)


def _is_goal(expected: str | None, found: str | None, same: Callable[[object, object], bool]) -> bool:
    """Whether a goal is what is expected, in which … stands for any text."""
    if expected is None or found is None or "…" not in expected:
        return same(expected, found)
    first, *middle, last = expected.split("…")
    position = len(first)
    for part in middle:
        position = found.find(part, position) + len(part) if part in found[position:] else len(found) + 1
    return found.startswith(first) and found.endswith(last) and position + len(last) <= len(found)


def _amount_outcomes(expected: Facts, line: Line | None, place: tuple[str, int | None, str]) -> Iterator[Outcome]:
    """Source, period, printed text and yuan of each amount; what is printed nowhere must not be read."""
    asked, given = Counter(_printed_amounts(expected)), Counter(_read_amounts(line, expected) if line else ())
    odd = list((given - asked).elements())
    for amount in (asked & given).elements():
        yield Outcome("amount", "right", *place, amount, amount)
    for amount in (asked - given).elements():
        other = next((one for one in odd if one[:2] == amount[:2]), None)
        if other is not None:
            odd.remove(other)
        yield Outcome("amount", "missing" if other is None else "wrong", *place, amount, other)
    for other in odd:
        yield Outcome("amount", "wrong", *place, None, other)


def _printed_amounts(expected: Facts) -> Iterator[Amount]:
    totals = [(_TOTAL, "annual", expected.get("total")), (_TOTAL, "project", expected.get("project_total"))]
    sums = [(_SUM + source, "annual", text) for source, text in expected.get("subtotals", ())]
    for source, period, text in [*totals, *expected.get("funds", ()), *sums]:
        if text is not None:
            yield source, period, text, Decimal(text.replace(",", "")) * _YUAN[expected["unit"]]


def _read_amounts(line: Line, expected: Facts) -> Iterator[Amount]:
    """The amounts of the kinds that were looked at."""
    if line.total_text is not None and "total" in expected:
        yield _TOTAL, "annual", line.total_text, line.total_yuan
    if line.project_total_text is not None and "project_total" in expected:
        yield _TOTAL, "project", line.project_total_text, line.project_total_yuan
    for fund in line.funds if "funds" in expected else ():
        yield fund.fund_source, fund.period, fund.amount_text, fund.amount_yuan
    for part in line.subtotals if "subtotals" in expected else ():
        yield _SUM + part.fund_source, "annual", part.amount_text, part.amount_yuan


def _indicators_outcomes(
    expected: Sequence[Facts],
    found: Sequence[Facts],
    place: tuple[str, int | None, str],
    same: Callable[[object, object], bool],
) -> Iterator[Outcome]:
    layout, page, name = place
    numbered = [(facts, position) for position, facts in enumerate(found)]
    keys = [("level_2", "name", "annual"), ("level_2", "name"), ("name", "annual"), ("name",), ("level_2",)]
    pairs, left = _paired(expected, numbered, same, keys)
    reached = -1
    for one, pair in pairs:
        other, position = pair if pair else ({}, reached + 1)
        where = (layout, page, f"{name} · {one['name']}")
        odd = [key for key in _INDICATOR_FACTS if not same(one.get(key), other.get(key))]
        is_right = not odd and position > reached
        verdict = "missing" if pair is None else "right" if is_right else "wrong"
        yield Outcome("indicator", verdict, *where, _of(one, odd), _of(other, odd))
        reached = position
        for target in _targets(one, other):
            missed = pair is None or other.get(target[0]) is None
            is_right = all(same(one.get(key), other.get(key)) for key in target)
            verdict = "missing" if missed else "right" if is_right else "wrong"
            yield Outcome("target", verdict, *where, _of(one, target), _of(other, target))
    for other, _ in left:
        where = (layout, page, f"{name} · {other['name']}")
        yield Outcome("indicator", "wrong", *where, None, other["name"])


def _targets(expected: Facts, found: Facts) -> Iterator[tuple[str, ...]]:
    """The names of the facts that make each target; a target that is not printed must not be read."""
    if "annual" in expected:
        yield ("annual", "component") if "component" in expected else ("annual",)
    if "project" in expected or "project" in found:
        yield ("project",)


def _of(facts: Facts, keys: Sequence[str]) -> Facts:
    return {key: facts[key] for key in keys if facts.get(key) is not None}


def _same(expected: object, found: object) -> bool:
    return expected == found


def _same_but_for_width(expected: object, found: object) -> bool:
    if isinstance(expected, str) and isinstance(found, str):
        return without_width(expected) == without_width(found)
    return expected == found


def _shortened(value: object) -> str:
    if value is None or value == {}:
        return "nothing"
    text = ", ".join(f"{name} {part}" for name, part in value.items()) if isinstance(value, dict) else str(value)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


# --- goals ---------------------------------------------------------------------------------------------------------


def shares(measured: Sequence[Measured]) -> dict[tuple[str, str], Counter[tuple[str, str]]]:
    """Layout and kind of file → how many facts of each kind came to each verdict."""
    counted: dict[tuple[str, str], Counter[tuple[str, str]]] = {}
    for one in measured:
        for outcome in one.outcomes:
            counter = counted.setdefault((outcome.layout, one.golden.kind), Counter())
            counter[outcome.kind, outcome.verdict] += 1
    return counted


def missed_goals(measured: Sequence[Measured]) -> list[str]:
    """Each goal that is missed, in words, over the documents that are read at all."""
    missed = []
    for (layout, kind), counter in shares([one for one in measured if one.is_read]).items():
        for fact, least in LEAST_SHARE_RIGHT.items():
            expected = sum(counter[fact, verdict] for verdict in VERDICTS)
            if expected and counter[fact, "right"] / expected < least:
                share = counter[fact, "right"] / expected
                missed.append(f"{layout}, {kind}: {share:.2%} of {expected} {fact}s are right, the goal is {least:.1%}")
    for one in measured:
        wrong = [outcome for outcome in one.outcomes if outcome.verdict == "wrong"]
        if one.document.status == "complete" and wrong:
            missed.append(f"{one.golden.name} is called complete and holds {len(wrong)} wrong: {wrong[0].told}")
    return missed
