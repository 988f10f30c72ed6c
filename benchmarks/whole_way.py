"""The whole way, measured: documents of the demo's city from its sites to the published file → docs/benchmarks.md.

`make bench-run`. Three runs on one house: everything is new; nothing is; one document in a hundred was replaced in
place. The steps are those that the DAGs call, one after the other, reading in as many processes as there are cores.
What Airflow adds is fixed and is not part of it. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from benchmarks.read_speed import machine
from benchmarks.section import write_section
from demo.server import CityServer, serving
from demo.sources import source_id, write_sources
from extract import archive
from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.pending import batches, unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import House

SITE = "schools"
"""The site of the city that has as many documents as asked for."""
STEPS = ("collect", "load observations", "read", "load", "build", "publish")
RUNS = {1: "first run", 2: "nothing new", 3: "1 % changed"}
"""The city's day → what a run on it finds."""
GOAL = 0.05


@dataclass(slots=True)
class Run:
    """One run: seconds of the clock for each step, and how many documents were read."""

    seconds: dict[str, float] = field(default_factory=dict)
    documents_read: int = 0

    @property
    def total(self) -> float:
        """Seconds of all steps."""
        return sum(self.seconds.values())

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Time a step."""
        began = time.perf_counter()
        yield
        self.seconds[name] = time.perf_counter() - began


def run_once(house: House) -> Run:
    """Collect the site, read, load, build and publish what there is to do."""
    done = Run()
    with done.step("collect"):
        collect(source_id(SITE), house)
    with done.step("load observations"):
        load(house)
    with done.step("read"):
        unread = unread_document_ids(house)
        done.documents_read = len(unread)
        with ThreadPoolExecutor(os.cpu_count()) as readers:
            list(readers.map(lambda batch: read_batch(batch.document_ids, house), batches(unread, house)))
    with done.step("load"):
        load(house)
    with done.step("build"):
        build(house)
    with done.step("publish"):
        publish(house)
    return done


def runs(documents: int, work: Path) -> list[Run]:
    """A run on each of the city's days.

    Raises:
        RuntimeError: not every document reached the published file.
    """
    house = House(work / "house", work / "inbox")
    found: list[Run] = []
    with serving(documents, port=0, slow_seconds=0) as city:
        write_sources(city, work / "sources")
        os.environ["JIXIAO_SOURCES"] = str(work / "sources")
        for day, name in RUNS.items():
            city.day = day
            print(f"{name}: {documents} documents", file=sys.stderr, flush=True)
            found.append(run_once(house))
            _hold_against(house, documents, city)
    return found


def _hold_against(house: House, documents: int, city: CityServer) -> None:
    """No time counts of a run that lost anything."""
    with duckdb.connect(str(house.published), read_only=True) as published:
        [(current,)] = published.execute("SELECT count(*) FROM marts.dim_documents WHERE is_current").fetchall()
    if current != documents:
        raise RuntimeError(f"{documents} documents stand on the site on day {city.day}, {current} in the marts")
    assert len(list(archive.document_ids(house))) >= documents


def text_of(found: Mapping[int, Sequence[Run]], at: str) -> str:
    """The section of the page: the runs on each number of documents."""
    return f"""
# The whole way

Written by `make bench-run` {at}.

Small documents of the demo's city (six PDF, three XLSX and one text in ten, a table of some projects each) from its
site over HTTP to the published file, by the steps that the DAGs call, without Airflow, which adds its fixed start. The
site asks for no patience and answers at once; its server runs on the same machine. Every document is held against the
marts before a time counts. In the third run one document in a hundred was replaced in place, and the site's list dates
its article anew, as publishers' lists do: what a list shows as it was is asked for when it is due, not at every run.

What a run costs that finds nothing new is the starting of Scrapy and of dbt, and a look at the lists; it hardly grows.
{"".join(_table(documents, runs) for documents, runs in found.items())}"""


def _table(documents: int, found: Sequence[Run]) -> str:
    first, nothing, changed = found
    rows = [f"| {step} | " + " | ".join(f"{run.seconds[step]:.1f}" for run in found) + " |" for step in STEPS]
    share = changed.total / first.total
    beyond = (changed.total - nothing.total) / (first.total - nothing.total)
    return f"""
## {documents:,} documents

| seconds | {" | ".join(RUNS.values())} |
|---|--:|--:|--:|
{chr(10).join(rows)}
| **in all** | {" | ".join(f"**{run.total:.1f}**" for run in found)} |
| documents read | {" | ".join(f"{run.documents_read:,}" for run in found)} |

First run: {documents / first.total * 60:,.0f} documents a minute. The run in which one document in a hundred changed
takes {share:.1%} of it (goal: at most {GOAL:.0%}: {"met" if share <= GOAL else "missed"}); beyond what a run costs
that finds nothing new, {beyond:.1%}.
"""


def main() -> int:
    """Write the section of docs/benchmarks.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.whole_way", description="Measure the whole way.")
    parser.add_argument("--documents", type=int, nargs="+", default=[2_000, 10_000])
    parser.add_argument("--print", action="store_true", help="print the section instead of writing it")
    arguments = parser.parse_args()
    at = machine()
    found = {}
    for documents in arguments.documents:
        with tempfile.TemporaryDirectory() as work:
            found[documents] = runs(documents, Path(work))
    text = text_of(found, at)
    show: Callable[[str], object] = print if arguments.print else lambda text: write_section("whole way", text)
    show(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
