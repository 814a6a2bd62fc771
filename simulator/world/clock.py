"""The frozen clock.

Rules: time stands still unless somebody sleeps or the runner moves it; it is counted in whole nanoseconds from the start
of the run; the wall clock can be stepped without moving the monotonic one, as NTP does. freezegun freezes every wall
clock that Python has (``time``, ``datetime``); it is started once a process, because that costs milliseconds, and then
only moved. Its monotonic clock follows the wall clock, which Linux's does not: so that one is replaced.
"""

from __future__ import annotations

import datetime as real_datetime
import time
from collections.abc import Callable
from typing import Any

import freezegun

NANOSECOND = 1_000_000_000

#: The start of every run, Unix time in ns: 2026-01-05 00:00:00 UTC, a Monday.
EPOCH = 1_767_571_200 * NANOSECOND

_EPOCH_TIME = real_datetime.datetime.fromtimestamp(EPOCH // NANOSECOND, real_datetime.UTC).replace(tzinfo=None)
#: Monotonic clocks start anywhere; this one starts at a value that is nobody's wall time.
_MONOTONIC_START = 1_000 * NANOSECOND

_real_perf_counter = time.perf_counter


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
        freezegun.configure(default_ignore_list=["simulator.world.clock"])
        self._freezer = freezegun.freeze_time(_EPOCH_TIME, tick=False).start()
        time.sleep = self._sleep
        time.monotonic = lambda: (_MONOTONIC_START + self.now) / NANOSECOND
        time.monotonic_ns = lambda: _MONOTONIC_START + self.now
        self.reset()

    def reset(self) -> None:
        self.now = 0
        self.step = 0
        self.on_sleep = self.advance
        self._show()

    def advance(self, nanoseconds: int) -> None:
        """Let time pass."""
        self.now += nanoseconds
        self._show()

    def step_wall(self, nanoseconds: int) -> None:
        """Set the wall clock forward or back (NTP); the monotonic clock does not move."""
        self.step += nanoseconds
        self._show()

    @property
    def wall(self) -> int:
        """Unix time in ns."""
        return EPOCH + self.now + self.step

    def _show(self) -> None:
        if self._freezer is not None:
            self._freezer.move_to(
                _EPOCH_TIME + real_datetime.timedelta(microseconds=(self.now + self.step) // 1_000)
            )

    def _sleep(self, seconds: Any) -> None:
        if seconds < 0:
            raise ValueError("sleep length must be non-negative")
        self.on_sleep(round(seconds * NANOSECOND))


#: The clock of this process.
CLOCK = VirtualClock()
