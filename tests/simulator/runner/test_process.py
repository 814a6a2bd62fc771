"""The collector's process: its seam from each build to its end, and what is otherwise around it."""

from __future__ import annotations

import os
import resource
import sys
import threading
from typing import Any

import pytest

from etp_kit.simulator.runner.schedule import OneStep
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.subjects import Broken
from etp_kit.simulator.world import seam as seams
from etp_kit.simulator.world.signals import Killed

from .conftest import MakeStage
from .staged import actor, mkdir, scenario, spec, told

CRASH = {"kind": "crash", "call": "deliver"}
GUEST = spec(scenario=scenario(clauses=["run.guest"]))


def test_what_is_called_within_passes_the_seam_and_nothing_else_does(stage: Stage) -> None:
    stage.process.begin()
    stage.process.call(os.stat, stage.world.root)
    os.stat("/")
    assert [result["call"] for _, _, result in told(stage, "call")] == ["stat"]


def test_the_seam_is_left_by_an_error_too(stage: Stage) -> None:
    stage.process.begin()
    with pytest.raises(KeyError):
        stage.process.call({}.__getitem__, 0)
    assert seams.entered() is None


def test_what_is_weighed_in_the_real_world_is_not_heard(make_stage: MakeStage) -> None:
    stage = make_stage(spec("real", weighed=True))
    stage.process.begin()
    stage.process.call(os.stat, stage.world.root)
    assert told(stage) == []


def test_a_new_process_has_a_seam_of_its_own(stage: Stage) -> None:
    stage.process.begin()
    before = stage.process.seam
    before.die(Killed)
    stage.process.begin()
    assert stage.process.seam is not before
    assert not stage.process.seam.dead


def _hooked(*_: object) -> None:
    raise RuntimeError("the collector's hook")


@pytest.mark.parametrize("module", [sys, threading])
@pytest.mark.parametrize("name", ["settrace", "setprofile"])
def test_a_hook_that_raises_ends_with_its_call(make_stage: MakeStage, module: Any, name: str) -> None:
    stage = make_stage(GUEST)
    stage.process.begin()
    look = stage.process.look()
    before = sys.gettrace(), sys.getprofile(), threading.gettrace(), threading.getprofile()
    stage.process.call(getattr(module, name), _hooked)
    assert (sys.gettrace(), sys.getprofile(), threading.gettrace(), threading.getprofile()) == before
    assert seams.entered() is None
    stage.process.compare(look, "by a pass")
    assert [result["what"] for _, _, result in told(stage, "changed")] == [["the interpreter's hooks"]]


def test_a_limit_is_given_back(make_stage: MakeStage) -> None:
    stage = make_stage(GUEST)
    stage.process.begin()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    look = stage.process.look()
    stage.process.call(resource.setrlimit, resource.RLIMIT_NOFILE, (0, hard))
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (soft, hard)
    stage.process.compare(look, "by a pass")
    assert [result["what"] for _, _, result in told(stage, "changed")] == [["the process's limits and ids"]]


def test_a_limit_that_nobody_can_raise_again_ends_the_run(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = make_stage(GUEST)
    stage.process.begin()
    had = resource.getrlimit(resource.RLIMIT_NOFILE)

    def refuse(*_: object) -> None:
        raise ValueError("not allowed to raise maximum limit")

    def lower() -> None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (had[0] - 1, had[1]))
        monkeypatch.setattr(resource, "setrlimit", refuse)

    with pytest.raises(Broken, match="for good, what it may use: RLIMIT_NOFILE is"):
        stage.process.call(lower)
    monkeypatch.undo()
    resource.setrlimit(resource.RLIMIT_NOFILE, had)


def test_a_child_that_comes_back_from_a_call_ends_there(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    ended: list[int] = []
    stage.process.begin()
    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.setattr(os, "getpid", lambda: 1)
    stage.process.call(int)
    assert ended == [0]


def test_records_that_the_collector_took_out_are_its_failure(stage: Stage) -> None:
    stage.process.begin()
    stage.note("kit", "restart", "", None)
    with pytest.raises(Broken, match="changed the records of its run"):
        stage.process.call(stage.recorder.records.clear)


# --- around it ------------------------------------------------------------------------------------------------------------


def test_nobody_looks_where_the_scenario_is_about_something_else(stage: Stage) -> None:
    stage.process.begin()
    look = stage.process.look()
    stage.process.compare(look, "by a pass")
    assert (look, told(stage)) == (None, [])


def test_what_is_otherwise_is_told_by_name_and_put_back(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETP_PART", "before")
    stage = make_stage(GUEST)
    stage.process.begin()
    look = stage.process.look()
    os.environ["ETP_PART"] = "after"
    stage.process.compare(look, "by a pass", threads=False)
    ((_, _, result),) = told(stage, "changed")
    assert result["when"] == "by a pass"
    assert "the environment" in result["what"]
    assert os.environ["ETP_PART"] == "before"


def test_a_process_that_stays_as_it_was_is_not_told(make_stage: MakeStage) -> None:
    stage = make_stage(GUEST)
    stage.process.begin()
    stage.process.compare(stage.process.look(), "by a pass", threads=False)
    assert told(stage) == []


def test_of_a_process_that_died_nothing_is_left_to_compare(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = make_stage(GUEST)
    stage.process.begin()
    look = stage.process.look()
    monkeypatch.setenv("ETP_PART", "after")
    stage.process.seam.die(Killed)
    stage.process.compare(look, "by a pass", threads=False)
    assert told(stage) == []


# --- at the sender --------------------------------------------------------------------------------------------------------


def test_a_dead_process_delivers_nothing(stage: Stage) -> None:
    stage.process.begin()
    stage.process.seam.die(Killed)
    with pytest.raises(Killed):
        stage.process.at_sender("deliver", "before")


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_crash_at_a_delivery_kills_the_process(make_stage: MakeStage, when: str) -> None:
    stage = make_stage(spec(faults=[{**CRASH, "when": when}]))
    stage.process.begin()
    with pytest.raises(Killed):
        stage.process.at_sender("deliver", when)
    assert stage.process.seam.signal is Killed
    assert told(stage) == [("crash", "", {"call": "deliver", "when": when})]


def test_a_delivery_that_no_fault_matches_goes_on(make_stage: MakeStage) -> None:
    stage = make_stage(spec(faults=[CRASH]))
    stage.process.begin()
    stage.process.at_sender("flush", "before")
    assert not stage.process.seam.dead


@pytest.mark.parametrize(("when", "steps"), [("before", 1), ("after", 0)])
def test_a_writer_may_act_before_a_delivery_and_not_after_it(stage: Stage, when: str, steps: int) -> None:
    stage.listener.schedule = OneStep((actor(steps=(mkdir(),)),), (0,), (0, 0), 1, stage.perform)
    stage.listener.schedule.before_pass(0)
    stage.process.begin()
    stage.process.at_sender("deliver", when)
    assert len(told(stage, "step")) == steps
