"""Numbered paragraphs of a DOCX → the numbers that they print, of which the file keeps only how they are counted."""

from __future__ import annotations

import re
from dataclasses import dataclass

from extract.readers.package import Element, Package

_PLACE = re.compile(r"%(\d)")
_CHINESE = "零一二三四五六七八九"
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_CHINESE_FORMATS = ("chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting")


@dataclass(frozen=True, slots=True)
class _Level:
    """How a level of a list numbers its paragraphs."""

    start: int
    number_format: str
    text: str


class Numbering:
    """The lists of a document, and how far each has counted."""

    def __init__(self, package: Package, name: str | None) -> None:
        self._levels: dict[tuple[str, int], _Level] = {}
        self._lists: dict[str, str] = {}
        self._counts: dict[str, dict[int, int]] = {}
        if name is None or not package.holds(name):
            return
        root = package.tree(name)
        for abstract in root.iterfind("{*}abstractNum"):
            for level in abstract.iterfind("{*}lvl"):
                key = _value(abstract, "abstractNumId"), int(_value(level, "ilvl") or 0)
                self._levels[key] = _Level(
                    int(_value(level.find("{*}start")) or 1),
                    _value(level.find("{*}numFmt")) or "decimal",
                    _value(level.find("{*}lvlText")),
                )
        for number in root.iterfind("{*}num"):
            self._lists[_value(number, "numId")] = _value(number.find("{*}abstractNumId"))

    def label_of(self, paragraph: Element) -> str:
        """What a paragraph prints before its text; counts on. Empty where it is not numbered, or by a bullet."""
        properties = paragraph.find("{*}pPr/{*}numPr")
        if properties is None:
            return ""
        number_id = _value(properties.find("{*}numId"))
        depth = int(_value(properties.find("{*}ilvl")) or 0)
        abstract = self._lists.get(number_id, "")
        level = self._levels.get((abstract, depth))
        if level is None:
            return ""
        counts = self._counts.setdefault(abstract, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [other for other in counts if other > depth]:
            del counts[deeper]
        if level.number_format in ("bullet", "none"):
            return ""
        return _PLACE.sub(lambda match: self._number(abstract, int(match[1]) - 1, counts), level.text)

    def _number(self, abstract: str, depth: int, counts: dict[int, int]) -> str:
        level = self._levels.get((abstract, depth))
        if level is None:
            return ""
        return _written(counts.get(depth, level.start), level.number_format)


def _written(number: int, number_format: str) -> str:
    if number_format in _CHINESE_FORMATS and 0 < number < 100:
        tens, ones = divmod(number, 10)
        head = "" if tens == 0 else "十" if tens == 1 else f"{_CHINESE[tens]}十"
        return head + (_CHINESE[ones] if ones or not tens else "")
    if number_format.startswith("decimalEnclosedCircle") and number < len(_CIRCLED):
        return _CIRCLED[number]
    if number_format == "decimalFullWidth":
        return str(number).translate(_WIDE)
    if number_format in ("lowerLetter", "upperLetter") and 0 < number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter if number_format == "lowerLetter" else letter.upper()
    return str(number)


def _value(element: Element | None, name: str = "val") -> str:
    if element is None:
        return ""
    return next((str(value) for key, value in element.attrib.items() if key.rsplit("}", 1)[-1] == name), "")
