"""Builds the collector behind the seam, and says who is to blame where it cannot be built.

Rules: a build is a process of its own, with the budget of a pass; so is each that is made to find
out who is to blame. A planned crash that strikes meanwhile is nobody's fault: it ends the process,
as it does in a pass.
"""

from __future__ import annotations

from typing import Any

from ..base import BuildRefused, is_interrupt
from ..core import AGENT_EVENTS_DIR, LOG_DIR, OUTSIDE
from ..subjects import Broken, Collector, Factory, mistake
from ..world import Killed
from .stage import Loaded, Stage


class Builder:
    """Of one run; each build is a process of its own."""

    def __init__(self, stage: Stage, loaded: Loaded) -> None:
        self._stage = stage
        self._declared = loaded.declared.capabilities
        self._settings = loaded.settings

    def build(self, factory: Factory) -> Collector:
        """The collector; what it does to the file system while it is built passes the seam as well.

        Raises BuildRefused or BadInput; Killed by a planned crash.
        """
        process = self._stage.process
        process.begin()
        self._stage.listener.begin_pass()
        look = process.look()
        try:
            built = self._called(factory, LOG_DIR, self._settings)
        except (Killed, Broken):
            raise
        except BaseException as error:
            if is_interrupt(error):
                raise
            raise self._blamed(factory, error) from error
        process.compare(look, "while it was built")
        return built

    def _called(self, factory: Factory, log_dir: str, settings: Any) -> Collector:
        full = self._stage.world.full
        return self._stage.process.call(
            factory, full(log_dir), full(AGENT_EVENTS_DIR), self._stage.sender, **settings
        )

    def _blamed(self, factory: Factory, error: BaseException) -> Exception:
        """BuildRefused if the collector can be built with other settings, else BadInput."""
        self._stage.ear.catch(error, in_pass=False)
        told = f"{type(error).__name__}: {error}"
        if self._settings and self._builds(factory, LOG_DIR, {}):
            takes = (
                "it declares"
                if "settings" in self._declared
                else "it takes, as it declares no settings that it is limited to"
            )
            given = self._stage.spec.scenario.collector
            asked = ", ".join(f"{name}={value!r}" for name, value in given.items())
            named = asked or ", ".join(self._settings)  # what the kit itself sets is no plain value
            return BuildRefused(f"the collector refuses {named}, which {takes}: {told}")
        if self._builds(factory, f"{OUTSIDE}/directory", self._settings):
            return BuildRefused(f"the collector cannot be built here: {told}")
        return mistake(error, self._stage.subject.spec, "could not be built: ")

    def _builds(self, factory: Factory, log_dir: str, settings: Any) -> bool:
        self._stage.process.begin()  # what ended the other process is over
        self._stage.listener.begin_pass()
        try:
            self._called(factory, log_dir, settings)
        except BaseException as error:
            if is_interrupt(error):
                raise
            return False
        return True
