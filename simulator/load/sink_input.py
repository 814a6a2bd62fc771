"""The sink of a load as bytes:
the agent's standard output, our standard input, or a file that somebody appends to.

The rule: a file is read from where it ends when the load begins, since what was delivered before is
no delivery of this load. A file that is not there yet, or may not be read yet, is waited for. What
was flooded by then is measured all the same.
"""

from __future__ import annotations

import errno
import os
import select
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from ..base import BadInput
from .agent import read
from .sink import Delivery, Lines, Pass, Serving, parse

#: Portions read at one go, so that a flood on the sink starves nobody.
_AT_ONCE = 32


@dataclass
class Counts:
    """Lines of the sink: ``other`` were neither events nor words of the runner."""

    events: int = 0
    other: int = 0


@dataclass
class Inflow:
    """``descriptor`` -1: not there yet. ``ended``: there will be no more. ``last``: when the last
    bytes came, monotonic ns; ``spoke``: when the last line that is more than the end of a pass.
    ``unreadable``: why a file that appeared late cannot be read.
    """

    descriptor: int = -1
    path: str = ""
    ended: bool = False
    last: int = 0
    spoke: int = 0
    unreadable: str = ""
    counts: Counts = field(default_factory=Counts)
    lines: Lines = field(default_factory=Lines)

    @property
    def is_file(self) -> bool:
        """Whether it has to be looked at, as nothing tells that there is more."""
        return bool(self.path)

    def pump(self, take: Callable[[Delivery | Pass | Serving], None]) -> None:
        """Take what can be read at once."""
        if self.descriptor < 0 and self.path:
            self._open_late()
        for _ in range(_AT_ONCE):
            if self.descriptor < 0 or self.ended or not select.select([self.descriptor], [], [], 0)[0]:
                return
            data = read(self.descriptor)
            if data is None:
                return
            if not data:
                self.ended = not self.path
                return
            now = self.last = time.monotonic_ns()
            for line in self.lines.feed(data):
                told = parse(line, now)
                self.spoke = self.spoke if isinstance(told, Pass) else now
                if told is None:
                    self.counts.other += bool(line.strip())
                else:
                    self.counts.events += isinstance(told, Delivery)
                    take(told)

    def _open_late(self) -> None:
        try:
            self.descriptor, self.unreadable = _opened(self.path, at_end=False), ""
        except OSError as error:
            self.unreadable = error.strerror or "cannot be opened"

    def drain(self, take: Callable[[Delivery | Pass | Serving], None]) -> None:
        """Take all that is left, once nobody writes any more."""
        before = -1
        while not self.ended and self.last != before:
            before = self.last
            self.pump(take)


def inflow(sink: str) -> Inflow:
    """The sink of ``--sink``. Raises BadInput."""
    if sink == "-":
        return Inflow(0)
    try:
        return Inflow(_opened(sink, at_end=True), sink)
    except IsADirectoryError:
        raise BadInput("is a directory; a file of JSON lines is expected", where=f"--sink {sink}") from None
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=f"--sink {sink}") from None


def _opened(path: str, *, at_end: bool) -> int:
    """-1 where it is not there yet. Raises OSError."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        return -1
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISDIR(mode):
        os.close(descriptor)
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    if at_end and stat.S_ISREG(mode):
        os.lseek(descriptor, 0, os.SEEK_END)
    return descriptor
