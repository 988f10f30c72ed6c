"""The page of reading speed: what was measured → docs/benchmarks.md, with the goals beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import geometric_mean, median

from benchmarks.samples import SLOW_PAGES

_SHOWN = {
    "ceiling": "ceiling: pdfium's characters and paths alone",
    "grids": "this reader, bytes → grids",
    "lines": "this reader, bytes → lines",
    "pdfplumber": "pdfplumber `extract_tables`",
    "pymupdf": "PyMuPDF `find_tables`",
    "camelot": "camelot lattice",
}


@dataclass(frozen=True, slots=True)
class Timed:
    """One tool in a warm process: pages of each file, its seconds in each round, peak memory, seconds to get ready."""

    tool: str
    pages: Mapping[str, int]
    seconds: Mapping[str, Sequence[float]]
    peak_mb: float
    start_seconds: float

    def pages_per_second(self, name: str) -> float:
        """Of one file, in the median round."""
        return self.pages[name] / median(self.seconds[name])

    @property
    def mean(self) -> float:
        """Pages per second: the geometric mean over the files, so that no long one counts for all."""
        return geometric_mean([self.pages_per_second(name) for name in self.pages])


@dataclass(frozen=True, slots=True)
class Two:
    """The pages that each process reads, and the seconds of each round when one does so and when two do at once."""

    pages: int
    one: Sequence[float]
    both: Sequence[float]

    @property
    def times(self) -> float:
        """How many times as much two processes read in the same time."""
        return 2 * median(self.one) / median(self.both)


@dataclass(frozen=True, slots=True)
class Conditions:
    """When, where, how and with what it was measured; ``load`` is the machine's before it began."""

    on: str
    model: str
    cores: int
    load: float
    python: str
    versions: Mapping[str, str]
    rounds: int
    most_pages: int


@dataclass(frozen=True, slots=True)
class Memory:
    """Peak memory of a process of this reader: a document read once, then ``again`` times more, and one grown."""

    pages: int
    once_mb: float
    again: int
    again_mb: float
    grown_pages: int
    grown_mb: float

    @property
    def per_page_read(self) -> float:
        """Megabytes that each further page costs which the process reads."""
        return (self.again_mb - self.once_mb) / (self.again * self.pages)

    @property
    def per_page_of_a_document(self) -> float:
        """Megabytes that each further page of one document costs: its lines are kept until it is read."""
        return (self.grown_mb - self.once_mb) / (self.grown_pages - self.pages)


@dataclass(frozen=True, slots=True)
class Shown:
    """A document's pages, and the seconds of each round from the command to its first row and to its end."""

    pages: int
    first: Sequence[float]
    ended: Sequence[float]


@dataclass(frozen=True, slots=True)
class Measurements:
    """Pages of tables, whole budgets, two processes against one, memory, one document at a terminal."""

    tables: Sequence[Timed]
    budgets: Sequence[Timed]
    two: Two
    memory: Memory
    shown: Shown


_HEAD = """\
# Reading speed

Written by `make bench-read` on {on}; not edited by hand. {model}, {cores} cores (load {load:.1f} before it began),
Python {python}, {versions}.

Each tool reads the same bytes in a process of its own that has imported everything and read one file before the clock
starts; start-up is told apart. Every file is read by all tools in turn (rounds: {rounds}); its median counts. A reading
takes as long as it took on the clock or of the processor, whichever is less, so that a busy machine tells less. Means
are geometric, over files, in pages per second. The files are cut from the published documents: of each, up to
{most_pages} pages on which tables of targets stand, ruled ones typeset from known cells among them. The *ceiling* is
the fastest plain Python loop over pdfium that has asked for every character and every path and does nothing with them
(`benchmarks/tools.py`). camelot is slow and reads only the first {slow_pages} of these pages of each file. PyMuPDF and
camelot are measured, never used: neither is a dependency. What is made of the tables is another matter:
[accuracy.md](accuracy.md) says what this reader does.

## Pages of tables

| tool | pages per second | × pdfplumber | of the ceiling | peak memory, MB | start-up, s |
|---|--:|--:|--:|--:|--:|
"""


