"""What kills, hangs or bloats a reader costs its own document and nothing else, and leaves nothing behind."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread
from typing import Any

import psutil
import pytest

from extract import guard, terminal
from extract.document import document_of
from extract.guard import Guard, Limits, NotStartedError, read_documents
from extract.hints import Hints
from extract.json_lines import json_lines
from tests import pdf_bytes
from tests.conftest import PROJECT

LIMITS = Limits(memory_bytes=400_000_000, processor_seconds=1, clock_seconds=60)
FINE = "没有表格的文字。\n第二行\n".encode()


def named(*contents: bytes) -> list[tuple[bytes, Hints]]:
    return [(content, Hints(file_name=f"{number}.txt")) for number, content in enumerate(contents, 1)]


def evil(name: str) -> bytes:
    return f"evil: {name}\n".encode()


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch) -> None:
    """The children of this test read with a reader of the tests."""
    monkeypatch.setattr(guard, "READER", "tests.hostile_reader:document_of")


DEADLY = {
    "segfault": ("reader_died", "SIGSEGV"),
    "exit": ("reader_died", "ended with status 0"),
    "abort": ("reader_died", "SIGABRT"),
    "killed": ("reader_died", "SIGKILL"),
    "memory": ("out_of_memory", "0.4 GB"),
    "busy": ("too_complex", "1 seconds of processor time"),
}


@pytest.mark.usefixtures("hostile")
def test_what_kills_a_reader_costs_its_document_only(caplog: pytest.LogCaptureFixture) -> None:
    before, *dead, after = read_documents(named(FINE, *map(evil, DEADLY), FINE + b"after"), limits=LIMITS)
    assert (before.status, after.status) == ("complete", "complete")
    assert before.title != after.title  # read by another process
    for document, (name, (code, says)) in zip(dead, DEADLY.items(), strict=True):
        [issue] = document.issues
        assert (document.status, issue.severity, issue.code) == ("refused", "error", code)
        assert says in issue.message
        assert issue.what_to_do
        assert document.document_id == document_of(evil(name)).document_id
        assert document.media_type == "text/plain"
    # the log names the file and the line that was running
    assert "died of SIGSEGV on 2.txt" in caplog.text
    assert "hostile_reader.py" in caplog.text


@pytest.mark.usefixtures("hostile")
def test_what_hangs_is_ended_by_the_clock() -> None:
    hung, after = read_documents(named(evil("asleep"), FINE), limits=Limits(clock_seconds=10))
    assert (hung.issues[0].code, after.status) == ("reader_hung", "complete")


@pytest.mark.usefixtures("hostile")
def test_a_process_reads_one_document_after_another() -> None:
    documents = list(read_documents(named(*(FINE + bytes([65 + n]) for n in range(5)))))
    assert len({document.document_id for document in documents}) == 5
    assert len({document.title for document in documents}) == 1
    assert documents[0].title != str(os.getpid())


@pytest.mark.usefixtures("hostile")
def test_what_died_of_the_documents_before_it_is_read_again_by_a_new_process() -> None:
    first, second = read_documents(named(FINE, evil("second")))
    assert (first.status, second.status) == ("complete", "complete")
    assert first.title != second.title


@pytest.mark.usefixtures("hostile")
def test_a_process_that_grew_large_is_replaced() -> None:
    large, after = read_documents(named(evil("large"), FINE), limits=LIMITS)
    assert (large.status, after.status) == ("complete", "complete")
    assert large.title != after.title


@pytest.mark.usefixtures("hostile")
def test_two_processes_read_the_same_documents_in_the_same_order() -> None:
    contents = named(FINE, FINE + b"2", evil("busy"), *(FINE + bytes([65 + n]) for n in range(8)), evil("exit"), FINE)
    one, two = (list(read_documents(contents, processes=n, limits=LIMITS)) for n in (1, 2))
    assert [(d.document_id, d.status) for d in one] == [(d.document_id, d.status) for d in two]
    assert one[0].title == one[1].title
    assert two[0].title != two[1].title


def test_guarded_documents_are_what_the_reader_gives(demo: tuple[Path, list[dict[str, Any]]]) -> None:
    files = sorted(path for path in demo[0].rglob("*") if path.is_file())
    contents = [(path.read_bytes(), Hints(file_name=path.name)) for path in files]
    assert list(read_documents(contents, processes=2)) == [document_of(*content) for content in contents]


def test_where_no_process_starts_no_document_is_blamed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(guard, "READER", "extract.nowhere:document_of")
    with pytest.raises(NotStartedError, match="ended with status 1"):
        list(read_documents(named(FINE)))
    assert "No module named 'extract.nowhere'" in capfd.readouterr().err
    assert psutil.Process().children() == []


@pytest.mark.usefixtures("hostile")
def test_nothing_is_left_behind() -> None:
    here = psutil.Process()
    files = here.num_fds()
    with Guard(processes=2) as guarded:
        documents = guarded.read(named(FINE, evil("exit"), evil("asleep")))
        next(documents)
        assert len(here.children()) == 2
    assert here.children() == []
    del documents
    assert here.num_fds() == files


PARENT = """
import sys
from extract import guard
from extract.hints import Hints
guard.READER = "tests.hostile_reader:document_of"
list(guard.read_documents([(sys.argv[1].encode(), Hints())]))
"""


@pytest.fixture(params=["busy", "asleep"])
def parent(request: pytest.FixtureRequest) -> Iterator[psutil.Process]:
    """A process whose child is reading something that does not end."""
    process = psutil.Popen([sys.executable, "-c", PARENT, f"evil: {request.param}"], cwd=PROJECT)
    until = time.monotonic() + 30
    while not any(child.cpu_times().user > 0.3 for child in process.children()) and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    yield process
    with suppress(psutil.NoSuchProcess):
        process.kill()
        process.wait()


def test_children_end_with_a_parent_that_is_killed(parent: psutil.Process) -> None:
    [child] = parent.children()
    parent.kill()
    parent.wait()
    _, alive = psutil.wait_procs([child], timeout=5)
    assert alive == []


def test_ctrl_c_is_quiet_and_ends_everything(tmp_path: Path) -> None:
    slow = tmp_path / "slow.pdf"
    slow.write_bytes(pdf_bytes.pages([pdf_bytes.packed(b"10 10 m 90 90 l S\n", 200_000_000)]))
    process = psutil.Popen(
        [sys.executable, "-m", "extract", "read", str(slow)],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until = time.monotonic() + 30
    while not any(child.memory_info().rss > 200 << 20 for child in process.children()) and time.monotonic() < until:
        time.sleep(0.05)
    [child] = process.children()
    os.killpg(process.pid, signal.SIGINT)
    assert process.communicate(timeout=10) == ("", "")
    assert process.returncode == 130
    assert not child.is_running()


def test_pages_are_counted_on_a_terminal_where_it_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terminal, "_PATIENCE_SECONDS", 0.0)
    monkeypatch.setenv("TERM", "xterm-256color")
    ours, theirs = pty.openpty()
    shown: list[bytes] = []
    watching = Thread(target=lambda: shown.extend(iter(lambda: _read_of(ours), b"")), daemon=True)
    watching.start()
    content = pdf_bytes.pages([pdf_bytes.TEXT] * 2000)
    with os.fdopen(theirs, "w") as stream, monkeypatch.context() as patched:
        patched.setattr(sys, "stderr", stream)
        with terminal.pages_shown() as on_page, Guard() as guarded:
            [document] = guarded.read([(content, Hints())], on_page)
    watching.join(timeout=5)
    os.close(ours)
    assert document.page_count == 2000
    assert "/2000" in b"".join(shown).decode()


def _read_of(terminal_end: int) -> bytes:
    try:
        return os.read(terminal_end, 1 << 16)
    except OSError:  # the other end is closed
        return b""


def test_no_progress_is_shown_where_no_terminal_is(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(terminal, "_PATIENCE_SECONDS", 0.0)
    with terminal.pages_shown() as on_page:
        on_page(1, 2)
        time.sleep(0.1)
    assert capfd.readouterr() == ("", "")


def test_json_of_a_guarded_document_survives(demo: tuple[Path, list[dict[str, Any]]]) -> None:
    content = (demo[0] / "yunze-commerce-2026.pdf").read_bytes()
    [document] = read_documents([(content, Hints())])
    assert list(json_lines(document)) == list(json_lines(document_of(content)))
