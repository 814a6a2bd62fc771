"""A directory of files that become events: the tries that each file gets, and what is removed when.

The order in which things happen to a file is what the delivery modes promise:

* at-most-once: read, seen to be still the same file, removed, and only then handed over. Whoever
  removes it owns it; a crash may lose the events and never doubles them. A file replaced or
  completed while it was read is read again, as its writer wanted the new one collected. A small one
  is taken as it was opened (`same`).
* at-least-once: handed over, confirmed by the sender, and only then removed.

A file that looks damaged, linked or changed waits for a later round of the same pass
(read.torn-budget). It holds no descriptor meanwhile, only its name. What cannot be removed is
remembered as long as it is unchanged, so that its events are not handed over again
(clean.unremovable).
"""

import stat
from abc import ABC, abstractmethod

from .config import AT_LEAST_ONCE
from .directory import mark
from .errors import Changed, FileProblem, Subdirectory, Vanished, WorkLimit, describe, problem_of
from .listing import Listing

TYPE_CHECKING = False
if TYPE_CHECKING:
    import os
    from typing import Callable, Dict, List, Optional, Tuple

    from .config import Config
    from .directory import Directory, File
    from .outlet import Outlet
    from .report import Tally

    Mark = Tuple[int, int, int, int]

_SMALL = 4096  # bytes of a file that is read, parsed and judged in a moment: some dozen events at most


