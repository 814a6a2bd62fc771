"""Who is to blame where a collector cannot be built: its settings, its place, or itself."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from etp_kit.simulator.base.errors import BadInput, BuildRefused
from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.runner.builder import Builder
from etp_kit.simulator.runner.listener import LONGEST_PASS
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.world.clock import CLOCK
from etp_kit.simulator.world.signals import Killed

from .conftest import MakeStage
from .staged import loaded, scenario, spec, told

#: As a scenario asks for it; every test of settings has them.
QUOTA = spec(scenario=scenario(collector={"quota": 5}))


def builder(stage: Stage, given: dict[str, Any] | None = None, **capabilities: Any) -> Builder:
    return Builder(stage, replace(loaded(stage, **capabilities), settings=given or {}))


def refuses_quota(log_dir: str, agent_dir: str, sender: Any, **settings: Any) -> str:
    if settings:
        raise ValueError("no quota here")
    return "built"


def refuses_this_place(log_dir: str, agent_dir: str, sender: Any, **settings: Any) -> str:
    if log_dir.endswith("/log"):
        raise OSError("not here")
    return "built"


def refuses_everything(*args: Any, **settings: Any) -> str:
    raise KeyError("mine")


def test_the_collector_is_what_the_factory_makes_of_paths_sender_and_settings(stage: Stage) -> None:
    made: Any = builder(stage, {"quota": 5}).build(lambda *args, **settings: (args, settings))
    assert made == (("/world/log", "/world/lib/events", stage.sender), {"quota": 5})


@pytest.mark.usefixtures("attended")
@pytest.mark.parametrize("given", [{}, {"quota": 5}], ids=["at once", "while who is to blame is found out"])
def test_the_users_own_interrupt_is_nobodys_fault(stage: Stage, given: dict[str, Any]) -> None:
    def interrupted(*args: Any, **settings: Any) -> None:
        if settings:
            raise KeyError("mine")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        builder(stage, given).build(interrupted)


def test_what_it_does_while_it_is_built_is_heard(stage: Stage) -> None:
    builder(stage).build(lambda log_dir, *_: os.listdir(log_dir))
    assert [result["call"] for _, _, result in told(stage, "call")] == ["listdir"]


def test_each_build_is_a_process_of_its_own(stage: Stage) -> None:
    one = builder(stage)
    one.build(lambda *_: None)
    first = stage.process.seam
    one.build(lambda *_: None)
    assert stage.process.seam is not first


@pytest.mark.parametrize(
    ("capabilities", "why"),
    [
        ({"settings": ["quota"]}, "which it declares"),
        ({}, "which it takes, as it declares no settings that it is limited to"),
    ],
)
def test_settings_are_to_blame_where_it_is_built_without_them(
    make_stage: MakeStage, capabilities: dict[str, Any], why: str
) -> None:
    with pytest.raises(BuildRefused) as caught:
        builder(make_stage(QUOTA), {"quota": 5}, **capabilities).build(refuses_quota)
    assert str(caught.value) == f"the collector refuses quota=5, {why}: ValueError: no quota here"


def test_a_setting_of_the_kits_own_is_told_by_its_name(stage: Stage) -> None:
    with pytest.raises(BuildRefused, match="refuses emit, which"):
        builder(stage, {"emit": print}).build(refuses_quota)


def test_the_place_is_to_blame_where_it_is_built_elsewhere(stage: Stage) -> None:
    with pytest.raises(BuildRefused, match=r"^the collector cannot be built here: OSError: not here$"):
        builder(stage).build(refuses_this_place)


def test_it_is_to_blame_itself_where_it_is_built_nowhere(make_stage: MakeStage) -> None:
    with pytest.raises(BadInput) as caught:
        builder(make_stage(QUOTA), {"quota": 5}).build(refuses_everything)
    assert str(caught.value).startswith("py:mine:make: could not be built: KeyError: 'mine' (")
    assert f"{Path(__file__).name}, line {refuses_everything.__code__.co_firstlineno + 1})" in str(caught.value)


def test_a_planned_crash_while_it_is_built_blames_nobody(make_stage: MakeStage) -> None:
    stage = make_stage(spec(faults=[{"kind": "crash", "call": "listdir", "path": "log"}]))
    with pytest.raises(Killed):
        builder(stage).build(lambda log_dir, *_: os.listdir(log_dir))


def test_what_ends_its_process_here_alone_is_the_places(stage: Stage) -> None:
    stage.perform("0:Ext", Step(0, "mkfifo", "log/pipe"))
    with pytest.raises(BuildRefused, match="cannot be built here: WouldBlock"):
        builder(stage).build(
            lambda log_dir, *_: [os.open(f"{log_dir}/{name}", os.O_RDONLY) for name in os.listdir(log_dir)]
        )


def test_a_build_has_the_time_of_a_pass(stage: Stage) -> None:
    builder(stage).build(lambda *_: CLOCK.on_sleep(SECOND))
    with pytest.raises(BadInput, match="TimeUp"):
        builder(stage).build(lambda *_: CLOCK.on_sleep(LONGEST_PASS + 1))


def test_its_error_is_kept_for_who_mends_it_and_is_of_no_pass(stage: Stage) -> None:
    with pytest.raises(BuildRefused):
        builder(stage).build(refuses_this_place)
    (raised,) = stage.ear.said().raised
    assert (raised.error, raised.passes) == ("OSError: not here", ())


def test_what_the_build_changed_around_it_is_told(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETP_PART", "before")
    stage = make_stage(spec(scenario=scenario(clauses=["run.guest"])))
    builder(stage).build(lambda *_: os.environ.update(ETP_PART="after"))
    ((_, _, result),) = told(stage, "changed")
    assert result == {"when": "while it was built", "what": ["the environment"]}
