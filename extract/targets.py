"""The text of a target value → its components: quantities, dates and qualities, as printed and never corrected.

The way of a text: fold look-alike characters one for one (positions still point into the print), mask digits that
count nothing, find quantities and dates from left to right, then give the words between them to their neighbours.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import gcd
from typing import NamedTuple, cast

from extract.records import Comparator, TargetComponent
from extract.vocabularies import vocabulary
from extract.wording import unspaced

_WORDS = vocabulary("targets")
_DATE_WORDS = _WORDS["dates"]
_NUMERALS: dict[str, int] = _WORDS["numerals"]
_SCALES: dict[str, int] = _WORDS["scales"]
_UNITS: dict[str, list[str]] = _WORDS["units"]
_FOLDS = str.maketrans({**{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}, **_WORDS["folds"]})
_CHINESE_YEAR = re.compile("二[〇零○][〇零○一二三四五六七八九]{2}(?=年)")
_YEAR_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_PLAIN_NUMERALS = str.maketrans(_WORDS["capitals"])
_CAPITAL_SIGNS = frozenset(_WORDS["capitals"])
_CAPITAL = f"[{''.join(_WORDS['capitals'])}]"
_CAPITALS = re.compile(
    rf"(?<!{_CAPITAL})(?:(?=[万亿零]*{_CAPITAL}[万亿零]*{_CAPITAL})|(?![{_WORDS['ambiguous_capitals']}])(?={_CAPITAL})"
    rf"|(?<![一-鿿])(?=[{_WORDS['ambiguous_capitals']}][万亿]))(?:{_CAPITAL}[万亿零]*)+"
)
_LETTER_SCALE = re.compile(rf"(?<=[0-9])[Ww](?={'|'.join(_WORDS['w_is_a_scale_before'])})")
_MASK = "\ue000"  # stands for characters in which no quantity is looked for
_MOST_DIGITS = 15  # longer numbers are codes
_BEYOND = 10**18  # no value of a target is that large
_LONGEST_ATTRIBUTE = 10  # more words after a date than this, and the date belongs to a sentence


# --- patterns over folded text ---------------------------------------------------------------------------------------


@lru_cache(maxsize=20_000)  # cells beside values, and a text that is masked, compared and doubted
def _folded(text: str) -> str:
    """The text with look-alikes as one character each: years in Chinese digits (二〇二六年), 伍拾, the W of 10W元."""
    folded = text.translate(_FOLDS)
    if "二" in folded:
        folded = _CHINESE_YEAR.sub(lambda year: year[0].translate(_YEAR_DIGITS), folded)
    if not _CAPITAL_SIGNS.isdisjoint(folded):
        folded = _CAPITALS.sub(lambda numeral: numeral[0].translate(_PLAIN_NUMERALS), folded)
    return _LETTER_SCALE.sub("万", folded) if "W" in folded or "w" in folded else folded


def _any_of(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first; those of one character as a class, which compiles faster."""
    ordered = sorted(map(_folded, words), key=len, reverse=True)
    longer = [re.escape(word) for word in ordered if len(word) > 1]
    signs = re.escape("".join(word for word in ordered if len(word) == 1))
    return f"(?:{_first_of(ordered)}(?:{'|'.join([*longer, *([f'[{signs}]'] if signs else [])])}))"


def _first_of(words: Iterable[str]) -> str:
    """A pattern that looks whether one of the words may begin here: patterns of many words fail fast behind it."""
    return f"(?=[{re.escape(''.join(sorted({word[0] for word in words})))}])"


def _by_word(groups: dict[str, list[str]]) -> dict[str, Comparator]:
    """Comparator → words, turned round."""
    return {_folded(word): cast(Comparator, comparator) for comparator, words in groups.items() for word in words}


def _operator_pattern(words: Iterable[str]) -> str:
    """A pattern for any of the operators, but not as the end of another word (约, not 节约)."""
    guards: dict[str, str] = _WORDS["not_after"]
    ordered = sorted(words, key=len, reverse=True)
    guarded = ((f"(?<![{guards[w]}])" if w in guards else "") + re.escape(w) for w in ordered)
    return f"(?:{_first_of(ordered)}(?:{'|'.join(guarded)}))"


_COMPARATORS = _by_word(_WORDS["signs"]) | _by_word(_WORDS["words_before"])
_AFTER_COMPARATORS = _by_word(_WORDS["words_after"])
_SIGN = rf"(?:(?!~){_any_of(_by_word(_WORDS['signs']))})"
_OPERATOR = _operator_pattern(_COMPARATORS)
_WORD_OPERATOR = _operator_pattern(
    set(_by_word(_WORDS["words_before"])) - {_folded(word) for word in _WORDS["only_before_numbers"]}
)
_STRONG_WORD = _operator_pattern(
    set(_by_word(_WORDS["words_before"]))
    - {_folded(word) for word in (*_WORDS["only_before_numbers"], *_WORDS["weak_words"])}
)
_AFTER = _any_of(_AFTER_COMPARATORS)

