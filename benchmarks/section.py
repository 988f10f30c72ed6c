"""docs/benchmarks.md has a section for each command that measures; each replaces its own and leaves the others."""

from __future__ import annotations

from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmarks.md"


def with_section(page: str, name: str, text: str) -> str:
    """A page with the text of one section replaced: what stands between its two marks.

    Raises:
        ValueError: the page has no such section.
    """
    begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->\n"
    before, found, rest = page.partition(begin)
    _, closed, after = rest.partition(end)
    if not found or not closed:
        raise ValueError(f"the page has no section {name}")
    return f"{before}{begin}{text.strip()}\n{end}{after}"


def write_section(name: str, text: str) -> None:
    """Replace one section of docs/benchmarks.md."""
    PAGE.write_text(with_section(PAGE.read_text(encoding="utf-8"), name, text), encoding="utf-8")
