"""A run as a function: the history that the command has, and one clear error otherwise."""

from __future__ import annotations

import os
from typing import Any

import pytest

from etp_kit.simulator.testing import BadInput, CollectorUnderTest, Died, run, scenario_from_data

SMALL: dict[str, Any] = {
    "schema": 1,
    "title": "small",
    "about": "One extension and one attacker.",
    "clauses": ["deliver.at-most-once"],
    "passes": 2,
    "actor": [{"handler": "Contoso.Quiet", "events": 3}, {"handler": "Contoso.Loud", "events": 5, "role": "attacker"}],
}


def small(**more: Any) -> Any:
    return scenario_from_data({**SMALL, **more}, "small")


#: As tests/simulator/runner/test_determinism.py has it, of the command.
FLOOD_7 = "8d1130ec6c6d6415a99e6f56e03f8d28b036867cf81127cfa3fa5d6d5b2d54e8"


class Leaving:
    def collect(self) -> None:
        os._exit(3)


class Waiting:
    def collect(self) -> None:
        """Takes nothing."""


def leaving(*_: Any, **__: Any) -> Leaving:
    return Leaving()


def waiting(*_: Any, **__: Any) -> Waiting:
    return Waiting()


def picky(log_dir: str, agent_events_dir: str, sender: Any, **settings: Any) -> Waiting:
    if "quota" in settings:
        raise ValueError("no quota")
    return Waiting()


def test_the_history_is_the_commands() -> None:
    assert run("flood", seed=7).history.sha256() == FLOOD_7


@pytest.mark.parametrize("world", ["fake", "real"])
def test_the_ledger_knows_every_event(world: str) -> None:
    ran = run(small(), world=world)
    assert (ran.world, ran.ends, ran.fates) == (world, ("returned", "returned"), {"delivered": 16})
    assert {event.extension for event in ran.ledger.events} == {"Contoso.Quiet", "Contoso.Loud"}


def test_without_attackers_the_others_write_the_same() -> None:
    alone = run(small(), without_attackers=True)
    both = run(small())
    assert alone.fates == {"delivered": 6}
    assert alone.ledger.sequence("Contoso.Quiet") == both.ledger.sequence("Contoso.Quiet")


@pytest.mark.parametrize("collector", [waiting, CollectorUnderTest("mutant:quota-raised"), "mutant:quota-raised"])
def test_a_collector_is_a_factory_or_a_name(collector: Any) -> None:
    assert sum(run(small(), collector=collector).fates.values()) == 16


def test_a_service_runs_its_own_thread() -> None:
    ran = run(small(service=True))
    assert any(record.op == "service" for record in ran.history)
    assert ran.fates == {"delivered": 16}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"scenario": "floot"}, "no scenario is named 'floot'"),
        ({"seed": -1}, "seed: -1 is negative"),
        ({"world": "moon"}, "world: no world is named 'moon'"),
        ({"scenario": small(world="real"), "world": "fake"}, "declares only the real world"),
        ({"collector": "cmd:true", "world": "fake"}, "world: a program runs in the real world"),
        ({"collector": "mutant:nobody"}, "nobody"),
        ({"collector": waiting, "scenario": small(service=True)}, "offers no service"),
        ({"collector": picky, "scenario": small(collector={"quota": 3})}, "no quota"),
    ],
)
def test_what_cannot_run_is_bad_input(given: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        run(**{"scenario": small(), **given})


def test_a_collector_that_ends_its_process_costs_one_run() -> None:
    with pytest.raises(Died, match="ended its process") as death:
        run(small(), collector=leaving)
    assert death.value.kind == "crash"
    assert run(small()).fates == {"delivered": 16}


def test_the_tests_process_stays_as_it_is() -> None:
    before = [getattr(os, name) for name in sorted(dir(os))]
    run(small())
    assert [getattr(os, name) for name in sorted(dir(os))] == before
