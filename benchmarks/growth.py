"""Growth, measured: records of up to a million project lines → load, build, publish, dashboards → docs/benchmarks.md.

`make bench-growth`. On each size: everything is loaded, built and published; then one document in a hundred is new or
takes another's place, and what follows from that is; then ten queries of a dashboard are asked of the published file.
Each step is a process of its own, whose peak memory is that of the largest process in it. Nothing here is a test.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from itertools import pairwise
from pathlib import Path

import duckdb

from benchmarks.landed import Landed, Records
from benchmarks.read_speed import machine
from benchmarks.section import write_section
from extract.build import build
from extract.load import load
from extract.publish import publish
from extract.settings import House

SIZES = (10_000, 100_000, 1_000_000)
STEPS: Mapping[str, Callable[[House], object]] = {"load": load, "build": build, "publish": publish}
ROUNDS = 5
"""How often a query is asked; the first time, of a file just opened, is told apart."""
BUILD_GB = 8.0
INCREMENT_GOAL = 0.15
QUERY_GOAL = 0.2


@dataclass(frozen=True, slots=True)
class Cost:
    """What a step took: seconds of the clock and of processors, and gigabytes of its largest process at its peak."""

    seconds: float
    processor_seconds: float
    peak_gb: float


@dataclass(frozen=True, slots=True)
class Asked:
    """A query: seconds of the clock the first time and in the median of all rounds, and how many rows it gave."""

    first_seconds: float
    seconds: float
    rows: int


@dataclass(slots=True)
class Grown:
    """One size: what landed, what each step took for all and for the increment, the queries, and sizes in gigabytes."""

    all: Landed
    increment: Landed
    full: dict[str, Cost] = field(default_factory=dict)
    incremental: dict[str, Cost] = field(default_factory=dict)
    queries: dict[str, Asked] = field(default_factory=dict)
    queries_peak_gb: float = 0.0
    warehouse_gb: float = 0.0
    published_gb: float = 0.0


def grow(lines: int, work: Path) -> Grown:
    """Everything measured at one size."""
    house = House(work / "house", work / "inbox")
    _tell(f"{lines:,} lines")
    landed = _land(house, lines, "all")
    full = {step: _cost(step, house) for step in STEPS}
    grown = Grown(landed, _land(house, lines, "increment"), full)
    grown.incremental = {step: _cost(step, house) for step in STEPS}
    _hold_against(house, landed, grown.increment)
    grown.queries, grown.queries_peak_gb = _ask(house)
    grown.warehouse_gb, grown.published_gb = (path.stat().st_size / 1e9 for path in (house.warehouse, house.published))
    return grown


def _land(house: House, lines: int, part: str) -> Landed:
    """Land in a process of its own, too: a child's memory is counted from what its parent held."""
    _cost(f"land {part}", house, "--lines", str(lines))
    return Landed(**json.loads(_told(house).read_text(encoding="utf-8")))


def _land_here(house: House, lines: int, part: str) -> None:
    landed = Records(lines).land(house, late=part == "increment")
    _told(house).write_text(json.dumps(asdict(landed)), encoding="utf-8")


def _told(house: House) -> Path:
    """Where a process says what the next one asks it."""
    return house.root.parent / "told.json"


def _cost(step: str, house: House, *arguments: str) -> Cost:
    """Run a step in a process of its own.

    Raises:
        RuntimeError: it failed; what it printed stands in a file beside the house.
    """
    log = house.root.parent / "steps.log"
    began = time.perf_counter()
    with log.open("ab") as output:
        to_log = [(os.POSIX_SPAWN_DUP2, output.fileno(), stream) for stream in (1, 2)]
        command = [sys.executable, "-m", "benchmarks.growth", "--step", step, "--house", str(house.root), *arguments]
        child = os.posix_spawn(sys.executable, command, os.environ, file_actions=to_log)
        _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - began
    if status:
        raise RuntimeError(f"{step} failed:\n{log.read_text(encoding='utf-8')[-3000:]}")
    # Linux counts in what a process that ended used what its children did, and the largest of them
    cost = Cost(seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e9)
    _tell(f"  {step}: {cost.seconds:.1f} s, {cost.processor_seconds:.1f} s of processors, {cost.peak_gb:.2f} GB")
    return cost


