"""Unpack: the bytes of an archive (ZIP, RAR, 7z) → the files in it, one after the other, within limits.

Nothing is written to disk, so no name of a member leads anywhere. ZIP is read here, the others by the system's
``bsdtar`` (libarchive), which turns them into a stream; an archive within an archive is opened once.
"""

from __future__ import annotations

import io
import os
import shutil
import stat
import subprocess
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from threading import Timer

from extract.sniff import media_type

_ZIP = "application/zip"
_SIGNATURES = (
    (b"PK\x03\x04", _ZIP),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
)
CONTAINERS = frozenset(kind for _, kind in _SIGNATURES)
"""Media types of what holds documents and is none."""

_MOST_MEMBERS = 2_000
_MOST_BYTES = 1_000_000_000
_MOST_RATIO = 200
_RATIO_COUNTS_FROM_BYTES = 50_000_000
_MOST_SECONDS = 300.0
_UNPACKER = "bsdtar"
_ENCRYPTED = 0x1
_UTF8_NAME = 0x800
# documents that are a ZIP of parts: OFD, OpenDocument, Office Open XML of a kind that is not known
_PACKAGES = ("ofd.xml", "mimetype", "[content_types].xml", "meta-inf/manifest.mf", "meta-inf/manifest.xml")
_LITTER = ("__macosx", "thumbs.db", "desktop.ini")
_SHORTCUTS = (".lnk", ".url")


class UnpackError(Exception):
    """An archive cannot be opened, or not within the limits; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive: its path there, and its bytes, or why it is not taken."""

    path: str
    content: bytes | None
    problem: str | None = None


@dataclass(slots=True)
class _Budget:
    """What may still be unpacked of one archive, and of those in it."""

    packed_bytes: int
    largest_bytes: int
    members: int = 0
    unpacked_bytes: int = 0
    paths: set[str] = field(default_factory=set)

    def spend(self, size_bytes: int) -> None:
        self.members += 1
        self.unpacked_bytes += size_bytes
        if self.members > _MOST_MEMBERS:
            raise UnpackError(f"more than {_MOST_MEMBERS} files are packed in it; look at it")
        if self.unpacked_bytes > _MOST_BYTES:
            raise UnpackError(f"more than {_MOST_BYTES // 1_000_000} MB are packed in it; look at it")
        if self.unpacked_bytes > max(_RATIO_COUNTS_FROM_BYTES, _MOST_RATIO * self.packed_bytes):
            raise UnpackError(f"it unpacks to more than {_MOST_RATIO} times its size, as no document does; look at it")


def container_kind(content: bytes) -> str | None:
    """The media type of bytes that hold documents; None where they are none such, or a document that is packed.

    It is told by how they begin: a PDF that is packed without compression may stand right behind that.
    """
    kind = next((kind for signature, kind in _SIGNATURES if content.startswith(signature)), None)
    if kind != _ZIP:
        return kind
    if media_type(content) not in (_ZIP, "application/pdf"):
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            return None if any(name.lower() in _PACKAGES for name in parts.namelist()) else _ZIP
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return _ZIP  # a damaged one: unpacking says what is wrong


def members(content: bytes, kind: str, largest_bytes: int) -> Iterator[Member]:
    """The files in an archive, without folders, hidden files and shortcuts; ``largest_bytes`` is the most one may have.

    Raises:
        UnpackError: it cannot be opened, or goes beyond a limit; what came before it stands.
    """
    yield from _members(content, kind, _Budget(len(content), largest_bytes), "", is_outermost=True)


def _members(content: bytes, kind: str, budget: _Budget, prefix: str, *, is_outermost: bool) -> Iterator[Member]:
    for member in _in_zip(content, budget) if kind == _ZIP else _in_stream(content, budget):
        path = prefix + member.path
        if _is_litter(member.path):
            continue
        if problem := member.problem or _problem_of_path(member.path, path, budget):
            yield Member(path, None, problem)
            continue
        budget.paths.add(path)
        inner = container_kind(member.content or b"")
        if inner is None:
            yield Member(path, member.content)
        elif not is_outermost:
            yield Member(path, None, "an archive in an archive in an archive is not opened; unpack it by hand")
        else:
            try:
                yield from _members(member.content or b"", inner, budget, f"{path}/", is_outermost=False)
            except UnpackError as error:
                yield Member(path, None, str(error))


