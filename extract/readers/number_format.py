"""A number and its format in a sheet → what the sheet prints: 1234.5 under #,##0.00 is 1,234.50.

The grammar is ECMA-376 part 1, 18.8.31: up to four sections for positive, negative, zero and text. What is not known
of it is left out of the print (colours, conditions, widths); a format without places for digits prints as General.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|[\\!](?P<escaped>.)"  # ! escapes in Chinese versions
    r"|_."  # room as wide as a character
    r"|\*."  # fill
    r"|\[(?P<bracket>[^\]]*)\]"
    r"|(?P<general>General)"
    r"|(?P<exponent>[Ee][+-]0+)"
    r"|(?P<ampm>AM/PM|A/P|上午/下午)"
    r"|(?P<date>[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|[aA]{3,4})"
    r"|(?P<digit>[0#?])"
    r"|(?P<other>.)",
    re.DOTALL | re.IGNORECASE,
)
_ELAPSED = re.compile(r"^(?:h+|m+|s+)$", re.IGNORECASE)
_CURRENCY = re.compile(r"^\$([^-]*)")
_CONDITION = re.compile(r"^(?P<sign><=|>=|<>|<|>|=)(?P<number>-?\d+(?:\.\d+)?)$")
_EPOCH, _EPOCH_1904 = datetime(1899, 12, 30), datetime(1904, 1, 1)  # noqa: DTZ001 (sheets know no time zones)
_SIGNIFICANT = 15  # digits that a sheet keeps of a number

BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0',
    6: '"¥"#,##0;"¥"-#,##0',
    7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;"¥"-#,##0.00',
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    12: "General",  # fractions, which money never is
    13: "General",
    14: "yyyy/m/d",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy/m/d h:mm",
    27: 'yyyy"年"m"月"',
    28: 'm"月"d"日"',
    29: 'm"月"d"日"',
    30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"',
    32: 'h"时"mm"分"',
    33: 'h"时"mm"分"ss"秒"',
    36: 'yyyy"年"m"月"',
    37: "#,##0;-#,##0",
    38: "#,##0;-#,##0",
    39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00",
    41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ',
    43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ',
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss.0",
    48: "##0.0E+0",
    49: "@",
    50: 'yyyy"年"m"月"',
    51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"',
    53: 'm"月"d"日"',
    54: 'm"月"d"日"',
    55: 'h"时"mm"分"',
    56: 'h"时"mm"分"ss"秒"',
    57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}
"""The formats that files name by number only, as Chinese versions of Excel print them."""

Token = tuple[str, str]


def printed_text(text: str, number_format: str) -> str:
    """What a sheet prints of a text: itself, unless its format's section for text says otherwise."""
    sections = _sections(number_format)
    own = [section for section in sections if any(token == ("other", "@") for token in section)]
    section = sections[3] if len(sections) > 3 else own[0] if own else None
    if section is None:
        return text
    return "".join(_literal(kind, value) if (kind, value) != ("other", "@") else text for kind, value in section)


def printed_number(value: float, number_format: str, *, is_1904: bool = False) -> str:
    """What a sheet prints of a number; dates are numbers of days, since 1904 where the workbook says so."""
    sections = _sections(number_format)
    section, is_own = _chosen(value, sections)
    if any(kind in ("date", "ampm") or (kind == "bracket" and _ELAPSED.match(text)) for kind, text in section):
        return _date(value, section, is_1904=is_1904)
    if not any(kind in ("digit", "general") or text == "@" for kind, text in section):
        literal = "".join(_literal(kind, text) for kind, text in section)
        return literal.strip() if literal or section or len(sections) > 1 else _plain(value)
    number = Decimal(f"{value:.{_SIGNIFICANT}g}")
    if is_own:
        number = abs(number)
    if not any(kind == "digit" for kind, _ in section):
        body = "".join(
            _plain(float(number)) if kind == "general" or text == "@" else _literal(kind, text)
            for kind, text in section
        )
        return body.strip()
    return _digits(number, section).strip()


def _plain(value: float) -> str:
    """A number under General: at most as many digits as a sheet keeps, and no exponent where one reads it without."""
    number = Decimal(f"{value:.{_SIGNIFICANT}g}")
    if number and not Decimal("1e-9") <= abs(number) < Decimal("1e20"):
        return f"{value:.5E}"
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=1024)
def _sections(number_format: str) -> tuple[tuple[Token, ...], ...]:
    sections: list[list[Token]] = [[]]
    for match in _TOKEN.finditer(number_format):
        kind = match.lastgroup
        if kind is None:
            continue
        if kind == "other" and match[kind] == ";":
            sections.append([])
        else:
            sections[-1].append((kind, match[kind]))
    return tuple(tuple(section) for section in sections)


def _chosen(value: float, sections: Sequence[Sequence[Token]]) -> tuple[Sequence[Token], bool]:
    """The section for a number, and whether it is a section of its own for numbers below zero."""
    conditions = [_condition(section) for section in sections[:2]]
    if any(conditions):
        for section, condition in zip(sections, conditions, strict=False):
            if condition is not None and _holds(value, *condition):
                return section, condition[0] in ("<", "<=") and condition[1] <= 0
        return sections[min(len(sections), 3) - 1] if len(sections) > 1 else sections[0], False
    texts = [section for section in sections[:3] if not any(text == "@" and kind == "other" for kind, text in section)]
    numeric = texts or list(sections[:1])
    if value < 0 and len(numeric) > 1:
        return numeric[1], True
    if value == 0 and len(numeric) > 2:
        return numeric[2], False
    return numeric[0], False


