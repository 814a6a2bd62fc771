"""A load from begin to end: the agent is started, the writers flood, the books are kept, and everything is ended again.

Rules: one thread holds all, woken by what the writers and the agent say. The writers know nothing
of the agent. Whatever happens, no process stays behind, and what was written stays known to
``--clean``. Phases: ``writing``; ``settling``, while the agent takes what is left; ``ending``.
"""

from __future__ import annotations

import contextlib
import os
import signal
import time
from collections import Counter
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection, wait
from types import FrameType
from typing import Any

from ..base import SECOND, BadInput
from ..scenario import limits_of
from ..subjects import check_spec, is_program
from .accounting import Books
from .accounts import Account
from .agent import Agent, command_of
from .cleaning import clean_held
from .directory import LoadDirectory
from .disk_limits import Board
from .extension_steps import Flow, merged
from .figures import Figures
from .manifest import PARENT, Manifest
from .marker import take
from .measured import Measured
from .options import Orders, course_of
from .process_stats import Watch
from .scan import Scan
from .setup import furnish, furnish_agent
from .sink import Delivery, Pass, Serving
from .sink_input import Inflow, inflow
from .snapshot import Snapshot
from .writer import Done, Ended, Order, Writer

#: Seconds within which the runner of a collector must be ready.
_READY = 60.0
#: Seconds between two samples of the agent's process.
_SAMPLE = 0.5
#: Seconds between two displays of the figures.
_SHOW = 0.5
#: Seconds of silence after which a sink has delivered everything.
_QUIET = 1.0
#: Seconds that the agent gets to end its pass.
_PATIENCE = 30.0
_TICK = 0.05

Show = Callable[[Figures], None]


def load(orders: Orders, show: Show) -> Measured:
    """Carry the orders out. Raises BadInput: nothing was written then."""
    if orders.collector is not None and not is_program(orders.collector):
        check_spec(orders.collector)
    place = LoadDirectory(orders.into)
    try:
        orders.rail.check(place)
        lock, marked_now = take(place)
        run = _Run(orders, place)
        try:
            return run.run(show)
        except (BadInput, KeyboardInterrupt):
            if not run.flooding:
                clean_held(place, marker=marked_now)
            raise
        finally:
            os.close(lock)
    finally:
        place.close()


