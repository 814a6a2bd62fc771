"""Reads, writes, openings and listings that a program makes in the world: carried out piece by
piece, in one form whatever their call.

Rules: each gives the result that the program gets, and raises OSError for its errno. What would
wait for somebody who never comes raises WouldBlock.
"""

from __future__ import annotations

import ctypes
import os
import select
import stat
import struct
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..core import ENTRIES_A_CALL
from ..world import REAL, WouldBlock, may_wait
from .calls import O_TMPFILE, signed
from .listings import Entry, endless_entries, entries_of, packed
from .native import read_memory, system_call, write_memory
from .places import Place
from .request import Request, umask_of

#: Bytes at a time: memory that one call takes.
_PIECE = 1 << 20
_MOST_VECTORS, _EINVAL, _EFAULT = 1024, 22, 14
_HOW = struct.Struct("<QQQ")
#: What of a mode open(2) looks at: the rest of its register may hold anything.
_MODE = 0o7777
_MAKING = os.O_CREAT | os.O_TRUNC | os.O_WRONLY | os.O_RDWR

Spans = list[tuple[int, int]]
#: The kit's own calls, without the way round by the seam that stands in ``os``.
_read: Callable[[int, int], bytes] = REAL["read"]
_pread: Callable[[int, int, int], bytes] = REAL["pread"]


def spans_of(request: Request) -> Spans:
    """(address, length) of each part of the program's buffer. Raises OSError."""
    if request.form.kinds[1] != "v":
        return [(request.args[1], min(request.args[2], 0x7FFFF000))]
    count = request.args[2]
    if count > _MOST_VECTORS:
        raise OSError(_EINVAL, os.strerror(_EINVAL))
    data = read_memory(request.process, request.args[1], 16 * count) if count else b""
    if len(data) != 16 * count:
        raise OSError(_EFAULT, os.strerror(_EFAULT))
    return [struct.unpack_from("<QQ", data, 16 * i) for i in range(count)]


def _offset_of(request: Request) -> int | None:
    """Where in the file, for calls that say; None: where it stands."""
    if request.name in {"read", "readv", "write", "writev"}:
        return None
    offset = signed(request.args[3], 64)
    return None if offset == -1 and request.name in {"preadv2", "pwritev2"} else offset


def _pieces(spans: Spans, most: int) -> Iterable[tuple[int, int]]:
    """What is carried at once, of the first so many bytes."""
    if len(spans) == 1 and 0 < most <= _PIECE:
        return [(spans[0][0], most)]
    return _parted(spans, most)


def _parted(spans: Spans, most: int) -> Iterator[tuple[int, int]]:
    left = most
    for address, length in spans:
        while length and left:
            size = min(length, left, _PIECE)
            yield address, size
            address, length, left = address + size, length - size, left - size


def read(request: Request, shorten: Callable[[int], int]) -> int:
    """Bytes of a file into the program's buffer; ``shorten`` gives how many of the wanted ones."""
    spans, offset = spans_of(request), _offset_of(request)
    wanted = spans[0][1] if len(spans) == 1 else sum(length for _, length in spans)
    most = shorten(wanted) if wanted else 0
    ours = request.copy()
    if request.kind() not in {stat.S_IFREG, stat.S_IFDIR}:
        _refuse_waiting(ours)
    if not most:
        return len(_read(ours, 0)) if offset is None else len(_pread(ours, 0, offset))
    done = 0
    for address, size in _pieces(spans, most):
        data = _read(ours, size) if offset is None else _pread(ours, size, offset + done)
        if data:
            write_memory(request.process, address, data)
        done += len(data)
        if len(data) < size:
            break
    return done


def _refuse_waiting(descriptor: int) -> None:
    if not os.get_blocking(descriptor):
        return
    if not select.select([descriptor], [], [], 0)[0]:
        raise WouldBlock("read waits for somebody who writes")


def write(request: Request) -> int:
    """Bytes of the program into a file."""
    spans, offset = spans_of(request), _offset_of(request)
    ours = request.copy()
    done = 0
    for address, size in _pieces(spans, sum(length for _, length in spans)):
        data = read_memory(request.process, address, size)
        if not data:
            raise OSError(_EFAULT, os.strerror(_EFAULT))
        count = os.write(ours, data) if offset is None else os.pwrite(ours, data, offset + done)
        done += count
        if count < size:
            break
    return done


