"""Accuracy: every document with a golden is read again, and each fact is right, wrong or missing → docs/accuracy.md.

`make accuracy` (JIXIAO_DOCUMENTS must name the published documents) writes the page and fails where a goal is missed;
``tests/test_accuracy.py`` holds the same goals.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.goldens import DocumentsNotAtHandError, documents_folder
from benchmarks.measure import KINDS, VERDICTS, Measured, measure_all, missed_goals, shares
from extract.reader_version import READER_VERSION

PAGE = Path(__file__).resolve().parent.parent / "docs" / "accuracy.md"
_INTRODUCTION = """\
# Accuracy

Written by `make accuracy` on {on}, reader version {version}; not edited by hand.

{count} documents were read again and held, fact by fact, against goldens: what was seen on rendered pages
(`tests/examples/*.json`, some pages of each document), and the truth of tables that were typeset from known cells
(whole documents). A *line* is right when its name, level, body, place and goals are; an *amount* when its text, fund
source and yuan are; an *indicator* when its number, codes, levels, name and weight are; a *target* when its text is
and, where the golden has it, the quantity. What is read and not printed counts as wrong. Documents that are
quarantined or refused miss everything.

Goals: every amount, and 99.5 % of lines, indicators and targets, for each layout and kind of file that is read; no
wrong value in a document that is called complete.

## By layout and kind of file
"""
_BY_DOCUMENT = """\
## By document

Right of expected. Documents without counts hold no table of projects' targets, or only pictures: nothing must be read
from them.

| document | kind | verdict | lines | amounts | indicators | targets |
|---|---|---|---|---|---|---|"""


def page(measured: Sequence[Measured], on: str) -> str:
    """docs/accuracy.md."""
    unread = [f"- {one.golden.name}: {one.document.status}" for one in measured if not one.is_read and one.golden.lines]
    not_right = [(one, outcome) for one in measured if one.is_read for outcome in one.outcomes]
    told = [f"- {one.golden.name}, {outcome.told}" for one, outcome in not_right if outcome.verdict != "right"]
    otherwise = [
        f"- {one.golden.name}: {key} is {expected}, {found} was read"
        for one in measured
        for key, (expected, found) in one.other_facts.items()
    ]
    missed = [f"- {goal}" for goal in missed_goals(measured)]
    return "\n".join(
        [
            _INTRODUCTION.format(on=on, version=READER_VERSION, count=len(measured)),
            *_table(shares(measured)),
            "",
            *_section("Goals that are missed", missed),
            *_section("Documents with a golden that are not read", unread),
            *_section("What is not right in documents that are read", told),
            *_section("What is not right of documents as a whole", otherwise),
            _BY_DOCUMENT,
            *(_row(one) for one in measured),
            "",
        ]
    )


def _section(title: str, items: Sequence[str]) -> list[str]:
    return [f"## {title}", "", *(items or ["None."]), ""]


def _table(counted: Mapping[tuple[str, str], Counter[tuple[str, str]]]) -> Iterator[str]:
    yield "| layout | kind of file | fact | expected | right | wrong | missing | share right |"
    yield "|---|---|---|--:|--:|--:|--:|--:|"
    for (layout, kind), counter in sorted(counted.items()):
        for fact in KINDS:
            right, wrong, missing = (counter[fact, verdict] for verdict in VERDICTS)
            expected = right + wrong + missing
            if expected:
                share = f"{right / expected:.2%}"
                yield f"| `{layout}` | {kind} | {fact}s | {expected} | {right} | {wrong} | {missing} | {share} |"


def _row(one: Measured) -> str:
    counter = Counter((outcome.kind, outcome.verdict) for outcome in one.outcomes)
    cells = []
    for fact in KINDS:
        expected = sum(counter[fact, verdict] for verdict in VERDICTS)
        cells.append(f"{counter[fact, 'right']} of {expected}" if expected else "")
    return f"| {one.golden.name} | {one.golden.kind} | {one.document.status} | {' | '.join(cells)} |"


def main() -> int:
    """Write docs/accuracy.md; 1 where a goal is missed, 2 where the documents are not at hand."""
    try:
        measured = list(measure_all(documents_folder()))
    except DocumentsNotAtHandError as error:
        print(error, file=sys.stderr)
        return 2
    PAGE.write_text(page(measured, datetime.now(UTC).date().isoformat()), encoding="utf-8")
    counter = Counter(outcome.verdict for one in measured for outcome in one.outcomes)
    print(f"{PAGE.name}: {counter['right']} right, {counter['wrong']} wrong, {counter['missing']} missing")
    missed = missed_goals(measured)
    for goal in missed:
        print(f"missed: {goal}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
