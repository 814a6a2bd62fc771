"""What hears the collector's calls at the seam: they are counted, struck, written down, and between
two of them the writers take their steps.

The rule: a pass has a budget of calls and of virtual time, a run one of records. A collector that
polls for ever costs one verdict.
"""

from __future__ import annotations

from errno import EACCES, EPERM, errorcode
from typing import Any

from ..base import SECOND, Draw
from ..core import AGENT_EVENTS_DIR, COLLECTOR, LOG_DIR, CallResult, Record
from ..world import CLOCK, TimeUp, World, aside
from .faults import Faults
from .recorder import Recorder
from .schedule import Schedule

#: Calls that one pass may make: a flood of 100,000 files at four calls each stays below half of it.
MOST_CALLS = 1_000_000
#: Records that one run may make: a day of twelve extensions makes a sixth of it. A collector that
#: removes nothing hands everything over again at each pass, and must not fill the memory before it
#: is judged.
MOST_RECORDS = 1_000_000
#: Virtual time that one pass may take: an hour is more than any clause allows, and less than for
#: ever.
LONGEST_PASS = 3_600 * SECOND

_REMOVING = frozenset({"unlink", "rename", "rmdir"})


class Listener:
    """The listener of one run; ``schedule`` is known once the run is planned."""

    def __init__(self, world: World, recorder: Recorder, faults: Faults, listing: Draw, schedule: Schedule) -> None:
        self._world = world
        self._recorder = recorder
        self._records = recorder.records
        self._faults = faults
        self._listing = listing
        self.schedule: Schedule = schedule
        self._calls = self._deadline = 0
        #: The file that the collector opened last, and how many events it handed over since.
        self._reading = ("", 0)

    def begin_pass(self) -> None:
        """A pass, or a build, begins now, with a budget of its own."""
        self._calls = 0
        self._deadline = CLOCK.now + LONGEST_PASS

    # --- as the seam asks ---------------------------------------------------------------------------------------------

    def before(self, label: str, path: str) -> None:
        self._calls += 1
        if self._calls > MOST_CALLS or len(self._records) > MOST_RECORDS:
            self._recorder.note(COLLECTOR, "call", path, {"call": label, "errno": "TOO-MANY"})
            raise TimeUp(f"more than {MOST_CALLS} calls in one pass, or {MOST_RECORDS} records of one run")
        self.schedule.at_call(CLOCK.now, label, path)
        if self._faults.left:
            self._faults.strike(label, path, "before")
        if label in _REMOVING and self._world.refuses_removal(path.partition(" -> ")[0]):
            self._faults.fail(label, path, EPERM)
        if label == "open" and self._world.refuses_opening(path):
            self._faults.fail(label, path, EACCES)

    def after(self, label: str, path: str, errno: int) -> None:
        result: CallResult = {"call": label, "errno": errorcode.get(errno, "EIO")} if errno else {"call": label}
        # A named tuple's own constructor is a Python call more, at each call of a collector.
        told = (CLOCK.now, self._recorder.pass_number, COLLECTOR, "call", path, result)
        self._records.append(tuple.__new__(Record, told))
        if label == "open" and not errno:
            self._reading = (path, 0)
        if self._faults.left:
            self._faults.strike(label, path, "after")

    def order(self, names: list[Any]) -> list[Any]:
        self._listing.shuffle(names)
        return names

    def is_endless(self, label: str, path: str) -> bool:
        return bool(self._faults.left) and self._faults.is_endless(label, path)

    def shorten(self, path: str, wanted: int) -> int:
        return self._faults.shorten(path, wanted)

    # --- beside the seam ----------------------------------------------------------------------------------------------

    def sleep(self, nanoseconds: int) -> None:
        """The collector sleeps, and the writers go on. Raises TimeUp."""
        self.wait(nanoseconds)
        with aside():
            self.schedule.asleep(CLOCK.now)

    def wait(self, nanoseconds: int) -> None:
        """So much virtual time passes within the pass, and nobody does anything. Raises TimeUp."""
        self._recorder.note(COLLECTOR, "call", "", {"call": "sleep", "ns": nanoseconds})
        CLOCK.advance(nanoseconds)
        if CLOCK.now > self._deadline:
            raise TimeUp("more virtual time in one pass than any clause allows")

    def last_read(self) -> list[Any] | None:
        """The key assumed for an event without one: the next index in the file that was opened
        last.
        """
        path, index = self._reading
        directory, _, name = path.rpartition("/")
        self._reading = (path, index + 1)
        if directory == AGENT_EVENTS_DIR:
            return ["", name, 0]
        log, _, rest = directory.partition("/")
        handler, _, last = rest.partition("/")
        return [handler, name, index] if (log, last) == (LOG_DIR, "events") else None
