"""Long checks: many kills at random moments, and thousands of documents. Run by ``make test-long``."""

from __future__ import annotations

import multiprocessing
import random
import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from extract import archive
from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.pending import batches, is_build_pending, unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import House
from tests.test_house import TEXT, add, rows
from tests.test_pipeline import content

pytestmark = pytest.mark.long


def take_up(house: House) -> None:
    """Do all there is to do."""
    if not list(archive.document_ids(house)):
        collect("inbox", house)
    for batch in batches(unread_document_ids(house), house):
        read_batch(batch.document_ids, house)
    load(house)
    build(house)
    publish(house)


@pytest.mark.timeout(3600)
def test_killed_at_random_moments_it_ends_as_undisturbed(
    tmp_path: Path, demo: tuple[Path, list[dict[str, Any]]]
) -> None:
    undisturbed = House(tmp_path / "undisturbed", demo[0])
    started = time.monotonic()
    take_up(undisturbed)
    whole = time.monotonic() - started

    house = replace(undisturbed, root=tmp_path / "killed")
    chance = random.Random(20260101)
    kills = 0
    for _ in range(30):
        process = multiprocessing.get_context("spawn").Process(target=take_up, args=(house,))
        process.start()
        process.join(chance.uniform(0.5, whole))
        if process.is_alive():
            process.kill()
            process.join()
        kills += process.exitcode == -signal.SIGKILL

    take_up(house)
    assert kills > 10
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
