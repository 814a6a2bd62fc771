"""The fake world's kernel: Linux's file-system calls over pyfakefs's tree of files.

Rules:

* pyfakefs keeps the tree: files, directories, link counts, contents, disk usage. Its ``FakeFilesystem`` is created once and
  reset between runs.
* The calls are ours, because a careful collector looks exactly where pyfakefs's own ``os`` departs from Linux: its ``open``
  changes modes, a FIFO opens at once, links resolve as text, sixteen calls fall through to the real system
  (docs/adr/0002-fake-kernel.md lists them, tests/simulator/world/test_fidelity.py holds ours against the real kernel).
* Every user is root, as the agent is. Descriptors start at 1000, so that none can be taken for a real one.
* What is not modelled raises ``NotModelled`` and never reaches the real system.
"""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable
from typing import Any

from pyfakefs.fake_file import FakeDirectory, FakeFile
from pyfakefs.fake_filesystem import FakeFilesystem

from simulator.world.signals import NotModelled, WouldBlock

_FIRST_DESCRIPTOR = 1_000
#: RLIMIT_NOFILE of a usual process; a collector that leaks descriptors meets EMFILE.
_MOST_DESCRIPTORS = 1_024
_MOST_LINKS = 40  # MAXSYMLINKS
_LONGEST_NAME = 255
_LONGEST_PATH = 4_095
_ACCESS = os.O_RDONLY | os.O_WRONLY | os.O_RDWR

_ENDLESS_ZEROS = os.makedev(1, 5)
_NULL = os.makedev(1, 3)