_ONE_OPERATOR = re.compile(_OPERATOR)
_END = rf"(?=[;,。、!?/)\]{_MASK}]|\.(?![0-9])|$)"
_AT_END = re.compile(_END)
_DASH = r"(?:-{1,3}|~|至|到|_)"
_DIGITS = r"(?:(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?|(?<![^≤≥<>=~])\.[0-9]+)"
_NUMERAL = (
    rf"(?:(?<![{_WORDS['not_before_numerals']}])[一二两三四五六七八九十半][零〇一二两三四五六七八九十百千万亿]{{0,14}}"
    rf"|零(?={_any_of(_WORDS['counted_by_none'])})|(?<![^≤≥<>=])零(?={_END}))"
)
_NUMBER = rf"(?:{_DIGITS}|{_NUMERAL})"
_FRACTION = (
    r"(?P<whole>[一二三四五六七八九十百千万亿]+)分(?:之|(?<=百分)(?=百))"  # 百分之百, 百分百
    rf"(?P<part>{_DIGITS}|[零一二两三四五六七八九十百]+)"
)
_SCALE = rf"(?:(?!{_any_of(_WORDS['not_scales'])}){_any_of(_SCALES)})"
_TIME = _any_of(_UNITS["time"])
_ONE_UNIT = (
    rf"(?:{_any_of(unit for group in _UNITS.values() for unit in group)}(?:次(?![{_WORDS['not_after_times']}]))?"
    r"|[A-Za-zµ]{1,5}[23²³]?(?![A-Za-z0-9]))"
)
_UNIT = rf"(?:{_ONE_UNIT}(?:\({_ONE_UNIT}(?:、{_ONE_UNIT})*\)|(?:、{_ONE_UNIT})+{_END})?)"  # 台(套), 人、户
_PER = (
    rf"(?:/{_ONE_UNIT}(?:[/.、]?{_ONE_UNIT}){{0,4}}(?:\({_ONE_UNIT}\))?(?={_END}|{_AFTER}|内|标准|[0-9(<>=≤≥~])"
    rf"|/(?:10)?万[人户]{_END}|(?<=次)/[0-9一二两三]{{1,2}}{_TIME}(?=[;,。)]|$)|(?<=元)/[一-鿿]{{1,4}}{_END}|(?:每{_ONE_UNIT}){{1,4}}{_END})"
)
_EVERY = (
    rf"(?:(?:每一?(?:{_NUMBER})?(?:{_ONE_UNIT}|个(?:(?!每)[一-鿿]){{1,4}}?|(?!每)[一-鿿](?=每|[0-9]))){{1,4}}[各均]?"
    rf"|[日月年周季户人亩]均|{_NUMBER}{_TIME}(?={_NUMBER}次))"
)
_QUANTITY = re.compile(
    rf"(?P<every>{_EVERY})?(?P<operators>(?:{_OPERATOR}[有为:]?){{1,3}})?"
    rf"(?P<yuan>¥)?(?:{_FRACTION}|(?P<numerator>[0-9])÷(?P<denominator>[0-9]+)|(?P<minus>(?<![0-9A-Za-z一-鿿])-|(?<=[于过])-|±)?"
    rf"(?P<first>{_NUMBER})(?P<first_about>[余多])?(?P<first_scale>{_SCALE})?"
    rf"(?:(?=.*[-~至到_])(?P<first_unit>{_UNIT})?{_MASK}*{_DASH}¥?(?P<second>{_NUMBER})(?P<second_scale>{_SCALE})?)?"
    rf"(?P<about>[余多](?={_ONE_UNIT}|{_END}))?(?P<plus>\+(?={_ONE_UNIT}{_END}))?)"
    rf"(?P<unit>(?<!÷[0-9])(?<!÷10){_UNIT})?(?P<per>{_PER})?(?P<tolerance>\(?±{_DIGITS}%?\)?)?"
)
_PLUS = re.compile(rf"\+{_END}")  # 95%+
_SIMPLE_FRACTION = re.compile(
    rf"(?P<before>{_OPERATOR}[有为:]?)?(?<![0-9./])(?P<part>[1-9])/(?P<whole>[2-9]|10)(?![0-9./年月日号])(?P<after>{_AFTER})?"
)
_BARE_QUANTITY = re.compile(  # a unit that may begin with a scale word is read with it
    r"(?P<sign>[≥≤<>=])?(?P<number>[0-9]+(?:\.[0-9]+)?)"
    rf"(?!{_any_of(_SCALES)})(?:{_any_of(unit for group in _UNITS.values() for unit in group)})?"
)
_AFTER_QUANTITY = re.compile(rf"{_MASK}*(?P<word>{_AFTER})")
_MIRRORED_SIGN = re.compile(r"[<>≤≥](?=[一-鿿A-Za-z])")  # 80%≤满意度≤100%
_MIRRORED: dict[str, Comparator] = {"<": ">", ">": "<", "≤": ">=", "≥": "<="}
_JOINT_UNITS = frozenset(_WORDS["joint_units"])
_FREE_UNIT = re.compile(rf"(?!{_OPERATOR}|{_AFTER}|{_any_of(_WORDS['not_units'])})[一-鿿]{{1,4}}{_END}")
_WITHIN_TIME = re.compile(r"内(?![部容外河蒙地设业])")
_UNIT_CELL = re.compile(rf"(?P<scale>{_SCALE})?(?P<unit>{_UNIT})?(?P<per>{_PER})?")
_PERIOD = re.compile(rf"(?P<count>{_NUMBER})(?P<unit>{_TIME})")
_DOUBLED_SCALE = re.compile("[0-9]万万|[0-9]亿亿")
_DIGIT_RUN = re.compile(r"[0-9][0-9.,]*")
_IS_LAST = re.compile(rf"{_END}|{_AFTER}|{_WITHIN_TIME.pattern}")

_YEAR = r"(?:19|20)[0-9]{2}"
_DATE_NAMES = (*_DATE_WORDS["parts"], *_DATE_WORDS["year_ends"], *_DATE_WORDS["month_parts"])
_BEGINNING = re.compile(  # what a quantity or a date may begin with
    "[0-9]|" + _first_of([*_COMPARATORS, *_NUMERALS, *_DATE_NAMES, *".-±¥半每日月年周季户人亩第次翌当"])
)
_COUNT_SIGN = re.compile("[0-9]|" + _first_of([*_NUMERALS, "半"]))  # there is no quantity without one
_DATE_SIGN = re.compile(  # there is no date without one
    rf"[年月日号季]|{_YEAR}[./-]|20[0-4][0-9][01][0-9][0-3][0-9]|{_any_of(_DATE_NAMES)}"
)
_NOT_QUANTITY = re.compile(
    "|".join(p.replace("{unit}", _ONE_UNIT).replace("{end}", _END) for p in _WORDS["not_quantities"])
)
_NOTE = re.compile(r"[(（](?P<content>[^()（）]*)[)）]")
_UNIT_NOTE = re.compile(rf"{_ONE_UNIT}(?:、{_ONE_UNIT})*|±{_DIGITS}%?")
_NOTED_UNIT = re.compile(rf"\((?P<cell>{_SCALE}?{_UNIT}{_PER.replace(_END, '(?=[)])')}?|{_FREE_UNIT.pattern})\)")
_BOUND_NOTE = re.compile(rf"{_OPERATOR}[有为]?{_DIGITS}")
_VALUE_NOTE = re.compile(  # 6个（28万元）, 100%（每月一次）
    rf"(?!{_YEAR}年)(?:{_DIGITS}|{_EVERY}{_NUMBER}){_SCALE}?{_UNIT}{_PER.replace(_END, '$')}?"
)
_WRAPPED = re.compile(r"[（(]([^（()）]*)[)）]|[\"“]([^\"“”]*)[\"”]")
_BRACKETED = re.compile(r"^[（(](.+)[）)]$")
_FORMULA = re.compile(r"\*100%")
_BULLET = re.compile(r"[①-⑳]|(?:^|(?<=[;。,]))\((?:[0-9]{1,2}|[一二三四五六七八九十])\)")
_LIST_NUMBER = re.compile(r"(?:^|(?<=[;。,、!?]))(?P<number>[0-9]{1,2})[:、.)](?=[^0-9])")

