"""PDF → pages: characters and rules from pdfium, grids from the rules, every character in one cell or one line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from extract import sharing
from extract.progress import counted
from extract.readers import ocr
from extract.readers.cells import grid_of, parted
from extract.readers.characters import Run, box_of, lines_of, plainly, runs_of, spaced_text_of
from extract.readers.damage import PageTree, damage, has_self_measuring_stream
from extract.readers.limits import MOST_PAGES, MOST_SEGMENTS, TooComplexError, refuse_beyond
from extract.readers.pdfium_bulk import glyphs, members_of, rules, text_of_page, view_of
from extract.readers.pdfium_fonts import read_without_system_fonts
from extract.readers.plumber import Plumber
from extract.readers.rules import Rule, Table, merged, outline, tables
from extract.readers.survey import Sample, as_printed, turned, upright_rotation
from extract.readers.unreadable import UnreadableError
from extract.readers.unruled import UnruledTables
from extract.readers.wanted import Wanted
from extract.records import BBox, Grid, Issue, Page, Part, Reading, TextLine
from extract.sniff import PDF

MEDIA_TYPE = PDF
read_without_system_fonts()
_SAME_EDGE = 15.0  # points by which the outer edges of one table may differ from page to page


def read(content: bytes, wanted: Wanted) -> Reading:
    """The pages of a PDF: the first one, those with a wanted text and those where their tables may go on in full, the
    others as lines of text.

    Raises:
        UnreadableError: the file is encrypted, truncated, corrupt or too complex, or none of its pages can be read.
    """
    _refuse_truncated(content)
    if has_self_measuring_stream(content):
        raise _corrupt("a stream's length is said to stand in the stream itself")
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        # pdfium's last error may be that of the document before: an encrypted file says so in its trailer, too
        if b"/Encrypt" in content and pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD:
            raise UnreadableError(
                "encrypted", "The PDF is encrypted with a password", "Get a copy that opens without one."
            ) from error
        raise _corrupt(f"pdfium cannot open it ({error})") from error
    try:
        if len(document) == 0:
            raise _corrupt("it has no pages")
        refuse_beyond(MOST_PAGES, len(document), "pages")
        tree, plumber = PageTree(content), Plumber(content)
        course = _Course(document, wanted, tree, plumber)
        pages = tuple(counted(_shared_pages(course), len(document)))
        pages = course.layout.unruled.pages_with_edges(pages)
        if len(course.failures) == len(pages):
            raise _unread(course.failures)
        issues = tuple(damage(content, document, tree))
    except TooComplexError as error:
        raise _too_complex(str(error)) from error
    finally:
        document.close()
    plumber.close()
    return Reading(media_type=MEDIA_TYPE, page_count=len(pages), pages=pages, issues=issues)


def _refuse_truncated(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0 or b" obj" in content[end:]:
        raise UnreadableError(
            "truncated", "The PDF is truncated: its end is missing", "Fetch it again; the transfer broke off."
        )


def _corrupt(why: str) -> UnreadableError:
    return UnreadableError("corrupt", f"The PDF is corrupt: {why}", "Fetch it again, or get it from the publisher.")


def _too_complex(why: str) -> UnreadableError:
    return UnreadableError(
        "too_complex",
        f"The PDF is too complex: {why}",
        "Look at the file: if it is a real document, get it as another format or in parts, and report it.",
    )


def _unread(failures: Sequence[Exception]) -> UnreadableError:
    """Why nothing of a document can be read, where every page of it failed."""
    why = f"none of its {len(failures)} pages can be read; page 1: {failures[0]}"
    return _too_complex(why) if any(isinstance(f, TooComplexError) for f in failures) else _corrupt(why)


@dataclass(frozen=True, slots=True)
class _Span:
    """What a copy of this process read: pages one after another, as if nothing went on from those before them."""

    pages: tuple[Page, ...]
    wanted_from: int | None  # the first page, by its place among these, that is read in full for its own sake
    before: Page | None
    said_before: str
    unruled: UnruledTables


class _Course:
    """Reads the pages of a document in their order; holds what goes on from page to page."""

    def __init__(self, document: pdfium.PdfDocument, wanted: Wanted, tree: PageTree, plumber: Plumber) -> None:
        self.document = document
        self.failures = list[Exception]()
        self.layout = _Layout(UnruledTables(), plumber)
        self.before: Page | None = None  # the last page read in full, as long as its table may go on
        self._said_before = ""
        self._wanted = wanted
        self._tree = tree
        self._wanted_from: int | None = None

    def pages(self, indexes: Iterable[int]) -> Iterator[Page]:
        """The pages of some indexes, which follow on those read before."""
        for index in indexes:
            number = index + 1
            try:
                page = self.document[index]
            except pdfium.PdfiumError as error:
                self.failures.append(error)
                yield Page(number, width=0, height=0, error=str(error))
                continue
            text_page = None
            try:
                self._tree.refuse_without_size(page, index)
                text_page = page.get_textpage()
                yield self._page(page, text_page, index)
            except (pdfium.PdfiumError, ValueError) as error:
                self.before = None
                self.layout.unruled.skip()
                self.failures.append(error)
                yield Page(number, width=0, height=0, error=str(error))
            finally:
                if text_page is not None:
                    text_page.close()
                page.close()  # or memory grows by megabytes a page

    def _page(self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, index: int) -> Page:
        text = text_of_page(text_page)
        sample = Sample(text_page, text)
        garbled = sample.is_garbled
        is_drawn = garbled or (not text.strip() and _is_picture(page))
        picture = ocr.recognise(page) if is_drawn and ocr.is_on() else None
        said = plainly(text) if picture is None else "".join(picture.glyphs.texts)
        is_wanted = index == 0 or (garbled and picture is None) or self._wanted.page(said)
        if self.before is not None and not is_wanted and self._wanted.begins_another(said, self._said_before):
            self.before = None
        self._said_before = said
        if is_wanted and self._wanted_from is None:
            self._wanted_from = index
        if picture is not None:
            read = self.layout.recognised(page, picture, index + 1)
            self.before = read if read.grids and is_wanted else None
        elif is_wanted or self.before is not None:
            read = self.layout.page(page, text_page, text, sample, index + 1)
            goes_on = is_wanted or self.before is None or _goes_on(self.before, read) or self.layout.unruled.goes_on
            self.before = read if read.grids and goes_on else None
        else:
            self.layout.unruled.skip()
            read = _text_only(page, text, index + 1)
        return read

    def apart(self, indexes: range) -> _Span | None:
        """A span as a process of its own reads it; None where a page fails: the whole document judges that."""
        course = _Course(self.document, self._wanted, self._tree, self.layout.plumber)
        pages = tuple(course.pages(indexes))
        if course.failures:
            return None
        wanted_from = None if course._wanted_from is None else course._wanted_from - indexes.start
        return _Span(pages, wanted_from, course.before, course._said_before, course.layout.unruled)

    def joined(self, indexes: range, span: _Span | None) -> Iterator[Page]:
        """The pages of a span: as another process read them from where nothing before them matters, else read here."""
        start = indexes.start
        if span is not None and self.before is not None:
            # a table may go on; the first page that is read for its own sake does not ask
            start = indexes.stop if span.wanted_from is None else start + span.wanted_from
        yield from self.pages(range(indexes.start, start))
        if span is not None and start < indexes.stop and self.layout.unruled.may_be_followed_by(span.unruled):
            self.before, self._said_before = span.before, span.said_before
            self.layout = replace(self.layout, unruled=self.layout.unruled.followed_by(span.unruled))
            yield from span.pages[start - indexes.start :]
        else:
            yield from self.pages(range(start, indexes.stop))


def _shared_pages(course: _Course) -> Iterator[Page]:
    """All pages, as far as possible read by several processes at a time, where this one shares its documents' pages."""
    mine, *others = sharing.spans(len(course.document))
    copies = sharing.begin(partial(course.apart, indexes) for indexes in others)
    try:
        yield from course.pages(mine)
        for indexes, copy in zip(others, copies, strict=True):
            yield from course.joined(indexes, copy.result())
    finally:
        for copy in copies:
            copy.end()


