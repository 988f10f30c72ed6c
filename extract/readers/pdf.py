"""PDF → pages: characters and rules from pdfium, grids from pdfplumber's table finder, every character in one cell.

Rules are drawn as lines, as thin filled rectangles or as one segment per cell side; the finder merges them. Where a
page's end cut a row, its vertical rules end in the open: a rule is added there, and the grid says it is open.
"""

from __future__ import annotations

import ctypes
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from operator import itemgetter
from typing import Any

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c
from pdfplumber import table as finder

from extract.readers.characters import Character, box_of, lines_of, plain, spaced_text_of, text_of
from extract.readers.corridors import Rule
from extract.readers.plumber import Plumber
from extract.readers.survey import as_printed, turned, upright_rotation
from extract.readers.unreadable import UnreadableError
from extract.readers.unruled import UnruledTables
from extract.records import BBox, Cell, Grid, Issue, Page, Part, Reading, TextLine

_THIN = 3.0  # points: a filled rectangle no thicker than this is a rule
_SNAP = 3.0  # points: rules nearer than this are one (pdfplumber's default)
_OPEN = 3.0  # points: a vertical rule that reaches further than this past every horizontal one ends in the open
_SHORTEST = 3.0  # points: shorter edges are no rules
_STRAIGHT = 0.5  # points by which a rule may lean
_FORM_DEPTH = 5  # forms within forms that are followed

Edge = dict[str, Any]
"""A rule as pdfplumber's finder takes it: x0, x1, top, bottom, width, height in points, orientation "h" or "v"."""
Box = Callable[[float, float, float, float], BBox]


def read(content: bytes) -> Reading:
    """The pages of a PDF.

    Raises:
        UnreadableError: the file is encrypted, truncated or corrupt, or has no pages.
    """
    _refuse_truncated(content)
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        if pdfium_c.FPDF_GetLastError() == pdfium_c.FPDF_ERR_PASSWORD or "password" in str(error).lower():
            raise UnreadableError(
                "encrypted", "The PDF is encrypted with a password", "Get a copy that opens without one."
            ) from error
        raise _corrupt(f"pdfium cannot open it ({error})") from error
    try:
        if len(document) == 0:
            raise _corrupt("it has no pages")
        unruled, plumber = UnruledTables(), Plumber(content)
        pages = tuple(_page_or_error(document, index, unruled, plumber) for index in range(len(document)))
    finally:
        document.close()
        plumber.close()
    pages = unruled.pages_with_edges(pages)
    return Reading(media_type="application/pdf", page_count=len(pages), pages=pages)


