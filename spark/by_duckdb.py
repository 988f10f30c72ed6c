"""DuckDB's side of the comparison: a house of its own over another's landing, loaded and built from nothing.

It runs in the pipeline's environment, before ``python -m spark`` does in Spark's.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from extract.build import build
from extract.load import load
from extract.settings import House


def main(root: Path) -> int:
    """Load and build; 0 if that went well."""
    landing = House(root, root / "inbox").landing
    if not (landing / "readings").is_dir():
        print(f"{root}: nothing landed there; make run fills the demo's house", file=sys.stderr)
        return 2
    folder = root / "spark" / "duckdb"
    house = House(folder, folder / "inbox")
    shutil.rmtree(house.root, ignore_errors=True)
    house.root.mkdir(parents=True)
    house.landing.symlink_to(landing)
    load(house)
    build(house)
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(os.environ.get("JIXIAO_DATA") or "data/demo").resolve()))
