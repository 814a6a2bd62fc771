"""The comparison: what it finds between two collectors, and what it does not call a difference."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.cli.command import cli
from etp_kit.simulator.core import STARVED
from etp_kit.simulator.judging.verdict import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.subjects.specs import REFERENCE
from etp_kit.simulator.suite.comparison import Pair, comparison_exit


def compare(*words: str) -> Result:
    return CliRunner().invoke(cli, ["compare", *words])


def run(**changes: Any) -> ScenarioVerdict:
    plain = ScenarioVerdict(
        "quota/flood", 0, "fake", "pass",
        clauses=[ClauseVerdict("quota.notice", "core", "pass")],
        fates={"delivered": 10},
        extensions={"A": {"fates": {"delivered": 4}}, "B": {"fates": {"delivered": 6}}},
    )  # fmt: skip
    return replace(plain, **changes)


def test_a_collector_is_like_itself() -> None:
    done = compare("reference", "reference", "--scenario", "quota-exact")
    assert done.exit_code == 0
    assert "the same" in done.output


def test_a_mutant_differs_in_fates_and_in_its_clause_and_both_runs_can_be_seen_again(tmp_path: Path) -> None:
    path = tmp_path / "differences.json"
    done = compare("reference", "mutant:quota-raised", "--scenario", "quota-exact", "--report", f"json={path}")
    assert done.exit_code == 1
    report = json.loads(path.read_text())
    assert (report["exit"], report["compared"], report["summary"]) == (1, ["reference", "mutant:quota-raised"], {"scenarios": 1, "same": 0})
    (scenario,) = report["scenarios"]
    assert {"slug": "quota.per-extension", "verdicts": ["pass", "fail"]} in scenario["clauses"]
    assert {"extension": "", "fate": "discarded", "events": [2, 0]} in scenario["fates"]
    assert scenario["reproduce"] == [
        "simulate --scenario quota/quota-exact --seed 0",
        "simulate --scenario quota/quota-exact --seed 0 --collector mutant:quota-raised",
    ]
    assert "quota.per-extension" in done.output


def test_words_and_times_are_no_difference() -> None:
    other = run(wall_seconds=9.0, clauses=[ClauseVerdict("quota.notice", "core", "pass", "said otherwise")])
    assert Pair(run(), other).is_same


@pytest.mark.parametrize(
    "changes",
    [
        {"fates": {"delivered": 9, "vanished": 1}},
        {"extensions": {"A": {"fates": {"delivered": 6}}, "B": {"fates": {"delivered": 4}}}},
        {"clauses": [ClauseVerdict("quota.notice", "core", "fail")]},
        {"clauses": []},
        {"kind": "hang"},
        {"invented": 1},
        {"victims": {"B": 2}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_what_became_of_events_and_clauses_is_a_difference(changes: dict[str, Any]) -> None:
    assert comparison_exit([Pair(run(), run()), Pair(run(), run(**changes))]) == 1


def test_a_kit_that_broke_is_never_the_same() -> None:
    assert comparison_exit([Pair(run(verdict="error"), run(verdict="error"))]) == 3


def test_nothing_that_ran_is_never_the_same() -> None:
    assert comparison_exit([]) == 5
    assert comparison_exit([Pair(run(verdict="skip"), run(verdict="skip"))]) == 10


def test_what_the_machine_starved_is_neither_the_same_nor_a_difference() -> None:
    starved = Pair(run(), run(verdict="skip", kind=STARVED, fates={}))
    assert comparison_exit([Pair(run(), run()), starved]) == 10
    assert comparison_exit([Pair(run(), run(invented=1)), starved]) == 1


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("reference", "mutant:quota-rased"), "did you mean"),
        (("reference", "reference", "--scenario", "quta-exact"), "no scenario matches"),
        (("reference", "reference", "--report", "junit=x"), "json=PATH"),
    ],
)
def test_bad_input_is_refused_before_anything_runs(words: tuple[str, ...], message: str) -> None:
    done = compare(*words)
    assert isinstance(done.exception, BadInput)
    assert message in str(done.exception)


_DYING = """
import os

def make(log_dir, agent_events_dir, sender):
    class Dying:
        def collect(self):
            os._exit(3)
    return Dying()
"""


def test_a_collector_that_dies_is_a_difference_and_no_traceback(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dying_collector.py").write_text(_DYING)
    monkeypatch.syspath_prepend(str(tmp_path))
    done = compare("reference", "py:dying_collector:make", "--scenario", "quota-exact", "--report", "json=-")
    assert done.exit_code == 1
    (scenario,) = json.loads(done.stdout)["scenarios"]
    assert {"what": "ended", "values": ["", "crash"]} in scenario["others"]


PROGRAM = f"cmd:{sys.executable} -m etp_kit.collector --protocol"


@pytest.mark.parametrize("pair", [("reference", PROGRAM), (PROGRAM, "reference")])
def test_a_program_is_compared_in_the_real_world(pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REFERENCE.parent))
    done = compare(*pair, "--scenario", "quota-exact")
    assert done.exit_code == 0, done.output
    assert "1 of 1 scenarios alike" in done.output


def test_a_program_is_not_compared_in_the_fake_world() -> None:
    done = compare("reference", PROGRAM, "--scenario", "quota-exact", "--world", "fake")
    assert isinstance(done.exception, BadInput)
    assert "a program runs in the real world" in str(done.exception)


def test_a_module_of_the_working_directory_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine_alone.py").write_text("from etp_kit.collector import build as make\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    done = compare("reference", "py:mine_alone:make", "--scenario", "quota-exact")
    assert done.exit_code == 0, (done.output, done.exception)