_NUMERIC_DATE = re.compile(
    rf"(?P<year>{_YEAR})(?P<sign>[./-])(?P<month>[0-9]{{1,2}})(?P=sign)(?P<day>[0-9]{{1,2}})(?![0-9])"
)
_COMPACT_DATE = re.compile(
    rf"(?<![0-9A-Za-z号])(?P<year>20[0-4][0-9])(?!023|(?:0[469]|11)31)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12][0-9]|3[01])"
    rf"(?={_END}|{_any_of(_DATE_WORDS['until'])}|{_any_of(_DATE_WORDS['since'])}|{_any_of(_DATE_WORDS['done'])}|{_DASH}20[0-4][0-9])"
)
_NUMERIC_MONTH = re.compile(
    rf"(?P<year>20[0-4][0-9])[./-](?P<month>0[1-9]|1[0-2])(?P<day>)(?={_END}|{_DASH}20[0-4][0-9])"
)
_WORDED_DATE = re.compile(
    rf"(?P<next_year>次年|翌年|第二年)?(?:(?P<year>{_YEAR})(?:年度?|(?={_DASH}{_YEAR}年)))?"
    rf"(?:(?P<month>(?!一月[一两二三]次)(?:1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九]))(?:月份?|约{_END}|(?={_DASH}[0-9]{{1,2}}月)))?"
    rf"(?:(?P<day>[0-9]{{1,2}})(?:[日号](?:[0-9]{{1,2}}[时点]|{_MASK}{{4,5}})?|(?={_DASH}[0-9]{{1,2}}[日号])))?"
    rf"(?:第?(?P<quarter>[1-4一二三四])(?:季度|(?={_DASH}[1-4一二三四]季度)))?"
    rf"(?:(?<![0-9一二两三四五六七八九十半])(?P<part>{_any_of(_DATE_WORDS['parts'])}))?(?P<year_end>{_any_of(_DATE_WORDS['year_ends'])})?"
    rf"(?P<month_part>{_any_of(_DATE_WORDS['month_parts'])})?"
)
_MONTHLY_DATE = re.compile(
    rf"(?:每个?月|次月|当月)?[0-9]{{1,2}}[日号]{_any_of(_DATE_WORDS['until'])}"
    rf"|每个?(?:季度?|月度?|半年)[末底](?:{_any_of(_DATE_WORDS['until'])})?"
)
_MONTH_AND_DAY = re.compile(r"(?<![0-9])([0-9]{1,2})月([0-9]{1,2})[日号]")
_UNTIL = re.compile(_any_of(_DATE_WORDS["until"]))
_WITHIN = re.compile(_any_of(_DATE_WORDS["within"]))
_SINCE = re.compile(_any_of(_DATE_WORDS["since"]))
_OPEN_END = re.compile(r"(?:-+|至(?![少多今]))(?P<end>[一-鿿][^;,。/]*)")
_DATE_DASH = re.compile(_DASH)
_OPERATORS = re.compile(rf"(?:{_OPERATOR}){{1,3}}")
_DONE = re.compile(_any_of(_DATE_WORDS["done"]))
_COMPARED = re.compile(_any_of(_DATE_WORDS["compared"]) + "$")

_BREAK = re.compile(r"[;,。!?]")
_SENTENCE_END = re.compile("[;；。]")
_CLAUSE_END = re.compile("[;；。,，]")
_ANY_SIGN = re.compile(_SIGN)
_BEGINS_STRONG = re.compile(_STRONG_WORD)
_CLAUSE_BREAK = re.compile(r"[;,。!?、/]")
_EDGES = " \t、，,；;。.．:：!！?？/=＝—–-~～_+·"
_EDGES_BUT_SIGNS = _EDGES.translate({ord(sign): None for sign in "=＝~～"})
_BRACKETS = (("（", "）"), ("(", ")"), ("“", "”"), ('"', '"'), ("《", "》"), ("【", "】"), ("[", "]"), ("〔", "〕"))
_SUBJECT_END = re.compile(
    "(?:" + "|".join((f"(?<![{b}])" if b else "") + w for w, b in _WORDS["subject_ends"].items()) + ")$"
)
_COMPARISON = re.compile(
    rf"(?P<subject>[^,;。]*?)(?P<operator>{_SIGN}|{_WORD_OPERATOR})(?P<reference>[^,;。]+?)(?:{_AFTER}|(?<=[围限度标准算数额])内)?"
)
_SIGN_COMPARISON = re.compile(rf"(?P<subject>.*?)(?P<operator>{_SIGN})(?P<reference>.+)")
_BOUNDED = re.compile(rf"(?P<reference>[^,;。]{{1,20}}?)(?P<after>(?!左右|上下){_AFTER})")
_CUT = re.compile(rf"(?:[^,;。]+?(?={_SIGN}$))?(?P<operator>{_SIGN}|{_STRONG_WORD})")  # 满意度≥, 不少于
_OPERATOR_IN_WORDS = re.compile(rf"(?P<operator>{_SIGN}|{_WORD_OPERATOR}|{_any_of(_WORDS['adverbs'])})有?")
_LEADING_EVERY = re.compile(rf"(?:每(?!个[^月季工小]){_ONE_UNIT})++(?![末底初])")
_EVERY_TIME = re.compile(rf"每(?>{_TIME})(?![0-9级末底初])")
_BARE_VERB = re.compile(rf"(?P<verb>{_any_of(_WORDS['bare_verbs'])})(?P=verb)?")  # 每年开展至少开展一次
_LEADING_NOTE = re.compile(rf"^(?:{_NOTE.pattern})+".replace("?P<content>", ""))
_Values = tuple[Decimal | None, Decimal | None]
"""A value and the upper value of a range."""
_LIST_MARK = re.compile(r"^(?:[0-9０-９]{1,2}[:：、.．)）]|[①-⑳])")


