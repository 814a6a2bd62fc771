"""What a collector said, how a record is written without the encoder in C, and the door of core."""

from __future__ import annotations

import json
from typing import Any

import pytest

from etp_kit.simulator import core
from etp_kit.simulator.core import history
from etp_kit.simulator.core.history import History, Record
from etp_kit.simulator.core.said import Line, Raised, Said


@pytest.mark.parametrize(
    ("said", "any_of_it"),
    [(Said(), False), (Said(lines=(Line(0, "log", "x"),)), True), (Said(raised=(Raised("E", "", 0, "f", ()),)), True)],
)
def test_who_said_nothing_is_false(said: Said, any_of_it: bool) -> None:
    assert bool(said) is any_of_it


def test_the_door_refuses_a_name_that_it_does_not_have() -> None:
    with pytest.raises(AttributeError, match="no attribute 'nobody'"):
        core.nobody  # noqa: B018 - asking for it is the test


@pytest.mark.parametrize("value", [None, [1, "\u00e9\u2028"], {"b": [True], "a": {"z": 1.5, "y": "\ud800"}}])
def test_a_python_without_the_encoder_in_c_writes_the_same(monkeypatch: pytest.MonkeyPatch, value: Any) -> None:
    monkeypatch.setattr(json.encoder, "c_make_encoder", None)
    assert history._encoding()(value) == history._encode(value)


def test_a_history_has_its_records_in_order() -> None:
    records = [Record(i, 0, "kit", "restart", "", None) for i in range(3)]
    assert (len(History(records)), list(History(iter(records)))) == (3, records)
