"""`python -m demo FOLDER [--truth PATH]`: writes the fictional documents into a folder and says one line per file."""

import argparse
from pathlib import Path

from demo.city import load_city
from demo.files import published_files, write_whole
from demo.truth import truth_json


def main() -> None:
    """Write what is missing or differs; files already right are left alone."""
    parser = argparse.ArgumentParser(prog="python -m demo", description="Write the documents of a fictional city.")
    parser.add_argument("folder", type=Path, help="where the documents go; made if missing")
    parser.add_argument("--truth", type=Path, metavar="PATH", help="also write what they mean, as JSON, outside FOLDER")
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    truth_path: Path | None = arguments.truth
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


def _write(path: Path, content: bytes) -> None:
    print(f"{'written' if write_whole(path, content) else 'unchanged'}  {path}")


if __name__ == "__main__":
    main()
