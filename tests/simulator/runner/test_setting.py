"""Where a run begins: its world, its clock and zone, its plan, and the directories that are there.
"""

from __future__ import annotations

import os
import time

import pytest

from etp_kit.simulator.base.errors import BadInput
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.runner.schedule import OneStep, Schedule
from etp_kit.simulator.runner.setting import FreshWorld, make_directories
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.scenario.variants import Errno, Interleave
from etp_kit.simulator.world.clock import CLOCK

from .conftest import MakeStage
from .staged import actor, loaded, scenario, spec, told

SETTING = FreshWorld()
ATTACKED = scenario(actor=[{"handler": "Bad", "role": "attacker"}, {"handler": "Ext", "role": "bystander"}])


def paths(stage: Stage) -> list[str]:
    return [entry[0] for entry in stage.world.tree()]


def test_time_begins_anew(stage: Stage) -> None:
    CLOCK.advance(7)
    CLOCK.step_wall(7)
    SETTING.open(stage)
    assert (CLOCK.now, CLOCK.step) == (0, 0)


def test_the_world_is_emptied(stage: Stage) -> None:
    empty = paths(stage)
    stage.world.kernel.function("mkdir")(stage.world.full("log/left"))
    SETTING.open(stage)
    assert paths(stage) == empty


@pytest.mark.parametrize(
    ("keys", "gone"), [({"log_dir": "late"}, "log"), ({"agent_events_dir": "missing"}, "lib/events")]
)
def test_a_directory_that_the_scenario_leaves_out_is_not_there(
    make_stage: MakeStage, keys: dict[str, str], gone: str
) -> None:
    stage = make_stage(spec(scenario=scenario(**keys)))
    SETTING.open(stage)
    assert gone not in paths(stage)


def test_the_host_is_in_the_zone_of_the_scenario_meanwhile(
    make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TZ", raising=False)
    stage = make_stage(spec(scenario=scenario(timezone="NST3:30")))
    with SETTING.around(stage):
        assert time.timezone == 3.5 * 3600
    assert "TZ" not in os.environ


def test_attackers_are_planned_unless_they_do_not_exist(make_stage: MakeStage) -> None:
    for without, handlers in ((False, ["Bad", "Ext"]), (True, ["Ext"])):
        stage = make_stage(spec(scenario=ATTACKED, without_attackers=without))
        assert [one.handler for one in SETTING.planned(stage, Limits()).actors] == handlers


# --- who goes next --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variant", "kind"), [(None, Schedule), (Errno(1, "EIO"), Schedule), (Interleave(0, 0, 1), OneStep)], ids=str
)
def test_one_step_is_placed_where_the_variant_says_so(make_stage: MakeStage, variant, kind: type) -> None:
    stage = make_stage(spec(variant=variant))
    assert type(SETTING.scheduled(stage, SETTING.planned(stage, Limits()))) is kind


@pytest.mark.parametrize("variant", [Interleave(9, 0, 1), Interleave(0, 999, 1)], ids=str)
def test_a_step_that_the_scenario_does_not_have_is_bad_input(make_stage: MakeStage, variant: Interleave) -> None:
    stage = make_stage(spec(variant=variant))
    with pytest.raises(BadInput, match=f"^--variant {variant}: the scenario has no such step$"):
        SETTING.scheduled(stage, SETTING.planned(stage, Limits()))


# --- directories ----------------------------------------------------------------------------------------------------------

OWN = ["log", "log/Ext", "log/Ext/events"]


@pytest.mark.parametrize(
    ("actors", "made"),
    [
        ((actor(),), OWN[1:]),
        ((actor(), actor("1:Ext")), OWN[1:]),
        ((actor(present=False),), []),
        ((actor(), actor("1:Ext", present=False)), []),
        ((actor(agent_events=True),), []),
        ((actor(agent_events=True), actor("1:Ext")), OWN[1:]),
        ((), []),
    ],
    ids=["one", "two of one name", "not yet there", "one of two not yet", "the agent's own", "both", "nobody"],
)
def test_the_agent_makes_the_directories_of_those_that_are_there(stage: Stage, actors, made: list[str]) -> None:
    make_directories(stage, loaded(stage, actors=actors))
    assert [path for _, path, _ in told(stage, "step")] == made


def test_a_log_dir_that_comes_late_is_made_first(make_stage: MakeStage) -> None:
    stage = make_stage(spec(scenario=scenario(log_dir="late")))
    make_directories(stage, loaded(stage, actors=(actor(),)))
    assert [path for _, path, _ in told(stage, "step")] == OWN


@pytest.mark.parametrize(("log_dir", "made"), [("present", 2), ("link", 2), ("late", 0)])
def test_directories_are_there_at_the_beginning_unless_they_come_late(
    make_stage: MakeStage, log_dir: str, made: int
) -> None:
    stage = make_stage(spec(scenario=scenario(log_dir=log_dir)))
    SETTING.furnish(stage, loaded(stage, actors=(actor(),)))
    assert len(told(stage, "step")) == made
