"""Thousands of documents: run by ``make test-long``."""

from __future__ import annotations

from dataclasses import replace

import pytest

from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.pending import batches, unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import House
from tests.test_house import TEXT, add, rows


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_thousands_of_documents_go_through(house: House) -> None:
    count = 3000
    for number in range(count):
        add(house, f"{number % 50:02d}/{number}.txt", TEXT.replace("甲市", f"甲{number}市"))
    collect("inbox", house)
    assert len(unread_document_ids(house)) == count
    assert len(batches(unread_document_ids(house), house)) <= 200
    for batch in batches(unread_document_ids(house), house):
        read_batch(batch.document_ids, house)
    load(house)
    build(house)
    publish(house)
    assert rows(replace(house), "SELECT count(*), count(DISTINCT organization_id) FROM marts.fct_project_budgets") == [
        (2 * count, count)
    ]
