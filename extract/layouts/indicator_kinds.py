"""A cell that sorts indicators by kind (1.数量指标：展会≥3场；…) → indicators, names and targets told apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extract.records import Indicator, Part, Target
from extract.targets import parse_target
from extract.vocabularies import vocabulary
from extract.wording import joined_chinese, tidy_name

_KINDS = sorted((kind for kind in vocabulary("indicator_rows")["level_words"]), key=len, reverse=True)
_LEVELS = vocabulary("levels")
_BRACKETED_NUMBER = r"[（(]\s*(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s*[）)]|[①-⑳]"
_KIND = re.compile(
    rf"(?:(?<![\d.．])(?P<number>\d{{1,3}})\s*[、.．]\s*|(?:{_BRACKETED_NUMBER})\s*|(?P<heading>[一二三四五六七八九十]、\s*)|)"
    rf"(?P<kind>{'|'.join(kind for kind in _KINDS if kind.endswith('指标'))})"
    rf"\s*(?:[:：]|(?(heading)(?=\d{{1,2}}\s*[、.．]|{_BRACKETED_NUMBER})|(?!)))"
)
_NEXT = re.compile(rf"[；;。]|(?={_BRACKETED_NUMBER})|(?<![\d.．])(?=\d{{1,2}}\s*[、．](?!\d))")
_OWN_NUMBER = re.compile(rf"^(?:(?:{_BRACKETED_NUMBER})|\d{{1,2}}\s*[、．.](?!\d))\s*")
_OPERATOR = re.compile(
    r"[≥≤><＞＜=＝≧≦]|大于等于|小于等于|不少于|不低于|不高于|不超过|不大于|不小于|控制在|达到|大于|小于|高于|低于|超过"
)
_LAST_NUMBER = re.compile(
    r"(?P<name>.*[^\d.,:：%年月日至~～\-—－第约])(?P<target>约?\d[\d,]*(?:\.\d+)?(?:[:：]\d+)?(?:%|[\u4e00-\u9fff/]{1,5})?)"
)
_ENDS = "，,、:： "


@dataclass(frozen=True, slots=True)
class Kinds:
    """The indicators of a cell, and what stands before the first kind and belongs to none."""

    indicators: tuple[Indicator, ...]
    before: str


def read_kinds(cell_text: str, locator: Sequence[Part], fiscal_year: int | None) -> Kinds | None:
    """The indicators of a cell whose kinds head them; None where no kind stands, or no target can be told apart.

    A kind that heads other kinds is their level 1; a kind of the second level alone says nothing of the first.
    """
    text = joined_chinese(cell_text)
    starts = list(_KIND.finditer(text))
    if not starts:
        return None
    ends = [start.start() for start in starts[1:]] + [len(text)]
    kinds = [start["kind"] for start in starts]
    indicators: list[Indicator] = []
    level_1: str | None = None
    for start, end in zip(starts, ends, strict=True):
        kind = start["kind"]
        items = list(_items(text[start.end() : end]))
        is_first = _is_level_1(kind, kinds)
        if is_first:
            level_1 = kind
        elif level_1 is not None and level_1.removesuffix("指标") not in _parents(kind):
            level_1 = None
        for item in items:
            name, target = _split(item)
            indicators.append(
                Indicator(
                    position=len(indicators) + 1,
                    number=start["number"],
                    level_1_code=None,
                    level_1=level_1,
                    level_2_code=None,
                    level_2=None if is_first else kind,
                    name=tidy_name(name) or kind,
                    weight=None,
                    targets=(Target("annual", target, parse_target(target, fiscal_year=fiscal_year)),),
                    locator=tuple(locator),
                )
            )
    if not any(target.text for indicator in indicators for target in indicator.targets):
        return None
    return Kinds(tuple(indicators), text[: starts[0].start()].strip(_ENDS + "；;。"))


def _is_level_1(kind: str, kinds: Sequence[str]) -> bool:
    """Whether a kind is of the first level; 成本指标 among kinds of the second is one of them."""
    name = kind.removesuffix("指标")
    if name not in _LEVELS["level_1"]:
        return False
    others = {other.removesuffix("指标") for other in kinds}
    return name not in _LEVELS["level_2"] or not others & {"数量", "质量", "时效"}


def _parents(kind: str) -> Sequence[str]:
    return tuple(_LEVELS["level_2"].get(kind.removesuffix("指标"), ()))


def _items(body: str) -> Iterator[str]:
    for item in _NEXT.split(body):
        printed = _OWN_NUMBER.sub("", item.strip(_ENDS)).strip(_ENDS)
        if printed:
            yield printed


def _split(item: str) -> tuple[str, str]:
    """Name and target of one indicator: at a colon, an operator, or the number that closes it; else a name alone."""
    name, colon, behind = item.rpartition("：") if "：" in item else item.rpartition(":")
    is_ratio = name[-1:].isdigit() and behind[:1].isdigit()
    if colon and behind.strip(_ENDS) and not is_ratio:
        return name, behind.strip(_ENDS)
    operator = _OPERATOR.search(item)
    if operator:
        return item[: operator.start()].strip(_ENDS), item[operator.start() :]
    number = _LAST_NUMBER.fullmatch(item)
    if number:
        return number["name"].strip(_ENDS), number["target"]
    return ("", item) if item[0].isdigit() else (item, "")
