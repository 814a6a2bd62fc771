"""A directory entered once and held by its descriptor: whatever its name comes to mean, reads and removals stay in it (discover.swap).

Order of every read: look (lstat by ``dir_fd``), open without following, blocking or becoming a terminal's owner, look at what was
opened, compare. Opening a device can act and opening a FIFO can block, so nothing is opened that was not seen to be a regular file with one
link; and ``O_NONBLOCK`` covers the moment between (select.regular).
"""

import os
import stat
from collections import namedtuple

_DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_CHUNK = 262144

#: What is looked at before a file is opened; ``kind``: file, linked (more than one link), directory or other.
Look = namedtuple("Look", ("kind", "size", "mtime_ns", "identity"))

#: The bytes of a file and the look that they belong to.
Content = namedtuple("Content", ("data", "look"))


class Changed(Exception):
    """What was opened is not what was looked at, or it changed while it was read: a writer is at work."""


def _look(status):
    # type: (os.stat_result) -> Look
    if stat.S_ISREG(status.st_mode):
        kind = "file" if status.st_nlink == 1 else "linked"
    else:
        kind = "directory" if stat.S_ISDIR(status.st_mode) else "other"
    return Look(kind, status.st_size, status.st_mtime_ns, (status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns))


class Directory:
    """An open directory; close it."""

    def __init__(self, path, inside=None):
        # type: (str, object) -> None
        """Open ``path``. Inside another Directory ``path`` is one name, and a link is refused (discover.links). Raises OSError."""
        if inside is None:
            self.fd = os.open(path, _DIRECTORY)
        else:
            self.fd = os.open(path, _DIRECTORY | os.O_NOFOLLOW, dir_fd=inside.fd)  # type: ignore[attr-defined]

    def close(self):
        # type: () -> None
        """Never fails: Linux releases the descriptor whatever ``close`` says."""
        try:
            os.close(self.fd)
        except Exception:  # noqa: S110 - nothing is left to do about it
            pass

    def names(self):
        # type: () -> list
        """Every entry's name, in no promised order."""
        return os.listdir(self.fd)

    def look(self, name):
        # type: (str) -> Look
        """What stands there now; links are not followed. Raises OSError."""
        return _look(os.stat(name, dir_fd=self.fd, follow_symlinks=False))

    def read(self, name, look, most):
        # type: (str, Look, int) -> Content
        """The file that was looked at, up to ``most + 1`` bytes (select.size-race). Raises OSError or Changed."""
        fd = os.open(name, _FILE, dir_fd=self.fd)
        try:
            opened = _look(os.fstat(fd))
            if opened.kind != "file" or opened.identity[:2] != look.identity[:2]:
                raise Changed()
            chunks = []
            left = most + 1
            while left > 0:
                chunk = os.read(fd, min(left, _CHUNK))
                if not chunk:
                    break
                chunks.append(chunk)
                left -= len(chunk)
            data = b"".join(chunks)
            if len(data) <= most and _look(os.fstat(fd)).identity != opened.identity:
                raise Changed()
        finally:
            os.close(fd)
        return Content(data, opened)

    def remove(self, name):
        # type: (str) -> None
        """Remove an entry that is no directory. Raises OSError."""
        os.unlink(name, dir_fd=self.fd)
