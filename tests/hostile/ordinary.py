"""Become an ordinary user who can read what the tests run from, wherever root keeps it.

Why: an interpreter or a checkout often lies below a directory that is closed to others, such as
root's home. The attacks of an ordinary user would be passed over there. In a mount namespace of
its own each such directory is an open one with nothing but what the tests need; outside nothing
changes.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable
from pathlib import Path

ORDINARY = 12_345
_NEW_MOUNTS = 0x00020000
#: Flags of mount(2), each with what is below.
_BIND, _PRIVATE = 0x5000, 0x44000
_PR_SET_DUMPABLE = 4

_libc = ctypes.CDLL(None, use_errno=True)


def become_ordinary(needed: Iterable[Path]) -> None:
    """Raises OSError where that is not allowed, or not enough."""
    closed: dict[Path, list[Path]] = {}
    for path in {path.resolve() for path in needed if path.is_dir()}:
        if (ancestor := _closed_above(path)) is not None:
            closed.setdefault(ancestor, []).append(path)
    if closed:
        _checked(_libc.unshare(_NEW_MOUNTS))
        _mount(None, Path("/"), None, _PRIVATE)
    os.umask(0o022)
    for ancestor, paths in closed.items():
        _open_up(ancestor, sorted(paths))
    os.setgroups([])
    os.setgid(ORDINARY)
    os.setuid(ORDINARY)
    # The kernel hides what was root from who it has become, its own /proc among it (proc(5)).
    _checked(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0))
    os.stat(sys.executable)


def what_tests_need(repository: Path) -> list[Path]:
    return [repository, Path(sys.prefix), Path(sys.base_prefix), *map(Path, filter(None, sys.path))]


def _closed_above(path: Path) -> Path | None:
    """The first directory on the way to it that others cannot pass."""
    return next((one for one in reversed(path.parents) if not one.stat().st_mode & 0o001), None)


def _open_up(ancestor: Path, paths: list[Path]) -> None:
    held = [os.open(path, os.O_PATH) for path in paths]
    _mount("tmpfs", ancestor, "tmpfs", 0, b"mode=755")
    for path, descriptor in zip(paths, held, strict=True):
        if not path.exists():  # it may lie in one that came before
            path.mkdir(parents=True)
            _mount(f"/proc/self/fd/{descriptor}", path, None, _BIND)
        os.close(descriptor)


def _mount(what: str | None, where: Path, kind: str | None, flags: int, data: bytes | None = None) -> None:
    given = [None if text is None else text.encode() for text in (what, str(where), kind)]
    _checked(_libc.mount(*given, ctypes.c_ulong(flags), data))


def _checked(result: int) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
