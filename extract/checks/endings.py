"""No text ends in the middle of a sentence: where one does, its rest may be lost on the way or in print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.checks.places import issue_of
from extract.records import Indicator, Issue, Line, Severity
from extract.vocabularies import vocabulary

_WORDS = vocabulary("endings")
_BRACKETS = (("（", "）]"), ("《", "》"), ("【", "】"), ("〔", "〕"))  # an interval may open as （ and close as ]
_OPENING = re.compile(f"[{''.join(opening for opening, _ in _BRACKETS)}]")
_SEPARATORS, _CONNECTIVES, _WHOLE_WORDS = (tuple(_WORDS[kind]) for kind in ("separators", "connectives", "whole_words"))


def texts_are_whole(evidence: Evidence) -> Iterator[Issue]:
    """Names, goals, indicators and targets that end in a bracket or behind a word or sign that promises more.

    Two signs together are an error; one alone may be how the publisher prints.
    """
    for line in evidence.lines:
        for what, text, indicator in _texts(line):
            signs = list(_signs(text))
            if not signs:
                continue
            severity: Severity = "error" if len(signs) > 1 else "warning"
            yield issue_of(
                line,
                (severity, "unfinished_text", f"the {what} “…{text[-30:]}” {' and '.join(signs)}"),
                "Look at the page and at another copy: the rest may be missing from the data.",
                indicator,
            )


def _texts(line: Line) -> Iterator[tuple[str, str, Indicator | None]]:
    yield "name", line.name, None
    yield "goal", line.goal or "", None
    yield "goal of the whole period", line.project_goal or "", None
    for indicator in line.indicators:
        yield "indicator", indicator.name, indicator
        for target in indicator.targets:
            yield "target", target.text, indicator


def _signs(text: str) -> Iterator[str]:
    """What says that a text goes on."""
    bare = text.strip().replace("(", "（").replace(")", "）")
    if _OPENING.search(bare) and any(bare.rfind(opening) > max(map(bare.rfind, shut)) for opening, shut in _BRACKETS):
        yield "ends inside a bracket"
    if bare.endswith(_SEPARATORS):
        yield f"ends with {bare[-1]}"
    elif bare.endswith(_CONNECTIVES) and not bare.endswith(_WHOLE_WORDS):
        yield "ends with a word that joins it to what follows"
