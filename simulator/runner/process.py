"""The collector's process as the kit has it: the seam in front of it, from each build to its end,
and what of the process around it is otherwise than before.
"""

from __future__ import annotations

import os
import resource
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

from ..core import COLLECTOR
from ..subjects import Broken
from ..world import CLOCK, Killed, Look, Seam, World, WorldSignal, aside, enter_seam
from .faults import Faults
from .listener import Listener
from .recorder import Recorder
from .spec import RunSpec

T = TypeVar("T")

#: Limits of the process that a collector can take from the kit: what it opens, writes and holds.
_LIMITS = tuple(
    (f"RLIMIT_{name}", getattr(resource, f"RLIMIT_{name}"))
    for name in ("NOFILE", "FSIZE", "AS", "DATA", "STACK", "NPROC", "CPU")
)
#: As often as a hook of the interpreter can raise before it is gone: twice, and a margin.
_HOOKS_RAISE = 4


def _give_back(name: str, number: int, had: tuple[int, int], now: tuple[int, int]) -> None:
    """Raises Broken for a limit that nobody can raise again, and that the run needs."""
    most = had[0] if resource.RLIM_INFINITY in (now[1], had[0]) and now[1] == had[1] else min(had[0], now[1])
    for pair in (had, (most, now[1])):
        with suppress(OSError, ValueError):
            resource.setrlimit(number, pair)
            break
    if resource.getrlimit(number)[0] != had[0]:
        raise Broken("crash", f"the collector took from its process, for good, what it may use: {name} is {now[0]:,}")


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
        #: What a call of the collector's left otherwise and was put back at once.
        self._mended: list[str] = []
        self._pid = os.getpid()

    def begin(self) -> None:
        """A new process, of which nothing is open yet."""
        self.seam = Seam(self._world.kernel, self._world.root, self.heard_by)
        self._limits = [resource.getrlimit(number) for _, number in _LIMITS]

    def call(self, function: Callable[..., T], *args: Any, **options: Any) -> T:
        """Call the collector. Raises what it raises, and Broken where the run cannot go on.

        What it hung into the interpreter is taken off in this very frame. A call of a function
        would be the hook's before it is ours.
        """
        records, known = self._recorder.records, len(self._recorder.records)
        last = records[-1] if records else None
        of_threads = threading.gettrace(), threading.getprofile()
        hooks, settrace, setprofile = (sys.gettrace(), sys.getprofile()), sys.settrace, sys.setprofile
        is_hooked = False
        enter_seam(self.seam if self._spec.is_heard else None)
        try:
            return function(*args, **options)
        finally:
            for _ in range(_HOOKS_RAISE):
                try:
                    is_hooked = is_hooked or (sys.gettrace(), sys.getprofile()) != hooks
                    settrace(hooks[0])
                    setprofile(hooks[1])
                    break
                except BaseException:  # the hook's, which the interpreter takes off for that
                    is_hooked = True
            enter_seam(None)
            self._mend(of_threads, is_hooked=is_hooked)
            if len(records) < known or (known and records[known - 1] is not last):
                raise Broken("crash", "the collector changed the records of its run, which lie in its process")

    def _mend(self, of_threads: tuple[Any, Any], *, is_hooked: bool) -> None:
        if os.getpid() != self._pid:
            os._exit(0)  # a child of the collector's that came back; that it forked is told
        if (threading.gettrace(), threading.getprofile()) != of_threads:
            threading.settrace(of_threads[0])
            threading.setprofile(of_threads[1])
            is_hooked = True
        if is_hooked:
            self._mended.append("the interpreter's hooks")
        for (name, number), had in zip(_LIMITS, self._limits, strict=True):
            if (now := resource.getrlimit(number)) != had:
                self._mended.append("the process's limits and ids")
                _give_back(name, number, had, now)

    def look(self) -> Look | None:
        """The process around the collector as it is now, where the scenario is about that."""
        return Look(self._world.kernel.function) if self._spec.is_looked_at else None

    def compare(self, look: Look | None, when: str, *, threads: bool = True) -> None:
        """Note what of the process is otherwise since then; of one that died nothing is left."""
        mended, self._mended = list(dict.fromkeys(self._mended)), []
        if look is None or self.seam.dead:
            return
        found = look.changed(self.seam.descriptors, threads=threads)
        if found := [*found, *(name for name in mended if name not in found)]:
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
