"""What a history tells of a step and of capabilities: what is judged, and no more."""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.core.labels import AgentEvent, Label
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.runner.told import step_result, told_capabilities

PLAIN = {"quota": 5, "notices": True, "delivery": "at-most-once"}


@pytest.mark.parametrize(
    ("declared", "told"),
    [
        (
            {"quota": 5, "notices": True, "delivery": "at-most-once"},
            {"quota": 5, "notices": True, "delivery": "at-most-once"},
        ),
        ({"sender": ["stop", 1]}, {"sender": ["stop", "1"]}),
        ({"sender": ("stop",)}, {"sender": ["stop"]}),
        ({"settings": ["quota"], "quota": 1.5, "more": {"a": 1}, "none": None}, {}),
    ],
)
def test_of_capabilities_what_is_plain_is_told(declared: dict[str, Any], told: dict[str, Any]) -> None:
    assert told_capabilities(declared) == told


@pytest.mark.parametrize(
    ("step", "outcome", "now", "told"),
    [
        (Step(5, "touch", "a"), "", 5, {"act": "touch"}),
        (Step(5, "touch", "a"), "", 6, {"act": "touch", "mtime": 5}),
        (Step(5, "touch", "a", mtime=3), "", 5, {"act": "touch", "mtime": 3}),
        (Step(5, "write", "a", b"four"), "", 5, {"act": "write", "bytes": 4}),
        (Step(5, "rename", "a", to="b"), "ENOENT", 5, {"act": "rename", "to": "b", "errno": "ENOENT"}),
        (Step(5, "write", "a", labels=()), "", 5, {"act": "write", "labels": []}),
    ],
)
def test_a_step_is_told_by_what_is_unusual_of_it(step: Step, outcome: str, now: int, told: dict[str, Any]) -> None:
    assert step_result(step, outcome, now) == told


AGENT = AgentEvent("legacy-agent", 1, "provider", (("name", "value"),))


@pytest.mark.parametrize(
    ("label", "told"),
    [
        (Label("etp-1", "collect", ("a", "b")), ["etp-1", "collect", ["a", "b"]]),
        (Label("", "drop", reason="too large"), ["", "drop", "too large"]),
        (Label("etp-1", "leave"), ["etp-1", "leave", []]),
        (Label("etp-1", "collect", ("a",), secrets=("s",)), ["etp-1", "collect", ["a"], ["s"]]),
        (Label("etp-1", "collect", ("a",), about=("c",)), ["etp-1", "collect", ["a"], [], ["c"]]),
    ],
)
def test_a_label_is_told_as_far_as_it_says_something(label: Label, told: list[Any]) -> None:
    assert step_result(Step(0, "write", "a", labels=(label,)), "", 0)["labels"] == [told]


def test_the_label_of_an_agent_event_tells_what_must_come_out() -> None:
    ((_, _, detail),) = step_result(Step(0, "write", "a", labels=(Label("", "collect", agent=AGENT),)), "", 0)["labels"]
    assert detail == {
        "kind": "legacy-agent", "event_id": 1, "provider": "provider", "form": "json",
        "parameters": (("name", "value"),),
    }  # fmt: skip
