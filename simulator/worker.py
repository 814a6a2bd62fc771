"""Runs in a process of their own, under a watchdog.

The parent owns the terminal and real time; the child freezes its clock, hooks its ``os`` and may be killed by whatever it tests. A
collector that calls ``os._exit``, spins or blocks costs one run, and its verdict says which.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import shutil
import signal
import time
import traceback
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from simulator.errors import BadInput, KitBroke
from simulator.scenario import Scenario
from simulator.verdict import ScenarioVerdict, died, examine
from simulator.world import files, seam
from simulator.world.clock import CLOCK
from simulator.world.world import FakeWorld, RealWorld, temporary_root

#: Real seconds after which a run counts as hanging: an order more than the slowest scenario of the kit takes.
WATCHDOG = 120.0

_TICK = 0.1


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
) -> ScenarioVerdict:
    """Examine a scenario in a worker. Raises BadInput or KitBroke; a hang or a death is a verdict.

    ``tick`` is called with the real seconds so far, about ten times a second. ``keep`` is where the real world stands and stays;
    otherwise it is a temporary directory, which goes whatever becomes of the worker.
    """
    with _root(world, keep) as root:
        return _examined(scenario, seed, collector, world, keep_lines, timeout, tick, root)


@contextlib.contextmanager
def _root(world: str, keep: Path | None) -> Iterator[Path | None]:
    """Where the real world stands; None for the fake one."""
    if world == "fake" or keep is not None:
        yield keep
        return
    root = temporary_root()
    try:
        yield Path(root)
    finally:
        shutil.rmtree(root, ignore_errors=True)


def _examined(
    scenario: Scenario,
    seed: int,
    collector: str,
    world: str,
    keep_lines: bool,
    timeout: float,
    tick: Callable[[float], None],
    root: Path | None,
) -> ScenarioVerdict:
    context = multiprocessing.get_context("fork")
    ours, theirs = context.Pipe(duplex=False)
    child = context.Process(target=_child, args=(theirs, scenario, seed, collector, keep_lines, root), daemon=True)
    begin = time.monotonic()
    child.start()
    theirs.close()
    try:
        while not ours.poll(_TICK):
            passed = time.monotonic() - begin
            tick(passed)
            if passed > timeout:
                detail = f"no end after {timeout:g} s of real time"
                return died(scenario, seed, world, "hang", detail, passed)
        try:
            kind, value = ours.recv()
        except EOFError:
            child.join(5)
            return died(scenario, seed, world, "crash", _death(child.exitcode), time.monotonic() - begin)
    finally:
        child.kill()
        child.join()
        ours.close()
    if kind == "bad-input":
        raise BadInput(value)
    if kind == "kit-broke":
        raise KitBroke(value)
    verdict: ScenarioVerdict = value
    verdict.wall_seconds = time.monotonic() - begin  # the clock of the child stands still
    return verdict


def _death(code: int | None) -> str:
    if code is not None and code < 0:
        return f"the collector's process was killed by {signal.Signals(-code).name}"
    return f"the collector ended its process (exit code {code})"


def _child(
    pipe: Connection, scenario: Scenario, seed: int, collector: str, keep_lines: bool, root: Path | None
) -> None:
    """The worker's whole life, in the real world at ``root`` or in the fake one."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent hears it and ends us
    _be_silent()
    result: tuple[str, Any]
    try:
        CLOCK.install()
        seam.install()
        files.install()
        place = FakeWorld() if root is None else RealWorld(root)
        try:
            result = ("verdict", examine(scenario, seed, collector, place, keep_lines=keep_lines))
        finally:
            seam.enter(None)
            place.tear_down()
    except BadInput as error:
        result = ("bad-input", str(error))
    except BaseException:
        result = ("kit-broke", traceback.format_exc())
    pipe.send(result)
    pipe.close()


def _be_silent() -> None:
    """What a collector prints belongs to nobody's report."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