class _Run:
    """One load in progress."""

    def __init__(self, orders: Orders, place: LoadDirectory) -> None:
        self._orders = orders
        self._place = place
        self._agent: Agent | None = None
        self._writers: list[Writer] = []
        self._drain: Inflow | None = None
        self._manifest: Manifest | None = None
        self._leash = (-1, -1)
        self._hearing = self._interrupted = False
        self._in_pass: Counter[str] = Counter()
        self._serving: Serving | None = None
        self._shown = self._sampled = 0.0

    def run(self, show: Show) -> Measured:
        with self._heeding_signals():
            try:
                self._begin()
                self._write(show)
                self._settle(show)
                self._end_agent()
                return self._result()
            finally:
                self._end_all()

    @property
    def flooding(self) -> bool:
        """Whether anything was written that an agent may be reading: it is never undone then, but by ``--clean``."""
        return bool(self._writers)

    # --- begin ------------------------------------------------------------------------------------------------------

    def _begin(self) -> None:
        orders = self._orders
        self._leash = os.pipe2(os.O_CLOEXEC)
        self._manifest = manifest = Manifest(self._place, PARENT)
        sink = inflow(orders.sink) if orders.sink is not None else None
        watch = Watch(orders.pid) if orders.pid is not None else None
        if orders.collector is not None:
            log_dir, events = orders.into.resolve(), furnish_agent(self._place, manifest)
            self._agent = Agent(command_of(orders.collector, log_dir, events, orders.collector_settings), log_dir)
            watch = Watch(self._agent.pid)
            if sink is None:
                sink = Inflow(self._agent.stdout)
            elif is_program(orders.collector):
                self._drain = Inflow(self._agent.stdout)
            else:
                raise BadInput("is read where the collector is a program of its own (cmd:, --pid)", where="--sink")
            self._hearing = True
            if not is_program(orders.collector):
                self._await_ready(sink)
        capabilities: dict[str, Any] = self._serving.capabilities if self._serving else {}
        lacking = tuple(self._serving.lacking) if self._serving else ()
        settings = {name: value for name, value in orders.collector_settings.items() if name not in lacking or name == "period"}
        limits = limits_of(capabilities, settings)
        course = course_of(orders, limits)
        self._books = Books(
            {one.extension.handler: Account(one.extension.actor.role, one.extension.actor.producer) for one in course.shares},
            {one.extension.number: one.extension.handler for one in course.shares},
        )
        self._measured = Measured(orders, course, limits, self._books, watch=watch, inflow=sink, lacking=lacking)
        self._start_writers(furnish(self._place, manifest, course))

    def _await_ready(self, out: Inflow) -> None:
        """Wait for the runner's first word. Raises BadInput with what it says instead."""
        assert self._agent is not None
        deadline = time.monotonic() + _READY
        while self._serving is None:
            wait([self._agent.stdout, self._agent.stderr], 0.1)
            out.pump(self._take_word)
            self._agent.hear()
            if self._interrupted:
                raise KeyboardInterrupt
            if self._serving is None and (out.ended or time.monotonic() > deadline):
                self._agent.kill()
                self._agent.hear()
                raise BadInput((self._agent.errors or ["the collector did not start"])[-1])

    def _start_writers(self, adopted: tuple[tuple[str, int], ...]) -> None:
        orders, course = self._orders, self._measured.course
        count = orders.writers or min(len(course.shares), len(os.sched_getaffinity(0)))
        epoch_seconds = int(time.time() + 0.2) + 1  # a whole second, as event files are named from it
        epoch = epoch_seconds * SECOND
        self._start = time.monotonic_ns() + epoch - time.time_ns()
        self._board = Board(count)
        handlers = list(self._books.accounts)
        for number in range(count):
            mine = [one for one in course.shares if handlers.index(one.extension.handler) % count == number]
            steps = merged([Flow(one, orders.seed, self._measured.limits, epoch, course.end) for one in mine])
            order = Order(number, self._place, self._board, orders.rail, self._start, epoch, orders.dangerous, adopted)
            self._writers.append(Writer(order, steps, self._leash))
        self._measured.writers = count
        os.close(self._leash[0])
        self._leash = (-1, self._leash[1])
        self._scan = Scan(self._place, self._books, self._start)
        self._snapshot = Snapshot(self._measured, self._scan)

    # --- the phases -------------------------------------------------------------------------------------------------

    def _write(self, show: Show) -> None:
        open_ends = {writer.connection: writer for writer in self._writers}
        while open_ends and not self._stopping():
            for ready in self._wait(list(open_ends)):
                if ready in open_ends and not self._hear(open_ends[ready]):
                    del open_ends[ready]
            self._tick("writing", show)
        self._measured.writing_seconds = self._now()
        self._drop_leash()
        for writer in open_ends.values():
            while self._hear(writer):
                pass

    def _hear(self, writer: Writer) -> bool:
        """Take a batch of a writer's words; False after the last."""
        batch = writer.received()
        if batch is None:
            self._measured.broke = self._measured.broke or "a writer died"
            return False
        for word in batch:
            if isinstance(word, Done):
                self._books.done(word)
            else:
                return self._heard_last(word)
        return True

    def _heard_last(self, word: Ended) -> bool:
        if word.reason.startswith(("the writer broke", "a writer could not")):
            self._measured.broke = self._measured.broke or word.reason
        elif word.reason:
            self._measured.rail = self._measured.rail or word.reason
        return False

    def _settle(self, show: Show) -> None:
        """Wait until the agent took what there is, the sink fell silent, or patience ends."""
        orders = self._orders
        if not orders.watches or self._interrupted or self._measured.broke:
            return
        patience = orders.settle if orders.settle is not None else 2 * self._measured.limits.period / SECOND + 10
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline and not self._interrupted and not self._measured.agent_ended:
            self._wait([])
            self._tick("settling", show)
            if not self._books.standing_files and self._is_quiet() and self._scan.look(time.monotonic_ns(), at_once=True):
                return

    def _is_quiet(self) -> bool:
        sink = self._measured.inflow
        return sink is None or sink.ended or time.monotonic_ns() - sink.spoke > _QUIET * SECOND

    def _end_agent(self) -> None:
        """Have the agent end its pass, and read what it still tells."""
        agent = self._agent
        if agent is None:
            return
        agent.stop()
        deadline = time.monotonic() + (_PATIENCE if not self._interrupted else 5.0)
        while agent.poll() is None and time.monotonic() < deadline:
            self._wait([])
            self._read()
        agent.kill()
        sink = self._measured.inflow if self._drain is None else None
        if sink is not None:
            sink.drain(self._take)
        agent.hear()
        self._measured.stderr = tuple(agent.errors)

    def _result(self) -> Measured:
        measured = self._measured
        self._read()
        self._scan.look(time.monotonic_ns(), last=True)
        self._books.settle()
        measured.interrupted = self._interrupted
        measured.seconds = self._now()
        return measured

    def _end_all(self) -> None:
        self._drop_leash()
        if self._manifest is not None:
            self._manifest.close()
        if self._leash[0] >= 0:
            os.close(self._leash[0])
        for writer in self._writers:
            writer.end()
        if self._agent is not None:
            self._agent.close()

    def _drop_leash(self) -> None:
        if self._leash[1] >= 0:
            os.close(self._leash[1])
            self._leash = (self._leash[0], -1)

    # --- every so often ---------------------------------------------------------------------------------------------

    def _now(self) -> float:
        """Seconds from the start."""
        return max(0, time.monotonic_ns() - self._start) / SECOND

    def _stopping(self) -> bool:
        return bool(self._interrupted or self._measured.rail or self._measured.broke or self._measured.agent_ended)

    def _wait(self, connections: list[Connection]) -> list[Any]:
        sources: list[Any] = list(connections)
        sources += [one.descriptor for one in (self._measured.inflow, self._drain) if one is not None and not one.is_file and not one.ended]
        if self._agent is not None and self._hearing:
            sources.append(self._agent.stderr)
        return wait(sources, _TICK)

    def _read(self) -> None:
        """What the agent says."""
        if self._measured.inflow is not None:
            self._measured.inflow.pump(self._take)
        if self._drain is not None:
            self._drain.pump(lambda _: None)
        if self._agent is not None and self._hearing:
            self._hearing = self._agent.hear()

    def _tick(self, phase: str, show: Show) -> None:
        self._read()
        now = self._now()
        measured, books = self._measured, self._books
        if self._agent is not None and self._agent.poll() is not None and not measured.agent_ended:
            measured.agent_ended = f"the agent ended after {now:.1f} s (exit code {self._agent.poll()})"
        if measured.watch is not None and now - self._sampled >= _SAMPLE:
            self._sampled = now
            measured.watch.look(now)
            if measured.watch.ended is not None and not measured.agent_ended:
                measured.agent_ended = f"process {measured.watch.pid} ended after {now:.1f} s"
        if self._scan.look(time.monotonic_ns()):
            self._board.taken(books.made_bytes - books.present_bytes, books.made_files - len(books.standing))
        if now - self._shown >= _SHOW:
            self._shown = now
            show(self._snapshot.figures(phase, now))

    def _take_word(self, told: Delivery | Pass | Serving) -> None:
        """Before anything was written: what is delivered now is none of ours."""
        if isinstance(told, Serving):
            self._serving = told

    def _take(self, told: Delivery | Pass | Serving) -> None:
        if isinstance(told, Delivery):
            if self._orders.collector is not None and self._serving is not None:
                self._in_pass[self._books.handler_of(told)] += 1
            self._books.deliver(told)
        elif isinstance(told, Pass) and self._serving is not None:  # no program speaks for the runner
            self._measured.passed(told, self._in_pass)
            self._in_pass.clear()

    @contextlib.contextmanager
    def _heeding_signals(self) -> Iterator[None]:
        def heed(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signal's form
            self._interrupted = True

        before = {number: signal.signal(number, heed) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, action in before.items():
                signal.signal(number, action)
