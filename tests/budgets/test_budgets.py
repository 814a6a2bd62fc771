"""What a pass costs in numbers that no load of a machine moves: system calls, and functions called,
beside the budgets in budgets.json.

A change of either fails with the old and the new number. What a judged run of the kit costs may
move by a little, as many work on it. ``ETP_BUDGETS=write pytest tests/budgets``
renews them, for each interpreter from 3.11 that is here; the change is part of the commit, and so
shows in review.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.core import History

from . import runs

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
FILE = HERE / "budgets.json"
VERSIONS = ("3.11", "3.12", "3.13", "3.14")
HERE_RUNS = f"{sys.version_info.major}.{sys.version_info.minor}"


def _printed(*command: str) -> Any:
    path = {"PYTHONPATH": str(ROOT)} if command[1] == "-m" else {}
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "0", **path},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def functions(parent: Path = ROOT, python: str = sys.executable) -> dict[str, int]:
    """Calls of functions, by what is one more."""
    counted: dict[str, int] = _printed(python, "-I", str(HERE / "functions.py"), str(parent))
    return counted


def calls(parent: Path = ROOT) -> dict[str, dict[str, int]]:
    """System calls, by what is one more."""
    counted: dict[str, dict[str, int]] = _printed(sys.executable, "-m", "tests.budgets.calls", str(parent))
    return counted


def differences(budget: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """One line a number that is not the budget's."""
    return [
        f"{name}: {budget.get(name)} -> {found.get(name)}"
        for name in sorted({*budget, *found})
        if budget.get(name) != found.get(name)
    ]


def _renewed() -> dict[str, Any]:
    pyenv = Path(os.environ.get("PYENV_ROOT") or "~/.pyenv").expanduser()
    counted = {HERE_RUNS: functions()}
    for version in VERSIONS:
        places = [
            *map(str, sorted(pyenv.glob(f"versions/{version}.*/bin/python"))),
            shutil.which(f"python{version}"),
        ]  # a shim may stand for none
        if version not in counted and (found := next(filter(None, places), None)):
            counted[version] = functions(python=found)
    return {"functions": dict(sorted(counted.items())), "system calls": calls(), "judged run": runs.measured()}


@pytest.fixture(scope="module")
def budgets() -> dict[str, Any]:
    if os.environ.get("ETP_BUDGETS") == "write":
        FILE.write_text(json.dumps(_renewed(), indent=1) + "\n", encoding="utf-8")
    read: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return read


def test_functions_are_within_the_budget(budgets: dict[str, Any]) -> None:
    assert HERE_RUNS in budgets["functions"], (
        f"no budget for Python {HERE_RUNS}: ETP_BUDGETS=write pytest tests/budgets makes one"
    )
    found = functions()
    assert min(found.values()) > 1
    assert not differences(budgets["functions"][HERE_RUNS], found)


def test_system_calls_are_within_the_budget(budgets: dict[str, Any]) -> None:
    found = calls()
    assert found["file"]
    assert not differences(budgets["system calls"], found)


@pytest.fixture
def slowed(tmp_path: Path) -> Any:
    """Gives the directory of a copy of the collector in which one text is another."""

    def make(file: str, old: str, new: str) -> Path:
        shutil.copytree(ROOT / "collector", tmp_path / "collector", ignore=shutil.ignore_patterns("__pycache__"))
        path = tmp_path / "collector" / file
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), encoding="utf-8")
        return tmp_path

    return make


def test_one_more_stat_a_file_is_told_with_both_numbers(budgets: dict[str, Any], slowed: Any) -> None:
    place = slowed(
        "inbox.py",
        "            status = directory.look(name)\n",
        "            directory.look(name)\n            status = directory.look(name)\n",
    )
    told = differences(budgets["system calls"]["file"], calls(place)["file"])
    assert told == ["lstat: 1 -> 2"]


def test_one_more_pattern_an_event_is_told_with_both_numbers(budgets: dict[str, Any], slowed: Any) -> None:
    place = slowed(
        "event.py",
        '        text = "".join(element)\n',
        '        text = "".join(element)\n        _PATTERN.search(text)\n',
    )
    path = place / "collector" / "event.py"
    path.write_text(path.read_text(encoding="utf-8") + '\nimport re\n_PATTERN = re.compile("x")\n', encoding="utf-8")
    before = budgets["functions"][HERE_RUNS]["event"]
    assert f"event: {before} -> {before + 1}" in differences(budgets["functions"][HERE_RUNS], functions(place))


#: How far from its budget a judged run may be: beyond the first it has become dearer, beyond the
#: second so much cheaper that the budget guards nothing.
DEARER, CHEAPER = 1.02, 0.9


@pytest.mark.parametrize("world", ["real", "fake"])
def test_a_judged_run_is_within_the_budget(budgets: dict[str, Any], world: str) -> None:
    budget = budgets["judged run"][world]
    found = runs.judged(world)
    assert CHEAPER * budget <= found <= DEARER * budget, f"{world}: {budget} -> {found}"


def test_a_judge_that_looks_at_all_records_once_more_is_beyond_the_budget(
    budgets: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = History.sha256

    def slower(history: History) -> str:
        for record in history:
            record.line(0)
        return before(history)

    monkeypatch.setattr(History, "sha256", slower)
    assert runs.judged("real") > DEARER * budgets["judged run"]["real"]
