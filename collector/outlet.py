"""The sender, as a pass may use it: it stops, it refuses, it fails, and none of this is an error of the pass.

A question that cannot be answered counts as "stopped": then nothing is removed (stop.masked).
"""

from .errors import Stopped, describe

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Callable, Optional

    from .telemetry import TelemetryEvent

_STOP = "ServiceStoppedError"  # by name: the class belongs to the embedding agent (CONTRACT.md 1)


class Outlet:
    """Wraps the sender; `stopping()` says whether the collector itself is being stopped."""

    def __init__(self, sender: "Any", stopping: "Callable[[], bool]") -> None:
        self._sender = sender
        self._stopping = stopping

    def ask(self) -> bool:
        """Whether the sender, or the collector, has stopped; the sender's error gets out."""
        return bool(self._stopping() or self._sender.stopped())

    def check(self) -> None:
        """Raises Stopped once nothing more may be handed over."""
        try:
            stopped = self._stopping() or self._sender.stopped()  # as `ask`, which would be a call more a file
        except Exception:
            stopped = True
        if stopped:
            raise Stopped

    def name(self) -> str:
        try:
            return str(self._sender.get_thread_name())
        except Exception as error:
            return describe(error)

    def hand_over(self, event: "TelemetryEvent") -> "Optional[str]":
        """Hands one event over; the text of the sender's error, if it refused this one. Raises Stopped."""
        try:
            self._sender.enqueue_event(event)
        except Exception as error:
            return _refusal(error)
        return None

    def flush(self) -> "Optional[str]":
        """None once all that was handed over is confirmed, else why not (deliver.at-least-once). Raises Stopped."""
        try:
            confirmed = self._sender.flush()
        except Exception as error:
            return _refusal(error)
        return "not confirmed" if confirmed is False else None


def _refusal(error: Exception) -> str:
    if any(kind.__name__ == _STOP for kind in type(error).__mro__):
        raise Stopped from None
    return describe(error)
