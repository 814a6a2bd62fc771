"""What was due beside what was delivered: short, around the difference, and without a secret."""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.core.labels import HOLE, SECRET_PREFIX
from etp_kit.simulator.core.parameters import LABELLED_PARAMETERS, PARAMETER_NAMES
from etp_kit.simulator.judging.due_values import value_lines
from etp_kit.simulator.judging.written import Delivered, Written

NAME = LABELLED_PARAMETERS[0]


def told(due: str, found: Any, *, differs: tuple[str, ...] = (NAME,)) -> list[str]:
    values = [found if name == NAME else "" for name in PARAMETER_NAMES]
    delivered = Delivered(1, 0, "C", "1.json", 0, "", values, True, own=values)
    expected = [due if name == NAME else "" for name in LABELLED_PARAMETERS]
    return list(value_lines(Written("C", "", "collect", "", [expected], differs=differs, deliveries=[delivered])))


@pytest.mark.parametrize(
    ("due", "found", "lines"),
    [
        ("a", "b", ['"a"', '"b"']),
        ("5", 5, ['"5"', "5"]),
        (f"a{HOLE}c", "abd", ['"a…c"', '"abd"']),
        (
            "x" * 200 + "yz" + "w" * 100,
            "x" * 200 + "zz",
            [
                f"…{'x' * 20}yz{'w' * 58}… (302 characters)",
                f'…{"x" * 77}zz" (202 characters)',
            ],
        ),
        ("sig=", f"?sig={SECRET_PREFIX}01&se=2", ['"sig="', '"?sig=REDACTED&se=2"']),
        ("b", f"{SECRET_PREFIX}01", ['"b"', '"REDACTED"']),
    ],
)
def test_both_are_told_around_the_first_difference(due: str, found: Any, lines: list[str]) -> None:
    assert told(due, found) == [f"due {NAME}: {lines[0]}", f"delivered {NAME}: {lines[1]}"]


def test_what_has_no_value_is_not_told() -> None:
    assert told("a", "b", differs=("time", "host")) == []
    assert list(value_lines(Written("C", "", "drop", "why", differs=("not due",)))) == []


def test_no_more_than_three_are_told() -> None:
    assert len(told("a", "b", differs=LABELLED_PARAMETERS)) == 6


def test_an_event_of_the_agent_has_values_of_its_own() -> None:
    delivered = Delivered(1, 0, "", "1.tld", 0, "", [6, "x"], False, names=("Ints", "Text"))
    due = {"parameters": [["Ints", 5], ["Text", "x"]]}
    event = Written("", "", "collect", "", agent=due, differs=("Ints",), deliveries=[delivered])
    assert list(value_lines(event)) == ["due Ints: 5", "delivered Ints: 6"]
    assert list(value_lines(Written("", "", "collect", "", agent=due, differs=("Ints",)))) == [
        "due Ints: 5",
        "delivered Ints: nothing",
    ]
