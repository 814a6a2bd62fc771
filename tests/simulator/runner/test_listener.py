"""What hears the seam: budgets, refusals, the writers' chances, and where an event was read."""

from __future__ import annotations

import errno
from typing import Any

import pytest

from etp_kit.simulator.base.random_stream import Draw
from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.runner import listener as listeners
from etp_kit.simulator.runner.schedule import OneStep
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.world.clock import CLOCK
from etp_kit.simulator.world.signals import TimeUp

from .conftest import MakeStage
from .staged import AGENT_FILE, FILE, actor, mkdir, spec, told


@pytest.mark.parametrize(
    ("number", "result"),
    [
        (0, {"call": "stat"}),
        (errno.ENOENT, {"call": "stat", "errno": "ENOENT"}),
        (99_999, {"call": "stat", "errno": "EIO"}),
    ],
)
def test_a_call_is_told_with_its_error(stage: Stage, number: int, result: dict[str, str]) -> None:
    stage.listener.after("stat", FILE, number)
    assert told(stage) == [("call", FILE, result)]


# --- budgets --------------------------------------------------------------------------------------------------------------


def test_a_pass_has_a_budget_of_calls(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "MOST_CALLS", 2)
    stage.listener.before("stat", FILE)
    stage.listener.before("stat", FILE)
    with pytest.raises(TimeUp):
        stage.listener.before("stat", FILE)
    assert told(stage) == [("call", FILE, {"call": "stat", "errno": "TOO-MANY"})]


def test_each_pass_has_its_own(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "MOST_CALLS", 1)
    stage.listener.before("stat", FILE)
    stage.listener.begin_pass()
    stage.listener.before("stat", FILE)


def test_a_run_has_a_budget_of_records(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listeners, "MOST_RECORDS", 1)
    stage.listener.after("stat", FILE, 0)
    stage.listener.before("stat", FILE)
    stage.listener.after("stat", FILE, 0)
    with pytest.raises(TimeUp):
        stage.listener.before("stat", FILE)


def test_a_pass_has_a_budget_of_virtual_time(stage: Stage) -> None:
    stage.listener.begin_pass()
    stage.listener.sleep(listeners.LONGEST_PASS)
    with pytest.raises(TimeUp):
        stage.listener.sleep(1)


def test_a_sleep_is_told_and_takes_its_time(stage: Stage) -> None:
    stage.listener.begin_pass()
    stage.listener.sleep(SECOND)
    assert told(stage) == [("call", "", {"call": "sleep", "ns": SECOND})]
    assert CLOCK.now == SECOND


# --- what the kernel refuses ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("label", "path", "refused"),
    [
        ("unlink", FILE, True),
        ("rmdir", FILE, True),
        ("rename", f"{FILE} -> log/Ext/events/2.json", True),
        ("rename", f"log/Ext/events/2.json -> {FILE}", False),
        ("open", FILE, False),
        ("unlink", "log/Ext/events/2.json", False),
    ],
)
def test_what_is_immutable_is_not_removed(stage: Stage, label: str, path: str, refused: bool) -> None:
    stage.world.immutable.add(FILE)
    if not refused:
        stage.listener.before(label, path)
        return
    with pytest.raises(PermissionError) as caught:
        stage.listener.before(label, path)
    assert caught.value.errno == errno.EPERM


@pytest.mark.parametrize(("label", "refused"), [("open", True), ("stat", False), ("unlink", False)])
def test_what_nobody_may_read_is_not_opened(stage: Stage, label: str, refused: bool) -> None:
    stage.world.unreadable.add(FILE)
    if not refused:
        stage.listener.before(label, FILE)
        return
    with pytest.raises(PermissionError) as caught:
        stage.listener.before(label, FILE)
    assert caught.value.errno == errno.EACCES


# --- chances of the writers -----------------------------------------------------------------------------------------------


def placed(stage: Stage, point: int) -> None:
    """The only step falls before this point of the pass that begins now."""
    stage.listener.schedule = OneStep((actor(steps=(mkdir(),)),), (0,), (0, 0), point, stage.perform)
    stage.listener.schedule.before_pass(0)


def test_a_writer_acts_before_the_call(stage: Stage) -> None:
    placed(stage, point=2)
    for _ in range(2):
        stage.listener.before("stat", FILE)
        stage.listener.after("stat", FILE, 0)
    assert [op for op, _, _ in told(stage)] == ["call", "step", "call"]


def test_a_writer_acts_before_a_fault_strikes_there(make_stage: MakeStage) -> None:
    stage = make_stage(spec(faults=[{"kind": "errno"}]))
    placed(stage, point=1)
    with pytest.raises(OSError, match=r".") as caught:
        stage.listener.before("stat", FILE)
    assert caught.value.errno == errno.EIO
    assert [op for op, _, _ in told(stage)] == ["step", "fault", "call"]


def test_a_writer_acts_while_the_collector_sleeps(stage: Stage) -> None:
    placed(stage, point=1)
    stage.listener.begin_pass()
    stage.listener.sleep(1)
    assert [op for op, _, _ in told(stage)] == ["call", "step"]


def test_a_listing_comes_in_the_order_that_the_seed_draws(make_stage: MakeStage) -> None:
    names = [str(number) for number in range(30)]
    orders = [make_stage().listener.order(names[:]) for _ in range(2)]
    expected = names[:]
    Draw(0, "listing").shuffle(expected)
    assert orders == [expected, expected]
    assert expected != names


def test_reads_are_shortened_by_the_faults(make_stage: MakeStage) -> None:
    listener = make_stage(spec(faults=[{"kind": "short-read"}])).listener
    assert [listener.shorten(FILE, 8), listener.shorten(FILE, 8)] == [4, 8]


# --- where an event was read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "keys"),
    [
        (FILE, [["Ext", "1.json", 0], ["Ext", "1.json", 1]]),
        (AGENT_FILE, [["", "1.tld", 0], ["", "1.tld", 0]]),
        ("log/Ext/1.json", [None, None]),
        ("log/Ext/events/sub/1.json", [None, None]),
        ("outside/1.json", [None, None]),
    ],
)
def test_an_event_is_assumed_of_the_file_that_was_opened_last(stage: Stage, path: str, keys: list[Any]) -> None:
    stage.listener.after("open", path, 0)
    assert [stage.listener.last_read(), stage.listener.last_read()] == keys


def test_a_file_that_is_opened_again_begins_anew(stage: Stage) -> None:
    stage.listener.after("open", FILE, 0)
    stage.listener.last_read()
    stage.listener.after("open", FILE, 0)
    assert stage.listener.last_read() == ["Ext", "1.json", 0]


@pytest.mark.parametrize(("label", "number"), [("open", errno.EACCES), ("stat", 0)])
def test_a_file_that_was_not_opened_is_none(stage: Stage, label: str, number: int) -> None:
    stage.listener.after("open", FILE, 0)
    stage.listener.after(label, "log/Ext/events/2.json", number)
    assert stage.listener.last_read() == ["Ext", "1.json", 0]


def test_before_any_file_there_is_no_key(stage: Stage) -> None:
    assert stage.listener.last_read() is None
