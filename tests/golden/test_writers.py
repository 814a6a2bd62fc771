"""Golden fingerprints: what each producer, hazard,
traffic shape and scenario writes for three seeds.

A change of what is written is deliberate: ``ETP_GOLDEN=write pytest tests/golden`` writes the new
fingerprints, and the change of ``writers.json`` and ``scenarios.json`` (a line a scenario) shows it
in review. A scenario's are over the steps of its plan under the contract's limits, so no collector
has a part in them.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.core.steps import fingerprint
from etp_kit.simulator.core.window import Window
from etp_kit.simulator.hazards import HAZARDS
from etp_kit.simulator.scenario.library import load_scenario
from etp_kit.simulator.scenario.plan import limits_of, make_plan
from etp_kit.simulator.shipped import shipped_scenarios
from etp_kit.simulator.writers.assignment import Assignment
from etp_kit.simulator.writers.producers import PRODUCERS
from etp_kit.simulator.writers.traffic import TRAFFIC

GOLDEN = {"writers": Path(__file__).with_name("writers.json"), "scenarios": Path(__file__).with_name("scenarios.json")}
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


def of_scenario(name: str, seed: int) -> str:
    scenario = load_scenario(name)
    plan = make_plan(scenario, seed, limits_of({}, scenario.collector))
    return fingerprint(step for actor in plan.actors for step in actor.steps)


COMPUTE = {"producer": of_producer, "hazard": of_hazard, "traffic": of_traffic, "scenario": of_scenario}
KINDS = {"producer": list(PRODUCERS), "hazard": list(HAZARDS), "traffic": list(TRAFFIC), "scenario": list(shipped_scenarios())}
WRITERS = [(kind, name) for kind, names in KINDS.items() for name in names]


def write() -> None:
    """Put what is written now in the place of what is known."""
    found = {kind: {name: [COMPUTE[kind](name, seed) for seed in SEEDS] for name in names} for kind, names in KINDS.items()}
    scenarios = found.pop("scenario")
    GOLDEN["writers"].write_text(json.dumps(found, indent=1, sort_keys=True) + "\n", encoding="ascii")
    lines = ",\n".join(f" {json.dumps(name)}: {json.dumps(scenarios[name])}" for name in sorted(scenarios))
    GOLDEN["scenarios"].write_text(f"{{\n{lines}\n}}\n", encoding="ascii")


@pytest.fixture(scope="session")
def golden() -> dict[str, dict[str, list[str]]]:
    if os.environ.get("ETP_GOLDEN") == "write":
        write()
    known: dict[str, dict[str, list[str]]] = json.loads(GOLDEN["writers"].read_text(encoding="ascii"))
    return {**known, "scenario": json.loads(GOLDEN["scenarios"].read_text(encoding="ascii"))}


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("kind", "name"), WRITERS)
def test_fingerprint(kind, name, seed, golden):
    assert name in golden[kind], "it is new: ETP_GOLDEN=write pytest tests/golden"
    assert COMPUTE[kind](name, seed) == golden[kind][name][seed]


@pytest.mark.parametrize("kind", COMPUTE)
def test_no_fingerprint_is_left_over(kind, golden):
    assert set(golden[kind]) <= set(KINDS[kind])


@pytest.mark.parametrize(("kind", "name"), WRITERS)
def test_another_seed_writes_something_else(kind, name, golden):
    assert len(set(golden[kind][name])) == len(SEEDS)
