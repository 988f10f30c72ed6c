"""One sentence of progress → the log, marked so that whoever runs the pipeline can show it to a person."""

from __future__ import annotations

import logging

MARK = "jixiao | "
"""What stands before a sentence of progress in a log."""


def report(sentence: str) -> None:
    """Log a sentence that a person at the terminal should see while the pipeline works."""
    logging.getLogger("jixiao").info("%s%s", MARK, sentence)