# --- the way of a text -----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _View:
    """A text in three shapes of one length: as printed, folded, and with what is no quantity masked."""

    printed: str
    folded: str
    masked: str


@dataclass(slots=True)
class _Found:
    """A quantity or a date and its place; ``is_compared`` where the text itself prints how it compares."""

    start: int
    end: int
    component: TargetComponent
    is_compared: bool = False
    is_scaled: bool = False
    is_limit: bool = False
    is_broad: bool = False


@lru_cache(maxsize=20_000)  # a line often prints one target for both periods
def parse_target(
    text: str, *, operator: str | None = None, unit: str | None = None, fiscal_year: int | None = None
) -> tuple[TargetComponent, ...]:
    """The components of a target value in printed order, at least one; every text is understood somehow, none raises.

    ``operator`` and ``unit`` are the cells beside the value where a table has them; what the text itself prints wins.
    Scale words are multiplied out (万元 → 元), percent stays percent (unit ``%``), fractions in words become percent.
    A fraction like 1/3 is one only beside an operator (≥1/3, 1/3以上). Eight digits alone that are a day are that day.
    Dates without a year are in ``fiscal_year``; without one, ``reference`` keeps their words. ``subject`` is what is
    measured: the words before a value or, where none stand there, those after it. ``reference`` is what is compared
    with, or the quality itself. The rules: docs/target-values.md.
    """
    printed = _unwrapped(unspaced(text))
    operator_cell, unit_cell = _cells(operator, unit)
    if not printed.strip("。.;；,，、") or _folded(printed) in _WORDS["blanks"]:
        return (TargetComponent("missing"),)
    if operator_cell in _WORDS["qualitative_cells"] or _FORMULA.search(_folded(printed)):
        return (_quality(printed),)
    if unit_cell in ("年", "年度") and re.fullmatch(_YEAR, _folded(printed)):
        printed += "年"
    if unit_cell.endswith("元"):
        printed = re.sub("[¥￥]", "", printed)  # the cell says more
    if not _DATE_SIGN.search(_folded(printed)):
        if not _COUNT_SIGN.search(_folded(printed)):
            return tuple(_worded(part, operator_cell) for part in _comparisons(printed))
        if quantity := _bare_quantity(printed):
            return (_with_cells(quantity, operator_cell, unit_cell).component,)
    view = _masked(printed)
    founds = _scan(view, fiscal_year)
    is_day = not unit_cell and _COMPACT_DATE.fullmatch(view.folded)
    if (operator_cell or unit_cell) and re.fullmatch(_DIGITS, view.folded) and not is_day:
        founds = [found for found in [_quantity_at(view, 0)] if found]  # 2022.12 beside 万元 is no month
    if not founds and (open_notes := _without_codes(view.folded)) != view.masked:
        view = replace(view, masked=open_notes)
        founds = _scan(view, fiscal_year)
    if founds:
        return tuple(_arranged(view, [_with_cells(found, operator_cell, unit_cell) for found in founds]))
    return tuple(_worded(part, operator_cell) for part in _comparisons(printed))


def target_oddities(components: Sequence[TargetComponent], text: str, indicator: str = "") -> list[tuple[str, str]]:
    """What is suspicious about an indicator's printed value, as (code, message); the components keep it as printed."""
    folded = _folded(text)
    oddities = [oddity for component in components for oddity in _odd_values(component, indicator)]
    if "%%" in folded:
        oddities.append(("doubled_percent_sign", f"the percent sign is printed twice: {text}"))
    if _DOUBLED_SCALE.search(folded):
        oddities.append(("doubled_scale_word", f"a scale word is printed twice, both are multiplied out: {text}"))
    for month, day in _MONTH_AND_DAY.findall(folded):
        if not (1 <= int(month) <= 12 and 1 <= int(day) <= monthrange(2024, int(month))[1]):
            oddities.append(("impossible_date", f"the calendar has no {month}月{day}日: {text}"))
    return oddities


def _odd_values(component: TargetComponent, indicator: str) -> list[tuple[str, str]]:
    """What is odd about the value of one component."""
    value, upper = component.value, component.value_upper
    if component.comparator == "missing" and component.reference:
        return [("operator_without_value", f"an operator stands without a value: {component.reference}")]
    if value is None:
        return []
    if upper is not None and upper < value:
        return [("reversed_range", f"the range ends below its start: {value:f} to {upper:f}")]
    is_share = component.reference is None  # 上年支出的105% is none
    subject = component.subject or ""
    has_base = any(word in f"{indicator} {subject}" for word in _WORDS["may_exceed_100"])
    may_exceed = component.comparator in (">=", ">") or has_base or subject.endswith(tuple(_WORDS["changes"]))
    limit = 1000 if may_exceed else 100
    highest = value if upper is None else upper
    if is_share and component.unit == "%" and highest > limit:
        return [("percent_above_100", f"a percentage of {component.comparator} {highest:f} % is improbable")]
    return []


def _cells(operator: str | None, unit: str | None) -> tuple[str, str]:
    """The operator cell (folded) and the unit cell, the right way round: some tables print them swapped."""
    if not operator and not unit:
        return "", ""
    operator_cell, unit_cell = unspaced(operator or ""), unspaced(unit or "")
    is_swapped = _folded(unit_cell) in _COMPARATORS and _folded(operator_cell) not in _COMPARATORS
    return (_folded(unit_cell), operator_cell) if is_swapped else (_folded(operator_cell), unit_cell)


def _unwrapped(printed: str) -> str:
    """The text without brackets or quotes around the whole of it."""
    wrapped = _WRAPPED.fullmatch(printed)
    return (wrapped[1] or wrapped[2] or "") if wrapped else printed


def _quality(words: str) -> TargetComponent:
    return TargetComponent("qualitative", reference=words)


# --- masking ---------------------------------------------------------------------------------------------------------


def _masked(printed: str) -> _View:
    """The text with codes, titles, list numbers and remarks masked; a remark that prints a target is left open."""
    folded = _SIMPLE_FRACTION.sub(_with_division, _folded(printed))

    def mask_note(note: re.Match[str]) -> str:
        content = note["content"]
        is_open = _UNIT_NOTE.fullmatch(content) or _VALUE_NOTE.fullmatch(content) or _BOUND_NOTE.search(content)
        return note[0] if is_open else _MASK * len(note[0])

    return _View(printed, folded, _replaced(_NOTE, mask_note, _without_codes(folded)))


