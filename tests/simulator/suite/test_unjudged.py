"""However a job ends, it ends in one verdict."""

from __future__ import annotations

import pytest

from etp_kit.simulator.base import KitBroke
from etp_kit.simulator.core import STARVED
from etp_kit.simulator.judging import ScenarioVerdict
from etp_kit.simulator.runner import Died, RunSpec
from etp_kit.simulator.scenario import load_scenario
from etp_kit.simulator.suite.unjudged import unbroken, verdict_of

SCENARIO = load_scenario("quota/quota-exact")


def test_a_verdict_gets_the_seconds_of_the_parent() -> None:
    given = ScenarioVerdict(SCENARIO.id, 0, "fake", "pass", wall_seconds=0.0)
    assert verdict_of(RunSpec(SCENARIO, 0, "reference", "fake"), given, 1.5).wall_seconds == 1.5


def test_a_death_fails_every_clause_that_the_scenario_names() -> None:
    found = verdict_of(RunSpec(SCENARIO, 3, "reference", "real"), Died("hang", "no end", 9.0), 9.5)
    assert (found.verdict, found.kind, found.detail, found.world, found.seed, found.wall_seconds) == ("fail", "hang", "no end", "real", 3, 9.5)
    assert {(clause.slug, clause.verdict) for clause in found.clauses} == {(slug, "fail") for slug in SCENARIO.clauses}


def test_what_the_machine_starved_fails_nothing() -> None:
    found = verdict_of(RunSpec(SCENARIO, 0, "reference", "fake"), Died(STARVED, "next to nothing", 9.0), 9.5)
    assert (found.verdict, found.kind, {clause.verdict for clause in found.clauses}) == ("skip", STARVED, {"skip"})


@pytest.mark.parametrize(
    ("planned", "begun", "whole", "unrun", "told"),
    [
        (574, 212, True, 362, "no end; up to 362 of 574 variants were not run"),
        (1, 0, True, 1, "no end; up to 1 of 1 variant were not run"),
        (574, 574, True, 0, "no end"),
        (2, 3, True, 0, "no end"),
        (0, 0, True, 0, "no end; none of its variants was run"),
        (0, 0, False, 0, "no end"),
    ],
)
def test_variants_that_were_not_run_are_counted_and_told(
    planned: int, begun: int, whole: bool, unrun: int, told: str
) -> None:
    death = Died("hang", "no end", 9.0, planned=planned, begun=begun)
    found = verdict_of(RunSpec(SCENARIO, 0, "reference", "fake"), death, 9.5, whole=whole)
    assert (found.unrun, found.detail) == (unrun, told)


def test_the_kits_own_failure_blames_no_collector() -> None:
    found = verdict_of(RunSpec(SCENARIO, 0, "reference", "fake"), KitBroke("Traceback\nValueError: of ours"), 0.1)
    assert (found.verdict, found.kind, found.detail) == ("error", "", "the kit broke: ValueError: of ours")
    assert {clause.verdict for clause in found.clauses} == {"error"}


def test_work_that_is_no_verdict_ends_with_the_kit_and_goes_on_without_the_collector() -> None:
    death = Died("crash", "gone", 0.0)
    assert unbroken("work") == "work"
    assert unbroken(death) is death
    with pytest.raises(KitBroke, match="of ours"):
        unbroken(KitBroke("of ours"))
