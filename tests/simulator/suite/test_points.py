"""Points of a run: what counts as a call, as a point and as a place for a step."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from etp_kit.simulator.core.history import COLLECTOR, History, Record
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.runner import OneStep, Run
from etp_kit.simulator.scenario.plan import ActorPlan
from etp_kit.simulator.scenario.variants import Crash, Errno, Interleave
from etp_kit.simulator.suite.points import counted, has_struck, is_call, is_point, points_for


def record(op: str, result: dict[str, Any] | None = None, actor: str = COLLECTOR) -> Record:
    return Record(0, 0, actor, op, "", result)


OPEN, SLEEP = record("call", {"call": "open"}), record("call", {"call": "sleep"})
SEEN = record("call", {"call": "open", "seen": True})
DELIVER, FLUSH, STEP = record("deliver"), record("flush"), record("step", actor="0:Ext")


@pytest.mark.parametrize(
    ("one", "call", "point"),
    [
        (OPEN, True, True),
        (SLEEP, False, False),
        (SEEN, False, False),
        (DELIVER, False, True),
        (FLUSH, False, True),
        (STEP, False, False),
    ],
)
def test_a_call_and_a_point_are_told_by_the_record(one: Record, call: bool, point: bool) -> None:
    assert (is_call(one), is_point(one)) == (call, point)


HISTORY = History([OPEN, SLEEP, SEEN, DELIVER, FLUSH, STEP, OPEN])


def of_run(struck: bool) -> Run:
    return cast(Run, SimpleNamespace(history=HISTORY, has_struck=struck, schedule=None))


def test_calls_and_points_are_counted() -> None:
    assert counted(HISTORY) == (2, 4)


@pytest.mark.parametrize("struck", [True, False])
def test_a_fault_has_struck_if_the_run_says_so(struck: bool) -> None:
    assert has_struck(of_run(struck), Errno(1, "EIO")) is struck


def test_no_step_was_placed_in_a_run_that_places_none() -> None:
    assert not has_struck(of_run(struck=True), Interleave(0, 0, 1))


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        (Errno(9, "EIO"), "the run has 2 calls"),
        (Crash(9, after=True), "the run has 4 calls, deliveries and flushes"),
        (Interleave(0, 0, 9), "the pass of the step has 0 calls, deliveries, flushes and sleeps"),
    ],
)
def test_a_variant_that_struck_nothing_is_told_how_many_points_there_are(variant: Any, said: str) -> None:
    assert points_for(of_run(struck=False), variant) == said


def test_a_step_can_fall_before_each_point_and_sleep_of_its_own_pass_alone() -> None:
    writer = ActorPlan("0:Ext", "Ext", "bystander", "plain", agent_events=False, steps=(Step(1, "mkdir", "log/Ext"),))
    schedule = OneStep((writer,), (5,), (0, 0), 9, lambda *_: None)
    history = History([*HISTORY, OPEN._replace(pass_number=1), SLEEP._replace(actor="0:Ext")])
    run = cast(Run, SimpleNamespace(history=history, has_struck=False, schedule=schedule))
    assert points_for(run, Interleave(0, 0, 9)) == "the pass of the step has 5 calls, deliveries, flushes and sleeps"
    assert not has_struck(run, Interleave(0, 0, 9))
    schedule.met = True
    assert has_struck(run, Interleave(0, 0, 9))
