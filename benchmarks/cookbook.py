"""Cookbook: the questions of docs/cookbook.md asked of published documents → docs/cookbook-published.md.

`make cookbook` (JIXIAO_DOCUMENTS must name the published documents) reads those that have a golden into a house that is
thrown away, but for those that were set again by hand, asks it and writes the page. Where the demo was run, its answers
in docs/cookbook.md are written anew, too. ``tests/test_cookbook.py`` asks again.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from benchmarks.goldens import DocumentsNotAtHandError, Golden, content_of, documents_folder, goldens
from extract.build import build
from extract.collect import collect
from extract.load import load
from extract.pending import batches, unread_document_ids
from extract.publish import publish
from extract.read_batch import read_batch
from extract.settings import House
from extract.summary import query, table_of

DOCS = Path(__file__).resolve().parent.parent / "docs"
COOKBOOK = DOCS / "cookbook.md"
PAGE = DOCS / "cookbook-published.md"
QUESTION = re.compile(r"^## (\d+\. .*?)\n.*?```sql\n(.*?)```\n```text\n(.*?)```", re.MULTILINE | re.DOTALL)
"""Of a cookbook: number and question, SQL, answer."""
SET_AGAIN = "typeset/"

_INTRODUCTION = """\
# The cookbook's answers on published documents

The questions and their SQL stand in [cookbook.md](cookbook.md), where the demo answers. These are the answers that
documents of real publishers give. Written by `make cookbook`; not edited by hand.

## Computed from

| publisher | year | title | status | lines | sha256 |
|---|---|---|---|---|---|"""
_COMPUTED_FROM = """
SELECT d.publisher_name, d.fiscal_year, d.title, d.status, q.project_line_count, d.document_id
FROM marts.dim_documents AS d JOIN quality.qa_documents AS q USING (document_id)
ORDER BY d.publisher_name NULLS LAST, d.fiscal_year NULLS LAST, d.document_id
"""


def known_documents() -> list[Golden]:
    """The goldens of documents as they were published."""
    return [golden for golden in goldens() if not golden.file.startswith(SET_AGAIN)]


def take_up(folder: Path, house: House) -> None:
    """Read the known documents of a folder into an empty house, and publish."""
    for golden in known_documents():
        path = house.inbox / golden.file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content_of(golden, folder))
    collect("inbox", house)
    for batch in batches(unread_document_ids(house), house):
        read_batch(batch.document_ids, house)
    load(house)
    build(house)
    publish(house)


def answer(published: Path, sql: str) -> str:
    """What `jixiao query` prints for it, as the pages hold it."""
    console = Console(width=160)
    with console.capture() as capture:
        console.print(table_of(query(published, sql)))
    return "\n".join(line.rstrip() for line in capture.get().strip().splitlines()) + "\n"


def page(published: Path) -> str:
    """docs/cookbook-published.md."""
    parts = [_INTRODUCTION]
    for document in query(published, _COMPUTED_FROM):
        *cells, sha256 = ("–" if value is None else " ".join(str(value).split()) for value in document.values())
        parts.append(f"| {' | '.join(cells)} | `{sha256}` |")
    for question, sql, _ in QUESTION.findall(COOKBOOK.read_text(encoding="utf-8")):
        parts.append(f"\n## {question}\n\n```text\n{answer(published, sql)}```")
    return "\n".join(parts) + "\n"


def answered_anew(cookbook: str, published: Path) -> str:
    """A cookbook with the answers of another published file."""

    def anew(found: re.Match[str]) -> str:
        start = found.start(3) - found.start()
        return found[0][:start] + answer(published, found[2]) + "```"

    return QUESTION.sub(anew, cookbook)


def main() -> int:
    """Write the pages; 2 where the published documents are not at hand."""
    try:
        folder = documents_folder()
    except DocumentsNotAtHandError as error:
        print(error, file=sys.stderr)
        return 2
    demo = House(DOCS.parent / "data" / "demo", DOCS.parent / "data" / "demo" / "inbox")
    if demo.published.exists():
        COOKBOOK.write_text(answered_anew(COOKBOOK.read_text(encoding="utf-8"), demo.published), encoding="utf-8")
    else:
        print("the demo was not run: docs/cookbook.md keeps its answers (make run)")
    with tempfile.TemporaryDirectory() as temporary:
        house = House(Path(temporary) / "house", Path(temporary) / "inbox")
        take_up(folder, house)
        PAGE.write_text(page(house.published), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
