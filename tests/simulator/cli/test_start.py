"""A command loads what it works with and nothing else: seen in a child, which says what it loaded.

A start takes as long as the modules that it loads, so that their names hold what no clock holds
under load: ``simulate --help`` once took 1.6 s, of which the modules of other verbs took most.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from etp_kit.simulator.cli.command import VERBS, cli
from tests.house.source import rooms

#: Packages that take long to load, and what needs them: a run, a check of data, or a table.
HEAVY = {
    "faker",
    "jinja2",
    "psutil",
    "pyfakefs",
    "asyncio",
    "multiprocessing",
    "pydantic",
    "pydantic_core",
    "typing_extensions",
}
NAMING = {"base", "safe", "shipped", "cli"}
SHOWING = NAMING | {"core", "contract"}

PROGRAM = """
import atexit, json, os, sys
told = os.environ.pop("TOLD")
atexit.register(lambda: open(told, "w").write(json.dumps(sorted(sys.modules))))
from etp_kit.simulator.cli import main
main()
"""

EVENT = {
    "Version": "1", "Timestamp": "2026-01-01T00:00:00.000Z", "TaskName": "Enable", "EventLevel": "Informational",
    "Message": "ready", "EventPid": "1", "EventTid": "2", "OperationId": "",
}  # fmt: skip


def loaded(words: Sequence[str], tmp_path: Path, **environment: str) -> set[str]:
    """The modules of a process that ran a command to its end."""
    told = tmp_path / "modules.json"
    environment = {**os.environ, **environment, "TOLD": str(told)}
    command = [sys.executable, "-c", PROGRAM, *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment, cwd=tmp_path)
    assert done.returncode in {0, 1}, done.stderr
    assert done.stdout
    return set(json.loads(told.read_text(encoding="utf-8")))


def heavy(modules: set[str]) -> set[str]:
    return HEAVY & modules


def entered(modules: set[str]) -> set[str]:
    """The rooms of the simulator that were loaded."""
    return {name.split(".")[2] for name in modules if name.startswith("etp_kit.simulator.")} & rooms().keys()


@pytest.mark.parametrize(
    ("words", "allowed"),
    [
        (["--help"], NAMING),
        (["--version"], NAMING),
        (["list"], NAMING),
        (["list", "--json"], NAMING),
        (["list", "--clauses"], SHOWING),
        (["list", "--producers"], SHOWING | {"writers"}),
        (["explain", "flood"], SHOWING),
        (["explain", "quota.per-extension"], SHOWING),
        (["lint", "1.json"], SHOWING | {"lint"}),
        (["lint", "--json", "--report", "sarif=report", "."], SHOWING | {"lint"}),
        (["lint", "--help"], SHOWING | {"lint"}),
    ],
    ids=lambda value: " ".join(sorted(value)),
)
def test_what_only_tells_loads_neither_worlds_nor_models(words: list[str], allowed: set[str], tmp_path: Path) -> None:
    (tmp_path / "1.json").write_text(json.dumps(EVENT), encoding="utf-8")
    modules = loaded(words, tmp_path)
    assert "cli" in entered(modules) <= allowed
    assert heavy(modules) == set()


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["list", "--json"]], ids=" ".join)
def test_what_prints_no_table_loads_no_rich(words: list[str], tmp_path: Path) -> None:
    assert "rich" not in loaded(words, tmp_path)


def test_verbs_are_completed_without_their_modules(tmp_path: Path) -> None:
    asked = {"_SIMULATE_COMPLETE": "bash_complete", "COMP_WORDS": "simulate l", "COMP_CWORD": "1"}
    modules = loaded([], tmp_path, **asked)
    assert entered(modules) <= NAMING
    assert heavy(modules) == set()


def test_what_runs_is_seen_to_load_worlds_and_models(tmp_path: Path) -> None:
    """The checks above would pass if they saw nothing."""
    modules = loaded(["run", "small/gone"], tmp_path)
    assert heavy(modules) >= {"pydantic", "pyfakefs"}
    assert entered(modules) >= {"judging", "runner", "scenario", "world"}


@pytest.mark.parametrize("name", VERBS)
def test_the_list_of_verbs_says_what_the_verb_says(name: str) -> None:
    with cli.commands[name].make_context(name, ["--help"], resilient_parsing=True) as context:
        assert context.command.name == name
        assert " ".join((context.command.help or "").split()).startswith(VERBS[name])


def test_the_list_of_verbs_is_cut_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    told = CliRunner().invoke(cli, ["--help"]).output.partition("Commands:")[2]
    assert [line.split()[0] for line in told.splitlines() if line] == sorted(VERBS)
    assert "..." not in told
