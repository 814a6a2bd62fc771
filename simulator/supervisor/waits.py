"""Waits that end by the clock: until when, and whether what they wait for has come.

Rules: a wait is held, not made. It ends early when what it waits for is there: then the kernel
makes the call, and it returns at once. Else it ends when everybody waits: the kit's clock goes to
the earliest end. A futex whose word has changed is told so (EAGAIN), as the kernel would at the
call.
"""

from __future__ import annotations

import os
import select
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from ..base import SECOND
from .calls import FUTEX_COMMAND, FUTEX_REALTIME, FUTEX_WAIT_BITSET, signed
from .native import Notification, read_memory, write_memory
from .places import Places

_MILLISECOND = SECOND // 1_000
_ABSOLUTE = 1
_ETIMEDOUT, _EAGAIN = 110, 11
_REALTIME, _MONOTONIC = 0, 1
_MOST_DESCRIPTORS = 4096
#: The time of each call: which argument, and ns of a unit of its second part.
_TIMES = {"nanosleep": 0, "clock_nanosleep": 2, "ppoll": 2, "select": 4, "pselect6": 4, "epoll_pwait2": 3, "futex": 3}

Clock = Callable[[int], int]


@dataclass(frozen=True, slots=True)
class Wait:
    """One wait of one thread.

    ``length``: ns from now, None where no time ends it. ``errno``: what it gives when its time is
    over.
    """

    name: str
    process: int
    args: tuple[int, ...]
    length: int | None
    errno: int = 0


def wait_of(name: str, told: Notification, process: int, clock: Clock) -> Wait:
    """What a call waits for. Raises OSError for an address that is none."""
    args = told.args
    if name in {"poll", "epoll_wait", "epoll_pwait"}:
        milliseconds = signed(args[2 if name == "poll" else 3])
        return Wait(name, process, args, milliseconds * _MILLISECOND if milliseconds >= 0 else None)
    address = args[_TIMES[name]]
    if not address:
        return Wait(name, process, args, None)
    seconds, part = struct.unpack("<qq", read_memory(process, address, 16).ljust(16, b"\0"))
    length = seconds * SECOND + part * (1_000 if name == "select" else 1)
    if name == "clock_nanosleep" and args[1] & _ABSOLUTE:
        length -= clock(signed(args[0]))
    if name == "futex" and args[1] & FUTEX_COMMAND == FUTEX_WAIT_BITSET:
        length -= clock(_REALTIME if args[1] & FUTEX_REALTIME else _MONOTONIC)
    return Wait(name, process, args, max(0, length), _ETIMEDOUT if name == "futex" else 0)


def come(wait: Wait, places: Places) -> int | None:
    """Whether what it waits for is there.

    0 to let the kernel look, an errno to give, None for not yet.
    """
    with suppress(OSError):
        if wait.name == "futex":
            word = read_memory(wait.process, wait.args[0], 4)
            return _EAGAIN if word != struct.pack("<I", wait.args[2] & 0xFFFFFFFF) else None
        return 0 if _is_ready(_asked(wait), wait.process, places) else None
    return 0


def clear(wait: Wait) -> None:
    """Its time is over: what it looks at holds nothing that came, as the kernel leaves it.

    Programs read the sets of a select, whatever it returned.
    """
    if wait.name in {"select", "pselect6"}:
        size = _size_of_set(wait)
        for address in wait.args[1:4]:
            if address and size:
                write_memory(wait.process, address, bytes(size))
    elif wait.name in {"poll", "ppoll"}:
        for number in range(min(wait.args[1], _MOST_DESCRIPTORS)):
            write_memory(wait.process, wait.args[0] + 8 * number + 6, b"\0\0")


def _size_of_set(wait: Wait) -> int:
    return max(0, min(signed(wait.args[0]), _MOST_DESCRIPTORS) + 63) // 64 * 8


def _asked(wait: Wait) -> list[tuple[int, int]]:
    """(descriptor, events) that it looks at."""
    match wait.name:
        case "epoll_wait" | "epoll_pwait" | "epoll_pwait2":
            return [(signed(wait.args[0]), select.POLLIN)]
        case "poll" | "ppoll":
            count = min(wait.args[1], _MOST_DESCRIPTORS)
            data = read_memory(wait.process, wait.args[0], 8 * count) if count else b""
            whole = data[: len(data) // 8 * 8]
            return [(descriptor, events) for descriptor, events, _ in struct.iter_unpack("<iHH", whole)]
        case "select" | "pselect6":
            return _of_sets(wait)
    return []


def _of_sets(wait: Wait) -> list[tuple[int, int]]:
    count = min(signed(wait.args[0]), _MOST_DESCRIPTORS)
    found = []
    for address, events in zip(wait.args[1:4], (select.POLLIN, select.POLLOUT, select.POLLPRI), strict=False):
        if address and count > 0:
            bits = int.from_bytes(read_memory(wait.process, address, _size_of_set(wait)), "little")
            found += [(number, events) for number in range(count) if bits >> number & 1]
    return found


def _is_ready(asked: list[tuple[int, int]], process: int, places: Places) -> bool:
    held = []
    poll = select.poll()
    try:
        for descriptor, events in asked:
            if descriptor >= 0:
                held.append(places.copy(process, descriptor))
                poll.register(held[-1], events)
        return bool(held) and bool(poll.poll(0))
    finally:
        for descriptor in held:
            os.close(descriptor)
