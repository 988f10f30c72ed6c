"""Reading speed: this reader, its ceiling and other tools on the same pages, in warm processes → docs/benchmarks.md.

`make bench-read` (JIXIAO_DOCUMENTS must name the published documents). Nothing here is a test: times are measured, and
goals stand beside them. Each file is read by every tool in turn before the next one is, so that whatever else the
machine does falls on all of them.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import pty
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from benchmarks.goldens import DocumentsNotAtHandError, documents_folder
from benchmarks.samples import Sample, Samples, samples
from benchmarks.section import write_section
from benchmarks.speed_page import Conditions, Measurements, Memory, Shown, Timed, Two, page

PROJECT = Path(__file__).resolve().parent.parent
AGAIN = 4
"""How many times more a process reads the longest document, to see whether memory grows."""
_FIRST_ROW = re.compile(rb"\b1 *\xe2\x94\x82")  # a row's number before its rule


class Worker:
    """A tool in a process of its own, warm and waiting."""

    def __init__(self, tool: str, warming: Sample) -> None:
        command = [sys.executable, "-m", "benchmarks.worker", tool, str(warming.path)]
        begun = time.perf_counter()
        self.tool = tool
        self._process = subprocess.Popen(
            command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self.peak_mb: float = self.answer()["peak_mb"]
        self.start_seconds = time.perf_counter() - begun

    def ask(self, sample: Sample) -> None:
        """Let it read a sample; more can be asked for before it answers."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{sample.path}\n")

    def answer(self) -> dict[str, Any]:
        """Its next answer: the seconds that reading took, and the peak memory so far.

        Raises:
            RuntimeError: the process ended.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.tool} ended without an answer (exit status {self._process.wait()})")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def end(self) -> None:
        """Let it go."""
        self._process.communicate()


def compared(tools: Mapping[str, Sequence[Sample]], rounds: int) -> list[Timed]:
    """Every tool on its samples, file after file in turn, ``rounds`` times."""
    workers = {tool: Worker(tool, min(read, key=lambda one: one.pages)) for tool, read in tools.items()}
    seconds: dict[str, dict[str, list[float]]] = {tool: {one.name: [] for one in read} for tool, read in tools.items()}
    peaks = {tool: worker.peak_mb for tool, worker in workers.items()}
    names = list(dict.fromkeys(one.name for read in tools.values() for one in read))
    for number in range(rounds):
        print(f"round {number + 1} of {rounds}: {', '.join(tools)} on {len(names)} files", file=sys.stderr, flush=True)
        for name in names:
            for tool, read in tools.items():
                for sample in read:
                    if sample.name == name:
                        workers[tool].ask(sample)
                        answer = workers[tool].answer()
                        seconds[tool][name].append(answer["seconds"])
                        peaks[tool] = answer["peak_mb"]
    for worker in workers.values():
        worker.end()
    return [
        Timed(tool, {one.name: one.pages for one in read}, seconds[tool], peaks[tool], workers[tool].start_seconds)
        for tool, read in tools.items()
    ]


def two_against_one(read: Sequence[Sample], rounds: int) -> Two:
    """The seconds in which one process reads all samples, and in which each of two does so at once."""
    one, *both = (Worker("lines", read[0]) for _ in range(3))
    took: dict[int, list[float]] = {1: [], 2: []}
    for _ in range(rounds):
        for workers in ([one], both):
            begun = time.perf_counter()
            for worker in workers:
                for sample in read:
                    worker.ask(sample)
            for worker in workers:
                for _ in read:
                    worker.answer()
            took[len(workers)].append(time.perf_counter() - begun)
    for worker in (one, *both):
        worker.end()
    return Two(sum(one.pages for one in read), took[1], took[2])


def memory(long: Sample, grown: Sample) -> Memory:
    """The peak memory of a process that reads a long document, again and again, and of one that reads it grown."""
    print(f"memory: {long.pages} and {grown.pages} pages", file=sys.stderr, flush=True)
    peaks = []
    for read in ([long] * (1 + AGAIN), [grown]):
        worker = Worker("lines", long)
        for sample in read:
            worker.ask(sample)
        answers = [worker.answer()["peak_mb"] for _ in read]
        worker.end()
        peaks += [answers[0], answers[-1]]
    once, again, at_length, _ = peaks
    return Memory(long.pages, once, AGAIN, again, grown.pages, at_length)


def at_a_terminal(long: Sample, rounds: int) -> Shown:
    """The seconds from the call of ``jixiao read`` until it shows a document's first row, and until it has ended."""
    first, ended = [], []
    for _ in range(rounds):
        terminal, its_end = pty.openpty()
        begun = time.perf_counter()
        command = [sys.executable, "-m", "extract", "read", str(long.path)]
        with subprocess.Popen(command, cwd=PROJECT, stdout=its_end, stderr=subprocess.DEVNULL):
            os.close(its_end)
            shown = b""
            while not _FIRST_ROW.search(shown):
                shown += os.read(terminal, 65_536)
            first.append(time.perf_counter() - begun)
            with suppress(OSError):  # a terminal that nothing holds open any more
                while os.read(terminal, 65_536):
                    pass
        ended.append(time.perf_counter() - begun)
        os.close(terminal)
    return Shown(long.pages, first, ended)


