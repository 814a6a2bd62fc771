"""One extension in one pass: its quota, its limits, and what is left behind in its events dir.

Files are begun in descending order of their names until a limit is reached. What was not begun then
is discarded, once every other extension has been read (isolate.time). Last of all, and only in a
pass that nobody stopped, the residue goes: other entries that are old, or too many.
"""

import stat
import time
from itertools import chain

from . import event, telemetry
from .config import AT_MOST_ONCE
from .directory import mark
from .errors import FileProblem, Stopped, problem_of
from .inbox import Inbox
from .listing import event_files, is_event_file
from .reader import elements
from .report import QUOTA, REJECTS, RESIDUE, SENDER_ERROR

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Dict, List, Optional, Tuple

    from .config import Config
    from .directory import Directory, File
    from .outlet import Outlet
    from .report import Tally
    from .telemetry import TelemetryEvent


class Extension(Inbox):
    """The inbox of one handler. `common` are the common parameters of this pass."""

    #: whether an element is an event; a sub-class may ask for more
    judge = staticmethod(event.judge)

    def __init__(
        self,
        handler: str,
        directory: "Directory",
        config: "Config",
        outlet: "Outlet",
        remembered: "Dict[str, Any]",
        tally: "Tally",
        common: "Dict[str, Any]",
    ) -> None:
        super().__init__(directory, event_files, config, outlet, remembered, tally)
        self.handler = handler
        self.tally.listed += self.listing.others
        self._template = telemetry.Template(handler, common)
        self._rejects = 0

    def collect(self, directory: "Directory", file: "File") -> None:
        config, status = self.config, file.status
        shown, found = elements(file.read, status.st_size, config.max_element, event.usual_values)
        opcode = telemetry.utc(status.st_mtime_ns)
        left = enumerate(found)
        claimed = more = False
        while more or not claimed:
            # Up to what is left of the quota. Nothing is counted yet: a malformed file is dropped as a whole.
            batch = []  # type: List[TelemetryEvent]
            dropped = []  # type: List[str]
            room = self._room()
            rejects = config.max_rejects - self._rejects
            more = False
            try:
                for index, element in left:
                    fields, reason = self.judge(element, shown, config.max_message, config.max_event)
                    if reason is None:
                        batch.append(self._template.event(file.name, index, opcode, fields))
                    else:
                        dropped.append(reason)
                    if len(batch) >= room or len(dropped) >= rejects:
                        more = True  # perhaps, if the sender refuses some: those use no quota
                        break
            except (FileProblem, OSError) as problem:
                if not claimed:
                    raise
                self.told(file.name, problem if isinstance(problem, FileProblem) else problem_of(problem))
                return
            if not claimed:
                self.claim(directory, file, bool(batch))
                claimed = True
                if not batch and not dropped:
                    self._rejects += 1  # a file without events costs as much as one without use
            if dropped:
                self._rejects += len(dropped)
                for reason in dropped:
                    self.tally.drop(reason)
            self._hand_over(file, batch)
            more = more and not self.reached()

    def _hand_over(self, file: "File", batch: "List[TelemetryEvent]") -> None:
        tally = self.tally
        handed = 0
        try:
            for made in batch:
                refusal = self.outlet.hand_over(made)
                handed += 1
                if refusal is None:
                    tally.accepted += 1
                else:
                    tally.drop(SENDER_ERROR)
                    tally.note("sender-error", file.name, refusal)
        except Stopped:
            if self.config.delivery == AT_MOST_ONCE:
                tally.lost += len(batch) - handed
            raise

    def told(self, name: str, problem: FileProblem) -> None:
        super().told(name, problem)
        if problem.reason:
            self._rejects += 1

    def clean(self, directory: "Directory") -> bool:
        """Removes the residue (clean.residue, clean.in-flight).

        Residue was there at the start, and is no event file and no directory. It is older than a
        period, or the oldest of too many.
        """
        now = time.time()
        left = self.listing.others
        young = []  # type: List[Tuple[int, str, int]]
        for name in chain.from_iterable(self.listing.some_names(directory)):
            if is_event_file(name) or name not in self.listing:
                continue
            self.outlet.check()
            try:
                status = directory.look(name)
            except OSError:
                continue
            left -= 1
            if stat.S_ISDIR(status.st_mode):
                self.tally.listed -= 1
            elif now - status.st_mtime > self.config.period:
                self.discard(directory, name, RESIDUE)
            else:
                young.append((status.st_mtime_ns, name, status.st_size))
                if len(young) > 2 * self.config.max_spared:
                    self._spare(directory, young)
        self.missed(left)
        self._spare(directory, young)
        self.tally.spared += len(young)
        return False

    def _spare(self, directory: "Directory", young: "List[Tuple[int, str, int]]") -> None:
        """Discards the oldest of these entries (time, name, size) until the rest is few and small enough to stay."""
        young.sort(reverse=True)
        size = 0
        for place, (_, _, more) in enumerate(young):
            size += more
            if place >= self.config.max_spared or size > self.config.max_spared_bytes:
                for _, name, _ in young[place:]:
                    self.discard(directory, name, RESIDUE)
                del young[place:]
                return

    def reached(self) -> "Optional[str]":
        if self._room() <= 0:
            return QUOTA
        if self._rejects >= self.config.max_rejects or len(self.pending) > self.config.max_rejects:
            return REJECTS
        return None

    def try_again(self, directory: "Directory", name: str) -> None:
        if self.limit is None:
            super().try_again(directory, name)
        else:
            self._over_limit(directory, name, self.limit)

    def _over_limit(self, directory: "Directory", name: str, limit: str) -> None:
        """A pending file with nothing left of the quota, say: one that was completed is discarded unread."""
        seen = self.pending[name][1]
        try:
            now = mark(directory.look(name))
        except OSError:
            return  # gone, or out of reach: `give_up` will find the same
        if now != seen:
            del self.pending[name]
            self.discard(directory, name, limit)

    def _room(self) -> int:
        return self.config.quota - self.tally.accepted