def _goes_on(before: Page, page: Page) -> bool:
    """Whether a page may carry on a table of the page before: any of its grids has the edges of one there."""
    outer = [(grid.part.bbox[0], grid.part.bbox[2]) for grid in before.grids if grid.part.bbox]
    return any(
        abs(grid.part.bbox[0] - left) <= _SAME_EDGE and abs(grid.part.bbox[2] - right) <= _SAME_EDGE
        for left, right in outer
        for grid in page.grids
        if grid.part.bbox
    )


def _text_only(page: pdfium.PdfPage, text: str, page_number: int) -> Page:
    lines = (" ".join(line.split()) for line in plainly(text).splitlines())
    width, height = page.get_size()
    part = Part(page_number)
    return Page(page_number, width, height, lines=tuple(TextLine(line, part) for line in lines if line))


def _is_picture(page: pdfium.PdfPage) -> bool:
    return next(iter(page.get_objects(filter=[pdfium_c.FPDF_PAGEOBJ_IMAGE])), None) is not None


@dataclass(frozen=True, slots=True)
class _Layout:
    """How the pages of one document are laid out: what they share, and what reads those that pdfium cannot."""

    unruled: UnruledTables
    plumber: Plumber

    def page(
        self, page: pdfium.PdfPage, text_page: pdfium.PdfTextPage, text: str, sample: Sample, page_number: int
    ) -> Page:
        """A page as pdfium reads it, turned upright; as pdfplumber does, where pdfium loses characters."""
        issues = []
        rotation = upright_rotation(page, sample)
        if rotation != page.get_rotation():
            page.set_rotation(rotation)
            issues.append(turned(page_number, rotation))
        view = view_of(page)
        printed = glyphs(text_page, text, view)
        members = members_of(page)
        fuller = self.plumber.fuller(members.texts, text_page, page_number, printed) if not issues else None
        if fuller is not None:
            printed, across, down = fuller
            issues.append(_lost(page_number))
        else:
            across, down = rules(members, view)
            printed, odd = as_printed(printed, sample, view, page, page_number)
            issues += odd
        refuse_beyond(MOST_SEGMENTS, len(across) + len(down), "pieces of rules")
        laid_out = self._laid_out(page, page_number, runs_of(printed), across, down)
        return replace(laid_out, issues=(*issues, *laid_out.issues))

    def recognised(self, page: pdfium.PdfPage, picture: ocr.Picture, page_number: int) -> Page:
        """A page by what was recognised of its picture."""
        runs = runs_of(picture.glyphs)
        laid_out = self._laid_out(page, page_number, runs, picture.horizontal, picture.vertical)
        return replace(laid_out, certainty=picture.certainty)

    def _laid_out(
        self, page: pdfium.PdfPage, page_number: int, loose: list[Run], across: Sequence[Rule], down: Sequence[Rule]
    ) -> Page:
        width, height = page.get_size()
        held = _Held(page_number, loose)
        found = tables(across, down)
        for table in found:
            if not _is_one_column(table):
                held.add(table)
        unruled = self.unruled.page(held.loose, merged(across), [grid.part.bbox for grid in held.grids], page_number)
        held.loose = list(unruled.loose)
        for table in found:
            box = outline(table.cells)
            if _is_one_column(table) and not any(_overlap(box, grid.part.bbox) for grid in unruled.grids):
                held.add(table)
        grids = sorted([*held.grids, *unruled.grids], key=lambda grid: grid.part.bbox[1] if grid.part.bbox else 0.0)
        lines = tuple(_text_lines(held.loose, page_number))
        issues = (*held.issues, *unruled.issues)
        return Page(page_number, width, height, tuple(grids), lines, tuple(held.orphans), issues=issues)


