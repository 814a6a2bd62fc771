"""A program whose calls are heard: the seam at the kernel (``simulator.supervisor``).

Rules: as at the seam of ``os``: between two calls of a pass the writers take their steps and faults
strike. A line on stdout is a delivery at its place among the calls. A pass ends when the program
waits for the next request. A crash is SIGKILL of all that the program is: before the call was made,
or after it was and before the program learns of it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ..core import COLLECTOR, PassKind
from ..subjects import Program, messages
from ..supervisor import clock_is_had
from ..world import CLOCK, WorldSignal
from .ageing import Ageing, Seen, Unaged
from .changes import Change
from .ends import end_by
from .program_pass import POINTS, ProgramPass, Take
from .stage import Loaded, Stage


def lacking_here() -> tuple[str, ...]:
    """What judging can take and this outlook does not offer on this machine."""
    return ("process",) if clock_is_had() else ("process", "virtual_time", "waits")


class Heard:
    """The outlook of one run, and who listens at its program's supervisor."""

    pauses = False  # each of its calls is one

    def __init__(self, stage: Stage, loaded: Loaded) -> None:  # noqa: ARG002 - the form of every outlook
        self._stage = stage
        self._listener = stage.listener
        self._ageing = Unaged(stage.world.root) if clock_is_had() else Ageing(stage.world.root)
        #: Whether the program builds its collector: it is listened to, and nothing happens at its
        #: calls.
        self._is_building = False

    # --- as passes ask ------------------------------------------------------------------------------------------------

    def prepared(self, program: Program, settings: Mapping[str, Any]) -> dict[str, Any]:
        """From here on its calls are told."""
        self._is_building = True
        program.listened_by(self, self._stage.world.root)
        return dict(settings)

    def offer(self, kind: PassKind) -> None:
        """What it lists is heard."""

    def begin(self) -> dict[str, Seen]:
        return self._ageing.begin(CLOCK.now)

    def listen(self, program: Program, made: ProgramPass, take: Take) -> None:
        self._is_building = False
        self._listener.begin_pass()
        program.take_hurried()
        try:
            for answer in program.collect(made.kind, made.script):
                self._take_at_its_point(answer, take)
            program.settle()
            made.hurried = program.take_hurried()
        except WorldSignal as signal:
            made.end = end_by(type(signal))
            program.kill()

    def _take_at_its_point(self, answer: messages.Answer, take: Take) -> None:
        """What is asked of the sender is a point of the run: a writer may act, and the process die.
        """
        label = POINTS.get(answer.type)
        if label is None:
            take(answer)
            return
        self._listener.schedule.at_delivery(CLOCK.now, label)
        self._stage.faults.strike(label, "", "before")
        take(answer)
        self._stage.faults.strike(label, "", "after")

    def end(self, made: ProgramPass) -> list[Change]:  # noqa: ARG002 - what it changed was heard
        self._ageing.end()
        return []

    def shift_of(self, seen: Seen | None) -> int | None:
        return self._ageing.shift_of(seen)

    # --- at the supervisor --------------------------------------------------------------------------------------------

    def before(self, label: str, path: str) -> None:
        if not self._is_building:
            self._listener.before(label, path)

    def after(self, label: str, path: str, errno: int) -> None:
        if not self._is_building:
            self._listener.after(label, path, errno)
        elif not errno:
            self._stage.note(COLLECTOR, "call", path, {"call": label, "seen": True})

    def order(self, names: list[Any]) -> list[Any]:
        return self._listener.order(names)

    def is_endless(self, label: str, path: str) -> bool:
        return not self._is_building and self._listener.is_endless(label, path)

    def shorten(self, path: str, wanted: int) -> int:
        return wanted if self._is_building else self._listener.shorten(path, wanted)

    def asleep(self, nanoseconds: int) -> None:
        if self._is_building:
            CLOCK.advance(nanoseconds)
        else:
            self._listener.sleep(nanoseconds)

    def escaped(self, call: str, path: str) -> None:
        self._stage.note(COLLECTOR, "escape", path, {"event": call})

    def clock(self, number: int) -> int:
        return time.clock_gettime_ns(number)
