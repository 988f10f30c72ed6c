"""Every lock beside this file → the known vulnerabilities of its packages, as a database of them tells.

``python requirements/audit.py PIP_AUDIT`` ends with status 1 where there are some. Where no database can be reached it
says so in one line and ends with 0: nothing is known then, and that is no finding.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

_FIRST = "bootstrap.txt"  # of one package: enough to see whether anybody answers


def main(pip_audit: str, folder: Path = Path(__file__).parent) -> int:
    """Print what is found, lock by lock; the exit status."""
    locks = sorted(folder.glob("*.txt"), key=lambda lock: (lock.name != _FIRST, lock.name))
    asked, findings = 0, 0
    for lock in locks:
        packages = _audited(pip_audit, lock)
        if not packages:
            print("Not audited: no database of vulnerabilities can be reached from here.")
            return 0
        asked += len(packages)
        for package in packages:
            for known in package["vulns"]:
                findings += 1
                mended = ", ".join(known["fix_versions"]) or "nothing yet"
                print(f"{lock.name}: {package['name']} {package['version']}: {known['id']}, mended by {mended}")
    print(f"{findings} known vulnerabilities in {asked} packages of {len(locks)} locks.")
    return 1 if findings else 0


def _audited(pip_audit: str, lock: Path) -> list[dict[str, Any]]:
    """The packages of a lock that the database knows; none where it cannot be asked."""
    options = ["--disable-pip", "--require-hashes", "--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(
        [pip_audit, "--requirement", str(lock), *options], capture_output=True, text=True, check=False
    )
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (json.JSONDecodeError, KeyError):
        return []
    return [package for package in packages if "skip_reason" not in package]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
