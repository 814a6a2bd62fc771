"""What ``os.scandir`` gives at the seam.

The kind of an entry comes with its name, as Linux gives it, and costs no call. ``stat`` costs one
and is remembered. Reading the directory is a ``readdir`` for the first entry of every kernel buffer
and one for the end. So a fault or a writer's step can fall between two buffers. What is listed was
taken when the directory was opened.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..core import ENTRIES_A_CALL

if TYPE_CHECKING:
    from .seam import Seam

#: Entries of a listing that never ends. A run has to, and so has a collector that takes them all:
#: a tenth more than it may look at, which shows it.
NEVER = 220_000

_GENUINE = os.DirEntry


def invented(number: int) -> str:
    """The name of such an entry: no event file's, and nobody has it."""
    return f"endless-{number}.tmp"


class _EntryType(type):
    """Makes ``isinstance(entry, os.DirEntry)`` true for the
    genuine class and for ours, whichever ``os`` names.
    """

    def __instancecheck__(cls, instance: object) -> bool:
        return type(instance) is cls or isinstance(instance, _GENUINE)


class Entry(metaclass=_EntryType):
    """The interface of ``os.DirEntry``, with its calls at the seam."""

    __slots__ = ("_base", "_kind", "_lstat", "_seam", "_stat", "name", "path")

    def __init__(self, seam: Seam, base: Any, name: Any, kind: str) -> None:
        self._seam = seam
        self._base = base
        self._kind = kind
        self._lstat: os.stat_result | None = None
        self._stat: os.stat_result | None = None
        self.name = name
        self.path = name if isinstance(base, int) else os.path.join(base, name)

    def __class_getitem__(cls, item: Any) -> Any:
        return _GENUINE[item]

    def __fspath__(self) -> Any:
        return self.path

    def __repr__(self) -> str:
        return f"<DirEntry {self.name!r}>"

    def stat(self, *, follow_symlinks: bool = True) -> os.stat_result:
        if not follow_symlinks or self._kind != "l":
            if self._lstat is None:
                self._lstat = self._ask(follow=False)
            return self._lstat
        if self._stat is None:
            self._stat = self._ask(follow=True)
        return self._stat

    def _ask(self, follow: bool) -> os.stat_result:
        where = {"dir_fd": self._base} if isinstance(self._base, int) else {}
        result: os.stat_result = self._seam.by_path("stat", "stat", (self.path,), {"follow_symlinks": follow, **where})
        return result

    def inode(self) -> int:
        return self.stat(follow_symlinks=False).st_ino

    def is_symlink(self) -> bool:
        return self._kind == "l"

    def is_junction(self) -> bool:
        return False

    def is_dir(self, *, follow_symlinks: bool = True) -> bool:
        return self._is(0o040000, "d", follow_symlinks)

    def is_file(self, *, follow_symlinks: bool = True) -> bool:
        return self._is(0o100000, "f", follow_symlinks)

    def _is(self, file_type: int, kind: str, follow: bool) -> bool:
        if self._kind != "l" or not follow:
            return self._kind == kind
        try:
            return self.stat().st_mode & 0o170000 == file_type
        except FileNotFoundError:
            return False


class Listing:
    """The iterator of ``os.scandir``. ``more``: so many entries that nobody finds stand behind
    those that were found.
    """

    def __init__(self, seam: Seam, base: Any, told: str, found: Sequence[tuple[Any, str]], more: int = 0) -> None:
        self._seam = seam
        self._base = base
        self._told = told
        self._found = found
        self._end = len(found) + more
        self._next = 0
        self._closed = False

    def __iter__(self) -> Listing:
        return self

    def __next__(self) -> Entry:
        if self._closed:
            raise StopIteration
        at_end = self._next == self._end
        if at_end or self._next % ENTRIES_A_CALL == 0:
            self._seam.call("readdir", self._told, _nothing)
        if at_end:
            self.close()
            raise StopIteration
        at = self._next
        name, kind = self._found[at] if at < len(self._found) else (invented(at), "f")
        self._next += 1
        return Entry(self._seam, self._base, name, kind)

    def __enter__(self) -> Listing:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._closed = True


def _nothing() -> None:
    """The kernel's answer was taken with the listing;
    the call's place in the order is what counts.
    """
