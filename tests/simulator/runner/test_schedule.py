"""Who goes next: every step is taken once, in its writer's order, and none before its time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.runner.schedule import OneStep, Schedule
from etp_kit.simulator.scenario.plan import ActorPlan

from .staged import actor, mkdir

#: When the passes of these tests begin.
TIMES = (10, 20, 30)


class Taken:
    """The steps that were taken, in their order."""

    def __init__(self) -> None:
        self.paths: list[str] = []

    def __call__(self, name: str, step: Step) -> None:
        self.paths.append(step.path)


def writers(*steps: tuple[Step, ...]) -> tuple[ActorPlan, ...]:
    return tuple(actor(f"{place}:Ext", own) for place, own in enumerate(steps))


STEPS = st.lists(st.tuples(st.integers(0, 30), st.booleans()), max_size=5).map(sorted)


@st.composite
def plans(draw: st.DrawFn) -> tuple[ActorPlan, ...]:
    return writers(
        *(
            tuple(mkdir(f"{place}/{number}", at, during=during) for number, (at, during) in enumerate(own))
            for place, own in enumerate(draw(st.lists(STEPS, min_size=1, max_size=3)))
        )
    )


def run(schedule: Schedule, taken: Taken, calls: int = 3) -> list[list[str]]:
    """What is taken up to the end of each pass."""
    found = []
    for now in TIMES:
        schedule.before_pass(now)
        for _ in range(calls):
            schedule.at_call(now)
        schedule.asleep(now)
        schedule.after_pass(now)
        found.append(taken.paths[:])
    return found


def due(actors: tuple[ActorPlan, ...], now: int) -> set[str]:
    """The steps whose time has come."""
    return {step.path for one in actors for step in one.steps if step.at <= now}


@given(plans(), st.integers(0, 99))
def test_each_step_is_taken_once_when_it_is_due(actors: tuple[ActorPlan, ...], seed: int) -> None:
    taken = Taken()
    for now, paths in zip(TIMES, run(Schedule(actors, Draw(seed), taken), taken), strict=True):
        assert set(paths) <= due(actors, now)
        assert len(paths) == len(set(paths))


@given(plans(), st.integers(0, 99))
def test_steps_of_one_writer_keep_their_order(actors: tuple[ActorPlan, ...], seed: int) -> None:
    taken = Taken()
    run(Schedule(actors, Draw(seed), taken), taken)
    for place in range(len(actors)):
        own = [path for path in taken.paths if path.startswith(f"{place}/")]
        assert own == sorted(own)


@given(plans(), st.integers(0, 99))
def test_the_seed_decides(actors: tuple[ActorPlan, ...], seed: int) -> None:
    first, second = Taken(), Taken()
    run(Schedule(actors, Draw(seed), first), first)
    run(Schedule(actors, Draw(seed), second), second)
    assert first.paths == second.paths


def test_between_passes_steps_come_in_order_of_time_and_then_of_writers() -> None:
    taken = Taken()
    schedule = Schedule(writers((mkdir("b", 5),), (mkdir("a", 3), mkdir("c", 5)), (mkdir("late", 11),)), Draw(0), taken)
    schedule.before_pass(10)
    assert taken.paths == ["a", "b", "c"]


def test_a_step_of_the_pass_waits_for_it_and_holds_what_its_writer_does_next() -> None:
    taken = Taken()
    schedule = Schedule(writers((mkdir("during", 1, during=True), mkdir("then", 2))), Draw(0), taken)
    schedule.before_pass(10)
    assert taken.paths == []
    schedule.after_pass(10)
    assert taken.paths == ["during"]


def test_a_step_of_the_pass_falls_between_its_calls() -> None:
    taken = Taken()
    schedule = Schedule(writers((mkdir("during", 1, during=True),)), Draw(0), taken)
    schedule.before_pass(10)
    for _ in range(1_000):
        schedule.at_call(10)
    assert taken.paths == ["during"]


def test_no_writer_acts_at_a_delivery() -> None:
    taken = Taken()
    schedule = Schedule(writers((mkdir("during", 1, during=True),)), Draw(0), taken)
    schedule.before_pass(10)
    for _ in range(1_000):
        schedule.at_delivery(10)
    assert taken.paths == []


@pytest.mark.parametrize(
    ("owners", "fallen"), [({"Ext"}, ["own"]), ({""}, ["agent's"]), ({"Other"}, []), ({"Ext", ""}, ["agent's", "own"])]
)
def test_at_a_pause_those_act_whose_directory_the_pass_has_begun(owners: set[str], fallen: list[str]) -> None:
    """A writer of the agent's own events has no handler."""
    agent = actor("1:Ext", (mkdir("agent's", 1, during=True),), agent_events=True)
    taken = Taken()
    schedule = Schedule((*writers((mkdir("own", 1, during=True),)), agent), Draw(0), taken)
    schedule.before_pass(10)
    found = [step.path for _ in range(100) for _, step in schedule.at_pause(10, owners, asleep=False)]
    assert sorted(found) == fallen
    assert taken.paths == []
    schedule.after_pass(10)
    assert sorted([*found, *taken.paths]) == ["agent's", "own"]