@dataclass(slots=True)
class _Held:
    """The grids of a page as they take the runs that stand in them."""

    page_number: int
    loose: list[Run]
    grids: list[Grid] = field(default_factory=list)
    orphans: list[TextLine] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)

    def add(self, table: Table) -> None:
        """The grid of a table, with the runs within its outline."""
        inside, self.loose = parted(self.loose, outline(table.cells))
        grid, left_over, issues = grid_of(table, inside, self.page_number)
        self.issues.extend(issues)
        self.grids.append(grid)
        self.orphans.extend(_text_lines(left_over, self.page_number))


def _is_one_column(table: Table) -> bool:
    """Whether a table's only vertical rules are its frame: what parts its columns then is white."""
    return len({cell[0] for cell in table.cells}) == 1


def _overlap(one: BBox, other: BBox | None) -> bool:
    return other is not None and one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _lost(page_number: int) -> Issue:
    return Issue(
        "info",
        "second_reader",
        f"pdfium loses characters of page {page_number}, whose fonts are not embedded; pdfplumber reads it",
        "Nothing; the page is read in full.",
        page_number,
    )


def _text_lines(runs: Sequence[Run], page_number: int) -> Iterator[TextLine]:
    for line in lines_of(runs):
        text = spaced_text_of(line)
        if text:
            yield TextLine(text, Part(page_number, box_of(line)))
