"""Unpack: the files of archives, within limits, and what is wrong with those that are not taken."""

from __future__ import annotations

import io
import os
import shutil
import stat
import struct
import subprocess
import tempfile
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from extract import unpack
from extract.collect import collect
from extract.folder import collect_folder
from extract.receive import Receiver, keeping
from extract.settings import House
from extract.unpack import UnpackError, container_kind, members

MOST = 10_000_000
needs_bsdtar = pytest.mark.skipif(shutil.which("bsdtar") is None, reason="bsdtar is not installed")


def rar(files: dict[str, bytes]) -> bytes:
    """A RAR (version 4) with files that are stored as they are."""

    def block(kind: int, flags: int, fields: bytes) -> bytes:
        body = struct.pack("<BHH", kind, flags, 7 + len(fields)) + fields
        return struct.pack("<H", zlib.crc32(body) & 0xFFFF) + body

    packed = b"Rar!\x1a\x07\x00" + block(0x73, 0, bytes(6))
    for name, content in files.items():
        size, named = len(content), name.encode()
        fields = struct.pack("<IIBIIBBHI", size, size, 3, zlib.crc32(content), 0, 20, 0x30, len(named), 0o100644)
        packed += block(0x74, 0x8200, fields + named) + content
    return packed + block(0x7B, 0x4000, b"")


def seven_zipped(files: dict[str, bytes]) -> bytes:
    """A 7z, as the system's own packer makes it."""
    with tempfile.TemporaryDirectory() as folder:
        below = Path(folder) / "a" / "b"
        for name, content in files.items():
            path = below / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        command = ["bsdtar", "-P", "--format=7zip", "-cf", "../packed.7z", *files]  # -P: names as they are given
        subprocess.run(command, cwd=below, check=True, env={**os.environ, "LC_ALL": "C.UTF-8"})
        return (below / "../packed.7z").read_bytes()


def zipped(files: dict[str | zipfile.ZipInfo, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as parts:
        for name, content in files.items():
            parts.writestr(name, content)
    return buffer.getvalue()


def taken(content: bytes) -> dict[str, bytes | str | None]:
    """Path → content, or why it is not taken."""
    kind = container_kind(content)
    assert kind is not None
    return {m.path: m.content if m.problem is None else m.problem for m in members(content, kind, MOST)}


def test_documents_that_are_packed_are_no_archives() -> None:
    assert container_kind(zipped({"xl/workbook.xml": b"<a/>", "a.xml": b""})) is None
    assert container_kind(zipped({"OFD.xml": b"<a/>"})) is None
    assert container_kind(zipped({"mimetype": b"application/vnd.oasis.opendocument.text"})) is None
    assert container_kind(b"%PDF-1.4") is None
    assert container_kind(zipped({"a.pdf": b"%PDF-1.4"})) == "application/zip"
    assert container_kind(rar({"a.pdf": b"%PDF-1.4"})) == "application/vnd.rar"


def test_links_and_twice_the_same_path_and_what_is_too_large_are_not_taken() -> None:
    link = zipfile.ZipInfo("link.pdf")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with pytest.warns(UserWarning, match="Duplicate"):
        found = zipped(
            {link: b"/etc/passwd", "a.pdf": b"1", zipfile.ZipInfo("a.pdf"): b"2", "big.pdf": bytes(MOST + 1)}
        )
    result = [(m.path, m.content, m.problem) for m in members(found, "application/zip", MOST)]
    assert result[0] == ("link.pdf", None, "a link, no file")
    assert result[1] == ("a.pdf", b"1", None)
    assert "twice" in str(result[2][2])
    assert "10 MB" in str(result[3][2])


def test_a_password_and_a_damaged_file_cost_only_themselves() -> None:
    packed = bytearray(zipped({"a.pdf": b"a" * 100, "b.pdf": b"b" * 100, "c.pdf": b"c" * 100}))
    entry = packed.rfind(b"PK\x01\x02", 0, packed.find(b"b.pdf", packed.find(b"PK\x01\x02")))
    packed[entry + 8] |= 1  # encrypted, as the directory says
    packed[packed.find(b"c.pdf") + 6] ^= 0xFF
    found = taken(bytes(packed))
    assert found["a.pdf"] == b"a" * 100
    assert "password" in str(found["b.pdf"])
    assert "cannot be unpacked" in str(found["c.pdf"])


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({f"{number}.pdf": b"x" for number in range(2001)}, "more than 2000 files"),
        ({f"{number}.pdf": bytes(9_000_000) for number in range(8)}, "200 times its size"),
    ],
)
def test_a_bomb_is_refused_before_anything_is_unpacked(files: dict[str | zipfile.ZipInfo, bytes], says: str) -> None:
    with pytest.raises(UnpackError, match=says):
        next(members(zipped(files), "application/zip", MOST))


