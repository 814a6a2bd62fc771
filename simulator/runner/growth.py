"""What many passes leave behind: memory, descriptors, threads, looked at after each of them in a
run of its own.

Rules: what is counted is exact and the same on a busy machine (the allocations that Python traces,
entries of a table of the kernel's, threads), and never the size of the process. What the kit itself
keeps of a run is its history, which is thrown away after every pass; its plan stands before the
first pass and stays. So what is left to grow is the collector's.
"""

from __future__ import annotations

import gc
import threading
import tracemalloc
from dataclasses import replace
from typing import Any

from ..core import Held, PassKind
from ..subjects import Subject
from ..world import FakeWorld, RealWorld, count_descriptors
from .run import Run
from .spec import RunSpec

#: The clause that is judged by it.
GROWTH = "run.growth"


class GrowthRun(Run):
    """A run that keeps nothing but what it counts."""

    def __init__(self, spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld) -> None:
        super().__init__(replace(spec, weighed=True), subject, world)
        self._memory: list[int] = []
        self._descriptors: list[int] = []
        self._threads: list[int] = []

    def _one_pass(self, kind: PassKind, collector: Any) -> bool:
        crashed = super()._one_pass(kind, collector)
        if kind == "extension":
            self._records.clear()
            self.costs.clear()
            gc.collect()
            self._memory.append(tracemalloc.get_traced_memory()[0])
            self._descriptors.append(count_descriptors() + len([fd for fd in self._seam.descriptors if fd >= _FAKE]))
            self._threads.append(threading.active_count())
        return crashed

    def held(self) -> Held:
        """What there was after each pass of extension events."""
        tracemalloc.start(1)
        try:
            self.execute()
        finally:
            tracemalloc.stop()
        return Held(tuple(self._memory), tuple(self._descriptors), tuple(self._threads))


#: Descriptors of the fake world begin here; those of the real one are in the kernel's table.
_FAKE = 1_000
