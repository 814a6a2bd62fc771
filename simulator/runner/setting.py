"""Where and when a run begins: in a fresh world with a plan of its scenario's."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from typing import Protocol

from ..base import BadInput, Draw
from ..core import AGENT, LOG_DIR, Limits, Step
from ..scenario import Interleave, Plan, make_plan
from ..world import CLOCK, host_in
from .ear import listening
from .placed import scheduled
from .schedule import OneStep, Schedule
from .stage import Loaded, Stage
from .watchdog import PROGRESS


class Setting(Protocol):
    """What stands before the first pass."""

    def open(self, stage: Stage) -> None:
        """Set the clock and the world."""

    def around(self, stage: Stage) -> AbstractContextManager[object]:
        """What holds while the run is made."""

    def planned(self, stage: Stage, limits: Limits) -> Plan: ...

    def scheduled(self, stage: Stage, plan: Plan) -> Schedule: ...

    def furnish(self, stage: Stage, loaded: Loaded) -> None:
        """Make the directories that are there before the first pass."""


class FreshWorld:
    """A world that is emptied, and a scenario's plan in it."""

    def open(self, stage: Stage) -> None:
        PROGRESS.begin_run(str(stage.spec.variant or ""))
        CLOCK.reset()
        stage.world.set_up()
        stage.world.arrange(stage.spec.scenario.log_dir, stage.spec.scenario.agent_events_dir)

    def around(self, stage: Stage) -> AbstractContextManager[object]:
        with ExitStack() as held:
            held.enter_context(host_in(stage.spec.scenario.timezone))
            held.enter_context(listening(stage.ear))
            return held.pop_all()

    def planned(self, stage: Stage, limits: Limits) -> Plan:
        spec = stage.spec
        return make_plan(spec.scenario, spec.seed, limits, without_attackers=spec.without_attackers)

    def scheduled(self, stage: Stage, plan: Plan) -> Schedule:
        variant = stage.spec.variant
        if not isinstance(variant, Interleave):
            places = stage.spec.scenario.place
            return scheduled(plan.actors, places, Draw(stage.spec.seed, "schedule"), stage.perform)
        try:
            target = (variant.actor, variant.step)
            return OneStep(plan.actors, plan.pass_times, target, variant.point, stage.perform)
        except IndexError:
            raise BadInput("the scenario has no such step", where=f"--variant {variant}") from None

    def furnish(self, stage: Stage, loaded: Loaded) -> None:
        if stage.spec.scenario.log_dir != "late":
            make_directories(stage, loaded)


def make_directories(stage: Stage, loaded: Loaded) -> None:
    """What the agent makes for each handler that is there, and the log dir where it comes late."""
    is_late = stage.spec.scenario.log_dir == "late"
    for handler in loaded.handlers:
        its_own = [actor for actor in loaded.plan.actors if actor.handler == handler]
        if all(actor.agent_events for actor in its_own) or not all(actor.present for actor in its_own):
            continue
        for path in (LOG_DIR, f"{LOG_DIR}/{handler}", f"{LOG_DIR}/{handler}/events"):
            if path != LOG_DIR or is_late:
                stage.perform(AGENT, Step(0, "mkdir", path, mode=0o700))
