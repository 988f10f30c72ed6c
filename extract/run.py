"""Run: the three DAGs of a house in order, and a summary of what came of it."""

from __future__ import annotations

from datetime import UTC, datetime

from extract import archive
from extract.folder import is_folder
from extract.orchestrate import DAGS, RunError, held, make_own_inbox, prepare, run_dag
from extract.pending import is_build_pending, published_build, unloaded, unread_document_ids
from extract.settings import House
from extract.summary import show_summary
from extract.warehouse import bring_up


def run(house: House) -> None:
    """Collect, extract, build and publish once; later DAGs run only where the state of the house calls for them.

    Raises:
        RunError: the house is in use, a newer Jixiao made its warehouse, or a DAG failed.
    """
    collect, extract, build = DAGS
    make_own_inbox(house)
    if not is_folder(house.inbox):
        raise RunError(f"The folder {house.inbox} does not exist; name one with make run DOCUMENTS=<folder>.")
    with held(house):
        bring_up(house)
        prepare(house)
        began = datetime.now(UTC)
        known, before = set(archive.document_ids(house)), published_build(house)
        print("Collecting …", flush=True)
        run_dag(house, collect)
        new = set(archive.document_ids(house)) - known
        unread = len(unread_document_ids(house))
        if unread or unloaded(house):
            print(f"Reading {unread} documents …", flush=True)
            run_dag(house, extract)
        if is_build_pending(house):
            print("Building and publishing …", flush=True)
            run_dag(house, build)
        after = published_build(house)
        if not unread and before is not None and after is not None and before.facts == after.facts:
            print("\nNothing new: every document was seen before; nothing was read, no facts were built.")
        show_summary(house, new, began)
