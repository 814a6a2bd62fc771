"""Accepted events as lines of JSON on a descriptor.

A line is handed to the kernel before its event counts as taken, so nothing is confirmed that only a
buffer of this process holds. A reader that is slow is waited for. One that never reads does not
keep the program from stopping: a pipe that is ready takes PIPE_BUF bytes without blocking
(pipe(7)).
"""

import os
import select

from .plain import dumps
from .sender import Sender, ServiceStoppedError

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading

    from ..telemetry import TelemetryEvent

_AT_ONCE = select.PIPE_BUF
_LOOK = 0.5  # seconds between two looks at whether the program stops, while the reader is slow


class LineSender(Sender):
    """Writes each event as one line; a descriptor that cannot be written stops the program.
    `comes_again` says whether the file of an event that was not written is still there (at-least-
    once)."""

    def __init__(self, descriptor: int, stop: "threading.Event", comes_again: bool) -> None:
        super().__init__(stop)
        self._descriptor = descriptor
        self._comes_again = comes_again

    def enqueue_event(self, event: "TelemetryEvent") -> None:
        """Raises ServiceStoppedError once the event cannot be written whole."""
        left = memoryview(line(event))
        while left:
            if self.stopped():
                self._unwritten()
                raise ServiceStoppedError
            try:
                if select.select([], [self._descriptor], [], _LOOK)[1]:
                    left = left[os.write(self._descriptor, left[:_AT_ONCE]) :]
            except BlockingIOError:
                continue
            except OSError:
                self._unwritten()
                self.stop.set()
                raise ServiceStoppedError from None

    def flush(self) -> bool:
        return not (self.left or self.lost)

    def _unwritten(self) -> None:
        self.left = self.left or self._comes_again
        self.lost = not self._comes_again


def line(event: "TelemetryEvent") -> bytes:
    """{eventId, providerId, file_type, key: [handler, file, index], parameters: [{name, value}]}
    and a line feed."""
    told = {
        "eventId": event.eventId,
        "providerId": event.providerId,
        "file_type": event.file_type,
        "key": list(event.key),
        "parameters": [{"name": param.name, "value": param.value} for param in event.parameters],
    }
    return dumps(told).encode("ascii") + b"\n"
