"""Amounts and durations as scenario files write them.

An amount is an integer, or an expression on one limit of the subject: ``"quota+1"``, ``"3*quota"``,
``"file_size-1"``. So one scenario tests the boundary of every collector. A duration is ``"90s"``,
``"5m"``, ``"1h"``, ``"1d"`` or a number of seconds.
"""

from __future__ import annotations

import re
from dataclasses import fields

from ..base import SECOND
from .limits import Limits

LIMIT_NAMES = tuple(field.name for field in fields(Limits) if field.name != "period")
_AMOUNT = re.compile(rf"(?:([0-9]+)\*)?({'|'.join(LIMIT_NAMES)})(?:([+-])([0-9]+))?\Z")
_DURATION = re.compile(r"([0-9]+(?:\.[0-9]+)?)(ms|s|m|h|d)\Z")
_UNITS = {"ms": SECOND // 1000, "s": SECOND, "m": 60 * SECOND, "h": 3600 * SECOND, "d": 86_400 * SECOND}
Amount = int | str


def check_amount(value: Amount) -> Amount:
    """The value itself; ValueError where it is no amount."""
    if isinstance(value, bool) or (isinstance(value, int) and value < 0):
        raise ValueError(f"an amount is 0 or more, not {value}")
    if isinstance(value, str) and not _AMOUNT.match(value):
        raise ValueError(
            f"an amount is an integer or a limit with an offset such as 'quota+1' or '3*quota' (limits: {', '.join(LIMIT_NAMES)}), not {value!r}"
        )
    return value


def amount(value: Amount, limits: Limits) -> int:
    """The number that an amount means for a subject with these limits, at least 0."""
    if isinstance(value, int):
        return value
    match = _AMOUNT.match(value)
    if match is None:
        raise ValueError(f"not an amount: {value!r}")
    times, name, sign, offset = match.groups()
    base = int(getattr(limits, name)) * int(times or 1)
    return max(0, base + int(f"{sign}{offset}" if sign else 0))


def duration(value: str | float) -> int:
    """Nanoseconds; ValueError where it is no duration."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        nanoseconds = round(value * SECOND)
    else:
        match = _DURATION.match(value) if isinstance(value, str) else None
        if match is None:
            raise ValueError(f"a duration is a number of seconds or such as '90s', '5m', '1h', '1d', not {value!r}")
        nanoseconds = round(float(match[1]) * _UNITS[match[2]])
    if nanoseconds <= 0:
        raise ValueError(f"a duration is more than 0, not {value!r}")
    return nanoseconds
