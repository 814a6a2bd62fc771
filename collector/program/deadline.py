"""One deadline for a whole exchange: names, connection, handshake, request and answer share it, and
the stop is a part.

Nothing here waits longer than until the deadline, and a stop is seen within a fraction of a second.
What is under way then gets a short grace: an answer that comes in it saves the receiver from
getting the events twice.
"""

import select
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading
    from typing import Callable

GRACE = 2.0  # seconds from the stop; less than the thread's join, so that the end is an orderly one
_LOOK = 0.1  # seconds between two looks at the stop


class NoAnswer(Exception):
    """There is no whole answer, and the text says why: nothing is known of what became of the
    request."""


class Deadline:
    """`seconds` from now on, or the grace from the moment at which the stop was first seen."""

    def __init__(self, seconds: float, stop: "threading.Event", clock: "Callable[[], float]" = time.monotonic) -> None:
        self._stop = stop
        self._clock = clock
        self._end = clock() + seconds
        self._why = f"no whole answer in {seconds:g} seconds"
        self._stopping = False

    def left(self) -> float:
        """The seconds that are left, more than 0. Raises NoAnswer when there are none."""
        now = self._clock()
        if self._stop.is_set() and not self._stopping:
            self._stopping = True
            if now + GRACE < self._end:
                self._end = now + GRACE
                self._why = "the program stops, and no whole answer came in time"
        if now >= self._end:
            raise NoAnswer(self._why)
        return self._end - now

    def look(self) -> float:
        """The seconds that may be waited now, before the stop is looked at again. Raises NoAnswer.
        """
        return min(self.left(), _LOOK)

    def ready(self, descriptor: int, events: int, share: float = 1.0) -> None:
        """Waits until poll(2) has one of the events, for a share of what is left at most. Raises
        NoAnswer."""
        poll = select.poll()
        poll.register(descriptor, events)
        end = self._clock() + self.left() * share
        while not poll.poll(max(1, int(self.look() * 1000))):
            if self._clock() >= end:
                raise NoAnswer(self._why)
