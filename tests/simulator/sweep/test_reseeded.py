"""A failure that stays large with its own seed is made small with another. What an event holds, and
when it comes, is a matter of the seed.

The runs are made up here: what a failure takes, and in how many steps, is said by each test.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from etp_kit.simulator.core import History, Record
from etp_kit.simulator.scenario import Scenario
from etp_kit.simulator.subjects import Subject
from etp_kit.simulator.sweep import shrinking
from etp_kit.simulator.sweep.judged import Failure, Judged
from etp_kit.simulator.sweep.rearrangements import least, rearrangements
from etp_kit.simulator.sweep.reductions import reductions
from etp_kit.simulator.sweep.shrinking import Shrinker, Shrunk

GROWING = {"kind": "growing", "how": "past-limit"}
LARGE: dict[str, Any] = {
    "schema": 1, "title": "large", "about": "large", "clauses": ["run.errors"], "passes": 2,
    "actor": [{"handler": "A", "events": 3}],
}  # fmt: skip
Fails = Callable[[int, int], bool]


def history(steps: int) -> History:
    run = Record(0, 0, "kit", "run", "", cast("Any", {"actors": [{"name": "0:A"}]}))
    step = Record(0, 0, "0:A", "step", "log/A/events/1.json", cast("Any", {"act": "write"}))
    return History([run, *[step] * steps])


def shrunk(monkeypatch: pytest.MonkeyPatch, seed: int, fails: Fails) -> Shrunk:
    """``fails``: of the seed and the steps, whether such a run fails."""

    def judged_run(scenario: Scenario, seed: int, *_: object) -> Judged:
        steps = scenario.pass_count * sum(cast("int", actor.events) for actor in scenario.actor)
        failures = [Failure("run.errors", "", "why")] if fails(seed, steps) else []
        return Judged("fail" if failures else "pass", failures, history=history(steps))

    monkeypatch.setattr(shrinking, "judged_run", judged_run)
    monkeypatch.setattr(shrinking, "places_of", lambda history: [])
    small = Shrinker(cast("Subject", None), cast("Any", None), seed, "run.errors", None).shrink(LARGE)
    assert small is not None
    return small


@pytest.mark.parametrize("rare", [3, 150])
def test_another_seed_shows_it_in_fewer_steps(monkeypatch: pytest.MonkeyPatch, rare: int) -> None:
    small = shrunk(monkeypatch, 77, lambda seed, steps: steps == 6 if seed == 77 else (seed == rare and steps >= 1))
    assert (small.seed, small.data["passes"], small.data["actor"][0]["events"]) == (rare, 1, 1)


def test_one_that_no_other_seed_shows_keeps_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    small = shrunk(monkeypatch, 77, lambda seed, steps: seed == 77 and steps >= 4)
    assert (small.seed, small.data["passes"] * small.data["actor"][0]["events"]) == (77, 4)


def test_the_seed_that_nobody_has_to_type_is_taken_where_it_does_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shrunk(monkeypatch, 77, lambda _, steps: steps >= 1).seed == 0
    assert shrunk(monkeypatch, 77, lambda seed, steps: seed != 0 and steps >= 1).seed == 77


def test_what_has_the_least_is_least_in_all_at_once() -> None:
    actor = {"handler": "A", "events": 5, "hazards": [{**GROWING, "amount": 2, "passes": [1]}]}
    smallest = least({**LARGE, "passes": 3, "actor": [actor]})
    assert smallest["passes"] == 1
    assert smallest["actor"] == [{"handler": "A", "events": 1, "hazards": [{**GROWING, "amount": 1, "rounds": 1}]}]


def test_a_number_that_is_left_out_is_one_at_last() -> None:
    data = {**LARGE, "actor": [{"handler": "A", "events": 0, "hazards": [GROWING]}]}
    assert {**GROWING, "rounds": 1} in [other["actor"][0]["hazards"][0] for other in rearrangements(data)]


def test_of_many_kinds_a_half_goes_and_each_one_goes() -> None:
    kinds = ["missing", "oversize", "ws", "with-port"]
    data = {**LARGE, "actor": [{"handler": "A", "hazards": [{"kind": "secrets", "kinds": kinds}]}]}
    left = [other["actor"][0].get("hazards", [{}])[0].get("kinds") for other in reductions(data)]
    assert {tuple(some) for some in left if some} >= {
        ("missing", "oversize"), ("ws", "with-port"), ("oversize", "ws", "with-port"), ("ws",),
    }  # fmt: skip
