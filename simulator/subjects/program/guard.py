"""The guard: a process between the kit and a program, which lets nothing of the program outlive the conversation.

Rules: the guard is a subreaper (prctl(2)), so every descendant of the program stays its own, however it was forked and whatever session it made for
itself. It ends them all when it is told to, and when the kit's end of the leash closes: also when the kit was killed. It is forked from the kit,
holds no descriptor but its own, and tells what it sees as lines of JSON: {pid}, {errno}, {ended}, {left}.
"""

from __future__ import annotations

import ctypes
import errno
import json
import os
import select
import signal
import subprocess
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from ...cage import enclose_program
from ...supervisor import come_under, filter_code
from ...world import real_monotonic

_PR_SET_CHILD_SUBREAPER = 36
#: Seconds that what a program started has to end after it, and that killing may take.
_GRACE, _MOST_KILLING = 1.0, 5.0
_LOOK = 0.02
#: Looks at a process's own children between two at all processes.
_QUICK_ROUNDS = 200
#: What is told of processes that fork and end so fast that none of them has a name.
_QUICK = "a chain of quick forks"

#: What the kit writes on the leash: end what is left, politely (a program that ended) or at once.
FINISH, KILL = b"f", b"k"

#: States of a thread that is at work or would be: running, and waiting for a disk (proc(5), stat).
_READY = (b"R", b"D")


def children() -> dict[int, list[int]]:
    """pid -> the pids of its children, of all processes now (proc(5), stat)."""
    found: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            with suppress(OSError, ValueError, IndexError):
                with open(f"/proc/{name}/stat", "rb") as file:
                    # The second field is a name that may hold anything; the parent is the fourth.
                    parent = int(file.read().rpartition(b")")[2].split()[1])
                found.setdefault(parent, []).append(int(name))
    return found


def descendants(pid: int) -> list[int]:
    """All processes below this one, parents first.

    The kernel tells each thread's children (proc(5), children); one without that tells every
    process's parent, which takes long on a machine with many.
    """
    family = None if os.path.exists("/proc/thread-self/children") else children()
    found: list[int] = []
    pending = [pid]
    while pending:
        one = pending.pop()
        below = _children_of(one) if family is None else family.get(one, ())
        found += below
        pending += below
    return found


def _children_of(pid: int) -> list[int]:
    found: list[int] = []
    with suppress(OSError):
        for task in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError), open(f"/proc/{pid}/task/{task}/children", "rb") as file:
                found += map(int, file.read().split())
    return found


class Usage(NamedTuple):
    """What a process and all below it used: ``seconds`` of processor time. ``ready``: one of their threads is at work, or would be."""

    seconds: float
    ready: bool


def usage_of(pid: int) -> Usage:
    """As the kernel tells it now (proc(5), stat): what has ended counts where it was waited for."""
    used, ready = 0, False
    for one in (pid, *descendants(pid)):
        with suppress(OSError, ValueError, IndexError):
            used += sum(int(field) for field in _stat(f"/proc/{one}/stat")[11:15])
            ready = ready or any(_stat(f"/proc/{one}/task/{task}/stat")[0] in _READY for task in os.listdir(f"/proc/{one}/task"))
    return Usage(used / os.sysconf("SC_CLK_TCK"), ready)


def _stat(path: str) -> list[bytes]:
    """The fields behind the name, which may hold anything."""
    with open(path, "rb") as file:
        return file.read().rpartition(b")")[2].split()


def guarded(
    words: Sequence[str], stdin: int, stdout: int, stderr: int, leash: int, tell: int, channel: int | None = None
) -> int:
    """Fork the guard of a program with these descriptors; ``leash`` is read by it and ``tell`` written. Gives its pid.

    ``channel``: the socket through which the program hands over who hears its calls.
    """
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        _Guard(leash, tell, channel).run(words, (stdin, stdout, stderr))
        code = 0
    finally:
        os._exit(code)


