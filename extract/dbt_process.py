"""dbt, once, in a process of its own: its log on standard output, and the nodes that failed as JSON in a file.

Started by ``extract.build``, with that file and the arguments of dbt.
"""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from dbt.cli.main import dbtRunner, dbtRunnerResult

_FAILED = ("error", "fail", "runtime error")


def main() -> int:
    """Run dbt; 0 where nothing failed."""
    failures, *told = sys.argv[1:]
    gc.disable()  # it ends soon; to look for garbage among all that it parsed takes a twentieth of its time
    done = dbtRunner().invoke(told)
    Path(failures).write_text(json.dumps(list(_failed(done)), ensure_ascii=False), encoding="utf-8")
    return 0 if done.success else 1


def _failed(done: dbtRunnerResult) -> Iterator[str]:
    for result in getattr(done.result, "results", ()):
        if result.status in _FAILED:
            yield f"{result.node.unique_id}: {' '.join((result.message or '').split())}"
    if done.exception is not None:
        yield " ".join(str(done.exception).split())