def _with_division(fraction: re.Match[str]) -> str:
    """1/3 with another sign, where something is compared with it: alone it may be two values, or a day of January."""
    part, whole = int(fraction["part"]), int(fraction["whole"])
    is_share = (fraction["before"] or fraction["after"]) and part < whole and gcd(part, whole) == 1
    return fraction[0].replace("/", "÷") if is_share else fraction[0]


def _replaced(pattern: re.Pattern[str], replacement: str | Callable[[re.Match[str]], str], text: str) -> str:
    """The text with every match replaced, also those that appear by replacing (a remark inside a remark)."""
    while (replaced := pattern.sub(replacement, text)) != text:
        text = replaced
    return text


def _without_codes(folded: str) -> str:
    """The folded text with titles, codes, formulas, ranks and the numbers of a list masked."""
    masked = _NOT_QUANTITY.sub(lambda code: _MASK * len(code[0]), folded)
    masked = _BULLET.sub(lambda bullet: _MASK * len(bullet[0]), masked)
    expected = 1
    for entry in list(_LIST_NUMBER.finditer(masked)):
        if int(entry["number"]) == expected:
            masked = masked[: entry.start()] + _MASK * len(entry[0]) + masked[entry.end() :]
            expected += 1
    return masked


# --- scanning --------------------------------------------------------------------------------------------------------


def _scan(view: _View, fiscal_year: int | None) -> list[_Found]:
    """The quantities and dates of a text, from left to right."""
    founds: list[_Found] = []
    position = 0
    has_dates = _DATE_SIGN.search(view.masked) is not None
    while beginning := _BEGINNING.search(view.masked, position):
        position = beginning.start()
        found = (_date_at(view, position, fiscal_year) if has_dates else None) or _quantity_at(view, position)
        if found:
            founds.append(found)
        digits = _DIGIT_RUN.match(view.masked, position)
        position = found.end if found else digits.end() if digits else position + 1
    return [found for found in founds if _stands(view, found, founds)]


def _bare_quantity(printed: str) -> _Found | None:
    """The quantity that a text without dates prints and nothing else, as most do: a sign, digits and a unit (≥95%)."""
    match = _BARE_QUANTITY.fullmatch(_folded(printed))
    value = _number(match["number"]) if match else None
    if match is None or value is None:
        return None
    comparator = _COMPARATORS[match["sign"]] if match["sign"] else None
    unit, per = _unit_and_per(printed[match.end("number") :], None, "")
    component = TargetComponent(comparator or "=", None, _plain(value), None, unit, per)
    return _Found(0, len(printed), component, is_compared=comparator is not None)


def _quantity_at(view: _View, position: int) -> _Found | None:
    """The quantity that begins at a position, with its operators, unit and per."""
    match = _QUANTITY.match(view.masked, position)
    values = _values(view, match) if match else None
    if not match or not values:
        return None
    end = match.end()
    unit = (
        "%"
        if match["whole"] or match["denominator"]
        else view.printed[match.start("unit") : match.end("unit")]
        if match["unit"]
        else None
    )
    unit = unit or ("元" if match["yuan"] else None)
    if not unit and not match["per"] and (free := _FREE_UNIT.match(view.masked, end)):
        unit, end = free[0], free.end()
    unit, per = _unit_and_per(unit, match["every"], view.printed[match.start("per") : match.end("per")])
    is_scaled = bool(match["first_scale"] or match["second_scale"])
    if not unit and (noted := _NOTED_UNIT.match(view.folded, end)):
        end = noted.end()
        cell = view.printed[noted.start("cell") : noted.end("cell")]
        values, unit, per = _in_unit(values, per, cell, is_scaled=is_scaled)
    after, end = _comparator_after(view, end, unit)
    is_about = bool(match["first_about"] or match["about"] or match["tolerance"] or match["minus"] == "±")
    after = ">=" if match["plus"] else after
    comparator = "between" if values[1] is not None else _comparator(match["operators"], after, is_about=is_about)
    component = TargetComponent(comparator or "=", None, *values, unit, per)
    return _Found(position, end, component, is_compared=comparator is not None, is_scaled=is_scaled)


def _comparator_after(view: _View, end: int, unit: str | None) -> tuple[Comparator | None, int]:
    """What the words after a quantity say of it, and where they end."""
    if after := _AFTER_QUANTITY.match(view.masked, end):
        return _AFTER_COMPARATORS[after["word"]], after.end()
    if plus := _PLUS.match(view.masked, end):
        return ">=", plus.end()
    if mirrored := _MIRRORED_SIGN.match(view.masked, end):
        return _MIRRORED[mirrored[0]], mirrored.end()
    if unit in _UNITS["time"] and (within := _WITHIN_TIME.match(view.masked, end)):
        return "<=", within.end()
    return None, end


def _values(view: _View, match: re.Match[str]) -> _Values | None:
    """The value and the upper value of a match, scale words multiplied out; None where it is no quantity."""
    if match["whole"]:
        whole, part = _number(match["whole"]), _number(match["part"])
        return (_plain(round(part * 100 / whole, 4)), None) if whole and part is not None else None
    if match["denominator"]:
        return _plain(round(Decimal(match["numerator"]) * 100 / Decimal(match["denominator"]), 4)), None
    if not _counts(view, match):
        return None
    first, second = _number(match["first"]), _number(match["second"]) if match["second"] else Decimal(0)
    if first is None or second is None:
        return None
    second_factor = _SCALES.get(match["second_scale"] or "", 1)
    shares_scale = match["second"] and not match["first_scale"] and not match["first_unit"]
    first_factor = second_factor if shares_scale else _SCALES.get(match["first_scale"] or "", 1)
    lower, upper = first * first_factor * (-1 if match["minus"] == "-" else 1), second * second_factor
    if max(abs(lower), upper) >= _BEYOND:
        return None
    return _plain(lower), _plain(upper) if match["second"] else None


