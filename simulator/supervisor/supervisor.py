"""The supervisor: answers the calls of a program and of all that it started, one at a time.

Rules: while several threads are at work, a call is answered when all of them wait, in the order of
their ranks: so the order of calls does not depend on the machine. A call about files is answered by
``file_calls``, one about time by ``timekeeper``; a fork goes on to the kernel.
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from contextlib import suppress

from ..base import SECOND
from ..world import real_monotonic
from .calls import FORMS, Form, signed
from .family import Family
from .file_calls import FileCalls
from .listener import Listener
from .machines import Machine, this_machine
from .native import GONE, Notification, let_go_on, receive, wake_here
from .processor import Processor
from .timekeeper import Timekeeper

_ENOENT, _EINTR = 2, 4
#: Seconds of processor that the other threads may use before they are not waited for any more, real
#: seconds of which that is true whatever they do, and real seconds between two looks at them. Each
#: pause is twice the last one, up to a turn of the scheduler: on a busy machine they wait for
#: theirs, and to look meanwhile would use up the time that a pass may take.
_PATIENCE, _MOST_PATIENCE, _LOOK, _LONGEST_LOOK = 0.05, 10.0, 0.0001, 0.004
#: Looks without a pause before.
_YIELDS = 8

#: Ways of calls that are about no file.
_BESIDE = frozenset({"sleep", "clock", "fork", "begin", "affinity"})


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
        self._files = FileCalls(descriptor, machine)
        #: Processes that are about to become a program, or just did.
        self._fresh: set[int] = set()
        #: Whether time may pass because everybody waits: not while the kit owes a request.
        self.may_wait = True
        self._time = Timekeeper(descriptor)
        self._processor = Processor()
        self._hurried = 0
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)
        wake_here(descriptor)

    def enter(self, root: str, listener: Listener, stdin: str) -> None:
        """From now on everything below the root is told to the listener."""
        self._files.enter(root, stdin)
        self.listener = self._time.listener = listener

    def allow(self, seconds: float | None) -> None:
        """From now on it may wait so long by the kit's clock; None.

        As long as the listener lets it.
        """
        self._time.left = None if seconds is None else round(seconds * SECOND)

    def take_hurried(self) -> int:
        """How many calls were answered since this was asked last although another thread was still
        at work: their order was the machine's.
        """
        hurried, self._hurried = self._hurried, 0
        return hurried

    def meet(self) -> None:
        """Have the program run on our processor till ``part``: so it is answered soonest."""
        self._processor.meet(self._family.threads)

    def part(self) -> None:
        self._processor.part()

    def close(self) -> None:
        self.part()
        self._files.places.close()
        self._family.close()
        with suppress(OSError):
            os.close(self.descriptor)

    # --- whose turn it is ---------------------------------------------------------------------------------------------

    @property
    def has_waiting(self) -> bool:
        """Whether a call was received that has no answer yet, and gets one. No time passes for what
        a program that has ended left behind.
        """
        return bool(self._waiting) or bool(self._time.held and self.may_wait and self._family.is_led)

    @property
    def is_idle(self) -> bool:
        """Whether the program waits for the next request."""
        return self._files.is_idle

    @property
    def answered(self) -> int:
        """How many calls in the world were answered."""
        return self._files.answered

    @property
    def is_one_by_one(self) -> bool:
        """Whether a look that shows a call and nothing else is enough to answer it: the program is
        one thread, and nothing of it waits.
        """
        return self._family.alone and self._files.places.alone and not self._waiting and not self._time.held

    def serve_in_row(self, look: Callable[[], list[tuple[int, int]]], most: int) -> list[tuple[int, int]]:
        """Answer one call after the other, as long as a look shows nothing else. Gives what the
        last one showed.

        Why: a program's passes spend their time here, and the way by ``serve`` is a third longer.
        It is for calls that can be answered one by one. Raises a WorldSignal of the listener's.
        """
        only = [(self.descriptor, select.POLLIN)]
        for _ in range(most):
            found = look()
            if found != only:
                return found
            told = self._received()
            if told is None:
                continue
            self._answer(told)
            if self._files.is_idle or not self.is_one_by_one:
                break
        return []

    def serve(self, drained: Callable[[], bool], events: int | None = None) -> bool:
        """Answer one call, if there is one whose turn it is; False once there is no program any
        more.

        ``drained`` reads what the program has written: True where that is to be looked at first.
        ``events``: what a poll of the descriptor just told, where one was made. Raises a
        WorldSignal of the listener's.
        """
        lives = self._receive(events)
        if self._time.held:
            self._time.end_waits(self._files.places)
        # Nobody is told yet: the order is nobody's matter.
        hasty = self.listener is None and bool(self._waiting)
        quiet = self._family.alone or not self.has_waiting or hasty or self._settled(drained)
        if not self.has_waiting or drained():
            return lives
        if self._family.alone is not self._files.places.alone:
            self._know_threads()
        if self._waiting:
            self._hurried += not quiet
            tid = min(self._waiting, key=self._family.rank)
            self._answer(self._waiting.pop(tid))
        elif quiet:
            self._time.pass_(self._files.places)
        return lives

    def _know_threads(self) -> None:
        if self._family.alone:
            self._files.places.is_alone()
        else:
            self._files.places.share()

    def _receive(self, events: int | None = None) -> bool:
        alone = self._family.alone
        while True:
            if events is None:
                found = self._poll.poll(0)
                events = found[0][1] if found else 0
            if not events & select.POLLIN:
                return not events
            events = None
            told = self._received()
            if told is None:
                continue
            self._waiting[told.tid] = told
            if alone:
                return True
            self._family.calls(told.tid)

    def _received(self) -> Notification | None:
        """A call that waits; None where its thread has died meanwhile."""
        try:
            return receive(self.descriptor)
        except OSError as error:
            if error.errno not in {_ENOENT, _EINTR}:
                raise
            return None

    def _settled(self, drained: Callable[[], bool]) -> bool:
        """Wait until every other thread waits, too.

        False where one does not come to rest, or what was written is to be looked at first.
        """
        end = real_monotonic() + _MOST_PATIENCE
        looks, used = 0, -1.0
        while not self._family.is_quiet(waiting := self._waiting.keys() | self._time.held.keys()):
            looks += 1
            if looks <= _YIELDS:  # whoever is at work has this processor now, and most are done soon
                os.sched_yield()
            else:
                used = self._family.used(waiting) if used < 0 else used
                if self._family.used(waiting) - used >= _PATIENCE or real_monotonic() >= end:
                    return False
                select.select([self.descriptor], [], [], min(_LOOK * 2 ** min(looks - _YIELDS, 6), _LONGEST_LOOK))
            self._receive()
            if drained():
                return False
        self._receive()
        for process in self._family.ended:
            self._files.places.begins(process)
        self._family.ended.clear()
        return True

    # --- answering ----------------------------------------------------------------------------------------------------

    def _answer(self, told: Notification) -> None:
        """Answer one call; a caller that is gone is nobody's failure."""
        name = self._machine.names[told.number]
        form = FORMS[name]
        self._files.is_idle = False
        self._processor.counts(self._family)
        try:
            process = self._family.process_of(told.tid)
            if form.way == "begin" or self._fresh:
                self._begins(form, process)
            if form.way == "write" and self._is_stream(process, told):
                let_go_on(self.descriptor, told)
            elif self.listener is not None and form.way not in _BESIDE:
                self._files.answer(told, process, self.listener)
            elif form.way == "sleep":
                self._time.hold(name, told, process)
            elif form.way == "clock":
                self._time.tell(name, told, process)
            else:
                if form.way == "affinity":
                    self._processor.part()
                elif form.way == "fork":
                    self._family.grows(told.tid)
                    self._files.places.share()
                let_go_on(self.descriptor, told)
        except OSError as error:
            if error.errno not in GONE:
                raise

    def _is_stream(self, process: int, told: Notification) -> bool:
        """Whether a write is to what is known to be no file of the world: most lines are."""
        return self._files.places.is_outside(process, signed(told.args[0]))

    def _begins(self, form: Form, process: int) -> None:
        """Take the clock of what was just executed, before it is read for the first time."""
        if form.label == "exec":
            self._fresh.add(process)
        elif process in self._fresh:
            self._fresh.discard(process)
            self._files.places.begins(process)
            self._time.take(process, self._machine)
