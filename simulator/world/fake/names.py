"""Names: entries of directories that come, go and point elsewhere."""

from __future__ import annotations

import errno
import os
import stat
from typing import Any

from pyfakefs.fake_file import FakeDirectory, FakeFile

from .nodes import DEVICES, failure
from .process import Process

_KINDS = {stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l"}


class Names:
    """Calls that change or list the entries of a directory."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._tree = process.tree

    def entries(self, path: Any) -> list[tuple[Any, str]]:
        """Names and kinds (``f d l o``) of a directory by path or descriptor."""
        node = self._process.find(path)
        if not isinstance(node, FakeDirectory):
            raise failure(errno.ENOTDIR, path)
        if isinstance(path, int):
            self._process.usable(path)
        modes = ((name, entry.stat_result.st_mode) for name, entry in node.entries.items())
        found = [(name, _KINDS.get(stat.S_IFMT(mode), "o")) for name, mode in modes]
        if isinstance(path, bytes):
            return [(os.fsencode(name), kind) for name, kind in found]
        return list(found)

    def readlink(self, path: Any, *, dir_fd: int | None = None) -> Any:
        node = self._process.find(path, dir_fd, follow=False)
        if not stat.S_ISLNK(node.stat_result.st_mode):
            raise failure(errno.EINVAL, path)
        target = node.byte_contents or b""
        return target if isinstance(path, bytes) else os.fsdecode(target)

    def unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        place = self._tree.place(path, self._process.start(path, dir_fd))
        node = place.node
        if node is None:
            raise failure(errno.ENOENT, path)
        if isinstance(node, FakeDirectory):
            raise failure(errno.EISDIR, path)
        if place.slash:
            raise failure(errno.ENOTDIR, path)
        self._drop(place.directory, place.name, node)

    remove = unlink

    def _drop(self, directory: FakeDirectory, name: str, node: FakeFile) -> None:
        self._tree.drop(directory, name, node)
        if node.stat_result.st_nlink == 0:
            self._process.forget_if_unheld(node)

    def rmdir(self, path: Any, *, dir_fd: int | None = None) -> None:
        place = self._tree.place(path, self._process.start(path, dir_fd))
        if not place.name:
            raise failure({".": errno.EINVAL, "..": errno.ENOTEMPTY}.get(place.last, errno.EBUSY), path)
        if place.node is None:
            raise failure(errno.ENOENT, path)
        if not isinstance(place.node, FakeDirectory):
            raise failure(errno.ENOTDIR, path)
        if place.node.entries:
            raise failure(errno.ENOTEMPTY, path)
        self._tree.drop(place.directory, place.name, place.node)

    def mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        self._make(path, dir_fd, stat.S_IFDIR | (mode & 0o1777 & ~self._process.mask))

    def mkfifo(self, path: Any, mode: int = 0o666, *, dir_fd: int | None = None) -> None:
        self._make(path, dir_fd, stat.S_IFIFO | (stat.S_IMODE(mode) & ~self._process.mask))

    def mknod(self, path: Any, mode: int = 0o600, device: int = 0, *, dir_fd: int | None = None) -> None:
        kind = stat.S_IFMT(mode) or stat.S_IFREG
        if kind == stat.S_IFDIR:
            raise failure(errno.EPERM, path)
        contents = str(device).encode() if kind in DEVICES else b""
        self._make(path, dir_fd, kind | (stat.S_IMODE(mode) & ~self._process.mask), contents)

    def symlink(
        self,
        src: Any,
        dst: Any,
        target_is_directory: bool = False,  # noqa: ARG002 - the form of os
        *,
        dir_fd: int | None = None,
    ) -> None:
        self._make(dst, dir_fd, stat.S_IFLNK | 0o777, os.fsencode(self._tree.text(src)))

    def _make(self, path: Any, dir_fd: int | None, mode: int, contents: bytes = b"") -> None:
        directory, name, node, _, slash = self._tree.place(path, self._process.start(path, dir_fd))
        if node is not None:
            raise failure(errno.EEXIST, path)
        if slash and not stat.S_ISDIR(mode):
            raise failure(errno.ENOENT, path)
        self._tree.put(directory, name, mode, contents)

    def link(self, src: Any, dst: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None,
             follow_symlinks: bool = True) -> None:  # fmt: skip
        # Python asks the kernel to follow only where it uses linkat() at all.
        by_descriptor = src_dir_fd is not None or dst_dir_fd is not None
        node = self._process.find(src, src_dir_fd, follow=follow_symlinks and by_descriptor)
        directory, name, there, _, slash = self._tree.place(dst, self._process.start(dst, dst_dir_fd))
        if there is not None:
            raise failure(errno.EEXIST, dst)
        if slash:
            raise failure(errno.ENOENT, dst)
        if isinstance(node, FakeDirectory):
            raise failure(errno.EPERM, src)
        self._tree.enter(directory, name, node)

    def rename(self, src: Any, dst: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        old = self._tree.place(src, self._process.start(src, src_dir_fd))
        new = self._tree.place(dst, self._process.start(dst, dst_dir_fd))
        if not old.name or not new.name:
            raise failure(errno.EBUSY, src)
        node, there = old.node, new.node
        if node is None:
            raise failure(errno.ENOENT, src)
        if not isinstance(node, FakeDirectory) and (old.slash or new.slash):
            raise failure(errno.ENOTDIR, src)
        if isinstance(node, FakeDirectory) and new.directory.has_parent_object(node):
            raise failure(errno.EINVAL, src)
        if isinstance(there, FakeDirectory) and old.directory.has_parent_object(there):
            raise failure(errno.ENOTEMPTY, dst)
        if there is node:
            return
        if there is not None:
            self._check_replace(node, there, dst)
            self._drop(new.directory, new.name, there)
        self._tree.drop(old.directory, old.name, node)
        self._tree.enter(new.directory, new.name, node)

    replace = rename

    def _check_replace(self, node: FakeFile, there: FakeFile, path: Any) -> None:
        if isinstance(there, FakeDirectory):
            if not isinstance(node, FakeDirectory):
                raise failure(errno.EISDIR, path)
            if there.entries:
                raise failure(errno.ENOTEMPTY, path)
        elif isinstance(node, FakeDirectory):
            raise failure(errno.ENOTDIR, path)