def _hold_against(house: House, *landed: Landed) -> None:
    """No time counts of a build that lost anything."""
    with duckdb.connect(str(house.published), read_only=True) as published:
        for table, wanted in (
            ("dim_documents", sum(part.documents for part in landed)),
            ("fct_project_budgets", sum(part.lines for part in landed)),
            ("fct_indicator_targets", sum(part.targets for part in landed)),
        ):
            [(found,)] = published.execute(f"SELECT count(*) FROM marts.{table}").fetchall()
            if found != wanted:
                raise RuntimeError(f"{wanted} rows landed for {table}, {found} are published")


def dashboard_queries() -> dict[str, str]:
    """Ten queries as dashboards ask them: what each is about → its SQL."""
    text = (Path(__file__).resolve().parent / "dashboard.sql").read_text(encoding="utf-8")
    queries = {}
    for part in text.split("\n-- # ")[1:]:
        about, _, query = part.partition("\n")
        queries[about] = query.strip().rstrip(";")
    return queries


def _ask(house: House) -> tuple[dict[str, Asked], float]:
    """Every query in turn in a process of its own, and what that process held at its peak."""
    peak_gb = _cost("ask", house).peak_gb
    told = json.loads(_told(house).read_text(encoding="utf-8"))
    return {about: Asked(**asked) for about, asked in told.items()}, peak_gb


def _ask_here(house: House) -> None:
    asked = {}
    with duckdb.connect(str(house.published), read_only=True) as published:
        for about, query in dashboard_queries().items():
            seconds = []
            for _ in range(ROUNDS):
                began = time.perf_counter()
                rows = len(published.execute(query).fetchall())
                seconds.append(time.perf_counter() - began)
            asked[about] = asdict(Asked(seconds[0], statistics.median(seconds), rows))
    _told(house).write_text(json.dumps(asked), encoding="utf-8")


def text_of(found: Mapping[int, Grown], at: str) -> str:
    """The section of the page: the sizes side by side, then the queries at the largest."""
    largest = found[max(found)]
    return f"""
# Growth

Written by `make bench-growth` {at}.

Landed records of a seed, with the shapes of the published documents as `benchmarks/shapes.yml` has them (facts only: no
document stands behind them), take the true way: loaded, built with every test, published. Bodies are as large as real
ones; what grows is how many of them there are, over eight years. The increment is one document in a hundred: half of
them new, half in another's place. Every step is a process of its own; its memory is the peak of the largest process in
it, and dbt's start of some seconds is in every build.

{_steps(found)}

{_goals(found)}

## Ten queries of a dashboard

At {largest.all.lines + largest.increment.lines:,} lines, on the published file, each {ROUNDS} times in one process
(`benchmarks/dashboard.sql`), which held {largest.queries_peak_gb:.2f} GB at its peak.

| query | first, ms | median, ms | rows |
|---|--:|--:|--:|
{chr(10).join(_query_row(about, asked) for about, asked in largest.queries.items())}
"""


