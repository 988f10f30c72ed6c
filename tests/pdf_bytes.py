"""PDF files byte by byte, for tests of what no writer of PDF would write."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

TEXT = b"BT /F1 12 Tf 72 700 Td (a page of text) Tj ET\n"
A4 = b"/MediaBox [0 0 595 842]"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
_BLOCK = 1 << 20


def pdf(objects: Sequence[bytes], has_index: bool = True) -> bytes:
    """A file of these objects, numbered from 1, the first of them the catalogue."""
    content, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(content)
    if has_index:
        content += b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1)
        content += b"".join(b"%010d 00000 n \n" % place for place in places)
    else:
        content += b"xref\nno table of anything\n"
    content += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, start)
    return bytes(content)


def stream(drawing: bytes) -> bytes:
    return b"<< /Length %d >>\nstream\n%s\nendstream" % (len(drawing), drawing)


def pages(
    drawings: Sequence[bytes],
    boxes: Sequence[bytes] | None = None,
    count: int | None = None,
    inherited: bytes = b"",
    has_index: bool = True,
) -> bytes:
    """A file of pages: what is drawn on each, its box, the number of pages that it states, the box all inherit."""
    numbers = range(4, 4 + 2 * len(drawings), 2)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] %s >>"
        % (len(drawings) if count is None else count, b" ".join(b"%d 0 R" % n for n in numbers), inherited),
        _FONT,
    ]
    for number, drawing, box in zip(numbers, drawings, boxes or [A4] * len(drawings), strict=True):
        resources = b"/Resources << /Font << /F1 3 0 R >> >>"
        objects.append(b"<< /Type /Page /Parent 2 0 R %s %s /Contents %d 0 R >>" % (box, resources, number + 1))
        objects.append(drawing if drawing.startswith(b"<<") else stream(drawing))
    return pdf(objects, has_index)


def deep(levels: int) -> bytes:
    """One page below as many levels of the page tree."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>"]
    objects += [b"<< /Type /Pages /Count 1 /Kids [%d 0 R] >>" % (level + 3) for level in range(levels)]
    page = len(objects) + 1
    objects += [b"<< /Type /Page /Parent %d 0 R %s /Contents %d 0 R >>" % (page - 1, A4, page + 1), stream(TEXT)]
    return pdf(objects)


def packed(drawing: bytes, length: int) -> bytes:
    """A stream that repeats a drawing over as many bytes, packed twice: gigabytes in kilobytes."""
    block = drawing * (_BLOCK // len(drawing))
    packer = zlib.compressobj(9)
    first = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    further = packer.compress(block) + packer.flush(zlib.Z_FULL_FLUSH)
    sum_of_all = 1
    for _ in range(length // len(block)):
        sum_of_all = zlib.adler32(block, sum_of_all)
    once = first + further * (length // len(block) - 1) + b"\x03\x00" + sum_of_all.to_bytes(4)
    assert zlib.decompressobj().decompress(once, 100).startswith(drawing[:100])
    twice = zlib.compress(once, 9)
    return b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(twice), twice)


def ruled(columns: int, rows: int, cell: float = 10) -> bytes:
    """A grid of rules, and a text in its first cell."""
    right, top = 10 + cell * columns, 10 + cell * rows
    ys, xs = (10 + cell * row for row in range(rows + 1)), (10 + cell * column for column in range(columns + 1))
    across = b"".join(b"10 %.1f m %.1f %.1f l S\n" % (y, right, y) for y in ys)
    down = b"".join(b"%.1f 10 m %.1f %.1f l S\n" % (x, x, top) for x in xs)
    return across + down + b"BT /F1 6 Tf 12 12 Td (a) Tj ET\n"
