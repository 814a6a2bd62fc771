"""Faults at the seam: which call, delivery or read of a run they strike, and what they do there."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from errno import errorcode
from typing import NoReturn

from ..core import COLLECTOR
from ..scenario import Countdown
from ..world import Killed
from .recorder import Recorder
from .spec import RunSpec

#: Faults that do nothing at a call: what gives its answer asks for them.
_ASKED = {"short-read", "endless"}


class Faults:
    """Those of one run that strike at calls: the variant's, and the scenario's.

    ``stop_sender``: has the sender say from now on that it is stopped.
    """

    def __init__(
        self, spec: RunSpec, recorder: Recorder, stop_sender: Callable[[], object] = lambda: None
    ) -> None:
        self._recorder = recorder
        self._stop_sender = stop_sender
        self._varied = [Countdown(fault) for fault in (spec.variant.faults if spec.variant else ())]
        #: The variant's first: it counts every call, those too that a fault of the scenario fails.
        self.left = [*self._varied, *(Countdown(fault) for fault in spec.scenario.fault if fault.strikes_calls)]

    @property
    def has_struck(self) -> bool:
        """Whether the variant's own fault struck; one of the scenario stands for none."""
        return any(countdown.seen >= countdown.fault.nth for countdown in self._varied)

    @property
    def kill(self) -> bool:
        """Whether one of those that are left is a crash."""
        return any(countdown.fault.kind == "crash" for countdown in self.left)

    def heal(self) -> None:
        """From now on none strikes."""
        self.left = []

    def strike(self, label: str, path: str, when: str) -> None:
        """At a call, a delivery or a flush. Raises Killed, or the OSError that is planned."""
        for countdown in self.left:
            fault = countdown.fault
            if fault.kind in _ASKED or not fault.matches(label, path):
                continue
            at = fault.when if fault.kind == "crash" else "before"
            if at != when or not countdown.strike(self._recorder.pass_number):
                continue
            if fault.kind == "crash":
                self._recorder.note(COLLECTOR, "crash", path, {"call": label, "when": when})
                raise Killed(f"{label} {path}")
            if fault.kind == "sender-stop":
                self._recorder.note(COLLECTOR, "fault", path, {"kind": fault.kind, "call": label})
                self._stop_sender()
                continue
            self._recorder.note(COLLECTOR, "fault", path, {"kind": "errno", "call": label, "errno": fault.errno})
            self.fail(label, path, fault.errno)

    def fail(self, label: str, path: str, code: int | str) -> NoReturn:
        """Have the call give this error. Raises OSError."""
        number = getattr(errno, code) if isinstance(code, str) else code
        self._recorder.note(COLLECTOR, "call", path, {"call": label, "errno": errorcode[number]})
        raise OSError(number, os.strerror(number), path)

    def is_endless(self, label: str, path: str) -> bool:
        """Whether this listing never ends."""
        for countdown in self.left:
            fault = countdown.fault
            if fault.kind == "endless" and fault.matches(label, path) and countdown.strike(self._recorder.pass_number):
                self._recorder.note(COLLECTOR, "fault", path, {"kind": fault.kind, "call": label})
                return True
        return False

    def shorten(self, path: str, wanted: int) -> int:
        """How many bytes a read gives, of so many."""
        for countdown in self.left:
            fault = countdown.fault
            if (
                fault.kind == "short-read"
                and fault.matches("read", path)
                and countdown.strike(self._recorder.pass_number)
            ):
                return max(1, wanted // 2) if wanted > 1 else wanted
        return wanted

    def kills_at(self, label: str) -> bool:
        """Whether the process of a program is to die at this delivery or flush of its."""
        # Not any(): each counts every one.
        number = self._recorder.pass_number
        struck = [c.strike(number) for c in self.left if c.fault.kind == "crash" and c.fault.matches(label, "")]
        return any(struck)
