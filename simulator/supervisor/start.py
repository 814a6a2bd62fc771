"""How a program comes under a supervisor, and whether it can on this machine.

Rules: the program's process puts itself under the filter just before it becomes the program, and
hands the listener over by a socket. Whether all of it works is tried once, on a child that makes
one call: kernels, containers and security modules refuse at different places.
"""

from __future__ import annotations

import os
import select
import socket
from contextlib import suppress
from functools import cache

from .filter import filter_of
from .machines import this_machine
from .native import answer, descriptor_of, read_text, receive, supervise_me
from .vdso import take_clock

_TRIED = b"/a/path/that/is/read/by/the/kit"
_MOST_SECONDS_MS = 5_000


def filter_code() -> bytes:
    """The filter of this machine. Raises OSError where its calls are not known."""
    machine = this_machine()
    if machine is None:
        raise OSError(95, f"the calls of {os.uname().machine} are not known")
    return filter_of(machine)


def come_under(code: bytes, channel: int) -> None:
    """Put this process under the filter and send the listener through a socket. Raises OSError."""
    # Made before: from the filter on, calls wait for whoever gets the listener.
    with socket.socket(fileno=os.dup(channel)) as way:
        listener = supervise_me(code)
        socket.send_fds(way, [b"l"], [listener])
    os.close(listener)


def listener_from(channel: socket.socket) -> int | None:
    """The listener that a process sent, None where it ended without."""
    try:
        _, descriptors, _, _ = socket.recv_fds(channel, 1, 1)
    except OSError:
        return None
    return descriptors[0] if descriptors else None


@cache
def unsupervisable() -> str:
    """Why no program can be supervised here, in words; "" where one can."""
    try:
        code = filter_code()
    except OSError as error:
        return str(error.strerror)
    ours, theirs = socket.socketpair()
    kept = theirs.fileno()
    child = os.fork()
    if not child:
        with suppress(BaseException):
            come_under(code, kept)
            os.path.exists(_TRIED)
        os._exit(0)
    theirs.close()
    try:
        return _tried(ours, child, kept)
    except OSError as error:
        return f"the kernel refuses it ({error.strerror})"
    finally:
        ours.close()
        with suppress(OSError):
            os.kill(child, 9)
        os.waitpid(child, 0)


#: Whether a process's clock could be taken, once that was tried.
_clocks: list[bool] = []


def clock_is_had() -> bool:
    """Whether a program here can have the kit's clock."""
    return not unsupervisable() and _clocks[-1:] == [True]


def _tried(channel: socket.socket, child: int, descriptor: int) -> str:
    channel.settimeout(_MOST_SECONDS_MS / 1_000)
    listener = listener_from(channel)
    if listener is None:
        return "the kernel has no seccomp user notification for this process"
    pidfd = os.pidfd_open(child)
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    machine = this_machine()
    assert machine is not None
    try:
        while poll.poll(_MOST_SECONDS_MS) and (told := receive(listener)):
            name = machine.names.get(told.number, "")
            if name in {"stat", "newfstatat"}:
                text = read_text(child, told.args[0 if name == "stat" else 1])
                os.close(descriptor_of(pidfd, descriptor))
                _clocks.append(take_clock(child, machine))
                answer(listener, told, errno=2)
                return "" if text == _TRIED else "another process's memory cannot be read"
            answer(listener, told)
        return "no call was heard"
    finally:
        os.close(pidfd)
        os.close(listener)
