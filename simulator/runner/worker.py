"""Work in a process of its own, under a watchdog.

The parent owns the terminal and real time; the child freezes its clock, hooks its ``os`` and may be
killed by whatever it tests. A collector that calls ``os._exit``, spins or blocks costs one job, and
what is told of it says which.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, Generic, TypeVar

from ..base import BadInput, KitBroke
from ..core import Raised, Said
from ..subjects import REFERENCE, Package, descendants, signal_name, told_place
from ..world import FakeWorld, clear, forget_root, look_around, temporary_root
from ..writers import choices
from .child import ASKED, CLOSED, Shared, live
from .ear import LastWords
from .intact import Intact
from .job import Died, Job
from .reply import Foreign, Reply, readable
from .watchdog import Overdue, Progress, Watch, sampled

T = TypeVar("T")

_TICK = 0.1
#: Real seconds between two looks at what a worker does.
_LOOK = 0.5

#: Real seconds for which removal is retried: a program may recreate the directory until its guard
#: (``simulator.subjects.program.guard``) has killed it.
_LINGERING = 6.0
#: How often the parent looks for the answer.
_LOOKS = 40
#: What ends a command.
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@cache
def _warm() -> None:
    """What every worker would do for itself is done once, before the first fork; nothing of a
    collector is executed.

    The reference is compiled, for itself and for its mutants. The plain producer's texts are
    escaped. A fake world is made, as the first has to look where it is.
    """
    Package(REFERENCE)
    choices()
    FakeWorld()


class Worker(Generic[T]):
    """One job in a forked child.

    One of ``descriptors`` is readable when the child has something to tell, or is dead.
    """

    def __init__(self, job: Job[T]) -> None:
        _warm()
        look_around()
        self.job = job
        self._temporary = temporary_root() if job.world == "real" and job.keep is None else None
        root = Path(self._temporary) if self._temporary else job.keep
        self._reply = Reply(job.form)
        self._foreign = ""
        self._progress = Progress()
        self._words = LastWords()
        self._stance = os.memfd_create("stance")
        self._scratch = temporary_root() if self._temporary else ""
        shared = Shared(self._progress, self._words, self._stance, Intact(), self._scratch)
        context = multiprocessing.get_context("fork")
        self._child = context.Process(target=live, args=(self._reply, job, root, shared), daemon=True)
        self._begin = self._looked = time.monotonic()
        self._watch = Watch(job.timeout)
        self._late: Overdue | None = None
        self._death = -1
        with warnings.catch_warnings():
            # pytest-xdist's worker has a thread that waits for its controller: no lock of that is
            # taken by the child.
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            self._start()
        self._reply.be_parent()
        # Its pipe may stay open where it left children behind.
        self._death = os.pidfd_open(self._child.pid or 0)
        self.descriptors = (self._reply.descriptor, self._death)

    def _start(self) -> None:
        """Fork; a signal that comes meanwhile is heard after it.

        Otherwise its handler could leave this method between the fork and the note of the child,
        and nobody would end that one.
        """
        if threading.current_thread() is not threading.main_thread():
            self._child.start()  # handlers run in the main thread
            return
        heard: list[int] = []
        before = {number: signal.signal(number, lambda number, _: heard.append(number)) for number in _ENDING}
        try:
            self._child.start()
        finally:
            for number, handler in before.items():
                signal.signal(number, handler or signal.SIG_DFL)  # None: not set from Python
        if heard:
            self.end()
            signal.raise_signal(heard[0])

    @property
    def seconds(self) -> float:
        """Real time so far."""
        return time.monotonic() - self._begin

    @property
    def passes(self) -> int:
        """How many passes were begun, over all runs of the work."""
        return self._progress.unit - self._progress.runs

    @property
    def overdue(self) -> bool:
        """Whether it has had enough; looks at what it does, so often as that is worth its cost."""
        now = time.monotonic()
        if self._late is None and now - self._looked >= _LOOK:
            self._looked = now
            if self._child.pid is not None:
                self._late = self._watch.look(sampled(self._child.pid, now, self._progress.unit))
        return self._late is not None

    @property
    def is_done(self) -> bool:
        """Whether it has told all, has died, or has had enough."""
        is_dead = bool(readable([self._death], 0))
        try:
            while self._reply.hear():
                return True
        except Foreign as foreign:
            self._foreign = str(foreign)
        return (is_dead and not readable([self._reply.descriptor], 0)) or bool(self._foreign) or self.overdue

    def result(self) -> T:
        """What the work returned, once it is done.

        Raises Died, BadInput or KitBroke.
        """
        told = self._told()
        if told is None:
            if self._late is not None:
                raise self._died(self._late.kind, self._late.detail, self._stands())
            self._child.join(5)
            raise self._died("crash", _death(self._child.exitcode)) from None
        kind, value = told
        if kind == "bad-input":
            what, where, hint, below = value
            raise BadInput(what, where=where, hint=hint, below=tuple(below))
        if kind == "broken":
            failure, detail = value
            raise self._died(failure, detail)
        if kind == "kit-broke":
            raise KitBroke(value)
        result: T = value
        return result

    def _told(self) -> tuple[str, Any] | None:
        """Raises Died for what is no result of the kit's."""
        try:
            if self._foreign:
                raise Foreign(self._foreign)
            return self._reply.result()
        except Foreign as foreign:
            raise self._died("crash", f"the collector's process gave no result of the kit's: {foreign}") from None

    def _stands(self) -> Raised | None:
        """Where a worker is in the collector's code; None where it cannot be asked, as it does not
        come back from the kernel."""
        with contextlib.suppress(OSError):
            os.kill(self._child.pid or 0, ASKED)
            for _ in range(_LOOKS):
                time.sleep(_TICK / 4)
                if size := os.fstat(self._stance).st_size:
                    return told_place(os.pread(self._stance, size, 0).decode("utf-8", "replace"))
        return None

    def _died(self, kind: str, detail: str, stands: Raised | None = None) -> Died:
        name = self._progress.name
        begun, planned = self._progress.variants
        told = f"{detail} (in variant {name}, run {self._progress.runs} of this work)" if name else detail
        said = Said((stands,) if stands else (), self._words.lines())
        return Died(kind, told, self.seconds, name, said, planned=planned, begun=begun)

    def end(self) -> None:
        """Leave neither a process nor a directory behind."""
        # Guards end what programs left; of a collector in Python nobody else knows.
        left = descendants(self._child.pid or 0) if self.job.cage == "worker" and self._child.is_alive() else []
        self._child.kill()
        self._child.join()
        self._child.close()  # else its descriptor is closed by a later collection of garbage, in another's run
        for pid in left:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self._reply.close()
        if self._death >= 0:  # a signal while it was forked ends it before that is open
            os.close(self._death)
        self._progress.close()
        self._words.close()
        os.close(self._stance)
        for place in (self._temporary, self._scratch):
            if place:
                _remove(place)


