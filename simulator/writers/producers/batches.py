"""A producer's day: which events fall where, and how they share files.

``per_file`` of an assignment caps a batch where it is over 1.
At 1, which scenario files have by default, a producer that batches in the field does so here.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...base import Draw
from ...core import Window
from ..assignment import Assignment
from ..traffic import TRAFFIC, arrivals_in


def batches(assignment: Assignment, window: Window, draw: Draw, natural: int) -> Iterator[tuple[int, int]]:
    """(moment, events) of each file of a producer that batches up to ``natural`` events."""
    most = natural if assignment.per_file <= 1 else min(natural, assignment.per_file)
    sizes = []
    rest = arrivals_in(assignment.traffic, window, assignment.events, draw.spawn("amount"))
    while rest:
        sizes.append(min(rest, draw.between(1, most)))
        rest -= sizes[-1]
    yield from zip(TRAFFIC[assignment.traffic](window, len(sizes), draw), sizes, strict=True)


def arrivals(assignment: Assignment, window: Window, draw: Draw) -> list[int]:
    """The moment of each event of the window."""
    amount = arrivals_in(assignment.traffic, window, assignment.events, draw.spawn("amount"))
    return TRAFFIC[assignment.traffic](window, amount, draw)
