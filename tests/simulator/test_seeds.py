"""A thousand seeds of a concurrent scenario: each is one history, in whichever process and world it runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulator.run import run
from simulator.scenario import load
from simulator.subjects import resolve
from simulator.worker import Died, Job, results_of
from simulator.world.world import FakeWorld, RealWorld

CONCURRENT = load(str(Path(__file__).parent / "data" / "concurrent.toml"))
SEEDS = 1_000


def _hashes(place: FakeWorld | RealWorld) -> list[str]:
    subject = resolve("reference")
    return [run(CONCURRENT, seed, subject, place).sha256() for seed in range(SEEDS)]


@pytest.fixture(scope="module")
def histories() -> dict[str, list[str]]:
    """What each process found: two in the real world, one in the fake one."""
    worlds = {"one process": "real", "another process": "real", "the fake world": "fake"}
    found = {}
    for job, outcome, _ in results_of([Job(name, _hashes, world, 600.0) for name, world in worlds.items()], 2):
        assert not isinstance(outcome, (Died, Exception)), outcome
        found[job.name] = outcome
    return found


@pytest.mark.slow
@pytest.mark.xdist_group("seeds")
@pytest.mark.parametrize("other", ["another process", "the fake world"])
def test_a_seed_is_one_history(histories: dict[str, list[str]], other: str) -> None:
    differing = [seed for seed, (a, b) in enumerate(zip(histories["one process"], histories[other], strict=True)) if a != b]
    assert differing == []


@pytest.mark.slow
@pytest.mark.xdist_group("seeds")
def test_seeds_make_different_histories(histories: dict[str, list[str]]) -> None:
    assert len(set(histories["one process"])) > SEEDS * 0.99
