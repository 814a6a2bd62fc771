"""OpcodeName, the modification time of an event's file as text:
``YYYY-MM-DDTHH:MM:SS.ffffffZ`` (contract, event.time-utc).
"""

from __future__ import annotations

import datetime
import math
import re
from contextlib import suppress
from typing import Any

_FORM = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{1,6}Z", re.ASCII)
_MICROSECOND = datetime.timedelta(microseconds=1)
#: Half a microsecond, in ns.
_HALF = 500
_UNIX = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
#: The years 1 to 9999 in microseconds of the epoch; the form tells no others.
_FIRST, _LAST = -62_135_596_800 * 10**6, 253_402_300_800 * 10**6 - 1


def microseconds_of(text: Any) -> int | None:
    """The moment in microseconds of the epoch; None for a text of any other form, or none."""
    if not isinstance(text, str) or _FORM.fullmatch(text) is None:
        return None
    try:
        return (datetime.datetime.fromisoformat(text) - _UNIX) // _MICROSECOND
    except ValueError:
        return None


def opcode_name(microseconds: int) -> str:
    """The text of a moment; "" beyond the years that the form tells."""
    with suppress(OverflowError):
        return f"{_UNIX + microseconds * _MICROSECOND:%Y-%m-%dT%H:%M:%S.%f}Z".rjust(27, "0")
    return ""


def agent_microseconds(nanoseconds: int) -> int:
    """A modification time in ns of the epoch as the form tells it, in microseconds:
    the nearest that it can.
    """
    return min(max((nanoseconds + 500) // 1_000, _FIRST), _LAST)


def is_about(microseconds: int, nanoseconds: int) -> bool:
    """Whether a moment is a modification time to the microsecond, as far as a double of seconds
    knows that. The production agent asks for such a double.
    """
    return abs(microseconds - agent_microseconds(nanoseconds)) * 1_000 <= 1_000 + _unknown(nanoseconds)


def is_nearest(microseconds: int, nanoseconds: int) -> bool:
    """Whether of all that the form can tell none is nearer to a modification time, as far as a
    double of seconds knows that.
    """
    return (
        microseconds == agent_microseconds(nanoseconds)
        or abs(microseconds * 1_000 - nanoseconds) <= _HALF + _unknown(nanoseconds)
    )


def _unknown(nanoseconds: int) -> float:
    """How far two doubles of seconds are apart there, in ns: 238 today, 30,518 in the year 9999."""
    return math.ulp(nanoseconds / 10**9) * 10**9
