"""Virtual time for threads: they wait on the frozen clock, and one runs at a time.

Rules:

* A thread that is started while a conductor is active is managed. The conductor hands a baton
  round: only its holder runs, from one wait to the next. So a run has one order, every time.
* A wait is an acquire of a lock that another holds, a sleep or a join. Locks made meanwhile are ours; what else the standard library
  has is its own over them. Who waits longest gets a lock first.
* When all wait, the clock jumps to the earliest deadline. Wall-clock steps move no deadline.
* A thread that keeps the baton for ``patience`` real seconds without using the processor sits in a real blocking call: ``Stuck`` names it.
* The driver, the thread that the conductor was made in, holds the baton otherwise. It may set events and put into queues, and never waits:
  what has to wait goes through ``call``.

Not covered, because C code waits there: ``select``, sockets, older locks. They end as ``Stuck`` if they block for good.
"""

from __future__ import annotations

import _thread
import collections
import os
import queue
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

from ..base import SECOND
from . import seam as seams
from .clock import VirtualClock
from .early_names import rebind
from .signals import Killed, Stuck, TimeUp, WorldSignal

T = TypeVar("T")
_allocate = _thread.allocate_lock
_real_start = threading.Thread.start
_real_join = threading.Thread.join
_real_is_alive = threading.Thread.is_alive
_RealLock: Any = threading.Lock
_RealRLock: Any = threading.RLock
_RealSimpleQueue: Any = queue.SimpleQueue
_real_clock_gettime = time.clock_gettime
#: The ones that are written in Python, over our locks.
_OurRLock: Any = threading._RLock
_OurSimpleQueue: Any = queue._PySimpleQueue  # type: ignore[attr-defined] # private: waits by our locks

#: Turns at one instant of virtual time after which a run goes round in circles.
_MOST_TURNS = 100_000
#: The part of real time that a thread must have computed for not to count as blocked.
_BUSY = 0.05
#: How often a dying thread may swallow its death.
_MOST_DEATHS = 100
#: Virtual ns that a call by the driver may take: no stop and no start of a service comes near.
_LONGEST_CALL = 3_600 * SECOND
_CALLER = "caller"


class _Managed:
    """One thread's place in the conductor's books."""

    __slots__ = ("deadline", "deaths", "done", "error", "finished", "gate", "got_it", "lock", "thread", "turn")

    def __init__(self, thread: threading.Thread, conductor: Conductor) -> None:
        self.thread = thread
        self.gate = _allocate()
        self.gate.acquire()
        self.lock: VirtualLock | None = None
        self.deadline: int | None = None
        #: When it began to wait: of two deadlines at one instant, the elder wait ends first.
        self.turn = 0
        self.got_it = self.finished = False
        self.deaths = 0
        self.error: BaseException | None = None
        self.done = VirtualLock(conductor)
        self.done.acquire()


class VirtualLock:
    """``threading.Lock`` whose waits are the conductor's."""

    def __init__(self, conductor: Conductor) -> None:
        self._conductor = conductor
        self._locked = False
        self.waiting: collections.deque[_Managed] = collections.deque()

    def acquire(self, blocking: bool = True, timeout: float = -1) -> bool:
        if not blocking and timeout != -1:
            raise ValueError("can't specify a timeout for a non-blocking call")
        if timeout < 0 and timeout != -1:
            raise ValueError("timeout value must be a non-negative number")
        if not self._locked:
            self._locked = True
            return True
        if not blocking or timeout == 0:
            return False
        return self._conductor.wait(self, None if timeout == -1 else round(timeout * SECOND))

    def release(self) -> None:
        if not self._locked:
            raise RuntimeError("release unlocked lock")
        if self.waiting:
            self._conductor.wake(self.waiting.popleft(), got_it=True)  # it stays locked, for the next one
        else:
            self._locked = False

    def locked(self) -> bool:
        return self._locked

    def _at_fork_reinit(self) -> None:  # what the standard library asks of its locks in a child
        self.__init__(self._conductor)  # type: ignore[misc]

    __enter__ = acquire

    def __exit__(self, *_: object) -> None:
        self.release()


