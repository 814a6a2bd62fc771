"""When a worker hangs: decided by what it does, never by how long a busy machine takes.

Rules: a unit of work may take so much processor time. It is one pass of a run, or what comes
before or after all passes; of a service it is the whole run. A slow collector may need as much at
each pass. One that stands still hangs as well: for two thirds longer none of its processes uses the
processor or is ready to. One that is ready and gets next to nothing of the processor has not hung:
after far longer it is starved, which blames nobody and proves nothing.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Callable
from typing import NamedTuple

from ..core import STARVED
from ..subjects import usage_of
from .pace import slowness

#: Seconds of processor time after which a unit counts as hanging: a hang is told within a minute.
#: A slower processor gets more (runner/pace.py). Measured: the heaviest run of the reference takes
#: 10.8 s in all (discover/crowded). The two passes of the example in Perl over
#: read/sixteen-mebibytes took 45 s on a processor that was twice as slow.
WATCHDOG = 30.0
#: Real time for which a worker may stand still, by its processor time: waiting uses none, so it is
#: given longer.
_STILL = 1.7
#: Real time that a starved worker gets, by its processor time: a hundredth of a processor is still
#: progress.
_STARVED = 150.0
#: Real time that one look may add to standing still: who looks seldom was starved itself, or
#: suspended.
_LONGEST_LOOK = 5.0
#: Share of the processor below which a worker that is not ready counts as standing still.
_IDLE = 0.05
#: Units begun, runs begun, variants among them, variants planned, bytes of the name that follows.
_HEAD = struct.Struct("=QQQQI")
_MOST_NAME = 200


class Sample(NamedTuple):
    """A worker at a moment. ``real``, ``used``: seconds of real and of processor time; ``unit``:
    how many were begun.
    """

    real: float
    used: float
    ready: bool
    unit: int


class Overdue(NamedTuple):
    """Why a worker has had enough: ``kind`` is ``hang`` or ``STARVED``."""

    kind: str
    detail: str


class Watch:
    """Looks at samples of one worker, and says when its unit has had enough.

    ``slow``: how many times slower the processor is than the one of the limit. It is asked where
    the limit is reached, for that costs time.
    """

    def __init__(self, limit: float, slow: Callable[[], float] = slowness) -> None:
        self._limit = limit
        self._slow = slow
        self._begun: Sample | None = None
        self._last = Sample(0.0, 0.0, True, 0)
        self._still = 0.0

    def look(self, sample: Sample) -> Overdue | None:
        """What is to be said of the worker now, in the order of the samples; None while it may go
        on.
        """
        if self._begun is None or sample.unit != self._begun.unit:
            self._begun = self._last = sample
            self._still = 0.0
            return None
        passed = sample.real - self._last.real
        idle = not sample.ready and sample.used - self._last.used < _IDLE * passed
        # Not set back by one busy sample: one that looks for work now and then has hung all the
        # same.
        seen = min(passed, _LONGEST_LOOK)
        self._still = self._still + seen if idle else max(0.0, self._still - seen)
        self._last = sample
        used, real = sample.used - self._begun.used, sample.real - self._begun.real
        if used > self._limit and used > (due := self._limit * self._slow()):
            return Overdue("hang", f"no end after {due:.3g} s of processor time")
        if self._still > self._limit * _STILL:
            return Overdue("hang", f"no end, and nothing done for {self._still:.0f} s")
        if real > self._limit * _STARVED:
            return Overdue(STARVED, f"the machine gave it {used:.1f} s of processor time in {real:.0f} s")
        return None


class Progress:
    """Where a worker is: memory that the child writes and its parent reads."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, mmap.PAGESIZE)

    def begin_run(self, name: str) -> None:
        """A run begins; ``name`` tells a variant, "" the scenario itself."""
        data = name.encode("utf-8", "replace")[:_MOST_NAME]
        self._memory[_HEAD.size : _HEAD.size + len(data)] = data
        unit, runs, variants, planned, _ = self._head
        _HEAD.pack_into(self._memory, 0, unit + 1, runs + 1, variants + bool(name), planned, len(data))

    def begin_pass(self) -> None:
        """A pass of the run begins."""
        unit, *rest = self._head
        _HEAD.pack_into(self._memory, 0, unit + 1, *rest)

    def plan(self, variants: int) -> None:
        """So many variants are to be run in all."""
        unit, runs, begun, _, length = self._head
        _HEAD.pack_into(self._memory, 0, unit, runs, begun, variants, length)

    @property
    def _head(self) -> tuple[int, int, int, int, int]:
        unit, runs, variants, planned, length = _HEAD.unpack_from(self._memory)
        return unit, runs, variants, planned, length

    @property
    def unit(self) -> int:
        """How many units were begun."""
        return self._head[0]

    @property
    def runs(self) -> int:
        """How many runs were begun."""
        return self._head[1]

    @property
    def variants(self) -> tuple[int, int]:
        """How many of them were variants, and how many of these are planned.

        The second is 0 where that is not known yet.
        """
        return self._head[2], self._head[3]

    @property
    def name(self) -> str:
        """What the run tells."""
        length = self._head[4]
        return self._memory[_HEAD.size : _HEAD.size + length].decode("utf-8", "replace")

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