def _counts(view: _View, match: re.Match[str]) -> bool:
    """Whether a number is a quantity: a numeral may be part of a name (三年行动方案), and 每年3月 is a date."""
    if match["first"] == "零":
        return True
    if match["first"][0].isascii():
        return not (match["every"] and not match["operators"] and _point_at(view, match.start("first")))
    unit = match["unit"]
    before = view.masked[match.start() - 1 : match.start()]
    if not unit or unit in _WORDS["not_counted_by_numerals"] or before == "每":
        return False
    is_told = match["operators"] or match["every"] or before == "各" or unit.endswith("次")
    return bool(is_told or _IS_LAST.match(view.masked, match.end()))


def _number(printed: str) -> Decimal | None:
    """Digits or a Chinese numeral (二十, 一百零五, 三万, 半) as a number; None for one too long to be a quantity."""
    if printed[0].isascii():
        digits = printed.replace(",", "")
        return Decimal(digits) if len(digits) <= _MOST_DIGITS else None
    if printed == "半":
        return Decimal("0.5")
    total = section = digit = 0
    for value in (_NUMERALS.get(character, 0) for character in printed):
        if value >= 10_000:
            total, section, digit = (total + section + digit or 1) * value, 0, 0
        elif value >= 10:
            section, digit = section + (digit or 1) * value, 0
        else:
            digit = value
    number = Decimal(total + section + digit)
    return number if number < 10**_MOST_DIGITS else None


def _plain(value: Decimal) -> Decimal:
    """The number without exponent and trailing zeros (18.30 × 10000 → 183000)."""
    if str(value).isdigit():
        return value
    return Decimal(f"{value.normalize():f}")


def _comparator(operators: str | None, after: Comparator | None, *, is_about: bool) -> Comparator | None:
    """What the words before and after a number say together: those after win over weak ones before."""
    printed: list[str] = [operators] if operators in _COMPARATORS else _ONE_OPERATOR.findall(operators or "")
    if printed and printed[-1] not in _WORDS["weak_words"]:
        return _COMPARATORS[printed[-1]]
    return after or ("~" if is_about else None) or (_COMPARATORS[printed[-1]] if printed else None)


def _unit_and_per(unit: str | None, every: str | None, per: str) -> tuple[str | None, str | None]:
    """The unit under its one name, and what it is per (/人/天 → 人·天, but 台/套 is one unit)."""
    joint = _folded(f"{unit or ''}{per}")
    if joint in _JOINT_UNITS:
        return joint, _per(every, "")
    bracketed = _BRACKETED.match(unit or "")
    bare = bracketed[1] if bracketed else unit or ""
    return _WORDS["unit_names"].get(_folded(bare), bare) or None, _per(every, per)


def _per(every: str | None, per: str) -> str | None:
    """What stands after 每 and /, joined by a dot: 每生每年 → 生·年, 2小时一次 → 2小时, 一年一次 → 年."""
    if not every and not per:
        return None
    parts: list[str] = []
    for part in re.split("[每均各]", every or ""):
        period = _PERIOD.fullmatch(part)
        if period and not part.startswith("半"):
            count = _number(period["count"])
            parts.append(period["unit"] if count == 1 else f"{count}{period['unit']}")
        else:
            parts.append(re.sub(r"^一?个(?![月工季小星年])", "", part))
    parts += re.split("[/／.．·•・、每]", per)
    return "·".join(part for part in parts if part) or None


def _with_cells(found: _Found, operator_cell: str, unit_cell: str) -> _Found:
    """The quantity with what its own text does not print taken from the cells beside it."""
    if not operator_cell and not unit_cell:
        return found
    component = found.component
    if component.comparator == "deadline":
        is_limited = component.deadline_end and _COMPARATORS.get(operator_cell) in ("<=", "<")
        return replace(found, component=replace(component, deadline_start=None)) if is_limited else found
    if not found.is_compared and operator_cell in _COMPARATORS:
        component = replace(component, comparator=_COMPARATORS[operator_cell])
    if component.unit is None and unit_cell:
        values = (component.value, component.value_upper)
        values, unit, per = _in_unit(values, component.per_unit, unit_cell, is_scaled=found.is_scaled)
        component = replace(component, value=values[0], value_upper=values[1], unit=unit, per_unit=per)
    return replace(found, component=component)


def _in_unit(
    values: _Values, per: str | None, printed: str, *, is_scaled: bool
) -> tuple[_Values, str | None, str | None]:
    """Values with unit and per in a unit printed apart from them (万元/年); a scale word that they have counts once."""
    parts = _UNIT_CELL.fullmatch(_folded(printed))
    factor = _SCALES.get(parts["scale"] or "", 1) if parts and not is_scaled else 1
    value, upper = values
    if parts is None or max(abs(value or Decimal(0)), upper or Decimal(0)) * factor >= _BEYOND:
        return values, printed, per
    unit = printed[parts.start("unit") : parts.end("unit")] if parts["unit"] else None
    unit, own_per = _unit_and_per(unit, None, printed[parts.start("per") : parts.end("per")])
    scaled = (None if value is None else _plain(value * factor), None if upper is None else _plain(upper * factor))
    return scaled, unit, per or own_per


# --- dates -----------------------------------------------------------------------------------------------------------


class _Point(NamedTuple):
    """A printed day, month or part of a year: its first and last (month, day), 0 being the last day of a month."""

    year: int | None
    first: tuple[int, int]
    last: tuple[int, int]
    has_month: bool
    is_moment: bool  # a day or an end: what is to be done by then
    end: int
    years_later: int = 0  # 次年


