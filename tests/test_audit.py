"""The audit of what is locked: what it finds, and what it says where nobody answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from extract.settings import PROJECT

AUDIT = PROJECT / "requirements" / "audit.py"


def audited(folder: Path, answers: str) -> subprocess.CompletedProcess[str]:
    """The audit of this project's locks by a pip-audit that answers so (a function of the lock's file name)."""
    tool = folder / "pip-audit"
    tool.write_text(
        f"#!{sys.executable}\n"
        "import json, pathlib, sys\n"
        "lock = pathlib.Path(sys.argv[sys.argv.index('--requirement') + 1])\n"
        "assert lock.read_text() and '--require-hashes' in sys.argv\n"
        f"print(({answers})(lock.name))\n"
    )
    tool.chmod(0o755)
    return subprocess.run([sys.executable, AUDIT, tool], capture_output=True, text=True, check=False)


SOUND = {"dependencies": [{"name": "uv", "version": "1", "vulns": []}]}
SKIPPED = {"dependencies": [{"name": "uv", "skip_reason": "not found"}]}
KNOWN = {"dependencies": [{"name": "x", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["3"]}]}]}


def test_every_lock_is_audited_and_findings_end_it_with_1(tmp_path: Path) -> None:
    locks = list((PROJECT / "requirements").glob("*.txt"))
    assert len(locks) > 8
    sound = audited(tmp_path, f"lambda name: {json.dumps(SOUND)!r}")
    assert (sound.returncode, sound.stdout) == (
        0,
        f"0 known vulnerabilities in {len(locks)} packages of {len(locks)} locks.\n",
    )
    found = audited(tmp_path, f"lambda name: {json.dumps(KNOWN)!r} if name == 'bi.txt' else {json.dumps(SOUND)!r}")
    assert found.returncode == 1
    assert found.stdout.startswith("bi.txt: x 2: PYSEC-1, mended by 3\n")


@pytest.mark.parametrize("answer", ["", json.dumps(SKIPPED)], ids=["no answer", "an index without a database"])
def test_where_nobody_answers_it_says_so_in_one_line(tmp_path: Path, answer: str) -> None:
    done = audited(tmp_path, f"lambda name: {answer!r}")
    assert (done.returncode, done.stdout.count("\n")) == (0, 1)
    assert done.stdout.startswith("Not audited: ")


def test_the_gate_shows_what_is_found() -> None:
    assert "make audit || true" in (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
