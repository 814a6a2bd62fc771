"""The calls of Linux that Python has no function for: seccomp, notifications, another process's
memory and descriptors.

Rules: each is one call, and raises OSError with its errno. Nothing here decides anything.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from .machines import this_machine

_libc = ctypes.CDLL(None, use_errno=True)
_syscall = _libc.syscall
_syscall.restype = ctypes.c_long
_syscall.argtypes = [ctypes.c_long] * 7

_PR_SET_NO_NEW_PRIVS = 38
_SET_MODE_FILTER, _NEW_LISTENER, _WAIT_KILLABLE = 1, 8, 32
_EINVAL, _ENOENT, _ESRCH = 22, 2, 3

#: ioctl requests of a listener: receive a call, answer it, put a descriptor into its process, wake
#: it on our processor.
_RECEIVE, _ANSWER, _ADD, _SET_FLAGS = 0xC0502100, 0xC0182101, 0x40182103, 0x40082104
#: ... and ask whether the call still waits.
_IS_VALID = 0x40082102
_GO_ON, _AT_NUMBER = 1, 1
_NOTIFICATION = struct.Struct("<QIIiIQ6Q")
_ANSWERED = struct.Struct("<QqiI")
_ADDED = struct.Struct("<QIIII")

#: What says that a caller is gone.
GONE = frozenset({_ENOENT, _ESRCH})

_PAGE = 4096
#: Bytes of a path that are read at once: most are no longer.
_SHORT_PATH = 256
_MOST_PATH = 4096


class Notification(NamedTuple):
    """A call that waits for its answer: ``tid`` is the thread that made it."""

    id: int
    tid: int
    number: int
    args: tuple[int, ...]


def system_call(number: int, *args: int) -> int:
    """One system call of our own. Raises OSError."""
    given = [*args, *([0] * (6 - len(args)))]
    result: int = _syscall(number, *given)
    if result == -1:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return result


def supervise_me(code: bytes) -> int:
    """Put this process and all that it starts under the filter; gives the listener.

    Raises OSError where that cannot be had.
    """
    machine = this_machine()
    if machine is None:
        raise OSError(_EINVAL, "no table of this machine's calls")
    program = ctypes.create_string_buffer(code, len(code))
    told = ctypes.create_string_buffer(struct.pack("@HxxxxxxP", len(code) // 8, ctypes.addressof(program)), 16)
    if _libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    number = machine.numbers["seccomp"]
    try:
        return system_call(number, _SET_MODE_FILTER, _NEW_LISTENER | _WAIT_KILLABLE, ctypes.addressof(told))
    except OSError as error:
        if error.errno != _EINVAL:
            raise
        return system_call(number, _SET_MODE_FILTER, _NEW_LISTENER, ctypes.addressof(told))


def processor_here() -> int:
    """The processor that this process runs on, just now."""
    return int(_libc.sched_getcpu())


def wake_here(listener: int) -> None:
    """Have whoever waits for an answer woken on the processor that answers, where the kernel knows
    how.
    """
    try:
        fcntl.ioctl(listener, _SET_FLAGS, 1)
    except OSError:
        return


def receive(listener: int) -> Notification:
    """The next call that waits. Raises OSError: ENOENT where its thread has died."""
    buffer = bytearray(_NOTIFICATION.size)
    fcntl.ioctl(listener, _RECEIVE, buffer)
    number, tid, _, call, _, _, *args = _NOTIFICATION.unpack(buffer)
    # A named tuple's own constructor is a Python call more, at each call of a program.
    return tuple.__new__(Notification, (number, tid, call, tuple(args)))


def answer(listener: int, notification: Notification, value: int = 0, errno: int = 0) -> None:
    """What the call gives in place of being made. Raises OSError where nobody waits any more."""
    fcntl.ioctl(listener, _ANSWER, bytearray(_ANSWERED.pack(notification.id, value, -errno, 0)))


def is_waited_for(listener: int, notification: Notification) -> bool:
    """Whether the thread still waits: of one that was killed the number may be another's."""
    try:
        fcntl.ioctl(listener, _IS_VALID, bytearray(notification.id.to_bytes(8, "little")))
    except OSError:
        return False
    return True


