"""What a pass really cost: processor time and memory of the worker, beside the history and never in
it.

The rule: these are facts of the machine, so they decide only the clauses that are about them,
against limits far above what noise can move. Time near a limit is told in seconds of the machine of
the limits (pace.py). Both are taken from the kernel, for the clock of the
worker stands still.
"""

from __future__ import annotations

import os
import resource
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from ..core import Cost
from ..world import aside
from .pace import worth

#: Seconds of a pass below which no limit is near (read.bounded-time: 2 s).
_NEAR = 1.0


@contextmanager
def measured(costs: list[Cost]) -> Iterator[None]:
    """Append what happens within to the costs."""
    with aside():
        _reset_peak()
        before, begin = _resident("VmRSS"), _seconds()
    try:
        yield
    finally:
        with aside():
            costs.append(Cost(worth(_seconds() - begin, _NEAR), max(0, _resident("VmHWM") - before)))


@contextmanager
def measured_of(pids: Sequence[int], costs: list[Cost]) -> Iterator[None]:
    """The same of other processes; one that ends meanwhile is not counted."""
    for pid in pids:
        _reset_peak(str(pid))
    before = {pid: (_resident("VmRSS", str(pid)), _seconds_of(pid)) for pid in pids}
    yield
    grown, seconds = 0, 0.0
    for pid, (resident, used) in before.items():
        if (now := _seconds_of(pid)) >= used:
            seconds += now - used
            grown += max(0, _resident("VmHWM", str(pid)) - resident)
    costs.append(Cost(worth(seconds, _NEAR), grown))


def _seconds_of(pid: int) -> float:
    """Processor time of another process, -1 of one that has ended (proc(5): utime, stime)."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            fields = file.read().rpartition(b")")[2].split()
    except OSError:
        return -1.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _reset_peak(process: str = "self") -> None:
    """Have the kernel forget the peak so far (proc(5), clear_refs)."""
    with (
        suppress(ProcessLookupError, FileNotFoundError),
        open(f"/proc/{process}/clear_refs", "w", encoding="ascii") as file,
    ):
        file.write("5")


def _resident(name: str, process: str = "self") -> int:
    """Bytes, from /proc/PID/status; 0 of a process that has ended."""
    with (
        suppress(ProcessLookupError, FileNotFoundError),
        open(f"/proc/{process}/status", encoding="ascii", errors="replace") as file,
    ):
        for line in file:
            if line.startswith(name + ":"):
                return int(line.split()[1]) * 1024
    return 0
