"""A look at the agent's process, and at those that it started:
processor time, resident memory, open descriptors.

The rule: growth is measured against what the process had become when it was warm. Warm is the most
it held in the second half of the first minute; of a shorter run, of its first third. Growth is how
far the most that it held afterwards goes beyond that. Before that a growth is a start.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import psutil

from ..base import BadInput

#: Seconds after which a process is warm.
WARM = 60.0


class Sample(NamedTuple):
    """``at``: seconds from the start; ``cpu``: seconds of processor so far;
    ``rss``: bytes; ``descriptors``: how many, -1 where we may not know.
    """

    at: float
    cpu: float
    rss: int
    descriptors: int


def growth(samples: Sequence[Sample], warm: float) -> int | None:
    """Bytes by which it grew once it was warm; None where the run was over before."""
    before = [one.rss for one in samples if warm / 2 <= one.at <= warm]
    after = [one.rss for one in samples if one.at > warm]
    return max(0, max(after) - max(before)) if before and after else None


@dataclass
class Watch:
    """One process and its children.
    ``ended``: when it was first missed, in seconds from the start.
    """

    pid: int
    samples: list[Sample] = field(default_factory=list)
    ended: float | None = None

    def __post_init__(self) -> None:
        try:
            self._process = psutil.Process(self.pid)
        except psutil.Error:
            raise BadInput(f"no process has the id {self.pid}", where="--pid") from None

    def look(self, at: float) -> None:
        """Take a sample, unless the process has ended."""
        if self.ended is not None:
            return
        try:
            if not self._process.is_running() or self._process.status() == psutil.STATUS_ZOMBIE:
                raise psutil.NoSuchProcess(self.pid)
            parts = [_sample(one, at) for one in (self._process, *self._process.children(recursive=True))]
        except psutil.Error:
            self.ended = at
            return
        known = [part for part in parts if part is not None]
        if known:
            descriptors = [part.descriptors for part in known]
            self.samples.append(Sample(at, sum(p.cpu for p in known), sum(p.rss for p in known), -1 if -1 in descriptors else sum(descriptors)))


def _sample(process: psutil.Process, at: float) -> Sample | None:
    try:
        with process.oneshot():
            times, memory = process.cpu_times(), process.memory_info()
            try:
                descriptors = process.num_fds()
            except psutil.AccessDenied:
                descriptors = -1
            return Sample(at, times.user + times.system, memory.rss, descriptors)
    except psutil.Error:
        return None
