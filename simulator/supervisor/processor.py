"""Whoever answers and whoever asks, on one processor.

Rules: a call waits for its answer, so nothing is lost where both share a processor; waking another
one costs more than most answers do. Between whiles both are let go of, so that the machine may move
them. A program that asks where it may run gets the true answer, and is let be.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from .family import Family
from .native import processor_here

#: Calls for which both stay together, and those after which they may have been moved.
_TOGETHER, _APART = 1024, 8


class Processor:
    """Keeps the threads of a program on the processor of this process."""

    def __init__(self) -> None:
        self._ours: set[int] = set()
        self._theirs: dict[int, set[int]] = {}
        self._here = -1
        self._may_meet = False
        self._calls = 0

    def meet(self, threads: Iterable[int]) -> None:
        """Have them run where this process runs, as long as a pass takes."""
        self._may_meet = True
        self._calls = 0
        self._join(threads)

    def part(self) -> None:
        """Let all of them run where they might before. Can be called again."""
        self._may_meet = False
        self._let_go()

    def counts(self, family: Family) -> None:
        """One more call is answered."""
        self._calls += 1
        if self._calls % _TOGETHER == _TOGETHER - _APART:
            self._let_go()
        elif self._calls % _TOGETHER == 0 and self._may_meet:
            self._join(family.threads)

    def _join(self, threads: Iterable[int]) -> None:
        ours = os.sched_getaffinity(0)
        if len(ours) == 1:
            return
        self._ours, self._here = ours, processor_here()
        try:
            for thread in threads:
                theirs = os.sched_getaffinity(thread)
                if self._here in theirs:
                    os.sched_setaffinity(thread, {self._here})
                    self._theirs[thread] = theirs
            if self._theirs:
                os.sched_setaffinity(0, {self._here})
        except OSError:
            self._let_go()

    def _let_go(self) -> None:
        for thread, theirs in self._theirs.items():
            try:
                if os.sched_getaffinity(thread) == {self._here}:
                    os.sched_setaffinity(thread, theirs)
            except OSError:  # it has ended
                continue
        if self._theirs:
            os.sched_setaffinity(0, self._ours)
        self._theirs.clear()