def _refuse_truncated(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0 or b" obj" in content[end:]:
        raise UnreadableError(
            "truncated", "The PDF is truncated: its end is missing", "Fetch it again; the transfer broke off."
        )


def _corrupt(why: str) -> UnreadableError:
    return UnreadableError("corrupt", f"The PDF is corrupt: {why}", "Fetch it again, or get it from the publisher.")


def _page_or_error(document: pdfium.PdfDocument, index: int, unruled: UnruledTables, plumber: Plumber) -> Page:
    try:
        page = document[index]
    except pdfium.PdfiumError as error:
        return Page(page_number=index + 1, width=0, height=0, error=str(error))
    try:
        return _page(page, index + 1, unruled, plumber)
    except (pdfium.PdfiumError, ValueError) as error:
        return Page(page_number=index + 1, width=0, height=0, error=str(error))
    finally:
        page.close()  # or memory grows by megabytes a page


def _page(page: pdfium.PdfPage, page_number: int, unruled: UnruledTables, plumber: Plumber) -> Page:
    text_page = page.get_textpage()
    rotation = upright_rotation(page, text_page.raw)
    issues = []
    if rotation != page.get_rotation():
        page.set_rotation(rotation)
        issues.append(turned(page_number, rotation))
    width, height = page.get_size()
    box = _to_top_left(page, width, height)
    characters = list(_characters(text_page, box))
    fuller = plumber.fuller(page, page_number, characters) if not issues else None
    if fuller:
        characters, edges = fuller
        issues.append(_lost(page_number))
    else:
        edges = list(_edges(page, box))
        characters, odd = as_printed(characters, text_page.raw, box, page, page_number)
        issues += odd
    text_page.close()
    tables = list(_tables(edges))
    framed = [table for table in tables if _is_one_column(table[0])]
    held = _Held(page_number, characters)
    for cells, open_top, open_bottom in tables:
        if not _is_one_column(cells):
            held.add(cells, open_top, open_bottom)
    found = unruled.page(held.loose, _rules(edges), [grid.part.bbox for grid in held.grids], page_number)
    held.loose = list(found.loose)
    for cells, open_top, open_bottom in framed:
        if not any(_overlap(_outline(cells), grid.part.bbox) for grid in found.grids):
            held.add(cells, open_top, open_bottom)
    grids = sorted([*held.grids, *found.grids], key=lambda grid: grid.part.bbox[1] if grid.part.bbox else 0.0)
    lines = tuple(_text_lines(held.loose, page_number))
    return Page(page_number, width, height, tuple(grids), lines, tuple(held.orphans), issues=(*issues, *found.issues))


def _lost(page_number: int) -> Issue:
    return Issue(
        "info",
        "second_reader",
        f"pdfium loses characters of page {page_number}, whose fonts are not embedded; pdfplumber reads it",
        "Nothing; the page is read in full.",
        page_number,
    )


class _Held:
    """The grids of a page as they take their characters."""

    def __init__(self, page_number: int, characters: Sequence[Character]) -> None:
        self.page_number, self.loose = page_number, list(characters)
        self.grids: list[Grid] = []
        self.orphans: list[TextLine] = []

    def add(self, cells: list[BBox], open_top: bool, open_bottom: bool) -> None:
        """A grid of these cells, with the characters within its outline."""
        outline = _outline(cells)
        inside: list[Character] = []
        outside: list[Character] = []
        for character in self.loose:
            (inside if _contains(outline, character) else outside).append(character)
        self.loose = outside
        grid, left_over = _grid(cells, inside, self.page_number, open_top, open_bottom)
        self.grids.append(grid)
        self.orphans.extend(_text_lines(left_over, self.page_number))


def _is_one_column(cells: Sequence[BBox]) -> bool:
    """Whether a table's only vertical rules are its frame: what parts its columns then is white."""
    return len({cell[0] for cell in cells}) == 1


def _overlap(one: BBox, other: BBox | None) -> bool:
    return other is not None and one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _rules(edges: Sequence[Edge]) -> list[Rule]:
    """The horizontal edges, those of one rule put together."""
    horizontal = [edge for edge in edges if edge["orientation"] == "h"]
    if not horizontal:
        return []
    merged = finder.merge_edges(horizontal, _SNAP, _SNAP, _SNAP, _SNAP)
    return [Rule(edge["x0"], edge["x1"], edge["top"]) for edge in merged]


def _to_top_left(page: pdfium.PdfPage, width: float, height: float) -> Box:
    """From the page's own coordinates (origin at the lower left, unrotated) to what a viewer shows."""
    left, bottom, right, top = page.get_cropbox()
    rotation = page.get_rotation()

    def point(x: float, y: float) -> tuple[float, float]:
        if rotation == 90:
            return y - bottom, x - left
        if rotation == 180:
            return right - x, y - bottom
        if rotation == 270:
            return top - y, right - x
        return x - left, top - y

    def box(x0: float, y0: float, x1: float, y1: float) -> BBox:
        (ax, ay), (bx, by) = point(x0, y0), point(x1, y1)
        return min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)

    return box


def _characters(text_page: pdfium.PdfTextPage, box: Box) -> Iterator[Character]:
    """Every printed character at its loose box; what pdfium generates itself is left out."""
    rectangle = pdfium_c.FS_RECTF()
    reference = ctypes.byref(rectangle)
    handle = text_page.raw
    high = 0  # pdfium gives characters beyond the basic plane as two halves
    for index in range(pdfium_c.FPDFText_CountChars(handle)):
        code_point = pdfium_c.FPDFText_GetUnicode(handle, index)
        if code_point in (10, 13) or pdfium_c.FPDFText_IsGenerated(handle, index) == 1:
            continue
        if 0xD800 <= code_point < 0xDC00:
            high = code_point
            continue
        if 0xDC00 <= code_point < 0xE000:
            code_point = 0x10000 + ((high - 0xD800) << 10) + (code_point - 0xDC00) if high else 0xFFFD
        high = 0
        pdfium_c.FPDFText_GetLooseCharBox(handle, index, reference)
        yield Character(plain(code_point), *box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top))


