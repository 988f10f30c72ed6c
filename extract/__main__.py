"""The command line: ``jixiao`` or ``python -m extract``."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit status."""
    parser = argparse.ArgumentParser(prog="jixiao", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)

    read = commands.add_parser("read", help="read one document and show its lines and its verdict")
    read.add_argument("file", type=Path)
    read.add_argument("--json", action="store_true", help="one JSON object per line on standard output")
    read.set_defaults(function=_read)

    target = commands.add_parser("target", help="take target values apart: one per line, JSON out")
    target.add_argument("input", choices=["-"], help="- for standard input: text[<tab>operator[<tab>unit]]")
    target.set_defaults(function=_target)

    show = commands.add_parser(
        "show", help="cut the picture of a fact's cell, or of an issue's place, out of its document"
    )
    show.add_argument("project_line_id", help="of a row in marts.fct_*, or an issue_id of quality.qa_issues")
    show.add_argument("--indicator", type=int, metavar="POSITION", help="one of its indicators")
    show.add_argument("--fund", metavar="FUND_SOURCE_ID", help="one of its funds")
    show.add_argument("--output", type=Path, help="PNG file (default: PROJECT_LINE_ID.png here)")
    show.set_defaults(function=_show)

    query = commands.add_parser("query", help="ask the published file a question in SQL")
    query.add_argument("sql")
    query.set_defaults(function=_query)

    tables = commands.add_parser("dictionary", help="describe the published file's tables and columns, as Markdown")
    tables.set_defaults(function=_dictionary)

    export = commands.add_parser("export", help="write a published table as XLSX or CSV")
    export.add_argument("table", help="as fct_project_budgets, or history.reading_lines")
    export.add_argument("--output", type=Path, help="a name that ends with .xlsx or .csv (default: TABLE.xlsx here)")
    export.add_argument("--fiscal-year", type=int, metavar="YEAR", help="only the rows of this year")
    export.set_defaults(function=_export)

    _add_source_commands(commands)

    forget = commands.add_parser("forget", help="take a document out of the house for good: bytes, readings, facts")
    forget.add_argument("document_id", help="its sha256, of marts.dim_documents")
    forget.add_argument("--reason", required=True, help="why; kept on its tombstone")
    forget.set_defaults(function=_forget)

    reparse = commands.add_parser(
        "reparse", help="read archived documents again and show what would change of them, row by row"
    )
    which = reparse.add_mutually_exclusive_group(required=True)
    which.add_argument("document_ids", nargs="*", default=[], metavar="DOCUMENT_ID", help="of marts.dim_documents")
    which.add_argument("--all", action="store_true", help="every document that was read")
    reparse.add_argument("--land", action="store_true", help="land what would change; the next run builds it")
    reparse.add_argument("--json", action="store_true", help="one JSON object per line on standard output")
    reparse.set_defaults(function=_reparse)

    run = commands.add_parser("run", help="run the whole pipeline of a house once through Airflow")
    run.set_defaults(function=_run)

    serve = commands.add_parser("serve", help="keep Airflow's scheduler and UI running")
    serve.set_defaults(function=_serve)

    parsed = parser.parse_args(arguments)
    try:
        status: int = parsed.function(parsed)
    except KeyboardInterrupt:
        return 128 + signal.SIGINT
    return status


def _add_source_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    add = commands.add_parser("add-source", help="write the files of a new source: it is disabled, its test fails")
    add.add_argument("name", help="its id: small letters, digits and hyphens, as guangzhou-yuexiu")
    add.add_argument("--url", required=True, help="the page that lists its budgets")
    add.add_argument("--system", required=True, help="the site's system, a module of extract/sites; if in doubt, plain")
    add.add_argument("--publisher", help="the body whose documents all of them are, if it is one")
    add.set_defaults(function=_add_source)

    check = commands.add_parser("check-source", help="ask a source end to end, store nothing, show what it offers")
    check.add_argument("name", help="its source_id")
    check.add_argument("--documents", type=int, metavar="N", help="fetch no more than N of its documents")
    check.set_defaults(function=_check_source)


def _read(parsed: argparse.Namespace) -> int:
    from extract.guard import Guard

    try:
        content = parsed.file.read_bytes()
    except OSError as error:
        return _failed(f"{parsed.file}: {error.strerror}", 2)
    with Guard(sharing_processes=os.cpu_count() or 1) as guard:  # its process starts while this one imports the rest
        from extract.hints import Hints
        from extract.json_lines import json_lines
        from extract.terminal import pages_shown, show_document

        with pages_shown() as on_page:
            [document] = guard.read([(content, Hints(file_name=parsed.file.name))], on_page)
    if parsed.json:
        for line in json_lines(document):
            print(line)
    else:
        show_document(document)
    if document.status in ("quarantined", "refused"):
        reason = next(issue for issue in document.issues if issue.severity == "error")
        return _failed(f"{parsed.file}: {document.status}: {reason.message}. {reason.what_to_do}", 2)
    return 0


def _target(_parsed: argparse.Namespace) -> int:
    from extract.json_lines import component_dict, dumped
    from extract.targets import parse_target

    for line in sys.stdin:
        text, operator, unit = [*line.rstrip("\r\n").split("\t"), "", ""][:3]
        components = parse_target(text, operator=operator or None, unit=unit or None)
        print(dumped([component_dict(component) for component in components]))
    return 0


