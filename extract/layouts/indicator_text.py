"""The text of an indicator cell → indicators with their targets: three grammars of Guangdong lists, and kinds."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extract.layouts.indicator_kinds import read_kinds
from extract.records import Indicator, Part, Period, Target
from extract.targets import parse_target
from extract.vocabularies import vocabulary
from extract.wording import joined_chinese, tidy_name

_WORDS = vocabulary("indicators")
_PERIODS: dict[str, Period] = _WORDS["periods"]
_SEPARATORS = "；;，,。、 "
_ENDS = ("。", "；", ";")
_START = re.compile(
    r"(?P<number>\d(?<![\d.．]\d)\d{0,2})\s*[、.．]\s*"
    r"(?:(?P<code>\d)\s*[-－—–]\s*)?(?P<name>[^；;，,:：。、.．\s\d]{0,6}指标)"
    r"\s*[；;，,:：]"
)
_LEVEL_2 = re.compile(r"\s*(?P<code>\d{2})\s*[-－—–]\s*(?P<name>[^；;，,:：]+)[；;，,:：]")
_MARKER = re.compile(rf"[；;，,。]?\s*(?P<marker>{'|'.join(_PERIODS)})\s*[:：]?")
# a cell cut inside a marker ends in a beginning of it
_CUT_MARKER = re.compile(rf"[；;，,]\s*(?:{'|'.join(m[:n] for m in _PERIODS for n in range(len(m) - 1, 0, -1))})$")


_Body = tuple[re.Match[str], str, list[re.Match[str]]]
"""How an indicator starts, the text from there to the next one, and the markers of values in it."""


@dataclass(frozen=True, slots=True)
class IndicatorText:
    """What a cell of indicators holds: the indicators, texts that belong to none, and whether the last is cut."""

    indicators: tuple[Indicator, ...]
    unread: tuple[str, ...]
    is_cut: bool


def read_indicators(cell_text: str, locator: Sequence[Part], fiscal_year: int | None) -> IndicatorText:
    """The indicators of a cell in printed order, the annual target of each first."""
    text = joined_chinese(cell_text)
    if _MARKER.search(text) is None and (kinds := read_kinds(cell_text, locator, fiscal_year)) is not None:
        return IndicatorText(kinds.indicators, (kinds.before,) if kinds.before else (), False)
    starts = list(_START.finditer(text))
    bodies = [(start, body, list(_MARKER.finditer(body))) for start, body in _with_bodies(starts, text)]
    indicators = tuple(
        _indicator(position, body, tuple(locator), fiscal_year) for position, body in enumerate(bodies, 1)
    )
    before = (text[: starts[0].start()] if starts else text).strip(_SEPARATORS)
    unread = ([before] if before else []) + [
        rest for _, body, markers in bodies if (rest := _second_values(body, markers))
    ]
    is_cut = bool(indicators) and not text.endswith(_ENDS) and not any(t.text for t in indicators[-1].targets)
    return IndicatorText(indicators, tuple(unread), is_cut)


def starts_indicators(text: str) -> bool:
    """Whether a text begins with the first words of an indicator."""
    return _START.match(text.lstrip()) is not None


def indicators_start(text: str) -> int | None:
    """Where in a text its first indicator begins."""
    start = _START.search(text)
    return None if start is None else start.start()


def _with_bodies(marks: Sequence[re.Match[str]], text: str) -> list[tuple[re.Match[str], str]]:
    """Each mark with the text from its end to the next mark."""
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    return [(mark, text[mark.end() : end]) for mark, end in zip(marks, ends, strict=False)]


def _indicator(position: int, printed: _Body, locator: tuple[Part, ...], fiscal_year: int | None) -> Indicator:
    start, body, markers = printed
    level_2 = _LEVEL_2.match(body)
    begin = level_2.end() if level_2 else 0
    if markers and markers[0].start() < begin:
        markers = list(_MARKER.finditer(body, begin))
    name = body[begin : markers[0].start()] if markers else _CUT_MARKER.sub("", body[begin:])
    return Indicator(
        position=position,
        number=start["number"],
        level_1_code=start["code"],
        level_1=start["name"],
        level_2_code=level_2["code"] if level_2 else None,
        level_2=level_2["name"].strip() if level_2 else None,
        name=tidy_name(name.strip(_SEPARATORS)),
        weight=None,
        targets=_targets(body, markers, fiscal_year),
        locator=locator,
    )


def _second_values(body: str, markers: Sequence[re.Match[str]]) -> str:
    """The text from a second value of the same period on: an indicator whose beginning was not recognised."""
    seen: set[str] = set()
    for marker in markers:
        if marker["marker"] in seen:
            return body[marker.start() :].strip(_SEPARATORS)
        seen.add(marker["marker"])
    return ""


def _targets(body: str, markers: list[re.Match[str]], fiscal_year: int | None) -> tuple[Target, ...]:
    texts: dict[Period, str] = {}
    for marker, printed in _with_bodies(markers, body):
        texts.setdefault(_PERIODS[marker["marker"]], printed.strip(_SEPARATORS))
    periods: list[Period] = [period for period in _PERIODS.values() if period in texts] or ["annual"]
    return tuple(
        Target(period, text, parse_target(text, fiscal_year=fiscal_year))
        for period in periods
        for text in [texts.get(period, "")]
    )
