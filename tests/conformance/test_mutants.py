"""The judges can fail: every mutant is caught, and by its own clause."""

from __future__ import annotations

import pytest

from simulator.scenario import load, shipped
from simulator.subjects.mutants import mutants
from simulator.worker import supervised


def _scenarios_of(clause: str) -> list[str]:
    return [name for name in shipped() if clause in load(name).clauses]


def test_there_are_mutants() -> None:
    assert len(mutants()) >= 10


@pytest.mark.parametrize("name", list(mutants()))
def test_mutant_is_caught_by_its_clause(name: str) -> None:
    clause = mutants()[name].clause
    scenarios = _scenarios_of(clause)
    assert scenarios, f"no scenario names {clause}"
    caught = []
    for scenario in scenarios:
        result = supervised(load(scenario), 0, f"mutant:{name}", "fake")
        assert result.verdict in {"fail", "pass"}, result.clauses
        caught += [verdict.slug for verdict in result.clauses if verdict.verdict == "fail"]
    assert clause in caught
