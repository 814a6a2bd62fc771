"""The collector's process as the kit has it: the seam in front of it, from each build to its end,
and what of the process around it is otherwise than before.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ..core import COLLECTOR
from ..world import CLOCK, Killed, Look, Seam, World, WorldSignal, aside, enter_seam
from .faults import Faults
from .listener import Listener
from .recorder import Recorder
from .spec import RunSpec


class Process:
    """That of one run, which may die and begin again; ``seam`` is there from the first build on."""

    def __init__(self, spec: RunSpec, world: World, recorder: Recorder, listener: Listener, faults: Faults) -> None:
        self._spec = spec
        self._world = world
        self._recorder = recorder
        self._listener = listener
        self._faults = faults
        #: What the next seam is heard by.
        self.heard_by: Any = listener
        self.seam: Seam

    def begin(self) -> None:
        """A new process, of which nothing is open yet."""
        self.seam = Seam(self._world.kernel, self._world.root, self.heard_by)

    @contextmanager
    def behind_seam(self) -> Iterator[None]:
        """What is called within is the collector's."""
        enter_seam(self.seam if self._spec.is_heard else None)
        try:
            yield
        finally:
            enter_seam(None)

    def look(self) -> Look | None:
        """The process around the collector as it is now, where the scenario is about that."""
        return Look(self._world.kernel.function) if self._spec.is_looked_at else None

    def compare(self, look: Look | None, when: str, *, threads: bool = True) -> None:
        """Note what of the process is otherwise since then; of one that died nothing is left."""
        if look is not None and not self.seam.dead and (found := look.changed(self.seam.descriptors, threads=threads)):
            self._recorder.note(COLLECTOR, "changed", "", {"when": when, "what": found})

    def at_sender(self, label: str, when: str) -> None:
        """A delivery or a flush: a writer may act before it, and the process may die at it."""
        if self.seam.dead:
            raise Killed(label)
        if when == "before":
            with aside():
                self._listener.schedule.at_delivery(CLOCK.now, label)
        if self._faults.left:
            try:
                self._faults.strike(label, "", when)
            except WorldSignal as signal:
                self.seam.die(type(signal))
                raise
