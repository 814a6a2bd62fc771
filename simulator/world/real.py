"""The real world's kernel: the calls of Linux itself, below a directory made for the run."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable
from typing import Any

from .calls import may_wait
from .seam import REAL
from .signals import WouldBlock


def _kind(entry: os.DirEntry[Any]) -> str:
    if entry.is_file(follow_symlinks=False):
        return "f"
    if entry.is_dir(follow_symlinks=False):
        return "d"
    return "l" if entry.is_symlink() else "o"


class RealKernel:
    """The functions that ``os`` had before the seam was installed."""

    models_everything = True

    def function(self, name: str) -> Callable[..., Any]:
        return REAL[name]

    def entries(self, path: Any) -> list[tuple[Any, str]]:
        with REAL["scandir"](path) as found:
            return [(entry.name, _kind(entry)) for entry in found]

    def mount(self, path: str) -> None:
        """Root alone mounts, and the kit need not be root."""
        raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), path)

    def refuse_blocking(self, path: Any, flags: int, dir_fd: int | None) -> None:
        if not may_wait(flags):
            return
        try:
            mode = REAL["stat"](path, dir_fd=dir_fd, follow_symlinks=not flags & os.O_NOFOLLOW).st_mode
        except (OSError, ValueError):
            return
        if stat.S_ISFIFO(mode):
            raise WouldBlock("open of a FIFO waits for its other end")
