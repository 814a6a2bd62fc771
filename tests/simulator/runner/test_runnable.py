"""What hinders a run of a scenario with a subject, in a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.runner import runnable
from etp_kit.simulator.runner.runnable import hindrance, unreachable
from etp_kit.simulator.subjects.program import hooks
from etp_kit.simulator.subjects.program.subject import ProgramSubject
from etp_kit.simulator.subjects.subject import Subject

from .staged import scenario

UNREADABLE = [{"handler": "Ext", "hazards": [{"kind": "unreadable"}]}]


def declaring(**capabilities: Any) -> Subject:
    made = lambda: None  # noqa: E731 - it carries the capabilities
    made.capabilities = capabilities  # type: ignore[attr-defined] # beside the function
    return Subject("py:mine:make", lambda: made)


def test_nothing_hinders_an_ordinary_run() -> None:
    assert hindrance(scenario(), declaring()) == ""


@pytest.mark.parametrize(
    ("keys", "capabilities", "why"),
    [
        ({"collector": {"quota": 5}}, {"settings": ["quota"]}, ""),
        ({"collector": {"quota": 5}}, {}, ""),
        ({"collector": {"quota": 5}}, {"settings": []}, "the collector offers no quota"),
        ({"service": True}, {"service": True}, ""),
        ({"service": True}, {}, "the collector offers no service"),
        ({"service": True, "collector": {"quota": 5}}, {"settings": []}, "the collector offers no quota, service"),
        ({"timezone": "Asia/Kolkata"}, {}, ""),
    ],
)
def test_what_the_collector_does_not_offer_is_named(
    keys: dict[str, Any], capabilities: dict[str, Any], why: str
) -> None:
    assert hindrance(scenario(**keys), declaring(**capabilities)) == why


def test_a_zone_that_the_machine_does_not_know_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runnable, "is_known", lambda zone: False)
    why = hindrance(scenario(timezone="Asia/Kolkata"), declaring())
    assert why == "this machine has no data of the time zone Asia/Kolkata"


def test_a_program_has_no_calls_to_strike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProgramSubject, "capabilities", {})
    monkeypatch.setattr(hooks, "_asked", "off")
    subject = ProgramSubject("cmd:true")
    assert hindrance(scenario(), subject) == ""
    assert (
        hindrance(scenario(fault=[{"kind": "errno"}]), subject) == "a program has no hooks (errno at one of its calls)"
    )


@pytest.mark.parametrize(
    ("fault", "lacking"),
    [
        ({"kind": "crash", "call": "deliver"}, []),
        ({"kind": "crash"}, []),
        ({"kind": "crash", "call": "open"}, ["hooks (crash at one of its calls)"]),
        ({"kind": "errno"}, ["hooks (errno at one of its calls)"]),
        ({"kind": "short-read"}, ["hooks (short-read at one of its calls)"]),
        ({"kind": "sender-mute"}, ["sender:mute among its capabilities"]),
        ({"kind": "clock-step", "in_pass": 0, "seconds": 1}, ["virtual time (clock-step)"]),
        ({"kind": "sender-slow", "seconds": 1}, ["virtual time (sender-slow)"]),
        ({"kind": "sender-down", "in_pass": 0}, ["sender:down among its capabilities"]),
        ({"kind": "sender-stop"}, ["sender:stop among its capabilities"]),
        ({"kind": "sender-stop", "call": "list"}, ["script for a sender that stops at a call"]),
        ({"kind": "endless"}, ["hooks (endless at one of its calls)"]),
        ({"kind": "sender-error"}, ["sender:raise among its capabilities"]),
        ({"kind": "flush-error"}, ["sender:flush among its capabilities"]),
    ],
    ids=lambda value: value.get("kind") if isinstance(value, dict) else None,
)
def test_what_no_run_of_a_program_can_have_is_named(fault: dict[str, Any], lacking: list[str]) -> None:
    assert unreachable(scenario(fault=[fault, fault]), {}, heard=False) == lacking


@pytest.mark.parametrize(
    "fault", [{"kind": "crash", "call": "open"}, {"kind": "errno"}, {"kind": "short-read"}, {"kind": "endless"}]
)
def test_one_that_is_heard_has_calls(fault: dict[str, Any]) -> None:
    assert unreachable(scenario(fault=[fault], actor=UNREADABLE), {}, heard=True) == []


@pytest.mark.parametrize(("had", "lacking"), [(True, []), (False, ["virtual time (clock-step)"])])
def test_a_clock_is_set_where_the_program_has_the_kits(
    monkeypatch: pytest.MonkeyPatch, had: bool, lacking: list[str]
) -> None:
    monkeypatch.setattr(runnable, "clock_is_had", lambda: had)
    fault = {"kind": "clock-step", "in_pass": 0, "seconds": 1}
    assert unreachable(scenario(fault=[fault]), {}, heard=True) == lacking


def test_what_a_program_declares_of_its_sender_can_be_scripted() -> None:
    assert unreachable(scenario(fault=[{"kind": "sender-stop"}]), {"sender": ["stop"]}, heard=False) == []


@pytest.mark.parametrize(
    ("producer", "declared", "lacking"),
    [
        ("waagent", {"sender": ["stop"], "agent_events": True}, ["sender:down among its capabilities"]),
        ("waagent", {"sender": ["stop", "down"], "agent_events": True}, []),
        ("waagent", {"sender": ["stop"]}, []),
        ("plain", {"sender": ["stop"], "agent_events": True}, []),
    ],
)
def test_a_sender_that_stops_in_one_pass_is_down_in_the_other_of_its_time(
    producer: str, declared: dict[str, Any], lacking: list[str]
) -> None:
    stopped = scenario(fault=[{"kind": "sender-stop"}], actor=[{"handler": "Ext", "producer": producer}])
    assert unreachable(stopped, declared, heard=False) == lacking


BY_THE_CLOCK = "virtual time (it runs the collector's own thread)"


@pytest.mark.parametrize(
    ("heard", "had", "fault", "lacking"),
    [
        (False, True, None, [BY_THE_CLOCK]),
        (True, False, None, [BY_THE_CLOCK]),
        (True, True, None, []),
        (True, True, {"kind": "clock-step", "in_pass": 0, "seconds": 1}, []),
        (True, True, {"kind": "sender-mute"}, ["level in its log (run.error-rate)"]),
        (True, True, {"kind": "sender-error"}, []),
        (True, True, {"kind": "sender-error", "in_pass": 1}, ["script for a pass of a service"]),
        (True, True, {"kind": "crash"}, []),
    ],
)
def test_the_thread_of_a_program_lives_by_the_kits_clock(
    monkeypatch: pytest.MonkeyPatch, heard: bool, had: bool, fault: dict[str, Any] | None, lacking: list[str]
) -> None:
    monkeypatch.setattr(runnable, "clock_is_had", lambda: had)
    served = scenario(service=True, fault=[fault] if fault else [])
    assert unreachable(served, {"sender": ["mute", "raise"]}, heard=heard) == lacking


@pytest.mark.parametrize(("user", "lacking"), [(0, 1), (1_000, 0)])
def test_root_opens_every_file(monkeypatch: pytest.MonkeyPatch, user: int, lacking: int) -> None:
    monkeypatch.setattr("os.geteuid", lambda: user)
    assert len(unreachable(scenario(actor=UNREADABLE), {}, heard=False)) == lacking
