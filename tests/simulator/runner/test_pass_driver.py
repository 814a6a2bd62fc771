"""Passes in their order, whatever makes them; and what follows a crash."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from typing import Any

import pytest

from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.core.history import KIT
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.runner.pass_driver import PassDriver
from etp_kit.simulator.runner.schedule import Schedule
from etp_kit.simulator.runner.stage import Loaded, Stage
from etp_kit.simulator.world.clock import CLOCK
from etp_kit.simulator.world.signals import Killed

from .conftest import MakeStage
from .staged import PERIOD, actor, loaded, mkdir, scenario, spec, told

AGENT = (actor(agent_events=True),)


class Maker:
    """Makes no pass; tells what it was asked for."""

    def __init__(self, stage: Stage, crashes: Sequence[int] = (), dies: int = 0, agent: bool = True) -> None:
        self.stage = stage
        self.asked: list[Any] = []
        self._crashes = crashes
        self._dies = dies
        self._agent = agent

    def start(self, factory: Any) -> None:
        self.asked.append(("start", factory))
        self._dies -= 1
        if self._dies >= 0:
            raise Killed

    def takes_agent_events(self) -> bool:
        return self._agent

    def make(self, kind: str) -> bool:
        number = self.stage.recorder.pass_number
        self.asked.append((kind, number))
        return kind == "extension" and number in self._crashes

    def heal(self) -> None:
        self.asked.append("heal")

    def stop(self) -> None:
        self.asked.append("stop")


def planned(stage: Stage, *steps: Step) -> None:
    """The steps of one writer."""
    stage.listener.schedule = Schedule((actor(steps=steps),), Draw(0), stage.perform)


def driven(stage: Stage, of: Loaded | None = None, **maker: Any) -> list[Any]:
    """What a maker is asked for."""
    made: list[Maker] = []

    def make(on: Stage, _: Loaded) -> Maker:
        made.append(Maker(on, **maker))
        return made[0]

    PassDriver(make).drive(stage, of or loaded(stage, "loaded"))
    return made[0].asked


def test_it_is_started_makes_each_pass_and_is_stopped(stage: Stage) -> None:
    assert driven(stage) == [("start", "loaded"), ("extension", 0), ("extension", 1), "stop"]


def test_each_pass_begins_at_its_time_with_what_was_written_until_then(stage: Stage) -> None:
    planned(stage, mkdir(at=PERIOD + 1))
    driven(stage)
    assert CLOCK.now == 2 * PERIOD
    assert [(one.op, one.pass_number) for one in stage.recorder.history] == [("step", 1)]


def test_a_crash_is_followed_by_a_new_process_that_is_loaded_anew(make_stage: MakeStage) -> None:
    stage = make_stage(factory="fresh")
    asked = driven(stage, crashes=[0])
    assert asked == [("start", "loaded"), ("extension", 0), ("start", "fresh"), ("extension", 1), "stop"]
    assert told(stage) == [("restart", "", None)]


@pytest.mark.parametrize("dies", [1, 3])
def test_a_crash_while_it_is_built_is_followed_by_another_build(make_stage: MakeStage, dies: int) -> None:
    stage = make_stage(factory="fresh")
    asked = driven(stage, dies=dies)
    assert asked[: dies + 2] == [("start", "loaded"), *[("start", "fresh")] * dies, ("extension", 0)]
    assert told(stage) == [("restart", "", None)] * dies


# --- agent events ---------------------------------------------------------------------------------------------------------


def test_a_pass_over_agent_events_comes_first(stage: Stage) -> None:
    asked = driven(stage, loaded(stage, actors=AGENT))
    assert asked[1:-1] == [("agent", 0), ("extension", 0), ("agent", 1), ("extension", 1)]


def test_it_is_made_where_their_directory_is_missing_too(make_stage: MakeStage) -> None:
    assert ("agent", 0) in driven(make_stage(spec(scenario=scenario(agent_events_dir="missing"))))


def test_one_that_takes_none_has_not_what_it_declares(stage: Stage) -> None:
    asked = driven(stage, loaded(stage, actors=AGENT, agent_events=True), agent=False)
    assert asked[1:-1] == [("extension", 0), ("extension", 1)]
    assert told(stage) == [("capability", "", {"name": "agent_events", "problem": "has no collect_agent_events()"})]


# --- what comes on the way ------------------------------------------------------------------------------------------------


def test_a_makers_faults_are_healed_before_the_healed_pass(make_stage: MakeStage) -> None:
    assert driven(make_stage(spec(heals_at=1))) == [
        ("start", "loaded"),
        ("extension", 0),
        "heal",
        ("extension", 1),
        "stop",
    ]


def test_late_directories_come_after_the_first_pass(make_stage: MakeStage) -> None:
    stage = make_stage(spec(scenario=scenario(log_dir="late")))
    driven(stage, loaded(stage, actors=(actor(),)))
    assert [(one.path, one.pass_number) for one in stage.recorder.history] == [
        ("log", 0), ("log/Ext", 0), ("log/Ext/events", 0),
    ]  # fmt: skip


def test_a_step_of_the_pass_that_found_no_call_comes_before_the_next_process_is_built(stage: Stage) -> None:
    planned(stage, mkdir(at=1, during=True))
    driven(stage, crashes=[0])
    assert [op for op, _, _ in told(stage)] == ["step", "restart"]


def test_what_is_logged_meanwhile_is_heard(stage: Stage) -> None:
    class Logging(Maker):
        def make(self, kind: str) -> bool:
            logging.getLogger("mine").error("of Ext")
            return False

    PassDriver(lambda on, _: Logging(on)).drive(stage, loaded(stage, actors=(actor(),)))
    assert [result["extensions"] for _, _, result in told(stage, "log")] == [["Ext"], ["Ext"]]


def test_the_header_is_the_makers() -> None:
    assert PassDriver(lambda on, _: Maker(on), {"lacking": [KIT]}).header == {"lacking": [KIT]}
