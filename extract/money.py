"""Printed amounts → exact yuan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from extract.vocabularies import vocabulary
from extract.wording import unspaced, unwrapped

AMOUNT = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
"""What a printed amount looks like, once full-width characters are folded."""
_AMOUNT = re.compile(AMOUNT)
_BEYOND_YUAN = Decimal(10) ** 15  # no budget is that large: such a number is a code
_FOLD = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")
_FACTORS = {unit: Decimal(factor) for unit, factor in vocabulary("documents")["amount_units"].items()}


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount: its text, its yuan, and half of its last printed digit in yuan (what rounding can hide)."""

    text: str
    yuan: Decimal
    half_digit_yuan: Decimal


@lru_cache(maxsize=20_000)  # levels, lines and sums ask about the same cells
def parse_amount(text: str, unit: str) -> Amount | None:
    """The amount that a cell prints in ``unit`` (万元, 元, …); None where it prints no number, or a code."""
    printed = unwrapped(text)
    if not (printed[:1].isdecimal() or printed.startswith(("-", "－"))):
        return None
    folded = unspaced(printed.translate(_FOLD))
    if not _AMOUNT.fullmatch(folded):
        return None
    number = Decimal(folded.replace(",", ""))
    factor = _FACTORS[unit]
    exponent = number.as_tuple().exponent
    last_digit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    yuan = number * factor
    if abs(yuan) >= _BEYOND_YUAN:
        return None
    return Amount(printed, yuan.quantize(Decimal("0.01")), last_digit * factor / 2)


def in_unit(yuan: Decimal, unit: str) -> str:
    """Yuan as a person reads them in ``unit``: 716.35 万元."""
    number = yuan / _FACTORS[unit]
    return f"{number:,.2f} {unit}"
