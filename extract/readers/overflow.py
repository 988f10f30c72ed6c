"""Text of a cell that does not keep to it: printed across a rule, or over the text of the cell it ran into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from extract.readers.characters import Run, box_of
from extract.records import BBox, Issue

_ACROSS = 0.2  # of a character's size, between its middle and a rule that is drawn through it
_LEVEL = 0.5  # of the lower one's height, between the middles of two prints on one line
_TOUCH = 0.2  # of the lower one's height, by which neighbours on a line may reach into each other
_OVER = 0.5  # of the narrower one's width, by which one character covers another


def overflows(cell: BBox, runs: Sequence[Run], page_number: int) -> Iterator[Issue]:
    """An error for what stands on the edges of a cell, and for lines of it that are printed over each other."""
    across = [run for run in runs if _is_across(cell, run) and run.text.strip()]
    if across:
        yield _issue("is printed across the rule of a cell", across, page_number)
    over = next(_over_each_other(runs), None) if len(runs) > 1 else None
    if over is not None:
        yield _issue("is printed over other text of its cell", over, page_number)


def _is_across(cell: BBox, run: Run) -> bool:
    text, x0, top, x1, bottom, starts, ends = run
    first_end, last_start, last_end = (ends[0], starts[-1], ends[-1]) if starts else (x1, x0, x1)
    middle, height = (top + bottom) / 2, bottom - top
    return (
        min(middle - cell[1], cell[3] - middle) < _ACROSS * height
        or ((x0 + first_end) / 2 - cell[0] < _ACROSS * (first_end - x0) and text[0].isalnum())
        or (cell[2] - (last_start + last_end) / 2 < _ACROSS * (last_end - last_start) and text[-1].isalnum())
    )


def _over_each_other(runs: Sequence[Run]) -> Iterator[list[Run]]:
    ordered = sorted((run for run in runs if run.text.strip()), key=lambda run: run.middle_y)
    for index, run in enumerate(ordered):
        for other in ordered[index + 1 :]:
            height = min(run.bottom - run.top, other.bottom - other.top)
            if other.middle_y - run.middle_y > _LEVEL * height:
                break
            start, end = max(run.x0, other.x0), min(run.x1, other.x1)
            if run.text == other.text and abs(run.x0 - other.x0) <= _TOUCH * height:
                continue  # printed again over itself
            if end - start > _TOUCH * height and any(
                _cover(a, b) for a in _between(run, start, end) for b in _between(other, start, end)
            ):
                yield [run, other]


def _between(run: Run, start: float, end: float) -> list[Run]:
    """The characters of a run that reach into a span of x."""
    if not run.starts:
        return [run]
    edges = zip(run.text, run.starts, run.ends, strict=True)
    return [Run(text, x0, run.top, x1, run.bottom) for text, x0, x1 in edges if x1 > start and x0 < end]


def _cover(one: Run, other: Run) -> bool:
    """Whether two letters or digits stand in one place; signs have boxes wider than their print."""
    if one.text == other.text or not (one.text.isalnum() and other.text.isalnum()):
        return False
    return min(one.x1, other.x1) - max(one.x0, other.x0) > _OVER * min(one.x1 - one.x0, other.x1 - other.x0)


def _issue(what: str, runs: Sequence[Run], page_number: int) -> Issue:
    text = "".join(run.text for run in runs)
    return Issue(
        "error",
        "overflowing_text",
        f"“{text[:60]}” {what}",
        "Look at the place; parts of it may belong to a cell nearby.",
        page_number,
        bbox=box_of(runs),
    )
