"""The threads of a program and of all that it started: whose they are, and whether all of them
wait.

Rules: what is told of a thread comes from /proc (proc(5)). Threads have ranks in the order in which
they appear, so that of several that wait the same one is answered first in every run.
"""

from __future__ import annotations

import os
from contextlib import suppress

#: States of a thread that goes on by itself: at work, waiting for a disk, being woken (proc(5),
#: stat).
_BUSY = frozenset(b"RDWKP")
_ON_DISK = ord("D")


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

    def grows(self, tid: int) -> None:
        """A thread is about to make another thread or process."""
        self.alone = False
        self.forking.add(tid)

    def process_of(self, tid: int) -> int:
        """The process that a thread belongs to. Raises OSError for one that is gone."""
        found = self._leaders.get(tid)
        if found is None:
            with open(f"/proc/{tid}/status", "rb") as file:
                found = next(int(line[5:]) for line in file if line.startswith(b"Tgid:"))
            self._leaders[tid] = found
            self.leader = self.leader or found
        return found

    def rank(self, tid: int) -> int:
        return self._ranks.setdefault(tid, len(self._ranks))

    def is_quiet(self, waiting: set[int]) -> bool:
        """Whether every thread but these waits for something that another does. ``waiting``.

        Known to wait for an answer.
        """
        threads = self._threads()
        for tid in sorted(threads):
            self.rank(tid)
        self.alone = len(threads) <= 1
        return not any(self._is_busy(process, tid) for tid, process in threads.items() if tid not in waiting)

    def _threads(self) -> dict[int, int]:
        """Every thread of the program and its descendants, with its process."""
        found: dict[int, int] = {}
        pending = sorted({self.leader, *self._leaders.values()})
        seen: set[int] = set()
        while pending:
            process = pending.pop()
            if process in seen:
                continue
            seen.add(process)
            with suppress(OSError):
                for name in os.listdir(f"/proc/{process}/task"):
                    found[int(name)] = process
                    with (
                        suppress(OSError),
                        open(f"/proc/{process}/task/{name}/children", "rb") as file,
                    ):
                        pending += map(int, file.read().split())
        for tid in [tid for tid in self._leaders if tid not in found]:
            del self._leaders[tid]
        return found

    def _is_busy(self, process: int, tid: int) -> bool:
        try:
            with open(f"/proc/{process}/task/{tid}/stat", "rb") as file:
                state = file.read().rpartition(b") ")[2][0]
        except (OSError, IndexError):
            return False
        if state == _ON_DISK and tid in self.forking:
            return False
        return state in _BUSY