def test_what_is_cut_short_is_no_archive() -> None:
    whole = zipped({"a.pdf": b"a" * 1000})
    with pytest.raises(UnpackError, match="damaged"):
        taken(whole[:-30])


def test_an_archive_of_archives_is_opened_once_and_within_the_same_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    innermost = zipped({"x.pdf": b"x"})
    nested = zipped({"甲/乙.zip": zipped({"丙.pdf": b"c", "丁.zip": innermost}), "a.pdf": b"a"})
    found = taken(nested)
    assert found["甲/乙.zip/丙.pdf"] == b"c"
    assert found["a.pdf"] == b"a"
    assert "unpack it by hand" in str(found["甲/乙.zip/丁.zip"])
    monkeypatch.setattr(unpack, "_MOST_MEMBERS", 3)
    assert "more than 3 files" in str(taken(nested)["甲/乙.zip"])


@pytest.mark.parametrize("begins", [b"Rar!\x1a\x07\x00", b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c"])
def test_without_an_unpacker_a_rar_or_7z_is_refused_and_says_what_to_install(
    begins: bytes, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house.inbox / "预算").write_bytes(begins + bytes(100))
    monkeypatch.setenv("PATH", "")
    [observation] = collect_folder("inbox", house, Receiver({}, keeping(house), MOST, is_site=False), {})
    assert (observation.outcome, observation.document_id) == ("refused", None)
    assert "libarchive-tools" in str(observation.message)


@needs_bsdtar
@pytest.mark.parametrize("pack", [rar, seven_zipped])
def test_a_rar_or_7z_is_opened_by_the_system(
    pack: Callable[[dict[str, bytes]], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"甲局/预算.pdf": b"%PDF-1.4 a", "b.xls": bytes(range(256)) * 20}
    assert taken(pack(files)) == files
    escaping = taken(pack({"../up.pdf": b"u", "a.pdf": b"a"}))
    assert "leads out" in str(escaping["../up.pdf"])
    assert escaping["a.pdf"] == b"a"
    assert taken(zipped({"内.7z": pack(files)})) == {f"内.7z/{path}": content for path, content in files.items()}
    whole = pack(files)
    with pytest.raises(UnpackError, match="cannot be unpacked"):
        taken(whole[: len(whole) // 2])
    monkeypatch.setattr(unpack, "_MOST_MEMBERS", 1)
    with pytest.raises(UnpackError, match="more than 1 files"):
        taken(pack(files))


@needs_bsdtar
def test_a_7z_that_is_a_bomb_is_left_when_it_has_given_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = seven_zipped({f"{number}.pdf": bytes(1_000_000) for number in range(9)})
    monkeypatch.setattr(unpack, "_RATIO_COUNTS_FROM_BYTES", 5_000_000)
    with pytest.raises(UnpackError, match="200 times its size"):
        taken(bomb)


@needs_bsdtar
def test_a_7z_that_could_not_be_opened_is_opened_once_there_is_an_unpacker(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    (house.inbox / "全部.7z").write_bytes(seven_zipped({"甲局.txt": b"a", "乙局.txt": b"b"}))
    with monkeypatch.context() as bare:
        bare.setenv("PATH", "")
        assert collect("inbox", house) == {"refused": 1}
    assert collect("inbox", house) == {"new": 3}
    assert collect("inbox", house) == {"unchanged": 3}


def test_an_archive_in_a_folder_is_opened_and_its_files_are_documents(house: House) -> None:
    (house.inbox / "全部.zip").write_bytes(zipped({"甲#1.txt": b"a", ".hidden": b"h", "__MACOSX/x": b"x"}))
    (house.inbox / "damaged.zip").write_bytes(zipped({"a.pdf": b"a" * 1000})[:-30])
    receiver = Receiver({}, keeping(house), MOST, is_site=False)
    found = {o.listing.url: o for o in collect_folder("inbox", house, receiver, {})}
    assert {url: o.outcome for url, o in found.items()} == {
        "folder:全部.zip#%E7%94%B2%231.txt": "new",
        "folder:全部.zip": "new",
        "folder:damaged.zip": "refused",
    }
    assert found["folder:全部.zip#%E7%94%B2%231.txt"].container_document_id == found["folder:全部.zip"].document_id
    assert Path(house.inbox / "全部.zip").exists()
