"""One run: a function of a spec, a subject and a world whose value is a history.

Rules: a run happens in a worker process, whose clock is frozen and whose ``os`` is hooked. Whatever
the collector does ends in a record, never in an exception. What a run is made of stands in
``Stage``; where it begins is its ``Setting``'s to say, and who asks for passes its ``Driver``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol, cast

from ..core import COLLECTOR, KIT, Cost, History, RunResult
from ..scenario import limits_of
from ..subjects import Broken, ProgramSubject, Subject, capabilities_of, host_settings, read_emitted
from ..world import CLOCK, READABLE, FakeWorld, LostWorld, RealWorld, restore_library, stop_watching, watch_escapes
from .built_passes import BuiltPasses
from .ear import Ear
from .pass_driver import PassDriver
from .program_driver import program_driver
from .program_service import ProgramServiceDriver
from .schedule import Schedule
from .service_driver import ServiceDriver
from .setting import FreshWorld, Setting
from .spec import RunSpec
from .stage import Declared, Loaded, Stage
from .told import told_capabilities


class Driver(Protocol):
    """Who asks for passes, or for whatever else a collector does."""

    @property
    def header(self) -> Mapping[str, Any]:
        """What else the first record tells."""

    def drive(self, stage: Stage, loaded: Loaded) -> None: ...


def driver_of(spec: RunSpec, subject: Subject) -> Driver:
    """A program's passes, a service's thread, or the passes of an object in this process."""
    serves = spec.scenario.service and not spec.pass_by_pass
    if isinstance(subject, ProgramSubject):
        return ProgramServiceDriver(subject) if serves else program_driver(subject)
    if serves:
        return ServiceDriver()
    return PassDriver(BuiltPasses)


class Run:
    """One run, and what it leaves behind."""

    def __init__(
        self,
        spec: RunSpec,
        subject: Subject,
        world: FakeWorld | RealWorld,
        driver: Driver | None = None,
        setting: Setting | None = None,
    ) -> None:
        self._stage = Stage(spec, subject, world)
        self._driver = driver or driver_of(spec, subject)
        self._setting = setting or FreshWorld()

    @property
    def history(self) -> History:
        return self._stage.recorder.history

    @property
    def ear(self) -> Ear:
        """What the collector said."""
        return self._stage.ear

    @property
    def costs(self) -> list[Cost]:
        """What each pass cost, of a run that is weighed."""
        return self._stage.costs

    @property
    def schedule(self) -> Schedule:
        """The writers' steps that are left."""
        return self._stage.listener.schedule

    @property
    def has_struck(self) -> bool:
        """Whether the variant's own fault struck."""
        return self._stage.faults.has_struck

    def execute(self) -> History:
        """Run it.

        Raises BadInput (the subject cannot be used), BuildRefused (it does not let itself be built
        so) or KitBroke; else it becomes history.
        """
        stage = self._stage
        with stage.exits:
            self._open()
            CLOCK.on_sleep = stage.listener.sleep
            watch_escapes(stage.world.root, READABLE)
            try:
                with self._setting.around(stage):
                    self._make()
            except LostWorld as lost:
                raise Broken("crash", str(lost)) from None
            finally:
                stop_watching()
                restore_library()
        return self.history

    def _open(self) -> None:
        try:
            self._setting.open(self._stage)
        except LostWorld as lost:
            raise Broken("crash", str(lost)) from None

    def _make(self) -> None:
        stage = self._stage
        factory = stage.subject.load()
        declared = Declared(stage, dict(capabilities_of(factory)))
        settings = dict(stage.spec.scenario.collector)
        plan = self._setting.planned(stage, limits_of(declared.capabilities, settings))
        hosted = host_settings(declared.capabilities, self._hear)
        handlers = tuple(dict.fromkeys(actor.handler for actor in plan.actors))
        loaded = Loaded(factory, declared, {**settings, **hosted}, plan, handlers)
        self._introduce(loaded, settings, sorted(hosted))
        stage.listener.schedule = self._setting.scheduled(stage, plan)
        self._setting.furnish(stage, loaded)
        self._driver.drive(stage, loaded)
        stage.note(KIT, "tree", "", [list(entry) for entry in stage.world.tree()])

    def _introduce(self, loaded: Loaded, settings: Mapping[str, Any], hosted: list[str]) -> None:
        """The first record: how the run is made."""
        limits, spec = loaded.plan.limits, self._stage.spec
        told = {
            "scenario": spec.scenario.id,
            "seed": spec.seed,
            "subject": self._stage.subject.spec,
            "limits": {name: getattr(limits, name) for name in limits.__dataclass_fields__},
            "delivery": settings.get("delivery", "at-most-once"),
            "capabilities": told_capabilities(loaded.declared.capabilities),
            **self._driver.header,
            **({"hosted": hosted} if hosted else {}),
            "actors": [
                {"name": a.name, "handler": a.handler, "role": a.role, "producer": a.producer}
                for a in loaded.plan.actors
            ],
        }
        self._stage.note(KIT, "run", "", cast(RunResult, told))

    def _hear(self, notice: Any) -> None:
        """A notice that the collector gives to the agent that embeds it, for a telemetry event of
        its own.
        """
        self._stage.note(COLLECTOR, "emit", "", read_emitted(notice))


def run(spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld) -> History:
    """The history of one run. Raises BadInput or KitBroke."""
    return Run(spec, subject, world).execute()
