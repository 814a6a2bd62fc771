"""A view tells each record by its kind, and lists what its readers ask for."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from etp_kit.simulator.core.entries import (
    MAKERS,
    BrokenPromise,
    Call,
    Changed,
    Crashed,
    Emitted,
    Entry,
    Escape,
    Flush,
    HandedOver,
    LogRecord,
    Notice,
    Offered,
    PassBegun,
    PassEnded,
    PassReport,
    RunMade,
    ServiceAsked,
    Struck,
    Tree,
    WriterStep,
)
from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.core.records import OPS
from etp_kit.simulator.core.view import View, in_order

RUN = {"delivery": "at-most-once"}
END = {"kind": "extension", "end": "returned", "leaked": 0}
NOTICE = {"kind": "quota", "extension": "Ext", "reason": None, "count": 1}
#: op -> (path, result, the entry after i, t and pass). A restart is nothing that anybody asks for.
TOLD: dict[str, tuple[str, Any, Any]] = {
    "run": ("", RUN, RunMade(0, 7, 3, RUN)),
    "pass-begin": ("", {"kind": "agent"}, PassBegun(0, 7, 3, "agent")),
    "pass-end": ("", END, PassEnded(0, 7, 3, END)),
    "step": (
        "a", {"act": "rename", "to": "b", "bytes": 2, "mtime": 5, "labels": [], "errno": "EPERM"},
        WriterStep(0, 7, 3, "who", "rename", "a", "b", 2, 5, [], "EPERM", False),
    ),
    "call": ("a", {"call": "unlink", "errno": "EPERM", "seen": True}, Call(0, 7, 3, "unlink", "a", "EPERM", 0, True)),
    "offered": ("log/Ext/events", None, Offered(0, 7, 3, "log/Ext/events")),
    "deliver": ("", {"key": None, "values": []}, HandedOver(0, 7, 3, {"key": None, "values": []})),
    "flush": ("", {"confirmed": True}, Flush(0, 7, 3, True)),
    "notice": ("", NOTICE, Notice(0, 7, 3, NOTICE)),
    "emit": ("", NOTICE, Emitted(0, 7, 3, NOTICE)),
    "ledger": ("", {"Ext": {"read": 1}}, PassReport(0, 7, 3, {"Ext": {"read": 1}})),
    "capability": ("", {"name": "n", "problem": "p"}, BrokenPromise(0, 7, 3, "n", "p")),
    "log": ("", {"level": "INFO"}, LogRecord(0, 7, 3, {"level": "INFO"})),
    "fault": ("a", {"kind": "errno"}, Struck(0, 7, 3, "errno", "a", None)),
    "service": ("", {"do": "stop"}, ServiceAsked(0, 7, 3, {"do": "stop"})),
    "changed": ("", {"when": "after", "what": ["w"]}, Changed(0, 7, 3, "after", ["w"])),
    "crash": ("", {}, Crashed(0, 7, 3)),
    "escape": ("/etc", {"event": "open"}, Escape(0, 7, 3, "open", "/etc")),
    "tree": ("", [["a", "file", 1]], Tree(0, 7, 3, [["a", "file", 1]])),
}  # fmt: skip


def view(*records: tuple[str, str, Any] | tuple[str, str, Any, int]) -> View:
    """Records of op, path, result and pass (0)."""
    return View(
        History(
            Record(i, number, "who", op, path, result)
            for i, (op, path, result, *rest) in enumerate(records)
            for number in (rest or [0])
        )
    )


def test_each_kind_of_record_has_its_entry() -> None:
    assert {*MAKERS, "step", "call", "restart"} == {*OPS}
    assert {type(entry) for _, _, entry in TOLD.values()} == {*get_args(Entry)}


@pytest.mark.parametrize("op", TOLD)
def test_an_entry_tells_what_its_record_holds(op: str) -> None:
    path, result, entry = TOLD[op]
    found = View(History([Record(7, 3, "who", op, path, result)]))
    assert found.entries == [entry]
    assert found.of(type(entry)) == [entry]


def test_what_a_step_leaves_out_is_nothing_and_its_time_is_its_own() -> None:
    (step,) = view(("step", "a", {"act": "mkdir"})).steps
    assert step == WriterStep(0, 0, 0, "who", "mkdir", "a", "", 0, 0, None, "", False)


def test_nobody_asks_for_a_restart() -> None:
    assert view(("restart", "", None)).entries == []


def test_steps_that_failed_are_no_steps_that_were_taken() -> None:
    found = view(("step", "a", {"act": "mkdir", "errno": "EEXIST"}), ("step", "b", {"act": "mkdir"}))
    assert [step.path for step in found.steps] == ["b"]
    assert len(found.of(WriterStep)) == 2


def test_a_step_is_within_a_pass_from_its_beginning_to_its_end() -> None:
    step = ("step", "a", {"act": "mkdir"})
    found = view(
        step,
        ("pass-begin", "", {"kind": "agent"}),
        ("flush", "", {"confirmed": True}),
        step,
        ("pass-end", "", END),
        step,
    )
    assert [one.is_within for one in found.steps] == [False, True, False]


CALLS = view(
    ("call", "1", {"call": "open"}),
    ("call", "2", {"call": "unlink"}),
    ("call", "3", {"call": "open", "errno": "ENOENT"}),
    ("call", "4", {"call": "sleep", "ns": 9}, 1),
    ("call", "5", {"call": "unlink", "errno": "ENOENT"}),
    ("call", "6", {"call": "unlink", "errno": "EPERM"}),
)  # fmt: skip


@pytest.mark.parametrize(
    ("names", "called", "done"),
    [
        (("open",), "13", "1"),
        (("unlink",), "256", "2"),
        (("unlink", "open"), "12356", "12"),
        (("rmdir",), "", ""),
    ],
)
def test_calls_are_asked_for_by_name_and_come_in_order(names: tuple[str, ...], called: str, done: str) -> None:
    assert "".join(call.path for call in CALLS.called(*names)) == called
    assert "".join(call.path for call in CALLS.done(*names)) == done


def test_of_calls_that_only_look_no_entry_is_made_unasked() -> None:
    assert [entry.i for entry in CALLS.entries] == [1, 4, 5]


def test_what_was_removed_refused_and_waited_for() -> None:
    assert [call.path for call in CALLS.removals] == ["2"]
    assert [call.path for call in CALLS.refused_removals] == ["6"]
    assert CALLS.waits == {1}


def test_passes_are_crashed_disturbed_or_not_confirmed() -> None:
    asked = (("flush", "", {"confirmed": said}, number) for number, said in ((3, False), (4, True)))
    found = view(("crash", "", {}, 1), ("fault", "", {"kind": "sender-stop"}, 2), *asked)
    assert (found.crashed, found.disturbed, found.unconfirmed) == ({1}, {1, 2}, {3})
    assert [fault.kind for fault in found.faults] == ["sender-stop"]


def test_passes_whose_sender_could_not_be_asked_are_mute() -> None:
    found = view(("fault", "", {"kind": "sender-mute"}, 1), ("fault", "", {"kind": "sender-error"}, 2))
    assert found.mute == {1}


def test_the_last_pass_is_the_highest_that_began() -> None:
    assert view().last_pass == -1
    assert view(*[("pass-begin", "", {"kind": "agent"}, number) for number in (0, 1)]).last_pass == 1


def test_a_pass_over_extension_events_has_what_was_opened_and_logged_in_it() -> None:
    log, opened = ("log", "", {"level": "INFO"}), ("call", "a", {"call": "open"})
    found = view(log, ("pass-begin", "", {"kind": "agent"}), opened, ("pass-end", "", END),
                 ("pass-begin", "", {"kind": "extension"}), log, opened, ("pass-end", "", END), log)  # fmt: skip
    assert {number: [one.i for one in entries] for number, entries in found.extension_passes.items()} == {
        0: [4, 5, 6, 7]
    }
    assert found.log == found.of(LogRecord)


def test_lists_are_read_as_one_in_order_of_the_history() -> None:
    assert [call.path for call in in_order(CALLS.called("sleep"), CALLS.called("open", "unlink"))] == [*"123456"]
