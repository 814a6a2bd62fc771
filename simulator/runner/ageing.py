"""Real time for a world whose time is virtual: before a pass every entry gets the modification time
that makes it as old as it is meant to be.

Rules: (real now - real mtime) is (virtual now - virtual mtime). So a program that compares ages
with its own clock decides as it would in virtual time. The shift is a whole number of microseconds:
a time told to the microsecond shifts back exactly. After the pass every entry that is left gets its
virtual time again, so writers, ledger and the next pass know nothing of it. No link is followed.
What the program does to the entries meanwhile is its failure (``Broken``), never the kit's.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from ..base import EPOCH, SECOND
from ..safe import safe
from ..subjects import Broken
from ..world import kind_of, real_wall

#: Times further than this from the start of the run are meant as what they are, and stay.
_NEAR = 200 * 366 * 86_400 * SECOND
_MICROSECOND = 1_000


class Seen(NamedTuple):
    """An entry as it was just before or after a pass, its time virtual."""

    kind: str
    size: int
    mtime_ns: int
    #: What tells a new entry from the old one of that name.
    inode: int


class Ageing:
    """The shift of one pass over everything below a root."""

    def __init__(self, root: str) -> None:
        self._root = root
        #: inode -> by how many ns it was shifted, of this pass.
        self._shifted: dict[tuple[int, int], int] = {}
        #: By how many ns a near entry is shifted, of this pass.
        self.offset = 0

    def begin(self, now: int) -> dict[str, Seen]:
        """Shift everything; ``now`` is the virtual time (ns). Gives every entry by its path
        relative to the root.
        """
        self.offset = (real_wall() - (EPOCH + now)) // _MICROSECOND * _MICROSECOND
        return self.again()

    def again(self) -> dict[str, Seen]:
        """Shift everything as at the beginning of the pass, after ``end``.

        Within a pass nothing may change its age by more than the program sees pass.
        """
        self._shifted = {}
        found: dict[str, Seen] = {}
        for path, status in _walk(self._root):
            found[path] = _seen(status, status.st_mtime_ns)
            inode = (status.st_dev, status.st_ino)
            if inode not in self._shifted:  # another link of it may have been met
                self._shifted[inode] = self.offset if _is_near(status.st_mtime_ns) else 0
                self._set(path, status.st_mtime_ns + self._shifted[inode])
        return found

    def end(self) -> dict[str, Seen]:
        """Shift everything back. Gives what is there now; what is new has the offset of the pass
        taken off.
        """
        found: dict[str, Seen] = {}
        done: dict[tuple[int, int], int] = {}
        for path, status in _walk(self._root):
            inode = (status.st_dev, status.st_ino)
            if inode not in done:
                done[inode] = status.st_mtime_ns - self._shifted.get(inode, self.offset)
                self._set(path, done[inode])
            found[path] = _seen(status, done[inode])
        return found

    def shift_of(self, seen: Seen | None) -> int:
        """By how many ns an entry was shifted in this pass."""
        return self.offset if seen is None or _is_near(seen.mtime_ns) else 0

    def _set(self, path: str, mtime_ns: int) -> None:
        with _changing(path):
            os.utime(os.path.join(self._root, path), ns=(mtime_ns, mtime_ns), follow_symlinks=False)


class Unaged:
    """For a program that has the kit's clock: nothing is shifted, only looked at."""

    def __init__(self, root: str) -> None:
        self._root = root

    def begin(self, now: int) -> dict[str, Seen]:  # noqa: ARG002 - the form of Ageing
        return {path: _seen(status, status.st_mtime_ns) for path, status in _walk(self._root)}

    def end(self) -> dict[str, Seen]:
        return {}

    def shift_of(self, seen: Seen | None) -> None:
        """Times are told as they are."""


@contextmanager
def _changing(path: str) -> Iterator[None]:
    """What is gone by now is left out: a program may still be at work. Raises Broken for what it
    made unusable.
    """
    try:
        yield
    except (FileNotFoundError, NotADirectoryError):
        pass
    except OSError as error:
        raise Broken("protocol", f"it left {safe(path)!r} as nothing that can be looked at: {error.strerror}") from None


def _is_near(mtime_ns: int) -> bool:
    return abs(mtime_ns - EPOCH) < _NEAR


def _seen(status: os.stat_result, mtime_ns: int) -> Seen:
    return Seen(kind_of(status.st_mode), status.st_size, mtime_ns, status.st_ino)


def _walk(root: str) -> list[tuple[str, os.stat_result]]:
    """(path relative to the root, lstat) of everything below it."""
    found: list[tuple[str, os.stat_result]] = []
    pending = [""]
    while pending:
        directory = pending.pop()
        names: list[str] = []
        with _changing(directory):
            names = os.listdir(os.path.join(root, directory))
        for name in names:
            path = f"{directory}/{name}" if directory else name
            with _changing(path):
                status = os.lstat(os.path.join(root, path))
                found.append((path, status))
                if stat.S_ISDIR(status.st_mode):
                    pending.append(path)
    return found
