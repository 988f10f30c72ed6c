"""Characters outside ruled tables → lines of segments: what stands together on a line, apart from its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from extract.readers.characters import Run, box_of, lines_of

_SPACED_LABEL = 2.5  # em between the single characters of a label that is spaced out: 总　计
_NUMERIC = re.compile(r"[-—–]?[\d０-９][\d０-９,，.．]*[%％]?|[-—–]")
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*(?:第\s*)?\d+\s*(?:页)?(?:\s*[,，/／]?\s*共?\s*\d+\s*页?)?[-—–－·\s]*")


@dataclass(frozen=True, slots=True)
class Segment:
    """Characters of one line without a wider gap between them; the box is in points from the top left."""

    characters: tuple[Run, ...]
    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def text(self) -> str:
        """The characters from left to right."""
        return "".join(character.text for character in self.characters)

    @property
    def centre(self) -> float:
        """The middle between left and right edge."""
        return (self.x0 + self.x1) / 2

    @property
    def is_numeric(self) -> bool:
        """Whether it is a number, or the dash that stands for none."""
        return _NUMERIC.fullmatch(self.text) is not None


@dataclass(frozen=True, slots=True)
class SegmentedLine:
    """One line of a page: its print and its white space apart, its middle, the width of a full character in points."""

    characters: tuple[Run, ...]
    spaces: tuple[Run, ...]
    middle: float
    em: float

    def segments(self, gap: float) -> list[Segment]:
        """The parts of the line that stand at least ``gap`` points apart."""
        groups = [[self.characters[0]]]
        reached = self.characters[0].x1
        for character in self.characters[1:]:
            if character.x0 - reached >= gap:
                groups.append([])
            groups[-1].append(character)
            reached = max(reached, character.x1)
        return [_segment(group) for group in groups]

    def labels(self, gap: float) -> list[Segment]:
        """Its segments, single characters of a label that is spaced out put together again."""
        found: list[list[Segment]] = []
        for segment in self.segments(gap):
            last = found[-1][-1] if found else None
            is_spaced = (
                last is not None and len(last.text) == len(segment.text) == 1 and not segment.is_numeric
            ) and segment.x0 - last.x1 <= _SPACED_LABEL * self.em
            if is_spaced:
                found[-1].append(segment)
            else:
                found.append([segment])
        return [_segment([c for part in parts for c in part.characters]) for parts in found]

    @property
    def text(self) -> str:
        """The characters from left to right."""
        return "".join(character.text for character in self.characters)

    @property
    def is_page_number(self) -> bool:
        """Whether the line says nothing but a page's number."""
        return _PAGE_NUMBER.fullmatch(self.text) is not None


def segmented(characters: Sequence[Run]) -> list[SegmentedLine]:
    """The lines of characters from top to bottom; lines of white space only are none."""
    found = []
    for line in lines_of(characters):
        printed = tuple(character for character in line if not character.text.isspace())
        if printed:
            spaces = tuple(character for character in line if character.text.isspace())
            found.append(SegmentedLine(printed, spaces, median(c.middle_y for c in printed), em_of(printed)))
    return found


def em_of(characters: Sequence[Run]) -> float:
    """The width of a full character in points, guessed from the height where none is printed."""
    full = [c.x1 - c.x0 for c in characters if ord(c.text[0]) >= 0x2E80]
    return median(full) if full else 0.75 * median(c.bottom - c.top for c in characters)


def _segment(characters: Sequence[Run]) -> Segment:
    return Segment(tuple(characters), *box_of(characters))
