"""Files that are damaged or made to exhaust a reader: each ends soon, with a reason, and takes nothing else along."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator

import pytest

from extract.document import document_of
from extract.guard import Guard, Limits, read_documents
from extract.hints import Hints
from extract.readers import pdf
from extract.readers.wanted import EVERY_PAGE
from extract.records import Document, Reading
from tests import pdf_bytes
from tests.pdf_bytes import A4, TEXT, pages, ruled

LARGE = b"/MediaBox [0 0 4000 4000]"


def codes(document: Document) -> set[str]:
    return {issue.code for issue in document.issues if issue.severity == "error"}


def read_whole(content: bytes) -> Reading:
    return pdf.read(content, EVERY_PAGE)


def segments(count: int) -> bytes:
    """As many rules here and there, none of which another meets or continues."""
    chance = random.Random(1)
    places = ((5 + 4 * chance.randrange(990), 5 + 4 * chance.randrange(990)) for _ in range(count))
    return b"".join(b"%d %d m %d %d l S\n" % (x, y, x + 3 + chance.randrange(9), y) for x, y in places) + TEXT


def own_length() -> bytes:
    content = pages([TEXT])
    return content.replace(b"/Length %d " % len(TEXT), b"/Length 5 0 R ")


CORRUPT = {
    "a stream's length in the stream itself": own_length(),
    "a page tree of 2,000 levels": pdf_bytes.deep(2000),
    "no page": pages([]),
    "no page tree": pdf_bytes.pdf([b"<< /Type /Catalog >>"]),
    "a page tree that is a circle": pdf_bytes.pdf(
        [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 1 /Kids [2 0 R] >>"]
    ),
    "no page that can be read": pages([TEXT, TEXT], boxes=[b"", b""]),
}


@pytest.mark.parametrize("name", CORRUPT)
def test_a_pdf_that_cannot_be_read_is_corrupt(name: str) -> None:
    document = document_of(CORRUPT[name])
    assert (document.status, codes(document)) == ("refused", {"corrupt"})


def test_a_page_tree_of_twenty_levels_is_read() -> None:
    assert document_of(pdf_bytes.deep(20)).status == "complete"


def test_pages_found_without_an_index_are_partial() -> None:
    document = document_of(pages([TEXT] * 3, has_index=False))
    assert (document.status, document.page_count, codes(document)) == ("partial", 3, {"damaged_index"})


@pytest.mark.parametrize(
    ("count", "read", "expected"),
    [
        (1, 1, {"uncounted_pages"}),
        (5, 5, {"page_failed"}),
        (0, 3, set()),  # pdfium does not believe these, and counts
        (-1, 3, set()),
        (2**31 - 1, 3, set()),
    ],
)
def test_a_wrong_number_of_pages_loses_none_in_silence(count: int, read: int, expected: set[str]) -> None:
    document = document_of(pages([TEXT] * 3, count=count))
    assert (document.page_count, codes(document)) == (read, expected)
    assert document.status == ("partial" if expected else "complete")


@pytest.mark.parametrize("box", [b"", b"/MediaBox [0 0 (a) /b]", b"/MediaBox [0 0 5]", b"/MediaBox [0 0 0 0]"])
def test_a_page_without_a_size_fails_and_the_others_are_read(box: bytes) -> None:
    document = document_of(pages([TEXT] * 3, boxes=[A4, box, A4]))
    assert (document.status, document.page_count) == ("partial", 3)
    assert [(issue.code, issue.page_number) for issue in document.issues if issue.severity == "error"] == [
        ("page_failed", 2)
    ]
    assert "MediaBox" in next(issue.message for issue in document.issues)


@pytest.mark.parametrize("size", [(595, 842), (612, 792)])
def test_pages_inherit_their_size_and_places_are_counted_from_it(size: tuple[int, int]) -> None:
    box = b"/MediaBox [0 0 %d %d]" % size
    own = read_whole(pages([ruled(3, 3)], boxes=[box])).pages[0]
    inherited = read_whole(pages([ruled(3, 3)], boxes=[b""], inherited=box)).pages[0]
    assert inherited == own
    assert (own.width, own.height) == size
    assert own.grids[0].part.bbox == (10, size[1] - 40, 40, size[1] - 10)


TOO_COMPLEX = {
    "a grid of 300 by 300": ruled(300, 300),
    "20,000 rules": segments(20_000),
    "60,000 rules": segments(60_000),
    "150,000 characters": b"BT /F1 1 Tf 1 3999 Td " + (b"(" + b"x" * 100 + b") Tj 0 -2 Td ") * 1500 + b"ET\n",
}


@pytest.mark.parametrize("name", TOO_COMPLEX)
def test_a_page_that_holds_far_too_much_is_refused_soon(name: str) -> None:
    drawing, started = TOO_COMPLEX[name], time.process_time()
    alone = document_of(pages([drawing], boxes=[LARGE]))
    assert (alone.status, codes(alone)) == ("refused", {"too_complex"})
    assert time.process_time() - started < 5


def test_a_page_that_holds_far_too_much_does_not_take_the_others_along() -> None:
    content = pages([TEXT, ruled(300, 300), TEXT], boxes=[A4, LARGE, A4])
    first, absurd, last = read_whole(content).pages
    assert (first.error, last.error) == (None, None)
    assert absurd.error is not None
    assert "more than 10,000 places where rules meet" in absurd.error
    assert document_of(content).status == "complete"  # it holds no table that is asked for


def test_a_page_of_thousands_of_cells_is_read() -> None:
    [grid] = read_whole(pages([ruled(60, 100)], boxes=[LARGE])).pages[0].grids
    assert (len(grid.rows), len(grid.rows[0])) == (100, 60)


def test_a_book_without_end_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_PAGES", 2)
    document = document_of(pages([TEXT] * 3))
    assert (document.status, codes(document)) == ("refused", {"too_complex"})
    assert "more than 2 pages" in document.issues[0].message


@pytest.fixture(scope="module")
def guarded() -> Iterator[Guard]:
    with Guard(limits=Limits(memory_bytes=512 << 20, processor_seconds=60)) as guarded:
        yield guarded


BOMBS = {
    "2 GB of nothing": (b" ", 2_000_000_000),
    "200 MB of rules": (b"10 10 m 90 90 l S\n", 200_000_000),
    "200 MB of text": (TEXT, 200_000_000),
}


@pytest.mark.parametrize("name", BOMBS)
def test_gigabytes_in_kilobytes_cost_their_document_only(name: str, guarded: Guard) -> None:
    drawing, length = BOMBS[name]
    content = pages([pdf_bytes.packed(drawing, length)])
    assert len(content) < 100_000
    bomb, after = guarded.read([(content, Hints()), (pages([TEXT]), Hints())])
    assert (bomb.status, codes(bomb)) == ("refused", {"out_of_memory"})
    assert after.status == "complete"


def test_ten_thousand_pages_are_read_in_little_memory() -> None:
    contents = [(pages([TEXT] * count), Hints()) for count in (10, 10_000)]
    few, many = read_documents(contents, limits=Limits(memory_bytes=160 << 20))
    assert (few.status, many.status, many.page_count) == ("complete", "complete", 10_000)
