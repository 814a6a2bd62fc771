"""A run of a program whose calls are heard: the seam at the kernel (``simulator.supervisor``).

Rules: as in ``simulator.runner.run``: between two calls of a pass the writers take their steps and
faults strike. A line on stdout is a delivery at its place among the calls. A pass ends when the
program waits for the next request. A crash is SIGKILL of all that the program is: before the call
was made, or after it was and before the program learns of it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from ..core import COLLECTOR
from ..subjects import Program, messages
from ..supervisor import clock_is_had
from ..world import CLOCK, Killed, TimeUp, WorldSignal, WouldBlock
from .ageing import Ageing, Seen, Unaged
from .program_run import ProgramPass, ProgramRun
from .run import LONGEST_PASS

_ENDS = {Killed: "crash", WouldBlock: "would-block", TimeUp: "time-up"}


class HeardRun(ProgramRun):
    """The listener at the supervisor of one program."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        #: Whether the program has the kit's clock: nothing is made older for it then.
        self._keeps_clock = clock_is_had()
        self.lacking = () if self._keeps_clock else ("virtual_time",)
        #: The pass in which the program was killed: what else was to be done in it is not.
        self._died_in = -1
        #: Whether the program builds its collector: it is listened to, and nothing happens at its
        #: calls.
        self._building = False

    def _aged(self) -> Ageing:
        return Unaged(self._world.root) if self._keeps_clock else super()._aged()

    def _prepared(self, program: Program, wanted: Mapping[str, Any]) -> dict[str, Any]:
        """What it is started with; from here on its calls are told."""
        self._building = True
        program.listened_by(self, self._world.root)
        return dict(wanted)

    def _offer(self, kind: str) -> None:
        """What it lists is heard."""

    def _note_changes(self, before: Mapping[str, Seen], after: Mapping[str, Seen]) -> None:
        """What it changed was heard."""

    def _listen(self, program: Program, made: ProgramPass) -> None:
        self._building = False
        if self._died_in == self._pass:
            made.killed = True
            return
        self._calls = 0
        self._deadline = CLOCK.now + LONGEST_PASS
        try:
            for answer in program.collect(made.kind, made.script):
                self._take(answer, made)
            program.settle()
        except WorldSignal as signal:
            made.killed = True
            self._died_in = self._pass
            made.end = _ENDS[type(signal)]
            program.kill()

    def _take(self, answer: messages.Answer, made: ProgramPass) -> None:
        label = {"event": "deliver", "refused": "deliver", "flush": "flush"}.get(answer.type)
        if label is not None:
            self.schedule.at_delivery(CLOCK.now)
            self._strike(label, "", "before")
        super()._take(answer, made)
        if label is not None:
            self._strike(label, "", "after")

    # --- at the supervisor
    # --------------------------------------------------------------------------------------------

    def before(self, label: str, path: str) -> None:
        if not self._building:
            super().before(label, path)

    def after(self, label: str, path: str, errno: int) -> None:
        if not self._building:
            super().after(label, path, errno)
        elif not errno:
            self.note(COLLECTOR, "call", path, {"call": label, "seen": True})

    def asleep(self, nanoseconds: int) -> None:
        if self._building:
            CLOCK.advance(nanoseconds)
        else:
            self._sleep(nanoseconds)

    def escaped(self, call: str, path: str) -> None:
        self.note(COLLECTOR, "escape", path, {"event": call})

    def clock(self, number: int) -> int:
        return time.clock_gettime_ns(number)
