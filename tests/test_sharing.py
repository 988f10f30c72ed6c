"""Pages that several processes share read as one process reads them, whatever goes on from page to page."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from extract import sharing
from extract.find import NEEDED
from extract.readers import pdf, read
from extract.readers.unreadable import UnreadableError
from extract.records import Reading
from tests import pdf_bytes
from tests.test_unruled import ABOVE, LABELS, RIGHT, ROWS, STYLES, WIDTHS
from tests.unruled import table

PUBLISHED = (
    "pdf/guangzhou-ecology-2026-targets.pdf",  # its pages have headings of their own
    "pdf/guangzhou-commerce-2026-budget.pdf",  # a whole budget, most pages of which are text
    "typeset/yuexiu-commerce-2024-borderless.pdf",  # one table without rules over all pages
    "typeset/yuexiu-commerce-2024-forms.pdf",
    "typeset/guangzhou-commerce-2023-libreoffice.pdf",  # headings on the first page alone
)


@pytest.fixture
def shared(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[bytes, int], Reading]]:
    """Reads a document by as many processes, however few its pages are."""
    monkeypatch.setattr(sharing, "FEWEST_PAGES", 1)

    def read_by(content: bytes, processes: int) -> Reading:
        sharing.share(processes)
        return read(content, NEEDED)

    yield read_by
    sharing.share(1)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The spans that copies read and that were taken."""
    spans: list[Any] = []
    followed_by = pdf.UnruledTables.followed_by

    def noted(self: pdf.UnruledTables, other: pdf.UnruledTables) -> pdf.UnruledTables:
        spans.append(other)
        return followed_by(self, other)

    monkeypatch.setattr(pdf.UnruledTables, "followed_by", noted)
    return spans


def test_every_page_is_in_one_span(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sharing, "_most", 4)
    for pages in (1, 19, 20, 39, 40, 79, 80, 141, 2000):
        spans = sharing.spans(pages)
        assert [index for span in spans for index in span] == list(range(pages))
        assert len(spans) == max(1, min(4, pages // sharing.FEWEST_PAGES))
        assert max(map(len, spans)) - min(map(len, spans)) <= 1


def test_who_does_something_meanwhile_reads_less_and_does_it_once(shared: Callable[[bytes, int], Reading]) -> None:
    done: list[int] = []
    content = pdf_bytes.pages([pdf_bytes.ruled(3, 4)] * 6)
    alone = shared(content, 1)
    sharing.share(3, meanwhile=lambda: done.append(os.getpid()))
    assert [len(span) for span in sharing.spans(6)] == [1, 2, 3]
    assert read(content, NEEDED) == read(content, NEEDED) == alone
    assert done == [os.getpid()]


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_documents_read_the_same(
    name: str, published: Path, shared: Callable[[bytes, int], Reading], taken: list[Any]
) -> None:
    content = (published / name).read_bytes()
    alone = shared(content, 1)
    assert not taken
    for processes in (2, 5):
        assert shared(content, processes) == alone
    assert bool(taken) == ("borderless" not in name)


@pytest.mark.parametrize("style", STYLES)
def test_tables_without_rules_read_the_same(style: str, shared: Callable[[bytes, int], Reading]) -> None:
    content = table(LABELS, ROWS * 2, WIDTHS, STYLES[style], right=RIGHT, above=ABOVE)
    assert shared(content, 3) == shared(content, 1)


def test_documents_of_the_demo_read_the_same(
    demo: tuple[Path, list[dict[str, Any]]], shared: Callable[[bytes, int], Reading]
) -> None:
    files = [file for file in demo[0].rglob("*.pdf") if file.is_file()]
    assert files
    for file in files:
        assert _outcome(shared, file.read_bytes(), 3) == _outcome(shared, file.read_bytes(), 1)


@pytest.mark.parametrize("end", ["dies", "fails", "ends"])
def test_a_copy_that_does_not_do_it_costs_time_alone(
    end: str, shared: Callable[[bytes, int], Reading], monkeypatch: pytest.MonkeyPatch, taken: list[Any]
) -> None:
    content = pdf_bytes.pages([pdf_bytes.ruled(3, 4)] * 6)
    alone = shared(content, 1)

    def apart(_course: object, _indexes: range) -> None:
        if end == "dies":
            os.kill(os.getpid(), signal.SIGKILL)
        if end == "ends":
            os._exit(0)
        raise ZeroDivisionError

    monkeypatch.setattr(pdf._Course, "apart", apart)
    assert shared(content, 3) == alone
    assert not taken


def test_a_page_that_cannot_be_read_is_told_the_same(shared: Callable[[bytes, int], Reading]) -> None:
    good, bad = pdf_bytes.ruled(3, 4), pdf_bytes.ruled(400, 400)
    for drawings in ([good, good, bad, good], [good, bad, good, good]):
        content = pdf_bytes.pages(drawings)
        assert _outcome(shared, content, 4) == _outcome(shared, content, 1)


def test_copies_end_with_the_reading(shared: Callable[[bytes, int], Reading], monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[int | None] = []
    start = sharing.Copy.__init__

    def noted(self: sharing.Copy[Any], work: Callable[[], Any]) -> None:
        start(self, work)
        begun.append(self._pid)

    def fails(*_: object) -> None:
        raise UnreadableError("corrupt", "of the test", "nothing")

    monkeypatch.setattr(sharing.Copy, "__init__", noted)
    monkeypatch.setattr(pdf._Course, "_page", fails)
    with pytest.raises(UnreadableError):
        shared(pdf_bytes.pages([pdf_bytes.ruled(3, 4)] * 4), 2)
    [copy] = begun
    assert copy is not None
    assert not psutil.pid_exists(copy)


def _outcome(shared: Callable[[bytes, int], Reading], content: bytes, processes: int) -> Reading | str:
    try:
        return shared(content, processes)
    except UnreadableError as error:
        return f"{error.code}: {error}"
