"""An indicator's levels agree: codes with each other, codes with names, and names with the taxonomy."""

from __future__ import annotations

from collections.abc import Iterator

from extract.checks.evidence import Evidence
from extract.checks.places import issue_of
from extract.records import Indicator, Issue
from extract.taxonomy import bare, is_level, is_level_1, levels_1_of, names_of


def levels_agree(evidence: Evidence) -> Iterator[Issue]:
    """Indicators whose printed levels contradict each other; names that no taxonomy has are nobody's contradiction."""
    for line in evidence.lines:
        for indicator in line.indicators:
            for message in _contradictions(indicator):
                yield issue_of(
                    line,
                    ("warning", "level_mismatch", message),
                    "Kept as printed; group by the level you trust.",
                    indicator,
                )


def _contradictions(indicator: Indicator) -> Iterator[str]:
    code_1, code_2 = indicator.level_1_code, indicator.level_2_code
    if code_1 and code_2 and code_2[0] != code_1:
        yield f"{code_2} {indicator.level_2} stands under {code_1}"
        return
    for code, name in ((code_1, indicator.level_1), (code_2, indicator.level_2)):
        names = names_of(code or "")
        if names and name and is_level(name) and bare(name) not in names:
            yield f"{code} stands beside {name}, but means {names[0]}"
    level_1, level_2 = indicator.level_1 or "", indicator.level_2 or ""
    if is_level_1(level_1) and levels_1_of(level_2) and bare(level_1) not in levels_1_of(level_2):
        yield f"{level_2} stands under {level_1}"
