"""Every table with the headings of targets is read by a layout, or said to be of another kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.checks.evidence import Evidence
from extract.layouts.guangdong_joining import lines_above
from extract.records import Grid, Issue, Page, Part
from extract.vocabularies import vocabulary
from extract.wording import label

_WORDS = vocabulary("documents")
_TITLES = tuple(f"{title.removesuffix('表')}表" for title in _WORDS["targets_titles"])
_REFERENCES = ("详见", "见", "本", "未", "无")
_LONGEST_TITLE = 40
_LINES_BELOW_TITLE = 4  # the title, and body, year and unit below it


def tables_are_known(evidence: Evidence) -> Iterator[Issue]:
    """Tables of targets on pages of which no layout spoke; pages in a row as one.

    What follows a page of other targets without a gap goes on with its table.
    """
    known = evidence.known_pages
    told = [issue for interpretation in evidence.found for issue in interpretation.issues]
    others = {issue.page_number for issue in told if issue.code == "other_targets_table" and issue.page_number}
    run: list[tuple[Page, Part]] = []
    goes_on = False
    for page in evidence.pages:
        place = None if page.page_number in known else _targets_table(page)
        goes_on = page.page_number in others or (goes_on and place is not None)
        if place is not None and goes_on:
            continue
        if place is not None:
            run.append((page, place))
        elif run:
            yield _unknown_layout(run)
            run = []
    if run:
        yield _unknown_layout(run)


def _targets_table(page: Page) -> Part | None:
    """Where a page holds headings of a table of targets."""
    headings = set(_WORDS["targets_headings"])
    for line in page.lines:
        if len({label(token) for token in line.text.split()} & headings) >= 2:  # prose has the words, too
            return line.part
    for grid in page.grids:
        if {label(cell.text) for row in grid.rows for cell in row if cell is not None} & headings:
            return grid.part
        if _is_titled(grid, page):
            return grid.part
    return None


def _is_titled(grid: Grid, page: Page) -> bool:
    """Whether the title of a table of projects' targets stands right above a grid, whatever its headings are called."""
    above = lines_above(grid, page)[-_LINES_BELOW_TITLE:]
    texts = (label(line) for line in above)
    return len(grid.rows) > 1 and any(
        text.endswith(_TITLES) and len(text) <= _LONGEST_TITLE and not text.startswith(_REFERENCES) for text in texts
    )


def _unknown_layout(run: Sequence[tuple[Page, Part]]) -> Issue:
    (page, part), (last, _) = run[0], run[-1]
    pages = f"Page {page.page_number} holds" if last is page else f"Pages {page.page_number}–{last.page_number} hold"
    return Issue(
        "error",
        "unknown_layout",
        f"{pages} a table of performance targets in a layout that is not known",
        "Nothing of it is in the data; add a layout for it, or read the page.",
        page.page_number,
        bbox=part.bbox,
    )
