"""A directory entered by its descriptor.

Every name below it is resolved from that descriptor, one component at a time and never through a
link. Nothing that is swapped, renamed or linked meanwhile leads elsewhere (discover.links,
discover.swap; CWE-59, CWE-367). Opening can act on its own, on a device or a FIFO. So a file is
looked at first, and opened so that nothing can block or act. What was opened must be what was
looked at (select.regular).
"""

import os
import stat
import sys
from itertools import chain, islice
from operator import attrgetter

from .errors import Changed, Irregular, Linked, Oversize, Subdirectory

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Iterator, List, Optional, Tuple

SOME = 1000  # names at a time that pass through functions not written in Python
_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_name = attrgetter("name")


class Descriptor:
    """An open file descriptor. Once it is closed, `fd` is -1: its number may be another file's."""

    def __init__(self, fd: int, status: os.stat_result) -> None:
        self.fd = fd
        self.status = status

    def close(self) -> None:
        """May be called again."""
        fd, self.fd = self.fd, -1
        if fd >= 0:
            try:
                os.close(fd)
            except Exception:  # noqa: S110 - nothing was written: a failing close has nothing to lose
                pass


class Directory(Descriptor):
    #: what the kernel calls the mount that it lies in, once somebody asked (mount.py)
    mount = None  # type: Optional[bytes]

    def __enter__(self) -> "Directory":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    @classmethod
    def open(cls, path: str) -> "Directory":
        """The directory at an absolute path, links followed: where it lies is the operator's
        choice."""
        return cls._of(os.open(path, _DIRECTORY))

    def enter(self, name: str) -> "Directory":
        """The sub-directory of that name. Raises OSError for anything else, a link to one included.
        """
        return self._of(os.open(name, _DIRECTORY | os.O_NOFOLLOW, dir_fd=self.fd))

    @classmethod
    def _of(cls, fd: int) -> "Directory":
        try:
            return cls(fd, os.fstat(fd))
        except Exception:
            os.close(fd)
            raise

    @property
    def identity(self) -> "Tuple[int, int]":
        return self.status.st_dev, self.status.st_ino

    def names(self) -> "Iterator[str]":
        """The names in it, in the order of the directory, listed as they are asked for."""
        return chain.from_iterable(self.some_names())

    def some_names(self) -> "Iterator[List[str]]":
        """The same, some at a time: each step of a loop over them would cost more than their
        listing. It may never end: whoever asks has to (discover.endless)."""
        # Python 3.6 lists by a path alone.
        with os.scandir(self.fd if sys.version_info >= (3, 7) else f"/proc/self/fd/{self.fd}") as entries:
            found = map(_name, entries)
            some = list(islice(found, SOME))
            while some:
                yield some
                some = list(islice(found, SOME))

    def look(self, name: str) -> os.stat_result:
        return os.stat(name, dir_fd=self.fd, follow_symlinks=False)

    def remove(self, name: str) -> None:
        os.unlink(name, dir_fd=self.fd)

    def open_file(self, name: str, status: os.stat_result, max_size: int) -> "File":
        """The regular file that was looked at with this result. Raises a FileProblem if it is none,
        or not it."""
        check(status, max_size)
        fd = os.open(name, _FILE, dir_fd=self.fd)
        try:
            opened = os.fstat(fd)
            if opened.st_ino != status.st_ino or opened.st_dev != status.st_dev:
                raise Changed("it was replaced before it was read")
            if opened.st_size != status.st_size or opened.st_nlink != status.st_nlink:  # its kind stays
                check(opened, max_size)
        except Exception:
            os.close(fd)
            raise
        return File(fd, opened, name)


class File(Descriptor):
    """A regular file open for reading: no more than the size that it had then, however it grows
    (select.size-race).

    `given` bytes were read of it; `ended` tells that these are all.
    """

    def __init__(self, fd: int, status: os.stat_result, name: str) -> None:
        self.fd = fd
        self.status = status
        self.name = name
        self.given = 0
        self.ended = False

    def read(self, count: int) -> bytes:
        """Up to `count` bytes, none at the end. Raises Changed if it has grown: with the last byte
        one more is asked for."""
        if self.ended:
            return b""
        left = self.status.st_size - self.given
        data = os.read(self.fd, count if count < left else left + 1)
        given = len(data)
        if given > left:
            raise Changed("it grew while it was read")
        self.given += given
        self.ended = given == left
        return data


def check(status: os.stat_result, max_size: int) -> None:
    """Raises the FileProblem of what may not be read: only regular files with one link and an
    allowed size may."""
    if not stat.S_ISREG(status.st_mode):
        if stat.S_ISDIR(status.st_mode):
            raise Subdirectory("a directory")
        raise Irregular("no regular file")
    if status.st_nlink > 1:
        raise Linked(f"{status.st_nlink} links")
    if status.st_size > max_size:
        raise Oversize(status.st_size)


def mark(status: os.stat_result) -> "Tuple[int, int, int, int]":
    """What tells that a name still means the same file with the same content."""
    return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns
