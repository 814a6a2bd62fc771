"""Passes that pause: what happens at a pause, and who may act there."""

from __future__ import annotations

import os
from typing import Any

import pytest

from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.base.units import EPOCH
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.runner.schedule import Schedule
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.subjects.program import messages
from etp_kit.simulator.subjects.program.streams import Broken
from etp_kit.simulator.world.clock import CLOCK

from .saying import DONE, EVENT, Says, made, passes, refused
from .staged import FILE, actor, told

PAUSE = messages.Pause(type="pause")
NAP = messages.Pause(type="pause", seconds=1.5)
NEXT_FILE = EVENT.model_copy(update={"key": ("Ext", "2.json", 0)})
OTHER = EVENT.model_copy(update={"key": ("Other", "1.json", 0)})


class TestPauses:
    """``stage``: a writer waits for the pass with a step in Ext's directory."""

    @pytest.fixture
    def stage(self, real: Stage) -> Stage:
        real.perform("0:Ext", Step(0, "write", FILE, b"{}"))
        real.recorder.records.clear()
        step = Step(0, "write", "log/Ext/events/9.json", b"[]", during=True)
        real.listener.schedule = Schedule((actor(steps=(step,)),), Draw(0), real.perform)
        real.listener.schedule.before_pass(CLOCK.now)
        return real

    @staticmethod
    def acts(stage: Stage, program: Says, **capabilities: Any) -> list[str]:
        """What happened, in its order: acts of writers, calls, and what else is told."""
        told_now = made(stage, program, pause=True, **capabilities)
        return [(result or {}).get("act") or (result or {}).get("call") or op for op, _, result in told_now]

    def test_it_is_told_to_pause_where_it_declares_that(self, real: Stage) -> None:
        told_to, not_told = Says(DONE), Says(DONE)
        passes(real, told_to, pause=True)
        passes(real, not_told)
        assert (told_to.pauses, not_told.pauses) == (True, False)

    def test_its_own_waits_stay_what_they_are(self, real: Stage) -> None:
        program = Says(DONE, settings=["retry_delay"])
        passes(real, program, pause=True)
        assert program.asked == [("start", {})]

    def test_a_step_falls_into_a_pause_of_its_directory(self, stage: Stage) -> None:
        assert self.acts(stage, Says(EVENT, *[PAUSE] * 50, DONE)) == ["offered", "open", "deliver", "write"]

    def test_none_falls_into_a_pause_before_its_directory_was_begun(self, stage: Stage) -> None:
        assert self.acts(stage, Says(OTHER, *[PAUSE] * 50, DONE)) == ["offered", "open", "deliver"]

    def test_at_a_wait_every_writer_may_act(self, stage: Stage) -> None:
        assert self.acts(stage, Says(*[NAP] * 20, DONE)).count("write") == 1

    def test_what_it_did_by_then_is_told_before_the_step_and_what_it_does_later_after_it(self, stage: Stage) -> None:
        later = "log/Ext/events/9.json"
        first, second = (lambda path=path: os.unlink(stage.world.full(path)) for path in (FILE, later))
        program = Says(first, EVENT, *[PAUSE] * 50, second, DONE)
        assert self.acts(stage, program) == ["offered", "open", "deliver", "unlink", "write", "unlink"]
        assert [path for op, path, result in told(stage, "call") if result["call"] == "unlink"] == [FILE, later]

    def test_its_files_keep_their_times_over_a_pause_and_new_ones_are_as_old(self, stage: Stage) -> None:
        seen = []

        def look() -> None:
            seen.append({one.name: one.stat().st_mtime_ns for one in os.scandir(stage.world.full("log/Ext/events"))})

        made(stage, Says(look, EVENT, *[PAUSE] * 50, look, DONE), pause=True)
        first, second = seen
        assert second["1.json"] == first["1.json"] == second["9.json"]  # both were written at 0

    def test_after_the_pass_times_are_virtual_again(self, stage: Stage) -> None:
        made(stage, Says(EVENT, *[PAUSE] * 50, DONE), pause=True)
        for name in ("1.json", "9.json"):
            assert os.stat(stage.world.full(f"log/Ext/events/{name}")).st_mtime_ns == EPOCH

    def test_a_wait_is_virtual_time(self, real: Stage) -> None:
        before = CLOCK.now
        assert made(real, Says(NAP, DONE), pause=True)[1:] == [("call", "", {"call": "sleep", "ns": 1_500_000_000})]
        assert CLOCK.now - before == 1_500_000_000

    def test_one_that_waits_for_ever_is_ended(self, real: Stage) -> None:
        program = Says(*[messages.Pause(type="pause", seconds=3_000)] * 2, DONE)
        assert passes(real, program, pause=True).make("extension")
        assert (program.asked[-1], told(real, "pass-end")[0][2]["end"]) == ("kill", "time-up")

    @pytest.mark.parametrize(
        "answers",
        [
            [EVENT, EVENT, PAUSE, NEXT_FILE, PAUSE],
            [EVENT, PAUSE, OTHER],
            [refused("error"), PAUSE, NEXT_FILE],
        ],
        ids=["once a file", "none after the last", "after one that was refused"],
    )
    def test_one_that_pauses_between_files_keeps_what_it_declares(self, real: Stage, answers: list[Any]) -> None:
        assert not passes(real, Says(*answers, DONE), pause=True).make("extension")

    @pytest.mark.parametrize("following", [NEXT_FILE, OTHER], ids=["file", "extension"])
    def test_one_that_goes_on_without_a_pause_does_not(self, real: Stage, following: messages.Event) -> None:
        with pytest.raises(Broken, match="declares pause, and made none between") as caught:
            passes(real, Says(EVENT, following, DONE), pause=True).make("extension")
        assert caught.value.kind == "protocol"