def _date_at(view: _View, position: int, fiscal_year: int | None) -> _Found | None:
    """The date or period that begins at a position, with the words that make it a limit (前, 底, 起)."""
    operators = _OPERATORS.match(view.masked, position)
    point = _point_at(view, operators.end() if operators else position)
    is_number = operators and _NUMERIC_MONTH.match(view.masked, operators.end())  # ≤2022.12
    if point is None or is_number or (operators and point.year is None):
        monthly = _MONTHLY_DATE.match(view.masked, position)
        if monthly is None:
            return None
        component = TargetComponent("deadline", reference=view.printed[position : monthly.end()])
        return _Found(position, monthly.end(), component, is_limit=True)
    dash = _DATE_DASH.match(view.masked, point.end)
    second = _point_at(view, dash.end(), point) if dash else None
    end = (second or point).end
    until, since, within = (word.match(view.masked, end) for word in (_UNTIL, _SINCE, _WITHIN))
    if within and point.year is None and point.has_month and not point.is_moment:
        return None  # 3月内 is a duration
    open_end = None if second else _OPEN_END.match(view.masked, end)
    last = open_end or until or since or within
    end = last.end() if last else end
    is_until = second is None and open_end is None and not since and bool(until or point.is_moment or operators)
    comparator = _comparator(operators[0], None, is_about=False) if operators else None
    is_level = comparator in (">=", ">") and not point.has_month and _AT_END.match(view.masked, end)
    if operators and comparator and is_level:  # 不低于2025年 is no deadline
        component = TargetComponent(comparator, reference=view.printed[operators.end() : end])
        return _Found(position, end, component, is_compared=True)
    first_day, last_day = _days(point, second or point, fiscal_year)
    first_day, last_day = None if is_until else first_day, None if since or open_end else last_day
    words = open_end["end"] if open_end else None if first_day or last_day else view.printed[position:end]
    component = TargetComponent("deadline", reference=words, deadline_start=first_day, deadline_end=last_day)
    is_limit = bool(last or (point.is_moment and not point.has_month))
    return _Found(position, end, component, is_limit=is_limit, is_broad=not point.has_month)


def _point_at(view: _View, position: int, earlier: _Point | None = None) -> _Point | None:
    """The day, month or part of a year at a position; a second one may leave out what the ``earlier`` one prints."""
    dates = (_NUMERIC_DATE, _COMPACT_DATE, _NUMERIC_MONTH)
    if numeric := next((match for date in dates if (match := date.match(view.masked, position))), None):
        return _point(int(numeric["year"]), int(numeric["month"]), int(numeric["day"] or 0), numeric.end())
    match = _WORDED_DATE.match(view.masked, position)
    if match is None or not match[0]:
        return None
    year = int(match["year"]) if match["year"] else earlier.year if earlier else None
    years_later = 1 if match["next_year"] else 0
    if match["month"]:
        is_duration = view.masked[position - 1 : position] == "后"  # 培训结束后1月
        is_misprint = match[0].endswith("约")  # 2022年12约
        if not match["year"] and (is_duration or is_misprint):
            return None
        month, day = int(_number(match["month"]) or 0), int(match["day"] or 0)
        point = _point(year, month, day, match.end(), match["month_part"])
        return point._replace(years_later=years_later) if point else None
    if match["day"]:
        return _point(year, earlier.first[0], int(match["day"]), match.end()) if earlier and earlier.has_month else None
    return _part_of_year(match, year)


def _part_of_year(match: re.Match[str], year: int | None) -> _Point | None:
    """A year, its end, a quarter, or another named part of it."""
    first, last = _DATE_WORDS["parts"].get(match["part"], (1, 12))
    if match["quarter"]:
        last = 3 * int(_number(match["quarter"]) or 1)
        first = last - 2
    elif not (match["year"] or match["part"] or match["year_end"]):
        return None
    is_moment = bool(match["year_end"] or match["month_part"])
    begin = (last, 0) if is_moment else (first, 1)
    return _Point(year, begin, (last, 0), has_month=False, is_moment=is_moment, end=match.end())


def _point(year: int | None, month: int, day: int, end: int, part: str | None = None) -> _Point | None:
    """A day, a part of a month (初, 上旬, 底) or a whole month; None for a month that no calendar has."""
    if not 1 <= month <= 12:
        return None
    first, last = (day, day) if day else _DATE_WORDS["month_parts"].get(part, (1, 0))
    return _Point(year, (month, first), (month, last), has_month=True, is_moment=first == last, end=end)


def _days(first: _Point, last: _Point, fiscal_year: int | None) -> tuple[date | None, date | None]:
    """The first and last day of a period; a day beyond its month's end counts as that end."""
    year = first.year or last.year or fiscal_year
    if year is None:
        return None, None
    has_turned = last.year is None and not last.years_later and last.first < first.first
    begin = _day(year + first.years_later, first.first)
    return begin, _day((last.year or year) + last.years_later + has_turned, last.last)


def _day(year: int, month_and_day: tuple[int, int]) -> date:
    month, day = month_and_day
    length = monthrange(year, month)[1]
    return date(year, month, min(day or length, length))


def _stands(view: _View, found: _Found, founds: Sequence[_Found]) -> bool:
    """Whether a date is a target of its own and not an attribute (2022年度方案, 比2025年提升, 1-12月执行率≥95%)."""
    if found.component.comparator != "deadline" or found.is_limit:
        return True
    quantities = [other for other in founds if other.component.comparator != "deadline"]
    if any(not _CLAUSE_BREAK.search(_between(view, found, other)) for other in quantities):
        return False
    before = _CLAUSE_BREAK.split(view.masked[: found.start])[-1]
    after = _CLAUSE_BREAK.split(view.masked[found.end :])[0]
    if _COMPARED.search(before):
        return False
    if _DONE.match(after):
        return True
    return (not after and before[-1:] in ("", ":")) if found.is_broad else len(after) <= _LONGEST_ATTRIBUTE


def _between(view: _View, one: _Found, other: _Found) -> str:
    """The words between two finds, whichever stands first."""
    return view.masked[min(one.end, other.end) : max(one.start, other.start)]


# --- words -----------------------------------------------------------------------------------------------------------


def _arranged(view: _View, founds: Sequence[_Found]) -> list[TargetComponent]:
    """The components of a text: what was found with its words, and clauses of mere words as qualities."""
    _, components, before = _gap(view, None, founds[0])
    for found, following in zip(founds, [*founds[1:], None], strict=True):
        after, qualities, next_before = _gap(view, found, following, has_subject=_subject(before) is not None)
        components += [_placed(found, before, after), *qualities]
        before = next_before
    return components


