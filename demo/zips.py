"""Zips as bureaux make them: names in GBK without saying so, parts stored, the same bytes every time; and a bomb."""

from collections.abc import Iterable
from functools import cache
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

BOMB_BYTES = 256 << 20
_PIECE = bytes(1 << 20)


class _GbkInfo(ZipInfo):
    """An entry whose name is written in GBK; the standard library would write UTF-8 and say so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def gbk_zip(members: Iterable[tuple[str, bytes]]) -> bytes:
    """The members in their order; a name that GBK lacks raises UnicodeEncodeError."""
    buffer = BytesIO()
    with ZipFile(buffer, "w") as archive:
        for name, content in members:
            archive.writestr(_GbkInfo(name), content)
    return buffer.getvalue()


@cache
def bomb() -> bytes:
    """A quarter of a megabyte that claims to be a document and unpacks to a thousand times as much of nothing."""
    buffer = BytesIO()
    info = _GbkInfo("单位预算.pdf")
    info.compress_type = ZIP_DEFLATED
    with ZipFile(buffer, "w") as archive, archive.open(info, "w") as member:
        for _ in range(BOMB_BYTES // len(_PIECE)):
            member.write(_PIECE)
    return buffer.getvalue()
