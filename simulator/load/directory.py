"""The directory of a load, held by its descriptor:
every path in it is walked component by component, and no link is followed.

The rule: whoever writes below the directory may be hostile, and may put a link in the place of any
directory of ours. A walk then ends with ELOOP or ENOTDIR. Nothing outside is ever written, read or
removed.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from ..base import BadInput
from ..core import LOG_DIR, events_dir

DIRECTORY = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC

#: In the directory: where what a scenario has outside the log dir is; never an extension's.
OUTSIDE = ".simulate-load.outside"

#: How a scenario's paths below the world's root are found in the directory, which is the log dir.
_WHERE = {LOG_DIR: "", "outside": f"{OUTSIDE}/"}


def below(path: str) -> str | None:
    """A scenario's path relative to the directory of a load;
    None for one that has no place in it (agent events).
    """
    root, _, rest = path.partition("/")
    return None if root not in _WHERE or not rest else _WHERE[root] + rest


def directory(handler: str) -> str:
    """An extension's events dir, as a scenario's path."""
    return events_dir(handler)


class LoadDirectory:
    """A directory by its descriptor; paths are relative to it, with ``/``, without ``..``."""

    def __init__(self, path: Path) -> None:
        """Raises BadInput for what is no directory, or a link."""
        self.path = path
        try:
            self.descriptor = os.open(path, DIRECTORY)
        except OSError as error:
            kind = "is a link" if path.is_symlink() else error.strerror or "cannot be opened"
            raise BadInput(f"{kind[0].lower()}{kind[1:]}; a directory is expected", where=str(path)) from None

    def close(self) -> None:
        os.close(self.descriptor)

    @contextlib.contextmanager
    def parent(self, path: str) -> Iterator[tuple[int, str]]:
        """(descriptor of the directory that holds the path's last component, that component).
        Raises OSError.
        """
        *directories, name = path.split("/")
        if any(part in {"", ".", ".."} for part in (*directories, name)):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        descriptor = self.descriptor
        try:
            for part in directories:
                inner = os.open(part, DIRECTORY, dir_fd=descriptor)
                if descriptor != self.descriptor:
                    os.close(descriptor)
                descriptor = inner
            yield descriptor, name
        finally:
            if descriptor != self.descriptor:
                os.close(descriptor)

    def names(self, path: str) -> list[str] | None:
        """The names in a directory below; None where it cannot be seen:
        it is not there, or something else is.
        """
        try:
            with self.parent(path) as (holder, name):
                descriptor = os.open(name, DIRECTORY, dir_fd=holder)
        except OSError:
            return None
        try:
            return os.listdir(descriptor)
        except OSError:
            return None
        finally:
            os.close(descriptor)

    def identity(self, path: str) -> os.stat_result | None:
        """What is there, no link followed; None for nothing."""
        try:
            with self.parent(path) as (holder, name):
                return os.stat(name, dir_fd=holder, follow_symlinks=False)
        except OSError:
            return None

    def is_missing(self, path: str) -> bool:
        """Whether nothing of that name is there, below directories that are."""
        try:
            with self.parent(path) as (holder, name):
                os.stat(name, dir_fd=holder, follow_symlinks=False)
        except FileNotFoundError:
            return True
        except OSError:
            return False
        return False
