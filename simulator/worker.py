"""Work in a process of its own, under a watchdog.

The parent owns the terminal and real time; the child freezes its clock, hooks its ``os`` and may be killed by whatever it tests. A
collector that calls ``os._exit``, spins or blocks costs one job, and what is told of it says which.
"""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import time
import traceback
import warnings
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

from simulator import run as runs
from simulator.errors import BadInput, KitBroke
from simulator.producers.plain import choices
from simulator.protocol.program import Broken, signal_name
from simulator.scenario import Scenario
from simulator.subjects.early import hook_early
from simulator.subjects.package import Package
from simulator.subjects.resolve import REFERENCE
from simulator.variant import Variant
from simulator.verdict import ScenarioVerdict, died, examine
from simulator.world import escape, files, process, seam, zones
from simulator.world.clock import CLOCK
from simulator.world.world import FakeWorld, RealWorld, temporary_root

T = TypeVar("T")

#: Real seconds after which a run counts as hanging: an order more than the slowest scenario of the kit takes.
WATCHDOG = 120.0

#: Bytes of memory that a worker may ask for: ten times what the heaviest scenario takes, and less than a machine under test has. A collector
#: that reads without end meets a MemoryError instead of taking the machine with it.
MOST_MEMORY = 4 << 30

#: What is told of a collector that took all of it; the kit alone takes a tenth.
_FULL = f"the collector used up the memory that a run may have ({MOST_MEMORY >> 30} GiB): it keeps what it should let go, or reads without end"

_TICK = 0.1

#: Real seconds for which a world's directory may come back: the guard of a killed worker ends its program in less (``simulator.protocol.guard``).
_LINGERING = 6.0


class Died(Exception):
    """A worker that gave no result: ``kind`` is ``hang`` or ``crash``, or that of a program (``simulator.protocol.program.Broken``)."""

    def __init__(self, kind: str, detail: str, seconds: float) -> None:
        self.kind = kind
        self.detail = detail
        self.seconds = seconds
        super().__init__(detail)


@dataclass(frozen=True, slots=True)
class Job(Generic[T]):
    """What one worker does: ``work`` in a world of this name. ``keep``: where the real world stands and stays."""

    name: str
    work: Callable[[FakeWorld | RealWorld], T]
    world: str
    timeout: float = WATCHDOG
    keep: Path | None = None


#: Packages that load parts of themselves when somebody looks at them.
_LAZY = {"concurrent", "dateutil", "multiprocessing", "pydantic", "unittest"}


@cache
def _warm() -> None:
    """What every worker would do for itself is done once, before the first fork; nothing of a collector is executed.

    The reference is compiled, for itself and for its mutants; the plain producer's texts are escaped; and of what the kit stands on every attribute is looked
    at, as freezegun will: some packages load parts of themselves only then. What else lives in this process is left alone.
    """
    Package(REFERENCE)
    choices()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for module in [module for name, module in sys.modules.items() if name.partition(".")[0] in _LAZY]:
            for name in dir(module):
                with contextlib.suppress(Exception):
                    getattr(module, name)


class Worker(Generic[T]):
    """One job in a forked child. ``connection`` is readable when the child has something to tell, or is dead."""

    def __init__(self, job: Job[T]) -> None:
        _warm()
        context = multiprocessing.get_context("fork")
        self.job = job
        self._temporary = temporary_root() if job.world == "real" and job.keep is None else None
        root = Path(self._temporary) if self._temporary else job.keep
        self.connection, theirs = context.Pipe(duplex=False)
        self._child = context.Process(target=_child, args=(theirs, job.work, root), daemon=True)
        self._begin = time.monotonic()
        with warnings.catch_warnings():
            # pytest-xdist's worker has a thread that waits for its controller: no lock of that is taken by the child.
            warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
            self._child.start()
        theirs.close()

    @property
    def seconds(self) -> float:
        """Real time so far."""
        return time.monotonic() - self._begin

    @property
    def overdue(self) -> bool:
        return self.seconds > self.job.timeout

    def result(self) -> T:
        """What the work returned, once it ended or is overdue. Raises Died, BadInput or KitBroke."""
        if not self.connection.poll():
            raise Died("hang", f"no end after {self.job.timeout:g} s of real time", self.seconds)
        try:
            kind, value = self.connection.recv()
        except EOFError:
            self._child.join(5)
            raise Died("crash", _death(self._child.exitcode), self.seconds) from None
        if kind == "bad-input":
            raise BadInput(value)
        if kind == "broken":
            failure, detail = value
            raise Died(failure, detail, self.seconds)
        if kind == "kit-broke":
            raise KitBroke(value)
        result: T = value
        return result

    def end(self) -> None:
        """Leave neither a process nor a directory behind."""
        self._child.kill()
        self._child.join()
        self.connection.close()
        if self._temporary:
            _remove(self._temporary)


