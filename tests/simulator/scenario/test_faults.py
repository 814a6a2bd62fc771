"""Faults: what each kind needs, which calls it matches, and when it strikes."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from etp_kit.simulator.scenario.faults import Countdown, Fault


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"kind": "errno", "errno": "ENOSUCH"}, "unknown errno 'ENOSUCH'"),
        ({"kind": "sender-slow"}, "a sender-slow fault needs 'seconds'"),
        ({"kind": "clock-step", "in_pass": 1}, "a clock-step fault needs 'seconds'"),
        ({"kind": "clock-step", "seconds": 1}, "a clock-step fault needs 'in_pass'"),
        ({"kind": "sender-down"}, "a sender-down fault needs 'in_pass'"),
    ],
)
def test_a_fault_without_what_it_needs_is_refused(written: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Fault(**written)


@pytest.mark.parametrize(
    ("kind", "of_calls"), [("errno", True), ("short-read", True), ("crash", True), ("sender-stop", False)]
)
def test_three_kinds_strike_calls(kind: Any, of_calls: bool) -> None:
    assert Fault(kind=kind).strikes_calls is of_calls


@pytest.mark.parametrize(
    ("fault", "label", "path", "answer"),
    [
        (Fault(kind="errno"), "open", "log/Ext", True),
        (Fault(kind="errno", call="o*"), "read", "log/Ext", False),
        (Fault(kind="errno", path="log/*"), "open", "lib/events", False),
        (Fault(kind="errno"), "deliver", "", False),
        (Fault(kind="crash"), "flush", "", True),
    ],
)
def test_a_fault_matches_by_label_and_path(fault: Fault, label: str, path: str, answer: bool) -> None:
    assert fault.matches(label, path) is answer


@pytest.mark.parametrize(
    ("fault", "struck"),
    [
        (Fault(kind="errno"), [0]),
        (Fault(kind="errno", nth=2, times=2), [1, 2]),
        (Fault(kind="errno", in_pass=1), [3]),
    ],
)
def test_a_fault_strikes_from_the_nth_match_on(fault: Fault, struck: list[int]) -> None:
    countdown = Countdown(fault)
    passes = [0, 0, 0, 1, 1, 1]
    assert [match for match, number in enumerate(passes) if countdown.strike(number)] == struck
