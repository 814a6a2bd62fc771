"""Passes of an object in this process: whatever it does ends in a record."""

from __future__ import annotations

import contextlib
import os
from typing import Any

import pytest

from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.runner import built_passes
from etp_kit.simulator.runner.built_passes import BuiltPasses, passes_begun
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.subjects import Broken
from etp_kit.simulator.world.clock import CLOCK

from .conftest import MakeStage
from .staged import PERIOD, loaded, mkdir, scenario, spec, told


class Mine:
    """A collector whose pass is a function of its log dir and sender."""

    def __init__(self, log_dir: str, agent_events_dir: str, sender: Any) -> None:
        self.log_dir, self.sender = log_dir, sender

    def collect(self) -> Any:
        return None


def passes(stage: Stage, collect: Any, **capabilities: Any) -> BuiltPasses:
    """The passes of a collector with this ``collect``, built."""
    made = BuiltPasses(stage, loaded(stage, **capabilities))
    made.start(type("Its", (Mine,), {"collect": collect}))
    return made


def ends(stage: Stage) -> list[Any]:
    return [result for _, _, result in told(stage, "pass-end")]


def test_a_pass_is_told_from_its_begin_to_its_end(stage: Stage) -> None:
    died = passes(stage, lambda self: os.listdir(self.log_dir) and None).make("extension")
    assert told(stage) == [
        ("pass-begin", "", {"kind": "extension"}),
        ("call", "log", {"call": "listdir"}),
        ("pass-end", "", {"kind": "extension", "end": "returned", "leaked": 0}),
    ]
    assert not died


def test_a_pass_that_takes_the_run_itself_away_is_no_end_of_a_pass(stage: Stage) -> None:
    with pytest.raises(Broken, match="changed the records of its run"):
        passes(stage, lambda _: stage.recorder.records.clear()).make("extension")


@pytest.mark.usefixtures("attended")
def test_the_users_own_interrupt_is_no_end_of_a_pass(stage: Stage) -> None:
    def collect(self: Mine) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        passes(stage, collect).make("extension")


def test_an_error_that_leaves_it_is_told_by_its_type_and_kept_for_who_mends_it(stage: Stage) -> None:
    def collect(self: Mine) -> None:
        raise KeyError("mine")

    assert not passes(stage, collect).make("extension")
    assert ends(stage)[0]["end"] == "raised KeyError"
    assert stage.ear.said().raised[0].error == "KeyError: 'mine'"


def test_one_that_waits_for_ever_has_used_up_its_time(stage: Stage) -> None:
    assert passes(stage, lambda self: CLOCK.on_sleep(PERIOD * 100)).make("extension") is False
    assert ends(stage)[0]["end"] == "time-up"


def test_one_that_blocks_is_told_as_that(stage: Stage) -> None:
    stage.perform("0:Ext", Step(0, "mkfifo", "log/pipe"))
    made = passes(stage, lambda self: os.open(f"{self.log_dir}/pipe", os.O_RDONLY))
    assert made.make("extension")
    assert ends(stage)[0]["end"] == "would-block"


def test_what_the_kit_does_not_model_is_told_as_that(stage: Stage) -> None:
    assert passes(stage, lambda self: os.open(self.log_dir, os.O_TMPFILE | os.O_RDWR)).make("extension")
    assert ends(stage)[0]["end"] == "not-modelled"


CRASH = spec(faults=[{"kind": "crash", "call": "listdir"}])


def test_a_crash_ends_the_process(make_stage: MakeStage) -> None:
    stage = make_stage(CRASH)
    assert passes(stage, lambda self: os.listdir(self.log_dir)).make("extension")
    assert [op for op, _, _ in told(stage)] == ["pass-begin", "crash", "pass-end"]
    assert ends(stage)[0]["end"] == "crash"


def test_a_process_that_swallows_its_death_is_dead_all_the_same(make_stage: MakeStage) -> None:
    def collect(self: Mine) -> dict[str, Any]:
        with contextlib.suppress(BaseException):
            os.listdir(self.log_dir)
        return {"ledger": {}}

    stage = make_stage(CRASH)
    assert passes(stage, collect).make("extension")
    assert ends(stage)[0]["end"] == "crash"


def test_descriptors_that_are_left_open_are_counted(stage: Stage) -> None:
    kept: list[int] = []
    passes(stage, lambda self: kept.append(os.open(self.log_dir, os.O_RDONLY))).make("extension")
    assert ends(stage)[0]["leaked"] == 1


