"""A fingerprint tells steps apart by all that they write and expect."""

from __future__ import annotations

import pytest

from etp_kit.simulator.core.labels import Label
from etp_kit.simulator.core.steps import Step, fingerprint

STEP = Step(1, "write", "log/Ext/events/1.json", data=b"[]", labels=(Label("token", "collect", ("text",)),))


def test_the_same_steps_have_the_same_fingerprint() -> None:
    assert fingerprint([STEP]) == fingerprint(iter([STEP._replace()]))


@pytest.mark.parametrize(
    "other",
    [
        STEP._replace(at=2),
        STEP._replace(data=b"{}"),
        STEP._replace(path="log/Ext/events/2.json"),
        STEP._replace(labels=None),
        STEP._replace(labels=(Label("token", "drop", reason="why"),)),
        STEP._replace(labels=(Label("token", "collect", ("text",), about=("event.keys",)),)),
    ],
)
def test_any_difference_is_one(other: Step) -> None:
    assert fingerprint([other]) != fingerprint([STEP])


def test_the_order_counts() -> None:
    later = STEP._replace(at=2)
    assert fingerprint([STEP, later]) != fingerprint([later, STEP])
