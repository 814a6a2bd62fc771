"""Where something can be tried in a run: its calls, its points, and whether a variant struck one.

A call is one of the file system, whatever came of it. A point is where a process can die: a call, a
delivery or a flush. Before each point of a pass, and after each sleep, a writer's step can be
placed. Variants count the same (``scenario.variants``).
"""

from __future__ import annotations

from collections import Counter

from ..core import COLLECTOR, History, Record
from ..runner import OneStep, Run
from ..scenario import Errno, Interleave, Variant


def is_call(record: Record) -> bool:
    """A sleep is none, and what was only seen afterwards of a program was not heard as one."""
    return record.op == "call" and record.result["call"] != "sleep" and "seen" not in record.result


def is_point(record: Record) -> bool:
    """Whether the process can die at it."""
    return is_call(record) or record.op in {"deliver", "flush"}


def counted(history: History) -> tuple[int, int]:
    """(calls, points) of a run."""
    return sum(map(is_call, history)), sum(map(is_point, history))


def places_of_passes(history: History) -> Counter[int]:
    """In how many places of each pass a step can be put."""
    return Counter(record.pass_number for record in history if _is_place(record))


def has_struck(run: Run, variant: Variant) -> bool:
    """Whether the variant met its point in this run."""
    if isinstance(variant, Interleave):
        return isinstance(run.schedule, OneStep) and run.schedule.met
    return run.has_struck


def points_for(run: Run, variant: Variant) -> str:
    """How many points of the variant's kind the run has, in words."""
    if isinstance(variant, Interleave):
        number = run.schedule.falls_in if isinstance(run.schedule, OneStep) else -1
        places = places_of_passes(run.history)[number]
        return f"the pass of the step has {places} calls, deliveries, flushes and sleeps"
    calls, points = counted(run.history)
    return (
        f"the run has {calls} calls"
        if isinstance(variant, Errno)
        else f"the run has {points} calls, deliveries and flushes"
    )


def _is_place(record: Record) -> bool:
    return is_point(record) or (record.actor == COLLECTOR and record.op == "call" and record.result["call"] == "sleep")
