"""File objects at the seam.

``open``, ``io.open`` and ``io.FileIO`` build genuine buffered and text layers over ``RawFile``,
whose every operation is one call at the seam. One file-level read is one ``read`` in the history,
however many system calls the C library would have made. What a crash finds in the collector's
buffers is lost, as a killed process loses it.
"""

from __future__ import annotations

import abc
import builtins
import contextlib
import errno
import functools
import io
import os
from collections.abc import Callable
from typing import Any

from . import seam as seams
from .signals import NotModelled, WouldBlock

_REAL_OPEN = io.open
_REAL_FILE_IO = io.FileIO

#: One read() of a whole file asks for this much at a time below the seam.
_CHUNK = 1 << 20
#: A read of a whole file that brings more than this has no end:
#: no world holds such a file, and a device like /dev/zero is one.
_ENDLESS = 256 << 20

_BASE_FLAGS = {
    "r": os.O_RDONLY,
    "w": os.O_WRONLY | os.O_CREAT | os.O_TRUNC,
    "a": os.O_WRONLY | os.O_CREAT | os.O_APPEND,
    "x": os.O_WRONLY | os.O_CREAT | os.O_EXCL,
}


@functools.lru_cache(maxsize=64)
def _flags(mode: str) -> int:
    kinds = [letter for letter in mode if letter in "rwax"]
    if len(kinds) != 1 or mode.count("+") > 1:
        raise ValueError("Must have exactly one of create/read/write/append mode and at most one plus")
    flags = _BASE_FLAGS[kinds[0]] | os.O_CLOEXEC
    if "+" in mode:
        flags = (flags & ~(os.O_RDONLY | os.O_WRONLY)) | os.O_RDWR
    return flags


class RawFile(io.RawIOBase):
    """``io.FileIO`` over hooked calls: same arguments, same attributes.

    It belongs to the seam that was current when it was made. It may be used later: the garbage
    collector closes it between two passes, or its process died and another run began. Then it works
    on its own world, unseen. It never uses a descriptor that was released, which may be somebody
    else's by now.
    """

    def __init__(
        self,
        file: Any,
        mode: str = "r",
        closefd: bool = True,
        opener: Callable[[Any, int], int] | None = None,
    ) -> None:
        self._descriptor = -1
        self._mode = mode
        self.name = file
        self.closefd = closefd
        seam = seams.current()
        if seam is None:
            raise RuntimeError("a RawFile is opened by a collector, through the seam")
        self._seam = seam
        flags = _flags(mode)
        self._reads = flags & (os.O_WRONLY | os.O_RDWR) != os.O_WRONLY
        self._writes = flags & (os.O_WRONLY | os.O_RDWR) != 0
        if isinstance(file, int):
            if file < 0:
                raise ValueError("negative file descriptor")
            seams.refuse_directory(seam.function("fstat")(file), file)
            self._descriptor = file
        elif not closefd:
            raise ValueError("Cannot use closefd=False with file name")
        else:
            self._descriptor = self._opened(os.fspath(file), flags, opener)
        if "a" in mode:
            with contextlib.suppress(OSError):  # as the C library: a pipe has no end to seek
                self._call("lseek", 0, os.SEEK_END)

    def _opened(self, path: Any, flags: int, opener: Callable[[Any, int], int] | None) -> int:
        if opener is None:
            return self._seam.open_file(path, flags)
        descriptor = opener(path, flags)
        if not isinstance(descriptor, int):
            raise TypeError("expected integer from opener")
        if descriptor < 0:
            raise ValueError(f"opener returned {descriptor}")
        try:
            seams.refuse_directory(self._seam.function("fstat")(descriptor), path)
        except OSError:
            self._seam.forget(descriptor)
            raise
        return descriptor

    def _call(self, name: str, *args: Any) -> Any:
        """One call of the world on this file's descriptor, unseen."""
        if self._descriptor not in self._seam.descriptors and self._descriptor > 2:
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))
        return self._seam.function(name)(self._descriptor, *args)

    def _hooked(self, name: str, *args: Any) -> Any:
        """The same, with its hooks if the seam is current."""
        if seams.current() is self._seam:
            return getattr(os, name)(self._descriptor, *args)
        return self._call(name, *args)

    @property
    def mode(self) -> str:
        plus = "+" in self._mode
        if "x" in self._mode or "a" in self._mode:
            return ("x" if "x" in self._mode else "a") + ("b+" if plus else "b")
        if plus:
            return "rb+"
        return "rb" if "r" in self._mode else "wb"

    def fileno(self) -> int:
        self._check()
        return self._descriptor

    def isatty(self) -> bool:
        self._check()
        return False

    def readable(self) -> bool:
        self._check()
        return self._reads

    def writable(self) -> bool:
        self._check()
        return self._writes

    def seekable(self) -> bool:
        self._check()
        try:
            self._call("lseek", 0, os.SEEK_CUR)
        except OSError:
            return False
        return True

    def readinto(self, buffer: Any) -> int:
        self._check_reads()
        view = memoryview(buffer).cast("B")
        data = self._hooked("read", len(view))
        view[: len(data)] = data
        return len(data)

    def read(self, size: int | None = -1) -> bytes:
        self._check_reads()
        if size is None or size < 0:
            return self.readall()
        data: bytes = self._hooked("read", size)
        return data

    def readall(self) -> bytes:
        self._check_reads()

        def chunks() -> bytes:
            found: list[bytes] = []
            while chunk := self._call("read", _CHUNK):
                found.append(chunk)
                if len(found) * _CHUNK > _ENDLESS:
                    raise WouldBlock("a read of a whole file that has no end")
            return b"".join(found)

        if seams.current() is not self._seam:
            return chunks()
        whole: bytes = self._seam.call("read", self._seam.describe(self._descriptor), chunks)
        return whole

    def write(self, data: Any) -> int:
        self._check()
        if not self._writes:
            raise io.UnsupportedOperation("File not open for writing")
        if self._seam.dead:
            return memoryview(data).nbytes  # the buffers of a dead process go nowhere
        count: int = self._hooked("write", data)
        return count

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._check()
        # Asking for the position touches no file; the buffered layers do it at every turn.
        asking = offset == 0 and whence == os.SEEK_CUR
        position: int = self._call("lseek", offset, whence) if asking else self._hooked("lseek", offset, whence)
        return position

    def tell(self) -> int:
        return self.seek(0, os.SEEK_CUR)

    def truncate(self, size: int | None = None) -> int:
        self._check()
        if not self._writes:
            raise io.UnsupportedOperation("File not open for writing")
        length = self.tell() if size is None else size
        self._hooked("ftruncate", length)
        return length

    def close(self) -> None:
        if self.closed:
            return
        try:
            super().close()
        finally:
            descriptor, self._descriptor = self._descriptor, -1
            if self.closefd and descriptor >= 0:
                if seams.current() is self._seam and not self._seam.dead:
                    os.close(descriptor)
                else:
                    self._seam.forget(descriptor)

    def _check(self) -> None:
        if self.closed:
            raise ValueError("I/O operation on closed file")

    def _check_reads(self) -> None:
        self._check()
        if not self._reads:
            raise io.UnsupportedOperation("File not open for reading")

    def __repr__(self) -> str:
        return f"<_io.FileIO name={self.name!r} mode={self.mode!r} closefd={self.closefd!r}>"


