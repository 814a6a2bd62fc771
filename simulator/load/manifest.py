"""The manifest: everything that a load put into its directory, told before it was there.

Rules: one file a writer, in the load's directory, append-only. A line is handed to the kernel
before the entry that it announces is made, so that a kill at any moment loses none. A power cut
may: nothing is synced. A line without its line feed was torn by that kill, and announces nothing
that is there.

``["+", path, act, size, inode]``: this entry is about to be made; the inode is known where it
moves (rename, link), else 0. ``["=", inode]``: the entry announced last now is this inode.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from json.encoder import encode_basestring_ascii as _quoted
from typing import NamedTuple

from .directory import LoadDirectory

PREFIX = ".simulate-load.manifest."
#: The number of the parent's own; writers are numbered from 0, and are fewer.
PARENT = 64
#: Bytes of a manifest: more than the most events of a load take.
LARGEST = 16 << 30
#: Bytes of a line: a path, escaped, and some numbers.
_LONGEST = 1 << 16
_OPEN = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
_READ = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Entry(NamedTuple):
    """What was announced: ``inode`` 0 where the kill came before it was known."""

    path: str
    act: str
    size: int
    inode: int


class Manifest:
    """A writer's own, open for appending."""

    def __init__(self, place: LoadDirectory, writer: int) -> None:
        self._descriptor = os.open(f"{PREFIX}{writer}", _OPEN, 0o600, dir_fd=place.descriptor)

    def announce(self, path: str, act: str, size: int = 0, inode: int = 0) -> None:
        """Before the entry is made. Raises OSError."""
        self._add(f'["+",{_quoted(path)},{_quoted(act)},{size},{inode}]\n')

    def made(self, inode: int) -> None:
        """What was announced last is there."""
        self._add(f'["=",{inode}]\n')

    def _add(self, line: str) -> None:
        left = memoryview(line.encode("ascii"))
        while left:
            left = left[os.write(self._descriptor, left) :]

    def close(self) -> None:
        os.close(self._descriptor)


def parse(lines: Iterable[bytes]) -> Iterator[Entry]:
    """The entries that these lines announce.
    A torn last line announces nothing; a line that no writer wrote is passed over.
    """
    announced: Entry | None = None
    for line in lines:
        if not line.endswith(b"\n"):
            break
        found = _line(line)
        if isinstance(found, Entry):
            if announced is not None:
                yield announced
            announced = found
        elif found is not None and announced is not None:
            yield announced._replace(inode=found)
            announced = None
    if announced is not None:
        yield announced


def _line(line: bytes) -> Entry | int | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, list) or not value:
        return None
    if value[0] == "=" and len(value) == 2 and type(value[1]) is int:
        return int(value[1])
    if value[0] == "+" and [type(part) for part in value[1:]] == [str, str, int, int]:
        return Entry(*value[1:])
    return None


@dataclass(frozen=True)
class Stored:
    """The manifests of a directory, as files in it."""

    place: LoadDirectory
    names: tuple[str, ...]

    def entries(self) -> Iterator[Entry]:
        """All of them, a manifest after the other. Raises OSError."""
        for name in self.names:
            with open(os.open(name, _READ, dir_fd=self.place.descriptor), "rb") as file:
                if os.fstat(file.fileno()).st_size > LARGEST:
                    raise OSError(errno.EFBIG, f"manifest {name} is larger than {LARGEST:,} bytes")
                yield from parse(iter(lambda: file.readline(_LONGEST), b""))


def stored(place: LoadDirectory) -> Stored:
    """What manifests there are: regular files of the caller's own, no links."""
    names = [name for name in os.listdir(place.descriptor) if name.startswith(PREFIX) and name.removeprefix(PREFIX).isdecimal()]
    return Stored(place, tuple(sorted(name for name in names if is_own_file(place, name))))


def is_own_file(place: LoadDirectory, name: str) -> bool:
    """Whether a name directly in the directory is a regular file with one link,
    of the caller's user.
    """
    found = place.identity(name)
    return found is not None and (found.st_mode & 0o170000) == 0o100000 and found.st_nlink == 1 and found.st_uid == os.geteuid()
