"""Work in a process of its own, under a watchdog.

The parent owns the terminal and real time; the child freezes its clock, hooks its ``os`` and may be
killed by whatever it tests. A collector that calls ``os._exit``, spins or blocks costs one job, and
what is told of it says which.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import logging
import multiprocessing
import os
import resource
import shutil
import signal
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

from ..base import BadInput, KitBroke
from ..core import Raised, Said
from ..subjects import REFERENCE, Broken, Package, hook_early, signal_name, told_place
from ..world import (
    CLOCK,
    FakeWorld,
    RealWorld,
    enter_seam,
    install,
    install_escape_detector,
    install_files,
    install_process_watch,
    install_seam,
    look_around,
    temporary_root,
)
from ..writers import choices
from .attended import Terminal, attend, be_unattended
from .built_passes import passes_begun
from .ear import LAST_WORDS, LastWords, replace_streams
from .watchdog import PROGRESS, WATCHDOG, Overdue, Progress, Watch, sampled

T = TypeVar("T")

#: Bytes of memory that a worker may ask for: ten times what the heaviest scenario takes, and less
#: than a machine under test has. A collector that reads without end meets a MemoryError instead of
#: taking the machine with it.
MOST_MEMORY = 4 << 30


#: What is told of a collector that took all of it; the kit alone takes a tenth.
_FULL = f"the collector used up the memory that a run may have ({MOST_MEMORY >> 30} GiB): it keeps what it should let go, or reads without end"
_TICK = 0.1
#: Real seconds between two looks at what a worker does.
_LOOK = 0.5

#: Real seconds for which removal is retried: a program may recreate the directory until its guard
#: (``simulator.subjects.program.guard``) has killed it.
_LINGERING = 6.0
#: Asks a worker where it stands: no collector uses it.
_ASKED = signal.SIGRTMAX - 5
#: How often the parent looks for the answer.
_LOOKS = 40
#: What ends a command.
_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Died(Exception):
    """A worker that gave no result.

    ``kind`` is ``hang``, ``crash``, ``STARVED`` (``simulator.runner.watchdog``), or that of a
    program (``simulator.subjects.program.streams.Broken``). ``variant``: in which one, "" for
    the scenario itself. ``planned`` and ``begun``: of the variants. ``said``: the last of what it
    said.
    """

    kind: str
    detail: str

    def __init__(
        self,
        kind: str,
        detail: str,
        seconds: float,
        variant: str = "",
        said: Said | None = None,
        *,
        planned: int = 0,
        begun: int = 0,
    ) -> None:
        self.planned = planned
        self.begun = begun
        self.said = said or Said()
        self.kind = kind
        self.detail = detail
        self.seconds = seconds
        self.variant = variant
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """What one worker does: ``work`` in a world of this name. ``timeout``: seconds of processor
    time that one pass of it may take.

    ``keep``: where the real world stands and stays. ``terminal``: of who attends it.
    """

    name: str
    work: Callable[[FakeWorld | RealWorld], T]
    world: str
    timeout: float = WATCHDOG
    keep: Path | None = None
    terminal: Terminal | None = None


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

    ``connection`` is readable when the child has something to tell, or is dead.
    """

    def __init__(self, job: Job[T]) -> None:
        _warm()
        look_around()
        context = multiprocessing.get_context("fork")
        self.job = job
        self._temporary = temporary_root() if job.world == "real" and job.keep is None else None
        root = Path(self._temporary) if self._temporary else job.keep
        self.connection, theirs = context.Pipe(duplex=False)
        self._progress = Progress()
        self._words = LastWords()
        self._stance = os.memfd_create("stance")
        shared = _Shared(self._progress, self._words, self._stance)
        self._child = context.Process(target=_child, args=(theirs, job, root, shared), daemon=True)
        self._begin = self._looked = time.monotonic()
        self._watch = Watch(job.timeout)
        self._late: Overdue | None = None
        with warnings.catch_warnings():
            # pytest-xdist's worker has a thread that waits for its controller: no lock of that is
            # taken by the child.
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            self._start()
        theirs.close()

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

    def result(self) -> T:
        """What the work returned, once it ended or is overdue.

        Raises Died, BadInput or KitBroke.
        """
        if not self.connection.poll():
            assert self._late is not None, "asked before its end"
            raise self._died(self._late.kind, self._late.detail, self._stands())
        try:
            kind, value = self.connection.recv()
        except EOFError:
            self._child.join(5)
            raise self._died("crash", _death(self._child.exitcode)) from None
        if kind == "bad-input":
            assert isinstance(value, BadInput)
            raise value
        if kind == "broken":
            failure, detail = value
            raise self._died(failure, detail)
        if kind == "kit-broke":
            raise KitBroke(value)
        result: T = value
        return result

    def _stands(self) -> Raised | None:
        """Where a worker is in the collector's code; None where it cannot be asked, as it does not
        come back from the kernel."""
        with contextlib.suppress(OSError):
            os.kill(self._child.pid or 0, _ASKED)
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
        self._child.kill()
        self._child.join()
        self.connection.close()
        self._progress.close()
        self._words.close()
        os.close(self._stance)
        if self._temporary:
            _remove(self._temporary)


