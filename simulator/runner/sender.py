"""The sender that a collector under test hands its events to: it records each, and misbehaves as
the scenario's faults say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ..core import COLLECTOR, DeliverResult, Note
from ..scenario import Countdown, Fault
from ..subjects import event_values


class ServiceStoppedError(Exception):
    """What a stopped sender raises; collectors recognise it by this class name."""


def is_the_senders(fault: Fault) -> bool:
    """Whether it strikes at a delivery or a flush, or before a pass."""
    return fault.kind.startswith(("sender", "flush")) and not fault.strikes_calls


class RecordingSender:
    """Accepts events into the history. ``note(actor, op, path, result)`` is the run's recorder;
    ``point(label, when)`` is told of each delivery and flush, before and after it, and may end the
    process there; ``place()`` tells where an event without ``key`` was read.
    """

    def __init__(
        self,
        note: Note,
        faults: Sequence[Fault],
        slow_down: Callable[[float], None],
        point: Callable[[str, str], None],
        place: Callable[[], list[Any] | None] = lambda: None,
    ) -> None:
        self._note = note
        self._point = point
        self._place = place
        self._slow_down = slow_down
        self._faults = [Countdown(fault) for fault in faults if is_the_senders(fault)]
        self._stopped = False
        self._mute = False
        self.pass_number = 0
        self.accepted = 0

    def enqueue_event(self, event: Any) -> None:
        self._point("deliver", "before")
        self._accept(event)
        self._point("deliver", "after")

    def _accept(self, event: Any) -> None:
        if self._stopped:
            raise ServiceStoppedError("the sender is stopped")
        if self._mute:
            raise RuntimeError("the sender cannot be reached (a planned fault)")
        for countdown in self._faults:
            fault = countdown.fault
            if (
                not fault.kind.startswith("sender")
                or fault.kind == "sender-down"
                or not countdown.strike(self.pass_number)
            ):
                continue
            if fault.kind == "sender-slow":
                self._note(COLLECTOR, "fault", "", {"kind": fault.kind})
                self._slow_down(fault.seconds)
                continue
            self._note(COLLECTOR, "fault", "", {"kind": fault.kind, "key": self._serialized(event)["key"]})
            if fault.kind == "sender-mute":
                self._mute = True
                raise RuntimeError("the sender cannot be reached (a planned fault)")
            if fault.kind == "sender-stop":
                self.stop()
                raise ServiceStoppedError("the sender is stopped")
            raise RuntimeError("the sender failed (a planned fault)")
        self.accepted += 1
        self._note(COLLECTOR, "deliver", "", self._serialized(event))

    def _serialized(self, event: Any) -> DeliverResult:
        return event_values(event, self._place() if getattr(event, "key", None) is None else None)

    def stop(self) -> None:
        self._stopped = True

    def fall_silent(self) -> None:
        """From now on it cannot be asked."""
        self._mute = True

    @property
    def is_mute(self) -> bool:
        return self._mute

    def start_again(self) -> None:
        """A new pass of a new process: the sender serves again."""
        self._stopped = self._mute = False

    def heal(self) -> None:
        """From now on no fault strikes."""
        self._faults = []

    def stopped(self) -> bool:
        if self._mute:
            raise RuntimeError("the sender cannot be reached (a planned fault)")
        return self._stopped

    is_stopped = stopped

    def get_thread_name(self) -> str:
        return "SendTelemetryHandler"

    def flush(self) -> bool:
        """True if everything that was handed over is confirmed. Under ``flush-error``: raises, or
        returns False if the fault has ``said``.
        """
        self._point("flush", "before")
        confirmed = self._confirm()
        self._point("flush", "after")
        return confirmed

    def _confirm(self) -> bool:
        for countdown in self._faults:
            if countdown.fault.kind == "flush-error" and countdown.strike(self.pass_number):
                self._note(COLLECTOR, "flush", "", {"confirmed": False})
                if countdown.fault.said:
                    return False
                raise RuntimeError("the sender could not confirm (a planned fault)")
        self._note(COLLECTOR, "flush", "", {"confirmed": True})
        return True
