"""The page behind a number, measured: how soon a long document's page is there → docs/benchmarks.md.

`make bench-view` (JIXIAO_DOCUMENTS must name the published documents). The document is taken the whole way into a house
that is thrown away; a process of its own serves the view of it on this machine, without Airflow and its login. A page
is there when its HTML with the outlines and its picture have come. Nothing here is a test.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from statistics import median
from urllib.request import urlopen

import duckdb

from benchmarks.goldens import DocumentsNotAtHandError, documents_folder
from benchmarks.read_speed import machine
from benchmarks.section import write_section
from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.pending import unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import PROJECT, House

DOCUMENT = "pdf/guangzhou-ecology-2026-targets.pdf"
FRESH = 5
"""Servers that are started, and pages that are asked for again or turned to."""
GOAL = 1.0
_PICTURE = re.compile(r'<image href="([^"]+)"')
_PNG = b"\x89PNG"


class NoPageError(Exception):
    """What came is no page of a document with outlines."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Seconds: of the first page that a fresh server shows, one for each server; of the same page again; of others."""

    first: list[float]
    again: list[float]
    others: list[float]
    html_kb: int
    picture_kb: int
    outlines: int


def main() -> int:
    """Measure, and write the section; 2 where the document is not at hand. ``serve`` and a house: serve its view."""
    if sys.argv[1:2] == ["serve"]:
        return _serve(Path(sys.argv[2]))
    try:
        path = documents_folder() / DOCUMENT
    except DocumentsNotAtHandError as error:
        print(error, file=sys.stderr)
        return 2
    at = machine()
    with tempfile.TemporaryDirectory() as temporary:
        house = House(Path(temporary) / "house", Path(temporary) / "inbox")
        document_id, pages, facts = published(path, house)
        load_between = os.getloadavg()[0]
        found = measured(house, document_id)
    write_section("view", section(found, pages, facts, f"{at};\nload {load_between:.1f} when the pages were asked for"))
    return 0


def section(found: Measured, pages: int, facts: int, at: str) -> str:
    """The section of docs/benchmarks.md."""
    rows = {
        "first page, the first thing that a server is asked for": found.first,
        "first page again": found.again,
        "pages never shown before": found.others,
    }
    said = [f"| {what} | {median(took):.2f} | {min(took):.2f} | {max(took):.2f} |" for what, took in rows.items()]
    verdict = "met" if median(found.first) < GOAL else "missed"
    return f"""
# The page behind a number

Written by `make bench-view` {at}.

A published document of {pages} pages with {facts:,} lines, amounts and targets is taken the whole way; the view of its
house is served on the same machine, without Airflow and its login. Seconds from the request of a page until its HTML
({found.html_kb} KB, {found.outlines} outlines on the first) and its picture ({found.picture_kb} KB) have come.
{FRESH} servers were started for the first row and had answered nothing but their style sheet; the last of them
was asked {FRESH} times more for each of the other rows. A page is drawn in a process of its own, while its facts are
asked for.

| | median, s | least | most |
|---|--:|--:|--:|
{chr(10).join(said)}

Goal: the first page of a long document in less than a second from a server that has just started: {verdict}.
"""


def published(path: Path, house: House) -> tuple[str, int, int]:
    """Take a document the whole way; its id, how many pages it has, and how many lines, amounts and targets."""
    inbox = Path(str(house.inbox))
    inbox.mkdir(parents=True)
    shutil.copy(path, inbox)
    collect("inbox", house)
    read_batch(unread_document_ids(house), house)
    load(house)
    build(house)
    publish(house)
    with duckdb.connect(str(house.published), read_only=True) as file:
        [(document_id, pages, facts)] = file.execute(
            """
            SELECT document_id, page_count, (SELECT count(*) FROM marts.fct_project_budgets)
                + (SELECT count(*) FROM marts.fct_project_funds) + (SELECT count(*) FROM marts.fct_indicator_targets)
            FROM marts.dim_documents
            """
        ).fetchall()
    return str(document_id), int(pages), int(facts)


def measured(house: House, document_id: str) -> Measured:
    """Ask fresh servers for the document's first page, and the last of them for it again and for others."""
    first, again, others = [], [], []
    for _ in range(FRESH):
        with served(house) as address:
            first.append(timed(address, document_id, 1))
            if len(first) == FRESH:
                again = [timed(address, document_id, 1) for _ in range(FRESH)]
                others = [timed(address, document_id, page) for page in range(2, 2 + FRESH)]
                html, picture = shown(address, document_id, 1)
    return Measured(first, again, others, len(html) // 1024, len(picture) // 1024, html.count(b"<rect "))


def timed(address: str, document_id: str, page: int) -> float:
    """Seconds until a page is there."""
    began = time.perf_counter()
    shown(address, document_id, page)
    return time.perf_counter() - began


def shown(address: str, document_id: str, page: int) -> tuple[bytes, bytes]:
    """HTML and picture of a page.

    Raises:
        NoPageError: it has no outlines, or no picture.
    """
    with urlopen(f"{address}/documents/{document_id}?page={page}", timeout=60) as answer:
        html = answer.read()
    place = _PICTURE.search(html.decode())
    if place is None or b"<rect " not in html:
        raise NoPageError(f"page {page} has no picture or no outlines")
    with urlopen(address + unescape(place[1]), timeout=60) as answer:
        picture = answer.read()
    if not picture.startswith(_PNG):
        raise NoPageError(f"page {page} has no picture")
    return html, picture


@contextmanager
def served(house: House) -> Iterator[str]:
    """The address of the view, in a process that has been asked for its style sheet and for nothing else."""
    command = [sys.executable, "-m", "benchmarks.view_speed", "serve", str(house.root)]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            address = f"http://127.0.0.1:{int(server.stdout.readline())}"
            with urlopen(f"{address}/static/view.css", timeout=60):
                yield address
        finally:
            server.terminate()


def _serve(root: Path) -> int:
    import uvicorn

    from extract.view.app import create_app

    app = create_app(House(root, root / "inbox"), lambda: None, lambda: "nobody", lambda: None)
    config = uvicorn.Config(app, log_level="warning")
    with config.bind_socket() as listening:
        listening.listen()
        print(listening.getsockname()[1], flush=True)
        uvicorn.Server(config).run(sockets=[listening])
    return 0


if __name__ == "__main__":
    sys.exit(main())