def result_of(job: Job[T], tick: Callable[[float, int], None] = lambda _seconds, _passes: None) -> tuple[T, float]:
    """A job's result and the real seconds that it took. Raises Died, BadInput or KitBroke.

    ``tick`` is called with the real seconds and the passes begun so far, about ten times a second.
    """
    worker = Worker(job)
    try:
        while not worker.is_done:
            if not readable(worker.descriptors, _TICK):
                tick(worker.seconds, worker.passes)
        return worker.result(), worker.seconds
    finally:
        worker.end()


def results_of(
    jobs: Iterable[Job[T]], workers: int, tick: Callable[[], None] = lambda: None
) -> Iterator[tuple[Job[T], T | Died | KitBroke, float]]:
    """Every job with its result (or how it failed) and its real seconds, as they end, so many at a
    time. Raises BadInput.

    One thread holds all workers: a fork beside other threads could inherit a lock that nobody will
    release. Closing the iterator ends the workers.
    """
    waiting = iter(jobs)
    running: list[Worker[T]] = []
    try:
        while True:
            while len(running) < workers and (job := next(waiting, None)) is not None:
                running.append(Worker(job))
            if not running:
                return
            readable([descriptor for worker in running for descriptor in worker.descriptors], _TICK)
            for worker in [worker for worker in running if worker.is_done]:
                try:
                    outcome = _outcome(worker)
                finally:
                    worker.end()
                    running.remove(worker)
                yield worker.job, outcome, worker.seconds
            tick()
    finally:
        for worker in running:
            worker.end()


def _outcome(worker: Worker[T]) -> T | Died | KitBroke:
    try:
        return worker.result()
    except (Died, KitBroke) as failure:
        return failure


def _remove(root: str) -> None:
    """A world's directory, though a program whose worker was killed may write there until its guard
    has ended it.
    """
    end = time.monotonic() + _LINGERING
    while not (removed := _is_removed(root)) and time.monotonic() < end:
        time.sleep(_TICK)
    if removed:
        forget_root(root)


def _is_removed(root: str) -> bool:
    try:
        clear(root)
        os.rmdir(root)
    except NotADirectoryError:
        with contextlib.suppress(OSError):
            os.unlink(root)  # a link or a file in its place
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return not os.path.lexists(root)


def _death(code: int | None) -> str:
    if code is not None and code < 0:
        return f"the collector's process was killed by {signal_name(-code)}"
    if code == CLOSED:
        return "the collector closed the descriptors of its process"
    return f"the collector ended its process (exit code {code})"
