"""The safety rail: how much may stand in the directory at once,
and how much of the disk must stay free.

Rules: a load is refused when its caps could bring the disk under the floor. While it runs, every
writer looks before every step. The first that would cross a cap, or finds the disk under the floor,
ends the flood. What the agent took does not count, as it is gone.
"""

from __future__ import annotations

import mmap
import os
import re
from dataclasses import dataclass

from ..base import BadInput
from .directory import LoadDirectory

_SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?)([KMGT]?)(?:i?B)?\Z")
_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def parse_size(text: str) -> int:
    """Bytes of ``64M``, ``1G`` or ``1048576``; ValueError for anything else."""
    match = _SIZE.match(text)
    if match is None:
        raise ValueError(f"a size is such as '64M', '1G' or '1048576', not {text!r}")
    return int(float(match[1]) * _UNITS[match[2]])


@dataclass(frozen=True, slots=True)
class Rail:
    """``bytes`` and ``files`` (entries of any kind, so inodes too) may stand at once;
    ``floor`` bytes of the disk stay free.
    """

    bytes: int = 1 << 30
    files: int = 200_000
    floor: int = 1 << 30

    def check(self, place: LoadDirectory) -> None:
        """Raises BadInput where the caps could bring the disk under the floor."""
        disk = os.fstatvfs(place.descriptor)
        free = disk.f_bavail * disk.f_frsize
        if free - self.bytes < self.floor:
            raise BadInput(
                f"{size_text(free)} are free; up to {size_text(self.bytes)} may stand there (--max-bytes) "
                f"and {size_text(self.floor)} must stay free (--free-floor)",
                where=str(place.path), hint="lower one of them, or use another disk",
            )  # fmt: skip
        if disk.f_files and disk.f_favail - self.files < 0:  # some file systems have no fixed number of inodes
            raise BadInput(
                f"{disk.f_favail:,} inodes are free, and up to {self.files:,} files may stand there",
                where=str(place.path), hint="lower --max-files, or use another disk",
            )  # fmt: skip

    def crossed(self, standing_bytes: int, standing_files: int) -> str:
        """What these amounts cross, or ""."""
        if standing_bytes > self.bytes:
            return f"{size_text(self.bytes)} stand there, the most that --max-bytes allows"
        if standing_files > self.files:
            return f"{self.files:,} files stand there, the most that --max-files allows"
        return ""

    def sunk(self, place: LoadDirectory) -> str:
        """Whether the disk is under the floor, whoever filled it."""
        disk = os.fstatvfs(place.descriptor)
        free = disk.f_bavail * disk.f_frsize
        return f"only {size_text(free)} of the disk are free, less than --free-floor" if free < self.floor else ""


def size_text(size: int) -> str:
    """A number of bytes for people."""
    amount = float(size)
    for unit in ("bytes", "KiB", "MiB", "GiB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} TiB"


class Board:
    """Counts that processes share:
    each writer has a column of its own, the parent another, so that none needs a lock.
    """

    def __init__(self, writers: int) -> None:
        self._counts = memoryview(mmap.mmap(-1, (writers + 1) * 16)).cast("q")
        self._parent = writers

    def wrote(self, writer: int, size: int, entries: int) -> None:
        """A writer wrote so many bytes, and made so many entries."""
        self._counts[2 * writer] += size
        self._counts[2 * writer + 1] += entries

    def taken(self, size: int, files: int) -> None:
        """The parent saw so many bytes and files gone, in all."""
        self._counts[2 * self._parent] = size
        self._counts[2 * self._parent + 1] = files

    def standing(self) -> tuple[int, int]:
        """(bytes, files) that may stand there, at most."""
        counts, last = self._counts, 2 * self._parent
        return sum(counts[0:last:2]) - counts[last], sum(counts[1:last:2]) - counts[last + 1]
