"""Safety, then liveness: when the faults are over,
what waited is collected within two passes, or the collector fails.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.judging import Case, Ledger
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.scenario.model import Scenario
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.suite import stuck
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.suite.liveness import HEALING_PASSES, has_trouble, healing
from tests.simulator.judging.tales import told

TROUBLED = [name for name in shipped_scenarios() if has_trouble(load_scenario(name))]


def test_scenarios_with_faults_are_looked_at() -> None:
    assert {"stop/during", "deliver/crashes", "deliver/sender-errors"} <= set(TROUBLED)


@pytest.mark.parametrize("name", TROUBLED)
def test_healing_adds_passes_and_writes_nothing_in_them(name: str) -> None:
    before, after = load_scenario(name), healing(load_scenario(name))
    assert after.pass_count == before.pass_count + HEALING_PASSES
    assert all(number < before.pass_count for actor in after.actor for number in actor.passes or [])
    assert all(actor.passes is not None for actor in after.actor)


#: A collector that, once its sender has stopped it, never looks again.
SULKING = f"dir:{Path(__file__).parents[1] / 'sulking'}"


def _verdict(scenario: Scenario, collector: str) -> dict[str, str]:
    result = supervised(RunSpec(scenario, 0, collector, "real"))
    return {clause.slug: clause.reason for clause in result.clauses if clause.verdict == "fail"}


def test_a_collector_that_never_takes_up_its_backlog_fails() -> None:
    failed = _verdict(load_scenario("stop/before"), SULKING)
    assert "waits for ever, though the faults are over" in failed["discover.layout"]


def test_the_reference_takes_it_up() -> None:
    assert _verdict(load_scenario("stop/before"), "reference") == {}


def test_where_nothing_waits_no_healed_run_is_made() -> None:
    """There is no collector here that it could be made of."""
    history = told(["write 1.json", "begin", "look", "deliver 1.json", "remove 1.json", "end"])
    spec = RunSpec(load_scenario("stop/before"), 0, "reference", "fake")
    nobody: Any = None
    assert stuck(Case(history, Ledger(history), None), spec, nobody, nobody) == {}
