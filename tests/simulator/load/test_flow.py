"""A flow is a pure function of its share and seed,
in order of time, and no token of a run is used twice.
"""

from __future__ import annotations

from collections import defaultdict
from fractions import Fraction
from itertools import islice
from typing import Any

import pytest

from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.core.steps import Step, fingerprint
from etp_kit.simulator.hazards import HAZARDS
from etp_kit.simulator.load.extension_steps import Flow, merged
from etp_kit.simulator.load.rate import Share, extensions_of, shares
from etp_kit.simulator.writers.producers import PRODUCERS

from .build import scenario

EPOCH = 1_795_462_516 * SECOND
LIMITS = Limits(period=2 * SECOND, quota=20, spared=5, file_size=65_536, rejects=50, parse=100_000)
WRITERS = [name for name, one in PRODUCERS.items() if not getattr(one, "agent_events", False)]


def share(rate: int | None = 50, events: int | None = None, **actor: Any) -> Share:
    (one,) = shares(extensions_of(scenario({"events": 20, **actor}), None), LIMITS, 1, None if rate is None else Fraction(rate), events)
    return one


def steps(one: Share, seconds: int = 12, seed: int = 3) -> list[Step]:
    return list(Flow(one, seed, LIMITS, EPOCH, seconds * SECOND).steps())


def tokens(made: list[Step]) -> list[str]:
    """Of each file as it stands first, in whatever state."""
    return [label.token for step in made if step.act == "write" for label in step.labels or () if label.token]


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert fingerprint(steps(share())) == fingerprint(steps(share()))
    assert fingerprint(steps(share())) != fingerprint(steps(share(), seed=4))


def test_the_rate_is_what_was_asked_for() -> None:
    assert len(steps(share(rate=50), seconds=12)) == 600


@pytest.mark.parametrize("producer", WRITERS)
def test_a_flow_is_in_order_of_time_and_within_it(producer: str) -> None:
    made = steps(share(producer=producer))
    assert made
    assert [step.at for step in made] == sorted(step.at for step in made)
    assert made[-1].at < 12 * SECOND


@pytest.mark.parametrize("hazard", list(HAZARDS))
def test_no_token_is_used_twice_over_many_windows(hazard: str) -> None:
    made = steps(share(hazards=[{"kind": hazard}]))
    assert [step.at for step in made] == sorted(step.at for step in made)
    windows = defaultdict(set)
    for step in made:
        for label in step.labels or () if step.act == "write" else ():
            if label.token:
                windows[label.token].add(step.at // (2 * SECOND))
    assert set(tokens(steps(share()))) <= windows.keys()
    # What is completed or put back before the next pass is of two windows, nothing of more.
    assert all(max(seen) - min(seen) <= 1 for seen in windows.values())


def test_a_hazard_of_some_passes_meets_these_in_every_round() -> None:
    extension = extensions_of(scenario({"events": 20, "hazards": [{"kind": "fifo", "passes": [1]}]}, passes=3), None)
    (one,) = shares(extension, LIMITS, 3, None)
    windows = {step.at // (2 * SECOND) for step in steps(one, seconds=18) if step.act == "mkfifo"}
    assert windows == {1, 4, 7}


@pytest.mark.parametrize("events", [1, 19, 20, 21, 555])
def test_a_budget_is_written_to_the_event(events: int) -> None:
    assert len(tokens(steps(share(events=events), seconds=1))) == events


def test_a_flow_streams() -> None:
    endless = Flow(share(rate=1_000), 1, LIMITS, EPOCH, 86_400 * SECOND).steps()
    assert len(list(islice(endless, 5))) == 5


def test_several_flows_are_merged_in_order() -> None:
    many = shares(extensions_of(scenario({"events": 20, "copies": 4}), None), LIMITS, 1, Fraction(80))
    made = list(merged([Flow(one, 1, LIMITS, EPOCH, 5 * SECOND) for one in many]))
    assert len(made) == 400
    assert [step.at for step in made] == sorted(step.at for step in made)
