"""How a pass begins, what a writer's step leaves in the history, and what is missed once."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.runner.stage import Declared, Stage
from etp_kit.simulator.world.clock import CLOCK

from .conftest import MakeStage
from .staged import PERIOD, mkdir, spec, told

#: One that names its own place.
EVENT = SimpleNamespace(key=("Ext", "1.json", 0), eventId=1, providerId="p", file_type="json", parameters=())


@pytest.mark.parametrize(
    ("step", "path", "result"),
    [
        (mkdir(), "log/Ext", {"act": "mkdir"}),
        (Step(0, "mkdir", "log"), "log", {"act": "mkdir", "errno": "EEXIST"}),
    ],
)
def test_a_step_is_told_with_what_came_of_it(stage: Stage, step: Step, path: str, result: dict[str, str]) -> None:
    stage.perform("0:Ext", step)
    assert told(stage) == [("step", path, result)]
    assert stage.recorder.history.records[0].actor == "0:Ext"


def test_what_comes_is_of_the_pass_that_began(stage: Stage) -> None:
    stage.begin_pass(1, PERIOD)
    stage.note("kit", "restart", "", None)
    (record,) = stage.recorder.history
    assert (record.pass_number, record.t, stage.sender.pass_number) == (1, PERIOD, 1)


def test_a_pass_that_is_late_begins_now(stage: Stage) -> None:
    CLOCK.advance(PERIOD + SECOND)
    stage.begin_pass(0, PERIOD)
    assert CLOCK.now == PERIOD + SECOND


def test_a_sender_that_was_stopped_serves_the_next_pass(stage: Stage) -> None:
    stage.sender.stop()
    stage.begin_pass(1, PERIOD)
    assert not stage.sender.stopped()


@pytest.mark.parametrize(("number", "down"), [(0, False), (1, True), (2, False)])
def test_the_sender_is_down_in_the_pass_that_the_fault_names(make_stage: MakeStage, number: int, down: bool) -> None:
    stage = make_stage(spec(faults=[{"kind": "sender-down", "in_pass": 1}]))
    stage.begin_pass(number, 0)
    assert stage.sender.stopped() is down
    assert told(stage) == ([("fault", "", {"kind": "sender-down"})] if down else [])


@pytest.mark.parametrize(("number", "step"), [(0, 0), (1, -90 * SECOND)])
def test_the_clock_is_set_before_the_pass_that_the_fault_names(make_stage: MakeStage, number: int, step: int) -> None:
    stage = make_stage(spec(faults=[{"kind": "clock-step", "in_pass": 1, "seconds": -90}]))
    stage.begin_pass(number, PERIOD)
    assert (CLOCK.step, CLOCK.now) == (step, PERIOD)
    assert [result["seconds"] for _, _, result in told(stage, "fault")] == ([-90] if step else [])


def test_from_the_healed_pass_on_nothing_strikes(make_stage: MakeStage) -> None:
    faults = [{"kind": "errno", "times": 9}, {"kind": "sender-error", "times": 9}]
    stage = make_stage(spec(faults=faults, heals_at=1))
    stage.process.begin()
    stage.begin_pass(0, 0)
    assert stage.faults.left
    stage.begin_pass(1, 0)
    assert not stage.faults.left
    assert stage.sender.flush()


def test_a_slow_sender_lets_time_pass(make_stage: MakeStage) -> None:
    stage = make_stage(spec(faults=[{"kind": "sender-slow", "seconds": 2.5}]))
    stage.process.begin()
    stage.listener.begin_pass()
    stage.sender.enqueue_event(EVENT)
    assert CLOCK.now == 2.5 * SECOND


# --- what is declared -----------------------------------------------------------------------------------------------------


def test_what_is_declared_and_does_not_hold_is_told_once(stage: Stage) -> None:
    declared = Declared(stage, {"notices": True, "ledger": True})
    for capability in ("notices", "ledger", "notices"):
        declared.miss(capability, "why")
    assert [result["name"] for _, _, result in told(stage, "capability")] == ["notices", "ledger"]


@pytest.mark.parametrize("capabilities", [{}, {"notices": False}])
def test_what_is_not_declared_is_not_missed(stage: Stage, capabilities: dict[str, bool]) -> None:
    Declared(stage, capabilities).miss("notices", "why")
    assert told(stage) == []
