"""Memory stays flat: of an idle service, and over a day of passes. Counted by tracemalloc, which no
load of the machine moves."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.budgets.test_budgets import HERE, ROOT, slowed

__all__ = ["slowed"]

#: Bytes: nearly twice what settings, a collector and its thread take today.
IDLE = 16_384
#: Of 144 passes with 432 other extensions and 3,000 other files: less than ten bytes an extension,
#: where an empty dictionary has 64.
GROWTH = 4_096


def memory(parent: Path = ROOT) -> dict[str, int]:
    done = subprocess.run(
        [sys.executable, "-I", str(HERE / "memory.py"), str(parent)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, int] = json.loads(done.stdout)
    return told


def test_an_idle_service_is_small_and_a_day_of_passes_leaves_nothing() -> None:
    told = memory()
    assert 0 < told.pop("idle service") <= IDLE
    assert {name: growth for name, growth in told.items() if growth > GROWTH} == {}


@pytest.mark.slow
def test_what_a_pass_keeps_shows(slowed: Any) -> None:
    """A name of each file that was read, kept for ever."""
    claim = "                self.claim(directory, file, bool(batch))\n"
    place = slowed("extension.py", claim, f"{claim}                _KEPT.append(file.name)\n")
    path = place / "collector" / "extension.py"
    path.write_text(
        path.read_text(encoding="utf-8").replace("\n\nclass Extension", "\n_KEPT = []\n\n\nclass Extension"),
        encoding="utf-8",
    )
    assert memory(place)["growth in half a day of passes"] > GROWTH