def result_of(job: Job[T], tick: Callable[[float, int], None] = lambda _seconds, _passes: None) -> tuple[T, float]:
    """A job's result and the real seconds that it took. Raises Died, BadInput or KitBroke.

    ``tick`` is called with the real seconds and the passes begun so far, about ten times a second.
    """
    worker = Worker(job)
    try:
        while not worker.connection.poll(_TICK) and not worker.overdue:
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
            wait([worker.connection for worker in running], _TICK)
            for worker in [worker for worker in running if worker.connection.poll() or worker.overdue]:
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
    shutil.rmtree(root, ignore_errors=True)
    while os.path.lexists(root) and time.monotonic() < end:
        time.sleep(_TICK)
        shutil.rmtree(root, ignore_errors=True)


def _death(code: int | None) -> str:
    if code is not None and code < 0:
        return f"the collector's process was killed by {signal_name(-code)}"
    return f"the collector ended its process (exit code {code})"


class _Shared(NamedTuple):
    """What the parent can read of a worker that tells nothing any more; ``stance``: a descriptor
    for where it stands."""

    progress: Progress
    words: LastWords
    stance: int


def _child(pipe: Connection, job: Job[Any], root: Path | None, shared: _Shared) -> None:
    """The worker's whole life, in the real world at ``root`` or in the fake one."""
    PROGRESS.share(shared.progress)
    LAST_WORDS.share(shared.words)
    faulthandler.register(_ASKED, file=shared.stance)
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # the parent hears it and ends us
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # as multiprocessing ends what is left
    if job.terminal is None:
        _be_silent()
    else:
        attend(job.terminal)
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(
        resource.RLIMIT_DATA, (MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard), hard)
    )
    gc.freeze()  # what is here already is nobody's garbage, and to look at it would copy its memory
    logging.getLogger().setLevel(logging.DEBUG)  # a run hears every record of the collector
    result: tuple[str, Any]
    try:
        CLOCK.install()
        install_seam()
        install_files()
        install()
        install_escape_detector()
        hook_early()
        install_process_watch()
        place = FakeWorld() if root is None else RealWorld(root, temporary=job.keep is None)
        try:
            result = ("result", job.work(place))
        finally:
            enter_seam(None)
            place.tear_down()
    except BadInput as error:
        result = ("bad-input", error)
    except Broken as broken:
        result = ("broken", (broken.kind, broken.detail))
    except MemoryError:
        # Room to say so: a collector may hold all there was to the end. Before its first pass it
        # holds nothing.
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
        told = traceback.format_exc()
        result = ("broken", ("crash", _FULL)) if passes_begun() else ("kit-broke", told)
    except BaseException:
        result = ("kit-broke", traceback.format_exc())
    pipe.send(result)
    pipe.close()


def _be_silent() -> None:
    """What a collector prints is kept aside, and belongs into nobody's report; what it starts
    prints nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    replace_streams()
    be_unattended()