class _FileIOType(abc.ABCMeta):
    """Makes ``isinstance(file, io.FileIO)`` true for the genuine class and for ours."""

    def __instancecheck__(cls, instance: object) -> bool:
        if cls is not _FileIO:
            return bool(super().__instancecheck__(instance))
        return isinstance(instance, (RawFile, _REAL_FILE_IO))


class _FileIO(_REAL_FILE_IO, metaclass=_FileIOType):
    """What ``io.FileIO`` names:
    a ``RawFile`` while a seam is current, the genuine class otherwise.
    """

    etp_real = _REAL_FILE_IO

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        if seams.current() is None:
            return _REAL_FILE_IO(*args, **kwargs) if cls is _FileIO else super().__new__(cls, *args, **kwargs)
        if cls is not _FileIO:
            raise NotModelled(f"{cls.__name__}, a subclass of io.FileIO, opens files past the seam")
        return RawFile(*args, **kwargs)


def _open(
    file: Any,
    mode: str = "r",
    buffering: int = -1,
    encoding: str | None = None,
    errors: str | None = None,
    newline: str | None = None,
    closefd: bool = True,
    opener: Callable[[Any, int], int] | None = None,
) -> Any:
    """``open`` as the standard library's, over ``RawFile`` while a seam is current."""
    if seams.current() is None:
        return _REAL_OPEN(file, mode, buffering, encoding, errors, newline, closefd, opener)
    if not isinstance(file, int):
        file = os.fspath(file)
    binary = "b" in mode
    _check_arguments(mode, binary, buffering, encoding, errors, newline)
    raw = RawFile(file, mode.replace("b", "").replace("t", ""), closefd, opener)
    try:
        return _layered(raw, mode, buffering, encoding, errors, newline)
    except BaseException:
        raw.close()
        raise


@functools.lru_cache(maxsize=256)
def _check_arguments(
    mode: str, binary: bool, buffering: int, encoding: str | None, errors: str | None, newline: str | None
) -> None:
    if set(mode) - set("rwaxbt+") or len(set(mode)) != len(mode):
        raise ValueError(f"invalid mode: {mode!r}")
    if binary and "t" in mode:
        raise ValueError("can't have text and binary mode at once")
    for name, value in (("encoding", encoding), ("errors", errors), ("newline", newline)):
        if binary and value is not None:
            raise ValueError(f"binary mode doesn't take {'an' if name[0] == 'e' else 'a'} {name} argument")
    if buffering == 0 and not binary:
        raise ValueError("can't have unbuffered text I/O")
    if buffering < -1:
        raise ValueError("invalid buffering size")


def _layered(
    raw: RawFile, mode: str, buffering: int, encoding: str | None, errors: str | None, newline: str | None
) -> Any:
    if buffering == 0:
        return raw
    size = buffering if buffering > 1 else io.DEFAULT_BUFFER_SIZE
    buffered: Any
    if raw.readable() and raw.writable():
        buffered = io.BufferedRandom(raw, size)
    elif raw.writable():
        buffered = io.BufferedWriter(raw, size)
    else:
        buffered = io.BufferedReader(raw, size)
    if "b" in mode:
        return buffered
    text = io.TextIOWrapper(buffered, encoding, errors, newline, line_buffering=buffering == 1)
    text.mode = mode  # type: ignore[misc] # read-only by its stub alone
    return text


def install_files() -> None:
    """Put the hooked ``open`` and ``FileIO`` in place, once a process."""
    if io.open is _open:
        return
    _open.etp_real = _REAL_OPEN  # type: ignore[attr-defined] # a mark on a function
    io.open = _open
    io.FileIO = _FileIO  # type: ignore[misc] # to replace it is the point
    builtins.open = _open
