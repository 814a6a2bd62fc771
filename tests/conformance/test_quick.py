"""The quick tier can fail: the scenario of each clause fails a mutant of it."""

from __future__ import annotations

import pytest

from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.shipped import mutants
from etp_kit.simulator.suite.quick_tier import quick_tier
from etp_kit.simulator.suite.sensitivity import outcomes


@pytest.mark.parametrize("slug", quick_tier())
def test_a_mutant_of_the_clause_is_caught_by_its_scenario(slug: str) -> None:
    scenario = load_scenario(quick_tier()[slug])
    own = (mutant for mutant in mutants().values() if mutant.clause == slug)
    assert any(
        outcome.caught and not outcome.trouble
        for mutant in own
        for outcome in outcomes([mutant], {scenario.id: scenario}, full=False, workers=1)
    )
