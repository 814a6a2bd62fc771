"""What is read of a program and answered to it: its streams, its guard, and its calls where they
are heard.

Rules: one thing at a time. What the program wrote is looked at before its next call is answered,
so that lines and calls are told in their order.
"""

from __future__ import annotations

import fcntl
import json
import math
import os
import select
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from ...safe import safe
from ...supervisor import Listener, Supervisor, listener_from
from ...world import REAL, TimeUp, WouldBlock, real_monotonic
from .guard import usage_of
from .intake import Lines, Log, Overflow

#: One page: the least that a pipe holds, so that a program which is to be killed is never far ahead
#: of what was read of it.
NARROW = 4096
CHUNK, CHUNK_NARROW = 1 << 16, 512
#: The kit's own call, without the way round by the seam that stands in ``os``.
_read: Callable[[int, int], bytes] = REAL["read"]


class Broken(Exception):
    """What a program did to fail: ``kind`` is ``hang``, ``crash`` or ``protocol``.

    ``log``: lines of its stderr that nobody else has heard.
    """

    def __init__(self, kind: str, detail: str) -> None:
        self.kind = kind
        self.detail = detail
        self.log: tuple[str, ...] = ()
        super().__init__(detail)


#: Calls that are answered before the hour is looked at again.
_IN_A_ROW = 64
#: Real seconds for which nothing is heard of a program that rests, and none of its threads is
#: ready; and for which one that does not rest after a pass is heard.
_STILL, _MOST_SETTLING = 0.005, 60.0
#: Share of a processor below which a program that is ready to go on was starved of it.
_STARVED = 0.5
#: Real seconds that one that is starved, or goes on, gets each time that its patience is over, and
#: for which it is waited at most.
MORE, _MOST_WAITED = 5.0, 3_600.0


class Ears:
    """Descriptors that are listened to, and who hears each.

    The one that tells of calls is looked at first: what is written before a call is then seen by
    the look that shows it.
    """

    def __init__(self) -> None:
        self._hears: dict[int, Callable[[bytes], None]] = {}
        self._poll = select.poll()

    def add(self, descriptor: int, hear: Callable[[bytes], None], *, first: bool = False) -> None:
        others = self._hears
        self._hears = {descriptor: hear, **others} if first else {**others, descriptor: hear}
        self._poll = select.poll()
        for one in self._hears:
            self._poll.register(one, select.POLLIN)

    def drop(self, descriptor: int) -> None:
        """Listen to it no more; it may be one that nobody listened to."""
        if self._hears.pop(descriptor, None) is not None:
            self._poll.unregister(descriptor)

    def who(self, descriptor: int) -> Callable[[bytes], None]:
        return self._hears[descriptor]

    def ready(self, seconds: float) -> list[tuple[int, int]]:
        """Wait so long for any of them; those that have something, and what (poll(2))."""
        return self.looks(seconds)()

    def looks(self, seconds: float) -> Callable[[], list[tuple[int, int]]]:
        """What waits so long each time that it is called."""
        return partial(self._poll.poll, math.ceil(seconds * 1_000))

    def __contains__(self, descriptor: object) -> bool:
        return descriptor in self._hears

    def __iter__(self) -> Iterator[int]:
        return iter(self._hears)

    def __bool__(self) -> bool:
        return bool(self._hears)


def is_ready(descriptor: int) -> bool:
    """Whether there is anything to read at once."""
    return bool(select.select([descriptor], [], [], 0)[0])


