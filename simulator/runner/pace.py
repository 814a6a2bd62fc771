"""How slow the processor is now, and what a time on it is worth.

A limit in processor time is one of a machine. On a slower one a sound collector would exceed it,
and be blamed for the machine. So what comes near a limit is told in seconds of the machine that the
limits were measured on. A piece of fixed work is timed beside it. A faster machine changes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

#: Keys that the fixed work makes, and the seconds of processor that they take where the limits were
#: measured (AMD EPYC, quiet, Python 3.11). Work in memory: an empty loop stays fast where caches
#: are shared, and a collector does not.
_KEYS, _DUE = 5_000, 0.0013
_ROUNDS = 9
#: More than that is not believed: a limit that grew without bound would be none.
_SLOWEST = 8.0


#: The kernel's, to the nanosecond. It is taken now, as a run may put another clock in its place.
_used = time.thread_time


def _timed() -> float:
    begin = _used()
    _ = {f"{number:x}": [number] for number in range(_KEYS)}
    return _used() - begin


def slowness(timed: Callable[[], float] = _timed) -> float:
    """How many times longer the fixed work takes now: 1 to 8. It costs 12 ms, and more
    on a slower one.

    ``timed``: does the work once, and tells the seconds of processor that it took.
    """
    return min(_SLOWEST, max(1.0, median(timed() for _ in range(_ROUNDS)) / _DUE))


def worth(seconds: float, near: float, slow: Callable[[], float] = slowness) -> float:
    """Seconds of processor, as the machine of the limits would have taken.

    ``near``: what takes less is told as it is, for no limit is near.
    """
    return seconds if seconds < near else max(near, seconds / slow())
