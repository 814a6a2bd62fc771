"""What was due beside what was delivered, value by value: who mends a collector needs both.

Rules: of a long text stands what is around the first difference. A secret is never shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ..core import HOLE, LABELLED_PARAMETERS, PARAMETER_NAMES, without_secrets
from .written import Delivered, Written

#: Parameters of one event that are told.
_MOST = 3
#: Characters before the first difference, and in all.
_BEFORE, _LONGEST = 20, 80


def value_lines(event: Written) -> Iterator[str]:
    """Two lines a parameter of an altered event: what was due, and what was delivered."""
    due = _due(event)
    for name in [name for name in event.differs if name in due][:_MOST]:
        ours = _text(due[name])
        theirs = next((_text(value) for value in _found(event, name) if value != due[name]), "nothing")
        place = _first_difference(ours, theirs)
        yield f"due {name}: {_around(ours, place)}"
        yield f"delivered {name}: {_around(theirs, place)}"


def _due(event: Written) -> dict[str, Any]:
    if event.agent is not None:
        return dict(event.agent["parameters"])
    return dict(zip(LABELLED_PARAMETERS, event.expected[-1], strict=True)) if event.expected else {}


def _found(event: Written, name: str) -> Iterator[Any]:
    """The values under that name, delivery by delivery."""
    for delivered in event.deliveries:
        yield from (value for told, value in _pairs(delivered) if told == name)


def _pairs(delivered: Delivered) -> Iterator[tuple[str, Any]]:
    if delivered.own:
        return zip(PARAMETER_NAMES, delivered.own, strict=True)
    return zip(delivered.names, delivered.values, strict=False)


def _text(value: Any) -> str:
    """A text in quotes, anything else as Python writes it; what may be any text is an ellipsis."""
    return f'"{without_secrets(value.replace(HOLE, "…"))}"' if isinstance(value, str) else repr(value)


def _first_difference(one: str, other: str) -> int:
    length = min(len(one), len(other))
    return next((place for place in range(length) if one[place] != other[place]), length)


def _around(text: str, place: int) -> str:
    if len(text) <= _LONGEST:
        return text
    begin = max(0, min(place - _BEFORE, len(text) - _LONGEST))
    shown = f"{'…' if begin else ''}{text[begin : begin + _LONGEST]}{'…' if begin + _LONGEST < len(text) else ''}"
    return f"{shown} ({len(text) - 2:,} characters)"
