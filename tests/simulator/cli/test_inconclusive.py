"""What ran out of machine is neither a pass nor a failure, and a line shows it again."""

from __future__ import annotations

import json
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.runner import watchdog, worker

#: It spins in each pass; and only where it is told of an error of the file system.
SPINS = """
import os

class Spins:
    def collect(self):
        while True:
            pass

class Minds:
    def __init__(self, log_dir):
        self.log_dir = log_dir

    def collect(self):
        for _ in range(4):
            try:
                os.listdir(self.log_dir)
            except OSError:
                while True:
                    pass

def spins(log_dir, agent_events_dir, sender):
    return Spins()

def minds(log_dir, agent_events_dir, sender):
    return Minds(log_dir)

spins.capabilities = minds.capabilities = {"settings": []}
"""
SCENARIO = "small/two-handlers"


@pytest.fixture(autouse=True)
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "busy_collector.py").write_text(SPINS)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def starved(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that gives nothing: whatever takes time has waited for it too long."""
    monkeypatch.setattr(watchdog, "_STARVED", 0.0)
    monkeypatch.setattr(worker, "_LOOK", 0.0)


def done(*words: str) -> Result:
    return CliRunner().invoke(cli, words, terminal_width=200)


@pytest.mark.usefixtures("starved")
@pytest.mark.parametrize(
    "words",
    [
        ("run", SCENARIO),
        ("run", SCENARIO, "--exhaust", "errno"),
        ("conform", "--scenario", SCENARIO),
        ("smoke",),
        ("matrix", "--object", "FIFO"),
        ("compare", "py:busy_collector:spins", "py:busy_collector:spins", "--scenario", SCENARIO),
    ],
    ids=" ".join,
)
def test_what_the_machine_starved_is_inconclusive(words: tuple[str, ...]) -> None:
    collector = () if words[0] == "compare" else ("--collector", "py:busy_collector:spins")
    ended = done(*words, *collector)
    assert ended.exit_code == 10, ended.output
    assert "FAIL" not in ended.output


@pytest.mark.usefixtures("starved")
def test_conform_says_what_was_starved_and_runs_it_again_with_what_failed() -> None:
    ended = done("conform", "--scenario", SCENARIO, "--collector", "py:busy_collector:spins", "--report", "json=-")
    report = json.loads(ended.stdout)
    assert {scenario["kind"] for scenario in report["scenarios"]} == {"starved"}
    told = " ".join(ended.stderr.split())  # a line is broken between words
    assert "inconclusive small/two-handlers in the fake world: the machine gave it" in told
    assert "none of its variants was run" in told
    again = done("conform", "--last-failed", "--collector", "py:busy_collector:spins")
    assert again.exit_code == 10, again.output


def test_the_line_of_a_hang_shows_it_again_within_the_time_that_was_given() -> None:
    given = ("--collector", "py:busy_collector:minds", "--timeout", "2")
    ended = done("run", SCENARIO, "--exhaust", "errno", *given, "--report", "json=-")
    (scenario,) = json.loads(ended.stdout)["scenarios"]
    assert (ended.exit_code, scenario["kind"]) == (1, "hang")
    line = shlex.split(scenario["reproduce"])
    assert line[-2:] == ["--timeout", "2"]
    assert "--variant" in line or line[line.index("--exhaust") + 1] == "errno"
    assert scenario["unrun"] > 0
    assert "variants were not run" in scenario["detail"]
    again = done(*line[1:], "--report", "json=-")
    (same,) = json.loads(again.stdout)["scenarios"]
    assert (again.exit_code, same["kind"]) == (1, "hang")
