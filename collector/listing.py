"""What lay in a directory when a pass first listed it.

The listing decides what a pass may touch at all (clean.in-flight), so it must know every entry; and
it must stay small for a directory of 100,000 entries (discover.flood). So it keeps of each entry
only a 64-bit mark, and of the event files the names: all of them, unless they take too much memory;
then those of the newest, a mark of each other, and the next names when these are used up. Two names
with one mark (1 in 10^14 for a full directory) would at worst have a new entry treated as an old
one.

A directory may hold more than a pass can look at, or never end. So a listing ends at a number of
entries, and with a stop (discover.endless). What lies beyond is not there for this pass.
"""

import functools
import re
from itertools import chain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from array import array
    from typing import Any, Callable, Iterable, Iterator, List, Pattern

    from .directory import Directory

MEMORY = 6000000  # bytes that names may take: those of 80,000 ordinary files, or of 20,000 with the longest names
_OF_A_NAME = 57  # bytes besides its characters, and its place in a list


@functools.lru_cache(maxsize=None)
def _event_files() -> "Pattern[str]":
    """select.name, select.ascii: ASCII digits and .json in any case, nothing before or after. For
    any number of names, each with a slash behind it: no name holds one. Compiled at its first use,
    not at every start of the agent."""
    return re.compile(r"(?:[0-9]+\.json/)+", re.IGNORECASE | re.ASCII)


def is_event_file(name: str) -> bool:
    return bool(_event_files().fullmatch(name + "/"))


def event_files(names: "List[str]") -> "List[str]":
    """Those of the names that are event files': mostly all of them, which one look tells."""
    if _event_files().fullmatch("/".join(names) + "/"):
        return names
    return list(filter(is_event_file, names))


def is_agent_event_file(name: str) -> bool:
    """agent.pickup: the extension in this case only."""
    return name.endswith(".tld")


def agent_event_files(names: "List[str]") -> "List[str]":
    return list(filter(is_agent_event_file, names))


class Listing:
    """The entries of a directory as they were, no more than `most`; `is_cut` tells that there are
    more. `wanted` tells the files to read from the others."""

    def __init__(
        self,
        directory: "Directory",
        wanted: "Callable[[List[str]], List[str]]",
        most: int,
        check: "Callable[[], None]",
        memory: int = MEMORY,
    ) -> None:
        from array import array  # noqa: PLC0415 - a library to load: every start of the agent would pay for it
        from bisect import bisect, bisect_left  # noqa: PLC0415 - the same

        self._place = bisect_left
        self._place_behind = bisect
        self._wanted = wanted
        self._memory = memory
        self._most = most
        self._check = check
        self.is_cut = False
        self.files = 0
        self.others = 0
        self.begun = 0
        self.last = ""
        self._marks = array("q")
        self._in_order = False
        self._names = self._newest(self._first(directory), self._mark)
        self._unlisted = self.files - len(self._names)

    def some_names(self, directory: "Directory") -> "Iterator[List[str]]":
        """Those that a pass looks at, some at a time. `check` raises once the pass is to end."""
        left = self._most
        for chunk in directory.some_names():
            self._check()
            if len(chunk) > left:
                self.is_cut = True
                if left:
                    yield chunk[:left]
                return
            left -= len(chunk)
            yield chunk

    def _first(self, directory: "Directory") -> "Iterator[List[str]]":
        for chunk in self.some_names(directory):
            found = self._wanted(chunk)
            self.files += len(found)
            if len(found) < len(chunk):
                self.others += len(chunk) - len(found)
                self._mark(set(chunk).difference(found))
            yield found

    def _mark(self, names: "Iterable[str]") -> None:
        self._marks.extend(map(hash, names))

    def _newest(self, chunks: "Iterable[List[str]]", leave: "Callable[[List[str]], object]") -> "List[str]":
        """The last of the names as text, in ascending order: as many as there is memory for, or
        half of that. `leave` is told the others."""
        newest = []  # type: List[str]
        size = 0
        dropped = ""  # and whatever is before it
        for chunk in chunks:
            newest += chunk
            size += _size(chunk)
            if size > self._memory:
                newest.sort()
                count = max(len(newest) // 2, self._place_behind(newest, dropped))
                dropped = newest[count - 1]
                leave(newest[:count])
                del newest[:count]
                size = _size(newest)
        newest.sort()
        count = self._place_behind(newest, dropped)
        leave(newest[:count])
        del newest[:count]
        return newest

    def __contains__(self, name: str) -> bool:
        if not self._in_order:
            self._marks = type(self._marks)("q", sorted(self._marks))
            self._in_order = True
        return self._holds(self._names, name) or self._holds(self._marks, hash(name))

    def _holds(self, ascending: "Any", one: "Any") -> bool:
        place = self._place(ascending, one)
        return bool(place < len(ascending) and ascending[place] == one)

    def next(self, directory: "Directory") -> str:
        """The next name in descending order as text (select.newest-first), empty after the last;
        kept in `last`."""
        if not self._names:
            if self._unlisted:
                self._names = self._newest(self._after(directory), len)  # all of these are marked
                self._unlisted = max(self._unlisted - len(self._names), 0) if self._names else 0
            if not self._names:
                self.last = ""
                return ""
        self.begun += 1
        self.last = name = self._names.pop()
        return name

    def rest(self, directory: "Directory") -> "Iterator[str]":
        """The listed files after `last`, in no order; some may not be there any more."""
        return chain.from_iterable(self._after(directory)) if self._unlisted else iter(self._names)

    def _after(self, directory: "Directory") -> "Iterator[List[str]]":
        """The listed files after `last` that are still there."""
        for chunk in self.some_names(directory):
            yield [name for name in self._wanted(chunk) if name < self.last and name in self]


def _size(names: "List[str]") -> int:
    """Bytes that they take in memory, as nearly as it matters: names of event files are ASCII."""
    return len("".join(names)) + _OF_A_NAME * len(names)
