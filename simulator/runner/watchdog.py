"""When a worker hangs: decided by what it does, never by how long a busy machine takes.

Rules: a unit of work (one run of a scenario or of one of its variants) may take so much processor time. One that stands
still hangs as well: for a quarter longer none of its processes uses the processor or is ready to. One that is ready and
gets next to nothing of the processor has not hung: after far longer it is inconclusive, which blames nobody.
"""

from __future__ import annotations

import mmap
import struct
from typing import NamedTuple

from ..subjects import usage_of

#: Seconds of processor time after which a unit counts as hanging: almost four times what the heaviest scenario takes here (discover/crowded, 10.8 s).
WATCHDOG = 40.0
#: Real time for which a worker may stand still, by its processor time: waiting uses none, so it is given longer.
_STILL = 1.25
#: Real time that a starved worker gets, by its processor time: a hundredth of a processor is still progress.
_STARVED = 100.0
#: Share of the processor below which a worker that is not ready counts as standing still.
_IDLE = 0.05
_MOST_NAME = 200


class Sample(NamedTuple):
    """A worker at a moment. ``real``, ``used``: seconds of real and of processor time; ``unit``: how many were begun."""

    real: float
    used: float
    ready: bool
    unit: int


class Overdue(NamedTuple):
    """Why a worker has had enough: ``kind`` is ``hang`` or ``inconclusive``."""

    kind: str
    detail: str


class Watch:
    """Looks at samples of one worker, and says when its unit has had enough."""

    def __init__(self, limit: float) -> None:
        self._limit = limit
        self._begun: Sample | None = None
        self._last = Sample(0.0, 0.0, True, 0)
        self._still = 0.0

    def look(self, sample: Sample) -> Overdue | None:
        """What is to be said of the worker now, in the order of the samples; None while it may go on."""
        if self._begun is None or sample.unit != self._begun.unit:
            self._begun = self._last = sample
            self._still = 0.0
            return None
        passed = sample.real - self._last.real
        idle = not sample.ready and sample.used - self._last.used < _IDLE * passed
        # Not set back by one busy sample: one that looks for work now and then has hung all the same.
        self._still = self._still + passed if idle else max(0.0, self._still - passed)
        self._last = sample
        used, real = sample.used - self._begun.used, sample.real - self._begun.real
        if used > self._limit:
            return Overdue("hang", f"no end after {self._limit:g} s of processor time")
        if self._still > self._limit * _STILL:
            return Overdue("hang", f"no end, and nothing done for {self._still:.0f} s")
        if real > self._limit * _STARVED:
            return Overdue("inconclusive", f"the machine gave it {used:.1f} s of processor time in {real:.0f} s")
        return None


class Progress:
    """Which unit a worker is at: memory that the child writes and its parent reads."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)

    def begin(self, name: str) -> None:
        """A unit begins; ``name`` tells a variant, "" the scenario itself."""
        data = name.encode("utf-8", "replace")[:_MOST_NAME]
        number = self.unit + 1
        self._memory[8 : 12 + len(data)] = struct.pack("=I", len(data)) + data
        self._memory[:8] = struct.pack("=Q", number)

    @property
    def unit(self) -> int:
        """How many units were begun."""
        number: int = struct.unpack("=Q", self._memory[:8])[0]
        return number

    @property
    def name(self) -> str:
        """The unit's name."""
        (length,) = struct.unpack("=I", self._memory[8:12])
        return self._memory[12 : 12 + length].decode("utf-8", "replace")

    def share(self, other: Progress) -> None:
        """From now on tell where the other one tells."""
        self._memory = other._memory

    def close(self) -> None:
        self._memory.close()


#: The progress of this process, where it is a worker.
PROGRESS = Progress()


def sampled(pid: int, real: float, unit: int) -> Sample:
    """A worker and all that it started, at this moment of real time."""
    usage = usage_of(pid)
    return Sample(real, usage.seconds, usage.ready, unit)