def _gap(
    view: _View, found: _Found | None, following: _Found | None, *, has_subject: bool = False
) -> tuple[str, list[TargetComponent], str]:
    """The words between two finds: those that belong to the first, clauses of their own, those of the second."""
    start = found.end if found else 0
    end = following.start if following else len(view.masked)
    if start == end:
        return "", [], ""
    words = view.printed[start:end]
    breaks = {match.start() for match in _BREAK.finditer(view.masked, start, end)}
    if found and view.masked[start:end].startswith(("/", "、")):
        breaks.add(start)
    if following and view.masked[start:end].endswith("/"):
        breaks.add(end - 1)
    if following and view.masked[start:end].endswith("且"):
        breaks.add(end - 1)
    if following and following.is_compared and _is_subject_of_its_own(view, start, end, breaks):
        breaks.discard(end - 1)  # 服务热线满意度，≥90%
    if found and following and not breaks:
        opening = view.masked.find("(", start, end)  # a remark that prints a target
        comma = view.masked.find("、", start, end) if opening < 0 else opening
        if comma < 0:
            return (
                ("", [], words)
                if has_subject or following.is_compared or _keeps_none(found, words)
                else (words, [], "")
            )
        breaks.add(comma)
    if not breaks:
        return (words, [], "") if found else ("", [], words)
    first, last = min(breaks), max(breaks)
    after = view.printed[start:first] if found else ""
    middle = view.printed[first + 1 if found else start : last if following else end]
    return after, _qualities(middle), view.printed[last + 1 : end] if following else ""


def _is_subject_of_its_own(view: _View, start: int, end: int, breaks: set[int]) -> bool:
    """Whether only a comma parts a comparison from the clause that says what is compared."""
    if view.masked[start:end][-1:] != ",":
        return False
    first = max((place + 1 for place in breaks if place < end - 1), default=start)
    return bool(_trimmed(view.printed[first:end])) and (start == 0 or first > start)


def _keeps_none(found: _Found, words: str) -> bool:
    """Whether words right after a find belong to the next one: 12月底前完成率100%, 20日内每月公示3日."""
    return not _DONE.fullmatch(words) if found.component.comparator == "deadline" else found.is_compared


def _qualities(words: str) -> list[TargetComponent]:
    """The clauses of mere words as components."""
    clauses = (_trimmed(_LIST_MARK.sub("", clause)) for clause in _SENTENCE_END.split(words))
    return [_worded(clause, "") for clause in clauses if clause and clause not in _WORDS["empty_subjects"]]


def _placed(found: _Found, before: str, after: str) -> TargetComponent:
    """What was found with its subject, and with an operator that stands further off (不少于企业数的60%)."""
    component, reference = found.component, found.component.reference
    if not before and not after:
        return component
    before = _LEADING_NOTE.sub("", before)
    operators = [] if found.is_compared else list(_OPERATOR_IN_WORDS.finditer(_folded(before)))
    if operators and component.comparator != "deadline":
        operator = operators[-1]
        between = before[operator.end() :]
        component = replace(component, comparator=_COMPARATORS[operator["operator"]])
        if operator["operator"] in _WORDS["adverbs"]:
            before = before[: operator.start()] + between
        else:
            before, reference = before[: operator.start()], _subject(_replaced(_NOTE, "", between))
    every = _LEADING_EVERY.match(_subject(before) or "") or _EVERY_TIME.search(before)
    if every and component.value is not None and not component.per_unit and component.unit not in _UNITS["shares"]:
        component = replace(component, per_unit=_per(every[0], ""))
        before = before.replace(every[0], "", 1)
    subject, rest = _subject(before), _subject(_replaced(_NOTE, "", after).removeprefix("的"))
    if verb := _BARE_VERB.fullmatch(subject or ""):
        subject = verb["verb"] + (rest or "")
    elif subject is None and rest and not _DONE.fullmatch(rest):
        subject = rest
    if subject == component.subject and reference == component.reference:
        return component
    return replace(component, subject=subject, reference=reference)


def _worded(words: str, operator_cell: str) -> TargetComponent:
    """Words without a quantity: a comparison with something that is no number, or a quality."""
    bare = words.strip(_EDGES_BUT_SIGNS)
    folded = _folded(bare)
    if cut := _CUT.fullmatch(folded):
        place = cut.start("operator")
        return TargetComponent("missing", subject=_subject(bare[:place]), reference=bare[place:])
    match = _COMPARISON.fullmatch(folded) or _SIGN_COMPARISON.fullmatch(folded)
    reference = _trimmed(bare[match.start("reference") : match.end("reference")]) if match else ""
    if match and reference:
        subject = _subject(bare[: match.end("subject")])
        return TargetComponent(_COMPARATORS[match["operator"]], subject=subject, reference=reference)
    if bounded := _BOUNDED.fullmatch(folded):
        return TargetComponent(_AFTER_COMPARATORS[bounded["after"]], reference=bare[: bounded.end("reference")])
    if operator_cell in _COMPARATORS:
        return TargetComponent(_COMPARATORS[operator_cell], reference=words)
    return _quality(words)


def _comparisons(printed: str) -> list[str]:
    """The clauses of a text without quantities, apart only where they compare: ≤政府限价；≥上年, 高于去年，有所改善."""
    parts = [part for part in _SENTENCE_END.split(printed) if part]
    if len(parts) > 1 and _ANY_SIGN.search(_folded(printed)):
        return parts
    clauses = [clause for clause in _CLAUSE_END.split(printed) if clause]
    if clauses == [printed]:
        return clauses
    compared = [clause for clause in clauses if _COMPARISON.fullmatch(_folded(clause))]
    return clauses if _BEGINS_STRONG.match(_folded(printed)) or compared == clauses else [printed]


@lru_cache(maxsize=20_000)
def _subject(words: str) -> str | None:
    """What is measured, without list numbers, punctuation and words that say nothing at its edges."""
    subject = _trimmed(_LIST_MARK.sub("", words))
    while (shorter := _trimmed(_SUBJECT_END.sub("", subject))) != subject:
        subject = shorter
    return None if subject in _WORDS["empty_subjects"] else subject or None


@lru_cache(maxsize=20_000)
def _trimmed(words: str) -> str:
    """The words without punctuation at their edges and without half a pair of brackets."""
    trimmed = words.strip(_EDGES)
    for opening, closing in _BRACKETS:
        if trimmed.count(opening) != trimmed.count(closing) or opening == closing:
            trimmed = trimmed.removeprefix(closing).removesuffix(opening)
            lacks_pair = trimmed.count(opening) != trimmed.count(closing)
            if lacks_pair and trimmed.count(opening) > trimmed.count(closing):
                trimmed = trimmed.removeprefix(opening)
            elif lacks_pair:
                trimmed = trimmed.removesuffix(closing)
    return trimmed if trimmed == words else _trimmed(trimmed)
