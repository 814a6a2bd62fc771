"""The judges can fail: every mutant is caught, and by its own clause."""

from __future__ import annotations

import pytest

from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.shipped import mutants, shipped_scenarios
from etp_kit.simulator.suite.sensitivity import difference, outcomes

LIBRARY = {name: load_scenario(name) for name in shipped_scenarios()}


def test_there_are_mutants() -> None:
    assert len(mutants()) >= 50


@pytest.mark.parametrize("name", list(mutants()))
def test_mutant_is_caught_by_its_clause(name: str) -> None:
    (outcome,) = outcomes([mutants()[name]], LIBRARY, full=False, workers=1)
    assert outcome.trouble == ""
    assert mutants()[name].clause in outcome.caught_by


@pytest.mark.parametrize("name", list(mutants()))
def test_mutant_is_one_change_of_the_reference(name: str) -> None:
    assert difference(mutants()[name]).startswith("--- collector/")
