"""The frozen clock.

Rules: time stands still unless somebody sleeps or the runner moves it. It is counted in whole
nanoseconds from the start of the run. The wall clock can be stepped without moving the monotonic
one, as NTP does. freezegun is put in place once a process, because that costs milliseconds: it
finds whoever holds a clock of Python's. What the clocks then tell is ours. freezegun's monotonic
clock follows the wall clock, which Linux's does not. Its times of day know no time zone
(``simulator.world.wallclock``).
"""

from __future__ import annotations

import datetime
import sys
import time
from collections.abc import Callable
from typing import Any

import freezegun

from ..base import EPOCH, SECOND
from . import wallclock
from .wallclock import seconds as seconds_of

#: Monotonic clocks start anywhere; this one starts at a value that is nobody's wall time.
_MONOTONIC_START = 1_000 * SECOND

#: Before freezegun. What measures the kit itself holds on to these.
_REAL: dict[str, Callable[..., Any]] = {
    name: getattr(time, name)
    for name in (
        "sleep",
        "monotonic",
        "monotonic_ns",
        "perf_counter",
        "perf_counter_ns",
        "clock_gettime",
        "clock_gettime_ns",
    )
}


def real_monotonic() -> float:
    """Seconds of real time, for what waits for real processes."""
    return float(_REAL["monotonic"]())


def real_sleep(seconds: float) -> None:
    """Let real time pass."""
    _REAL["sleep"](seconds)


def real_wall() -> int:
    """Real Unix time in ns, for what real processes compare with their own."""
    return int(_REAL["clock_gettime_ns"](time.CLOCK_REALTIME))


#: By their numbers, for Python names only some of them (linux/time.h): besides the usual one its
#: coarse form, that of alarms, and TAI.
_WALL_CLOCKS = {time.CLOCK_REALTIME, 5, 8, 11}


#: Besides the usual one: raw, coarse, of the boot, and that of alarms.
_MONOTONIC_CLOCKS = {time.CLOCK_MONOTONIC, 4, 6, 7, 9}


class VirtualClock:
    """One process's clock; ``install`` it once, ``reset`` it before each run."""

    def __init__(self) -> None:
        #: Virtual ns since the start of the run: what the monotonic clock shows.
        self.now = 0
        #: How far the wall clock was stepped away from it, in ns.
        self.step = 0
        #: Called with the ns of each sleep of the subject; the runner puts its own in place.
        self.on_sleep: Callable[[int], None] = self.advance
        self._freezer: Any = None

    def install(self) -> None:
        """Freeze this process. The harness measures real time in its parent, never here."""
        if self._freezer is not None:
            return
        # Without these defaults every caller sees the frozen time, threads and queues included.
        freezegun.configure(default_ignore_list=[__name__, wallclock.__name__])
        began = datetime.datetime.fromtimestamp(EPOCH // SECOND, datetime.UTC).replace(tzinfo=None)
        self._freezer = freezegun.freeze_time(began, tick=False).start()
        self._replace_everywhere()
        self.reset()

    def _replace_everywhere(self) -> None:
        """Put our own functions in place of the real ones and of freezegun's, also where a module
        has bound them by name.
        """
        # Functions each, not methods: a mark is put on them.
        ours: dict[str, Callable[..., Any]] = {
            "sleep": lambda seconds: self._sleep(seconds),  # noqa: PLW0108 - it is marked below
            "monotonic": lambda: seconds_of(_MONOTONIC_START + self.now),
            "monotonic_ns": lambda: _MONOTONIC_START + self.now,
            "perf_counter": lambda: seconds_of(_MONOTONIC_START + self.now),
            "perf_counter_ns": lambda: _MONOTONIC_START + self.now,
            "clock_gettime": lambda clock: seconds_of(self._gettime(clock)),
            "clock_gettime_ns": lambda clock: self._gettime(clock),  # noqa: PLW0108 - it is marked below
            **wallclock.functions(lambda: self.wall),
        }
        reals = {**_REAL, **wallclock.REAL}
        for name, function in ours.items():
            vars(function)["etp_real"] = reals[name]  # for simulator.world.rebind
        by_id: dict[int, Any] = {id(function): ours[name] for name, function in reals.items()}
        by_id |= {id(getattr(time, name)): function for name, function in ours.items()}
        for ours_of_it in wallclock.classes(lambda: self.wall):
            by_id[id(ours_of_it.etp_real)] = by_id[id(getattr(datetime, ours_of_it.__name__))] = ours_of_it
        for module_name, module in list(sys.modules.items()):
            if module_name.partition(".")[0] not in {"freezegun", "_pytest"} and module_name not in {
                __name__,
                wallclock.__name__,
            }:
                for name, value in list(getattr(module, "__dict__", {}).items()):
                    if id(value) in by_id:
                        setattr(module, name, by_id[id(value)])

    def _gettime(self, clock: int) -> int:
        if clock in _WALL_CLOCKS:
            return self.wall
        return _MONOTONIC_START + self.now if clock in _MONOTONIC_CLOCKS else _REAL["clock_gettime_ns"](clock)

    def reset(self) -> None:
        self.now = 0
        self.step = 0
        self.on_sleep = self.advance

    def advance(self, nanoseconds: int) -> None:
        """Let time pass."""
        self.now += nanoseconds

    def step_wall(self, nanoseconds: int) -> None:
        """Set the wall clock forward or back (NTP); the monotonic clock does not move."""
        self.step += nanoseconds

    @property
    def wall(self) -> int:
        """Unix time in ns."""
        return EPOCH + self.now + self.step

    def _sleep(self, seconds: Any) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.on_sleep(round(seconds * SECOND))


#: The clock of this process.
CLOCK = VirtualClock()
