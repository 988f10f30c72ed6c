"""Children: processes that end with the one that started them, however that ends.

So whoever starts again after a kill never meets a reader, a crawl or a dbt that still works on the same house.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from importlib import import_module
from pathlib import Path
from threading import Thread

from extract.settings import PROJECT

_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from extract.children import start; start()"
_PR_SET_PDEATHSIG = 1
_SECONDS_BETWEEN_LOOKS = 1.0


def child_command(function: str, *arguments: str, python: Path | None = None) -> list[str]:
    """The command that calls a function (``module:name``) in a child of this process, as an installed script does.

    Another ``python`` has packages of its own and needs the project's no more than this module does.
    """
    return [str(python or sys.executable), "-P", "-c", _START, str(PROJECT), str(os.getpid()), function, *arguments]


def start() -> None:
    """Inside the child: be one, call the function with its arguments as ``sys.argv``, and end with what it returns."""
    parent, function = sys.argv[1:3]
    end_with(int(parent))
    module, _, name = function.partition(":")
    sys.argv = [module, *sys.argv[3:]]
    sys.exit(getattr(import_module(module), name)())


def end_with(parent: int) -> None:
    """Die with the process that started this one: on Linux at once, elsewhere within a second.

    Linux means the thread that started it: who starts a child lives and ends in one thread.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        _end_without(parent)  # it may have died before that
    else:
        Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while True:
        _end_without(parent)
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def _end_without(parent: int) -> None:
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)
