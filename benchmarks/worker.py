"""One tool in a process of its own: it imports, reads one file to be warm, and then reads what it is told, timed.

`python -m benchmarks.worker TOOL FILE` prints a line of JSON when it is warm; for each path on a line of standard
input it prints the seconds that reading took and the peak memory of the process so far.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
import warnings
from pathlib import Path

from benchmarks.tools import TOOLS


def main() -> None:
    """Time one tool until standard input ends."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a tool prints itself is no answer
    warnings.simplefilter("ignore")
    logging.disable(logging.ERROR)
    tool, warming = sys.argv[1:]
    read = TOOLS[tool]()
    read(Path(warming).read_bytes())
    print(json.dumps({"peak_mb": _peak_mb()}), file=answers, flush=True)
    for line in sys.stdin:
        content = Path(line.strip()).read_bytes()
        begun, worked = time.perf_counter(), time.process_time()
        read(content)
        # a busy machine lengthens the one, several threads the other
        seconds = min(time.perf_counter() - begun, time.process_time() - worked)
        print(json.dumps({"seconds": seconds, "peak_mb": _peak_mb()}), file=answers, flush=True)


def _peak_mb() -> float:
    """Of this process alone: what getrusage says begins with the memory of the process that started it."""
    with Path("/proc/self/status").open(encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024


if __name__ == "__main__":
    main()
