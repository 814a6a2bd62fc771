"""Remove what a run left below a directory, whatever a collector put there.

Rules: by descriptor, no link followed, nothing beyond a mount point touched. What lies a few levels
deep and is held by nothing goes at once, as nearly all does. Of the rest, a directory that is not
empty hands its directories up to the top before it goes. So one that is 3,000 levels deep needs no
more than a dozen descriptors and no long path.
"""

from __future__ import annotations

import errno
import fcntl
import os
import struct
from contextlib import suppress
from itertools import count

from ..safe import mount_of
from .seam import REAL

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
#: ioctl_iflags(2): immutable and append-only.
_GET_FLAGS, _SET_FLAGS, _HELD = 0x80086601, 0x40086602, 0x10 | 0x20
#: Rounds over the top without anything gone, while a program may still be at work there.
_PATIENCE = 3
#: Levels below the top that go at once: an events dir lies five deep, and an attacker's directory
#: in it a few more.
_LEVELS = 10

_open, _close, _scandir, _unlink, _rmdir = (REAL[name] for name in ("open", "close", "scandir", "unlink", "rmdir"))


def clear(root: str) -> str:
    """Empty a directory. Gives the name of something that stays, "" where nothing does. Raises
    OSError for a root that is no directory any more.
    """
    with _Open(root) as top:
        clearing = _Clearing(top)
        return clearing.run()


class _Open:
    """A directory's descriptor for a while. ``holder``: the directory that it is in."""

    fd: int

    def __init__(self, path: str, holder: int | None = None) -> None:
        try:
            self.fd = _open(path, _DIRECTORY, dir_fd=holder)
        except PermissionError:
            _unlock(path, holder)
            self.fd = os.open(path, _DIRECTORY, dir_fd=holder)

    def __enter__(self) -> int:
        return self.fd

    def __exit__(self, *_: object) -> None:
        _close(self.fd)


class _Clearing:
    """One directory that is emptied."""

    def __init__(self, top: int) -> None:
        self._top = top
        self._mount = mount_of(top)
        self._names = map("~{}".format, count())

    def run(self) -> str:
        self._empty(self._top, _LEVELS)
        patience = _PATIENCE
        while True:
            before = os.listdir(self._top)
            gone = sum(self._removed(name) for name in before)
            left = os.listdir(self._top) if before else before
            patience = _PATIENCE if gone else patience - 1
            if not left or not patience:
                return min(left, default="")

    def _empty(self, directory: int, levels: int) -> None:
        """Remove what goes without more; whatever stays is left to who insists. A directory that is
        empty goes without a look into it.
        """
        with _scandir(directory) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
        for name, is_directory in found:
            try:
                (_rmdir if is_directory else _unlink)(name, dir_fd=directory)
            except OSError:
                if is_directory and levels:
                    with suppress(OSError):
                        self._enter(name, directory, levels - 1)
                        _rmdir(name, dir_fd=directory)

    def _enter(self, name: str, holder: int, levels: int) -> None:
        with _Open(name, holder) as directory:
            if mount_of(directory) == self._mount:
                self._empty(directory, levels)

    def _removed(self, name: str) -> bool:
        """Remove an entry of the top, or what is in it as far as that goes; whether anything
        went.
        """
        if _remove(name, self._top):
            return True
        try:
            with _Open(name, self._top) as directory:
                if mount_of(directory) != self._mount:
                    return False
                moved = [self._lifted(inner, directory) for inner in os.listdir(directory)]
        except OSError:
            return False
        return _remove(name, self._top) or any(moved)

    def _lifted(self, name: str, directory: int) -> bool:
        """Remove an entry of a directory, or move it to the top."""
        if _remove(name, directory):
            return True
        for unlock in (True, False):
            try:
                os.rename(name, self._free_name(), src_dir_fd=directory, dst_dir_fd=self._top)
            except PermissionError:  # what is moved changes, too: its entry `..`
                if unlock:
                    _unlock(name, directory)
            except OSError:
                return False  # a mount point, or gone
            else:
                return True
        return False

    def _free_name(self) -> str:
        for name in self._names:
            try:
                os.stat(name, dir_fd=self._top, follow_symlinks=False)
            except FileNotFoundError:
                return name
        raise AssertionError("numbers do not end")


def _remove(name: str, holder: int) -> bool:
    """Remove a file, or a directory that is empty; False for anything that stays."""
    for attempt in (0, 1):
        try:
            try:
                os.unlink(name, dir_fd=holder)
            except IsADirectoryError:
                os.rmdir(name, dir_fd=holder)
        except FileNotFoundError:
            return True
        except OSError as error:
            if attempt or error.errno not in {errno.EPERM, errno.EACCES}:
                return False
            _unlock(name, holder)
            _unlock(".", holder)
        else:
            return True
    return False


def _unlock(name: str, holder: int | None) -> None:
    """Take away what its owner put in the way: attributes of the file system, and modes."""
    with suppress(OSError):
        looked_at = os.open(name, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=holder)
        try:
            mode = os.fstat(looked_at).st_mode
            if mode & 0o170000 not in {0o040000, 0o100000}:
                return
            with suppress(OSError):
                os.chmod(f"/proc/self/fd/{looked_at}", 0o700)
            opened = os.open(f"/proc/self/fd/{looked_at}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                flags = struct.unpack("l", fcntl.ioctl(opened, _GET_FLAGS, b"\0" * struct.calcsize("l")))[0]
                if flags & _HELD:
                    fcntl.ioctl(opened, _SET_FLAGS, struct.pack("l", flags & ~_HELD))
                    os.chmod(f"/proc/self/fd/{looked_at}", 0o700)
            finally:
                os.close(opened)
        finally:
            os.close(looked_at)
