"""What a program reads of a directory: all entries at once, in the order that the run wants, in
portions that fit its buffer.

Rules: "." and ".." come first. The order is the seed's, as at the seam of ``os``. A cookie is the
place in the list, so that a program can go back to it (telldir(3)).
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Callable
from typing import Any, NamedTuple

from ..world import NEVER, invented

#: Kinds of entries as getdents64(2) tells them.
_KINDS = {"f": 8, "d": 4, "l": 10, "o": 0}
_HEAD = struct.Struct("<QqH")


class Entry(NamedTuple):
    """One name in a directory."""

    inode: int
    kind: int
    name: bytes


def entries_of(descriptor: int, order: Callable[[list[Any]], list[Any]]) -> list[Entry]:
    """All entries of a directory of ours, ordered. Raises OSError."""
    with os.scandir(f"/proc/self/fd/{descriptor}") as found:
        told = [(entry.name, _kind(entry), entry.inode()) for entry in found]
    here, above = os.fstat(descriptor), os.stat("..", dir_fd=descriptor)
    ordered = order(sorted(told))
    dots = [Entry(here.st_ino, _KINDS["d"], b"."), Entry(above.st_ino, _KINDS["d"], b"..")]
    return dots + [Entry(inode, kind, os.fsencode(name)) for name, kind, inode in ordered]


def endless_entries() -> list[Entry]:
    """What stands behind those that are there, where a listing never ends: as at the seam of
    ``os``."""
    return [Entry(1, _KINDS["f"], os.fsencode(invented(number))) for number in range(NEVER)]


def _kind(entry: os.DirEntry[str]) -> int:
    if entry.is_symlink():
        return _KINDS["l"]
    if entry.is_dir(follow_symlinks=False):
        return _KINDS["d"]
    return _KINDS["f"] if entry.is_file(follow_symlinks=False) else _other(entry)


def _other(entry: os.DirEntry[str]) -> int:
    return stat.S_IFMT(entry.stat(follow_symlinks=False).st_mode) >> 12


def packed(entries: list[Entry], begin: int, room: int, *, old: bool) -> tuple[bytes, int]:
    """As many entries from ``begin`` on as there is room for, and the place of the next. ``old``.

    The form of getdents(2).
    """
    parts: list[bytes] = []
    used, place = 0, begin
    for entry in entries[begin:]:
        length = (19 + len(entry.name) + 1 + old + 7) // 8 * 8
        if used + length > room:
            break
        if old:
            data = (_HEAD.pack(entry.inode, place + 1, length) + entry.name).ljust(length - 1, b"\0") + bytes(
                [entry.kind]
            )
        else:
            data = (_HEAD.pack(entry.inode, place + 1, length) + bytes([entry.kind]) + entry.name).ljust(length, b"\0")
        parts.append(data)
        used += length
        place += 1
    return b"".join(parts), place
