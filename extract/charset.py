"""Charset: the bytes of a page → its text, whatever it says of its encoding."""

from __future__ import annotations

import re

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.IGNORECASE)


def decoded(content: bytes, charset: str | None = None) -> str:
    """The text of a page: as its mark says, in UTF-8 where it is that, else as it says, else in GB 18030.

    ``charset`` is what the response that brought it said; it counts before what the page says. Bytes
    that are no character there become the sign for that, which is an error where targets stand.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        said = _CHARSET.search(content[:4096])
    name = (charset or (said[1].decode("ascii") if said else "gb18030")).lower()
    try:
        return content.decode("gb18030" if name in ("gb2312", "gbk") else name, "replace")
    except (LookupError, ValueError):  # no encoding of texts, or one that cannot replace
        return content.decode("gb18030", "replace")