def _edges(page: pdfium.PdfPage, box: Box) -> Iterator[Edge]:
    """Straight horizontal and vertical rules, as the edges that pdfplumber's finder takes."""
    count, get = pdfium_c.FPDFPage_CountObjects, pdfium_c.FPDFPage_GetObject
    for path, matrix in _paths(page, count, get, pdfium.PdfMatrix(), _FORM_DEPTH):
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium_c.FPDFPath_GetDrawMode(path, ctypes.byref(fill), ctypes.byref(stroke))
        for x0, top, x1, bottom, is_closed in _strokes(path, matrix, box):
            if stroke.value or (fill.value and is_closed):
                edge = _edge(x0, top, x1, bottom)
                if edge is not None:
                    yield edge


def _paths(
    holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], outer: pdfium.PdfMatrix, depth: int
) -> Iterator[tuple[Any, pdfium.PdfMatrix]]:
    """The paths of a page and of the forms on it, each with its matrix into the page's coordinates.

    Asked of pdfium itself: pages hold thousands of other objects, and wrapping each would cost more than all the rest.
    """
    for index in range(count(holder)):
        member = get(holder, index)
        kind = pdfium_c.FPDFPageObj_GetType(member)
        if kind == pdfium_c.FPDF_PAGEOBJ_PATH:
            yield member, _matrix_of(member).multiply(outer)
        elif kind == pdfium_c.FPDF_PAGEOBJ_FORM and depth > 0:
            within = _matrix_of(member).multiply(outer)
            form_count, form_get = pdfium_c.FPDFFormObj_CountObjects, pdfium_c.FPDFFormObj_GetObject
            yield from _paths(member, form_count, form_get, within, depth - 1)


def _matrix_of(member: Any) -> pdfium.PdfMatrix:
    matrix = pdfium_c.FS_MATRIX()
    pdfium_c.FPDFPageObj_GetMatrix(member, ctypes.byref(matrix))
    return pdfium.PdfMatrix.from_raw(matrix)


def _strokes(path: Any, matrix: pdfium.PdfMatrix, box: Box) -> Iterator[tuple[float, float, float, float, bool]]:
    """The segments of a path, and each thin rectangle in it as one stroke along its middle (marked closed)."""
    for points in _subpaths(path, matrix):
        xs, ys = [x for x, _ in points], [y for _, y in points]
        x0, top, x1, bottom = box(min(xs), min(ys), max(xs), max(ys))
        if len(points) >= 4 and min(x1 - x0, bottom - top) <= _THIN:
            if x1 - x0 >= bottom - top:
                yield x0, (top + bottom) / 2, x1, (top + bottom) / 2, True
            else:
                yield (x0 + x1) / 2, top, (x0 + x1) / 2, bottom, True
            continue
        for (ax, ay), (bx, by) in pairwise(points):
            yield (*box(ax, ay, bx, by), False)


def _subpaths(path: Any, matrix: pdfium.PdfMatrix) -> Iterator[list[tuple[float, float]]]:
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    for index in range(pdfium_c.FPDFPath_CountSegments(path)):
        segment = pdfium_c.FPDFPath_GetPathSegment(path, index)
        kind = pdfium_c.FPDFPathSegment_GetType(segment)
        pdfium_c.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        if kind == pdfium_c.FPDF_SEGMENT_MOVETO and points:
            yield points
            points = []
        points.append(matrix.on_point(x.value, y.value))
        if pdfium_c.FPDFPathSegment_GetClose(segment) and len(points) > 1:
            points.append(points[0])
    if len(points) > 1:
        yield points


def _edge(x0: float, top: float, x1: float, bottom: float) -> Edge | None:
    if bottom - top <= _STRAIGHT < x1 - x0:
        y = (top + bottom) / 2
        return {"x0": x0, "x1": x1, "top": y, "bottom": y, "width": x1 - x0, "height": 0.0, "orientation": "h"}
    if x1 - x0 <= _STRAIGHT < bottom - top:
        x = (x0 + x1) / 2
        return {
            "x0": x,
            "x1": x,
            "top": top,
            "bottom": bottom,
            "width": 0.0,
            "height": bottom - top,
            "orientation": "v",
        }
    return None


