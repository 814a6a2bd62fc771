"""What lay in a directory when a pass first listed it.

The listing decides what a pass may touch at all (clean.in-flight), so it must know every entry; and it must stay small
for a directory of 100,000 entries (discover.flood). So it keeps of each entry only a 64-bit mark, and of the event
files the names of the newest, a batch at a time: a pass seldom needs more than the first, as its limits end it sooner.
Two names with one mark (1 in 10^14 for a full directory) would at worst have a new entry treated as an old one.
"""

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from typing import Callable, Iterable, Iterator, List

    from .directory import Directory

BATCH = 10000  # names in memory, twice as many while they are found: with the longest, 6 MB
_EVENT_FILE = re.compile(r"[0-9]+\.json\Z", re.IGNORECASE | re.ASCII)


def is_event_file(name: str) -> bool:
    """select.name, select.ascii: ASCII digits and .json in any case, and nothing before or after."""
    return _EVENT_FILE.match(name) is not None


def is_agent_event_file(name: str) -> bool:
    """agent.pickup: the extension in this case only."""
    return name.endswith(".tld")


class Listing:
    """The entries of a directory as they were; `wanted(name)` tells the files to read from the others."""

    def __init__(self, directory: "Directory", wanted: "Callable[[str], bool]", batch: int = BATCH) -> None:
        from array import array  # noqa: PLC0415 - a library to load: every start of the agent would pay for it
        from bisect import bisect_left  # noqa: PLC0415 - the same

        self._place = bisect_left
        self._wanted = wanted
        self._batch = batch
        self.files = 0
        self.others = 0
        self.begun = 0
        self.last = ""
        marks = array("q")
        self._names = self._newest(self._first(directory, marks))
        self._marks = array("q", sorted(marks))
        self._unlisted = self.files - len(self._names)

    def _first(self, directory: "Directory", marks: "array[int]") -> "Iterator[str]":
        for name in directory.names():
            marks.append(hash(name))
            if self._wanted(name):
                self.files += 1
                yield name
            else:
                self.others += 1

    def _newest(self, names: "Iterable[str]") -> "List[str]":
        """The last of the names as text, in ascending order; never many more in memory."""
        newest = []  # type: List[str]
        for name in names:
            newest.append(name)
            if len(newest) >= 2 * self._batch:
                newest.sort()
                del newest[: self._batch]
        newest.sort()
        return newest[-self._batch :]

    def __contains__(self, name: str) -> bool:
        place = self._place(self._marks, hash(name))
        return place < len(self._marks) and self._marks[place] == hash(name)

    def next(self, directory: "Directory") -> str:
        """The next name in descending order as text (select.newest-first), empty after the last; kept in `last`."""
        if not self._names and self._unlisted:
            self._names = self._newest(self.rest(directory))
            self._unlisted = max(self._unlisted - len(self._names), 0) if self._names else 0
        self.last = self._names.pop() if self._names else ""
        self.begun += bool(self.last)
        return self.last

    def rest(self, directory: "Directory") -> "Iterator[str]":
        """The listed files after `last` that are still there, in no order."""
        return (name for name in directory.names() if name < self.last and self._wanted(name) and name in self)