def result_of(job: Job[T], tick: Callable[[float], None] = lambda _: None) -> tuple[T, float]:
    """A job's result and the real seconds that it took. Raises Died, BadInput or KitBroke.

    ``tick`` is called with the real seconds so far, about ten times a second.
    """
    worker = Worker(job)
    try:
        while not worker.connection.poll(_TICK) and not worker.overdue:
            tick(worker.seconds)
        return worker.result(), worker.seconds
    finally:
        worker.end()


def results_of(
    jobs: Iterable[Job[T]], workers: int, tick: Callable[[], None] = lambda: None
) -> Iterator[tuple[Job[T], T | Died | KitBroke, float]]:
    """Every job with its result (or how it failed) and its real seconds, as they end, so many at a time. Raises BadInput.

    One thread holds all workers: a fork beside other threads could inherit a lock that nobody will release. Closing the iterator
    ends the workers.
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


def supervised(
    scenario: Scenario,
    seed: int,
    collector: str,
    world: str,
    *,
    keep_lines: bool = False,
    timeout: float = WATCHDOG,
    tick: Callable[[float], None] = lambda _: None,
    keep: Path | None = None,
    variant: Variant | None = None,
) -> ScenarioVerdict:
    """Examine a scenario in a worker. Raises BadInput or KitBroke; a hang or a death is a verdict."""
    job = Job(
        scenario.id,
        lambda place: examine(
            scenario, seed, collector, place, keep_lines=keep_lines, variant=variant, keep_world=keep is not None
        ),
        world,
        timeout,
        keep,
    )
    try:
        verdict, seconds = result_of(job, tick)
    except Died as death:
        return died(scenario, seed, world, death.kind, death.detail, death.seconds)
    verdict.wall_seconds = seconds  # the clock of the child stands still
    return verdict


def _remove(root: str) -> None:
    """A world's directory, though a program whose worker was killed may write there until its guard has ended it."""
    end = time.monotonic() + _LINGERING
    shutil.rmtree(root, ignore_errors=True)
    while os.path.lexists(root) and time.monotonic() < end:
        time.sleep(_TICK)
        shutil.rmtree(root, ignore_errors=True)


def _death(code: int | None) -> str:
    if code is not None and code < 0:
        return f"the collector's process was killed by {signal_name(-code)}"
    return f"the collector ended its process (exit code {code})"


def _child(pipe: Connection, work: Callable[[FakeWorld | RealWorld], Any], root: Path | None) -> None:
    """The worker's whole life, in the real world at ``root`` or in the fake one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends us
    _be_silent()
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY if hard == resource.RLIM_INFINITY else min(MOST_MEMORY, hard), hard))
    logging.getLogger().setLevel(logging.DEBUG)  # a run hears every record of the collector
    result: tuple[str, Any]
    try:
        CLOCK.install()
        seam.install()
        files.install()
        zones.install()
        process.install()
        escape.install()
        hook_early()
        place = FakeWorld() if root is None else RealWorld(root)
        try:
            result = ("result", work(place))
        finally:
            seam.enter(None)
            place.tear_down()
    except BadInput as error:
        result = ("bad-input", str(error))
    except Broken as broken:
        result = ("broken", (broken.kind, broken.detail))
    except MemoryError:
        # Room to say so: a collector may hold all there was to the end. Before its first pass it holds nothing.
        resource.setrlimit(resource.RLIMIT_DATA, (hard, hard))
        told = traceback.format_exc()
        result = ("broken", ("crash", _FULL)) if runs.passes_begun() else ("kit-broke", told)
    except BaseException:
        result = ("kit-broke", traceback.format_exc())
    pipe.send(result)
    pipe.close()


def _be_silent() -> None:
    """What a collector prints belongs to nobody's report."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
