"""A run as a whole: who drives it, how its history begins and ends, and what it leaves behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.runner import heard
from etp_kit.simulator.runner.built_passes import BuiltPasses
from etp_kit.simulator.runner.pass_driver import PassDriver
from etp_kit.simulator.runner.program_service import ProgramServiceDriver
from etp_kit.simulator.runner.run import Run, driver_of, run
from etp_kit.simulator.runner.service_driver import ServiceDriver
from etp_kit.simulator.runner.setting import FreshWorld
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.stage import Loaded, Stage
from etp_kit.simulator.subjects import Broken
from etp_kit.simulator.subjects.program.subject import ProgramSubject
from etp_kit.simulator.subjects.subject import Subject
from etp_kit.simulator.world import escape
from etp_kit.simulator.world import seam as seams
from etp_kit.simulator.world.clock import CLOCK
from etp_kit.simulator.world.files import install_files
from etp_kit.simulator.world.hooks import install_seam
from etp_kit.simulator.world.signals import LostWorld
from etp_kit.simulator.world.world import FakeWorld

from .staged import scenario, spec, subject

SERVICE = spec(scenario=scenario(service=True))


class Mine:
    """A collector that lists its log dir."""

    capabilities: ClassVar[dict[str, Any]] = {"quota": 7, "settings": ["emit"]}

    def __init__(self, log_dir: str, agent_events_dir: str, sender: Any, emit: Any = None) -> None:
        self.log_dir, self.emit = log_dir, emit

    def collect(self) -> None:
        os.listdir(self.log_dir)


@pytest.fixture(autouse=True)
def hooks() -> Iterator[None]:
    install_seam()
    install_files()
    yield
    CLOCK.reset()
    seams.enter_seam(None)
    escape.stop_watching()


@pytest.mark.parametrize("step", ["open", "furnish"])
def test_a_world_that_is_lost_is_the_collectors_doing(step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """When it is set up, for what an earlier run left there, and later."""

    def lose(*_: object) -> None:
        raise LostWorld("the world was removed")

    monkeypatch.setattr(FreshWorld, step, lose)
    with pytest.raises(Broken, match="the world was removed"):
        Run(spec(), subject(Mine), FakeWorld()).execute()


@pytest.mark.parametrize(
    ("of", "kind"),
    [(spec(), PassDriver), (SERVICE, ServiceDriver), (spec(scenario=SERVICE.scenario, pass_by_pass=True), PassDriver)],
    ids=["passes", "service", "service, pass by pass"],
)
def test_a_service_is_driven_unless_passes_are_asked_for(of: RunSpec, kind: type) -> None:
    driver = driver_of(of, subject())
    assert (type(driver), dict(driver.header)) == (kind, {})


@pytest.mark.parametrize(
    ("why", "declared", "header"),
    [
        (
            "--hooks off",
            {},
            {
                "lacking": ["hooks", "process", "virtual_time", "steps", "waits"],
                "unheard": "--hooks off",
                "slack": 20 * SECOND,
                "confirmed_by": "line",
            },
        ),
        (
            "--hooks off",
            {"pause": True, "sender": ["flush"]},
            {"lacking": ["hooks", "process", "virtual_time"], "unheard": "--hooks off", "slack": 20 * SECOND},
        ),
        ("", {}, {"lacking": ["process"], "slack": 0, "confirmed_by": "line"}),
        ("", {"sender": ["flush"]}, {"lacking": ["process"], "slack": 0}),
    ],
    ids=["from outside", "paused", "heard", "held to its flush"],
)
def test_a_program_is_driven_pass_by_pass_and_its_history_says_what_it_lacks(
    monkeypatch: pytest.MonkeyPatch, why: str, declared: dict[str, Any], header: dict[str, Any]
) -> None:
    monkeypatch.setattr(ProgramSubject, "capabilities", declared)
    monkeypatch.setattr(ProgramSubject, "is_heard", not why)
    monkeypatch.setattr(ProgramSubject, "unheard", why)
    monkeypatch.setattr(heard, "clock_is_had", lambda: True)
    driver = driver_of(spec(), ProgramSubject("cmd:true"))
    assert isinstance(driver, PassDriver)
    assert driver.header == header


@pytest.mark.parametrize(
    ("of", "kind"),
    [(SERVICE, ProgramServiceDriver), (spec(scenario=SERVICE.scenario, pass_by_pass=True), PassDriver)],
    ids=["service", "service, pass by pass"],
)
def test_the_service_of_a_program_is_driven_unless_passes_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, of: RunSpec, kind: type
) -> None:
    monkeypatch.setattr(ProgramSubject, "capabilities", {})
    monkeypatch.setattr(ProgramSubject, "unheard", "")
    monkeypatch.setattr(heard, "clock_is_had", lambda: True)
    driver = driver_of(of, ProgramSubject("cmd:true"))
    assert (type(driver), driver.header["lacking"]) == (kind, ["process"])


def test_a_history_begins_with_how_the_run_is_made_and_ends_with_what_lies_there() -> None:
    history = run(spec(), subject(Mine), FakeWorld())
    first, *_, last = history
    assert (first.op, last.op) == ("run", "tree")
    assert first.result["subject"] == "py:mine:make"
    assert first.result["capabilities"] == {"quota": 7}
    assert first.result["limits"]["quota"] == 7
    assert first.result["hosted"] == ["emit"]
    assert first.result["actors"] == [{"name": "0:Ext", "handler": "Ext", "role": "bystander", "producer": "plain"}]
    assert "log/Ext/events" in {entry[0] for entry in last.result}


def test_the_same_spec_gives_the_same_bytes() -> None:
    assert len({run(spec(), subject(Mine), FakeWorld()).sha256() for _ in range(2)}) == 1


def test_what_the_embedding_agent_is_given_is_told() -> None:
    class Emitting(Mine):
        def collect(self) -> None:
            self.emit(object())

    history = run(spec(), subject(Emitting), FakeWorld())
    assert [one.op for one in history if one.op == "emit"] == ["emit"] * 2


def test_a_setting_that_only_the_kit_can_give_is_in_no_header_where_it_is_not_declared() -> None:
    class Plain(Mine):
        capabilities: ClassVar[dict[str, Any]] = {}

    assert "hosted" not in next(iter(run(spec(), subject(Plain), FakeWorld()))).result


class Failing:
    """A driver that fails as nothing should."""

    header: ClassVar[dict[str, Any]] = {}

    def drive(self, stage: Stage, loaded: Loaded) -> None:
        stage.exits.callback(CLOCK.advance, 1_000)
        raise BadInput("mine")


def test_whichever_way_it_ends_it_is_closed_and_nobody_watches_on(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        Run(spec(), subject(Mine), FakeWorld(), Failing()).execute()
    assert CLOCK.now == 1_000
    assert not escape._watch.on


def test_what_it_leaves_behind_is_asked_of_it() -> None:
    made = Run(spec(weighed=True), subject(Mine), FakeWorld())
    history = made.execute()
    assert made.history is history
    assert len(made.costs) == 2
    assert made.schedule.waiting() == {"0:Ext": []}
    assert not made.has_struck
    assert made.ear.said().lines == ()


def test_a_restarted_collector_is_loaded_again() -> None:
    loads: list[int] = []

    def load() -> type:
        loads.append(1)
        return Mine

    run(spec(faults=[{"kind": "crash", "call": "listdir"}]), Subject("py:mine:make", load), FakeWorld())
    assert len(loads) == 2


@pytest.mark.parametrize("point", [1, 2])
def test_a_crash_at_any_point_of_a_build_is_followed_by_a_process_that_lives(point: int) -> None:
    class Reading(Mine):
        def __init__(self, log_dir: str, *rest: Any, **settings: Any) -> None:
            super().__init__(log_dir, *rest, **settings)
            os.listdir(log_dir)
            os.stat(log_dir)

    history = run(spec(faults=[{"kind": "crash", "nth": point}]), subject(Reading), FakeWorld())
    assert [one.op for one in history if one.op in {"crash", "restart", "pass-end"}] == [
        "crash", "restart", "pass-end", "pass-end",
    ]  # fmt: skip


def test_built_passes_are_the_usual_maker(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[str] = []
    monkeypatch.setattr(BuiltPasses, "make", lambda self, kind: made.append(kind))
    run(spec(), subject(Mine), FakeWorld())
    assert made == ["extension", "extension"]