def _steps(found: Mapping[int, Grown]) -> str:
    rows: list[tuple[str, Callable[[Grown], str]]] = [
        ("documents", lambda grown: f"{grown.all.documents:,}"),
        ("project lines", lambda grown: f"{grown.all.lines:,}"),
        ("targets", lambda grown: f"{grown.all.targets:,}"),
        *((f"{step}: s", _seconds("full", step)) for step in STEPS),
        ("**build: s for 100,000 lines**", lambda grown: f"{1e5 * grown.full['build'].seconds / grown.all.lines:.1f}"),
        *((f"{step}: peak GB", _peak("full", step)) for step in STEPS),
        ("increment: documents", lambda grown: f"{grown.increment.documents:,}"),
        *((f"increment, {step}: s", _seconds("incremental", step)) for step in STEPS),
        ("**increment's build of the full build**", lambda grown: f"{_increment(grown):.1%}"),
        ("increment, build: peak GB", _peak("incremental", "build")),
        ("working warehouse, GB", lambda grown: f"{grown.warehouse_gb:.2f}"),
        ("published file, GB", lambda grown: f"{grown.published_gb:.2f}"),
    ]
    heads = " | ".join(f"{size:,}" for size in found)
    lines = [f"| lines asked for | {heads} |", "|---" * (len(found) + 1) + "|"]
    lines += [f"| {about} | " + " | ".join(tell(grown) for grown in found.values()) + " |" for about, tell in rows]
    return "\n".join(lines).replace("|---", "|--:").replace("|--:", "|---", 1)


def _seconds(run: str, step: str) -> Callable[[Grown], str]:
    return lambda grown: f"{getattr(grown, run)[step].seconds:.1f}"


def _peak(run: str, step: str) -> Callable[[Grown], str]:
    return lambda grown: f"{getattr(grown, run)[step].peak_gb:.2f}"


def _increment(grown: Grown) -> float:
    return grown.incremental["build"].seconds / grown.full["build"].seconds


def _goals(found: Mapping[int, Grown]) -> str:
    largest = found[max(found)]
    peak = max(cost.peak_gb for cost in (*largest.full.values(), *largest.incremental.values()))
    sizes = sorted(found)
    # the steepest step from one size to the next: 1 is linear
    steepest = max(
        (
            (found[more].full["build"].seconds / found[less].full["build"].seconds)
            / (found[more].all.lines / found[less].all.lines)
            for less, more in pairwise(sizes)
        ),
        default=0.0,
    )
    median = statistics.median(asked.seconds for asked in largest.queries.values())
    rows = [
        ("peak memory of any step at the largest size, GB", f"≤ {BUILD_GB:.0f}", f"{peak:.2f}", peak <= BUILD_GB),
        ("growth of the build by growth of the lines, at its steepest", "≤ 1", f"{steepest:.2f}", steepest <= 1),
        ("increment's build of the full build", f"< {INCREMENT_GOAL:.0%}", f"{_increment(largest):.1%}",
         _increment(largest) < INCREMENT_GOAL),
        ("median query, ms", f"< {QUERY_GOAL * 1000:.0f}", f"{median * 1000:.0f}", median < QUERY_GOAL),
    ]  # fmt: skip
    told = "\n".join(
        f"| {about} | {asked} | {measured} | {'met' if met else 'missed'} |" for about, asked, measured, met in rows
    )
    return f"| goal | asked | measured | |\n|---|--:|--:|---|\n{told}"


def _query_row(about: str, asked: Asked) -> str:
    return f"| {about} | {asked.first_seconds * 1000:.0f} | {asked.seconds * 1000:.0f} | {asked.rows:,} |"


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _be(step: str, house: House, lines: int) -> None:
    """The process of one step."""
    if step.startswith("land "):
        _land_here(house, lines, step.removeprefix("land "))
    elif step == "ask":
        _ask_here(house)
    else:
        STEPS[step](house)


def main() -> int:
    """Write the section of docs/benchmarks.md; with ``--step`` be the process of one step."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description="Measure growth.")
    parser.add_argument("--lines", type=int, nargs="+", default=list(SIZES))
    parser.add_argument("--print", action="store_true", help="print the section instead of writing it")
    parser.add_argument("--step", help=argparse.SUPPRESS)
    parser.add_argument("--house", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.step:
        _be(arguments.step, House(arguments.house, arguments.house.parent / "inbox"), arguments.lines[0])
        return 0
    at = machine()
    found = {}
    for lines in sorted(arguments.lines):
        with tempfile.TemporaryDirectory() as work:
            found[lines] = grow(lines, Path(work))
    text = text_of(found, at)
    if arguments.print:
        print(text)
    else:
        write_section("growth", text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