def let_go_on(listener: int, notification: Notification) -> None:
    """Have the kernel make the call. Raises OSError where nobody waits any more."""
    fcntl.ioctl(listener, _ANSWER, bytearray(_ANSWERED.pack(notification.id, 0, 0, _GO_ON)))


def put_descriptor(
    listener: int, notification: Notification, descriptor: int, *, close_on_exec: bool, at: int | None = None
) -> int:
    """Give the caller's process a descriptor of ours, at a number of its own or a free one.

    Raises OSError.
    """
    flags = os.O_CLOEXEC if close_on_exec else 0
    told = _ADDED.pack(notification.id, 0 if at is None else _AT_NUMBER, descriptor, at or 0, flags)
    number: int = fcntl.ioctl(listener, _ADD, bytearray(told))
    return number


@contextmanager
def gone_is_fine() -> Iterator[None]:
    """A caller that is gone meanwhile is nobody's failure."""
    try:
        yield
    except OSError as error:
        if error.errno not in GONE:
            raise


class _Span(ctypes.Structure):
    _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))


#: Bytes that pass through memory that is there already: what most calls carry.
_ROOM = 1 << 20
_ours = ctypes.create_string_buffer(_ROOM)
_OURS_AT = ctypes.addressof(_ours)
_here, _there = _Span(_OURS_AT, 0), _Span()
_mine = _Span()
_carry = (ctypes.byref(_here), 1, ctypes.byref(_there), 1, 0)
_carry_mine = (ctypes.byref(_mine), 1, ctypes.byref(_there), 1, 0)


def read_memory(pid: int, address: int, length: int) -> bytes:
    """Bytes of another process, as many as can be read in a row, a MiB at most. Raises OSError."""
    _here.length = _there.length = min(length, _ROOM)
    _there.base = address
    count = _libc.process_vm_readv(pid, *_carry)
    if count < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    return ctypes.string_at(_OURS_AT, count)


def write_memory(pid: int, address: int, data: bytes) -> None:
    """Bytes into another process. Raises OSError; EFAULT where not all of them fit."""
    for begin in range(0, len(data), _ROOM):
        part = data[begin : begin + _ROOM]
        ctypes.memmove(_ours, part, len(part))
        carry_back(pid, address + begin, _OURS_AT, len(part))


def carry_back(pid: int, address: int, ours: int, length: int) -> None:
    """So many bytes at an address of ours into another process. Raises OSError; EFAULT where not
    all of them fit.
    """
    _mine.base, _mine.length = ours, length
    _there.base, _there.length = address, length
    count = _libc.process_vm_writev(pid, *_carry_mine)
    if count < 0:
        error = ctypes.get_errno()
        raise OSError(error, os.strerror(error))
    if count != length:
        raise OSError(14, os.strerror(14))


def read_text(pid: int, address: int) -> bytes:
    """A text up to its zero byte. Raises OSError: EFAULT, or ENAMETOOLONG as the kernel does."""
    found, most = b"", _SHORT_PATH
    while len(found) < _MOST_PATH:
        part = read_memory(pid, address, min(most, _PAGE - address % _PAGE))
        text, end, _ = part.partition(b"\0")
        found += text
        if end:
            return found
        address, most = address + len(part), _PAGE
    raise OSError(36, os.strerror(36))


def descriptor_of(pidfd: int, descriptor: int) -> int:
    """A copy of another process's descriptor, its offset too. Raises OSError."""
    machine = this_machine()
    assert machine is not None
    return system_call(machine.numbers["pidfd_getfd"], pidfd, descriptor, 0)
