"""The models, parsed once for the houses of all tests: dbt takes seconds for it, and would in every new house.

`make test` runs it; tests/conftest.py tells dbt of the file. Without it, and where models have changed since, dbt
parses what it has to.
"""

from __future__ import annotations

from pathlib import Path

from extract.build import run_dbt
from extract.settings import PROJECT, House

_HOUSE = House(PROJECT / "build" / "models", PROJECT / "build" / "models" / "inbox")
PARSED: Path = _HOUSE.dbt / "target" / "partial_parse.msgpack"

if __name__ == "__main__":
    run_dbt(_HOUSE, "parse", "--no-write-json", "--quiet")
