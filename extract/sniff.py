"""Bytes → media type, by what the bytes are: names and servers are not believed."""

from __future__ import annotations

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
_HTML = ("<!doctype", "<html", "<head", "<body", "<script", "<meta", "<title", "<style", "<!--", "<?xml", "<div", "<p")
_ENCODINGS = ("utf-8-sig", "gb18030")


def media_type(content: bytes) -> str:
    """The media type of bytes; ``application/octet-stream`` where nothing known fits."""
    if not content.strip(b"\x00 \t\r\n"):
        return "application/x-empty"
    if b"%PDF-" in content[:1024]:  # readers of PDF accept a header within the first 1024 bytes
        return "application/pdf"
    for signature, kind in _SIGNATURES:
        if content.startswith(signature):
            return kind
    text = decoded(content)
    if text is None:
        return "application/octet-stream"
    start = text[:2048].lstrip().lower()
    if start.startswith(_HTML):
        return "text/html"
    return "text/plain"


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