class Streams:
    """The kit's ends of a program's pipes, and who answers its calls."""

    _lines: Lines
    log: Log
    #: Who answers its calls, once it has handed over the listener.
    supervisor: Supervisor | None
    _channel: socket.socket | None
    _open: Ears
    _stdin: int
    _stdout: int
    _chunk: int
    _told: bytes
    _pid: int
    _errno: int
    _ended: int | None
    _left: list[str] | None
    #: Whether something of it could not be ended.
    _stays: bool
    #: When it was last asked (real seconds), and what it had used of the processor by then.
    _asked: tuple[float, float]
    #: How many calls of it had been answered when that was asked last.
    _answered: int
    guard: int

    def _hear(self, seconds: float, *, serving: bool = True) -> None:
        """Wait so long for anything to read, and read what is there, once each; answer a call, if
        nothing else is there (``serving``), or several in a row of a program that is one thread.
        """
        serves = self._has_waiting
        call: int | None = None
        for descriptor, events in self._looked(0 if serves else max(0.0, seconds), serving=serving):
            if self.supervisor is not None and descriptor == self.supervisor.descriptor:
                serves, call = True, events
            elif self._channel is not None and descriptor == self._channel.fileno():
                self._take_listener()
            else:
                self._read(descriptor)
        if serves and serving:
            self._serve(call)

    def _looked(self, seconds: float, *, serving: bool) -> list[tuple[int, int]]:
        """What has something, within so many seconds. Calls that can be answered are, before."""
        supervisor = self.supervisor
        if serving and supervisor is not None and supervisor.is_one_by_one and not self._lines.has_whole:
            return supervisor.serve_in_row(self._open.looks(seconds), _IN_A_ROW)
        return self._open.ready(seconds)

    def _read(self, descriptor: int) -> None:
        hear = self._open.who(descriptor)
        data = _read(descriptor, self._chunk if descriptor == self._stdout else CHUNK)
        if data:
            hear(data)
        else:
            self._open.drop(descriptor)
            os.close(descriptor)

    @property
    def _has_waiting(self) -> bool:
        return self.supervisor is not None and self.supervisor.has_waiting

    def _serve(self, events: int | None) -> None:
        """Answer a call. What the program wrote before it is looked at first: so lines and calls
        are told in their order.
        """
        assert self.supervisor is not None
        if not self.supervisor.serve(self._drained, events):
            self._open.drop(self.supervisor.descriptor)

    def _drained(self) -> bool:
        while self._stdout in self._open and is_ready(self._stdout):
            data = _read(self._stdout, self._chunk)
            if not data:
                break
            self._hear_stdout(data)
        return self._lines.has_whole

    def _take_listener(self) -> None:
        assert self._channel is not None
        self._open.drop(self._channel.fileno())
        listener = listener_from(self._channel)
        self._channel.close()
        self._channel = None
        if listener is not None:
            self.supervisor = Supervisor(listener)
            self.supervisor.may_wait = False  # until it is asked
            self._open.add(listener, self._hear_nothing, first=True)

    def _hear_nothing(self, data: bytes) -> None:
        """Of what is no stream: it is looked at where it is heard."""

    def _hear_until(self, done: Any, seconds: float) -> bool:
        end = real_monotonic() + seconds
        while not done():
            left = end - real_monotonic()
            if left <= 0 or not self._open:
                return bool(done())
            self._hear(left)
        return True

    def _hear_fairly(self, done: Any, seconds: float) -> bool:
        """Hear so long, and longer for one that is starved."""
        is_done = self._hear_until(done, seconds)
        while not is_done and self._is_starved(seconds):
            is_done = self._hear_until(done, MORE)
        return is_done

    def _hear_stdout(self, data: bytes) -> None:
        with _bounded():
            self._lines.feed(data)

    def _hear_stderr(self, data: bytes) -> None:
        with _bounded():
            self.log.feed(data)

    def _line(self) -> bytes | None:
        if not self._lines.has_whole:
            return None
        with _bounded():
            return self._lines.next()

    def _hear_guard(self, data: bytes) -> None:
        *lines, self._told = (self._told + data).split(b"\n")
        for line in lines:
            told = json.loads(line)
            self._pid = told.get("pid", self._pid)
            self._errno = told.get("errno", self._errno)
            self._ended = told.get("ended", self._ended)
            self._left = told.get("left", self._left)
            self._stays = told.get("stays", False)

    def settle(self) -> None:
        """Answer what it still does after its last line, until it waits for the next request or
        does nothing.
        """
        supervisor = self.supervisor
        assert supervisor is not None
        supervisor.may_wait = False
        end = real_monotonic() + _MOST_SETTLING
        try:
            while not supervisor.is_idle and self._ended is None and real_monotonic() < end:
                self._hear(_STILL)
                if not supervisor.is_idle and not self._has_waiting and not usage_of(self.guard).ready:
                    return
        finally:
            supervisor.part()

    def take_hurried(self) -> int:
        """How many of its calls came in the machine's order, since this was asked last."""
        return 0 if self.supervisor is None else self.supervisor.take_hurried()

    def listened_by(self, listener: Listener, root: str) -> None:
        """From now on each of its calls below the root is told."""
        assert self.supervisor is not None
        self.supervisor.enter(root, listener, os.readlink(f"/proc/self/fd/{self._stdin}"))

    def narrow(self) -> None:
        """From now on it cannot be far ahead of what was read of it."""
        with suppress(OSError):
            fcntl.fcntl(self._stdout, fcntl.F_SETPIPE_SZ, NARROW)
        self._chunk = CHUNK_NARROW

    def _half(self) -> str:
        half = self._lines.half
        return f" after half a line ({safe(half[:80].decode('utf-8', 'replace'), 60)!r})" if half else ""

    def _with_log(self, detail: str) -> str:
        self._hear(0, serving=False)
        told = [line for line in self.log.tail.splitlines() if line.strip() and not line[0].isspace()]
        return f"{detail}; stderr: {safe(' / '.join(told[-5:]), 400)}" if told else detail

    def _close_stdin(self) -> None:
        with suppress(OSError):
            os.close(self._stdin)
        self._stdin = -1

    @contextmanager
    def _waiting_at_most(self, seconds: float, late: str) -> Iterator[None]:
        """What it waits by the kit's clock counts as what it takes of ours."""
        if self.supervisor is not None:
            self.supervisor.allow(seconds)
        try:
            yield
        except (TimeUp, WouldBlock):
            raise Broken("hang", self._with_log(late)) from None
        finally:
            if self.supervisor is not None:
                self.supervisor.allow(None)

    def _goes_on(self) -> bool:
        """Whether calls of it were answered since this was asked last. How many there may be in a
        pass is the run's matter.
        """
        before, self._answered = self._answered, 0 if self.supervisor is None else self.supervisor.answered
        return self._answered > before and real_monotonic() - self._asked[0] < _MOST_WAITED

    def _is_starved(self, patience: float) -> bool:
        """Whether it is ready to go on and had little of the processor: less than its patience, in
        seconds, by which one that spins has had enough.
        """
        now, (begun, used) = usage_of(self.guard), self._asked
        passed = real_monotonic() - begun
        return now.ready and now.seconds - used < min(passed * _STARVED, patience) and passed < _MOST_WAITED


@contextmanager
def _bounded() -> Iterator[None]:
    try:
        yield
    except Overflow as overflow:
        raise Broken("protocol", f"it wrote {overflow}") from None
