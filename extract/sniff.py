"""Bytes → media type, by what the bytes are: names and servers are not believed."""

from __future__ import annotations

import io
import re
import zipfile

PDF = "application/pdf"

_OFFICE = "application/vnd.openxmlformats-officedocument"
_IN_ZIP = (
    ("xl/workbook.xml", f"{_OFFICE}.spreadsheetml.sheet"),
    ("word/document.xml", f"{_OFFICE}.wordprocessingml.document"),
    ("ppt/presentation.xml", f"{_OFFICE}.presentationml.presentation"),
    ("xl/workbook.bin", "application/vnd.ms-excel.sheet.binary.macroEnabled.12"),
)
_PART = re.compile(rb"PK\x03\x04.{26}(xl|word|ppt)/", re.DOTALL)
_IN_OLE = (
    ("EncryptedPackage", "application/x-ole-encrypted"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("WordDocument", "application/msword"),
)
_SIGNATURES = (
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x1f\x8b", "application/gzip"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF8", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
)
_HTML = ("<!doctype", "<html", "<head", "<body", "<script", "<meta", "<title", "<style", "<!--", "<div", "<p", "<table")
_XML_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet"
_XML_DECLARATION = re.compile(r"<\?xml[^>]*>\s*(?:<\?[^>]*>\s*)*")
_MIME_HEADER = re.compile(r"mime-version\s*:", re.IGNORECASE)
_ENCODINGS = ("utf-8-sig", "gb18030")


def media_type(content: bytes) -> str:
    """The media type of bytes; ``application/octet-stream`` where nothing known fits."""
    if not content.strip(b"\x00 \t\r\n"):
        return "application/x-empty"
    if b"%PDF-" in content[:1024]:  # readers of PDF accept a header within the first 1024 bytes
        return PDF
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return _INSIDE[kind](content) if kind in _INSIDE else kind
    text = decoded(content)
    if text is None:
        # a page is one even where some of its bytes are no characters
        is_page = content[:2048].decode("latin-1").lstrip("\xef\xbb\xbf \t\r\n").lower().startswith(_HTML)
        return "text/html" if is_page else "application/octet-stream"
    return _of_text(text)


def _of_text(text: str) -> str:
    start = text[:4096].lstrip().lower()
    bare = _XML_DECLARATION.sub("", start, count=1) if start.startswith("<?xml") else start
    if _XML_SPREADSHEET in start and not bare.startswith("<html"):
        return "application/vnd.ms-excel+xml"
    if bare.startswith(_HTML):
        return "text/html"
    if start.startswith("<?xml"):
        return "application/xml"
    if _MIME_HEADER.match(start):
        return "multipart/related"
    return "text/plain"


def _in_zip(content: bytes) -> str:
    """What a ZIP is, by the parts that it must have."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            names = {name.lower() for name in parts.namelist()}
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        # a file that broke off has lost the list at its end, but every part begins with its name
        folders = {match[1].decode() for match in _PART.finditer(content)}
        return next((kind for name, kind in _IN_ZIP if name.split("/")[0] in folders), "application/zip")
    return next((kind for name, kind in _IN_ZIP if name in names), "application/zip")


def _in_ole(content: bytes) -> str:
    """What an OLE storage is, by the streams that its directory names."""
    return next((kind for name, kind in _IN_OLE if _is_listed(name, content)), "application/x-ole-storage")


def _is_listed(name: str, content: bytes) -> bool:
    """Whether a directory lists a stream: entries of 128 bytes, 64 of them for the name, then the name's length."""
    entry = name.encode("utf-16-le").ljust(64, b"\x00") + (2 * len(name) + 2).to_bytes(2, "little")
    place = content.find(entry)
    while place >= 0 and place % 128:
        place = content.find(entry, place + 1)
    return place >= 0


def decoded(content: bytes) -> str | None:
    """The text of bytes in UTF-8 (with or without mark), UTF-16 (with mark) or GB 18030; None where it is no text."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16")
        except UnicodeDecodeError:
            return None
    if b"\x00" in content:
        return None
    for encoding in _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        controls = sum(1 for character in text if ord(character) < 32 and character not in "\t\r\n\f\x0b")
        return text if controls <= len(text) // 100 else None
    return None


_INSIDE = {"application/zip": _in_zip, "application/x-ole-storage": _in_ole}
