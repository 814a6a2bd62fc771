"""Failed verdicts get their causes, or the line that asks for one, whatever a collector does."""

from __future__ import annotations

import itertools
import resource
from pathlib import Path

import pytest

from etp_kit.simulator.judging import ClauseVerdict, ScenarioVerdict
from etp_kit.simulator.scenario import Crash, load_scenario
from etp_kit.simulator.sweep import Shown, tell_causes, verdict_causes

NAME, CLAUSE, MUTANT = "small/swapped", "discover.swap", "mutant:entered-by-path"
DEADLY = """
import os

def make(log_dir, agent_events_dir, sender, **settings):
    os._exit(3)
"""


def failed(name: str = NAME, clause: str = CLAUSE, reason: str = "it was read", *, records: int = 100) -> Shown:
    verdict = ScenarioVerdict(name, 0, "fake", "fail", clauses=[ClauseVerdict(clause, "hardened", "fail", reason)])
    verdict.records = records
    return Shown(verdict, load_scenario(name), name)


def told(one: Shown, collector: str = MUTANT) -> list[str]:
    tell_causes([one], collector, 1)
    return list(one.verdict.cause)


def test_a_failure_gets_its_cause() -> None:
    lines = told(failed())
    assert lines[:2] == [f"{CLAUSE}: it was read", "the first decision that differs:"]
    assert any(line.split() == [MUTANT, "stat", "log/Contoso.Swapping/events"] for line in lines)


def test_what_passed_or_was_ended_gets_none() -> None:
    passed, hung = failed(), failed()
    passed.verdict.verdict, hung.verdict.kind = "pass", "hang"
    ticks: list[None] = []
    tell_causes([passed, hung], MUTANT, 1, lambda: ticks.append(None))
    assert (passed.verdict.cause, hung.verdict.cause, len(ticks)) == ((), (), 2)


def test_what_takes_longer_says_how_to_ask_for_it() -> None:
    (line,) = told(failed(records=10**6))
    assert line.endswith(f"simulate why {NAME} --collector {MUTANT} --seed 0 --world fake --clause {CLAUSE}")


def test_work_that_is_used_up_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verdict_causes, "MOST_RECORDS", 100)
    (line,) = told(failed())
    assert line.startswith("what it comes from takes longer to find: ")


def test_a_cause_is_the_same_however_slow_the_machine_is(monkeypatch: pytest.MonkeyPatch) -> None:
    quick = told(failed())
    hours = itertools.count(0, 3_600)
    spent = resource.getrusage(resource.RUSAGE_SELF)
    monkeypatch.setattr(resource, "getrusage", lambda _: type(spent)((float(next(hours)), *spent[1:])))
    assert told(failed()) == quick
    assert quick[-1].startswith("it needs the hazard ")


def test_a_collector_that_dies_then_leaves_the_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "deadly_for_a_cause.py").write_text(DEADLY)
    monkeypatch.syspath_prepend(str(tmp_path))
    one = failed()
    (line,) = told(one, "py:deadly_for_a_cause:make")
    assert line.startswith("what it comes from takes longer to find: ")
    assert one.verdict.verdict == "fail"


def test_the_first_variant_that_showed_it_is_run_again() -> None:
    reason = "3 of 40 variants (crash), such as crash:17:after: it vanished"
    assert verdict_causes._variant(reason) == Crash(17, after=True)
    assert verdict_causes._variant(f"it vanished; {reason}") is None
