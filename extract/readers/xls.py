"""XLS → pages: the texts that the sheets of an old workbook print, with merged cells and borders."""

from __future__ import annotations

import io
import struct

import xlrd
from xlrd.compdoc import CompDocError

from extract.readers.number_format import printed_number, printed_text
from extract.readers.sheets import Sheet, pages_of
from extract.readers.steps import shown
from extract.readers.unreadable import UnreadableError
from extract.records import Reading

MEDIA_TYPE = "application/vnd.ms-excel"
# xlrd checks little of what it reads
_DAMAGE = (
    CompDocError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    TypeError,
    ValueError,
    struct.error,
)
_SIDES = ("left_line_style", "right_line_style")


def read(content: bytes) -> Reading:
    """The pages of a workbook: one for each table of a visible sheet.

    Raises:
        UnreadableError: the file is damaged, encrypted or too complex.
    """
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, ragged_rows=True, logfile=io.StringIO())
        sheets = [_sheet(book, sheet) for sheet in book.sheets()]
    except xlrd.XLRDError as error:
        if "encrypted" in str(error).lower():
            raise UnreadableError(
                "encrypted", "The workbook is encrypted with a password", "Get a copy that opens without one."
            ) from error
        raise _corrupt(error) from error
    except _DAMAGE as error:
        raise _corrupt(error) from error
    return Reading(media_type=MEDIA_TYPE, page_count=None, pages=pages_of(sheets))


def _corrupt(error: Exception) -> UnreadableError:
    return UnreadableError(
        "corrupt", f"The workbook is corrupt: {error}", "Fetch it again, or save it as XLSX and add that."
    )


def _sheet(book: xlrd.Book, of_book: xlrd.sheet.Sheet) -> Sheet:
    sheet = Sheet(of_book.name, is_hidden=of_book.visibility != 0)
    bordered = [any(getattr(style.border, side) for side in _SIDES) for style in book.xf_list]
    formats = [
        book.format_map[style.format_key].format_str if style.format_key in book.format_map else "General"
        for style in book.xf_list
    ]
    sheet.merges = [(top + 1, left + 1, bottom, right) for top, bottom, left, right in of_book.merged_cells]
    sheet.hidden_rows = {row + 1 for row, info in of_book.rowinfo_map.items() if info.hidden}
    sheet.hidden_columns = {column + 1 for column, info in of_book.colinfo_map.items() if info.hidden}
    shows_zeros = bool(of_book.show_zero_values)
    for row in range(of_book.nrows):
        for column, cell in enumerate(of_book.row(row)):
            if bordered[cell.xf_index]:
                sheet.bordered_rows.add(row + 1)
            text = _printed(cell, formats[cell.xf_index], shows_zeros=shows_zeros, is_1904=bool(book.datemode))
            if text:
                sheet.texts[row + 1, column + 1] = text
    return sheet


def _printed(cell: xlrd.sheet.Cell, number_format: str, *, shows_zeros: bool, is_1904: bool) -> str:
    if cell.ctype == xlrd.XL_CELL_TEXT:
        return shown(printed_text(cell.value, number_format))
    if cell.ctype == xlrd.XL_CELL_BOOLEAN:
        return "TRUE" if cell.value else "FALSE"
    if cell.ctype == xlrd.XL_CELL_ERROR:
        return str(xlrd.error_text_from_code.get(cell.value, "#ERR"))
    if cell.ctype not in (xlrd.XL_CELL_NUMBER, xlrd.XL_CELL_DATE) or (cell.value == 0 and not shows_zeros):
        return ""
    return printed_number(cell.value, number_format, is_1904=is_1904)
