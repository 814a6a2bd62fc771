"""Drives passes, one at a time, of whatever makes them: an object in this process, or a program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, Protocol

from ..core import KIT, PassKind
from ..subjects import Factory
from ..world import CLOCK, Killed
from .log_tap import LogTap
from .setting import make_directories
from .stage import Loaded, Stage


class PassMaker(Protocol):
    """What makes the passes of one run."""

    def start(self, factory: Factory) -> None:
        """A collector as it was loaded: build it, in a process of its own. Raises Killed where that
        one died by a planned crash.
        """

    def takes_agent_events(self) -> bool:
        """Whether it makes passes over agent events as well."""

    def make(self, kind: PassKind) -> bool:
        """Make one pass; True if the collector's process did not survive it."""

    def heal(self) -> None:
        """From now on no fault of its own strikes."""

    def stop(self) -> None:
        """The last pass was made."""


class PassDriver:
    """``header``: what else the first record tells of runs with this maker."""

    def __init__(
        self, maker: Callable[[Stage, Loaded], PassMaker], header: Mapping[str, Any] = MappingProxyType({})
    ) -> None:
        self._maker = maker
        self.header = header

    def drive(self, stage: Stage, loaded: Loaded) -> None:
        """Make the passes of the plan."""
        maker = self._maker(stage, loaded)
        _start(maker, loaded.factory, stage)
        scenario = stage.spec.scenario
        agent_events = any(actor.agent_events for actor in loaded.plan.actors) or scenario.agent_events_dir == "missing"
        with LogTap(stage.recorder, stage.ear, loaded.handlers).tapped():
            for number, begin in enumerate(loaded.plan.pass_times):
                if number == stage.spec.heals_at:
                    maker.heal()
                stage.begin_pass(number, begin)
                if agent_events and maker.takes_agent_events():
                    maker.make("agent")
                elif agent_events:
                    loaded.declared.miss("agent_events", "has no collect_agent_events()")
                crashed = maker.make("extension")
                if number == 0 and scenario.log_dir == "late":
                    make_directories(stage, loaded)
                stage.listener.schedule.after_pass(CLOCK.now)
                if crashed:
                    _restart(maker, stage)
        maker.stop()


def _start(maker: PassMaker, factory: Factory, stage: Stage) -> None:
    """Have it built; where a planned crash ends the process meanwhile, another builds it."""
    try:
        maker.start(factory)
    except Killed:
        _restart(maker, stage)


def _restart(maker: PassMaker, stage: Stage) -> None:
    """A new process. A crash strikes so often and no more, so there is one that lives."""
    stage.note(KIT, "restart", "", None)
    _start(maker, stage.subject.load(), stage)
