"""Many scenarios against several collectors: each verdict with the collector that it is of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from etp_kit.simulator.runner import Died, Job
from etp_kit.simulator.scenario.library import scenario_from_data
from etp_kit.simulator.suite import surveys
from etp_kit.simulator.suite.surveys import first_worlds, survey
from etp_kit.simulator.world.world import FakeWorld

SMALL = {"schema": 1, "title": "t", "about": "a", "clauses": ["event.mapping"], "passes": 1}
LIBRARY = {
    world: scenario_from_data({**SMALL, "world": world, "actor": [{"handler": "Ext", "events": 1}]}, world)
    for world in ("fake", "real", "both")
}


@pytest.mark.parametrize(
    ("world", "pairs"),
    [
        ("auto", [("fake", "fake"), ("real", "real"), ("both", "fake")]),
        ("real", [("real", "real"), ("both", "real")]),
    ],
)
def test_each_runs_in_the_world_that_is_asked_for_where_it_declares_that(
    world: str, pairs: list[tuple[str, str]]
) -> None:
    assert first_worlds(LIBRARY, LIBRARY, world) == pairs


def test_a_verdict_is_told_with_its_collector_and_the_line_that_shows_it_again(
    place: FakeWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    def results(jobs: list[Job[Any]], _: int) -> Iterator[tuple[Job[Any], Any, float]]:
        first, second = jobs
        yield second, Died("hang", "no end", 9.0), 9.0
        yield first, first.work(place), 1.5

    monkeypatch.setattr(surveys, "results_of", results)
    collectors = ["reference", "mutant:quota-raised"]
    found = list(survey(LIBRARY, [("fake", "fake")], collectors, seed=0, jobs=1, timeout=60))
    assert [(number, verdict.verdict) for number, verdict in found] == [(1, "fail"), (0, "pass")]
    assert all(f"--collector {collectors[number]}" in verdict.reproduce for number, verdict in found if number)
