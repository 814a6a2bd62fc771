"""The names and parameters that the users' door promises do not vanish."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from etp_kit.simulator import testing

from .promised import DATA, broken, is_breaking_step, read, told, written

NOW = told(testing)


def test_what_was_promised_is_kept() -> None:
    assert broken(read()["names"], NOW) == []


def test_all_that_the_door_names_is_promised() -> None:
    """``python -m tests.simulator.testing.promised`` writes what is new."""
    assert read()["names"] == NOW
    assert {"run", "EventWorld", "Ledger", "History", "Scenario"} <= NOW.keys()


def test_the_data_are_as_the_program_writes_them() -> None:
    promise = read()
    assert DATA.read_text(encoding="utf-8") == written(promise, NOW, promise["version"])


def gone(names: dict[str, Any]) -> None:
    del names["run"]


def member_gone(names: dict[str, Any]) -> None:
    del names["Ran"]["members"]["ledger"]


def method_is_a_value(names: dict[str, Any]) -> None:
    names["Ledger"]["members"]["fates"] = None


def parameter_gone(names: dict[str, Any]) -> None:
    names["run"]["parameters"].remove("*seed=")


def parameter_renamed(names: dict[str, Any]) -> None:
    names["EventWorld"]["members"]["collect"][0] = "subject="


def new_and_required(names: dict[str, Any]) -> None:
    names["run"]["parameters"].append("*more")


def no_longer_optional(names: dict[str, Any]) -> None:
    names["Ledger"]["members"]["fates"] = ["extension"]


def by_name_alone(names: dict[str, Any]) -> None:
    names["run"]["parameters"][0] = "*scenario"


def other_order(names: dict[str, Any]) -> None:
    names["scenario_from_data"]["parameters"].reverse()


BREAKS = {
    gone: "run is gone",
    member_gone: "Ran.ledger is gone",
    method_is_a_value: "Ledger.fates is another kind of thing",
    parameter_gone: "run: seed is gone",
    parameter_renamed: "EventWorld.collect: collector is gone",
    new_and_required: "run: more is required now",
    no_longer_optional: "Ledger.fates: extension is required now",
    by_name_alone: "run: parameters have other places",
    other_order: "scenario_from_data: parameters have other places",
}


@pytest.mark.parametrize("change", BREAKS, ids=lambda change: change.__name__)
def test_what_breaks_users_is_seen_and_not_written(change: Callable[[dict[str, Any]], None]) -> None:
    other = copy.deepcopy(NOW)
    change(other)
    assert broken(NOW, other)[0] == BREAKS[change]
    with pytest.raises(ValueError, match=r"promised by 0\.1\.0, and this is 0\.1\.9"):
        written({"version": "0.1.0", "names": NOW}, other, "0.1.9")
    assert written({"version": "0.1.0", "names": NOW}, other, "0.2.0")


def new_name(names: dict[str, Any]) -> None:
    names["more"] = {"parameters": []}


def new_member(names: dict[str, Any]) -> None:
    names["Ran"]["members"]["more"] = None


def new_and_optional(names: dict[str, Any]) -> None:
    names["run"]["parameters"].append("*more=")


@pytest.mark.parametrize("change", [new_name, new_member, new_and_optional])
def test_what_is_added_breaks_nobody(change: Callable[[dict[str, Any]], None]) -> None:
    other = copy.deepcopy(NOW)
    change(other)
    assert broken(NOW, other) == []
    assert other != NOW


@pytest.mark.parametrize(
    ("before", "after", "breaks"),
    [
        ("0.1.0", "0.1.1", False),
        ("0.1.0", "0.2.0", True),
        ("0.9.0", "1.0.0", True),
        ("1.0.0", "1.9.0", False),
        ("1.2.0", "2.0.0", True),
    ],
)
def test_a_breaking_step(before: str, after: str, breaks: bool) -> None:
    assert is_breaking_step(before, after) is breaks