def open_it(request: Request, number: int) -> tuple[int, int]:
    """Open what was asked for; gives our descriptor and the flags. ``number``: openat2's."""
    flags, mode, resolve = _how(request)
    place = request.found[0]
    _refuse_waiting_to_open(place.path, flags, place.directory)
    if not flags & (os.O_CREAT | O_TMPFILE):
        return _opened(request.name, number, place, (flags, mode, resolve)), flags
    before = os.umask(umask_of(request.process))
    try:
        return _opened(request.name, number, place, (flags, mode, resolve)), flags
    finally:
        os.umask(before)


def _opened(name: str, number: int, place: Place, how: tuple[int, int, int]) -> int:
    flags, mode, resolve = how
    if name == "openat2":
        return _open_by_how(number, place.directory, place.path, (flags | os.O_CLOEXEC, mode, resolve))
    if place.directory < 0:
        return os.open(place.path, flags | os.O_CLOEXEC, mode)
    return os.open(place.path, flags | os.O_CLOEXEC, mode, dir_fd=place.directory)


def is_changing(request: Request) -> bool:
    """Whether it opens to write or to make."""
    try:
        return bool(_how(request)[0] & _MAKING)
    except OSError:
        return False


def _how(request: Request) -> tuple[int, int, int]:
    args = request.args
    match request.name:
        case "open":
            return signed(args[1]), args[2] & _MODE, 0
        case "openat":
            return signed(args[2]), args[3] & _MODE, 0
        case "creat":
            return os.O_CREAT | os.O_WRONLY | os.O_TRUNC, args[1] & _MODE, 0
    data = read_memory(request.process, args[2], _HOW.size)
    if len(data) != _HOW.size or args[3] != _HOW.size:
        raise OSError(_EINVAL, os.strerror(_EINVAL))
    flags, mode, resolve = _HOW.unpack(data)
    return flags, mode, resolve


def _open_by_how(number: int, directory: int, path: bytes, how: tuple[int, int, int]) -> int:
    text, told = ctypes.create_string_buffer(path), ctypes.create_string_buffer(_HOW.pack(*how), _HOW.size)
    return system_call(number, directory, ctypes.addressof(text), ctypes.addressof(told), _HOW.size)


def _refuse_waiting_to_open(path: bytes, flags: int, directory: int) -> None:
    """As the real world refuses it of a Python object (``simulator.world.real``)."""
    if not may_wait(flags):
        return
    try:
        mode = os.stat(
            path, dir_fd=None if directory < 0 else directory, follow_symlinks=not flags & os.O_NOFOLLOW
        ).st_mode
    except OSError:
        return
    if stat.S_ISFIFO(mode):
        raise WouldBlock("open of a FIFO waits for its other end")


class Listings:
    """Directories that are being read, by process and descriptor: what is left of each."""

    def __init__(self) -> None:
        self._going: dict[tuple[int, int], tuple[list[Entry], int]] = {}
        self._endless: set[tuple[int, int]] = set()

    def begins(self, request: Request) -> bool:
        """Whether this reading is the first of a listing."""
        return self._key(request) not in self._going

    def read(self, request: Request, order: Callable[[list[Any]], list[Any]]) -> int:
        """The next portion into the program's buffer; 0 ends the listing."""
        key = self._key(request)
        if key not in self._going:
            self._going[key] = entries_of(request.copy(), order), 0
        entries, place = self._going[key]
        most = ENTRIES_A_CALL if key in self._endless else len(entries)
        room = min(request.args[2], _PIECE)
        data, after = packed(entries[: place + most], place, room, old=request.name == "getdents")
        if not data and place < len(entries):
            raise OSError(_EINVAL, os.strerror(_EINVAL))
        if data:
            write_memory(request.process, request.args[1], data)
        self._going[key] = entries, after
        return len(data)

    def never_ends(self, request: Request) -> None:
        """From now on this listing shows entries that nobody finds, so many at a time."""
        key = self._key(request)
        entries, _ = self._going[key]
        entries += endless_entries()
        self._endless.add(key)

    def is_endless(self, request: Request) -> bool:
        return self._key(request) in self._endless

    def seek(self, request: Request) -> int | None:
        """Go to a place that was told before; None: nothing of it is known, the kernel answers."""
        key = self._key(request)
        if key not in self._going:
            return None
        offset, whence = signed(request.args[1], 64), request.args[2]
        if whence != os.SEEK_SET:
            return self._going[key][1]
        if offset == 0:
            self.ends(*key)
            return 0
        entries, _ = self._going[key]
        self._going[key] = entries, min(max(0, offset), len(entries))
        return offset

    def ends(self, process: int, descriptor: int) -> None:
        self._going.pop((process, descriptor), None)
        self._endless.discard((process, descriptor))

    def _key(self, request: Request) -> tuple[int, int]:
        return request.process, signed(request.args[0])