def test_a_pause_that_is_a_wait_gives_more_chances() -> None:
    def taken_by(*, asleep: bool) -> int:
        found = 0
        for seed in range(100):
            schedule = Schedule(writers((mkdir("during", 1, during=True),)), Draw(seed), Taken())
            schedule.before_pass(10)
            found += len(schedule.at_pause(10, {"Ext"}, asleep=asleep))
        return found

    assert 0 < taken_by(asleep=False) < taken_by(asleep=True) < 100


def test_a_sleeping_collector_gives_more_chances_than_a_call() -> None:
    """Over many seeds: how often the step has been taken by then."""

    def taken_by(chance: str) -> int:
        found = 0
        for seed in range(100):
            taken = Taken()
            schedule = Schedule(writers((mkdir("during", 1, during=True),)), Draw(seed), taken)
            schedule.before_pass(10)
            getattr(schedule, chance)(10)
            found += len(taken.paths)
        return found

    assert taken_by("at_call") < taken_by("asleep") < 100


def test_what_waits_is_told_by_writer() -> None:
    first, second = mkdir("first", 1), mkdir("second", 99)
    schedule = Schedule(writers((first, second), ()), Draw(0), Taken())
    schedule.before_pass(10)
    assert schedule.waiting() == {"0:Ext": [second], "1:Ext": []}


# --- one step, placed -----------------------------------------------------------------------------------------------------


def one_step(actors: tuple[ActorPlan, ...], target: tuple[int, int], point: int) -> tuple[OneStep, Taken]:
    taken = Taken()
    return OneStep(actors, TIMES, target, point, taken), taken


@given(plans(), st.data())
def test_every_step_is_taken_once_wherever_one_is_placed(actors: tuple[ActorPlan, ...], data: st.DataObject) -> None:
    targets = [(place, number) for place, one in enumerate(actors) for number in range(len(one.steps))]
    if targets:
        schedule, taken = one_step(actors, data.draw(st.sampled_from(targets)), data.draw(st.integers(1, 9)))
        run(schedule, taken)
        assert sorted(taken.paths) == sorted(due(actors, TIMES[-1]))


@pytest.mark.parametrize("point", ["at_call", "at_delivery", "asleep"])
def test_a_point_is_a_call_a_delivery_or_a_sleep(point: str) -> None:
    schedule, taken = one_step(writers((mkdir("placed", 1),)), (0, 0), 2)
    schedule.before_pass(10)
    getattr(schedule, point)(10)
    assert (taken.paths, schedule.met) == ([], False)
    getattr(schedule, point)(10)
    assert (taken.paths, schedule.met) == (["placed"], True)


def test_what_its_writer_did_before_comes_before_the_pass_and_what_it_does_then_after() -> None:
    schedule, taken = one_step(writers((mkdir("before", 1), mkdir("placed", 2), mkdir("then", 3))), (0, 1), 1)
    schedule.before_pass(10)
    assert taken.paths == ["before"]
    schedule.at_call(10)
    schedule.at_call(10)
    assert taken.paths == ["before", "placed"]
    schedule.after_pass(10)
    assert taken.paths == ["before", "placed", "then"]


def test_all_others_come_before_the_pass() -> None:
    schedule, taken = one_step(writers((mkdir("placed", 1),), (mkdir("b", 3, during=True), mkdir("c", 4))), (0, 0), 1)
    schedule.before_pass(10)
    assert taken.paths == ["b", "c"]


def test_a_pause_is_no_point() -> None:
    schedule, _ = one_step(writers((mkdir("placed", 1, during=True),)), (0, 0), 1)
    schedule.before_pass(10)
    assert schedule.at_pause(10, {"Ext"}, asleep=True) == []


def test_a_point_that_the_pass_does_not_have_is_not_met() -> None:
    schedule, taken = one_step(writers((mkdir("placed", 1),)), (0, 0), 9)
    run(schedule, taken, calls=3)
    assert (taken.paths, schedule.met) == (["placed"], False)


@pytest.mark.parametrize(("at", "falls_in"), [(1, 0), (10, 0), (11, 1), (30, 2), (31, 3)])
def test_it_falls_into_the_first_pass_after_its_time(at: int, falls_in: int) -> None:
    assert one_step(writers((mkdir("placed", at),)), (0, 0), 1)[0].falls_in == falls_in


@pytest.mark.parametrize("target", [(1, 0), (0, 1)])
def test_no_such_step_is_told(target: tuple[int, int]) -> None:
    with pytest.raises(IndexError):
        one_step(writers((mkdir("placed", 1),)), target, 1)
