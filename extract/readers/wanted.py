"""Which pages of a long document are asked for: readers know nothing of what they hold, so others judge the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wanted:
    """Judges of a page's text.

    ``page`` says whether its tables are asked for. ``begins_another`` says of a page behind such a one, and of the text
    of that one, whether a table of its own begins there, so that none goes on.
    """

    page: Callable[[str], bool]
    begins_another: Callable[[str, str], bool]


EVERY_PAGE = Wanted(lambda _: True, lambda _, __: False)
