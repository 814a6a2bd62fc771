"""Which lines of the reference each scenario executes: where a mutant's are not among them, its run
is the reference's.

Rules: a run is the same bytes for the same seed, so two collectors part at the first line that only
one of them has. Lines are heard by the interpreter's own trace, in a run of its own.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import cache, partial
from types import FrameType
from typing import Any

from ..base import KitBroke
from ..runner import Died, Job, RunSpec, results_of
from ..scenario import Scenario
from ..shipped import Edit, Mutant
from ..subjects import REFERENCE
from ..world import FakeWorld, RealWorld
from .exhaustion import examine_fully
from .spans import lines_of

#: Scenario -> file of the reference -> the lines that it executes.
Reach = Mapping[str, Mapping[str, frozenset[int]]]
_REFERENCE_SPEC = "reference"
#: Scenarios of one job: they share the loaded reference.
_BATCH = 10


def reach_of(scenarios: Iterable[Scenario], workers: int, seed: int = 0) -> Reach:
    """What each executes of the reference. One that could not be run to its end is not among them.
    """
    jobs = []
    for world in ("fake", "real"):
        chosen = [scenario for scenario in scenarios if scenario.worlds[0] == world]
        for begin in range(0, len(chosen), _BATCH):
            work = _work(chosen[begin : begin + _BATCH], seed)
            jobs.append(Job("reach", work, world, form=dict[str, dict[str, list[int]]]))
    found: dict[str, dict[str, frozenset[int]]] = {}
    for _, outcome, _ in results_of(jobs, workers):
        if not isinstance(outcome, (Died, KitBroke)):
            for name, files in outcome.items():
                found[name] = {file: frozenset(lines) for file, lines in files.items()}
    return found


def may_differ(mutant: Mutant, scenario: str, reach: Reach) -> bool:
    """Whether the mutant's run of the scenario can be another one than the reference's."""
    executed = reach.get(scenario)
    if executed is None:
        return True
    lines = _hangs_on(mutant.edit)
    return lines is None or not lines.isdisjoint(executed.get(mutant.file, ()))


@cache
def _hangs_on(edit: Edit) -> frozenset[int] | None:
    return lines_of((REFERENCE / edit.file).read_text(encoding="utf-8"), edit)


def _work(
    scenarios: list[Scenario], seed: int
) -> Callable[[FakeWorld | RealWorld], dict[str, dict[str, list[int]]]]:
    def work(place: FakeWorld | RealWorld) -> dict[str, dict[str, list[int]]]:
        found: dict[str, dict[str, list[int]]] = {}
        for scenario in scenarios:
            spec = RunSpec(scenario, seed, _REFERENCE_SPEC, place.name)
            lines = _traced(partial(examine_fully, spec, place, []))
            found[scenario.id] = {file: sorted(numbers) for file, numbers in sorted(lines.items())}
        return found

    return work


def _traced(run: Callable[[], object]) -> dict[str, set[int]]:
    """File of the reference -> the lines that it executed within this."""
    lines: dict[str, set[int]] = {}
    root = os.path.realpath(REFERENCE) + "/"
    files: dict[str, str] = {}  # a code object's file name -> below the reference, "" of another

    def heard(frame: FrameType, event: str, _: Any) -> Any:
        name = frame.f_code.co_filename
        file = files.get(name)
        if file is None:
            path = os.path.realpath(name)
            file = files[name] = path[len(root) :] if path.startswith(root) else ""
        if not file:
            return None
        if event == "line":
            lines.setdefault(file, set()).add(frame.f_lineno)
        return heard

    before = sys.gettrace()
    threading.settrace(heard)
    sys.settrace(heard)
    try:
        run()
    finally:
        sys.settrace(before)
        threading.settrace(before)
    return lines
