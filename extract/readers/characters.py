"""Characters of a page → text in lines: which stand on one line, in which order, and what each really is.

Chinese and Latin characters of one line can have different baselines, so lines are told by the middles of the boxes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from typing import NamedTuple

from extract.readers.radicals import IDEOGRAPHS
from extract.records import BBox

_SAME_LINE = 0.5  # of the lower one's height, between the middles of two characters
_ASIDE = 0.25  # of a character's width, by which a second print makes it bold
_DOUBLES = 3  # characters that may lie between a print and its second
_WORD_GAP = 0.5  # of a line's height, where a gap outside a table stands for a space


class Character(NamedTuple):
    """One printed character and its box in points from the top left corner of the page."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def middle_x(self) -> float:
        """The middle between left and right edge, in points."""
        return (self.x0 + self.x1) / 2

    @property
    def middle_y(self) -> float:
        """The middle between upper and lower edge, in points."""
        return (self.top + self.bottom) / 2


@cache
def plain(code_point: int) -> str:
    """The character that a code point of a PDF stands for.

    Radicals and compatibility ideographs become the unified characters they look like (by Unicode's own equivalence,
    and nothing but them: full-width punctuation stays); pdfium's marks of a hyphen at a line's end become a hyphen;
    what stands for nothing becomes U+FFFD.
    """
    if code_point in (0x02, 0xFFFE):
        return "-"
    if code_point < 0x20 and code_point not in (0x09, 0x0A, 0x0D):
        return "\ufffd"
    character = chr(code_point)
    if character in IDEOGRAPHS:
        return IDEOGRAPHS[character]
    if 0x2F00 <= code_point <= 0x2FDF or 0xF900 <= code_point <= 0xFAFF:
        return unicodedata.normalize("NFKC", character)
    return character


def lines_of(characters: Sequence[Character]) -> list[list[Character]]:
    """The characters as lines from top to bottom, each from left to right."""
    lines: list[list[Character]] = []
    bands: list[tuple[float, float]] = []  # middle and height of each line
    for character in characters:
        height = character.bottom - character.top
        for index in range(len(lines) - 1, -1, -1):
            middle, line_height = bands[index]
            if abs(character.middle_y - middle) <= _SAME_LINE * min(height, line_height):
                lines[index].append(character)
                break
        else:
            lines.append([character])
            bands.append((character.middle_y, height))
    order = sorted(range(len(lines)), key=lambda index: bands[index][0])
    return [_without_doubles(sorted(lines[index], key=lambda character: character.x0)) for index in order]


def _without_doubles(line: list[Character]) -> list[Character]:
    """A line without what is printed again over itself, a little aside, to look bold."""
    if not any(_covers(one, other) for one, other in pairwise(line)):
        return line
    kept: list[Character] = []
    for character in line:
        near = reversed(kept[-_DOUBLES:])
        if not any(other.text == character.text and _covers(other, character) for other in near):
            kept.append(character)
    return kept


def _covers(one: Character, other: Character) -> bool:
    return other.x0 - one.x0 < _ASIDE * (one.x1 - one.x0)


def text_of(characters: Sequence[Character]) -> str:
    """The text of a cell, its lines separated by line breaks, without spaces at their ends."""
    return "\n".join(stripped for line in lines_of(characters) if (stripped := "".join(c.text for c in line).strip()))


def spaced_text_of(line: Sequence[Character]) -> str:
    """The text of one line outside a table: gaps wider than half its height become one space."""
    parts: list[str] = []
    previous: Character | None = None
    for character in line:
        if previous is not None and character.x0 - previous.x1 > _WORD_GAP * (character.bottom - character.top):
            parts.append(" ")
        parts.append(character.text)
        previous = character
    return " ".join("".join(parts).split())


def box_of(characters: Sequence[Character]) -> BBox:
    """The box around characters."""
    return (
        min(c.x0 for c in characters),
        min(c.top for c in characters),
        max(c.x1 for c in characters),
        max(c.bottom for c in characters),
    )
