"""What a pass really cost: processor time and memory of the worker, beside the history and never in it.

The rule: these are facts of the machine, so they decide only the clauses that are about them, against limits far above what noise can move. Both
are taken from the kernel, for the clock of the worker stands still.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from simulator.world import seam

#: The clauses that are judged by cost; only their scenarios are measured.
CLAUSES = frozenset({"read.bounded-memory", "read.bounded-time", "redact.linear", "discover.flood"})


class Cost(NamedTuple):
    """Of one pass: seconds of processor, and by how many bytes the process grew at its peak."""

    seconds: float
    grown: int


@contextmanager
def measured(costs: list[Cost]) -> Iterator[None]:
    """Append what happens within to the costs."""
    with seam.aside():
        _reset_peak()
        before, begin = _resident("VmRSS"), _seconds()
    try:
        yield
    finally:
        with seam.aside():
            costs.append(Cost(_seconds() - begin, max(0, _resident("VmHWM") - before)))


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _reset_peak() -> None:
    """Have the kernel forget the peak so far (proc(5), clear_refs)."""
    with open("/proc/self/clear_refs", "w", encoding="ascii") as file:
        file.write("5")


def _resident(name: str) -> int:
    """Bytes, from /proc/self/status."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        for line in file:
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
    return 0
