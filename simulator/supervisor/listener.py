"""Who sits at the supervisor: the runner.

The same questions as at the seam of ``os`` (``simulator.world.seam``), and what only a program has.
"""

from __future__ import annotations

from typing import Any, Protocol


class Listener(Protocol):
    """Each may raise a WorldSignal, which ends the program."""

    def before(self, label: str, path: str) -> None:
        """May take writers' steps; may raise OSError (a fault) instead of the call."""
        ...

    def after(self, label: str, path: str, errno: int) -> None:
        """``errno`` is 0 where the call succeeded."""
        ...

    def order(self, names: list[Any]) -> list[Any]:
        """The order in which this listing shows its sorted entries."""
        ...

    def is_endless(self, label: str, path: str) -> bool:
        """Whether this listing shows entries without end behind those that are there."""
        ...

    def shorten(self, path: str, wanted: int) -> int:
        """How many bytes a read may return."""
        ...

    def asleep(self, nanoseconds: int) -> None:
        """The program waits so long; it is answered at once."""
        ...

    def escaped(self, call: str, path: str) -> None:
        """It changed something outside the world, or was led outside."""
        ...

    def clock(self, number: int) -> int:
        """What one of the program's clocks (clock_gettime(2)) shows, in ns."""
        ...
