"""Capabilities: what is declared, what a scenario lacks of it, and whose words a reason is in."""

from __future__ import annotations

from typing import Any

import pytest

from etp_kit.simulator.core.capabilities import is_of_the_kit, lacking_settings, offers


@pytest.mark.parametrize("subject", ["reference", "mutant:clean-up-skipped"])
def test_the_reference_and_its_mutants_are_the_kits(subject: str) -> None:
    assert is_of_the_kit(subject)


@pytest.mark.parametrize("subject", ["", "py:reference:build", "dir:mutant:x", "reference.build", "linux-agent"])
def test_no_other_name_is(subject: str) -> None:
    """Decided by the whole name, never by how it begins."""
    assert not is_of_the_kit(subject)


@pytest.mark.parametrize(
    ("declared", "name", "answer"),
    [
        ({}, "service", False),
        ({"service": True}, "service", True),
        ({"service": False}, "service", False),
        ({}, "delivery:at-least-once", False),
        ({"delivery": "at-least-once"}, "delivery:at-least-once", True),
        ({"delivery": "at-least-once"}, "delivery:at-least", False),
        ({"delivery": ["at-most-once", "at-least-once"]}, "delivery:at-least-once", True),
        ({"delivery": ["at-most-once"]}, "delivery:at-least-once", False),
        ({"delivery": 7}, "delivery:at-least-once", False),
    ],
)
def test_a_capability_is_offered_as_it_is_declared(declared: dict[str, Any], name: str, answer: bool) -> None:
    assert offers(declared, name) is answer


ONCE = "at-least-once"


@pytest.mark.parametrize(
    ("declared", "settings", "lacking"),
    [
        ({}, {"quota": 1, "delivery": ONCE}, []),
        ({"settings": ["quota"]}, {"quota": 1}, []),
        ({"settings": ["quota"]}, {"quota": 1, "period": 2}, ["period"]),
        ({"delivery": "at-most-once"}, {"delivery": ONCE}, [f"delivery={ONCE}"]),
        ({"delivery": [ONCE]}, {"delivery": ONCE}, []),
        ({"delivery": [ONCE]}, {"delivery": 3}, []),
    ],
)
def test_what_may_not_be_set_is_lacking(declared: dict[str, Any], settings: dict[str, Any], lacking: list[str]) -> None:
    assert lacking_settings(declared, settings) == lacking
