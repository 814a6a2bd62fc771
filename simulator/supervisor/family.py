"""The threads of a program and of all that it started: whose they are, and whether all of them
wait.

Rules: what is told of a thread comes from /proc (proc(5)). Threads have ranks in the order in which
they appear, so that of several that wait the same one is answered first in every run.
"""

from __future__ import annotations

import os
from collections.abc import Collection
from contextlib import suppress

#: States of a thread that goes on by itself: at work, waiting for a disk, being woken (proc(5),
#: stat).
_BUSY = frozenset(b"RDWKP")
_ON_DISK = ord("D")
#: States of a thread that has ended.
_ENDED = frozenset({b"Z", b"X"})
_MOST_STAT = 1024
_TICKS = os.sysconf("SC_CLK_TCK")


class Family:
    """``alone`` until a fork or a new thread was heard: then nobody needs to look."""

    def __init__(self) -> None:
        self.alone = True
        self._leaders: dict[int, int] = {}
        self._ranks: dict[int, int] = {}
        #: Threads whose last call was a fork: one waits in state D until its child has begun a
        #: program.
        self.forking: set[int] = set()
        self.leader = 0
        #: The process above the first: what loses its parent comes below it.
        self._above = 0
        #: What is known of each thread: its process, and where its state is read.
        self._states: dict[int, int] = {}
        self._is_stale = True
        #: Processes that have ended since somebody asked last.
        self.ended: set[int] = set()

    def close(self) -> None:
        for descriptor in self._states.values():
            os.close(descriptor)
        self._states.clear()
        self._is_stale = True

    @property
    def threads(self) -> Collection[int]:
        """Those that are known."""
        return {self.leader, *self._states} - {0} if self._states else [self.leader] if self.leader else ()

    def grows(self, tid: int) -> None:
        """A thread is about to make another thread or process."""
        self.alone = False
        self._is_stale = True
        self.forking.add(tid)

    def calls(self, tid: int) -> None:
        """A thread made a call: what it had begun to make before is there."""
        if tid in self.forking:
            self.forking.discard(tid)
            self._is_stale = True

    def process_of(self, tid: int) -> int:
        """The process that a thread belongs to. Raises OSError for one that is gone."""
        found = self._leaders.get(tid)
        if found is None:
            with open(f"/proc/{tid}/status", "rb") as file:
                told = dict(line.split(b":", 1) for line in file if line.startswith((b"Tgid:", b"PPid:")))
            found = self._leaders[tid] = int(told[b"Tgid"])
            if not self.leader:
                self.leader, self._above = found, int(told[b"PPid"])
        return found

    def rank(self, tid: int) -> int:
        return self._ranks.setdefault(tid, len(self._ranks))

    @property
    def is_led(self) -> bool:
        """Whether the first process lives. Its first thread may have ended before the others."""
        try:
            with open(f"/proc/{self.leader}/stat", "rb") as file:
                fields = file.read().rpartition(b") ")[2].split()
            return fields[0] not in _ENDED or int(fields[17]) > 1
        except (OSError, IndexError, ValueError):
            return False

    def is_quiet(self, waiting: Collection[int]) -> bool:
        """Whether every thread but these waits for something that another does. ``waiting``.

        Known to wait for an answer.
        """
        if self._is_stale or self.forking:
            self._look()
        return not any(self._is_busy(tid) for tid in self._states if tid not in waiting)

    def used(self, waiting: Collection[int]) -> float:
        """Seconds of processor that every thread but these has used."""
        ticks = 0
        for tid in self._states:
            if tid not in waiting:
                with suppress(OSError, IndexError, ValueError):
                    fields = os.pread(self._states[tid], _MOST_STAT, 0).rpartition(b") ")[2].split()
                    ticks += int(fields[11]) + int(fields[12])
        return ticks / _TICKS

    def _look(self) -> None:
        """Learn which threads there are. Of one that forks it is not known when it has done so."""
        threads = self._threads()
        for tid in sorted(threads):
            self.rank(tid)
        for tid in [tid for tid in self._states if tid not in threads]:
            os.close(self._states.pop(tid))
        for tid in threads:
            if tid not in self._states:
                with suppress(OSError):
                    self._states[tid] = os.open(f"/proc/{tid}/task/{tid}/stat", os.O_RDONLY | os.O_CLOEXEC)
        self.alone = len(threads) <= 1
        self.forking.intersection_update(threads)
        self._is_stale = False

    def _threads(self) -> dict[int, int]:
        """Every thread of the program and its descendants, with its process."""
        found: dict[int, int] = {}
        pending = [*self._leaders.values(), self.leader, *_children_of(self._above, self._above)]
        seen: set[int] = set()
        while pending:
            process = pending.pop()
            if process in seen:
                continue
            seen.add(process)
            with suppress(OSError):
                for name in os.listdir(f"/proc/{process}/task"):
                    found[int(name)] = process
                    pending += _children_of(process, int(name))
        self.ended |= {process for tid, process in self._leaders.items() if tid not in found} - set(found.values())
        self._leaders = {tid: process for tid, process in self._leaders.items() if tid in found}
        return found

    def _is_busy(self, tid: int) -> bool:
        try:
            state = os.pread(self._states[tid], _MOST_STAT, 0).rpartition(b") ")[2][0]
        except (OSError, IndexError):
            self._is_stale = True
            return False
        if state == _ON_DISK and tid in self.forking:
            return False
        return state in _BUSY


def _children_of(process: int, tid: int) -> list[int]:
    """The processes that a thread started (proc(5), children), where the kernel tells them."""
    with suppress(OSError), open(f"/proc/{process}/task/{tid}/children", "rb") as file:
        return [int(child) for child in file.read().split()]
    return []
