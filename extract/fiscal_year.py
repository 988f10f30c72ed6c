"""What a document and its surroundings print → its fiscal year, and who disagrees.

Of what is printed in the document the first that speaks wins: title, header lines and cells that say 预算年度, running
text, most project names; then the listing and the file name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from extract.records import Page
from extract.vocabularies import vocabulary
from extract.wording import label

_YEAR = r"(?<![0-9A-Za-z])20[0-4]\d(?![0-9A-Za-z])"
_REFERENCE_NUMBER = re.compile(r"[〔【\[]\s*20\d\d\s*[〕】\]]")
_SPOKEN = re.compile(rf"({_YEAR})\s*年")
_ANY = re.compile(rf"({_YEAR})")
_LABELS = frozenset(vocabulary("documents")["year_labels"])
_LONGEST_LABEL = 20
_YEAR_CELL = re.compile(r"\s*20[0-4]\d\s*(?:年度?)?\s*")
_LABELLED = re.compile(rf"\s*(?:{'|'.join(_LABELS)})\s*[:：]{_YEAR_CELL.pattern}")
_HEADER = re.compile(
    rf"(?:(?:预算年度|财政年度|年度)\s*[:：]\s*|^\s*[（(]\s*(?=20\d\d\s*年度\s*[)）]\s*$))({_YEAR})"  # （2026年度）
)


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """A year, where it was found, and what else was found that says otherwise (basis → year)."""

    year: int
    basis: str
    others: tuple[tuple[str, int], ...] = ()

    @property
    def is_inferred(self) -> bool:
        """Whether no title or header line prints the year."""
        return self.basis not in ("title", "header", "text")


def find_fiscal_year(
    title: str | None,
    lines: Sequence[str],
    project_names: Sequence[str],
    listing_title: str | None = None,
    file_name: str | None = None,
) -> FiscalYear | None:
    """The fiscal year of a document; None where nothing speaks."""
    found = [
        ("title", _first(_ANY, title or "")),
        ("header", next((year for line in lines if (year := _first(_HEADER, line))), None)),
        ("text", _most(line for line in lines if line != title)),
        ("project_names", _most_names(project_names)),
        ("listing", _first(_ANY, listing_title or "")),
        ("file_name", _first(_ANY, file_name or "")),
    ]
    spoken = [(basis, year) for basis, year in found if year is not None]
    if not spoken:
        return None
    basis, year = spoken[0]
    return FiscalYear(year, basis, tuple((b, y) for b, y in spoken[1:] if y != year))


def year_cells(pages: Iterable[Page]) -> Iterator[str]:
    """The years that tables print beside a label of theirs, as header lines: 预算年度 | 2026 → 预算年度：2026."""
    for row in (row for page in pages for grid in page.grids for row in grid.rows):
        texts = [cell.text for cell in row if cell is not None and cell.text]
        for text, beside in pairwise([*texts, ""]):
            if "度" not in text or len(text) > _LONGEST_LABEL:
                continue
            if label(text) in _LABELS and _YEAR_CELL.fullmatch(beside):
                yield f"{label(text)}：{beside}"
            elif _LABELLED.fullmatch(text):
                yield text


def _first(pattern: re.Pattern[str], text: str) -> int | None:
    match = pattern.search(_REFERENCE_NUMBER.sub("", text)) if "20" in text else None
    return int(match[1]) if match else None


def _most(lines: Iterable[str]) -> int | None:
    return _winner(Counter(year for line in lines for year in _years(_SPOKEN, line)))


def _most_names(names: Sequence[str]) -> int | None:
    return _winner(Counter(year for name in names for year in set(_years(_ANY, name))))


def _years(pattern: re.Pattern[str], text: str) -> list[int]:
    return [int(year) for year in pattern.findall(_REFERENCE_NUMBER.sub("", text))] if "20" in text else []


def _winner(counts: Counter[int]) -> int | None:
    """The year named most often; of two named as often, the later one."""
    return max(counts, key=lambda year: (counts[year], year)) if counts else None
