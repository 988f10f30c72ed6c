"""Text → the date that it prints."""

from __future__ import annotations

import re
from datetime import date

_DATE = re.compile(r"(?<!\d)(20[0-4]\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})(?!\d)")
_IN_ADDRESS = (
    re.compile(r"/t(20[0-4]\d)(\d\d)(\d\d)_\d+\.s?html?$"),
    re.compile(r"/art/(20[0-4]\d)/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/(20[0-4]\d)/(\d\d)/(\d\d)/"),
)


def date_in(text: str) -> date | None:
    """The first date of a text (2026-02-13, 2026年2月13日, 2026/2/13), None where it has none."""
    for match in _DATE.finditer(text):
        if found := _date(*match.groups()):
            return found
    return None


def without_date(text: str) -> str:
    """A text without the date that it begins or ends with, and without what brackets that."""
    for match in _DATE.finditer(text):
        before, after = text[: match.start()].rstrip(" [【(（"), text[match.end() :].lstrip(" 日]】)）")
        if not before or not after:
            return before or after
    return text


def date_of_address(url: str) -> date | None:
    """The date that an article's address holds, None where it holds none."""
    path = url.split("?", 1)[0]
    for pattern in _IN_ADDRESS:
        if (match := pattern.search(path)) and (found := _date(*match.groups())):
            return found
    return None


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
