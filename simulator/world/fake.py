"""The fake world's kernel: Linux's file-system calls over pyfakefs's tree of files.

Rules:

* pyfakefs keeps the tree (``simulator.world.nodes``). Its ``FakeFilesystem`` is created once and
  reset between runs.
* The calls are ours, because a careful collector looks exactly where pyfakefs's own ``os`` departs
  from Linux. Its ``open`` changes modes, a FIFO opens at once, links resolve as text, sixteen calls
  fall through to the real system. docs/adr/0002-fake-kernel.md lists them;
  tests/simulator/world/test_fidelity.py compares ours with the real kernel.
* Every user is root, as the agent is. Descriptors start at 1000, so that none can be taken for a
  real one.
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

from ..base import SECOND
from .nodes import Tree, failure
from .signals import NotModelled, WouldBlock

_FIRST_DESCRIPTOR = 1_000
#: RLIMIT_NOFILE of a usual process, less its own few; a collector that leaks descriptors meets
#: EMFILE.
_MOST_DESCRIPTORS = 1_020
_ACCESS = os.O_RDONLY | os.O_WRONLY | os.O_RDWR
_BLOCK = 4_096

_ENDLESS_ZEROS = os.makedev(1, 5)
_NULL = os.makedev(1, 3)
_DEVICES = {stat.S_IFCHR, stat.S_IFBLK}
_KINDS = {stat.S_IFREG: "f", stat.S_IFDIR: "d", stat.S_IFLNK: "l"}


class _Opened:
    """An open file description."""

    __slots__ = ("flags", "node", "position")

    def __init__(self, node: FakeFile, flags: int) -> None:
        self.node = node
        self.flags = flags
        self.position = 0

    @property
    def reads(self) -> bool:
        return self.flags & _ACCESS != os.O_WRONLY

    @property
    def writes(self) -> bool:
        return self.flags & _ACCESS != os.O_RDONLY


class FakeKernel:
    """One process's fake kernel; ``reset()`` empties it."""

    models_everything = False

    def __init__(self) -> None:
        self.tree = Tree()
        self.reset()
        self._functions: dict[str, Callable[..., Any]] = {
            name: getattr(self, name)
            for name in (
                "access", "chdir", "chmod", "chown", "close", "dup", "dup2", "fchdir", "fchmod", "fchown", "fdatasync", "fstat", "fsync", "ftruncate",
                "getcwd", "getcwdb", "isatty", "lchown", "link", "listxattr", "lseek", "lstat", "mkdir", "mkfifo", "mknod", "open", "pread",
                "preadv", "pwrite", "pwritev", "read", "readlink", "readv", "remove", "rename", "replace", "rmdir", "sendfile", "stat",
                "symlink", "truncate", "umask", "unlink", "utime", "write", "writev",
            )
        }  # fmt: skip

    def reset(self, disk_size: int | None = None) -> None:
        """An empty root, no open descriptor, the usual umask, no disk limit unless given (bytes)."""
        self.tree.reset(disk_size)
        self._opened: dict[int, _Opened] = {}
        self._umask = 0o022
        #: The directory from which relative paths start.
        self.cwd = "/"

    def function(self, name: str) -> Callable[..., Any]:
        try:
            return self._functions[name]
        except KeyError:
            raise NotModelled(f"os.{name} is not modelled in the fake world") from None

    # --- finding ----------------------------------------------------------------------------------------------------

    def _start(self, path: Any, dir_fd: int | None) -> FakeFile:
        if dir_fd is not None:
            absolute = os.fspath(path)[:1] in {"/", b"/"}
            return self.tree.root if absolute else self._any(dir_fd).node
        return self.tree.root if self.cwd == "/" else self.tree.find(self.cwd, self.tree.root)

    def _find(self, path: Any, dir_fd: int | None = None, follow: bool = True) -> FakeFile:
        if isinstance(path, int):
            return self._any(path).node
        return self.tree.find(path, self._start(path, dir_fd), follow)

    def _any(self, fd: int) -> _Opened:
        try:
            return self._opened[fd]
        except KeyError:
            raise failure(errno.EBADF) from None

    def _file(self, fd: int) -> _Opened:
        """A description that takes part in input and output: one by O_PATH does not."""
        opened = self._any(fd)
        if opened.flags & os.O_PATH:
            raise failure(errno.EBADF)
        return opened

    @staticmethod
    def _device(node: FakeFile) -> int:
        return int(node.byte_contents or b"0")

    # --- opening ----------------------------------------------------------------------------------------------------

    def refuse_blocking(self, path: Any, flags: int, dir_fd: int | None) -> None:
        if flags & (os.O_NONBLOCK | os.O_PATH | os.O_DIRECTORY) or flags & _ACCESS == os.O_RDWR:
            return
        try:
            node = self._find(path, dir_fd, follow=not flags & os.O_NOFOLLOW)
        except (OSError, ValueError):
            return
        if stat.S_ISFIFO(node.st_mode):
            raise WouldBlock("open of a FIFO waits for its other end")

    def open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        if flags & os.O_TMPFILE == os.O_TMPFILE:
            raise NotModelled("os.open with O_TMPFILE is not modelled in the fake world")
        if flags & os.O_PATH:
            flags &= os.O_PATH | os.O_DIRECTORY | os.O_NOFOLLOW
        exclusive = flags & os.O_CREAT and flags & os.O_EXCL
        follow = not flags & os.O_NOFOLLOW and not exclusive
        directory, name, node, _, slash = self.tree.walk(path, self._start(path, dir_fd), follow)
        if flags & os.O_CREAT and slash:
            raise failure(errno.EISDIR, path)
        if node is None:
            if not flags & os.O_CREAT:
                raise failure(errno.ENOENT, path)
            self._check_room(path)
            node = self.tree.put(directory, name, stat.S_IFREG | (mode & 0o7777 & ~self._umask))
        elif exclusive:
            raise failure(errno.EEXIST, path)
        else:
            if slash and not isinstance(node, FakeDirectory):
                raise failure(errno.ENOTDIR, path)
            self._check_open(node, flags, path)
            self._check_room(path)
        if flags & os.O_TRUNC and stat.S_ISREG(node.st_mode):
            self.tree.store(node, b"")
        return self._descriptor(_Opened(node, flags))

    def _check_open(self, node: FakeFile, flags: int, path: Any) -> None:
        kind = stat.S_IFMT(node.st_mode)
        if flags & os.O_DIRECTORY and kind != stat.S_IFDIR:
            raise failure(errno.ENOTDIR, path)
        if flags & os.O_PATH:
            return
        if kind == stat.S_IFLNK:
            raise failure(errno.ELOOP, path)
        if kind == stat.S_IFDIR and flags & (_ACCESS | os.O_CREAT | os.O_TRUNC):
            raise failure(errno.EISDIR, path)
        if kind == stat.S_IFSOCK:
            raise failure(errno.ENXIO, path)
        if kind == stat.S_IFIFO and flags & _ACCESS == os.O_WRONLY and not self._has_reader(node):
            raise failure(errno.ENXIO, path)
        if kind in _DEVICES and self._device(node) not in {_NULL, _ENDLESS_ZEROS}:
            raise failure(errno.ENXIO, path)

    def _check_room(self, path: Any) -> None:
        if len(self._opened) >= _MOST_DESCRIPTORS:
            raise failure(errno.EMFILE, path)

    def _descriptor(self, opened: _Opened) -> int:
        fd = _FIRST_DESCRIPTOR
        while fd in self._opened:
            fd += 1
        self._opened[fd] = opened
        return fd

    def close(self, fd: int) -> None:
        node = self._any(fd).node
        del self._opened[fd]
        if node.st_nlink == 0 or stat.S_ISFIFO(node.st_mode):
            self._forget_if_unheld(node)

    def _forget_if_unheld(self, node: FakeFile) -> None:
        if any(opened.node is node for opened in self._opened.values()):
            return
        if stat.S_ISFIFO(node.st_mode):
            node.set_initial_contents(b"")
        elif node.st_nlink == 0:
            self.tree.give_back(node)

    def dup(self, fd: int) -> int:
        opened = self._any(fd)
        self._check_room(None)
        return self._descriptor(opened)

    def dup2(self, fd: int, fd2: int, inheritable: bool = True) -> int:  # noqa: ARG002 - the signature of os
        opened = self._any(fd)
        if fd2 in self._opened and fd2 != fd:
            self.close(fd2)
        self._opened[fd2] = opened
        return fd2

    # --- reading and writing ----------------------------------------------------------------------------------------

    def read(self, fd: int, length: int) -> bytes:
        opened = self._file(fd)
        data = self._read_at(opened, length, opened.position)
        opened.position += len(data)
        return data

    def pread(self, fd: int, length: int, offset: int) -> bytes:
        return self._read_at(self._placed(fd, offset), length, offset)

    def readv(self, fd: int, buffers: Any) -> int:
        return sum(self._fill(buffer, lambda length: self.read(fd, length)) for buffer in buffers)

    def preadv(self, fd: int, buffers: Any, offset: int, flags: int = 0) -> int:  # noqa: ARG002 - the form of os
        total = 0
        for buffer in buffers:
            total += self._fill(buffer, lambda length, at=offset + total: self.pread(fd, length, at))  # type: ignore[misc] # mypy infers no default of a lambda
        return total

    @staticmethod
    def _fill(buffer: Any, source: Callable[[int], bytes]) -> int:
        view = memoryview(buffer).cast("B")
        data = source(len(view))
        view[: len(data)] = data
        return len(data)

    def _placed(self, fd: int, offset: int) -> _Opened:
        opened = self._file(fd)
        if offset < 0:
            raise failure(errno.EINVAL)
        if stat.S_ISFIFO(opened.node.st_mode):
            raise failure(errno.ESPIPE)
        return opened

    def _read_at(self, opened: _Opened, length: int, offset: int) -> bytes:
        if length < 0:
            raise failure(errno.EINVAL)
        if not opened.reads:
            raise failure(errno.EBADF)
        node = opened.node
        if isinstance(node, FakeDirectory):
            raise failure(errno.EISDIR)
        if stat.S_ISFIFO(node.st_mode):
            return self._from_pipe(opened, length)
        if stat.S_IFMT(node.st_mode) in _DEVICES:
            return bytes(length) if self._device(node) == _ENDLESS_ZEROS else b""
        data = (node.byte_contents or b"")[offset : offset + length]
        return data + bytes(max(0, min(length, node.st_size - offset) - len(data)))

    def _from_pipe(self, opened: _Opened, length: int) -> bytes:
        waiting = opened.node.byte_contents or b""
        if not waiting and length and any(o.node is opened.node and o.writes for o in self._opened.values()):
            if opened.flags & os.O_NONBLOCK:
                raise failure(errno.EAGAIN)
            raise WouldBlock("read of a FIFO that is empty waits for its writer")
        opened.node.set_initial_contents(waiting[length:])
        return waiting[:length]

    def _has_reader(self, node: FakeFile) -> bool:
        return any(opened.node is node and opened.reads for opened in self._opened.values())

    def write(self, fd: int, data: Any) -> int:
        opened = self._file(fd)
        if opened.flags & os.O_APPEND:
            opened.position = opened.node.st_size
        count = self._write_at(opened, bytes(data), opened.position)
        opened.position += count
        return count

    def pwrite(self, fd: int, data: Any, offset: int) -> int:
        return self._write_at(self._placed(fd, offset), bytes(data), offset)

    def writev(self, fd: int, buffers: Any) -> int:
        return self.write(fd, b"".join(bytes(buffer) for buffer in buffers))

    def pwritev(self, fd: int, buffers: Any, offset: int, flags: int = 0) -> int:  # noqa: ARG002 - the form of os
        return self.pwrite(fd, b"".join(bytes(buffer) for buffer in buffers), offset)

    def _write_at(self, opened: _Opened, data: bytes, offset: int) -> int:
        if not opened.writes:
            raise failure(errno.EBADF)
        node = opened.node
        old = node.byte_contents or b""
        if stat.S_ISFIFO(node.st_mode):
            if not self._has_reader(node):
                raise failure(errno.EPIPE)
            node.set_initial_contents(old + data)
            return len(data)
        if not stat.S_ISREG(node.st_mode):
            return len(data)
        # A full disk takes what still fits, as Linux does, and only then refuses.
        growth = max(0, offset + len(data) - len(old))
        data_that_fits = data[: max(0, len(data) - max(0, growth - self.tree.free()))]
        if data and not data_that_fits:
            raise failure(errno.ENOSPC)
        end = offset + len(data_that_fits)
        new = old[:offset].ljust(offset, b"\0") + data_that_fits + old[end:]
        self.tree.store(node, new, max(node.st_size, end))
        return len(data_that_fits)

    def sendfile(self, out_fd: int, in_fd: int, offset: int | None, count: int) -> int:
        data = self.read(in_fd, count) if offset is None else self.pread(in_fd, count, offset)
        return self.write(out_fd, data)

    def lseek(self, fd: int, position: int, whence: int) -> int:
        opened = self._file(fd)
        mode = opened.node.st_mode
        if stat.S_ISFIFO(mode):
            raise failure(errno.ESPIPE)
        if stat.S_IFMT(mode) in _DEVICES:
            opened.position = 0  # both devices stand still
            return 0
        base = {os.SEEK_SET: 0, os.SEEK_CUR: opened.position, os.SEEK_END: opened.node.st_size}.get(whence)
        if base is None or base + position < 0:
            raise failure(errno.EINVAL)
        opened.position = base + position
        return opened.position

    def fsync(self, fd: int) -> None:
        self._file(fd)

    fdatasync = fsync

    def truncate(self, path: Any, length: int) -> None:
        if isinstance(path, int):
            self.ftruncate(path, length)
            return
        self._truncate(self._find(path), length, path)

    def ftruncate(self, fd: int, length: int) -> None:
        opened = self._file(fd)
        if not opened.writes:
            raise failure(errno.EINVAL)
        self._truncate(opened.node, length, None)

    def _truncate(self, node: FakeFile, length: int, path: Any) -> None:
        if length < 0:
            raise failure(errno.EINVAL, path)
        if isinstance(node, FakeDirectory):
            raise failure(errno.EISDIR, path)
        if not stat.S_ISREG(node.st_mode):
            raise failure(errno.EINVAL, path)
        self.tree.store(node, (node.byte_contents or b"")[:length], length)

    # --- looking ----------------------------------------------------------------------------------------------------

    def stat(self, path: Any, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> os.stat_result:
        return self._stat(self._find(path, dir_fd, follow_symlinks))

    def lstat(self, path: Any, *, dir_fd: int | None = None) -> os.stat_result:
        return self._stat(self._find(path, dir_fd, follow=False))

    def fstat(self, fd: int) -> os.stat_result:
        return self._stat(self._any(fd).node)

    def _stat(self, node: FakeFile) -> os.stat_result:
        told = node.stat_result
        kind = stat.S_IFMT(told.st_mode)
        links, size, stored = told.st_nlink, told.st_size, len(node.byte_contents or b"")
        if isinstance(node, FakeDirectory):
            below = sum(isinstance(entry, FakeDirectory) for entry in node.entries.values())
            links = 0 if self.tree.is_removed(node) else 2 + below
            size, stored = _BLOCK, 0
        elif kind not in {stat.S_IFREG, stat.S_IFLNK}:
            size = stored = 0
        times = (told.st_atime_ns, told.st_mtime_ns, told.st_ctime_ns)
        return os.stat_result(
            (
                told.st_mode, told.st_ino or 1, told.st_dev, links, told.st_uid, told.st_gid, size,
                *(t // SECOND for t in times), *(t / SECOND for t in times), *times,
                _BLOCK, -(-stored // _BLOCK) * 8, self._device(node) if kind in _DEVICES else 0,
            )
        )  # fmt: skip

    def access(self, path: Any, mode: int, *, dir_fd: int | None = None, effective_ids: bool = False,  # noqa: ARG002 - the form of os
               follow_symlinks: bool = True) -> bool:  # fmt: skip
        try:
            node = self._find(path, dir_fd, follow_symlinks)
        except OSError:
            return False
        return not mode & os.X_OK or isinstance(node, FakeDirectory) or bool(node.st_mode & 0o111)

    def entries(self, path: Any = ".") -> list[tuple[Any, str]]:
        """Names and kinds (``f d l o``) of a directory by path or descriptor."""
        node = self._find(path)
        if not isinstance(node, FakeDirectory):
            raise failure(errno.ENOTDIR, path)
        if isinstance(path, int):
            self._file(path)
        found = [(name, _KINDS.get(stat.S_IFMT(entry.st_mode), "o")) for name, entry in node.entries.items()]
        if isinstance(path, bytes):
            return [(os.fsencode(name), kind) for name, kind in found]
        return list(found)

    def readlink(self, path: Any, *, dir_fd: int | None = None) -> Any:
        node = self._find(path, dir_fd, follow=False)
        if not stat.S_ISLNK(node.st_mode):
            raise failure(errno.EINVAL, path)
        target = node.byte_contents or b""
        return target if isinstance(path, bytes) else os.fsdecode(target)

    def listxattr(self, path: Any = None, *, follow_symlinks: bool = True) -> list[str]:
        self._find("." if path is None else path, None, follow_symlinks)
        return []

    def isatty(self, fd: int) -> bool:  # noqa: ARG002 - the form of os
        return False

    def getcwd(self) -> str:
        return self.cwd

    def getcwdb(self) -> bytes:
        return os.fsencode(self.cwd)

    def chdir(self, path: Any) -> None:
        node = self._find(path)
        if not isinstance(node, FakeDirectory):
            raise failure(errno.ENOTDIR, path)
        names: list[str] = []
        while node is not self.tree.root and node.parent_dir:
            names.append(str(node.name))
            node = node.parent_dir() or self.tree.root
        self.cwd = "/" + "/".join(reversed(names))

    def fchdir(self, fd: int) -> None:
        self.chdir(fd)

    def umask(self, mask: int) -> int:
        old, self._umask = self._umask, mask & 0o777
        return old

    # --- names ------------------------------------------------------------------------------------------------------

    def unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        place = self.tree.place(path, self._start(path, dir_fd))
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
        self.tree.drop(directory, name, node)
        if node.st_nlink == 0:
            self._forget_if_unheld(node)

    def rmdir(self, path: Any, *, dir_fd: int | None = None) -> None:
        place = self.tree.place(path, self._start(path, dir_fd))
        if not place.name:
            raise failure({".": errno.EINVAL, "..": errno.ENOTEMPTY}.get(place.last, errno.EBUSY), path)
        if place.node is None:
            raise failure(errno.ENOENT, path)
        if not isinstance(place.node, FakeDirectory):
            raise failure(errno.ENOTDIR, path)
        if place.node.entries:
            raise failure(errno.ENOTEMPTY, path)
        self.tree.drop(place.directory, place.name, place.node)

    def mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        self._make(path, dir_fd, stat.S_IFDIR | (mode & 0o1777 & ~self._umask))

    def mkfifo(self, path: Any, mode: int = 0o666, *, dir_fd: int | None = None) -> None:
        self._make(path, dir_fd, stat.S_IFIFO | (stat.S_IMODE(mode) & ~self._umask))

    def mknod(self, path: Any, mode: int = 0o600, device: int = 0, *, dir_fd: int | None = None) -> None:
        kind = stat.S_IFMT(mode) or stat.S_IFREG
        if kind == stat.S_IFDIR:
            raise failure(errno.EPERM, path)
        contents = str(device).encode() if kind in _DEVICES else b""
        self._make(path, dir_fd, kind | (stat.S_IMODE(mode) & ~self._umask), contents)

    def symlink(self, src: Any, dst: Any, target_is_directory: bool = False, *, dir_fd: int | None = None) -> None:  # noqa: ARG002 - the form of os
        self._make(dst, dir_fd, stat.S_IFLNK | 0o777, os.fsencode(self.tree.text(src)))

    def _make(self, path: Any, dir_fd: int | None, mode: int, contents: bytes = b"") -> None:
        directory, name, node, _, slash = self.tree.place(path, self._start(path, dir_fd))
        if node is not None:
            raise failure(errno.EEXIST, path)
        if slash and not stat.S_ISDIR(mode):
            raise failure(errno.ENOENT, path)
        self.tree.put(directory, name, mode, contents)

    def link(self, src: Any, dst: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None,
             follow_symlinks: bool = True) -> None:  # fmt: skip
        # Python asks the kernel to follow only where it uses linkat() at all.
        by_descriptor = src_dir_fd is not None or dst_dir_fd is not None
        node = self._find(src, src_dir_fd, follow=follow_symlinks and by_descriptor)
        directory, name, there, _, slash = self.tree.place(dst, self._start(dst, dst_dir_fd))
        if there is not None:
            raise failure(errno.EEXIST, dst)
        if slash:
            raise failure(errno.ENOENT, dst)
        if isinstance(node, FakeDirectory):
            raise failure(errno.EPERM, src)
        self.tree.enter(directory, name, node)

    def rename(self, src: Any, dst: Any, *, src_dir_fd: int | None = None, dst_dir_fd: int | None = None) -> None:
        old = self.tree.place(src, self._start(src, src_dir_fd))
        new = self.tree.place(dst, self._start(dst, dst_dir_fd))
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
        self.tree.drop(old.directory, old.name, node)
        self.tree.enter(new.directory, new.name, node)

    replace = rename

    def _check_replace(self, node: FakeFile, there: FakeFile, path: Any) -> None:
        if isinstance(there, FakeDirectory):
            if not isinstance(node, FakeDirectory):
                raise failure(errno.EISDIR, path)
            if there.entries:
                raise failure(errno.ENOTEMPTY, path)
        elif isinstance(node, FakeDirectory):
            raise failure(errno.ENOTDIR, path)

    # --- modes, owners, times ---------------------------------------------------------------------------------------

    def chmod(self, path: Any, mode: int, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> None:
        told = self._find(path, dir_fd, follow_symlinks).stat_result
        told.st_mode = stat.S_IFMT(told.st_mode) | stat.S_IMODE(mode)
        told.st_ctime_ns = time.time_ns()

    def fchmod(self, fd: int, mode: int) -> None:
        self._file(fd)
        self.chmod(fd, mode)

    def chown(self, path: Any, uid: int, gid: int, *, dir_fd: int | None = None, follow_symlinks: bool = True) -> None:
        told = self._find(path, dir_fd, follow_symlinks).stat_result
        told.st_uid = told.st_uid if uid == -1 else uid
        told.st_gid = told.st_gid if gid == -1 else gid
        told.st_ctime_ns = time.time_ns()

    def lchown(self, path: Any, uid: int, gid: int) -> None:
        self.chown(path, uid, gid, follow_symlinks=False)

    def fchown(self, fd: int, uid: int, gid: int) -> None:
        self._file(fd)
        self.chown(fd, uid, gid)

    def utime(self, path: Any, times: tuple[float, float] | None = None, *, ns: tuple[int, int] | None = None,
              dir_fd: int | None = None, follow_symlinks: bool = True) -> None:  # fmt: skip
        told = self._find(path, dir_fd, follow_symlinks).stat_result
        now = time.time_ns()
        if ns is None:
            ns = (now, now) if times is None else (int(times[0] * SECOND), int(times[1] * SECOND))
        told.st_atime_ns, told.st_mtime_ns = ns
        told.st_ctime_ns = now
