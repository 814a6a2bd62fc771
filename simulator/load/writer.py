"""A writer: a process that takes its extensions' steps when they are due, and tells of each.

Rules: a step is due at its time from the start. No step's time depends on when another was taken,
or on the agent. What is late is taken at once, and its lateness is told. The process ends when its
pipe to the parent ends: the parent closes it, or died. It ignores the terminal's interrupt: its
parent takes that.
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import NamedTuple

from ..base import SECOND
from ..core import Label, Step
from .directory import LoadDirectory
from .disk_limits import Board, Rail
from .manifest import Manifest
from .step_writer import Hand

#: The acts that leave one entry more.
MAKING = frozenset({"write", "symlink", "link", "mkfifo", "socket", "device", "mkdir"})
#: Steps are told in batches, of so many or so long (ns) at most.
_BATCH, _WAIT = 256, 50_000_000
#: So long (ns) between two looks at the disk.
_LOOK = 200_000_000


class Done(NamedTuple):
    """A step that was taken:
    ``at`` monotonic ns, ``late`` ns after it was due, ``error`` an errno's name or "".
    """

    act: str
    path: str
    to: str
    size: int
    at: int
    late: int
    error: str
    labels: tuple[Label, ...] | None


class Ended(NamedTuple):
    """The writer's last word: why it ended before its steps did, or ""."""

    reason: str


@dataclass(frozen=True)
class Order:
    """What a writer works with.
    ``start``: monotonic ns of the run's begin; ``epoch``: the Unix time of that moment in ns.
    """

    number: int
    place: LoadDirectory
    board: Board
    rail: Rail
    start: int
    epoch: int
    dangerous: bool
    adopted: tuple[tuple[str, int], ...]


class Writer:
    """The parent's end of one."""

    def __init__(self, order: Order, steps: Iterable[Step], leash: tuple[int, int]) -> None:
        context = get_context("fork")
        self.connection, theirs = context.Pipe(duplex=False)
        self._process = context.Process(target=_life, args=(order, steps, leash, theirs, self.connection), daemon=True)
        self._process.start()
        self.pid = self._process.pid
        theirs.close()

    def received(self) -> Sequence[Done | Ended] | None:
        """The next batch, waiting for it; None once there will be no more."""
        try:
            batch: Sequence[Done | Ended] = self.connection.recv()
        except (EOFError, OSError):
            return None
        return batch

    def end(self, patience: float = 5.0) -> None:
        """See it off, by force if it does not heed the leash."""
        self._process.join(patience)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self.connection.close()


def _life(order: Order, steps: Iterable[Step], leash: tuple[int, int], pipe: Connection, parents: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.close(leash[1])  # the parent's end alone may keep it
    parents.close()
    os.umask(0)
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        reason = "the writer broke"
        teller = _Teller(pipe)
        try:
            reason = _take_all(order, steps, leash[0], teller)
        except OSError as error:
            reason = f"a writer could not go on: {error.strerror}"
        finally:
            teller.tell()
            pipe.send([Ended(reason)])
            pipe.close()


def _take_all(order: Order, steps: Iterable[Step], leash: int, teller: _Teller) -> str:
    """Why it ended before its steps did, or ""."""
    manifest = Manifest(order.place, order.number)
    hand = Hand(order.place, manifest, order.epoch, dangerous=order.dangerous)
    for path, inode in order.adopted:
        hand.adopt(path, inode)
    poll = select.poll()
    poll.register(leash, select.POLLIN)
    looked = 0
    for step in steps:
        due = order.start + step.at
        if not _until(due, poll, teller):
            return ""
        now = time.monotonic_ns()
        reason = _rail(order, step, now - looked > _LOOK)
        if now - looked > _LOOK:
            looked = now
        if reason:
            return reason
        error = hand.take(step)
        after = time.monotonic_ns()
        if not error and step.act in MAKING | {"append"}:
            order.board.wrote(order.number, len(step.data), int(step.act in MAKING))
        teller.add(Done(step.act, step.path, step.to, len(step.data), after, now - due, error, step.labels), after)
    return ""


def _until(due: int, poll: select.poll, teller: _Teller) -> bool:
    """Wait until then; False once the leash has ended."""
    while True:
        now = time.monotonic_ns()
        rest = due - now
        teller.tell_if_old(now)
        # poll() waits whole milliseconds: the last part of one is waited for by sleeping.
        if poll.poll(max(0, min(rest, _WAIT)) // 1_000_000):
            return False
        rest = due - time.monotonic_ns()
        if rest <= 0:
            return True
        if rest < 1_000_000:
            time.sleep(rest / SECOND)
            return True


def _rail(order: Order, step: Step, look: bool) -> str:
    size, files = order.board.standing()
    crossed = order.rail.crossed(size + len(step.data), files + 1)
    return crossed or (order.rail.sunk(order.place) if look else "")


class _Teller:
    """Sends what was done, in batches."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._batch: list[Done] = []
        self._since = 0

    def add(self, done: Done, now: int) -> None:
        if not self._batch:
            self._since = now
        self._batch.append(done)
        if len(self._batch) >= _BATCH or now - self._since >= _WAIT:
            self.tell()

    def tell_if_old(self, now: int) -> None:
        if self._batch and now - self._since >= _WAIT // 2:
            self.tell()

    def tell(self) -> None:
        if self._batch:
            self._pipe.send(self._batch)
            self._batch = []
