"""Lines of text that lost a Guangdong list's columns → its rows: amounts find them, indents and indicators part them.

A row is a name (indented, perhaps wrapped), a line with the amounts that were filled, a goal, and indicators. Names
may stand before the amounts on their line, goals behind them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from extract.allocate import candidates_by_order
from extract.layouts.guangdong_rows import Row
from extract.layouts.indicator_text import starts_indicators
from extract.money import AMOUNT
from extract.records import Issue, Page, Part, TextLine
from extract.vocabularies import vocabulary
from extract.wording import label

_WORDS = vocabulary("guangdong_list")
_HEADING = ("name", "total", "goal", "indicators")
_NAME_LINES = 8  # a wrapped name is no longer than this
_AMOUNTS = re.compile(rf"^(?P<name>.*?)(?:^|\s)(?P<amounts>{AMOUNT}(?:\s+{AMOUNT})+)(?P<rest>\s+\D.*)?\s*$")
_ENDS = ("。", "；", ";")


@dataclass(slots=True)
class _Block:
    """A row while its lines are collected."""

    name: list[TextLine] = field(default_factory=list)
    amounts: list[str] = field(default_factory=list)
    amounts_line: TextLine | None = None
    goal: list[TextLine] = field(default_factory=list)
    indicators: list[TextLine] = field(default_factory=list)


def tables(pages: Sequence[Page], issues: list[Issue]) -> list[list[Row]]:
    """The rows of the list that the lines of a text file hold, if they hold its headings."""
    found = []
    for page in pages:
        start = next((i for i, line in enumerate(page.lines) if line.part.first_line and _is_heading(line.text)), None)
        if start is not None:
            columns = [token for token in map(label, page.lines[start].text.split()) if token in _WORDS["fund_sources"]]
            lines = [line for line in page.lines[start + 1 :] if line.text.strip() and not _is_heading(line.text)]
            rows = [_row(block, columns) for block in _blocks(lines)]
            if rows:
                found.append(rows)
    return found


def _is_heading(text: str) -> bool:
    tokens = {label(token) for token in text.split()}
    return all(tokens & set(_WORDS["columns"][column]) for column in _HEADING)


def _blocks(lines: Sequence[TextLine]) -> list[_Block]:
    blocks: list[_Block] = []
    pending: list[TextLine] = []  # lines of a name whose amounts have not come yet
    for index, line in enumerate(lines):
        amounts = _AMOUNTS.match(line.text)
        if amounts and not starts_indicators(line.text):
            block = _Block(name=pending, amounts=amounts["amounts"].split(), amounts_line=line)
            if amounts["name"].strip():
                block.name = [*pending, TextLine(amounts["name"], line.part)]
            elif not pending and blocks:
                block.name = _taken_back(blocks[-1])
            if (amounts["rest"] or "").strip():
                block.goal.append(TextLine(amounts["rest"].strip(), line.part))
            blocks.append(block)
            pending = []
        elif pending or (_is_indented(line.text) and _amounts_follow(lines[index + 1 :])):
            pending.append(line)
        elif blocks and (blocks[-1].indicators or starts_indicators(line.text)):
            blocks[-1].indicators.append(line)
        elif blocks:
            blocks[-1].goal.append(line)
        else:
            pending.append(line)
    return blocks


def _is_indented(text: str) -> bool:
    return text.startswith(("  ", "\u3000"))


def _amounts_follow(lines: Sequence[TextLine]) -> bool:
    """Whether amounts come before another indented line or an indicator: then an indented line is a name."""
    for line in lines[:_NAME_LINES]:
        if _AMOUNTS.match(line.text) and not starts_indicators(line.text):
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
    notes = tuple(f"{word}{colon}" for word in _WORDS["notes"] for colon in ":：")
    indicators = [line for line in block.indicators if not line.text.strip().startswith(notes)]
    return Row(
        name=_text(block.name),
        total=total,
        funds=tuple(zip(funds, candidates_by_order(columns, len(funds)), strict=True)),
        goal=_text(block.goal),
        indicators=_text(indicators),
        parts=(_range(every),),
        fund_parts=((place,),) * len(funds),
        indicator_parts=(_range(indicators),) if indicators else (),
    )


def _text(lines: Sequence[TextLine]) -> str:
    return "\n".join(line.text.strip() for line in lines)


def _range(lines: Sequence[TextLine]) -> Part:
    numbers = [line.part.first_line for line in lines if line.part.first_line is not None]
    return Part(lines[0].part.page_number, first_line=min(numbers, default=None), last_line=max(numbers, default=None))
