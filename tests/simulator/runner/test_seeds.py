"""A thousand seeds of a concurrent scenario:
each is one history, in whichever process and world it runs.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from etp_kit.simulator.runner.job import Died, Job
from etp_kit.simulator.runner.run import run
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import results_of
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.subjects.specs import resolve
from etp_kit.simulator.world.world import FakeWorld, RealWorld

CONCURRENT = load_scenario(str(Path(__file__).parents[1] / "data" / "concurrent.toml"))
SEEDS = 1_000


def _hashes(place: FakeWorld | RealWorld) -> list[str]:
    subject = resolve("reference")
    return [run(RunSpec(CONCURRENT, seed, "reference", place.name), subject, place).sha256() for seed in range(SEEDS)]


@pytest.mark.slow
def test_a_seed_is_one_history_in_two_processes_and_both_worlds() -> None:
    places = {"one process": "real", "another process": "real", "the fake world": "fake"}
    found: dict[str, list[str]] = {}
    for job, outcome, _ in results_of([Job(name, _hashes, world, 600.0) for name, world in places.items()], 2):
        assert not isinstance(outcome, (Died, Exception)), outcome
        found[job.name] = outcome
    first, *others = (found[name] for name in places)
    assert [seed for seed, hashes in enumerate(zip(first, *others, strict=True)) if len(set(hashes)) > 1] == []
    assert len(set(first)) > SEEDS * 0.99  # and seeds are not one history
