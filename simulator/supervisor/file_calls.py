"""The calls of a program that are about files: told, carried out on its behalf, and answered.

Rules: a call of something in the world is told before it is made and with its result, and made
here. A call of anything else goes on to the kernel; one that changes something outside, or is led
there by a link of the world, is an escape.
"""

from __future__ import annotations

import os
from contextlib import suppress

from . import transfers
from .calls import closed_by, signed
from .listener import Listener
from .machines import Machine
from .native import Notification, answer, let_go_on, put_descriptor
from .places import Places
from .request import Request

_EIO = 5
#: What any program may change outside its world.
_FREE = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty", "/dev/urandom", "/proc/self/", "/proc/thread-self/")


def _temporary() -> tuple[str, ...]:
    """The temporary directory that a program is given."""
    place = os.environ.get("TMPDIR")
    return (f"{place}/",) if place else ()


class FileCalls:
    """Those of one program, in one world at a time."""

    def __init__(self, descriptor: int, machine: Machine) -> None:
        self._descriptor = descriptor
        self._machine = machine
        self.places = Places(os.devnull)
        self._listings = transfers.Listings()
        #: The pipe from which the program reads requests, by what /proc calls it.
        self._stdin = ""
        #: Whether the program waits for the next request.
        self.is_idle = False
        #: How many calls in the world were answered.
        self.answered = 0

    def enter(self, root: str, stdin: str) -> None:
        """From now on the world lies below this root."""
        self.places.close()
        self.places = Places(root)
        self._stdin = stdin

    def answer(self, told: Notification, process: int, listener: Listener) -> None:
        """Answer one. Raises OSError where its caller is gone; a WorldSignal of the listener's."""
        try:
            request = Request(self._machine, self.places, process, told)
        except OSError as error:
            answer(self._descriptor, told, errno=error.errno or _EIO)
            return
        try:
            if request.is_inside:
                self._inside(request, told, listener)
                return
            self._outside(request, listener)
            let_go_on(self._descriptor, told)
            self._forget(request)
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
        begins = way == "list" and self._listings.begins(request)
        goes_on = way == "list" and not begins
        if goes_on and self._listings.is_endless(request):
            label, goes_on = "readdir", False
        try:
            if not goes_on:
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
        if not goes_on:
            listener.after(label, path, errno)
        if begins and not errno and listener.is_endless(label, path):
            self._listings.never_ends(request)
        answer(self._descriptor, told, value, errno)

    def _failed(self, request: Request, told: Notification, errno: int) -> None:
        if request.name == "close":
            # Linux frees the descriptor whatever error close() gives: nothing of the world stays
            # behind its number.
            nothing = os.open(os.devnull, os.O_RDWR | os.O_CLOEXEC)
            request.held.append(nothing)
            put_descriptor(self._descriptor, told, nothing, close_on_exec=True, at=signed(request.args[0]))
            self._forget(request)
        answer(self._descriptor, told, errno=errno)

    def _own(self, request: Request, told: Notification) -> None:
        self._forget(request)
        let_go_on(self._descriptor, told)

    def _forget(self, request: Request) -> None:
        """Know nothing of descriptors that a call closes, or makes another thing."""
        closed = closed_by(request.name, request.args)
        for descriptor in self.places.known_in(request.process, closed):
            self.places.closed(request.process, descriptor)
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
        real = self.places.real_of(ours)
        if real.startswith("/") and not self.places.is_inside(real):
            listener.escaped("open", real)
        theirs = put_descriptor(self._descriptor, told, ours, close_on_exec=bool(flags & os.O_CLOEXEC))
        if self.places.opened(request.process, theirs, request.told, ours):
            request.held.remove(ours)
        self._listings.ends(request.process, theirs)
        return theirs
