"""Passes of a program, as its answers tell them. What it said is a list here; no process runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.opcode_names import opcode_name
from etp_kit.simulator.core.parameters import PARAMETER_NAMES
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.runner.outside import Outside
from etp_kit.simulator.runner.program_passes import ProgramPasses
from etp_kit.simulator.runner.stage import Stage
from etp_kit.simulator.subjects.program import messages
from etp_kit.simulator.subjects.program.streams import Broken

from .conftest import MakeStage
from .saying import COUNTED, DONE, EVENT, NOTICE, Says, flush, made, passes, refused
from .staged import AGENT_FILE, FILE, loaded, spec, told


def test_what_it_is_offered_is_told_first(real: Stage) -> None:
    assert made(real, Says(DONE)) == [("offered", "log/Ext/events", None)]


def test_a_pass_over_agent_events_is_offered_their_directory(real: Stage) -> None:
    assert made(real, Says(DONE), "agent") == [("offered", "lib/events", None)]


def test_a_directory_that_is_a_link_is_not_offered(real: Stage) -> None:
    real.perform("0:Ext", Step(0, "rmdir", "log/Ext/events"))
    real.perform("0:Ext", Step(0, "symlink", "log/Ext/events", to="@/outside"))
    real.recorder.records.clear()
    assert made(real, Says(DONE)) == []


def test_where_the_sender_is_down_nothing_is_offered_and_the_script_says_so(real: Stage) -> None:
    real.sender.stop()
    program = Says(DONE)
    assert made(real, program) == []
    assert program.asked[1][1].down


@pytest.mark.parametrize(
    ("answer", "op", "result"),
    [
        (refused("stop"), "fault", {"kind": "sender-stop", "key": ["Ext", "1.json", 0]}),
        (refused("error"), "fault", {"kind": "sender-error", "key": ["Ext", "1.json", 0]}),
        (flush(confirmed=False), "flush", {"confirmed": False}),
    ],
)
def test_an_answer_is_told_as_the_kits_own_sender_tells_it(real: Stage, answer: Any, op: str, result: Any) -> None:
    assert made(real, Says(answer, DONE))[1:] == [(op, "", result)]


def test_an_event_is_a_delivery(real: Stage) -> None:
    ((op, _, result),) = made(real, Says(EVENT, DONE))[1:]
    assert (op, result["key"]) == ("deliver", ["Ext", "1.json", 0])


def test_what_is_no_answer_to_a_pass_is_the_conversations_to_refuse(real: Stage) -> None:
    assert made(real, Says(messages.Started(type="started"), DONE))[1:] == []


def test_a_flush_that_is_confirmed_is_told_as_it_decides_what_may_be_removed(real: Stage) -> None:
    assert made(real, Says(flush(confirmed=True), DONE))[1:] == [("flush", "", {"confirmed": True})]


def test_what_it_did_to_its_directories_is_told_as_calls_that_were_seen(real: Stage) -> None:
    real.perform("0:Ext", Step(0, "write", FILE, b"{}"))
    real.recorder.records.clear()
    remove = lambda: os.unlink(real.world.full(FILE))  # noqa: E731 - one line says it
    assert made(real, Says(DONE, does=remove))[1:] == [("call", FILE, {"call": "unlink", "seen": True})]


def test_what_it_prints_is_a_log_record_and_heard(real: Stage) -> None:
    program = Says(DONE)
    program.lines = ["of Ext"]
    ((op, _, result),) = made(real, program)[1:]
    assert (op, result["extensions"]) == ("log", ["Ext"])
    assert real.ear.said().lines[0].text == "of Ext"


@pytest.mark.parametrize(
    ("answers", "kind", "missed"),
    [
        ([COUNTED], "extension", []),
        ([DONE], "extension", ["ledger"]),
        ([DONE], "agent", []),
        ([messages.Notice(type="notice", kind="nonsense"), COUNTED], "extension", ["notices"]),
    ],
)
def test_what_is_declared_and_not_told_is_missed(real: Stage, answers: list[Any], kind: str, missed: list[str]) -> None:
    told_now = made(real, Says(*answers), kind, ledger=True, notices=True)
    assert [result["name"] for op, _, result in told_now if op == "capability"] == missed


def test_its_notices_and_its_ledger_are_told(real: Stage) -> None:
    assert [op for op, _, _ in made(real, Says(NOTICE, COUNTED))[1:]] == ["notice", "ledger"]


@pytest.mark.parametrize(("path", "leaked"), [("log/Ext/events", 1), ("log", 0)])
def test_descriptors_that_it_holds_of_events_are_counted(real: Stage, path: str, leaked: int) -> None:
    descriptor = os.open(real.world.full(path), os.O_RDONLY)
    try:
        made(real, Says(DONE))
    finally:
        os.close(descriptor)
    assert told(real, "pass-end")[0][2]["leaked"] == leaked


# --- crashes --------------------------------------------------------------------------------------------------------------

CRASH = [{"kind": "crash", "call": "deliver"}]


def test_a_crash_kills_it_at_a_delivery_and_what_it_said_by_then_counts(make_stage: MakeStage) -> None:
    stage = make_stage(spec("real", faults=CRASH))
    program = Says(EVENT, EVENT, DONE, late=[EVENT])
    assert passes(stage, program).make("extension")
    assert [op for op, _, _ in told(stage)] == ["pass-begin", "deliver", "deliver", "crash", "pass-end"]
    assert told(stage, "pass-end")[0][2]["end"] == "crash"
    assert program.asked[-1] == "kill"


def test_it_dies_at_a_flush_as_well(make_stage: MakeStage) -> None:
    stage = make_stage(spec("real", faults=[{"kind": "crash", "call": "flush"}]))
    assert passes(stage, Says(EVENT, flush(confirmed=True), DONE)).make("extension")
    assert told(stage, "crash")[0][2] == {"call": "flush", "when": "after"}


def test_one_that_is_dead_makes_no_further_pass_until_it_begins_again(make_stage: MakeStage) -> None:
    stage = make_stage(spec("real", faults=CRASH))
    program = Says(EVENT, DONE)
    one = passes(stage, program)
    assert one.make("agent")
    assert one.make("extension")
    assert [asked[0] for asked in program.asked if isinstance(asked, tuple)] == ["start", "agent"]
    one.start(Says(EVENT, DONE))
    assert not one.make("extension")


@pytest.mark.parametrize(("faults", "narrow"), [(CRASH, True), ([], False)])
def test_one_that_is_to_die_is_kept_from_running_ahead(make_stage: MakeStage, faults: list[Any], narrow: bool) -> None:
    program = Says(DONE)
    passes(make_stage(spec("real", faults=faults)), program)
    assert ("narrow" in program.asked) is narrow


# --- times ----------------------------------------------------------------------------------------------------------------


def at(microsecond: int, second: int = 0) -> str:
    """A time of the day on which runs begin, as collectors tell it."""
    return f"2026-01-05T00:00:{second:02}.{microsecond:06}Z"


def delivered(stage: Stage, path: str, shape: Any, key: tuple[str, str, int]) -> dict[str, Any]:
    """What the history tells of an event in a file that was written at 5 s and 7 us of the run.

    ``shape``: its parameters, from the time that the program tells of the file.
    """
    stage.perform("0:Ext", Step(0, "write", path, b"{}", mtime=5 * SECOND + 7_000))

    class Asked(Says):
        def collect(self, kind: str, script: messages.Script) -> Iterator[messages.Answer]:
            seen = os.stat(stage.world.full(path)).st_mtime_ns // 1_000
            yield EVENT.model_copy(update={"key": key, "parameters": shape(opcode_name(seen))})

    passes(stage, Asked()).make("agent" if not key[0] else "extension")
    ((_, _, result),) = told(stage, "deliver")
    return dict(zip(result.get("names", PARAMETER_NAMES), result["values"], strict=True))


def common(time: str) -> list[messages.Parameter]:
    return [messages.Parameter(name=name, value=time if name == "OpcodeName" else "") for name in PARAMETER_NAMES]


def test_the_time_of_a_file_is_told_in_virtual_time(real: Stage) -> None:
    assert delivered(real, FILE, common, ("Ext", "1.json", 0))["OpcodeName"] == at(7, second=5)


def test_where_its_clock_is_the_kits_a_time_is_told_as_it_is(
    real: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Outside, "shift_of", lambda *_: None)
    assert delivered(real, FILE, lambda _: common(at(3)), ("Ext", "1.json", 0))["OpcodeName"] == at(3)


def test_so_is_the_time_that_a_legacy_agent_event_got_of_its_file(real: Stage) -> None:
    def legacy(time: str) -> list[messages.Parameter]:
        return [messages.Parameter(name="Name", value="n"), messages.Parameter(name="OpcodeName", value=time)]

    assert delivered(real, AGENT_FILE, legacy, ("", "1.tld", 0)) == {"Name": "n", "OpcodeName": at(7, second=5)}


@pytest.mark.parametrize("value", [at(3), "noon", 7])
def test_a_time_that_the_event_brought_stays_what_it_is(real: Stage, value: Any) -> None:
    its_own = lambda _: [messages.Parameter(name="OpcodeName", value=value)]  # noqa: E731 - one line says it
    assert delivered(real, AGENT_FILE, its_own, ("", "1.tld", 0)) == {"OpcodeName": value}


# --- scripts --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "answers", "what"),
    [
        ({"kind": "sender-stop"}, [EVENT], "its sender was to stop at event 1 of the pass, and took 1"),
        ({"kind": "sender-mute"}, [EVENT], "its sender was to fall silent at event 1 of the pass, and took 1"),
        ({"kind": "sender-error"}, [EVENT], "its sender was to fail at event 1 of the pass, and did so 0 times"),
        (
            {"kind": "flush-error"},
            [flush(confirmed=True)],
            "was to leave unconfirmed flush 1 of the pass, and did so 0",
        ),
    ],
    ids=["stop", "mute", "error", "flush"],
)
def test_a_script_that_is_not_followed_is_a_broken_protocol(
    make_stage: MakeStage, fault: dict[str, Any], answers: list[Any], what: str
) -> None:
    stage = make_stage(spec("real", faults=[fault]))
    with pytest.raises(Broken, match=what) as caught:
        passes(stage, Says(*answers, DONE)).make("extension")
    assert caught.value.kind == "protocol"


@pytest.mark.parametrize(
    ("fault", "answers"),
    [
        ({"kind": "sender-stop"}, [refused("stop")]),
        ({"kind": "sender-stop", "nth": 2}, [EVENT]),
        ({"kind": "sender-mute"}, [refused("mute")]),
        ({"kind": "sender-error"}, [refused("error"), EVENT]),
        ({"kind": "flush-error"}, [flush(confirmed=False)]),
        ({"kind": "flush-error"}, []),
    ],
    ids=["stop", "not so far", "mute", "error", "flush", "no flush"],
)
def test_a_script_that_is_followed_is_none(make_stage: MakeStage, fault: dict[str, Any], answers: list[Any]) -> None:
    stage = make_stage(spec("real", faults=[fault]))
    assert not passes(stage, Says(*answers, DONE)).make("extension")


def test_a_sender_that_stopped_in_a_pass_is_down_in_the_one_of_the_other_kind(make_stage: MakeStage) -> None:
    program = Says(refused("stop"), DONE)
    one = passes(make_stage(spec("real", faults=[{"kind": "sender-stop"}])), program)
    one.make("agent")
    one.make("extension")
    assert [asked[1].down for asked in program.asked[1:]] == [False, True]


def test_a_sender_that_fell_silent_in_a_pass_is_silent_in_the_one_of_the_other_kind(make_stage: MakeStage) -> None:
    program = Says(refused("mute"), DONE)
    one = passes(make_stage(spec("real", faults=[{"kind": "sender-mute"}])), program)
    one.make("agent")
    program.answers = [DONE]
    one.make("extension")
    assert [asked[1].mute_at for asked in program.asked[1:]] == [1, 0]


def test_a_healed_one_has_no_script(make_stage: MakeStage) -> None:
    program = Says(EVENT, DONE)
    one = passes(make_stage(spec("real", faults=[{"kind": "sender-error"}])), program)
    one.heal()
    one.make("extension")
    assert program.asked[-1][1].raise_at == ()


def test_the_life_of_its_thread_is_taken_as_a_pass_is_and_its_log_is_heard(make_stage: MakeStage) -> None:
    stage, program = make_stage(spec("real")), Says(EVENT, DONE)
    one = passes(stage, program)
    program.lines = ["its log"]
    assert one.serve() == "returned"
    assert [op for op, _, _ in told(stage)] == ["deliver", "log"]


def test_it_has_a_family_once_it_was_started(make_stage: MakeStage) -> None:
    stage = make_stage(spec("real"))
    known = loaded(stage)
    waiting = ProgramPasses(stage, known, Outside(stage, known))
    assert waiting.family() == []
    waiting.start(Says(DONE))
    assert waiting.family() == [os.getpid()]


# --- its life -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("settings", "wanted"), [(["retry_delay"], {"retry_delay": 0}), ([], {})])
def test_one_that_can_wait_for_torn_files_does_not(real: Stage, settings: list[str], wanted: dict[str, Any]) -> None:
    program = Says(DONE, settings=settings)
    passes(real, program)
    assert program.asked == [("start", wanted)]


def test_a_new_process_takes_the_place_of_the_old_one(real: Stage) -> None:
    first, second = Says(DONE), Says(DONE)
    one = passes(real, first)
    one.start(second)
    assert first.asked[-1] == "close"
    assert second.asked == [("start", {})]


def test_it_is_stopped_after_the_last_pass_and_closed_with_the_run(real: Stage) -> None:
    program = Says(DONE)
    with real.exits:
        passes(real, program).stop()
        program.lines = ["last"]
    assert program.asked[1:] == ["stop", "close"]
    assert real.ear.said().lines[0].text == "last"


def test_a_run_that_ends_before_it_was_started_closes_nothing(real: Stage) -> None:
    with real.exits:
        known = loaded(real)
        one = ProgramPasses(real, known, Outside(real, known))
        one.stop()
        assert not one.takes_agent_events()


@pytest.mark.parametrize("declared", [True, False])
def test_it_takes_agent_events_if_it_says_so(real: Stage, declared: bool) -> None:
    assert passes(real, Says(agent_events=declared)).takes_agent_events() is declared
