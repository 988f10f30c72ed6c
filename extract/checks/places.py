"""Issues of lines and their indicators: what is wrong, and where a reader finds it on paper."""

from __future__ import annotations

from extract.records import Indicator, Issue, Line, Severity

Finding = tuple[Severity, str, str]
"""What a check found: severity, code, message."""


def issue_of(line: Line, finding: Finding, what_to_do: str, indicator: Indicator | None = None) -> Issue:
    """A finding as the issue of a line, or of one of its indicators, at its first part."""
    severity, code, message = finding
    place = indicator.locator[0] if indicator is not None and indicator.locator else line.locator[0]
    named = f"{line.name}: {indicator.name}" if indicator is not None else line.name
    return Issue(
        severity,
        code,
        f"{named}: {message}",
        what_to_do,
        place.page_number,
        line.table_number,
        line.line_number,
        place.bbox,
    )