def measurements(read: Samples, rounds: int) -> Measurements:
    """Every tool on its samples."""
    quick = dict.fromkeys(("ceiling", "grids", "lines", "pdfplumber", "pymupdf"), read.tables)
    return Measurements(
        tables=compared({**quick, "camelot": read.few}, rounds),
        budgets=compared(dict.fromkeys(("lines", "pdfplumber"), read.budgets), rounds) if read.budgets else [],
        two=two_against_one(read.tables, rounds),
        memory=memory(read.long, read.grown),
        shown=at_a_terminal(read.long, 3 * rounds),
    )


def conditions(rounds: int, most_pages: int) -> Conditions:
    """Where and how it was measured, with what."""
    return Conditions(
        on=datetime.now(UTC).date().isoformat(),
        model=next(_cpu_models(), platform.processor()),
        cores=os.cpu_count() or 0,
        load=os.getloadavg()[0],
        python=platform.python_version(),
        versions={tool: version(tool) for tool in ("pypdfium2", "pdfplumber", "pymupdf", "camelot-py")},
        rounds=rounds,
        most_pages=most_pages,
    )


def machine() -> str:
    """When, on what and beside what something is measured that begins now."""
    model, load = next(_cpu_models(), platform.processor()), os.getloadavg()[0]
    on = f"on {datetime.now(UTC).date().isoformat()}; {model}, {os.cpu_count()} cores (load {load:.1f} before it began)"
    return f"{on}, Python {platform.python_version()}"


def _cpu_models() -> Iterator[str]:
    with Path("/proc/cpuinfo").open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("model name"):
                yield line.split(":", 1)[1].strip()


def main() -> int:
    """Write the section of docs/benchmarks.md; 2 where the documents are not at hand."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.read_speed", description="Measure reading speed.")
    parser.add_argument("--rounds", type=int, default=5, help="how often each file is read; medians count")
    parser.add_argument("--pages", type=int, default=8, help="most pages of tables of one file")
    parser.add_argument("--only", default="", metavar="NAME", help="only files whose name holds NAME")
    parser.add_argument("--print", action="store_true", help="print the page instead of writing docs/benchmarks.md")
    arguments = parser.parse_args()
    try:
        folder = documents_folder()
    except DocumentsNotAtHandError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        at = conditions(arguments.rounds, arguments.pages)  # the load before this adds its own
    except PackageNotFoundError as error:
        parser.error(f"{error.name} is not installed; make bench-read installs it")
    with tempfile.TemporaryDirectory() as work:
        try:
            read = samples(folder, Path(work), arguments.only, arguments.pages)
        except ValueError as error:
            parser.error(str(error))
        text = page(measurements(read, arguments.rounds), at)
    if arguments.print:
        print(text)
    else:
        write_section("reading", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