def test_those_of_a_dead_process_are_closed(make_stage: MakeStage) -> None:
    def collect(self: Mine) -> None:
        os.open(self.log_dir, os.O_RDONLY)
        os.listdir(self.log_dir)

    stage = make_stage(CRASH)
    passes(stage, collect).make("extension")
    assert ends(stage)[0]["leaked"] == 1
    assert not stage.process.seam.descriptors


# --- what it reports ------------------------------------------------------------------------------------------------------

NOTICE = {"kind": "size", "extension": "Ext", "reason": None, "count": 1, "text": "t"}


def test_its_report_is_told_after_its_calls(stage: Stage) -> None:
    def collect(self: Mine) -> dict[str, Any]:
        os.listdir(self.log_dir)
        return {"notices": [NOTICE], "ledger": {"Ext": {"collected": 1}}}

    passes(stage, collect).make("extension")
    assert [op for op, _, _ in told(stage)] == ["pass-begin", "call", "notice", "ledger", "pass-end"]


@pytest.mark.parametrize(
    ("kind", "report", "missed"),
    [
        ("extension", None, ["ledger", "notices"]),
        ("extension", {"ledger": {}, "notices": []}, []),
        ("extension", {"ledger": {}, "notices": [{"kind": "nonsense"}]}, ["notices"]),
        ("agent", {"notices": []}, []),
    ],
)
def test_what_is_declared_and_not_in_the_report_is_missed(
    stage: Stage, kind: Any, report: Any, missed: list[str]
) -> None:
    made = BuiltPasses(stage, loaded(stage, notices=True, ledger=True))
    made.start(type("Its", (Mine,), {f"collect{'_agent_events' if kind == 'agent' else ''}": lambda self: report}))
    made.make(kind)
    assert [result["name"] for _, _, result in told(stage, "capability")] == missed


def test_a_pass_that_raised_owes_no_report(stage: Stage) -> None:
    def collect(self: Mine) -> None:
        raise KeyError

    passes(stage, collect, notices=True, ledger=True).make("extension")
    assert told(stage, "capability") == []


# --- beside it ------------------------------------------------------------------------------------------------------------


def test_a_pass_over_agent_events_is_another_function(stage: Stage) -> None:
    made = BuiltPasses(stage, loaded(stage))
    made.start(type("Its", (Mine,), {"collect_agent_events": lambda self: self.sender.flush() and None}))
    made.make("agent")
    assert [op for op, _, _ in told(stage)] == ["pass-begin", "flush", "pass-end"]


@pytest.mark.parametrize("has", [True, False])
def test_whether_it_takes_agent_events_is_asked_of_it(stage: Stage, has: bool) -> None:
    made = BuiltPasses(stage, loaded(stage))
    made.start(type("Its", (Mine,), {"collect_agent_events": Mine.collect} if has else {}))
    assert made.takes_agent_events() is has


def test_an_escape_of_the_pass_is_told(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(built_passes, "take_escapes", lambda: [("socket.connect", "127.0.0.1")])
    passes(stage, Mine.collect).make("extension")
    assert told(stage)[1] == ("escape", "127.0.0.1", {"event": "socket.connect"})


def test_what_a_pass_changes_around_it_is_told(make_stage: MakeStage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ETP_PART", "before")
    stage = make_stage(spec(scenario=scenario(clauses=["run.guest"])))
    passes(stage, lambda self: os.environ.update(ETP_PART="after")).make("extension")
    assert [result["when"] for _, _, result in told(stage, "changed")] == ["by a pass"]


def test_only_what_is_weighed_is_measured(make_stage: MakeStage) -> None:
    for weighed in (False, True):
        stage = make_stage(spec(weighed=weighed))
        passes(stage, Mine.collect).make("extension")
        assert len(stage.costs) == weighed


def test_passes_of_this_process_are_counted(stage: Stage) -> None:
    before = passes_begun()
    passes(stage, Mine.collect).make("extension")
    assert passes_begun() == before + 1


def test_each_pass_has_a_budget_of_its_own(stage: Stage) -> None:
    made = passes(stage, lambda self: CLOCK.on_sleep(PERIOD * 8))
    for _ in range(3):
        made.make("extension")
    assert {end["end"] for end in ends(stage)} == {"returned"}


def test_a_step_that_is_meant_for_the_pass_is_of_the_writers(stage: Stage) -> None:
    """The collector's calls and the writers' steps stand under their own names."""
    stage.perform("0:Ext", mkdir())
    passes(stage, lambda self: os.listdir(self.log_dir) and None).make("extension")
    assert [one.actor for one in stage.recorder.history] == ["0:Ext", "kit", "collector", "kit"]
