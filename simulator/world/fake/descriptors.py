"""Descriptors: open, close, copy, position."""

from __future__ import annotations

import errno
import os
import stat
from typing import Any

from pyfakefs.fake_file import FakeDirectory, FakeFile

from ..signals import NotModelled
from .nodes import DEVICES, ENDLESS_ZEROS, NULL, device_of, failure
from .process import ACCESS, Opened, Process


class Descriptors:
    """Calls that give and take descriptors."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._tree = process.tree

    def open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise NotModelled("os.open with O_TMPFILE is not modelled in the fake world")
        if flags & os.O_PATH:
            flags &= os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW
        exclusive = flags & os.O_CREAT and flags & os.O_EXCL
        follow = not flags & os.O_NOFOLLOW and not exclusive
        directory, name, node, _, slash = self._tree.walk(path, self._process.start(path, dir_fd), follow)
        if flags & os.O_CREAT and slash:
            raise failure(errno.EISDIR, path)
        if node is None:
            if not flags & os.O_CREAT:
                raise failure(errno.ENOENT, path)
            self._process.check_room(path)
            node = self._tree.put(directory, name, stat.S_IFREG | (mode & 0o7777 & ~self._process.mask))
        elif exclusive:
            raise failure(errno.EEXIST, path)
        else:
            if slash and not isinstance(node, FakeDirectory):
                raise failure(errno.ENOTDIR, path)
            self._check_open(node, flags, path)
            self._process.check_room(path)
        if flags & os.O_TRUNC and stat.S_ISREG(node.stat_result.st_mode):
            self._tree.store(node, b"")
        return self._process.keep(Opened(node, flags))

    def _check_open(self, node: FakeFile, flags: int, path: Any) -> None:
        kind = stat.S_IFMT(node.stat_result.st_mode)
        if flags & os.O_DIRECTORY and kind != stat.S_IFDIR:
            raise failure(errno.ENOTDIR, path)
        if flags & os.O_PATH:
            return
        if kind == stat.S_IFLNK:
            raise failure(errno.ELOOP, path)
        if kind == stat.S_IFDIR and flags & (ACCESS | os.O_CREAT | os.O_TRUNC):
            raise failure(errno.EISDIR, path)
        if kind == stat.S_IFSOCK:
            raise failure(errno.ENXIO, path)
        if kind == stat.S_IFIFO and flags & ACCESS == os.O_WRONLY and not self._process.has_reader(node):
            raise failure(errno.ENXIO, path)
        if kind in DEVICES and device_of(node) not in {NULL, ENDLESS_ZEROS}:
            raise failure(errno.ENXIO, path)

    def close(self, fd: int) -> None:
        node = self._process.description(fd).node
        del self._process.opened[fd]
        if node.stat_result.st_nlink == 0 or stat.S_ISFIFO(node.stat_result.st_mode):
            self._process.forget_if_unheld(node)

    def dup(self, fd: int) -> int:
        opened = self._process.description(fd)
        self._process.check_room(None)
        return self._process.keep(opened)

    def dup2(self, fd: int, fd2: int, inheritable: bool = True) -> int:  # noqa: ARG002 - the signature of os
        opened = self._process.description(fd)
        if fd2 in self._process.opened and fd2 != fd:
            self.close(fd2)
        self._process.opened[fd2] = opened
        return fd2

    def lseek(self, fd: int, position: int, whence: int) -> int:
        opened = self._process.usable(fd)
        mode = opened.node.stat_result.st_mode
        if stat.S_ISFIFO(mode):
            raise failure(errno.ESPIPE)
        if stat.S_IFMT(mode) in DEVICES:
            opened.position = 0  # both devices stand still
            return 0
        base = {os.SEEK_SET: 0, os.SEEK_CUR: opened.position, os.SEEK_END: opened.node.stat_result.st_size}.get(whence)
        if base is None or base + position < 0:
            raise failure(errno.EINVAL)
        opened.position = base + position
        return opened.position

    def fsync(self, fd: int) -> None:
        self._process.usable(fd)

    fdatasync = fsync

    def isatty(self, fd: int) -> bool:  # noqa: ARG002 - the form of os
        return False
