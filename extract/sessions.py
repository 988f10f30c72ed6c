"""Sessions: processes that were started together, so that whoever started them can end all of them."""

from __future__ import annotations

import os
import signal
from contextlib import suppress

import psutil


def end_session(session: int) -> None:
    """End what is left of a session: first asked, after ten seconds made to."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        for process in _members(session):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)
        psutil.wait_procs(_members(session), timeout=10)


def _members(session: int) -> list[psutil.Process]:
    members = []
    for process in psutil.process_iter():
        with suppress(ProcessLookupError, PermissionError):
            if os.getsid(process.pid) == session:
                members.append(process)
    return members
