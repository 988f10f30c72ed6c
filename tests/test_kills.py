"""The whole way, killed and then finished: archive and warehouse are what an undisturbed run leaves.

At one moment of each step here; at many random ones of a collection from the city's sites by ``make test-kills``.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from importlib import import_module
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import psutil
import pytest

from demo.server import serving
from demo.sources import source_id, write_sources
from extract import archive
from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.pending import batches, is_build_pending, unloaded, unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import House
from extract.sources import sources
from tests.test_pipeline import content

SPAWN = multiprocessing.get_context("spawn")
STEPS = ("collect", "read", "load", "build", "publish")
KILLS = int(os.environ.get("JIXIAO_TEST_KILLS", "50"))
SITE = "treasury"
DAYS = (1, 3)
"""On the third, a file was replaced, one is new, and one is gone."""


def the_whole_way(house: House, begins: Callable[[str], object]) -> None:
    """Do all there is to do, and tell each step that begins."""
    begins("collect")
    for name, source in sources().items():
        if source.enabled:
            collect(name, house)
    begins("read")
    for batch in batches(unread_document_ids(house), house):
        read_batch(batch.document_ids, house)
    begins("load")
    load(house)
    begins("build")
    build(house)
    begins("publish")
    publish(house)


def left_by(house: House) -> dict[str, object]:
    """All that a run leaves, without what belongs to the run; nothing is left to do."""
    assert unread_document_ids(house) == []
    assert unloaded(house) == []
    assert not is_build_pending(house)
    return {
        "archive": {document_id: archive.content_of(document_id, house) for document_id in archive.document_ids(house)},
        "raw": content(house.warehouse, "raw"),
        "published": content(house.published),
    }


def dies_at(house: House, module: str, function: str, call: int) -> None:
    """The whole way in this process, which dies at the n-th call of a function of a module."""
    real = getattr(import_module(module), function)
    calls = 0

    def dies(*arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == call:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments)

    setattr(import_module(module), function, dies)
    the_whole_way(house, str)


def died(house: House, module: str, function: str, call: int) -> None:
    process = SPAWN.Process(target=dies_at, args=(house, module, function, call))
    process.start()
    process.join()
    assert process.exitcode == -signal.SIGKILL


def killed_while_dbt_builds(house: House) -> None:
    process = SPAWN.Process(target=the_whole_way, args=(house, str))
    process.start()
    while not list((house.dbt / "target" / "run").rglob("dim_regions.sql")):  # the first of marts
        assert process.is_alive()
        time.sleep(0.01)
    assert [child.cmdline().count("extract.dbt_process:main") for child in psutil.Process(process.pid).children()] == [
        1
    ]
    kill(process)
    assert process.exitcode == -signal.SIGKILL


def kill(process: SpawnProcess) -> None:
    """Kill a process; all that it started ends with it."""
    children = psutil.Process(process.pid).children(recursive=True) if process.is_alive() else []
    process.kill()
    process.join()
    _, outliving = psutil.wait_procs(children, timeout=5)
    assert outliving == []


def test_killed_once_in_every_step_it_ends_as_undisturbed(
    tmp_path: Path, ran: tuple[House, subprocess.CompletedProcess[str]]
) -> None:
    undisturbed = ran[0]
    house = replace(undisturbed, root=tmp_path / "house")
    died(house, "extract.archive", "write_whole", 3)
    died(house, "extract.collect", "land_observations", 1)
    died(house, "pyarrow.parquet", "write_table", 4)
    died(house, "extract.load", "create_raw", 1)
    died(house, "extract.load", "_insert", 4)
    killed_while_dbt_builds(house)
    died(house, "extract.publish", "_comment", 40)
    assert not house.published.exists()
    the_whole_way(house, str)
    assert left_by(house) == left_by(undisturbed)


def killed(house: House, step: str, seconds: float) -> str | None:
    """Kill the whole way so many seconds after a step began, or when the next one begins; in which step it died.

    None where it had ended before.
    """
    told, telling = SPAWN.Pipe(duplex=False)
    process = SPAWN.Process(target=the_whole_way, args=(house, telling.send))
    process.start()
    telling.close()
    begun: list[str] = []
    with suppress(EOFError):
        while step not in begun:
            begun.append(told.recv())
        told.poll(seconds)
    kill(process)
    with suppress(EOFError):
        while True:
            begun.append(told.recv())
    assert process.exitcode in (0, -signal.SIGKILL), f"it failed in {begun}"
    return begun[-1] if process.exitcode else None


def timed(house: House) -> dict[str, float]:
    """Go the whole way; how many seconds each step took."""
    begun: dict[str, float] = {}
    the_whole_way(house, lambda step: begun.update({step: time.monotonic()}))
    ends = [*list(begun.values())[1:], time.monotonic()]
    return {step: end - begins for (step, begins), end in zip(begun.items(), ends, strict=True)}


@pytest.mark.kills
def test_killed_at_random_moments_it_ends_as_undisturbed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    hit: Counter[str] = Counter()
    seconds: dict[int, dict[str, float]] = {}
    left: dict[int, dict[str, object]] = {}
    with serving(slow_seconds=0.1) as city:
        write_sources(city, tmp_path / "sources")
        for path in (tmp_path / "sources").iterdir():
            if path.stem != source_id(SITE):
                path.unlink()
        monkeypatch.setenv("JIXIAO_SOURCES", str(tmp_path / "sources"))
        (tmp_path / "inbox").mkdir()
        undisturbed = House(tmp_path / "undisturbed", tmp_path / "inbox")
        for day in DAYS:
            city.day = day
            seconds[day] = timed(undisturbed)
            left[day] = left_by(undisturbed)
        while hit.total() < KILLS:
            house = replace(undisturbed, root=tmp_path / f"killed-{hit.total()}")
            for day in DAYS:
                city.day = day
                for step in STEPS:
                    died_in = None
                    while died_in is None and hit.total() < KILLS:
                        died_in = killed(house, step, random.uniform(0, seconds[day][step]))
                        if died_in != step:  # it takes less time than it took when it was timed
                            seconds[day][step] /= 2
                    if died_in is not None:
                        hit[died_in] += 1
                the_whole_way(house, str)
                assert left_by(house) == left[day], f"after {hit}"
            with capfd.disabled():
                print(f"\nkilled {hit.total()} times: " + ", ".join(f"{step} {hit[step]}" for step in STEPS))
    assert 5 * len(STEPS) > KILLS or set(hit) == set(STEPS), hit
