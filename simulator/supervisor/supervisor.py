"""The supervisor: answers the calls of a program and of all that it started, one at a time.

Rules: a call of something in the world is told to the listener, carried out here on the program's
behalf, told again with its result, and answered. A call of anything else goes on to the kernel; one
that changes something outside is an escape. While several threads are at work, a call is answered
when all of them wait, in the order of their ranks: so the order of calls does not depend on the
machine. A fork, a descriptor's own calls and pipes go on to the kernel as well.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from contextlib import suppress

from ..base import SECOND
from ..world import real_monotonic
from . import transfers
from .calls import FORMS, signed
from .family import Family
from .listener import Listener
from .machines import Machine, this_machine
from .native import Notification, answer, gone_is_fine, let_go_on, put_descriptor, receive, wake_here
from .places import Places
from .request import Request
from .timekeeper import Timekeeper

_EIO, _ENOENT, _EINTR = 5, 2, 4
#: Real seconds for which the other threads are waited for, and between two looks at them.
_PATIENCE, _LOOK = 0.05, 0.0001

#: What any program may change outside its world.
_FREE = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/urandom", "/proc/self/", "/proc/thread-self/")


def _temporary() -> tuple[str, ...]:
    """The temporary directory that a program is given."""
    place = os.environ.get("TMPDIR")
    return (f"{place}/",) if place else ()


class Supervisor:
    """``listener``: who is told of what it does; without one every call goes on to the kernel."""

    def __init__(self, descriptor: int) -> None:
        machine = this_machine()
        assert machine is not None, "a listener was had"
        self._machine: Machine = machine
        self.descriptor = descriptor
        self.listener: Listener | None = None
        self._family = Family()
        self._waiting: dict[int, Notification] = {}
        self._places = Places(os.devnull)
        self._listings = transfers.Listings()
        #: The pipe from which the program reads requests, by what /proc calls it.
        self._stdin = ""
        #: Whether the program waits for the next request.
        self.is_idle = False
        #: Threads that are about to become a program, or just did.
        self._fresh: set[int] = set()
        #: Whether time may pass because everybody waits: not while the kit owes a request.
        self.may_wait = True
        self._time = Timekeeper(descriptor)
        #: How often a call was answered although another thread was still at work: then the order
        #: is the machine's.
        self.hurried = 0
        #: How many calls in the world were answered.
        self.answered = 0
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)
        wake_here(descriptor)

    def enter(self, root: str, listener: Listener, stdin: str) -> None:
        """From now on everything below the root is told to the listener."""
        self._places.close()
        self._places = Places(root)
        self.listener = self._time.listener = listener
        self._stdin = stdin

    def allow(self, seconds: float | None) -> None:
        """From now on it may wait so long by the kit's clock; None.

        As long as the listener lets it.
        """
        self._time.left = None if seconds is None else round(seconds * SECOND)

    def close(self) -> None:
        self._places.close()
        with suppress(OSError):
            os.close(self.descriptor)

    # --- whose turn it is ---------------------------------------------------------------------------------------------

    @property
    def has_waiting(self) -> bool:
        """Whether a call was received that has no answer yet."""
        return bool(self._waiting) or bool(self._time.held and self.may_wait)

    def serve(self, drained: Callable[[], bool]) -> bool:
        """Answer one call, if there is one whose turn it is; False once there is no program any
        more.

        ``drained`` reads what the program has written: True where that is to be looked at first.
        Raises a WorldSignal of the listener's.
        """
        lives = self._receive()
        self._time.end_waits(self._places)
        # Nobody is told yet: the order is nobody's matter.
        hasty = self.listener is None and bool(self._waiting)
        quiet = not self.has_waiting or self._family.alone or hasty or self._settled(drained)
        if not self.has_waiting or drained():
            return lives
        if self._waiting:
            self.hurried += not quiet
            tid = min(self._waiting, key=self._family.rank)
            self._answer(self._waiting.pop(tid))
        elif quiet:
            self._time.pass_(self._places)
        return lives

    def _receive(self) -> bool:
        while events := self._poll.poll(0):
            if not events[0][1] & select.POLLIN:
                return False
            try:
                told = receive(self.descriptor)
            except OSError as error:
                if error.errno not in {_ENOENT, _EINTR}:
                    raise
                continue
            self._waiting[told.tid] = told
            self._family.forking.discard(told.tid)
            if self._family.alone:
                break
        return True

    def _settled(self, drained: Callable[[], bool]) -> bool:
        """Wait until every other thread waits, too.

        False where one does not come to rest, or what was written is to be looked at first.
        """
        end = real_monotonic() + _PATIENCE
        while not self._family.is_quiet({*self._waiting, *self._time.held}):
            if real_monotonic() >= end:
                return False
            select.select([self.descriptor], [], [], _LOOK)
            self._receive()
            if drained():
                return False
        self._receive()
        return True

    # --- answering ----------------------------------------------------------------------------------------------------

    def _answer(self, told: Notification) -> None:
        """Answer one call; a caller that is gone is nobody's failure."""
        name = self._machine.names.get(told.number, "")
        self.is_idle = False
        way = FORMS[name].way
        with gone_is_fine():
            if way == "begin" or told.tid in self._fresh:
                self._begins(name, told)
            if way == "fork":
                self._family.grows(told.tid)
            if way == "sleep":
                self._time.hold(name, told, self._family.process_of(told.tid))
            elif way == "clock":
                self._time.tell(name, told, self._family.process_of(told.tid))
            elif self.listener is None or way in {"fork", "begin"}:
                let_go_on(self.descriptor, told)
            else:
                self._of_files(told, self.listener)

    def _begins(self, name: str, told: Notification) -> None:
        """Take the clock of what was just executed, before it is read for the first time."""
        if FORMS[name].label == "exec":
            self._fresh.add(told.tid)
        elif told.tid in self._fresh:
            self._fresh.discard(told.tid)
            self._time.take(self._family.process_of(told.tid), self._machine)

    def _of_files(self, told: Notification, listener: Listener) -> None:
        try:
            process = self._family.process_of(told.tid)
            request = Request(self._machine, self._places, process, told)
        except OSError as error:
            answer(self.descriptor, told, errno=error.errno or _EIO)
            return
        try:
            if request.is_inside:
                self._inside(request, told, listener)
                return
            self._outside(request, listener)
            let_go_on(self.descriptor, told)
        finally:
            request.release()

    def _outside(self, request: Request, listener: Listener) -> None:
        form = request.form
        if form.way == "read" and signed(request.args[0]) >= 0:
            with suppress(OSError):
                self.is_idle = os.readlink(f"/proc/{request.process}/fd/{signed(request.args[0])}") == self._stdin
        changes = form.changes or (form.way == "open" and transfers.is_changing(request))
        if not changes:
            return
        for path in request.outside:
            free = (*_FREE, f"/proc/{request.process}/", *_temporary())
            if not path.startswith(free) and "/__pycache__" not in path:
                listener.escaped(request.label, path)

    def _inside(self, request: Request, told: Notification, listener: Listener) -> None:
        self.answered += 1
        label, path, way = request.label, request.told, request.form.way
        silent = way == "list" and not self._listings.begins(request)
        try:
            if not silent:
                listener.before(label, path)
        except OSError as fault:
            self._failed(request, told, fault.errno or _EIO)
            return
        if way == "own":
            listener.after(label, path, 0)
            self._own(request, told)
            return
        errno, value = 0, 0
        try:
            value = self._carried_out(request, told, listener)
        except OSError as error:
            errno = error.errno or _EIO
        if not silent:
            listener.after(label, path, errno)
        answer(self.descriptor, told, value, errno)

    def _failed(self, request: Request, told: Notification, errno: int) -> None:
        if request.name == "close":
            # Linux frees the descriptor whatever error close() gives: nothing of the world stays
            # behind its number.
            nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
            request.held.append(nothing)
            put_descriptor(self.descriptor, told, nothing, close_on_exec=True, at=signed(request.args[0]))
            self._forget(request)
        answer(self.descriptor, told, errno=errno)

    def _own(self, request: Request, told: Notification) -> None:
        if request.name == "close":
            self._forget(request)
        let_go_on(self.descriptor, told)

    def _forget(self, request: Request) -> None:
        descriptor = signed(request.args[0])
        self._places.closed(request.process, descriptor)
        self._listings.ends(request.process, descriptor)

    def _carried_out(self, request: Request, told: Notification, listener: Listener) -> int:
        match request.form.way:
            case "read":
                # Only what the seam of `os` shortens: a read with one buffer.
                whole = request.form.kinds[1] == "v"
                return transfers.read(
                    request, lambda wanted: wanted if whole else listener.shorten(request.told, wanted)
                )
            case "write":
                return transfers.write(request)
            case "open":
                return self._opened(request, told, listener)
            case "list":
                return self._listings.read(request, listener.order)
        for path in request.outside:
            listener.escaped(request.label, path)
        if request.name == "lseek" and (place := self._listings.seek(request)) is not None:
            return place
        return request.carry_out()

    def _opened(self, request: Request, told: Notification, listener: Listener) -> int:
        ours, flags = transfers.open_it(request, self._machine.numbers["openat2"])
        request.held.append(ours)
        real = self._places.real_of(ours)
        if real.startswith("/") and not self._places.is_inside(real):
            listener.escaped("open", real)
        theirs = put_descriptor(self.descriptor, told, ours, close_on_exec=bool(flags & os.O_CLOEXEC))
        self._places.opened(request.process, theirs, request.told, os.fstat(ours))
        self._listings.ends(request.process, theirs)
        return theirs
