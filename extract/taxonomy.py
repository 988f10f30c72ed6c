"""The taxonomy of indicators: which names it knows, which level 1 a level 2 belongs to, what a code means.

Names count with and without their trailing 指标.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from extract.vocabularies import vocabulary

_WORDS = vocabulary("levels")
_LEVEL_2: Mapping[str, Sequence[str]] = _WORDS["level_2"]
_CODES: Mapping[str, Sequence[str]] = _WORDS["codes"]


def bare(name: str) -> str:
    """A level's name without its trailing 指标: 产出 of 产出指标."""
    return name.removesuffix("指标")


def is_level(name: str) -> bool:
    """Whether the taxonomy knows a name, at either level."""
    return is_level_1(name) or bare(name) in _LEVEL_2


def is_level_1(name: str) -> bool:
    """Whether the taxonomy knows a name as a level 1."""
    return bare(name) in _WORDS["level_1"]


def levels_1_of(level_2: str) -> Sequence[str]:
    """The bare names of the levels 1 that a level 2 may stand under; empty where the taxonomy does not know it."""
    return _LEVEL_2.get(bare(level_2), ())


def names_of(code: str) -> Sequence[str]:
    """The bare names that a printed code may stand beside; empty for a code that the taxonomy does not know."""
    return _CODES.get(code, ())