_KINDS = {stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l"}


def _error(code: int, path: Any = None) -> OSError:
    return OSError(code, os.strerror(code), path) if path is not None else OSError(code, os.strerror(code))


class _Opened:
    """An open file description."""

    __slots__ = ("flags", "node", "position")

    def __init__(self, node: FakeFile, flags: int) -> None:
        self.node = node
        self.flags = flags
        self.position = 0


class FakeKernel:
    """One process's fake kernel; ``reset()`` empties it."""

    models_everything = False

    def __init__(self) -> None:
        self.files = FakeFilesystem(path_separator="/")
        self._opened: dict[int, _Opened] = {}
        self.immutable: set[FakeFile] = set()
        self._functions: dict[str, Callable[..., Any]] = {
            name: getattr(self, name)
            for name in (
                "access", "chmod", "close", "dup", "fchmod", "fdatasync", "fstat", "fsync", "ftruncate", "link", "lseek", "lstat",
                "mkdir", "mkfifo", "mknod", "open", "pread", "pwrite", "read", "readlink", "readv", "preadv", "remove", "rename", "replace",
                "rmdir", "stat", "symlink", "truncate", "unlink", "utime", "write", "writev",
            )
        }  # fmt: skip

    def reset(self, disk_size: int | None = None) -> None:
        """An empty root, no open descriptor, no disk limit unless given (bytes)."""
        self.files.reset(total_size=disk_size, init_pathlib=False)
        self._opened.clear()
        self.immutable.clear()

    def function(self, name: str) -> Callable[..., Any]:
        try:
            return self._functions[name]
        except KeyError:
            raise NotModelled(f"os.{name} is not modelled in the fake world") from None

    def close_all(self) -> int:
        """Forget every open descriptor, as the end of a process does; how many there were."""
        count = len(self._opened)
        self._opened.clear()
        return count

    # --- walking ----------------------------------------------------------------------------------------------------

    def _start(self, path: str, dir_fd: int | None) -> FakeDirectory:
        if path.startswith("/") or dir_fd is None:
            return self.files.root
        node = self._at(dir_fd).node
        if not isinstance(node, FakeDirectory):
            raise _error(errno.ENOTDIR, path)
        return node

    def _walk(
        self, path: str, dir_fd: int | None, follow: bool, links: int = 0, start: FakeDirectory | None = None
    ) -> tuple[FakeDirectory, str, FakeFile | None]:
        """(directory, last name, node or None) of a path. The name is "" where the path ends in ``/``, ``.`` or ``..``."""
        here = self._start(path, dir_fd) if start is None or path.startswith("/") else start
        parts = [part for part in path.split("/") if part]
        for index, part in enumerate(parts):
            last = index == len(parts) - 1
            if len(os.fsencode(part)) > _LONGEST_NAME:
                raise _error(errno.ENAMETOOLONG, path)
            if part in {".", ".."}:
                here = self._up(here) if part == ".." else here
                if last:
                    return here, "", here
                continue
            node = here.entries.get(part)
            if node is not None and stat.S_ISLNK(node.st_mode) and (not last or follow or path.endswith("/")):
                if links >= _MOST_LINKS:
                    raise _error(errno.ELOOP, path)
                rest = parts[index + 1 :]
                target = os.fsdecode(node.byte_contents or b"")
                through = "/".join([target.rstrip("/") or "/", *rest]) if rest else target
                return self._walk(through, None, follow, links + 1, start=here)
            if last:
                if path.endswith("/") and node is not None and not isinstance(node, FakeDirectory):
                    raise _error(errno.ENOTDIR, path)
                return here, part, node
            if node is None:
                raise _error(errno.ENOENT, path)
            if not isinstance(node, FakeDirectory):
                raise _error(errno.ENOTDIR, path)
            here = node
        return here, "", here

    def _up(self, directory: FakeDirectory) -> FakeDirectory:
        parent = directory.parent_dir() if directory.parent_dir else None
        return parent if isinstance(parent, FakeDirectory) else directory

    def _text(self, path: Any) -> str:
        text = os.fsdecode(path)
        if "\0" in text:
            raise ValueError("embedded null byte")
        if not text:
            raise _error(errno.ENOENT, path)
        if len(os.fsencode(text)) > _LONGEST_PATH:
            raise _error(errno.ENAMETOOLONG, path)
        return text

    def find(self, path: Any, dir_fd: int | None = None, follow: bool = True) -> FakeFile:
        """The node at a path or descriptor; OSError as Linux gives it."""
        if isinstance(path, int):
            return self._at(path).node
        text = self._text(path)
        _, _, node = self._walk(text, dir_fd, follow)
        if node is None:
            raise _error(errno.ENOENT, path)
        return node

    def _place(self, path: Any, dir_fd: int | None) -> tuple[FakeDirectory, str, FakeFile | None]:
        """Where an entry stands or would stand; links at the end are not followed."""
        text = self._text(path)
        directory, name, node = self._walk(text.rstrip("/") or "/", dir_fd, follow=False)
        return directory, name, node

    def _at(self, fd: int) -> _Opened:
        try:
            return self._opened[fd]
        except KeyError:
            raise _error(errno.EBADF) from None

    # --- the tree ---------------------------------------------------------------------------------------------------

    def put(self, directory: FakeDirectory, name: str, mode: int, contents: bytes = b"") -> FakeFile:
        """A new entry, by its full ``st_mode``; the caller has seen that the name is free."""
        if stat.S_ISDIR(mode):
            node: FakeFile = FakeDirectory(name, stat.S_IMODE(mode), filesystem=self.files)
        else:
            node = FakeFile(name, mode, contents=contents, filesystem=self.files)  # type: ignore[type-var]
        directory.add_entry(node)
        self._touch(directory)
        return node

    def _drop(self, directory: FakeDirectory, name: str, node: FakeFile) -> None:
        if node in self.immutable:
            raise _error(errno.EPERM, name)
        directory.remove_entry(name, recursive=False)
        self._touch(directory)

    def _touch(self, node: FakeFile) -> None:
        node.stat_result._st_mtime_ns = node.stat_result._st_ctime_ns = time.time_ns()

    # --- calls ------------------------------------------------------------------------------------------------------

    def refuse_blocking(self, path: Any, flags: int, dir_fd: int | None) -> None:
        try:
            node = self.find(path, dir_fd, follow=not flags & os.O_NOFOLLOW)
        except (OSError, ValueError):
            return
        if stat.S_ISFIFO(node.st_mode) and not flags & os.O_NONBLOCK and flags & _ACCESS != os.O_RDWR:
            raise WouldBlock("open of a FIFO waits for its other end")

    def open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & os.O_PATH or flags & os.O_TMPFILE == os.O_TMPFILE:
            raise NotModelled("os.open with O_PATH or O_TMPFILE is not modelled in the fake world")
        text = self._text(path)
        exclusive = flags & os.O_CREAT and flags & os.O_EXCL
        follow = not flags & os.O_NOFOLLOW and not exclusive
        directory, name, node = self._walk(text, dir_fd, follow)
        if node is None:
            if not flags & os.O_CREAT:
                raise _error(errno.ENOENT, path)
            if text.endswith("/"):
                raise _error(errno.EISDIR, path)
            node = self.put(directory, name, stat.S_IFREG | (mode & ~0o022))
        elif exclusive:
            raise _error(errno.EEXIST, path)
        else:
            self._check_open(node, flags, path)
        if flags & os.O_TRUNC and flags & _ACCESS and stat.S_ISREG(node.st_mode):
            self._resize(node, 0)
        return self._descriptor(_Opened(node, flags), path)

    def _check_open(self, node: FakeFile, flags: int, path: Any) -> None:
        kind = stat.S_IFMT(node.st_mode)
        if flags & os.O_DIRECTORY and kind != stat.S_IFDIR:
            raise _error(errno.ENOTDIR, path)
        if kind == stat.S_IFLNK:
            raise _error(errno.ELOOP, path)
        if kind == stat.S_IFDIR and (flags & _ACCESS or flags & os.O_CREAT):
            raise _error(errno.EISDIR, path)
        if kind == stat.S_IFSOCK:
            raise _error(errno.ENXIO, path)
        if kind == stat.S_IFIFO and flags & _ACCESS == os.O_WRONLY:
            raise _error(errno.ENXIO, path)
        if kind in {stat.S_IFCHR, stat.S_IFBLK} and self._device(node) not in {_NULL, _ENDLESS_ZEROS}:
            raise _error(errno.ENXIO, path)
        if flags & _ACCESS and node in self.immutable:
            raise _error(errno.EPERM, path)

    @staticmethod
    def _device(node: FakeFile) -> int:
        return int(node.byte_contents or b"0")

    def _descriptor(self, opened: _Opened, path: Any = None) -> int:
        if len(self._opened) >= _MOST_DESCRIPTORS:
            raise _error(errno.EMFILE, path)
        fd = _FIRST_DESCRIPTOR
        while fd in self._opened:
            fd += 1
        self._opened[fd] = opened
        return fd

    def close(self, fd: int) -> None:
        self._at(fd)
        del self._opened[fd]

    def dup(self, fd: int) -> int:
        return self._descriptor(self._at(fd))

    def read(self, fd: int, length: int) -> bytes:
        opened = self._at(fd)
        data = self._read_at(opened, length, opened.position)
        opened.position += len(data)
        return data

    def pread(self, fd: int, length: int, offset: int) -> bytes:
        return self._read_at(self._at(fd), length, offset)

    def readv(self, fd: int, buffers: Any) -> int:
        opened = self._at(fd)
        count = self.preadv(fd, buffers, opened.position)
        opened.position += count
        return count

    def preadv(self, fd: int, buffers: Any, offset: int, flags: int = 0) -> int:  # noqa: ARG002 - the kernel's signature
        opened = self._at(fd)
        total = 0
        for buffer in buffers:
            view = memoryview(buffer).cast("B")
            data = self._read_at(opened, len(view), offset + total)
            view[: len(data)] = data
            total += len(data)
            if len(data) < len(view):
                break
        return total

    def _read_at(self, opened: _Opened, length: int, offset: int) -> bytes:
        if length < 0:
            raise _error(errno.EINVAL)
        if opened.flags & _ACCESS == os.O_WRONLY:
            raise _error(errno.EBADF)
        node = opened.node
        if isinstance(node, FakeDirectory):
            raise _error(errno.EISDIR)
        if stat.S_ISCHR(node.st_mode):
            return bytes(length) if self._device(node) == _ENDLESS_ZEROS else b""
        if stat.S_ISFIFO(node.st_mode):
            return b""  # no writer: end of file
        contents = node.byte_contents
        if contents is None:  # sparse
            return bytes(max(0, min(length, node.st_size - offset)))
        return contents[offset : offset + length]

    def write(self, fd: int, data: Any) -> int:
        opened = self._at(fd)
        if opened.flags & os.O_APPEND:
            opened.position = opened.node.st_size
        count = self._write_at(opened, bytes(data), opened.position)
        opened.position += count
        return count

    def pwrite(self, fd: int, data: Any, offset: int) -> int:
        return self._write_at(self._at(fd), bytes(data), offset)

    def writev(self, fd: int, buffers: Any) -> int:
        return self.write(fd, b"".join(bytes(buffer) for buffer in buffers))

    def _write_at(self, opened: _Opened, data: bytes, offset: int) -> int:
        if opened.flags & _ACCESS == os.O_RDONLY:
            raise _error(errno.EBADF)
        node = opened.node
        if not stat.S_ISREG(node.st_mode):
            return len(data)
        old = node.byte_contents or bytes(node.st_size)
        node.set_contents(old[:offset].ljust(offset, b"\0") + data + old[offset + len(data) :])  # type: ignore[arg-type]
        self._touch(node)
        return len(data)

    def lseek(self, fd: int, position: int, whence: int) -> int:
        opened = self._at(fd)
        if stat.S_ISFIFO(opened.node.st_mode):
            raise _error(errno.ESPIPE)
        base = {os.SEEK_SET: 0, os.SEEK_CUR: opened.position, os.SEEK_END: opened.node.st_size}.get(whence)
        if base is None or base + position < 0:
            raise _error(errno.EINVAL)
        opened.position = base + position
        return opened.position

    def fsync(self, fd: int) -> None:
        self._at(fd)

    fdatasync = fsync

    def truncate(self, path: Any, length: int) -> None:
        self._truncate(self.find(path), length, path)

    def ftruncate(self, fd: int, length: int) -> None:
        opened = self._at(fd)
        if opened.flags & _ACCESS == os.O_RDONLY:
            raise _error(errno.EINVAL)
        self._truncate(opened.node, length, None)

    def _truncate(self, node: FakeFile, length: int, path: Any) -> None:
        if isinstance(node, FakeDirectory):
            raise _error(errno.EISDIR, path)
        if length < 0:
            raise _error(errno.EINVAL, path)
        self._resize(node, length)

    def _resize(self, node: FakeFile, length: int) -> None:
        contents = node.byte_contents or b""
        node.set_contents(contents[:length].ljust(length, b"\0"))  # type: ignore[arg-type]
        self._touch(node)

    def stat(self, path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
        return self._stat(self.find(path, dir_fd, follow_symlinks))

    def lstat(self, path: Any, *, dir_fd: int | None = None) -> os.stat_result:
        return self._stat(self.find(path, dir_fd, follow=False))

    def fstat(self, fd: int) -> os.stat_result:
        return self._stat(self._at(fd).node)

    def _stat(self, node: FakeFile) -> os.stat_result:
        told = node.stat_result
        device = stat.S_IFMT(node.st_mode) in {stat.S_IFCHR, stat.S_IFBLK}
        if isinstance(node, FakeDirectory):
            links = 2 + sum(isinstance(entry, FakeDirectory) for entry in node.entries.values())
            size = 4_096
        else:
            links = told.st_nlink
            size = 0 if device else told.st_size
        times = (told._st_atime_ns, told._st_mtime_ns, told._st_ctime_ns)
        return os.stat_result(
            (
                told.st_mode, told.st_ino or 1, told.st_dev, links, told.st_uid, told.st_gid, size,
                *(t // 1_000_000_000 for t in times), *(t / 1e9 for t in times), *times,
                4_096, -(-size // 4_096) * 8, self._device(node) if device else 0,
            )
        )  # fmt: skip

    def access(self, path: Any, mode: int, *, dir_fd: int | None = None, effective_ids: bool = False,
               follow_symlinks: bool = True) -> bool:  # fmt: skip  # noqa: ARG002
        try:
            node = self.find(path, dir_fd, follow_symlinks)
        except OSError:
            return False
        return not mode & os.X_OK or isinstance(node, FakeDirectory) or bool(node.st_mode & 0o111)

    def entries(self, path: Any = ".") -> list[tuple[Any, str]]:
        node = self.find(path)
        if not isinstance(node, FakeDirectory):
            raise _error(errno.ENOTDIR, path)
        found = [(name, _KINDS.get(stat.S_IFMT(entry.st_mode), "o")) for name, entry in node.entries.items()]
        if isinstance(path, bytes):
            return [(os.fsencode(name), kind) for name, kind in found]
        return list(found)

    def readlink(self, path: Any, *, dir_fd: int | None = None) -> Any:
        node = self.find(path, dir_fd, follow=False)
        if not stat.S_ISLNK(node.st_mode):
            raise _error(errno.EINVAL, path)
        target = node.byte_contents or b""
        return target if isinstance(path, bytes) else os.fsdecode(target)

    def unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        text = self._text(path)
        directory, name, node = self._walk(text, dir_fd, follow=False)
        if node is None:
            raise _error(errno.ENOENT, path)
        if isinstance(node, FakeDirectory):
            raise _error(errno.EISDIR, path)
        self._drop(directory, name, node)

    remove = unlink

    def rmdir(self, path: Any, *, dir_fd: int | None = None) -> None:
        directory, name, node = self._place(path, dir_fd)
        if node is None:
            raise _error(errno.ENOENT, path)
        if not isinstance(node, FakeDirectory):
            raise _error(errno.ENOTDIR, path)
        if node.entries:
            raise _error(errno.ENOTEMPTY, path)
        if not name:
            raise _error(errno.EBUSY, path)
        self._drop(directory, name, node)

    def mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        self._make(path, dir_fd, stat.S_IFDIR | (mode & ~0o022))

    def mkfifo(self, path: Any, mode: int = 0o666, *, dir_fd: int | None = None) -> None:
        self._make(path, dir_fd, stat.S_IFIFO | (mode & ~0o022))

    def mknod(self, path: Any, mode: int = 0o600, device: int = 0, *, dir_fd: int | None = None) -> None:
        kind = stat.S_IFMT(mode) or stat.S_IFREG
        contents = str(device).encode() if kind in {stat.S_IFCHR, stat.S_IFBLK} else b""
        self._make(path, dir_fd, kind | (stat.S_IMODE(mode) & ~0o022), contents)

    def symlink(self, src: Any, dst: Any, target_is_directory: bool = False, *, dir_fd: int | None = None) -> None:  # noqa: ARG002
        self._make(dst, dir_fd, stat.S_IFLNK | 0o777, os.fsencode(src))

    def _make(self, path: Any, dir_fd: int | None, mode: int, contents: bytes = b"") -> None:
        directory, name, node = self._place(path, dir_fd)
        if node is not None:
            raise _error(errno.EEXIST, path)
        self.put(directory, name, mode, contents)

    def link(self, src: Any, dst: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None,
             follow_symlinks: bool = True) -> None:  # fmt: skip
        node = self.find(src, src_dir_fd, follow_symlinks)
        directory, name, there = self._place(dst, dst_dir_fd)
        if isinstance(node, FakeDirectory):
            raise _error(errno.EPERM, src)
        if there is not None:
            raise _error(errno.EEXIST, dst)
        self._enter(directory, name, node)

    def _enter(self, directory: FakeDirectory, name: str, node: FakeFile) -> None:
        node.name = name
        directory.add_entry(node)
        self._touch(directory)

    def rename(self, src: Any, dst: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        old_directory, old_name, node = self._place(src, src_dir_fd)
        directory, name, there = self._place(dst, dst_dir_fd)
        if node is None:
            raise _error(errno.ENOENT, src)
        if not old_name or not name:
            raise _error(errno.EBUSY, src)
        if there is node:
            return
        if isinstance(node, FakeDirectory) and directory.has_parent_object(node):
            raise _error(errno.EINVAL, src)
        if there is not None:
            self._check_replace(node, there, dst)
            self._drop(directory, name, there)
        self._drop(old_directory, old_name, node)
        self._enter(directory, name, node)

    replace = rename

    def _check_replace(self, node: FakeFile, there: FakeFile, path: Any) -> None:
        if isinstance(there, FakeDirectory):
            if not isinstance(node, FakeDirectory):
                raise _error(errno.EISDIR, path)
            if there.entries:
                raise _error(errno.ENOTEMPTY, path)
        elif isinstance(node, FakeDirectory):
            raise _error(errno.ENOTDIR, path)

    def chmod(self, path: Any, mode: int, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> None:
        node = self.find(path, dir_fd, follow_symlinks)
        node.stat_result.st_mode = stat.S_IFMT(node.st_mode) | stat.S_IMODE(mode)

    def fchmod(self, fd: int, mode: int) -> None:
        self.chmod(fd, mode)

    def utime(self, path: Any, times: tuple[float, float] | None = None, *, ns: tuple[int, int] | None = None,
              dir_fd: int | None = None, follow_symlinks: bool = True) -> None:  # fmt: skip
        told = self.find(path, dir_fd, follow_symlinks).stat_result
        if ns is None:
            ns = (time.time_ns(),) * 2 if times is None else (int(times[0] * 1e9), int(times[1] * 1e9))
        told._st_atime_ns, told._st_mtime_ns = ns