class Inbox(ABC):
    """One directory in one pass. `remembered` maps the names that could not be removed to their
    marks; it outlives the pass. A sub-class says how a file becomes events (`collect`)."""

    #: whether a file that is not there gets the retry rounds too
    awaits_vanished = False

    def __init__(
        self,
        directory: "Directory",
        wanted: "Callable[[List[str]], List[str]]",
        config: "Config",
        outlet: "Outlet",
        remembered: "Dict[str, Mark]",
        tally: "Tally",
    ) -> None:
        self.identity = directory.identity
        self.config = config
        self.outlet = outlet
        self.tally = tally
        self.limit = None  # type: Optional[str]
        self.pending = {}  # type: Dict[str, Tuple[FileProblem, Optional[Mark]]]
        self.listing = Listing(directory, wanted, config.max_entries, outlet.check)
        if self.listing.is_cut:
            self.tally.note("entries", "", "")
        self.tally.listed = self.listing.files
        self._removals = 0
        self._work = config.max_parse
        self._unconfirmed = []  # type: List[Tuple[str, Mark]]
        self._remembered = remembered
        if not self.listing.is_cut or len(remembered) > config.max_entries:  # else it may lie beyond
            for name in [name for name in remembered if name not in self.listing]:
                del remembered[name]

    @abstractmethod
    def collect(self, directory: "Directory", file: "File") -> None:
        """Hands over the events of an open file. Calls `claim` once the file has proved sound,
        before the first event; raises a FileProblem before that, and none after."""

    def turn(self, directory: "Directory") -> bool:
        """Handles the files that were not begun, until a limit is reached or enough were removed
        for one turn (isolate.time). True if there are more."""
        self._removals = 0
        check, next_name = self.outlet.check, self.listing.next
        while self.limit is None:
            if self._removals >= self.config.max_early_removals:
                self._confirm(directory)
                return True
            check()
            name = next_name(directory)
            if not name:
                break
            self._try(directory, name)
            if self.limit is None:
                self.limit = self.reached()
        self._confirm(directory)
        return False

    def reached(self) -> "Optional[str]":
        """The limit at which the directory now is, if any."""
        return None

    def discard_rest(self, directory: "Directory") -> bool:
        """Removes, unread, what was not begun when a limit was reached (quota.newest-win)."""
        return _discard_rest(self, directory)

    def missed(self, count: int) -> None:
        """So many listed entries were not found again: gone, or beyond what is looked at."""
        if not self.listing.is_cut:
            self.tally.vanished += max(count, 0)

    def retry(self, directory: "Directory") -> bool:
        """One more try for each pending file, newest first."""
        for name in sorted(self.pending, reverse=True):
            self.outlet.check()
            self.try_again(directory, name)
        self._confirm(directory)
        return False

    def try_again(self, directory: "Directory", name: str) -> None:
        del self.pending[name]
        self._try(directory, name)
        if self.limit is None:
            self.limit = self.reached()

    def give_up(self, directory: "Directory") -> bool:
        """The pending files had their tries: those at fault go, unless they are not what was tried
        any more."""
        for name, (problem, seen) in sorted(self.pending.items()):
            self.outlet.check()
            try:
                if seen is not None and not problem.keep and mark(directory.look(name)) != seen:
                    problem = Changed()
            except OSError as error:
                problem = problem_of(error)
            del self.pending[name]
            self._settle(directory, name, problem)
        return False

    def _try(self, directory: "Directory", name: str) -> None:
        status = None
        try:
            status = directory.look(name)
            if name in self._remembered and self._known(directory, name, mark(status)):
                return
            file = directory.open_file(name, status, self.config.max_file_size)
            status = file.status
            try:
                if status.st_size > self._work:  # more it never gives: what it gave is settled once it was read
                    raise WorkLimit
                self.collect(directory, file)
            finally:
                self._work -= file.given
                file.close()
            return
        except FileProblem as found:
            problem = found
        except OSError as error:
            problem = problem_of(error)
        if problem.retry or (self.awaits_vanished and isinstance(problem, Vanished)):
            if len(self.pending) > self.config.max_rejects:
                return  # too many to remember: left for the next pass
            # Only what it says: a traceback would keep the frames, and all that was read.
            problem.__traceback__ = problem.__context__ = problem.__cause__ = None
            self.pending[name] = problem, None if status is None else mark(status)
        else:
            self._settle(directory, name, problem)

    def _known(self, directory: "Directory", name: str, seen: "Mark") -> bool:
        """Whether it could not be removed and has not changed since; tries to remove it again."""
        if self._remembered[name] != seen:
            del self._remembered[name]
            return False
        if self.remove(directory, name):
            self.tally.processed += 1
        else:
            self.tally.spared += 1
        return True

    def _settle(self, directory: "Directory", name: str, problem: FileProblem) -> None:
        """The end of a file that did not become events."""
        if isinstance(problem, WorkLimit):
            self.limit = problem.reason
        self.told(name, problem)
        if isinstance(problem, Vanished):
            self.tally.vanished += 1
        elif isinstance(problem, Subdirectory):
            self.tally.spared += 1
        elif not problem.keep:
            self.discard(directory, name, problem.reason)

    def told(self, name: str, problem: FileProblem) -> None:
        """Takes note of a problem that is not going to be mended."""
        self.tally.problem(name, problem)

    def same(self, directory: "Directory", file: "File") -> None:
        """Raises Changed, or OSError if it has gone, if the name does not mean the file that was
        read any more.

        A small file is not looked at again: that it had not grown was seen when its end was read.
        Since then no more time has passed than lies between any look and what follows it.
        """
        if file.ended and file.status.st_size <= _SMALL:
            return
        if mark(directory.look(file.name)) != mark(file.status):
            raise Changed("it changed while it was read")

    def claim(self, directory: "Directory", file: "File", to_confirm: bool) -> None:
        """Makes the file ours, before its events are handed over; as for `same`. Unless its removal
        has to wait for the sender, it is removed."""
        self.same(directory, file)
        if file.ended:
            file.close()  # the kernel removes a file faster that nobody has open
        if to_confirm and self.config.delivery == AT_LEAST_ONCE:
            self.await_confirmation(file)
        else:
            self.remove(directory, file.name)
            self.tally.processed += 1

    def handed_over(self, directory: "Directory", file: "File") -> None:
        """Removes a file whose events were handed over, or leaves it until they are confirmed."""
        if self.config.delivery == AT_LEAST_ONCE:
            self.await_confirmation(file)
        else:
            self._remove_if_same(directory, file.name, mark(file.status))

    def await_confirmation(self, file: "File") -> None:
        self._unconfirmed.append((file.name, mark(file.status)))
        self._removals += 1  # to come, at the end of this turn

    def discard(self, directory: "Directory", name: str, reason: str) -> None:
        """Removes an entry that is not going to be read, and counts it."""
        try:
            directory.remove(name)
        except OSError as error:
            self.not_removed(directory, name, error)
        else:
            self._removals += 1
            self.tally.discarded[reason] += 1

    def not_removed(self, directory: "Directory", name: str, error: OSError) -> None:
        if isinstance(error, FileNotFoundError):
            self.tally.vanished += 1
        else:
            self._unremovable(directory, name, error)
            self.tally.spared += 1

    def remove(self, directory: "Directory", name: str) -> bool:
        """Whether it could be removed; if not, that is noted, and it is remembered. A directory is
        never removed, and needs no note. Raises Vanished."""
        try:
            directory.remove(name)
        except FileNotFoundError:
            raise Vanished from None
        except OSError as error:
            self._unremovable(directory, name, error)
            return False
        self._removals += 1
        return True

    def _unremovable(self, directory: "Directory", name: str, error: OSError) -> None:
        status = _look(directory, name)
        if status is None or not stat.S_ISDIR(status.st_mode):
            self.tally.note("unremovable", name, describe(error))
            if status is not None:
                self._remembered[name] = mark(status)

    def _confirm(self, directory: "Directory") -> None:
        """Has the sender confirm what was handed over, then removes its files
        (deliver.at-least-once)."""
        if not self._unconfirmed:
            return
        failure = self.outlet.flush()
        if failure is not None:
            self.tally.note("sender-error", "", failure)
        else:
            for name, seen in self._unconfirmed:
                self._remove_if_same(directory, name, seen)
        self._unconfirmed = []

    def _remove_if_same(self, directory: "Directory", name: str, seen: "Mark") -> None:
        try:
            if mark(directory.look(name)) == seen:
                self.remove(directory, name)
        except (OSError, Vanished):
            pass  # somebody else removed it, or it cannot even be looked at
        self.tally.processed += 1


def _discard_rest(inbox: Inbox, directory: "Directory") -> bool:
    left = inbox.listing.files - inbox.listing.begun
    check, remove = inbox.outlet.check, directory.remove
    removed = 0
    try:
        for name in inbox.listing.rest(directory):
            check()
            left -= 1
            try:
                remove(name)
            except OSError as error:
                inbox.not_removed(directory, name, error)
            else:
                removed += 1
    finally:
        if removed:
            inbox.tally.discarded[str(inbox.limit)] += removed
    inbox.missed(left)
    return False


def _look(directory: "Directory", name: str) -> "Optional[os.stat_result]":
    try:
        return directory.look(name)
    except OSError:
        return None
