"""Contents: read, write, truncate, through a descriptor or a path."""

from __future__ import annotations

import errno
import functools
import os
import stat
from collections.abc import Callable
from typing import Any

from pyfakefs.fake_file import FakeDirectory, FakeFile

from ..signals import WouldBlock
from .nodes import DEVICES, ENDLESS_ZEROS, device_of, failure
from .process import Opened, Process


class Contents:
    """Calls that move bytes."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._tree = process.tree

    def read(self, fd: int, length: int) -> bytes:
        opened = self._process.usable(fd)
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
            total += self._fill(buffer, functools.partial(self._pread_at, fd, offset + total))
        return total

    def _pread_at(self, fd: int, offset: int, length: int) -> bytes:
        return self.pread(fd, length, offset)

    @staticmethod
    def _fill(buffer: Any, source: Callable[[int], bytes]) -> int:
        view = memoryview(buffer).cast("B")
        data = source(len(view))
        view[: len(data)] = data
        return len(data)

    def _placed(self, fd: int, offset: int) -> Opened:
        opened = self._process.usable(fd)
        if offset < 0:
            raise failure(errno.EINVAL)
        if stat.S_ISFIFO(opened.node.stat_result.st_mode):
            raise failure(errno.ESPIPE)
        return opened

    def _read_at(self, opened: Opened, length: int, offset: int) -> bytes:
        if length < 0:
            raise failure(errno.EINVAL)
        if not opened.reads:
            raise failure(errno.EBADF)
        node = opened.node
        if isinstance(node, FakeDirectory):
            raise failure(errno.EISDIR)
        if stat.S_ISFIFO(node.stat_result.st_mode):
            return self._from_pipe(opened, length)
        if stat.S_IFMT(node.stat_result.st_mode) in DEVICES:
            return bytes(length) if device_of(node) == ENDLESS_ZEROS else b""
        data = (node.byte_contents or b"")[offset : offset + length]
        return data + bytes(max(0, min(length, node.stat_result.st_size - offset) - len(data)))

    def _from_pipe(self, opened: Opened, length: int) -> bytes:
        waiting = opened.node.byte_contents or b""
        if not waiting and length and any(o.node is opened.node and o.writes for o in self._process.opened.values()):
            if opened.flags & os.O_NONBLOCK:
                raise failure(errno.EAGAIN)
            raise WouldBlock("read of a FIFO that is empty waits for its writer")
        opened.node.set_initial_contents(waiting[length:])
        return waiting[:length]

    def write(self, fd: int, data: Any) -> int:
        opened = self._process.usable(fd)
        if opened.flags & os.O_APPEND:
            opened.position = opened.node.stat_result.st_size
        count = self._write_at(opened, bytes(data), opened.position)
        opened.position += count
        return count

    def pwrite(self, fd: int, data: Any, offset: int) -> int:
        return self._write_at(self._placed(fd, offset), bytes(data), offset)

    def writev(self, fd: int, buffers: Any) -> int:
        return self.write(fd, b"".join(bytes(buffer) for buffer in buffers))

    def pwritev(self, fd: int, buffers: Any, offset: int, flags: int = 0) -> int:  # noqa: ARG002 - the form of os
        return self.pwrite(fd, b"".join(bytes(buffer) for buffer in buffers), offset)

    def _write_at(self, opened: Opened, data: bytes, offset: int) -> int:
        if not opened.writes:
            raise failure(errno.EBADF)
        node = opened.node
        old = node.byte_contents or b""
        if stat.S_ISFIFO(node.stat_result.st_mode):
            if not self._process.has_reader(node):
                raise failure(errno.EPIPE)
            node.set_initial_contents(old + data)
            return len(data)
        if not stat.S_ISREG(node.stat_result.st_mode):
            return len(data)
        # A full disk takes what still fits, as Linux does, and only then refuses.
        growth = max(0, offset + len(data) - len(old))
        data_that_fits = data[: max(0, len(data) - max(0, growth - self._tree.free()))]
        if data and not data_that_fits:
            raise failure(errno.ENOSPC)
        end = offset + len(data_that_fits)
        new = old[:offset].ljust(offset, b"\0") + data_that_fits + old[end:]
        self._tree.store(node, new, max(node.stat_result.st_size, end))
        return len(data_that_fits)

    def sendfile(self, out_fd: int, in_fd: int, offset: int | None, count: int) -> int:
        data = self.read(in_fd, count) if offset is None else self.pread(in_fd, count, offset)
        return self.write(out_fd, data)

    def truncate(self, path: Any, length: int) -> None:
        if isinstance(path, int):
            self.ftruncate(path, length)
            return
        self._truncate(self._process.find(path), length, path)

    def ftruncate(self, fd: int, length: int) -> None:
        opened = self._process.usable(fd)
        if not opened.writes:
            raise failure(errno.EINVAL)
        self._truncate(opened.node, length, None)

    def _truncate(self, node: FakeFile, length: int, path: Any) -> None:
        if length < 0:
            raise failure(errno.EINVAL, path)
        if isinstance(node, FakeDirectory):
            raise failure(errno.EISDIR, path)
        if not stat.S_ISREG(node.stat_result.st_mode):
            raise failure(errno.EINVAL, path)
        self._tree.store(node, (node.byte_contents or b"")[:length], length)
