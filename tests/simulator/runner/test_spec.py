"""What a run is of goes anywhere, and says what it needs."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError, replace

import pytest

from etp_kit.simulator.scenario.variants import Errno

from .staged import scenario, spec


def test_it_goes_to_another_process_and_is_the_same_there() -> None:
    of = spec(variant=Errno(3, "EIO"), heals_at=1)
    assert pickle.loads(pickle.dumps(of)) == of


def test_nobody_changes_it_underway() -> None:
    with pytest.raises(FrozenInstanceError):
        spec().seed = 1


@pytest.mark.parametrize(
    ("world", "weighed", "heard"),
    [("fake", False, True), ("fake", True, True), ("real", False, True), ("real", True, False)],
)
def test_only_what_is_weighed_in_the_real_world_is_not_heard(world: str, weighed: bool, heard: bool) -> None:
    assert spec(world, weighed=weighed).is_heard is heard


GUEST = spec(scenario=scenario(clauses=["run.guest"]))


@pytest.mark.parametrize(
    ("of", "looked"),
    [
        (GUEST, True),
        (spec(), False),
        (replace(GUEST, weighed=True), False),
        (replace(GUEST, variant=Errno(1, "EIO")), False),
    ],
    ids=["guest", "another clause", "weighed", "variant"],
)
def test_the_process_is_looked_at_where_the_scenario_is_about_it(of, looked: bool) -> None:
    assert of.is_looked_at is looked
