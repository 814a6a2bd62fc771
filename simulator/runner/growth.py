"""What many passes leave behind: memory, descriptors, threads, looked at after each of them in a
run of its own.

Rules: what is counted is exact and the same on a busy machine (the allocations that Python traces,
entries of a table of the kernel's, threads), and never the size of the process. So of a program
descriptors and threads are counted, and its memory is not. What the kit itself keeps of a run is
its history, which is thrown away after every pass; its plan stands before the first pass and stays.
So what is left to grow is the collector's.
"""

from __future__ import annotations

import gc
import os
import threading
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..core import Held, PassKind
from ..subjects import Factory, ProgramSubject, Subject
from ..world import FakeWorld, RealWorld, count_descriptors
from .built_passes import BuiltPasses
from .pass_driver import PassDriver, PassMaker
from .program_driver import program_driver
from .program_passes import ProgramPasses
from .run import Run
from .spec import RunSpec
from .stage import Loaded, Stage

#: The clause that is judged by it.
GROWTH = "run.growth"


class Counts:
    """What there was after each pass of extension events."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self.memory: list[int] = []
        self.descriptors: list[int] = []
        self.threads: list[int] = []

    def take(self) -> None:
        """Count now; what the kit itself keeps of the run is thrown away before."""
        self._stage.recorder.records.clear()
        self._stage.costs.clear()
        gc.collect()
        self.memory.append(tracemalloc.get_traced_memory()[0])
        in_seam = len([fd for fd in self._stage.process.seam.descriptors if fd >= _FAKE])
        self.descriptors.append(count_descriptors() + in_seam)
        self.threads.append(threading.active_count())

    def held(self) -> Held:
        return Held(tuple(self.memory), tuple(self.descriptors), tuple(self.threads))

    def take_of(self, pids: Sequence[int]) -> None:
        """Count what processes have, which nobody can look into."""
        self._stage.recorder.records.clear()
        self.descriptors.append(sum(_entries(pid, "fd") for pid in pids))
        self.threads.append(sum(_entries(pid, "task") for pid in pids))


class CountedPasses:
    """Those of another maker, with a count after each."""

    def __init__(self, passes: PassMaker, take: Callable[[], None]) -> None:
        self._passes = passes
        self._take = take

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
            self._take()
        return crashed


def held_of(spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld) -> Held:
    """What the passes of a run leave behind, which is made for that alone."""
    if isinstance(subject, ProgramSubject):
        return _held_of_program(spec, subject, world)
    taken: list[Counts] = []

    def counted(stage: Stage, loaded: Loaded) -> CountedPasses:
        taken.append(counts := Counts(stage))
        return CountedPasses(BuiltPasses(stage, loaded), counts.take)

    run = Run(replace(spec, weighed=True), subject, world, PassDriver(counted))
    tracemalloc.start(1)
    try:
        run.execute()
    finally:
        tracemalloc.stop()
    return taken[0].held()


def _held_of_program(spec: RunSpec, subject: ProgramSubject, world: FakeWorld | RealWorld) -> Held:
    taken: list[Counts] = []

    def counted(stage: Stage, passes: ProgramPasses) -> CountedPasses:
        taken.append(counts := Counts(stage))
        return CountedPasses(passes, lambda: counts.take_of(passes.family()))

    Run(spec, subject, world, program_driver(subject, counted)).execute()
    return taken[0].held()


def _entries(pid: int, of: str) -> int:
    """How many a directory of /proc/PID has; 0 of a process that has ended."""
    try:
        return len(os.listdir(f"/proc/{pid}/{of}"))
    except OSError:
        return 0


#: Descriptors of the fake world begin here; those of the real one are in the kernel's table.
_FAKE = 1_000
