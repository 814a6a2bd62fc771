"""Where one run happens: the parts that everything in it works with.

Rules: a part knows the parts below it and no driver. What is decided once the collector is loaded
and the run is planned stands in ``Loaded``.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

from ..base import SECOND, Draw
from ..core import COLLECTOR, KIT, Cost, Step, offers
from ..scenario import Plan
from ..subjects import Factory, Subject
from ..world import CLOCK, FakeWorld, RealWorld
from .ear import Ear
from .faults import Faults
from .listener import Listener
from .process import Process
from .recorder import Recorder
from .schedule import Schedule
from .sender import RecordingSender
from .spec import RunSpec
from .told import step_result
from .watchdog import PROGRESS


class Stage:
    """The parts of one run, made from its spec."""

    def __init__(self, spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld) -> None:
        self.spec = spec
        self.subject = subject
        self.world = world
        self.ear = Ear(world.readable)
        self.recorder = Recorder(self.ear)
        self.note = self.recorder.note
        self.faults = Faults(spec, self.recorder, lambda: self.sender.stop())  # noqa: PLW0108 - it is made below
        nobody = Schedule((), Draw(spec.seed, "schedule"), self.perform)
        self.listener = Listener(world, self.recorder, self.faults, Draw(spec.seed, "listing"), nobody)
        self.process = Process(spec, world, self.recorder, self.listener, self.faults)
        self.sender = RecordingSender(
            self.note,
            spec.scenario.fault,
            lambda seconds: CLOCK.on_sleep(round(seconds * SECOND)),
            self.process.at_sender,
            self.listener.last_read,
        )
        #: What each pass cost, where a clause of the scenario is about that.
        self.costs: list[Cost] = []
        #: What is closed when the run is over, whichever way it ends.
        self.exits = ExitStack()

    def perform(self, actor: str, step: Step) -> None:
        """Have a writer take a step."""
        outcome = self.world.perform(step)
        self.note(actor, "step", step.path, step_result(step, outcome, CLOCK.now))

    def enter(self, number: int) -> None:
        """What happens from now on is of this pass."""
        self.recorder.enter(number)
        self.sender.pass_number = number

    def begin_pass(self, number: int, begin: int) -> None:
        """Come to the beginning of a pass: its time, its faults, and the steps that are due."""
        PROGRESS.begin_pass()
        self.enter(number)
        self.sender.start_again()
        if number == self.spec.heals_at:
            self.faults.heal()
            self.sender.heal()
        CLOCK.advance(max(0, begin - CLOCK.now))
        for fault in self.spec.scenario.fault:
            if fault.kind == "clock-step" and fault.in_pass == number:
                self.step_clock(fault.seconds)
            if fault.kind == "sender-down" and fault.in_pass == number:
                self.sender.stop()
                self.note(KIT, "fault", "", {"kind": fault.kind})
        self.listener.schedule.before_pass(CLOCK.now)

    def step_clock(self, seconds: float) -> None:
        """Set the wall clock, as a host does."""
        CLOCK.step_wall(round(seconds * SECOND))
        self.note(KIT, "fault", "", {"kind": "clock-step", "seconds": seconds})


class Declared:
    """What the collector declares that it can do, and which of it did not hold."""

    def __init__(self, stage: Stage, capabilities: Mapping[str, Any]) -> None:
        self._stage = stage
        self.capabilities = capabilities
        self._unkept: set[str] = set()

    def miss(self, capability: str, problem: str) -> None:
        """Note that a capability, if it is declared, does not hold; once a run."""
        if offers(self.capabilities, capability) and capability not in self._unkept:
            self._unkept.add(capability)
            self._stage.note(COLLECTOR, "capability", "", {"name": capability, "problem": problem})


@dataclass(frozen=True, slots=True)
class Loaded:
    """The collector as it was loaded, and what is planned for it."""

    factory: Factory
    declared: Declared
    settings: Mapping[str, Any]
    plan: Plan
    #: The handlers of the plan's actors, each once.
    handlers: tuple[str, ...]
