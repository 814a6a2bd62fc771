"""The sender: what it takes is in the history, and it misbehaves as the faults say."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from etp_kit.simulator.runner.ear import Ear
from etp_kit.simulator.runner.recorder import Recorder
from etp_kit.simulator.runner.sender import RecordingSender, ServiceStoppedError
from etp_kit.simulator.scenario.faults import Fault

KEY = ["Ext", "1.json", 0]


def event(**parts: Any) -> Any:
    return SimpleNamespace(key=KEY, eventId=1, providerId="p", file_type="json", parameters=(), **parts)


class Sent:
    """A sender with these faults, and all that it told."""

    def __init__(self, *faults: dict[str, Any]) -> None:
        self.recorder = Recorder(Ear())
        self.points: list[tuple[str, str]] = []
        self.slept: list[float] = []
        self.sender = RecordingSender(
            self.recorder.note,
            [Fault(**fault) for fault in faults],
            self.slept.append,
            lambda label, when: self.points.append((label, when)),
            lambda: ["Ext", "assumed.json", 3],
        )

    def outcome(self, one: Any = None) -> str:
        try:
            self.sender.enqueue_event(one or event())
        except (ServiceStoppedError, RuntimeError) as error:
            return type(error).__name__
        return "taken"

    def told(self) -> list[tuple[str, Any]]:
        return [(one.op, one.result) for one in self.recorder.history]


def test_an_event_that_is_taken_is_told_and_counted() -> None:
    sent = Sent()
    assert sent.outcome() == "taken"
    ((op, result),) = sent.told()
    assert (op, result["key"], sent.sender.accepted) == ("deliver", KEY, 1)


def test_an_event_without_a_key_is_of_the_place_that_was_read_last() -> None:
    sent = Sent()
    sent.outcome(SimpleNamespace(**{**vars(event()), "key": None}))
    assert sent.told()[0][1]["key"] == ["Ext", "assumed.json", 3]


def test_each_delivery_and_flush_is_a_point_before_and_after() -> None:
    sent = Sent()
    sent.outcome()
    sent.sender.flush()
    assert sent.points == [("deliver", "before"), ("deliver", "after"), ("flush", "before"), ("flush", "after")]


@pytest.mark.parametrize(
    ("fault", "outcomes"),
    [
        ({"kind": "sender-stop", "nth": 2}, ["taken", "ServiceStoppedError", "ServiceStoppedError"]),
        ({"kind": "sender-mute", "nth": 2}, ["taken", "RuntimeError", "RuntimeError"]),
        ({"kind": "sender-error", "nth": 2}, ["taken", "RuntimeError", "taken"]),
        ({"kind": "sender-error", "in_pass": 1}, ["taken", "taken", "taken"]),
        ({"kind": "sender-down", "in_pass": 0}, ["taken", "taken", "taken"]),
        ({"kind": "flush-error"}, ["taken", "taken", "taken"]),
        ({"kind": "errno"}, ["taken", "taken", "taken"]),
    ],
)
def test_a_fault_strikes_its_delivery(fault: dict[str, Any], outcomes: list[str]) -> None:
    sent = Sent(fault)
    assert [sent.outcome() for _ in range(3)] == outcomes


@pytest.mark.parametrize("kind", ["sender-stop", "sender-mute", "sender-error"])
def test_an_event_that_is_refused_is_told_by_its_place_alone(kind: str) -> None:
    sent = Sent({"kind": kind})
    sent.outcome()
    assert sent.told() == [("fault", {"kind": kind, "key": KEY})]


def test_a_slow_delivery_is_taken_in_the_end() -> None:
    sent = Sent({"kind": "sender-slow", "seconds": 2})
    assert (sent.outcome(), sent.slept) == ("taken", [2])
    assert [op for op, _ in sent.told()] == ["fault", "deliver"]


def test_a_mute_sender_does_not_even_say_whether_it_is_stopped() -> None:
    sent = Sent({"kind": "sender-mute"})
    sent.outcome()
    with pytest.raises(RuntimeError):
        sent.sender.stopped()


@pytest.mark.parametrize("kind", ["sender-stop", "sender-mute"])
def test_in_the_next_pass_it_serves_again(kind: str) -> None:
    sent = Sent({"kind": kind})
    sent.outcome()
    sent.sender.start_again()
    assert (sent.sender.is_stopped(), sent.outcome()) == (False, "taken")


def test_a_healed_sender_takes_all() -> None:
    sent = Sent({"kind": "sender-error", "times": 9})
    sent.sender.heal()
    assert sent.outcome() == "taken"


@pytest.mark.parametrize(("number", "outcome"), [(0, "taken"), (1, "RuntimeError")])
def test_a_fault_of_a_pass_strikes_in_that_pass(number: int, outcome: str) -> None:
    sent = Sent({"kind": "sender-error", "in_pass": 1})
    sent.sender.pass_number = number
    assert sent.outcome() == outcome


def test_a_flush_confirms() -> None:
    sent = Sent()
    assert sent.sender.flush()
    assert sent.told() == [("flush", {"confirmed": True})]


def test_a_flush_that_cannot_confirm_says_so_or_raises() -> None:
    said, raised = Sent({"kind": "flush-error", "said": True}), Sent({"kind": "flush-error"})
    assert said.sender.flush() is False
    with pytest.raises(RuntimeError):
        raised.sender.flush()
    assert said.told() == raised.told() == [("flush", {"confirmed": False})]


def test_only_the_flush_that_the_fault_names_fails() -> None:
    sent = Sent({"kind": "flush-error", "nth": 2, "said": True})
    assert [sent.sender.flush() for _ in range(3)] == [True, False, True]


def test_it_is_recognised_by_the_names_that_collectors_know() -> None:
    assert ServiceStoppedError.__name__ == "ServiceStoppedError"
    assert Sent().sender.get_thread_name() == "SendTelemetryHandler"
