"""Regular files that may not be ours:
read whole, yet never followed, waited for or read without bound.

A directory that users point the kit at may hold anything under the names that the kit expects
there. It may be a link, a FIFO, a file of terabytes. What is no regular file of a sane size is as
good as missing.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from pathlib import Path

_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def read_regular(path: str | Path, most: int, *, dir_fd: int | None = None) -> bytes | None:
    """The bytes of a regular file of at most ``most`` bytes;
    None for whatever else has its name, or nothing.
    """
    try:
        descriptor = os.open(path, _READ, dir_fd=dir_fd)
    except OSError:
        return None
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_size > most:
            return None
        with open(descriptor, "rb", closefd=False) as file:  # it raises for a directory
            return file.read(most)
    finally:
        os.close(descriptor)


def read_given(path: str | Path, most: int) -> bytes:
    """The bytes of a regular file that the user named, by a link too. Raises OSError otherwise."""
    descriptor = os.open(path, _READ & ~os.O_NOFOLLOW)
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "no regular file")
        with open(descriptor, "rb", closefd=False) as file:
            content = file.read(most + 1) if status.st_size <= most else b""
        if status.st_size > most or len(content) > most:
            raise OSError(errno.EFBIG, f"larger than {most:,} bytes")
        return content
    finally:
        os.close(descriptor)


def digest_of(path: str | Path, most: int, *, dir_fd: int | None = None) -> str | None:
    """The SHA-256 of what ``read`` gives, in hexadecimal digits."""
    content = read_regular(path, most, dir_fd=dir_fd)
    return None if content is None else hashlib.sha256(content).hexdigest()