def _tables(edges: list[Edge]) -> Iterator[tuple[list[BBox], bool, bool]]:
    """The cells of each table on a page, and whether the table is open at its top and at its bottom."""
    if not edges:
        return
    merged = finder.merge_edges(edges, _SNAP, _SNAP, _SNAP, _SNAP)
    merged = [e for e in merged if max(e["x1"] - e["x0"], e["bottom"] - e["top"]) >= _SHORTEST]
    added = _closing_rules(merged)
    intersections = finder.edges_to_intersections(merged + added, _SNAP, _SNAP)
    added_tops = {rule["top"] for rule in added}
    for cells in finder.cells_to_tables(finder.intersections_to_cells(intersections)):
        if len(cells) > 1:
            _, top, _, bottom = _outline(cells)
            yield cells, top in added_tops, bottom in added_tops


def _closing_rules(edges: list[Edge]) -> list[Edge]:
    """Horizontal rules for the places where at least two vertical rules end in the open at one height."""
    horizontal = [e for e in edges if e["orientation"] == "h"]
    rules: list[Edge] = []
    for end in ("top", "bottom"):
        loose = sorted(
            (e for e in edges if e["orientation"] == "v" and not _is_met(e, e[end], horizontal)), key=itemgetter(end)
        )
        while loose:
            level = loose[0][end]
            group = [e for e in loose if e[end] - level <= _OPEN]
            loose = loose[len(group) :]
            x0, x1 = min(e["x0"] for e in group), max(e["x0"] for e in group)
            ends = [e["x0"] for e in edges if e["orientation"] == "v" and abs(e[end] - level) <= _OPEN]
            # a cell between a loose rule and one that is met is open, too
            x0, x1 = max((x for x in ends if x < x0), default=x0), min((x for x in ends if x > x1), default=x1)
            if x1 > x0:
                y = max(e[end] for e in group) if end == "top" else min(e[end] for e in group)
                rules.append(
                    {"x0": x0, "x1": x1, "top": y, "bottom": y, "width": x1 - x0, "height": 0.0, "orientation": "h"}
                )
    return rules


def _is_met(vertical: Edge, y: float, horizontal: Sequence[Edge]) -> bool:
    x = vertical["x0"]
    return any(abs(h["top"] - y) <= _OPEN and h["x0"] - _OPEN <= x <= h["x1"] + _OPEN for h in horizontal)


def _outline(cells: Sequence[BBox]) -> BBox:
    return min(c[0] for c in cells), min(c[1] for c in cells), max(c[2] for c in cells), max(c[3] for c in cells)


def _contains(box: BBox, character: Character) -> bool:
    return box[0] <= character.middle_x <= box[2] and box[1] <= character.middle_y <= box[3]


def _grid(
    cells: Sequence[BBox], characters: Sequence[Character], page_number: int, open_top: bool, open_bottom: bool
) -> tuple[Grid, list[Character]]:
    """The grid of a table, every character in the cell that holds its middle, and the characters that none holds."""
    columns = sorted({cell[0] for cell in cells})
    rows = sorted({cell[1] for cell in cells})
    held: dict[BBox, list[Character]] = {cell: [] for cell in cells}
    by_place = _cells_by_place(cells, columns, rows)
    orphans: list[Character] = []
    for character in characters:
        place = bisect_right(rows, character.middle_y) - 1, bisect_right(columns, character.middle_x) - 1
        cell = by_place.get(place)
        if cell is not None and _contains(cell, character):
            held[cell].append(character)
        elif not character.text.isspace():
            orphans.append(character)
    at = {(cell[1], cell[0]): cell for cell in cells}
    grid = tuple(
        tuple(
            None if (box := at.get((top, x0))) is None else Cell(text_of(held[box]), Part(page_number, box))
            for x0 in columns
        )
        for top in rows
    )
    return Grid(grid, Part(page_number, _outline(cells)), open_top, open_bottom), orphans


def _cells_by_place(
    cells: Sequence[BBox], columns: Sequence[float], rows: Sequence[float]
) -> dict[tuple[int, int], BBox]:
    """Every place of the grid → the cell that covers it, merged cells included."""
    by_place: dict[tuple[int, int], BBox] = {}
    for cell in cells:
        for row in range(bisect_right(rows, cell[1]) - 1, bisect_right(rows, cell[3] - 0.01)):
            for column in range(bisect_right(columns, cell[0]) - 1, bisect_right(columns, cell[2] - 0.01)):
                by_place[row, column] = cell
    return by_place


def _text_lines(characters: Sequence[Character], page_number: int) -> Iterator[TextLine]:
    for line in lines_of(characters):
        text = spaced_text_of(line)
        if text:
            yield TextLine(text, Part(page_number, box_of(line)))
