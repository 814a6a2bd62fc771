"""Passes over directories that are there already: time and writers go on from where they stood."""

from __future__ import annotations

import os

from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.runner.visit import Visit
from etp_kit.simulator.world.clock import CLOCK

from .staged import PERIOD, actor, loaded, mkdir, told

BEGIN = 7 * SECOND
WRITER = actor(steps=(mkdir(at=BEGIN),))


def test_time_goes_on_from_where_the_test_stands(stage: Stage) -> None:
    CLOCK.advance(1)
    Visit((), BEGIN).open(stage)
    assert CLOCK.now == BEGIN


def test_what_lies_there_is_left_as_it_is(stage: Stage) -> None:
    stage.perform("0:Ext", mkdir())
    before = stage.world.tree()
    visit = Visit((WRITER,), BEGIN)
    visit.open(stage)
    visit.furnish(stage, loaded(stage, actors=(WRITER,)))
    assert stage.world.tree() == before


def test_the_first_pass_is_now_and_each_other_a_period_later(stage: Stage) -> None:
    plan = Visit((WRITER,), BEGIN).planned(stage, Limits())
    assert (plan.pass_times, plan.actors) == ((BEGIN, BEGIN + PERIOD), (WRITER,))


def test_steps_that_are_left_are_taken(stage: Stage) -> None:
    visit = Visit((WRITER,), BEGIN)
    schedule = visit.scheduled(stage, visit.planned(stage, Limits()))
    schedule.before_pass(BEGIN)
    assert [path for _, path, _ in told(stage, "step")] == ["log/Ext"]


def test_the_process_of_the_test_stays_as_it_is(stage: Stage) -> None:
    before = dict(os.environ)
    with Visit((), BEGIN).around(stage):
        assert dict(os.environ) == before
