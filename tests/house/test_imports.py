"""Who reads verdicts, or makes them from a history, loads no kernel: seen in a child."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from .source import ROOT, SIMULATOR

KERNEL = {"pyfakefs", "psutil"}
ROOMS = ("world", "runner", "scenario")


def loaded(module: str) -> set[str]:
    """All modules of a process that has imported one."""
    program = f"import {module}, json, sys; print(json.dumps(sorted(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(json.loads(told.stdout))


def heavy(modules: set[str]) -> set[str]:
    """Those of them that only a run needs."""
    return (KERNEL & modules) | {
        name for name in modules if name.startswith(tuple(f"{SIMULATOR}.{room}" for room in ROOMS))
    }


@pytest.mark.parametrize(
    "name", ["reports", "judging", "judging.ledger", "judging.judges", "contract", "core", "writers"]
)
def test_reading_and_judging_load_no_world(name: str) -> None:
    modules = loaded(f"{SIMULATOR}.{name}")
    assert f"{SIMULATOR}.{name}" in modules
    assert heavy(modules) == set()


def test_what_runs_is_seen_to_load_it() -> None:
    """The check above would pass if it saw nothing."""
    assert heavy(loaded(f"{SIMULATOR}.runner")) >= {
        "pyfakefs",
        f"{SIMULATOR}.world",
        f"{SIMULATOR}.runner",
    }
