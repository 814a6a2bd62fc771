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

from ..core import Held, PassKind
from ..subjects import Factory, Subject
from ..world import FakeWorld, RealWorld, count_descriptors
from .built_passes import BuiltPasses
from .pass_driver import PassDriver, PassMaker
from .run import Run
from .spec import RunSpec
from .stage import Loaded, Stage

#: The clause that is judged by it.
GROWTH = "run.growth"


class Counts:
    """What there was after each pass of extension events."""

    def __init__(self) -> None:
        self.memory: list[int] = []
        self.descriptors: list[int] = []
        self.threads: list[int] = []

    def take(self, stage: Stage) -> None:
        """Count now; what the kit itself keeps of the run is thrown away before."""
        stage.recorder.records.clear()
        stage.costs.clear()
        gc.collect()
        self.memory.append(tracemalloc.get_traced_memory()[0])
        in_seam = len([fd for fd in stage.process.seam.descriptors if fd >= _FAKE])
        self.descriptors.append(count_descriptors() + in_seam)
        self.threads.append(threading.active_count())


class CountedPasses:
    """Those of another maker, with a count after each."""

    def __init__(self, passes: PassMaker, stage: Stage, counts: Counts) -> None:
        self._passes = passes
        self._stage = stage
        self._counts = counts

    def start(self, factory: Factory) -> None:
        self._passes.start(factory)

    def takes_agent_events(self) -> bool:
        return self._passes.takes_agent_events()

    def heal(self) -> None:
        self._passes.heal()

    def stop(self) -> None:
        self._passes.stop()

    def make(self, kind: PassKind) -> bool:
        crashed = self._passes.make(kind)
        if kind == "extension":
            self._counts.take(self._stage)
        return crashed


def held_of(spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld) -> Held:
    """What the passes of a run leave behind, which is made for that alone."""
    counts = Counts()

    def counted(stage: Stage, loaded: Loaded) -> CountedPasses:
        return CountedPasses(BuiltPasses(stage, loaded), stage, counts)

    run = Run(replace(spec, weighed=True), subject, world, PassDriver(counted))
    tracemalloc.start(1)
    try:
        run.execute()
    finally:
        tracemalloc.stop()
    return Held(tuple(counts.memory), tuple(counts.descriptors), tuple(counts.threads))


#: Descriptors of the fake world begin here; those of the real one are in the kernel's table.
_FAKE = 1_000
