"""Lines of text that lost a Guangdong list's columns → its tables: amounts find rows, indents and indicators part them.

A row is a name (indented, perhaps wrapped), a line with the amounts that were filled, a goal, and indicators. Names
may stand before the amounts on their line, goals behind them. What a page prints around the table is left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.allocate import candidates_by_order
from extract.amount_unit import labelled_unit
from extract.layouts.guangdong_rows import Row, Table
from extract.layouts.indicator_text import indicators_start, starts_indicators
from extract.publisher import labelled_publisher
from extract.records import Issue, Page, Part, TextLine
from extract.vocabularies import vocabulary
from extract.wording import label

_WORDS = vocabulary("guangdong_list")
_HEADING = ("name", "total", "goal", "indicators")
_LABELS = {name for names in _WORDS["columns"].values() for name in names} | set(_WORDS["fund_sources"])
_NAME_LINES = 8  # a wrapped name is no longer than this
# Amounts of these lists print two decimals: other numbers of running text are not taken for them.
_AMOUNT = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d{2}(?=\s|$)"
_AMOUNTS = re.compile(rf"^(?P<name>.*?)(?:^|\s)(?P<amounts>{_AMOUNT}(?:\s+{_AMOUNT})+)(?P<rest>\s.*)?$")
_PAGE_NUMBER = re.compile(
    r"\s*(?:[-—–－]\s*\d+\s*[-—–－]|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|\d+\s*/\s*\d+)\s*"
)
_NOTE = re.compile(rf"\s*(?:{'|'.join(_WORDS['notes'])})\s*\d*\s*[:：]")
_FOLD = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_ENDS = ("。", "；", ";")


@dataclass(slots=True)
class _Block:
    """A row while its lines are collected."""

    name: list[TextLine] = field(default_factory=list)
    amounts: list[str] = field(default_factory=list)
    amounts_line: TextLine | None = None
    goal: list[TextLine] = field(default_factory=list)
    indicators: list[TextLine] = field(default_factory=list)


def tables(pages: Sequence[Page], issues: list[Issue]) -> list[Table]:
    """The list that the lines of a text file hold, if they hold its headings."""
    found = []
    for page in pages:
        start = next((i for i, line in enumerate(page.lines) if line.part.first_line and _is_heading(line.text)), None)
        if start is None:
            continue
        above = {line.text.strip() for line in page.lines[:start]}
        tokens = [label(token) for token in page.lines[start].text.split()]
        lines = [line for line in page.lines[start + 1 :] if not _is_furniture(line.text, above)]
        rows = [_row(block, [t for t in tokens if t in _WORDS["fund_sources"]]) for block in _blocks(lines)]
        if rows:
            unit = next((unit for text in above if (unit := labelled_unit(text))), None)
            publisher = next((name for text in above if (name := labelled_publisher(text))), None)
            found.append(Table(rows, unit, publisher))
    return found


def _is_heading(text: str) -> bool:
    tokens = {label(token) for token in text.split()}
    return all(tokens & set(_WORDS["columns"][column]) for column in _HEADING)


def _is_furniture(text: str, above: set[str]) -> bool:
    """Whether a line is what pages print around a table: nothing, a number, the lines above or in the heading."""
    tokens = [label(token) for token in text.split()]
    return (
        not tokens
        or text.strip() in above
        or _PAGE_NUMBER.fullmatch(text) is not None
        or all(token in _LABELS for token in tokens)
    )


def _amounts(line: TextLine) -> re.Match[str] | None:
    folded = line.text.translate(_FOLD)
    return None if starts_indicators(folded) else _AMOUNTS.match(folded)


def _blocks(lines: Sequence[TextLine]) -> list[_Block]:
    blocks: list[_Block] = []
    pending: list[TextLine] = []  # lines of a name whose amounts have not come yet
    is_note = False  # a note runs to the next row
    for index, line in enumerate(lines):
        amounts = _amounts(line)
        if amounts:
            blocks.append(_begun(amounts, line, pending, blocks))
            pending, is_note = [], False
        elif pending or (_is_indented(line.text) and _amounts_follow(lines[index + 1 :])):
            pending.append(line)
        elif is_note or _NOTE.match(line.text):
            is_note = True
        elif blocks and (blocks[-1].indicators or starts_indicators(line.text)):
            blocks[-1].indicators.append(line)
        elif blocks:
            blocks[-1].goal.append(line)
        else:
            pending.append(line)
    return blocks


def _begun(amounts: re.Match[str], line: TextLine, pending: list[TextLine], before: list[_Block]) -> _Block:
    """The row that a line with amounts begins: its name stands before them, goal or indicators behind."""
    block = _Block(name=pending, amounts=amounts["amounts"].split(), amounts_line=line)
    # places in the folded line are places in the line
    name, rest = line.text[: amounts.end("name")], line.text[amounts.end("amounts") :].strip()
    if name.strip():
        block.name = [*pending, TextLine(name, line.part)]
    elif not pending and before:
        block.name = _taken_back(before[-1])
    start = indicators_start(rest)
    goal, indicators = (rest, "") if start is None else (rest[:start], rest[start:])
    if goal.strip():
        block.goal.append(TextLine(goal.strip(), line.part))
    if indicators:
        block.indicators.append(TextLine(indicators, line.part))
    return block


def _is_indented(text: str) -> bool:
    return text.startswith(("  ", "\u3000"))


def _amounts_follow(lines: Sequence[TextLine]) -> bool:
    """Whether amounts come before another indented line or an indicator: then an indented line is a name."""
    for line in lines[:_NAME_LINES]:
        if _amounts(line):
            return True
        if _is_indented(line.text) or starts_indicators(line.text):
            return False
    return False


def _taken_back(block: _Block) -> list[TextLine]:
    """The lines behind the last full stop of the row before: without indents, they are the name of the next row."""
    lines = block.indicators or block.goal
    end = max((i for i, line in enumerate(lines) if line.text.rstrip().endswith(_ENDS)), default=len(lines) - 1)
    taken = lines[end + 1 :]
    del lines[end + 1 :]
    return taken


def _row(block: _Block, columns: Sequence[str]) -> Row:
    assert block.amounts_line is not None
    total, *funds = block.amounts
    place = block.amounts_line.part
    every = [*block.name, block.amounts_line, *block.goal, *block.indicators]
    return Row(
        name=_text(block.name),
        total=total,
        funds=tuple(zip(funds, candidates_by_order(columns, len(funds)), strict=True)),
        goal=_text(block.goal),
        indicators=_text(block.indicators),
        parts=(_range(every),),
        fund_parts=((place,),) * len(funds),
        indicator_parts=(_range(block.indicators),) if block.indicators else (),
    )


def _text(lines: Sequence[TextLine]) -> str:
    return "\n".join(line.text.strip() for line in lines)


def _range(lines: Sequence[TextLine]) -> Part:
    numbers = [line.part.first_line for line in lines if line.part.first_line is not None]
    return Part(lines[0].part.page_number, first_line=min(numbers, default=None), last_line=max(numbers, default=None))
