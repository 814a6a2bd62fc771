"""The judges can fail: every mutant is caught, and by its own clause."""

from __future__ import annotations

import pytest

from simulator.scenario import load, shipped
from simulator.sensitivity import difference, outcomes
from simulator.subjects.mutants import mutants

LIBRARY = {name: load(name) for name in shipped()}


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
