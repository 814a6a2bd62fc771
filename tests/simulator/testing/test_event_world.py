"""The world of a user's own tests: what is written stays written,
passes go on where the last one ended, and hostile collectors cost one test.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.runner.job import Died
from etp_kit.simulator.testing.event_world import CollectorUnderTest, EventWorld


@pytest.fixture
def world(tmp_path: Path) -> EventWorld:
    return EventWorld(tmp_path / "world")


def test_passes_go_on_where_the_last_one_ended(world: EventWorld) -> None:
    first = world.write(events=3)
    before = world.collect()
    second = world.write(events=2)
    after = world.collect()
    assert before.problems == after.problems == ()
    assert [len(before.of(event)) for event in first] == [1, 1, 1]
    assert [len(after.of(event)) for event in first + second] == [0, 0, 0, 1, 1]
    assert after.fates == {"delivered": 5}


def test_one_run_is_like_another(tmp_path: Path) -> None:
    def history(name: str) -> str:
        world = EventWorld(tmp_path / name, seed=3)
        world.write("aks-bash", events=5, hazards=[{"kind": "torn"}])
        return world.collect(passes=2).history.sha256()

    assert history("one") == history("other")


def test_faults_strike_as_in_a_scenario(world: EventWorld) -> None:
    world.write(events=3)
    done = world.collect(passes=2, delivery="at-least-once", faults=[{"kind": "crash", "call": "deliver", "nth": 2}])
    assert done.ends == ("crash", "returned")
    assert done.problems == ("a pass ended: crash",)
    assert done.fates == {"delivered": 3}


def test_agent_events_are_collected_as_well(world: EventWorld) -> None:
    world.write("waagent", events=3)
    done = world.collect()
    assert done.problems == ()
    assert len(done.events) == 3


def test_what_happens_during_a_pass_waits_for_it(world: EventWorld) -> None:
    world.write(events=2, hazards=[{"kind": "fifo", "swapped": True}], role="attacker")
    before = list((world.log_dir / "Contoso.Extension" / "events").glob("*.json"))
    assert all(file.is_file() for file in before)
    done = world.collect()
    assert done.ends == ("returned",)
    begun = [record.op for record in done.history].index("pass-begin")
    assert any(record.op == "step" for record in done.history.records[begun:])


def test_nothing_to_judge_is_a_problem(world: EventWorld) -> None:
    assert world.collect().problems == ("nothing was judged: no event was delivered or dropped",)


class _Spinning:
    def collect(self) -> None:
        while True:
            pass


def test_a_collector_that_hangs_is_ended(world: EventWorld) -> None:
    with pytest.raises(Died, match=r"no end after [1-8](\.\d+)? s of processor time"):
        world.collect(lambda *_, **__: _Spinning(), timeout=2)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [({"producer": "plane"}, "did you mean"), ({"hazards": [{"kind": "fofo"}]}, "did you mean .*'fifo'"), ({"extension": "../outside"}, "no directory name")],
)
def test_what_cannot_be_written_is_bad_input(world: EventWorld, wrong: dict[str, object], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        world.write(**wrong)
    assert not list(world.log_dir.iterdir())


def test_a_program_is_not_built_in_the_test_s_own_process() -> None:
    collector = CollectorUnderTest("cmd:true")
    with pytest.raises(BadInput, match="cannot be built in the test's own process"):
        collector("log", "events", None)
