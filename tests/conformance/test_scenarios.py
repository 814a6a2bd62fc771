"""The conformance run of the reference collector: every scenario in every world that it declares, one item a pair."""

from __future__ import annotations

import pytest

from simulator.scenario import load, shipped
from simulator.worker import supervised

PAIRS = [(name, world) for name in shipped() for world in load(name).worlds]


def test_there_are_scenarios() -> None:
    assert {"quota/flood", "field/everyday", "event/bad-keys"} <= set(shipped())


@pytest.mark.parametrize(("name", "world"), PAIRS, ids=[f"{name}-{world}" for name, world in PAIRS])
def test_reference_passes(name: str, world: str) -> None:
    result = supervised(load(name), 7, "reference", world)
    assert result.verdict == "pass", [c for c in result.clauses if c.verdict != "pass"]
    assert set(load(name).clauses) <= {clause.slug for clause in result.clauses}


@pytest.mark.parametrize("name", [name for name in shipped() if load(name).world == "both"])
def test_both_worlds_have_one_history(name: str) -> None:
    fake, real = (supervised(load(name), 11, "reference", world).history_sha256 for world in ("fake", "real"))
    assert fake == real
    assert fake


@pytest.mark.parametrize("name", list(shipped()))
def test_every_written_event_has_one_fate(name: str) -> None:
    result = supervised(load(name), 3, "reference", "fake")
    assert result.extensions
    for entry in result.extensions.values():
        assert sum(entry["fates"].values()) == entry["written"] > 0
