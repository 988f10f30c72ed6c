"""Characters of a page → text in lines: which stand on one line, in which order, and what each really is.

Chinese and Latin characters of one line can have different baselines, so lines are told by the middles of the boxes.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from operator import sub
from typing import NamedTuple

from extract.readers.radicals import IDEOGRAPHS
from extract.records import BBox

_SAME_LINE = 0.5  # of the lower one's height, between the middles of two characters
_HAIR = 0.03  # of a character's height, by which the next one of its run may stand higher or lower
_CLOSE = 1.0  # point between characters that may be of one run, whatever their size
_ASIDE = 0.25  # of a character's width, by which a second print makes it bold
_DOUBLES = 3  # characters that may lie between a print and its second
_WORD_GAP = 0.5  # of a line's height, where a gap outside a table stands for a space


class Glyphs(NamedTuple):
    """The printed characters of a page in the order of the file, each with its box in points from the top left corner.

    All five are of one length.
    """

    texts: Sequence[str]
    x0: Sequence[float]
    top: Sequence[float]
    x1: Sequence[float]
    bottom: Sequence[float]


class Run(NamedTuple):
    """Characters printed side by side in one go, with the box around them in points from the top left corner.

    ``starts`` and ``ends`` are the left and right edges of each, where there are several.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    starts: Sequence[float] = ()
    ends: Sequence[float] = ()

    @property
    def middle_y(self) -> float:
        """The middle between upper and lower edge, in points."""
        return (self.top + self.bottom) / 2

    @property
    def first_middle_x(self) -> float:
        """The middle of the first character, in points."""
        return (self.starts[0] + self.ends[0]) / 2 if self.starts else (self.x0 + self.x1) / 2

    @property
    def last_middle_x(self) -> float:
        """The middle of the last character, in points."""
        return (self.starts[-1] + self.ends[-1]) / 2 if self.starts else (self.x0 + self.x1) / 2

    def characters(self) -> list[Run]:
        """Each character as a run of its own."""
        if not self.starts:
            return [self]
        edges = zip(self.text, self.starts, self.ends, strict=True)
        return [Run(text, start, self.top, end, self.bottom) for text, start, end in edges]


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


_ODD = (*range(0x20), 0xFFFE, *range(0x2E80, 0x2FE0), *range(0xF900, 0xFB00))
_PLAIN = {code_point: plain(code_point) for code_point in _ODD}


def plainly(text: str) -> str:
    """The text with every character of it plain."""
    return text.translate(_PLAIN)


def runs_of(glyphs: Glyphs) -> list[Run]:
    """The glyphs as runs: one ends where the next character stands higher or lower, is larger, goes back or stands off.

    A run holds no gap that would stand for a space. Some writers place each character of a line a hair off.
    """
    texts, x0, top, x1, bottom = glyphs
    if not texts:
        return []
    gaps = map(sub, x0[1:], x1)
    pairs = zip(gaps, top, top[1:], bottom, bottom[1:], strict=False)
    unlike = [i for i, (gap, t, u, b, c) in enumerate(pairs) if t != u or b != c or not -_CLOSE < gap < _CLOSE]
    breaks = [
        i + 1
        for i in unlike
        if not (x1[i] - x0[i]) * (_ASIDE - 1) <= x0[i + 1] - x1[i] <= _WORD_GAP * (bottom[i] - top[i])
        or max(abs(top[i] - top[i + 1]), abs(bottom[i] - bottom[i + 1])) > _HAIR * (bottom[i] - top[i])
    ]
    return [
        Run(texts[i], x0[i], top[i], x1[i], bottom[i])
        if j == i + 1
        else Run("".join(texts[i:j]), x0[i], top[i], max(x1[i:j]), bottom[i], x0[i:j], x1[i:j])
        for i, j in pairwise([0, *breaks, len(texts)])
    ]


def lines_of(runs: Sequence[Run]) -> list[list[Run]]:
    """The runs as lines from top to bottom, each from left to right; those that reach into each other taken apart."""
    lines: list[list[Run]] = []
    bands: list[tuple[float, float]] = []  # middle and height of each line
    for run in runs:
        height = run.bottom - run.top
        middle = (run.top + run.bottom) / 2
        for index in range(len(lines) - 1, -1, -1):
            line_middle, line_height = bands[index]
            if abs(middle - line_middle) <= _SAME_LINE * min(height, line_height):
                lines[index].append(run)
                break
        else:
            lines.append([run])
            bands.append((middle, height))
    if len(lines) == 1:
        return [_in_order(lines[0])]
    order = sorted(range(len(lines)), key=lambda index: bands[index][0])
    return [_in_order(lines[index]) for index in order]


def _in_order(line: list[Run]) -> list[Run]:
    if len(line) == 1:
        return line
    ordered = sorted(line, key=lambda run: run.x0)
    if all(following.x0 >= _aside(run) for run, following in pairwise(ordered)):
        return ordered
    return _without_doubles(sorted((c for run in line for c in run.characters()), key=lambda run: run.x0))


def _aside(run: Run) -> float:
    """How far right of a run's last character another begins, if it is not printed over it."""
    last = run.starts[-1] if run.starts else run.x0
    return last + _ASIDE * (run.x1 - last)


def _without_doubles(line: list[Run]) -> list[Run]:
    """Characters without those that are printed again over themselves, a little aside, to look bold."""
    kept: list[Run] = []
    for character in line:
        near = reversed(kept[-_DOUBLES:])
        if not any(other.text == character.text and character.x0 < _aside(other) for other in near):
            kept.append(character)
    return kept


def text_of(runs: Sequence[Run]) -> str:
    """The text of a cell, its lines separated by line breaks, without spaces at their ends."""
    if len(runs) == 1:
        return runs[0].text.strip()
    return "\n".join(stripped for line in lines_of(runs) if (stripped := "".join(run.text for run in line).strip()))


def spaced_text_of(line: Sequence[Run]) -> str:
    """The text of one line outside a table: gaps wider than half its height become one space."""
    parts: list[str] = []
    previous: Run | None = None
    for run in line:
        if previous is not None and run.x0 - previous.x1 > _WORD_GAP * (run.bottom - run.top):
            parts.append(" ")
        parts.append(run.text)
        previous = run
    return " ".join("".join(parts).split())


def box_of(runs: Sequence[Run]) -> BBox:
    """The box around runs."""
    return (
        min(run.x0 for run in runs),
        min(run.top for run in runs),
        max(run.x1 for run in runs),
        max(run.bottom for run in runs),
    )