def _condition(section: Sequence[Token]) -> tuple[str, float] | None:
    for kind, text in section:
        if kind == "bracket" and (match := _CONDITION.match(text)):
            return match["sign"], float(match["number"])
    return None


def _holds(value: float, sign: str, number: float) -> bool:
    return {
        "<": value < number,
        "<=": value <= number,
        ">": value > number,
        ">=": value >= number,
        "=": value == number,
        "<>": value != number,
    }[sign]


def _literal(kind: str, text: str) -> str:
    if kind in ("quoted", "escaped"):
        return text
    if kind == "bracket":
        currency = _CURRENCY.match(text)
        return currency[1] if currency else ""
    return text if kind in ("other", "date") and text != "@" else ""


def _digits(number: Decimal, section: Sequence[Token]) -> str:
    """A number in the places that a section has for its digits."""
    places = [index for index, (kind, _) in enumerate(section) if kind == "digit"]
    point = next((i for i, token in enumerate(section) if token == ("other", ".") and i <= places[-1] + 1), None)
    wholes = [index for index in places if point is None or index < point]
    decimals = [index for index in places if point is not None and index > point]
    number *= Decimal(100) ** sum(token == ("other", "%") for token in section)
    number /= Decimal(1000) ** sum(_commas_behind(index, section) for index in {places[-1], *wholes[-1:]})
    exponent = next((text for kind, text in section if kind == "exponent"), None)
    if exponent is not None:
        return f"{float(number):.{len(decimals)}E}"
    rounded = number.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):f}".partition(".")
    obliged = next((len(wholes) - n for n, index in enumerate(wholes) if section[index][1] == "0"), 0)
    whole = whole.lstrip("0").rjust(obliged, "0")
    groups = bool(wholes) and any(section[index] == ("other", ",") for index in range(wholes[0], wholes[-1]))
    text = "-" if rounded < 0 else ""
    for index, (kind, mark) in enumerate(section):
        if index in wholes:
            position = len(wholes) - 1 - wholes.index(index)
            text += _whole(whole, position, is_first=index == wholes[0], groups=groups)
        elif index in decimals:
            behind = decimals.index(index)
            is_obliged = any(section[i][1] == "0" for i in decimals[behind:])
            text += fraction[behind] if is_obliged or fraction[behind:].strip("0") else ""
        elif (kind, mark) != ("other", ","):
            if index == point and not wholes:
                text += whole
            text += _literal(kind, mark)
    return text


def _commas_behind(index: int, section: Sequence[Token]) -> int:
    """How many commas stand right behind a place: each divides by a thousand."""
    count = 0
    while index + 1 + count < len(section) and section[index + 1 + count] == ("other", ","):
        count += 1
    return count


def _whole(whole: str, position: int, *, is_first: bool, groups: bool) -> str:
    """The digit of a position counted from the right; the first place takes all that stand before it, too."""
    positions = range(len(whole) - 1, position - 1, -1) if is_first else [position][: int(position < len(whole))]
    return "".join(whole[-1 - p] + ("," if groups and p and p % 3 == 0 else "") for p in positions)


def _date(value: float, section: Sequence[Token], *, is_1904: bool) -> str:
    try:
        # rounded to whole seconds, which is what days as floating numbers keep
        moment = (_EPOCH_1904 if is_1904 else _EPOCH) + timedelta(seconds=round(value * 86400))
    except OverflowError:
        return _plain(value)
    twelve = any(kind == "ampm" for kind, _ in section)
    text, previous = "", ""
    for index, (kind, mark) in enumerate(section):
        if kind == "date":
            following = next((m.lower() for k, m in section[index + 1 :] if k == "date"), "")
            unit = mark.lower()
            is_minute = unit.startswith("m") and len(unit) < 3 and (previous == "h" or following.startswith("s"))
            text += _part(moment, unit, is_minute=is_minute, twelve=twelve)
            previous = unit[0]
        elif kind == "ampm":
            text += "AM" if moment.hour < 12 else "PM"
        elif kind == "bracket" and _ELAPSED.match(mark):
            seconds = round(value * 86400)
            text += str(seconds // {"h": 3600, "m": 60, "s": 1}[mark[0].lower()])
            previous = mark[0].lower()
        elif (kind, mark) != ("other", "@"):
            text += _literal(kind, mark)
    return text.strip()


def _part(moment: datetime, unit: str, *, is_minute: bool, twelve: bool) -> str:
    """What a unit of a date prints: yyyy, m, dd, or in names mmm and aaaa."""
    letter, length = unit[0], len(unit)
    if letter == "y":
        return f"{moment.year}" if length > 2 else f"{moment.year % 100:02d}"
    if letter == "a":
        return ("星期" if length == 4 else "") + "一二三四五六日"[moment.weekday()]
    if length > 2 and letter in "md":
        return moment.strftime({"m": "%b", "d": "%a"}[letter] if length == 3 else {"m": "%B", "d": "%A"}[letter])
    hour = (moment.hour % 12 or 12) if twelve else moment.hour
    number = moment.minute if is_minute else {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}[letter]
    return f"{number:0{min(length, 2)}d}"