class _Started:
    """What ``Thread._started`` is to a managed thread: a real event, between the starter and the interpreter's own work."""

    def __init__(self) -> None:
        self._lock = _allocate()
        self._lock.acquire()
        self._set = False

    def is_set(self) -> bool:
        return self._set

    def set(self) -> None:
        if not self._set:
            self._set = True
            self._lock.release()

    def wait(self, timeout: float | None = None) -> bool:
        if self._lock.acquire(True, -1 if timeout is None else timeout):
            self._lock.release()
        return self._set

    def _at_fork_reinit(self) -> None:
        self.__init__()  # type: ignore[misc] # as the library does after a fork


class Conductor:
    """Runs threads on the virtual clock; active within ``with conductor:``, and one at a time."""

    def __init__(self, clock: VirtualClock, patience: float = 5.0) -> None:
        self._clock = clock
        self._patience = patience
        #: The seam that managed threads pass; the driver passes none.
        self.seam: seams.Seam | None = None
        self._gate = _allocate()
        self._gate.acquire()
        self._runnable: collections.deque[_Managed] = collections.deque()
        self._waiting: dict[_Managed, None] = {}
        self._by_thread: dict[threading.Thread, _Managed] = {}
        self._by_ident: dict[int, _Managed] = {}
        self._turns = 0
        self._turns_here = 0
        self._dead = False
        self._stuck = False
        #: Told of each wait that begins: the thread's name and its length in ns, or None.
        self.on_wait: Callable[[str, int | None], None] | None = None
        self._sleep_before: Callable[[int], None] = clock.on_sleep

    # --- the driver's side ------------------------------------------------------------------------------------------

    def __enter__(self) -> Conductor:
        global _active  # noqa: PLW0603 - one conductor a process, as there is one clock
        if _active is not None:
            raise RuntimeError("another conductor is active")
        install()
        self._sleep_before, self._clock.on_sleep = self._clock.on_sleep, self.sleep
        _active = self
        return self

    def __exit__(self, *_: object) -> None:
        global _active  # noqa: PLW0603 - one a process
        self.kill()
        self._clock.on_sleep = self._sleep_before
        _active = None

    def call(self, function: Callable[[], T], within: int = _LONGEST_CALL) -> T:
        """Run a function in a managed thread until it returns, time passing as it waits; its result or exception.

        Raises TimeUp after ``within`` ns of virtual time, Stuck where it waits for what can never happen.
        """
        results: list[T] = []
        thread = threading.Thread(target=lambda: results.append(function()), name=_CALLER, daemon=True)
        thread.start()
        managed = self._by_thread[thread]
        until = self._clock.now + within
        self._drive(lambda: managed.finished, until)
        if managed.error is not None:
            raise managed.error
        if results:
            return results[0]
        if errors := self.errors():  # another thread's end was everybody's
            raise errors[0][1]
        if any(waiting.deadline is not None for waiting in self._waiting):
            raise TimeUp(f"a call took more than {within / SECOND:g} s of virtual time")
        raise Stuck("a call waits for what can never happen")

    def run(self, until: int) -> None:
        """Let the threads run until the clock shows ``until`` (ns since the start) and all of them wait, or they die."""
        self._drive(lambda: False, until)
        self._clock.advance(0 if self._dead else max(0, until - self._clock.now))

    def alive(self) -> list[str]:
        """The names of the managed threads that have not ended, in the order of their start."""
        return [managed.thread.name for managed in self._by_thread.values() if not managed.finished]

    def errors(self) -> list[tuple[str, BaseException]]:
        """What ended threads from outside: signals of the world, by the thread's name."""
        return [(m.thread.name, m.error) for m in self._by_thread.values() if m.error is not None]

    def kill(self) -> None:
        """End what still runs, as the end of a process does: every wait raises ``Crash``, every call of a dead seam too."""
        self._dead = True
        if self.seam is not None:
            self.seam.dead = True
        for managed in list(self._by_thread.values()):
            if not managed.finished and not self._stuck:
                self._hand(managed)

    # --- driving ----------------------------------------------------------------------------------------------------

    def _drive(self, reached: Callable[[], bool], until: int | None) -> None:
        while not reached() and not self._dead:
            if self._runnable:
                managed = self._runnable.popleft()
                self._count()
                self._hand(managed)
                if isinstance(managed.error, WorldSignal):
                    self.kill()
            elif not self._pass_time(until):
                return

    def _count(self) -> None:
        self._turns_here += 1
        if self._turns_here > _MOST_TURNS:
            raise TimeUp(f"{_MOST_TURNS} turns of threads in no time at all")

    def _pass_time(self, until: int | None) -> bool:
        """Jump to the earliest deadline, if there is one in reach."""
        due = [m for m in self._waiting if m.deadline is not None and (until is None or m.deadline <= until)]
        if not due:
            return False
        first = min(due, key=lambda managed: (managed.deadline, managed.turn))
        assert first.deadline is not None
        if first.deadline > self._clock.now:
            self._turns_here = 0
            self._clock.advance(first.deadline - self._clock.now)
        if first.lock is not None:
            first.lock.waiting.remove(first)
        self.wake(first, got_it=False)
        return True

    def _hand(self, managed: _Managed) -> None:
        """Give the baton away and wait for it."""
        before = seams.entered()
        if self.seam is not None:
            seams.enter_seam(self.seam)
        try:
            used = _processor_time(managed)
            managed.gate.release()
            while not self._gate.acquire(timeout=self._patience):
                now = _processor_time(managed)
                if now - used < _BUSY * self._patience and _is_asleep(managed):
                    self._stuck = True
                    raise Stuck(f"thread {managed.thread.name!r} sits in a real blocking call at {_position(managed)}")
                used = now
        finally:
            seams.enter_seam(before)

    # --- the threads' side ------------------------------------------------------------------------------------------

    def wait(self, lock: VirtualLock | None, nanoseconds: int | None) -> bool:
        """Give the baton back until woken or until the time is over; whether it was woken."""
        managed = self._by_ident.get(_thread.get_ident())
        if managed is None:
            raise RuntimeError("the driver never waits: let it wait through Conductor.call")
        if self._dead:
            self._die_again(managed)
        if self.on_wait is not None:
            self.on_wait(managed.thread.name, nanoseconds)
        self._turns += 1
        managed.turn = self._turns
        managed.lock, managed.got_it = lock, False
        managed.deadline = None if nanoseconds is None else self._clock.now + nanoseconds
        if lock is not None:
            lock.waiting.append(managed)
        self._waiting[managed] = None
        self._yield(managed)
        return managed.got_it

    def wake(self, managed: _Managed, *, got_it: bool) -> None:
        self._waiting.pop(managed, None)
        managed.got_it = got_it
        managed.lock = managed.deadline = None
        self._runnable.append(managed)

    def sleep(self, nanoseconds: int) -> None:
        if _thread.get_ident() not in self._by_ident:
            raise RuntimeError("the driver never sleeps: it lets time pass by Conductor.run")
        self.wait(None, nanoseconds)

    def _yield(self, managed: _Managed) -> None:
        self._gate.release()
        managed.gate.acquire()
        if self._dead:
            raise Killed("the process is dead")

    def _die_again(self, managed: _Managed) -> None:
        """A thread that swallows its death meets it again, and in the end is left where it is, for good."""
        managed.deaths += 1
        if managed.deaths > _MOST_DEATHS:
            managed.finished = True
            self._gate.release()
            managed.gate.acquire()
        raise Killed("the process is dead")

    def manage(self, thread: threading.Thread) -> None:
        """Start a thread; it gets its first turn after those who can run already."""
        managed = _Managed(thread, self)
        run = thread.run

        def managed_run() -> None:
            managed.gate.acquire()
            self._by_ident[_thread.get_ident()] = managed
            try:
                if not self._dead:
                    run()
            except SystemExit as error:  # of a thread its end, of who called it an error
                managed.error = error if managed.thread.name == _CALLER else None
            except WorldSignal as signal:
                managed.error = None if self._dead else signal
            except BaseException as error:
                self._uncaught(managed, error)
            finally:
                del self._by_ident[_thread.get_ident()]
                managed.finished = True
                managed.done.release()
                self._gate.release()

        vars(thread).update(run=managed_run, _started=_Started())
        self._by_thread[thread] = managed
        _real_start(thread)
        self._runnable.append(managed)

    def _uncaught(self, managed: _Managed, error: BaseException) -> None:
        if managed.thread.name == _CALLER:
            managed.error = error
        elif not self._dead:
            managed.thread._invoke_excepthook(managed.thread)  # type: ignore[attr-defined] # private

    def managed(self, thread: threading.Thread) -> _Managed | None:
        return self._by_thread.get(thread)


