"""The fictional city: as files in a folder, as sites on this machine, or as sites for as long as a command runs.

python -m demo FOLDER [--truth PATH]         writes the city's documents into a folder and says one line per file
python -m demo serve [options] FOLDER        serves its sites on 127.0.0.1 until it is stopped
python -m demo run [options] FOLDER -- ...   serves them while a command runs, and ends with the command's status

Both of the latter write the sites as sources into FOLDER/sources and every request into FOLDER/requests.jsonl.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from demo.city import load_city
from demo.expected import expected_json
from demo.files import published_files, write_whole
from demo.server import SLOW_SECONDS, CityServer, serving
from demo.site import DAYS
from demo.sources import write_sources
from demo.truth import truth_json

PORT = 8610
"""The sites' addresses are what documents are known by: a fixed port lets a second run find them where they were."""


def main(arguments: Sequence[str]) -> int:
    """Run the command that the first argument names; its exit status."""
    if arguments[:1] == ["serve"]:
        return _serve(arguments[1:])
    if arguments[:1] == ["run"]:
        return _run(arguments[1:])
    return _write_folder(arguments)


def _write_folder(arguments: Sequence[str]) -> int:
    """Write what is missing or differs; files already right are left alone."""
    parser = argparse.ArgumentParser(
        prog="python -m demo", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="where the documents go; made if missing")
    parser.add_argument("--truth", type=Path, metavar="PATH", help="also write what they mean, as JSON, outside FOLDER")
    parsed = parser.parse_args(arguments)
    folder: Path = parsed.folder
    truth_path: Path | None = parsed.truth
    if truth_path is not None and truth_path.resolve().is_relative_to(folder.resolve()):
        parser.error("--truth must lie outside FOLDER: everything in FOLDER is collected as a document")

    city = load_city()
    files = list(published_files(city))
    folder.mkdir(parents=True, exist_ok=True)
    for file in files:
        _write(folder / file.name, file.content)
    if truth_path is not None:
        truth_path.parent.mkdir(parents=True, exist_ok=True)
        _write(truth_path, truth_json(files, city))
    return 0


def _write(path: Path, content: bytes) -> None:
    print(f"{'written' if write_whole(path, content) else 'unchanged'}  {path}")


def _serve(arguments: Sequence[str]) -> int:
    parsed = _parser("serve", "Serve the sites of a fictional city until this is stopped.").parse_args(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _city(parsed) as city:
        for key, site in city.sites.items():
            print(f"{city.url(key)}  {site.name} ({site.system})", flush=True)
        print(f"day {city.day}; JIXIAO_SOURCES={parsed.folder / 'sources'}", flush=True)
        with suppress(KeyboardInterrupt):
            threading.Event().wait()
    return 0


def _run(arguments: Sequence[str]) -> int:
    options, separator, command = _divided(arguments)
    parser = _parser("run", "Serve the sites of a fictional city while a command runs with JIXIAO_SOURCES set.")
    parsed = parser.parse_args(options)
    if not separator or not command:
        parser.error("name the command after --")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    with _city(parsed):
        sources = str((parsed.folder / "sources").resolve())
        process = subprocess.Popen(command, env={**os.environ, "JIXIAO_SOURCES": sources})
        try:
            status = process.wait()
        except BaseException:
            process.terminate()
            process.wait()
            raise
    return status if status >= 0 else 128 - status


def _divided(arguments: Sequence[str]) -> tuple[Sequence[str], bool, Sequence[str]]:
    """What stands before the first --, whether there is one, and what stands behind it."""
    if "--" not in arguments:
        return arguments, False, ()
    place = list(arguments).index("--")
    return arguments[:place], True, arguments[place + 1 :]


def _parser(command: str, description: str) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m demo {command}", description=description)
    parser.add_argument("folder", type=Path, help="where sources and the log of requests go; made if missing")
    parser.add_argument(
        "--port", type=int, default=PORT, help=f"of the first site, the others follow; 0 for free ones (default {PORT})"
    )
    parser.add_argument(
        "--day", type=int, choices=DAYS, default=DAYS[0], help="nothing changes from 1 to 2, some things on 3"
    )
    parser.add_argument("--documents", type=int, default=0, metavar="N", help="also a site with N small documents")
    parser.add_argument("--slow", type=float, default=SLOW_SECONDS, metavar="SECONDS", help="what the slow host takes")
    parser.add_argument("--truth", type=Path, metavar="PATH", help="also write what must be found, as lines of JSON")
    return parser


@contextmanager
def _city(parsed: argparse.Namespace) -> Iterator[CityServer]:
    folder: Path = parsed.folder
    folder.mkdir(parents=True, exist_ok=True)
    city = serving(
        parsed.documents,
        port=parsed.port,
        day=parsed.day,
        slow_seconds=parsed.slow,
        log=folder / "requests.jsonl",
    )
    with ExitStack() as stack:
        try:
            served = stack.enter_context(city)
        except OSError as error:
            sys.exit(f"{error}; choose others with --port (make run DEMO_PORT=…)")
        write_sources(served, folder / "sources")
        if parsed.truth is not None:
            parsed.truth.parent.mkdir(parents=True, exist_ok=True)
            write_whole(parsed.truth, "".join(f"{line}\n" for line in expected_json(served)).encode())
        yield served


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