def adopt() -> None:
    """From now on whatever loses its parent below this process becomes its child (prctl(2))."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def reaped(told: Callable[[int, int], object] = lambda _pid, _code: None) -> bool:
    """Wait for what has ended; True where the kernel says that this process has no child.

    Of one that adopts, that is the proof that nothing below it is left. No look at /proc is one:
    a chain of quick forks is between two looks.
    """
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return False
            told(pid, os.waitstatus_to_exitcode(status))
    except ChildProcessError:
        return True


def end_all(is_childless: Callable[[], bool] = reaped, spared: Iterable[int] = ()) -> bool:
    """End everything below this process, which adopts; whether nothing is left.

    Everything is halted first, so that little forks away while it is killed. What does becomes a
    child of this process at once, and is killed as such. ``spared``: with all below them.
    """
    end = real_monotonic() + _MOST_KILLING
    while not is_childless() and real_monotonic() < end:
        kept = {one for pid in spared for one in (pid, *descendants(pid))}
        everything = [pid for pid in descendants(os.getpid()) if pid not in kept]
        if not everything and kept:
            return True
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in everything:
                _signal(pid, number)
        for _ in range(_QUICK_ROUNDS):
            mine = [pid for pid in _children_of(os.getpid()) if pid not in kept]
            for pid in mine:
                _signal(pid, signal.SIGKILL)
            if is_childless() or not mine:
                break
    return is_childless()


def _signal(pid: int, number: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.kill(pid, number)


def _become(code: bytes, channel: int | None) -> None:
    """In the process that becomes the program: it cannot reach its guard from within its cage."""
    enclose_program()
    if channel is not None:
        come_under(code, channel)


class _Guard:
    """The guard's whole life."""

    def __init__(self, leash: int, tell: int, channel: int | None) -> None:
        self._leash = leash
        self._tell_to = tell
        self._channel = channel
        self._program = 0

    def run(self, words: Sequence[str], streams: tuple[int, int, int]) -> None:
        channel = self._channel
        _close_all_but({*streams, self._leash, self._tell_to, *(() if channel is None else (channel,))})
        code = b"" if channel is None else filter_code()
        adopt()
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, _unmoved)  # not SIG_IGN, which the program would inherit
        child_ended, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.signal(signal.SIGCHLD, _unmoved)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        try:
            # Held on to: a Popen that is collected takes the exit code with it.
            self._popen = subprocess.Popen(  # noqa: S603 - running it is the point
                words, stdin=streams[0], stdout=streams[1], stderr=streams[2], start_new_session=True,
                preexec_fn=lambda: _become(code, channel),  # noqa: PLW1509 - this process has no other thread
            )  # fmt: skip
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            self._tell(errno=getattr(error, "errno", None) or errno.ENOEXEC)
            return
        for descriptor in (*streams, *(() if channel is None else (channel,))):
            os.close(descriptor)
        self._program = self._popen.pid
        self._tell(pid=self._program)
        try:
            order = self._wait_for_order(child_ended)
            if order == FINISH:
                self._wait_for_ends(child_ended)
        finally:
            left = [] if self._reap() else list(filter(None, map(_name_of, descendants(os.getpid())))) or [_QUICK]
            self._tell(left=left, stays=not end_all(self._reap))

    def _wait_for_order(self, child_ended: int) -> bytes:
        while True:
            readable, _, _ = select.select([self._leash, child_ended], [], [])
            if child_ended in readable:
                _emptied(child_ended)
                self._reap()
            if self._leash in readable:
                return os.read(self._leash, 1) or KILL

    def _reap(self) -> bool:
        """Hear of those that ended; whether the kernel says that there is no other."""
        return reaped(lambda pid, code: self._tell(ended=code) if pid == self._program else None)

    def _wait_for_ends(self, child_ended: int) -> None:
        end = real_monotonic() + _GRACE
        while not self._reap() and real_monotonic() < end:
            select.select([child_ended], [], [], _LOOK)
            _emptied(child_ended)

    def _tell(self, **what: Any) -> None:
        with suppress(OSError):
            os.write(self._tell_to, json.dumps(what).encode("ascii") + b"\n")


def _unmoved(_number: int, _frame: object) -> None:
    """A signal that only wakes."""


def _emptied(descriptor: int) -> None:
    """Read all that wakes."""
    with suppress(BlockingIOError):
        os.read(descriptor, 4096)


def _close_all_but(kept: Iterable[int]) -> None:
    for name in os.listdir("/proc/self/fd"):
        if int(name) > 2 and int(name) not in kept:
            with suppress(OSError):
                os.close(int(name))


def _name_of(pid: int) -> str:
    """What a process is called, "" for one that has ended and waits for its parent."""
    with suppress(OSError, ValueError):
        with open(f"/proc/{pid}/stat", "rb") as file:
            head, _, rest = file.read().rpartition(b")")
        if rest.split()[0] != b"Z":
            return head.partition(b"(")[2].decode("utf-8", "replace")
    return ""


__all__: Sequence[str] = ["FINISH", "KILL", "descendants", "guarded"]
