"""Golden fingerprints: what each producer and hazard writes for three seeds.

A change of what is written is deliberate: ``ETP_GOLDEN=write pytest tests/golden`` writes the new fingerprints, and the
change of ``writers.json`` shows it in review.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from simulator.assignment import SECOND, Assignment, Limits, Window
from simulator.draw import Draw
from simulator.hazards import HAZARDS
from simulator.producers import PRODUCERS
from simulator.step import fingerprint
from simulator.traffic import TRAFFIC

GOLDEN = Path(__file__).with_name("writers.json")
SEEDS = (0, 1, 2)
PERIOD = 300 * SECOND
#: Small files: a fingerprint of 4 MiB says no more than one of 64 KiB.
LIMITS = Limits(file_size=65_536, quota=20, spared=20)


def assignment(traffic: str = "steady") -> Assignment:
    return Assignment(
        actor=5,
        handler="Golden.Extension-2.1",
        directory="log/Golden.Extension-2.1/events",
        windows=tuple(Window(number, number * PERIOD, (number + 1) * PERIOD) for number in range(2)),
        events=60,
        per_file=1,
        traffic=traffic,
        limits=LIMITS,
        epoch=1_795_462_516 * SECOND,
    )


def of_producer(name: str, seed: int) -> str:
    return fingerprint(PRODUCERS[name].plan(assignment(), Draw(seed, name)))


def of_hazard(name: str, seed: int) -> str:
    plan = assignment()
    return fingerprint(HAZARDS[name]().apply([], plan, Draw(seed, name)))


def of_traffic(name: str, seed: int) -> str:
    return fingerprint(PRODUCERS["plain"].plan(assignment(name), Draw(seed, name)))


WRITERS = [
    *(("producer", name) for name in PRODUCERS),
    *(("hazard", name) for name in HAZARDS),
    *(("traffic", name) for name in TRAFFIC),
]
COMPUTE = {"producer": of_producer, "hazard": of_hazard, "traffic": of_traffic}


@pytest.fixture(scope="module")
def golden() -> dict[str, dict[str, list[str]]]:
    if os.environ.get("ETP_GOLDEN") == "write":
        found: dict[str, dict[str, list[str]]] = {}
        for kind, name in WRITERS:
            found.setdefault(kind, {})[name] = [COMPUTE[kind](name, seed) for seed in SEEDS]
        GOLDEN.write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="ascii")
    known: dict[str, dict[str, list[str]]] = json.loads(GOLDEN.read_text(encoding="ascii"))
    return known


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("kind", "name"), WRITERS)
def test_fingerprint(kind, name, seed, golden):
    assert COMPUTE[kind](name, seed) == golden[kind][name][seed]


@pytest.mark.parametrize("kind", COMPUTE)
def test_no_fingerprint_is_left_over(kind, golden):
    assert sorted(golden[kind]) == sorted(name for other, name in WRITERS if other == kind)


@pytest.mark.parametrize(("kind", "name"), WRITERS)
def test_another_seed_writes_something_else(kind, name, golden):
    assert len(set(golden[kind][name])) == len(SEEDS)
