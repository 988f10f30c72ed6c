"""Printed amounts → exact yuan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from extract.vocabularies import vocabulary
from extract.wording import unwrapped

AMOUNT = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
"""What a printed amount looks like, once full-width characters are folded."""
_AMOUNT = re.compile(AMOUNT)
_BEYOND_YUAN = Decimal(10) ** 15  # no budget is that large: such a number is a code
_FOLD = str.maketrans("０１２３４５６７８９．，－", "0123456789.,-")


@dataclass(frozen=True, slots=True)
class Amount:
    """A printed amount: its text, its yuan, and half of its last printed digit in yuan (what rounding can hide)."""

    text: str
    yuan: Decimal
    half_digit_yuan: Decimal


def parse_amount(text: str, unit: str) -> Amount | None:
    """The amount that a cell prints in ``unit`` (万元, 元, …); None where it prints no number, or a code."""
    printed = unwrapped(text)
    folded = re.sub(r"\s+", "", printed.translate(_FOLD))
    if not _AMOUNT.fullmatch(folded):
        return None
    number = Decimal(folded.replace(",", ""))
    factor = Decimal(vocabulary("documents")["amount_units"][unit])
    exponent = number.as_tuple().exponent
    last_digit = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    yuan = number * factor
    if abs(yuan) >= _BEYOND_YUAN:
        return None
    return Amount(printed, yuan.quantize(Decimal("0.01")), last_digit * factor / 2)


def in_unit(yuan: Decimal, unit: str) -> str:
    """Yuan as a person reads them in ``unit``: 716.35 万元."""
    number = yuan / Decimal(vocabulary("documents")["amount_units"][unit])
    return f"{number:,.2f} {unit}"
