"""How much a page or a document may hold: far more than any published one does, far less than would take forever."""

MOST_PAGES = 20_000  # the longest published budget that was seen has 140
MOST_CHARACTERS = 100_000  # of a page; published: 4,217
MOST_SEGMENTS = 50_000  # straight pieces of paths on a page, before they are merged; published: 1,328
MOST_RULES = 2_000  # of a page, merged; published: 68
MOST_CROSSINGS = 10_000  # of the rules of a page, so as many cells at most; published: 486


class TooComplexError(ValueError):
    """A page or a document holds more than is read; the message says of what."""


def refuse_beyond(most: int, count: int, what: str) -> None:
    """Refuse what holds too much.

    Raises:
        TooComplexError: ``count`` is beyond ``most``.
    """
    if count > most:
        raise TooComplexError(f"it holds more than {most:,} {what}")
