"""What ends a collector's pass from outside.

All are BaseException: a collector's ``except Exception`` must not be able to swallow its own death.
A careless ``except:`` only meets the next one, because the seam stays dead once it has raised.
"""

from __future__ import annotations


class LostWorld(Exception):
    """The world is not what it was: its root is gone or another, or holds what cannot be removed.
    What a collector did to it, never the kit's failure.
    """


class WorldSignal(BaseException):
    """Base of everything that the world raises through a collector to end its run."""


class Killed(WorldSignal):
    """The process died at this call. Every later call of the dead process raises it again."""


class WouldBlock(WorldSignal):
    """The call would block for ever (such as opening a FIFO that nobody writes to)."""


class TimeUp(WorldSignal):
    """The pass used up its budget of virtual time or of calls."""


class NotModelled(WorldSignal):
    """The kit cannot model this call in this world:
    the kit's shortcoming, never the collector's failure.
    """


class Stuck(WorldSignal):
    """A thread blocks where virtual time cannot reach it:
    a real blocking call, or a wait that nobody can end.
    """
