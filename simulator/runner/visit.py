"""Passes over directories that are there already, for a user's own test: no world is made, and time
goes on from where that test's own stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from ..base import Draw
from ..core import Limits
from ..scenario import ActorPlan, Plan
from ..world import CLOCK
from .schedule import Schedule
from .stage import Loaded, Stage


class Visit:
    """The setting of such passes. ``writers``: with the steps that they have left; ``begin``:
    virtual ns.
    """

    def __init__(self, writers: Sequence[ActorPlan], begin: int) -> None:
        self._writers = tuple(writers)
        self._begin = begin

    def open(self, stage: Stage) -> None:  # noqa: ARG002 - the form of every setting
        CLOCK.reset()
        CLOCK.advance(self._begin)

    def around(self, stage: Stage) -> AbstractContextManager[object]:  # noqa: ARG002 - the form of every setting
        return nullcontext()

    def planned(self, stage: Stage, limits: Limits) -> Plan:
        scenario = stage.spec.scenario
        times = tuple(self._begin + number * scenario.period for number in range(scenario.pass_count))
        return Plan(self._writers, times, scenario.period, limits)

    def scheduled(self, stage: Stage, plan: Plan) -> Schedule:
        return Schedule(plan.actors, Draw(stage.spec.seed, "schedule", self._begin), stage.perform)

    def furnish(self, stage: Stage, loaded: Loaded) -> None:
        """Their writers had them made."""