def _show(parsed: argparse.Namespace) -> int:
    from extract.settings import House
    from extract.show import NotShownError, picture, place_of

    house = House.from_environment()
    output = parsed.output or Path(f"{parsed.project_line_id}.png")
    try:
        place = place_of(parsed.project_line_id, house, parsed.indicator, parsed.fund)
        picture(place, house, output)
    except NotShownError as error:
        return _failed(str(error), 1)
    print(output)
    return 0


def _query(parsed: argparse.Namespace) -> int:
    import duckdb

    from extract.settings import House
    from extract.summary import query, table_of
    from extract.terminal import console_of_width

    house = House.from_environment()
    if not house.published.exists():
        return _failed(f"{house.published} does not exist; run the pipeline first.", 1)
    try:
        console_of_width().print(table_of(query(house.published, parsed.sql)))
    except duckdb.Error as error:
        return _failed(str(error), 1)
    return 0


def _dictionary(_parsed: argparse.Namespace) -> int:
    from extract.dictionary import dictionary
    from extract.settings import House

    house = House.from_environment()
    if not house.published.exists():
        return _failed(f"{house.published} does not exist; run the pipeline first.", 1)
    print(dictionary(house.published), end="")
    return 0


def _export(parsed: argparse.Namespace) -> int:
    from extract.export import NotExportedError, export
    from extract.settings import House

    house = House.from_environment()
    if not house.published.exists():
        return _failed(f"{house.published} does not exist; run the pipeline first.", 1)
    output = parsed.output or Path(f"{parsed.table.rsplit('.', 1)[-1]}.xlsx")
    try:
        exported = export(house.published, parsed.table, output, parsed.fiscal_year)
    except (NotExportedError, OSError) as error:
        return _failed(str(error), 1)
    print(f"{output}: {exported.row_count:,} rows")
    if exported.cut_count:
        print(f"{exported.cut_count} texts are longer than a cell of Excel holds and end with …; CSV has them whole.")
    return 0


def _add_source(parsed: argparse.Namespace) -> int:
    from extract.add_source import add_source

    try:
        files = add_source(parsed.name, parsed.url, parsed.system, parsed.publisher)
    except (ValueError, OSError) as error:
        return _failed(str(error), 1)
    for file in files:
        print(file)
    print(f"Now fill in the test, as it says: pytest {files[-1]}")
    return 0


def _check_source(parsed: argparse.Namespace) -> int:
    from dataclasses import replace

    from extract.check_source import check_source
    from extract.collect import limits
    from extract.settings import House, contact
    from extract.sources import FOLDER, sources

    known = sources()
    source = known.get(parsed.name)
    if source is None:
        return _failed(f"There is no source {parsed.name}; there are {', '.join(known)}.", 2)
    if source.system == FOLDER:
        return _failed(f"{parsed.name} is a folder: what lies in it is collected.", 2)
    within = replace(limits(), documents=parsed.documents)
    return 0 if check_source(source, House.from_environment(), contact(), within) else 1


def _forget(parsed: argparse.Namespace) -> int:
    from extract.forget import NotForgottenError, forget
    from extract.orchestrate import RunError
    from extract.settings import House

    house = House.from_environment()
    try:
        forgotten = forget(parsed.document_id, parsed.reason, house)
    except (NotForgottenError, RunError) as error:
        return _failed(str(error), 1)
    print(f"{parsed.document_id} {'had been' if forgotten.was_forgotten else 'is'} {forgotten.tombstone}")
    for container in forgotten.containers:
        print(f"{container}, the archive it came in, is forgotten with it; the other files of it stay.")
    print(
        f"Taken out now: the bytes of {forgotten.archived_count} archived files,"
        f" its rows in {forgotten.batches_rewritten} landed batches and in the raw tables."
    )
    if forgotten.is_published:
        print(f"{house.published} holds it until the next build: jixiao run publishes one without it.")
    return 0


def _reparse(parsed: argparse.Namespace) -> int:
    from contextlib import nullcontext

    from extract.orchestrate import RunError, held
    from extract.reparse import NotReparsedError, landing, read_document_ids, reparse
    from extract.settings import House
    from extract.show_changes import json_changes, show_changes

    house = House.from_environment()
    to_land = 0
    try:
        with held(house) if parsed.land else nullcontext():
            document_ids = read_document_ids(house) if parsed.all else list(dict.fromkeys(parsed.document_ids))
            reparsed = reparse(document_ids, house)
            for each in landing(reparsed, house) if parsed.land else reparsed:
                to_land += each.is_to_land
                if parsed.json:
                    print(*json_changes(each), sep="\n")
                else:
                    show_changes(each)
    except (NotReparsedError, RunError) as error:
        return _failed(str(error), 1)
    if not parsed.json and to_land:
        print(
            f"Landed {to_land} documents: jixiao run loads, builds and publishes them."
            if parsed.land
            else f"Nothing is landed: the same with --land lands {to_land} documents."
        )
    return 0


def _run(_parsed: argparse.Namespace) -> int:
    from extract.orchestrate import RunError
    from extract.run import run
    from extract.settings import House

    try:
        run(House.from_environment())
    except RunError as error:
        return _failed(str(error), 1)
    return 0


def _serve(_parsed: argparse.Namespace) -> int:
    from extract.orchestrate import RunError, held, prepare, serve
    from extract.settings import House
    from extract.warehouse import bring_up

    house = House.from_environment()
    try:
        with held(house):
            bring_up(house)
            prepare(house)
            serve(house)
    except RunError as error:
        return _failed(str(error), 1)
    return 0


def _failed(sentence: str, status: int) -> int:
    print(sentence, file=sys.stderr)
    return status


if __name__ == "__main__":
    sys.exit(main())
