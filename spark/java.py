"""The one part of Spark that no Python package brings."""

from __future__ import annotations

import shutil
import subprocess
import sys

OLDEST = 17


class MissingJavaError(Exception):
    """Spark cannot start here; the message says what to install."""


def check() -> None:
    """Look for Java.

    Raises:
        MissingJavaError: there is none, or one of before ``OLDEST``.
    """
    needed = f"Java {OLDEST} is needed by Spark: apt install openjdk-{OLDEST}-jre-headless"
    if shutil.which("java") is None:
        raise MissingJavaError(f"{needed} (there is none on this machine)")
    told = subprocess.run(["java", "-version"], capture_output=True, text=True, check=False).stderr
    version = told.partition('"')[2].partition('"')[0]
    first = version.partition(".")[0]
    if not first.isdigit() or int(first) < OLDEST:
        raise MissingJavaError(f"{needed} (here is {version or 'one that does not tell its version'})")


if __name__ == "__main__":
    try:
        check()
    except MissingJavaError as error:
        sys.exit(str(error))
