"""The same source gives the same sdist and the same wheel, byte for byte.

Who builds it again can tell that what an index holds was made of this source and of nothing else.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from .source import ROOT

pytestmark = pytest.mark.slow

_PARTS = (
    "etp_kit", "collector", "simulator", "scenarios", "docs", "conform", "pyproject.toml", "hatch_build.py",
    "README.md", "LICENSE", "CHANGELOG.md",
)  # fmt: skip


def source(place: Path, moment: int) -> Path:
    """A copy of the source whose files are all of one moment."""
    place.mkdir()
    for name in _PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, place / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, place / name)
    for path in place.rglob("*"):
        os.utime(path, (moment, moment), follow_symlinks=False)
    return place


def built(place: Path, out: Path, umask: int, kind: str) -> dict[str, str]:
    """File name -> SHA-256 of what is built there."""
    words = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", str(out)]
    environment = {key: value for key, value in os.environ.items() if key != "SOURCE_DATE_EPOCH"}
    subprocess.run(words, cwd=place, env=environment, check=True, capture_output=True, timeout=120, umask=umask)
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in out.iterdir()}


@pytest.mark.skipif(not (ROOT / "etp_kit" / "simulator").is_symlink(), reason="a source archive: it was built already")
@pytest.mark.parametrize("kind", ["sdist", "wheel"])
def test_two_builds_are_the_same_bytes(tmp_path: Path, kind: str) -> None:
    first = built(source(tmp_path / "a", 1_700_000_000), tmp_path / "first", 0o022, kind)
    other = source(tmp_path / "b", 1_800_000_000)
    assert built(other, tmp_path / "second", 0o077, kind) == first
    assert len(first) == 1
    (other / "simulator" / "_version.py").write_text('__version__ = "0.1.0"\n# one more line\n')
    assert built(other, tmp_path / "third", 0o077, kind) != first
