"""The gate of tox.ini asks for each line of some modules, and runs the tests that a list names.

A test that is missing from the list fails the gate only where nothing else reaches its lines, and
only where the gate runs. So the list is held against the modules here, before that.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from .source import ROOT

TESTS = Path("tests", "simulator")
LISTED = (ROOT / TESTS / "measured.txt").read_text(encoding="utf-8").split()
SETTINGS = tomllib.loads((ROOT / TESTS / "coverage.toml").read_text(encoding="utf-8"))
MEASURED = [name.removeprefix("etp_kit.simulator.") for name in SETTINGS["tool"]["coverage"]["run"]["source_pkgs"]]


def own_tests(module: str) -> Path:
    """Where its tests stand: a room's folder, or a module's file of the same name."""
    room, _, name = module.partition(".")
    return TESTS / room / f"test_{name}.py" if name else TESTS / room


@pytest.mark.parametrize("module", [module for module in MEASURED if (ROOT / own_tests(module)).exists()])
def test_a_measured_module_has_its_own_tests_listed(module: str) -> None:
    assert own_tests(module).as_posix() in LISTED


@pytest.mark.parametrize("listed", LISTED)
def test_what_is_listed_is_there(listed: str) -> None:
    assert (ROOT / listed).exists()
