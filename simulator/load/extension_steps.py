"""What one extension writes, step by step, for as long as it is asked to.

Rules: the flow is a pure function of (share, seed, limits, epoch), as the plan of a simulated run
is. It is made as it is needed: a producer's steps stream, and hazards are applied to one window
after the other. Hazards take the tokens of what they add from a range of its own. So no token is
used twice in a run, however long.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import count

from ..base import Draw
from ..core import (
    Label,
    Limits,
    Step,
    Window,
    amount,
    events_dir,
    token,
)
from ..hazards import Bench, HazardType
from ..scenario import hazard
from ..writers import PRODUCERS, Assignment, left
from .rate import Share

#: The first token number of what hazards add; no producer writes so many.
OF_HAZARDS = 1 << 32
_SENTINEL = "simulate load: the first free token"


class Flow:
    """The steps of one share. ``end``: when it stops, in ns from the start."""

    def __init__(self, share: Share, seed: int, limits: Limits, epoch: int, end: int) -> None:
        self._share = share
        self._end = end
        self._hazards = tuple(hazard(options) for options in share.extension.actor.hazards)
        self._draw = Draw(seed, "actor", share.extension.number)
        actor, handler = share.extension.actor, share.extension.handler
        self._windows = share.windows(end)
        self._assignment = Assignment(
            actor=share.extension.number, handler=handler, directory=events_dir(handler), windows=self._windows,
            events=share.events, per_file=max(1, amount(actor.per_file, limits)), traffic=actor.traffic, limits=limits, epoch=epoch,
        )  # fmt: skip
        self._free = OF_HAZARDS

    def steps(self) -> Iterator[Step]:
        """In order of time; those at or after the end are left out."""
        made = self._produced()
        unread = self._share.extension.handler.startswith("-")  # discover.dash: nobody may read what it writes
        for step in self._with_hazards(made) if self._hazards else made:
            if step.at < self._end or self._share.budget is not None:
                yield step._replace(labels=left(step.labels)) if unread and step.labels is not None else step

    def _produced(self) -> Iterator[Step]:
        left = self._share.budget
        if not self._share.events or left == 0:
            return
        for step in PRODUCERS[self._share.extension.actor.producer].plan(self._assignment, self._draw.spawn("producer")):
            yield step
            if left is not None:
                left -= sum(1 for label in step.labels or () if label.token and label.due != "leave")
                if left <= 0:
                    return

    def _with_hazards(self, made: Iterator[Step]) -> Iterator[Step]:
        order = count()
        waiting: list[tuple[int, int, Step]] = []
        ahead = next(made, None)
        for place, window in enumerate(self._windows):
            steps = []
            while ahead is not None and ahead.at < window.end:
                steps.append(ahead)
                ahead = next(made, None)
            for step in self._spoiled(steps, self._windows[place : place + 2]):
                heapq.heappush(waiting, (step.at, next(order), step))
            while waiting and waiting[0][0] < window.end:
                yield heapq.heappop(waiting)[2]
        while waiting:
            yield heapq.heappop(waiting)[2]

    def _spoiled(self, steps: list[Step], windows: tuple[Window, ...]) -> list[Step]:
        """The window's steps after every hazard."""
        number = windows[0].number
        assignment = replace(self._assignment, windows=windows)
        sentinel = Step(windows[0].begin, "touch", _SENTINEL, labels=(Label(token(assignment.actor, self._free), "leave"),))
        current = [sentinel, *steps]
        for place, one in enumerate(self._hazards):
            if not one.passes or number % self._share.cycle in one.passes:
                current = apply(one, current, assignment, self._draw.spawn("hazard", place, number))
        self._free = max(self._free, *(int(label.token[-9:], 16) for step in current for label in step.labels or () if label.token))
        return [step for step in current if step.path != _SENTINEL]


def apply(one: HazardType, steps: list[Step], assignment: Assignment, draw: Draw) -> list[Step]:
    """A hazard's work in the first of the assignment's windows; the second is what follows."""
    bench = Bench(steps, assignment, draw)
    one.add(bench, assignment.windows[0])
    return bench.done()


def merged(flows: Iterable[Flow]) -> Iterator[Step]:
    """The steps of several, in order of time."""
    return heapq.merge(*(flow.steps() for flow in flows), key=lambda step: step.at)
