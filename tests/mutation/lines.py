"""Which lines of the collector a scenario executes, and what it costs:
once for the unchanged collector.

A trace function is limited to the collector's files and costs the rest one call each; the worker's
world replaces ``os``, so nothing here asks the system for anything while a scenario runs.
"""

from __future__ import annotations

import resource
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Any

from etp_kit.simulator.runner.job import Died, Job
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.worker import results_of
from etp_kit.simulator.scenario.model import Scenario
from etp_kit.simulator.scenario.variants import Kind
from etp_kit.simulator.subjects.specs import REFERENCE
from etp_kit.simulator.suite.exhaustion import examine_fully
from etp_kit.simulator.world.world import FakeWorld, RealWorld

SEED = 0
#: Tracing makes a run several times as long.
_TIMEOUT = 3_600.0
#: Seconds of processor that exhausting a small scenario may take, on a slow machine.
_EXHAUSTING = 60.0


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that the conformance run does:
    a scenario in a world, ``kinds``: and what is exhausted of it.
    """

    scenario: str
    world: str
    kinds: tuple[Kind, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.scenario} ({self.world}{', exhausted' if self.kinds else ''})"


@dataclass(frozen=True, slots=True)
class Executed:
    """Seconds of processor, and file -> lines; None: not looked at, perhaps all."""

    seconds: float
    lines: dict[str, frozenset[int]] | None

    def meets(self, file: str, first: int, last: int) -> bool:
        return self.lines is None or not self.lines.get(file, frozenset()).isdisjoint(range(first, last + 1))


def items(library: dict[str, Scenario]) -> list[Item]:
    """Each scenario in its first world: the other shows the same, or the kit is broken."""
    return [Item(name, scenario.worlds[0]) for name, scenario in library.items()]


def exhausted(library: dict[str, Scenario]) -> dict[Item, Executed]:
    """What the conformance run exhausts, in a scenario's last world.
    Thousands of runs are not traced: they may meet any line.
    """
    some = {name: tuple(scenario.exhaust) for name, scenario in library.items() if scenario.exhaust}
    return {Item(name, library[name].worlds[-1], kinds): Executed(_EXHAUSTING, None) for name, kinds in some.items()}


def executed(library: dict[str, Scenario], workers: int) -> Iterator[tuple[Item, Executed]]:
    """Every item, as it ends.
    Raises RuntimeError where the unchanged collector does not pass one.
    """
    wanted = items(library)
    form = tuple[str, Executed]
    jobs = [
        Job(str(i), _work(library[item.scenario], item), item.world, _TIMEOUT, form=form)
        for i, item in enumerate(wanted)
    ]
    for job, outcome, _ in results_of(jobs, workers):
        item = wanted[int(job.name)]
        if isinstance(outcome, (Died, Exception)):
            raise RuntimeError(f"{item.name}: {outcome}")
        verdict, found = outcome
        if verdict != "pass":
            raise RuntimeError(f"{item.name}: the unchanged collector does not pass: {verdict}")
        yield item, found


def _work(scenario: Scenario, item: Item) -> Callable[[FakeWorld | RealWorld], tuple[str, Executed]]:
    def work(place: FakeWorld | RealWorld) -> tuple[str, Executed]:
        seen: set[tuple[str, int]] = set()
        trace = _tracer(f"{REFERENCE}/", seen)
        begin = _seconds()
        threading.settrace(trace)
        sys.settrace(trace)
        try:
            verdict = examine_fully(RunSpec(scenario, SEED, "reference", place.name), place, item.kinds)
        finally:
            sys.settrace(None)
            threading.settrace(None)
        problems = "; ".join(f"{c.slug}: {c.reason}" for c in verdict.clauses if c.verdict != "pass")
        return problems or verdict.verdict, Executed(_seconds() - begin, _by_file(seen))

    return work


def _tracer(prefix: str, seen: set[tuple[str, int]]) -> Callable[[FrameType, str, Any], Any]:
    def inside(frame: FrameType, event: str, _: Any) -> Any:
        seen.add((frame.f_code.co_filename, frame.f_lineno))
        return inside

    def called(frame: FrameType, event: str, argument: Any) -> Any:
        return inside(frame, event, argument) if frame.f_code.co_filename.startswith(prefix) else None

    return called


def _by_file(seen: Iterable[tuple[str, int]]) -> dict[str, frozenset[int]]:
    found: dict[str, set[int]] = {}
    for path, line in seen:
        found.setdefault(path[len(f"{REFERENCE}/") :], set()).add(line)
    return {file: frozenset(lines) for file, lines in found.items()}


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