def _in_zip(content: bytes, budget: _Budget) -> Iterator[Member]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            infos = [info for info in parts.infolist() if not info.is_dir()]
            for info in infos:  # before anything is unpacked: reading stops at the size that is declared here
                budget.spend(info.file_size)
            for info in infos:
                yield _zip_member(parts, info, budget)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
        raise UnpackError(f"the ZIP is damaged ({error}); fetch it again, or ask its publisher") from error


def _zip_member(parts: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> Member:
    path = _zip_name(info)
    if stat.S_ISLNK(info.external_attr >> 16):
        return Member(path, None, "a link, no file")
    if info.flag_bits & _ENCRYPTED:
        return Member(path, None, "a password is needed to unpack it; ask its publisher for a copy without one")
    if info.file_size > budget.largest_bytes:
        return Member(path, None, _too_large(info.file_size, budget))
    try:
        return Member(path, parts.read(info))
    except (zipfile.BadZipFile, NotImplementedError, EOFError, zlib.error, OSError, RuntimeError) as error:
        return Member(path, None, f"cannot be unpacked ({error}); fetch the archive again, or ask its publisher")


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name of a member. Without the mark of UTF-8 it is bytes of the machine that packed it: here mostly GBK."""
    name = info.orig_filename
    if not info.flag_bits & _UTF8_NAME:
        raw = name.encode("cp437")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _in_stream(content: bytes, budget: _Budget) -> Iterator[Member]:
    """The files of an archive that the system's unpacker turns into a stream of tar."""
    unpacker = shutil.which(_UNPACKER)
    if unpacker is None:
        raise UnpackError(
            "a RAR or 7z archive, and no unpacker on this machine: install bsdtar (Debian: libarchive-tools)"
        )
    with tempfile.NamedTemporaryFile(prefix="jixiao-") as packed, tempfile.TemporaryFile() as complaints:
        packed.write(content)
        packed.flush()
        process = subprocess.Popen(
            [unpacker, "-cf", "-", "--format=pax", f"@{packed.name}"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )
        assert process.stdout is not None
        patience = Timer(_MOST_SECONDS, process.kill)
        patience.start()
        try:
            with tarfile.open(fileobj=process.stdout, mode="r|") as stream:
                for info in stream:
                    if not info.isdir():
                        budget.spend(info.size)
                        yield _stream_member(stream, info, budget)
            failed = process.wait() != 0
        except tarfile.TarError:
            failed = True
        finally:
            patience.cancel()
            process.kill()
            process.wait()
            process.stdout.close()
        if failed:
            complaints.seek(0)
            said = complaints.read(500).decode("utf-8", "replace").strip().replace(packed.name, "it")
            raise UnpackError(f"the archive cannot be unpacked ({said or 'it is damaged'}); look at it")


def _stream_member(stream: tarfile.TarFile, info: tarfile.TarInfo, budget: _Budget) -> Member:
    if not info.isreg():
        return Member(info.name, None, "a link, no file")
    if info.size > budget.largest_bytes:
        return Member(info.name, None, _too_large(info.size, budget))
    file = stream.extractfile(info)
    return Member(info.name, file.read() if file else b"")


def _too_large(size_bytes: int, budget: _Budget) -> str:
    return f"{size_bytes / 1e6:.0f} MB, and no more than {budget.largest_bytes / 1e6:.0f} MB are taken"


def _is_litter(path: str) -> bool:
    parts = [part.lower() for part in PurePosixPath(path).parts]
    names = [part for part in parts if part != ".."]
    return any(name.startswith((".", "~$")) or name in _LITTER for name in names) or path.lower().endswith(_SHORTCUTS)


def _problem_of_path(own_path: str, path: str, budget: _Budget) -> str | None:
    parts = own_path.split("/")
    if own_path.startswith("/") or own_path[1:2] == ":" or ".." in parts or "\x00" in own_path:
        return "its path leads out of the archive; look at who packed it"
    if path in budget.paths:
        return "a file of this path stands in the archive twice; look at both"
    return None
