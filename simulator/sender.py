"""The sender that a collector under test hands its events to: it records each, and misbehaves as the scenario's faults say."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from simulator.faults import Countdown, Fault
from simulator.history import COLLECTOR

#: Names of an event's parameters in the contract's order (CONTRACT.md section 1, Output).
PARAMETER_NAMES = (
    "GAVersion", "ContainerId", "OpcodeName", "EventTid", "EventPid", "TaskName", "OSVersion", "ExecutionMode", "RAM", "Processors",
    "KeywordName", "TenantName", "RoleName", "RoleInstanceName", "Location", "SubscriptionId", "ResourceGroupName", "VMId",
    "ImageOrigin", "EventName", "CapabilityUsed", "Context1", "Context2", "Context3",
)  # fmt: skip
EVENT_ID = 7
PROVIDER_ID = "FFF0196F-EE4C-4EAF-9AA5-776F622DEB4F"

Note = Callable[[str, str, str, Any], None]


class ServiceStoppedError(Exception):
    """What a stopped sender raises; collectors recognise it by this class name."""


def told(event: Any, place: list[Any] | None = None) -> dict[str, Any]:
    """An event as the history tells it: its key and values; names, ids and file type only where they are not the contract's.

    ``place``: the key of one that has none, which is told.
    """
    names, values = _names_and_values(getattr(event, "parameters", ()))
    key = getattr(event, "key", None)
    result: dict[str, Any] = {"key": place if key is None else _key(key), "values": values}
    if key is None:
        result["keyless"] = True
    if names != PARAMETER_NAMES:
        result["names"] = list(names)
    ids = [getattr(event, "eventId", None), getattr(event, "providerId", None), getattr(event, "file_type", None)]
    if ids != [EVENT_ID, PROVIDER_ID, "json"]:
        result["ids"] = [_plain(value) for value in ids]
    return result


def _key(key: Any) -> list[Any] | None:
    """[handler, file name, index]; nothing of a key that is something else."""
    plain = _plain(key)
    whole = isinstance(plain, list) and len(plain) == 3 and isinstance(plain[0], str) and isinstance(plain[1], str) and type(plain[2]) is int
    return plain if whole else None


def _names_and_values(parameters: Any) -> tuple[tuple[str, ...], list[Any]]:
    """The parameters' names and plain values, in their order."""
    pairs = [parameter if type(parameter) is tuple and len(parameter) == 2 else _pair(parameter) for parameter in parameters]
    if not pairs:
        return (), []
    names, values = zip(*pairs, strict=True)
    if names != PARAMETER_NAMES or set(map(type, names)) != _TEXT:
        names = tuple(name if type(name) is str else str(name) for name in names)
    if set(map(type, values)) <= _PLAIN:
        return names, list(values)
    return names, [_plain(value) for value in values]


#: Types that history keeps as they are; a text or number of a class of its own could change, or lie about itself.
_TEXT = {str}
_PLAIN = {str, int}


def _pair(parameter: Any) -> tuple[Any, Any]:
    return (parameter.name, parameter.value) if hasattr(parameter, "name") else (parameter[0], parameter[1])


def _plain(value: Any) -> Any:
    """A value that JSON can carry and that is the same everywhere; anything else by its type alone."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else repr(value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [_plain(item) for item in value]
    return f"<{type(value).__name__}>"


class RecordingSender:
    """Accepts events into the history. ``note(actor, op, path, result)`` is the run's recorder; ``point(label, when)`` is told of each
    delivery and flush, before and after it, and may end the process there; ``place()`` tells where an event without ``key`` was read."""

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
        self._faults = [Countdown(fault) for fault in faults if fault.kind.startswith(("sender", "flush"))]
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
            if not fault.kind.startswith("sender") or fault.kind == "sender-down" or not countdown.strike(self.pass_number):
                continue
            if fault.kind == "sender-slow":
                self._note(COLLECTOR, "fault", "", {"kind": fault.kind})
                self._slow_down(fault.seconds)
                continue
            self._note(COLLECTOR, "fault", "", {"kind": fault.kind, "key": self._told(event)["key"]})
            if fault.kind == "sender-mute":
                self._mute = True
                raise RuntimeError("the sender cannot be reached (a planned fault)")
            if fault.kind == "sender-stop":
                self.stop()
                raise ServiceStoppedError("the sender is stopped")
            raise RuntimeError("the sender failed (a planned fault)")
        self.accepted += 1
        self._note(COLLECTOR, "deliver", "", self._told(event))

    def _told(self, event: Any) -> dict[str, Any]:
        return told(event, self._place() if getattr(event, "key", None) is None else None)

    def stop(self) -> None:
        self._stopped = True

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
        """Whether all that was handed over is confirmed; one that cannot confirm raises, or says so where the fault says ``said``."""
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
