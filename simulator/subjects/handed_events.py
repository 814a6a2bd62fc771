"""What a collector hands over, as plain values: the same whatever classes it builds its events
from.

Rules: a collector under test may hand over anything. Nothing of it is called but the attributes
that an event has. What is no plain value is recorded by its type alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from ..core import EVENT_ID, PARAMETER_NAMES, PROVIDER_ID, DeliverResult


def event_values(event: Any, place: list[Any] | None = None) -> DeliverResult:
    """An event as the history tells it: its key and values; names, ids and file type only where
    they are not the contract's.

    ``place``: the key of one that has none, which is told.
    """
    names, values = _names_and_values(getattr(event, "parameters", ()))
    key = getattr(event, "key", None)
    result: DeliverResult = {"key": place if key is None else _key(key), "values": values}
    if key is None:
        result["keyless"] = True
    if names != PARAMETER_NAMES:
        result["names"] = list(names)
    ids = [getattr(event, "eventId", None), getattr(event, "providerId", None), getattr(event, "file_type", None)]
    if ids != [EVENT_ID, PROVIDER_ID, "json"]:
        result["ids"] = [plain(value) for value in ids]
    return result


def _key(key: Any) -> list[Any] | None:
    """[handler, file name, index]; nothing of a key that is something else."""
    match plain(key):
        case [str(), str(), int() as index] as whole if type(index) is int:
            return list(whole)
    return None


def _names_and_values(parameters: Any) -> tuple[tuple[str, ...], list[Any]]:
    """The parameters' names and plain values, in their order."""
    pairs = [parameter if type(parameter) is tuple and len(parameter) == 2 else pair(parameter) for parameter in parameters]
    if not pairs:
        return (), []
    names, values = zip(*pairs, strict=True)
    if names != PARAMETER_NAMES or set(map(type, names)) != _TEXT:
        names = tuple(name if type(name) is str else str(name) for name in names)
    if set(map(type, values)) <= _PLAIN:
        return names, list(values)
    return names, [plain(value) for value in values]


#: Types that history keeps as they are; a text or number of a class of its own could change, or lie about itself.
_TEXT = {str}
_PLAIN = {str, int}


def pair(parameter: Any) -> tuple[Any, Any]:
    """Name and value of a parameter: an object's, or the two of a pair."""
    return (parameter.name, parameter.value) if hasattr(parameter, "name") else (parameter[0], parameter[1])


def plain(value: Any) -> Any:
    """A value that JSON can carry and that is the same everywhere; anything else by its type alone.
    """
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [plain(item) for item in value]
    return f"<{type(value).__name__}>"
