"""Other Pythons of this machine: what must be the same everywhere is run by each that is found."""

from __future__ import annotations

import glob
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable


def interpreters(versions: Iterable[tuple[int, int]]) -> dict[tuple[int, int], str]:
    """(major, minor) -> a path, of those versions that are on this machine."""
    wanted = list(versions)
    pyenv = os.environ.get("PYENV_ROOT") or os.path.expanduser("~/.pyenv")
    homes = [f"{pyenv}/versions/*/bin", "/opt/python/*/bin", "/usr/local/bin", "/usr/bin"]
    candidates: list[str] = [sys.executable]
    for major, minor in wanted:
        name = f"python{major}.{minor}"
        candidates += filter(None, [shutil.which(name)])
        candidates += [path for home in homes for path in sorted(glob.glob(f"{home}/{name}"))]
    found = {}
    for path in candidates:
        asked = subprocess.run(
            [path, "-I", "-c", "import sys; print(*sys.version_info[:2])"], capture_output=True, text=True, check=False
        )
        version = tuple(map(int, asked.stdout.split()))
        if asked.returncode == 0 and version in wanted:
            found.setdefault(version, path)
    return found