def _processor_time(managed: _Managed) -> float:
    """Seconds of processor that a thread has used. Only of one that has not ended: its clock goes with it."""
    ident = managed.thread.ident
    return 0.0 if managed.finished or ident is None else _real_clock_gettime(time.pthread_getcpuclockid(ident))


def _is_asleep(managed: _Managed) -> bool:
    """Whether the kernel has the thread wait; one that is ready and gets no processor on a busy machine does not."""
    if managed.finished or (number := managed.thread.native_id) is None:  # not begun: it waits for a processor
        return False
    try:
        with seams.aside(), open(f"/proc/self/task/{number}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] != "R"
    except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
        return False


def _position(managed: _Managed) -> str:
    """Where the thread is, in its own code: the kit's frames above it are left out."""
    frame = sys._current_frames().get(managed.thread.ident or 0)
    while frame is not None and os.path.dirname(frame.f_code.co_filename) == os.path.dirname(__file__):
        frame = frame.f_back
    if frame is None:
        return "an unknown place"
    last = traceback.extract_stack(frame, limit=1)[-1]
    return f"{last.filename}:{last.lineno} in {last.name}"


# --- in place of the standard library's -------------------------------------------------------------------------------------

_active: Conductor | None = None


class _Lock:
    """``threading.Lock``: ours while a conductor is active."""

    etp_real = _RealLock

    def __new__(cls) -> Any:
        return _allocate() if _active is None else VirtualLock(_active)


def _allocate_lock() -> Any:
    return _allocate() if _active is None else VirtualLock(_active)


def _rlock(*args: Any, **kwargs: Any) -> Any:
    return _RealRLock(*args, **kwargs) if _active is None else _OurRLock(*args, **kwargs)


def _simple_queue() -> Any:
    return _RealSimpleQueue() if _active is None else _OurSimpleQueue()


def _start(self: threading.Thread) -> None:
    if _active is None:
        _real_start(self)
    elif _active.managed(self) is not None:
        raise RuntimeError("threads can only be started once")
    else:
        _active.manage(self)


def _join(self: threading.Thread, timeout: float | None = None) -> None:
    managed = None if _active is None else _active.managed(self)
    if managed is None:
        _real_join(self, timeout)
        return
    if self is threading.current_thread():
        raise RuntimeError("cannot join current thread")
    if managed.done.acquire(True, -1 if timeout is None else max(timeout, 0)):
        managed.done.release()


def _is_alive(self: threading.Thread) -> bool:
    managed = None if _active is None else _active.managed(self)
    return _real_is_alive(self) if managed is None else not managed.finished


def install() -> None:
    """Put our locks, threads and simple queues in place, once a process. Without an active conductor they are the genuine ones."""
    if threading.Lock is _Lock:
        return
    for made, real in ((_allocate_lock, _allocate), (_rlock, _RealRLock), (_simple_queue, _RealSimpleQueue)):
        vars(made)["etp_real"] = real
    for module, name, ours in (
        (threading, "Lock", _Lock), (threading, "_allocate_lock", _allocate_lock), (threading, "RLock", _rlock),
        (queue, "SimpleQueue", _simple_queue), (threading.Thread, "start", _start), (threading.Thread, "join", _join),
        (threading.Thread, "is_alive", _is_alive),
    ):  # fmt: skip
        setattr(module, name, ours)
    rebind(queue)
