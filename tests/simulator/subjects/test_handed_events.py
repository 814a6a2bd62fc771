"""What a history keeps of a value that was handed over."""

from __future__ import annotations

from enum import Enum
from typing import Any

import pytest

from etp_kit.simulator.subjects.handed_events import plain


class Word(str, Enum):  # noqa: UP042 - a text of a class of its own, as collectors have it
    KEY = "key"


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (True, True),
        (7, 7),
        (1.5, 1.5),
        (float("inf"), "inf"),
        ((1, [2.5]), [1, [2.5]]),
        ({"a": {"b": [object()]}, "c": float("nan")}, {"a": {"b": ["<object>"]}, "c": "nan"}),
        ({}, {}),
        ({1: "a"}, "<dict>"),
        ({"a": 1, None: 2}, "<dict>"),
        (b"bytes", "<bytes>"),
        ({"a"}, "<set>"),
    ],
)
def test_plain(value: Any, kept: Any) -> None:
    assert plain(value) == kept


def test_a_text_of_a_class_of_its_own_is_kept_as_a_text() -> None:
    ((key, value),) = plain({Word.KEY: Word.KEY}).items()
    assert (type(key), type(value)) == (str, str)
