"""Attributes: what ``stat`` shows, and the calls that change it."""

from __future__ import annotations

import os
import stat
import time
from typing import Any

from pyfakefs.fake_file import FakeDirectory, FakeFile

from ...base import SECOND
from .nodes import DEVICES, device_of
from .process import Process

_BLOCK = 4_096


class Attributes:
    """Modes, owners, times and sizes."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._tree = process.tree

    def stat(self, path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
        return self._stat(self._process.find(path, dir_fd, follow_symlinks))

    def lstat(self, path: Any, *, dir_fd: int | None = None) -> os.stat_result:
        return self._stat(self._process.find(path, dir_fd, follow=False))

    def fstat(self, fd: int) -> os.stat_result:
        return self._stat(self._process.description(fd).node)

    def _stat(self, node: FakeFile) -> os.stat_result:
        told = node.stat_result
        kind = stat.S_IFMT(told.st_mode)
        links, size, stored = told.st_nlink, told.st_size, len(node.byte_contents or b"")
        if isinstance(node, FakeDirectory):
            below = sum(isinstance(entry, FakeDirectory) for entry in node.entries.values())
            links = 0 if self._tree.is_removed(node) else 2 + below
            size, stored = _BLOCK, 0
        elif kind not in {stat.S_IFREG, stat.S_IFLNK}:
            size = stored = 0
        times = (told.st_atime_ns, told.st_mtime_ns, told.st_ctime_ns)
        return os.stat_result(
            (
                told.st_mode, told.st_ino or 1, told.st_dev, links, told.st_uid, told.st_gid, size,
                *(t // SECOND for t in times), *(t / SECOND for t in times), *times,
                _BLOCK, -(-stored // _BLOCK) * 8, device_of(node) if kind in DEVICES else 0,
            )
        )  # fmt: skip

    def access(
        self,
        path: Any,
        mode: int,
        *,
        dir_fd: int | None = None,
        effective_ids: bool = False,  # noqa: ARG002 - the form of os
        follow_symlinks: bool = True,
    ) -> bool:
        try:
            node = self._process.find(path, dir_fd, follow_symlinks)
        except OSError:
            return False
        return not mode & os.X_OK or isinstance(node, FakeDirectory) or bool(node.stat_result.st_mode & 0o111)

    def listxattr(self, path: Any = None, *, follow_symlinks: bool = True) -> list[str]:
        self._process.find("." if path is None else path, None, follow_symlinks)
        return []

    def chmod(self, path: Any, mode: int, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> None:
        told = self._process.find(path, dir_fd, follow_symlinks).stat_result
        told.st_mode = stat.S_IFMT(told.st_mode) | stat.S_IMODE(mode)
        told.st_ctime_ns = time.time_ns()

    def fchmod(self, fd: int, mode: int) -> None:
        self._process.usable(fd)
        self.chmod(fd, mode)

    def chown(self, path: Any, uid: int, gid: int, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> None:
        told = self._process.find(path, dir_fd, follow_symlinks).stat_result
        told.st_uid = told.st_uid if uid == -1 else uid
        told.st_gid = told.st_gid if gid == -1 else gid
        told.st_ctime_ns = time.time_ns()

    def lchown(self, path: Any, uid: int, gid: int) -> None:
        self.chown(path, uid, gid, follow_symlinks=False)

    def fchown(self, fd: int, uid: int, gid: int) -> None:
        self._process.usable(fd)
        self.chown(fd, uid, gid)

    def utime(self, path: Any, times: tuple[float, float] | None = None, *, ns: tuple[int, int] | None = None,
              dir_fd: int | None = None, follow_symlinks: bool = True) -> None:  # fmt: skip
        told = self._process.find(path, dir_fd, follow_symlinks).stat_result
        now = time.time_ns()
        if ns is None:
            ns = (now, now) if times is None else (int(times[0] * SECOND), int(times[1] * SECOND))
        told.st_atime_ns, told.st_mtime_ns = ns
        told.st_ctime_ns = now
