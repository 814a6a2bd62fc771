"""A Chromium, and the page of a run: for tests, and for the picture in the documents."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MISSING = "no Chromium: install one (Debian: apt-get install chromium), or name it in ETP_CHROMIUM"
#: Says that a page has drawn itself.
READY = "() => document.documentElement.dataset.ready"


def found() -> str | None:
    """The one that ETP_CHROMIUM names, else the first on PATH."""
    return os.environ.get("ETP_CHROMIUM") or next(filter(None, map(shutil.which, _NAMES)), None)


def launched(driver: Any, path: str) -> Any:
    """A headless one. ``driver``: playwright's."""
    return driver.chromium.launch(executable_path=path, args=["--no-sandbox"] if os.geteuid() == 0 else [])


def simulate(place: Path, *words: str) -> int:
    """The exit code of a command in a directory of its own: that of a verdict, or what it says is
    raised."""
    command = [sys.executable, "-m", "etp_kit", *words]
    told = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    assert told.returncode in {0, 1}, told.stderr
    return told.returncode


def made(place: Path, *words: str) -> Path:
    """The page that a command writes, whatever its verdict is."""
    path = place / "page.html"
    simulate(place, *words, "--report", f"html={path}")
    assert path.stat().st_size > 10_000
    return path
