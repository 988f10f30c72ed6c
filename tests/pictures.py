"""Runs the notebook docs/example on a published file."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from PIL import Image

from tests.conftest import PROJECT

NOTEBOOK = PROJECT / "docs" / "example" / "budgets_in_pictures.py"


def pictures(published: Path, folder: Path) -> dict[str, tuple[int, int, int]]:
    """Width, height and number of colours of each picture that it draws, without a screen and with every glyph."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "MPLBACKEND")}
    done = subprocess.run(
        [sys.executable, "-W", "error:Glyph", str(NOTEBOOK)],
        env={**environment, "JIXIAO_PUBLISHED": str(published), "JIXIAO_PICTURES": str(folder)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    drawn = {}
    for path in sorted(folder.glob("*.png")):
        with Image.open(path) as picture:
            drawn[path.stem] = (*picture.size, len(picture.convert("RGB").getcolors(1 << 24) or ()))
    return drawn


def check(drawn: dict[str, tuple[int, int, int]]) -> None:
    """All pictures of the notebook are there, and none is empty."""
    named = re.findall(r'= drawn\(\s*"(\w+)"', NOTEBOOK.read_text(encoding="utf-8"))
    assert len(named) == 6
    assert sorted(drawn) == sorted(named)
    assert all(width == 1500 and height >= 600 and colours > 50 for width, height, colours in drawn.values()), drawn
