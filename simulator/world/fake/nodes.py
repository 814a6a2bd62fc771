"""The fake world's tree: pyfakefs's files and directories, and the way to them that Linux takes.

Rules: a path is walked name by name. A link is replaced by what it points at when it is met, ``..``
by the directory that was reached. Lengths, loops and trailing slashes are refused as the kernel
refuses them. Entries that come and go leave their time on the directory. What a node is stands in
its ``stat_result``: asked of the node itself, each such name costs a call of pyfakefs's.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from typing import Any, NamedTuple

from pyfakefs.fake_file import FakeDirectory, FakeFile
from pyfakefs.fake_filesystem import FakeFilesystem

_MOST_LINKS = 40  # MAXSYMLINKS
_LONGEST_NAME = 255
_LONGEST_PATH = 4_095

DEVICES = {stat.S_IFCHR, stat.S_IFBLK}
#: The devices that open. Any other has no driver behind it.
NULL = os.makedev(1, 3)
ENDLESS_ZEROS = os.makedev(1, 5)


def failure(code: int, path: Any = None) -> OSError:
    return OSError(code, os.strerror(code), path) if path is not None else OSError(code, os.strerror(code))


def device_of(node: FakeFile) -> int:
    """A device's number, which its contents hold."""
    return int(node.byte_contents or b"0")


class Place(NamedTuple):
    """Where a path ends."""

    directory: FakeDirectory
    #: The last name; "" where the path ends in ``.``, ``..`` or ``/`` alone.
    name: str
    node: FakeFile | None
    #: The path's last part as written, and whether a slash follows it.
    last: str
    slash: bool


class Tree:
    """One process's tree; ``reset`` empties it. ``disk_size`` in bytes, or None for no limit."""

    def __init__(self) -> None:
        self.files = FakeFilesystem(path_separator="/")
        self.disk_size: int | None = None
        self.disk_used = 0

    def reset(self, disk_size: int | None = None) -> None:
        self.files.reset(init_pathlib=False)
        self.disk_size = disk_size
        self.disk_used = 0

    @property
    def root(self) -> FakeDirectory:
        return self.files.root

    # --- walking ----------------------------------------------------------------------------------------------------

    def walk(self, path: Any, start: FakeFile, follow: bool) -> Place:
        """The place that a path leads to.
        ``follow``: a link at its very end too (one before a slash always is).
        """
        text = self.text(path)
        if not isinstance(start, FakeDirectory):
            if not text.startswith("/"):
                raise failure(errno.ENOTDIR, path)
            start = self.root
        links = 0
        here = self.root if text.startswith("/") else start
        slash = text.endswith("/")
        left = [part for part in reversed(text.split("/")) if part]
        while left:
            part = left.pop()
            if part in {".", ".."}:
                here = self._above(here) if part == ".." else here
                if not left:
                    return Place(here, "", here, part, slash)
                continue
            if len(part) > _LONGEST_NAME // 4 and len(os.fsencode(part)) > _LONGEST_NAME:
                raise failure(errno.ENAMETOOLONG, path)
            node = here.entries.get(part)
            if node is not None and stat.S_ISLNK(node.stat_result.st_mode) and (left or follow or slash):
                links += 1
                if links > _MOST_LINKS:
                    raise failure(errno.ELOOP, path)
                target = os.fsdecode(node.byte_contents or b"")
                slash = slash or (not left and target.endswith("/"))
                here = self.root if target.startswith("/") else here
                left.extend(name for name in reversed(target.split("/")) if name)
                if not left:
                    return Place(here, "", here, "", slash)
                continue
            if not left:
                return Place(here, part, node, part, slash)
            if node is None:
                raise failure(errno.ENOENT, path)
            if not isinstance(node, FakeDirectory):
                raise failure(errno.ENOTDIR, path)
            here = node
        return Place(here, "", here, "", slash)

    def find(self, path: Any, start: FakeFile, follow: bool = True) -> FakeFile:
        """The node that a path leads to."""
        place = self.walk(path, start, follow)
        if place.node is None:
            raise failure(errno.ENOENT, path)
        if place.slash and not isinstance(place.node, FakeDirectory):
            raise failure(errno.ENOTDIR, path)
        return place.node

    def place(self, path: Any, start: FakeFile) -> Place:
        """Where an entry stands or would stand; a link is met as itself, whatever follows it."""
        text = self.text(path)
        place = self.walk(text.rstrip("/") or "/", start, follow=False)
        return place._replace(slash=text.endswith("/"))

    def _above(self, directory: FakeDirectory) -> FakeDirectory:
        above = directory.parent_dir() if directory.parent_dir else None
        return above if isinstance(above, FakeDirectory) else directory

    def text(self, path: Any) -> str:
        text = path if isinstance(path, str) else os.fsdecode(path)
        if "\0" in text:
            raise ValueError("embedded null byte")
        if not text:
            raise failure(errno.ENOENT, path)
        if len(text) > _LONGEST_PATH // 4 and len(os.fsencode(text)) > _LONGEST_PATH:
            raise failure(errno.ENAMETOOLONG, path)
        return text

    # --- changing ---------------------------------------------------------------------------------------------------

    def put(self, directory: FakeDirectory, name: str, mode: int, contents: bytes = b"") -> FakeFile:
        """A new entry, by its full ``st_mode``; the caller has seen that the name is free."""
        if stat.S_ISDIR(mode):
            node: FakeFile = FakeDirectory(name, stat.S_IMODE(mode), filesystem=self.files)
        else:
            node = FakeFile(name, mode, contents=contents, filesystem=self.files)  # type: ignore[type-var] # bytes
        self.enter(directory, name, node)
        return node

    def enter(self, directory: FakeDirectory, name: str, node: FakeFile) -> None:
        """Give a node a name."""
        if self.is_removed(directory):
            raise failure(errno.ENOENT, name)
        node.name = name  # type: ignore[assignment] # bytes where the tree holds bytes
        directory.add_entry(node)
        self.touch(directory)
        node.stat_result.st_ctime_ns = time.time_ns()

    def drop(self, directory: FakeDirectory, name: str, node: FakeFile) -> None:
        """Take a name away; the node lives on while somebody holds it."""
        directory.remove_entry(name, recursive=False)
        self.touch(directory)
        node.stat_result.st_ctime_ns = time.time_ns()

    def is_removed(self, directory: FakeDirectory) -> bool:
        return directory.stat_result.st_nlink < 2 and directory is not self.root

    def store(self, node: FakeFile, contents: bytes, size: int | None = None) -> None:
        """Put contents in place;
        ``size`` beyond them is a hole, which reads as zeros and takes no room.
        """
        growth = len(contents) - len(node.byte_contents or b"")
        if growth > self.free():
            raise failure(errno.ENOSPC)
        self.disk_used += growth
        node.set_initial_contents(contents)
        if size is not None:
            node.stat_result.st_size = size
        self.touch(node)

    def free(self) -> int:
        """How many bytes the disk still takes."""
        return 1 << 62 if self.disk_size is None else max(0, self.disk_size - self.disk_used)

    def give_back(self, node: FakeFile) -> None:
        """The room of a file that has no name and no holder any more."""
        self.disk_used -= len(node.byte_contents or b"") if stat.S_ISREG(node.stat_result.st_mode) else 0

    @staticmethod
    def touch(node: FakeFile) -> None:
        node.stat_result.st_mtime_ns = node.stat_result.st_ctime_ns = time.time_ns()
