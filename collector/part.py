"""One directory's part of a pass, and what passes do with all their parts together.

Whatever goes wrong in one directory ends its own part and no other (isolate.extension). Between the
stages of a pass no descriptor is held, so that no number of directories runs out of them. A
directory that is entered again must still be the same (discover.swap).
"""

import errno

from .errors import Absent, Stopped, describe
from .report import Tally

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Callable, List, Optional

    from .config import Config
    from .directory import Directory
    from .inbox import Inbox
    from .outlet import Outlet

_NO_DIRECTORY = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP)


class Part:
    """`enter()` gives the directory or raises Absent or OSError; `make(directory, tally)` its inbox, at the first
    entry."""

    def __init__(
        self,
        name: str,
        path: str,
        enter: "Callable[[], Directory]",
        make: "Callable[[Directory, Tally], Inbox]",
    ) -> None:
        self.name = name
        self.path = path
        self.tally = Tally()
        self.inbox = None  # type: Optional[Inbox]
        self._enter = enter
        self._make = make
        self._over = False

    def play(self, stage: "Callable[[Inbox, Directory], bool]") -> bool:
        """Plays one stage in the directory; True if there is more to do. Nothing but a stop gets out."""
        if self._over:
            return False
        try:
            with self._enter() as directory:
                if self.inbox is None:
                    self.inbox = self._make(directory, self.tally)
                if self.inbox.identity == directory.identity:
                    return stage(self.inbox, directory)
                self.tally.gone = True
        except Stopped:
            raise
        except Absent:
            self.tally.gone = True
        except OSError as error:
            self._failed(error)
        except Exception as error:
            self.tally.note("error", "", describe(error))
        self._over = True
        return False

    def pending(self) -> bool:
        return self.inbox is not None and bool(self.inbox.pending) and not self._over

    def _failed(self, error: OSError) -> None:
        if self.inbox is None:
            self.tally.note("not-a-directory", "", describe(error))
        elif error.errno in _NO_DIRECTORY:
            self.tally.gone = True
        else:
            self.tally.note("error", "", describe(error))


def turn(inbox: "Inbox", directory: "Directory") -> bool:
    return inbox.turn(directory)


def play_turns(parts: "List[Part]") -> None:
    """A turn for each, then another for those that have more to do, until none has (isolate.time)."""
    while parts:
        parts = [part for part in parts if part.play(turn)]


def discard_rests(parts: "List[Part]") -> None:
    """What lies beyond the limits that were reached (quota.newest-win)."""
    for part in parts:
        if part.inbox is not None and part.inbox.limit is not None:
            part.play(lambda inbox, directory: inbox.discard_rest(directory))


def play_rounds(
    parts: "List[Part]", config: "Config", outlet: "Outlet", wait: "Callable[[float], object]"
) -> None:
    """The retry rounds of all pending files together, and their end (read.torn-budget)."""
    waited = 0.0
    for _ in range(config.tries - 1):
        pending = [part for part in parts if part.pending()]
        if not pending or waited + config.retry_delay > config.max_wait:
            break
        wait(config.retry_delay)
        waited += config.retry_delay
        outlet.check()
        for part in pending:
            part.play(lambda inbox, directory: inbox.retry(directory))
    for part in parts:
        if part.pending():
            part.play(lambda inbox, directory: inbox.give_up(directory))
