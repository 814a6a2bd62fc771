"""The clock of a program: told by the kit, and moved by it when everybody waits.

Rules: a program's time is the run's. Before anybody listens it begins where every run does, and its
waits move it. Where its clock could not be taken (``vdso``), it has the real one; its waits are
answered at once all the same.
"""

from __future__ import annotations

import struct

from ..base import EPOCH, SECOND
from ..world import TimeUp, real_monotonic, real_wall
from .calls import signed
from .listener import Listener
from .machines import Machine
from .native import Notification, answer, gone_is_fine, is_waited_for, let_go_on, write_memory
from .places import Places
from .start import clock_is_had
from .vdso import take_clock
from .waits import Wait, clear, come, wait_of

_EIO = 5
#: Clocks of the wall (clock_gettime(2)), and all that are ours; the others count processor time.
_MONOTONIC = 1
_WALL = {0, 5, 11}
_OURS = {*_WALL, _MONOTONIC, 4, 6, 7}
#: What they show before anybody listens: what a run begins with.
_MONOTONIC_BEGIN = 1_000 * SECOND


class Timekeeper:
    """``held``: waits without an answer, by thread: the call, what it waits for, until when."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.listener: Listener | None = None
        self.held: dict[int, tuple[Notification, Wait, int]] = {}
        #: Whether the program has the kit's clock.
        self.keeps_clock = clock_is_had()
        #: ns that may still be waited, None for as many as the listener lets pass.
        self.left: int | None = None
        #: ns that passed before anybody listened, and that were waited in all.
        self._early = self._waited = 0

    def take(self, process: int, machine: Machine) -> None:
        """Take the clock of what was just executed."""
        self.keeps_clock = self.keeps_clock and take_clock(process, machine)

    def clock(self, number: int) -> int:
        """What a clock of the program shows, in ns."""
        if not self.keeps_clock:
            return real_wall() if number in _WALL else round(real_monotonic() * SECOND)
        if number in _WALL:
            return EPOCH if self.listener is None else self.listener.clock(number)
        return self._early + (_MONOTONIC_BEGIN if self.listener is None else self.listener.clock(number))

    def tell(self, name: str, told: Notification, process: int) -> None:
        """Answer a question for the time."""
        number = signed(told.args[0]) if name == "clock_gettime" else 0
        if not self.keeps_clock or number not in _OURS:
            let_go_on(self._descriptor, told)
            return
        seconds, part = divmod(self.clock(number), SECOND)
        address = told.args[1 if name == "clock_gettime" else 0]
        try:
            if address:
                data = (
                    struct.pack("<q", seconds)
                    if name == "time"
                    else struct.pack("<qq", seconds, part // (1_000 if name == "gettimeofday" else 1))
                )
                write_memory(process, address, data)
        except OSError as error:
            answer(self._descriptor, told, errno=error.errno or _EIO)
            return
        answer(self._descriptor, told, seconds if name == "time" else 0)

    def hold(self, name: str, told: Notification, process: int) -> None:
        """Take up a wait: it ends when what it waits for comes, or when its time is over."""
        try:
            wait = wait_of(name, told, process, self.clock)
        except OSError as error:
            answer(self._descriptor, told, errno=error.errno or _EIO)
            return
        if wait.length is None:
            let_go_on(self._descriptor, told)
        else:
            self.held[told.tid] = (told, wait, self._now + wait.length)

    @property
    def _now(self) -> int:
        return self.clock(_MONOTONIC) if self.keeps_clock else self._waited

    def end_waits(self, places: Places) -> None:
        """End those waits whose time is over, or for which something came."""
        for tid, (told, wait, end) in list(self.held.items()):
            came = come(wait, places)
            if came is None and self._now < end:
                continue
            del self.held[tid]
            with gone_is_fine():
                if came == 0:
                    let_go_on(self._descriptor, told)
                else:
                    if came is None:
                        clear(wait)
                    answer(self._descriptor, told, errno=wait.errno if came is None else came)

    def pass_(self, places: Places) -> None:
        """Everybody waits: go to where the first wait ends.

        Raises TimeUp for more than may be waited.
        """
        self.held = {tid: one for tid, one in self.held.items() if is_waited_for(self._descriptor, one[0])}
        count = len(self.held)
        self.end_waits(places)  # what came while the others went on to where they wait
        if not self.held or len(self.held) < count:
            return
        length = max(0, min(end for _, _, end in self.held.values()) - self._now)
        if self.left is not None:
            self.left -= length
            if self.left < 0:
                raise TimeUp("it waits longer than an answer may take")
        if self.listener is None:
            self._early += length
        else:
            self.listener.asleep(length)
        self._waited += length
        self.end_waits(places)
