"""Long checks: many kills at random moments, and thousands of documents. Run by ``make test-long``."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import time
from dataclasses import replace
from pathlib import Path

import pytest

from demo.server import serving
from demo.sources import write_sources
from extract import archive
from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.pending import batches, is_build_pending, unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import House
from extract.sources import sources
from tests.test_house import TEXT, add, rows
from tests.test_pipeline import content

pytestmark = pytest.mark.long

KILLS = int(os.environ.get("JIXIAO_TEST_KILLS", "50"))


def take_up(house: House) -> None:
    """Do all there is to do with what is collected."""
    for batch in batches(unread_document_ids(house), house):
        read_batch(batch.document_ids, house)
    load(house)
    build(house)
    publish(house)


def the_whole_way(house: House) -> None:
    """Collect every source, and do all there is to do."""
    for source_id, source in sources().items():
        if source.enabled:
            collect(source_id, house)
    take_up(house)


@pytest.mark.timeout(7200)
def test_killed_at_random_moments_it_ends_as_undisturbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(slow_seconds=0.1) as city:
        write_sources(city, tmp_path / "sources")
        monkeypatch.setenv("JIXIAO_SOURCES", str(tmp_path / "sources"))
        (tmp_path / "inbox").mkdir()
        undisturbed = House(tmp_path / "undisturbed", tmp_path / "inbox")
        started = time.monotonic()
        the_whole_way(undisturbed)
        whole = time.monotonic() - started

        house = replace(undisturbed, root=tmp_path / "killed")
        chance = random.Random(20260101)
        kills = 0
        while kills < KILLS:
            process = multiprocessing.get_context("spawn").Process(target=the_whole_way, args=(house,))
            process.start()
            process.join(chance.uniform(0.5, whole))
            if process.is_alive():
                process.kill()
                process.join()
            kills += process.exitcode == -signal.SIGKILL
        the_whole_way(house)

    assert list(archive.document_ids(house)) == list(archive.document_ids(undisturbed))
    assert not is_build_pending(house)
    assert content(house.published) == content(undisturbed.published)


@pytest.mark.timeout(3600)
def test_thousands_of_documents_go_through(house: House) -> None:
    count = 3000
    for number in range(count):
        add(house, f"{number % 50:02d}/{number}.txt", TEXT.replace("甲市", f"甲{number}市"))
    collect("inbox", house)
    assert len(unread_document_ids(house)) == count
    assert len(batches(unread_document_ids(house), house)) <= 200
    take_up(house)
    assert rows(replace(house), "SELECT count(*), count(DISTINCT organization_id) FROM marts.fct_project_budgets") == [
        (2 * count, count)
    ]