def page(measured: Measurements, at: Conditions) -> str:
    """docs/benchmarks.md."""
    head = _HEAD.format(
        on=at.on,
        model=at.model,
        cores=at.cores,
        load=at.load,
        python=at.python,
        versions=", ".join(f"{tool} {version}" for tool, version in at.versions.items()),
        rounds=at.rounds,
        most_pages=at.most_pages,
        slow_pages=SLOW_PAGES,
    )
    two, memory, shown = measured.two, measured.memory, measured.shown
    parts = [
        *_tools(measured.tables),
        "",
        "## Goals",
        "",
        "| goal | asked | measured | |",
        "|---|--:|--:|---|",
        *_goals(measured),
        "",
        "## By file",
        "",
        *_by_file(measured.tables),
        "",
        "## Whole budgets",
        "",
        "Whole published documents of which only some pages hold tables of targets: this reader from bytes to lines,",
        "pdfplumber reading the tables of all pages.",
        "",
        *_by_file(measured.budgets),
        "",
        "## Two processes, and memory",
        "",
        f"One process reads {two.pages} pages in {median(two.one):.1f} s; two at once read as many each in"
        f" {median(two.both):.1f} s:",
        f"{two.times:.2f} times as much in the same time.",
        "",
        f"Peak memory of one process: {memory.once_mb:.0f} MB after a document of {memory.pages} pages,"
        f" {memory.again_mb:.0f} MB after {memory.again} more",
        f"readings of it, {memory.grown_mb:.0f} MB after one of {memory.grown_pages} pages"
        f" ({memory.per_page_of_a_document:.2f} MB for each further page of a document).",
        "",
        "## At a terminal",
        "",
        f"`jixiao read` of the document of {shown.pages} pages, from the command, nothing warm but the disk: its",
        f"first row shows after {median(shown.first):.1f} s (from {min(shown.first):.1f} to {max(shown.first):.1f}),"
        f" its last after {median(shown.ended):.1f} s.",
        "",
    ]
    return head + "\n".join(parts)


def _tools(tools: Sequence[Timed]) -> Iterator[str]:
    by_tool = {one.tool: one for one in tools}
    for one in tools:
        same = one.pages.keys()
        plumber = geometric_mean([by_tool["pdfplumber"].pages_per_second(name) for name in same])
        top = geometric_mean([by_tool["ceiling"].pages_per_second(name) for name in same])
        yield (
            f"| {_SHOWN[one.tool]} | {one.mean:.1f} | {one.mean / plumber:.1f} | {one.mean / top:.2f}"
            f" | {one.peak_mb:.0f} | {one.start_seconds:.1f} |"
        )


def _goals(measured: Measurements) -> Iterator[str]:
    tables = {one.tool: one for one in measured.tables}
    budgets = {one.tool: one for one in measured.budgets}
    ours = [*measured.tables, *measured.budgets]
    peak = max(
        measured.memory.again_mb, measured.memory.grown_mb, *(one.peak_mb for one in ours if one.tool == "lines")
    )
    grows = measured.memory.per_page_read
    asked = [
        ("bytes → lines, pages of tables, × pdfplumber", 8, tables["lines"].mean / tables["pdfplumber"].mean),
        ("bytes → grids, of the ceiling", 0.75, tables["grids"].mean / tables["ceiling"].mean),
        ("bytes → lines, of the ceiling", 0.6, tables["lines"].mean / tables["ceiling"].mean),
        ("two processes, × one", 1.8, measured.two.times),
    ]
    if budgets:
        asked.insert(
            1, ("whole budgets, × pdfplumber on all pages", 12, budgets["lines"].mean / budgets["pdfplumber"].mean)
        )
    for name, least, value in asked:
        yield f"| {name} | ≥ {least:g} | {value:.2f} | {'met' if value >= least else 'missed'} |"
    yield f"| peak memory of a process of this reader, MB | < 200 | {peak:.0f} | {'met' if peak < 200 else 'missed'} |"
    yield f"| memory for each further page read, MB | < 0.01 | {grows:.3f} | {'met' if grows < 0.01 else 'missed'} |"


def _by_file(tools: Sequence[Timed]) -> Iterator[str]:
    if not tools:
        yield "None was read."
        return
    yield f"| file | pages | {' | '.join(one.tool for one in tools)} |"
    yield "|---|--:|" + "--:|" * len(tools)
    for name, count in tools[0].pages.items():
        yield f"| {name} | {count} | {' | '.join(f'{one.pages_per_second(name):.1f}' for one in tools)} |"
