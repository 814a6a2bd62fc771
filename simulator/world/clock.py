"""The frozen clock.

Rules: time stands still unless somebody sleeps or the runner moves it. It is counted in whole
nanoseconds from the start of the run. The wall clock can be stepped without moving the monotonic
one, as NTP does. Times of day know the host's zone (``simulator.world.wallclock``).

The clock is put in place once a process, wherever a module has bound one of Python's by name.
Looking for these places takes longer than many a run, so ``look_around`` does it in the parent of
many processes.
"""

from __future__ import annotations

import datetime
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any, NamedTuple

from ..base import EPOCH, SECOND
from . import wallclock
from .wallclock import seconds as seconds_of

#: Monotonic clocks start anywhere; this one starts at a value that is nobody's wall time.
_MONOTONIC_START = 1_000 * SECOND

#: Before anything was replaced. What measures the kit itself holds on to these.
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


#: Every way to ask for the time, by its name.
_CLOCKS: dict[str, Any] = {**_REAL, **wallclock.REAL, **wallclock.REAL_CLASSES}

#: Who keeps the system's clocks: this module, and what tests are run and frozen with elsewhere.
_KEEPERS = {"_pytest", "freezegun"}
_OURS = {__name__, wallclock.__name__}


class _Place(NamedTuple):
    """Where a module has bound one of Python's clocks."""

    module: ModuleType
    name: str
    clock: str


class _Search:
    """Looks for the places; what is found is kept, and only what is new is looked at later."""

    def __init__(self) -> None:
        #: The name of each clock by its id, where somebody else froze the process under two.
        self._names: dict[int, str] = {}
        #: Module -> itself, how many names it had, and the places in it.
        self._found: dict[str, tuple[ModuleType, int, list[_Place]]] = {}

    def places(self) -> Iterator[_Place]:
        standing = {name: getattr(datetime if name in wallclock.REAL_CLASSES else time, name) for name in _CLOCKS}
        names = {id(clock): name for clocks in (_CLOCKS, standing) for name, clock in clocks.items()}
        if names != self._names:
            self._names, self._found = names, {}
        for name, module in list(sys.modules.items()):
            if name not in _OURS and name.partition(".")[0] not in _KEEPERS:
                yield from self._in(name, module)

    def _in(self, name: str, module: ModuleType) -> list[_Place]:
        held = getattr(module, "__dict__", {})
        known, count, places = self._found.get(name, (None, 0, []))
        if known is not module or count != len(held):
            places = [_Place(module, bound, self._names[id(it)]) for bound, it in held.items() if id(it) in self._names]
            self._found[name] = (module, len(held), places)
        return places


_search = _Search()


def look_around() -> None:
    """Find the places in all modules that are loaded: what freezing a process takes long for."""
    for _ in _search.places():
        pass


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
        self._installed = False

    def install(self) -> None:
        """Freeze this process. The harness measures real time in its parent, never here."""
        if self._installed:
            return
        self._installed = True
        ours = self._clocks()
        for place in _search.places():
            setattr(place.module, place.name, ours[place.clock])
        # These C functions read the system's clock themselves; without them uuid asks time.
        for name in ("_generate_time_safe", "_UuidCreate"):
            if hasattr(uuid, name):
                setattr(uuid, name, None)
        # An id is later than the one before it, though that may have been made by the real clock.
        vars(uuid)["_last_timestamp"] = None
        self.reset()

    def _clocks(self) -> dict[str, Any]:
        """Our own form of each clock, by its name."""
        # Functions each, not methods: a mark is put on them.
        ours: dict[str, Any] = {
            "sleep": lambda seconds: self._sleep(seconds),  # noqa: PLW0108 - it is marked below
            "monotonic": lambda: seconds_of(_MONOTONIC_START + self.now),
            "monotonic_ns": lambda: _MONOTONIC_START + self.now,
            "perf_counter": lambda: seconds_of(_MONOTONIC_START + self.now),
            "perf_counter_ns": lambda: _MONOTONIC_START + self.now,
            "clock_gettime": lambda clock: seconds_of(self._gettime(clock)),
            "clock_gettime_ns": lambda clock: self._gettime(clock),  # noqa: PLW0108 - it is marked below
            **wallclock.functions(lambda: self.wall),
        }
        for name, function in ours.items():
            vars(function)["etp_real"] = _CLOCKS[name]  # for simulator.world.rebind
        return ours | {each.__name__: each for each in wallclock.classes(lambda: self.wall)}

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
