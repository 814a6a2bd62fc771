"""The conformance run of the reference collector:
every scenario in every world that it declares, one item a pair.
"""

from __future__ import annotations

import pytest

from etp_kit.simulator.runner.job import Job
from etp_kit.simulator.runner.run import Run
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import result_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.subjects.specs import resolve
from etp_kit.simulator.suite.examination import supervised
from etp_kit.simulator.world.world import FakeWorld, RealWorld

PAIRS = [(name, world) for name in shipped_scenarios() for world in load_scenario(name).worlds]


def test_there_are_scenarios() -> None:
    assert {"quota/flood", "field/everyday", "event/bad-keys"} <= set(shipped_scenarios())


@pytest.mark.parametrize(("name", "world"), PAIRS, ids=[f"{name}-{world}" for name, world in PAIRS])
def test_the_reference_passes_and_every_event_has_one_fate(name: str, world: str) -> None:
    scenario = load_scenario(name)
    result = supervised(RunSpec(scenario, 7, "reference", world))
    assert result.verdict == "pass", [c for c in result.clauses if c.verdict != "pass"]
    assert set(scenario.clauses) <= {clause.slug for clause in result.clauses}
    assert result.extensions
    lives = any(actor.life for actor in scenario.actor)  # of a name that goes at once, nothing was written under it
    for entry in result.extensions.values():
        assert sum(entry["fates"].values()) == entry["written"] >= (0 if lives else 1)


@pytest.mark.parametrize("name", [name for name in shipped_scenarios() if load_scenario(name).world == "both"])
def test_both_worlds_have_one_history(name: str) -> None:
    scenario = load_scenario(name)

    def sha256(place: FakeWorld | RealWorld) -> str:
        return Run(RunSpec(scenario, 11, "reference", place.name), resolve("reference"), place).execute().sha256()

    fake, real = (result_of(Job(name, sha256, world))[0] for world in ("fake", "real"))
    assert fake == real
