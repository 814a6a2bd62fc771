"""The matrix: every hostile object meets every step of a collector's work.

Rules: objects are data (``hostile.toml``). Rows are made by running, never written. Each object
gets one small scenario, with a bystander beside the attacker. Each of its steps falls before every
call, delivery and sleep of a pass, one place a run. A place is named by what the collector did next
in the attacker's events dir; the history tells. Each run is judged as an exhausted one is
(``simulator.suite.exhaustion``). An object that was never in the way is the kit's failure.

==========  ==================================================================
list        the events dir is opened, or its entries are read
stat        an event file is looked at
open        an event file is opened
read        an event file is read
parse       all is read, nothing has been done with it
enqueue     an event is handed over, or confirmed
remove      an event file is removed
sweep       what is no event file is looked at or removed
end         nothing more happens in this events dir
==========  ==================================================================
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from ..base import KitBroke
from ..core import (
    COLLECTOR,
    STARVED,
    Record,
    events_dir,
)
from ..runner import WATCHDOG, Died, Job, RunSpec, cage_for, results_of
from ..scenario import Scenario
from ..world import FakeWorld, RealWorld
from .exhaustion import Explorer, Failure, Placement
from .unjudged import unbroken

STEPS = ("list", "stat", "open", "read", "parse", "enqueue", "remove", "sweep", "end")

_ATTACKER = "Contoso.Hostile"
_DIRECTORY = events_dir(_ATTACKER)
#: So that there is something to sweep; a collector that reads whatever it finds does not stumble
#: over it.
_LEFTOVER = {"kind": "temporary-flood", "amount": 1, "old": True, "empty_list": True}
_EVENT_FILE = re.compile(r"[0-9]+\.json\Z", re.ASCII | re.IGNORECASE)
_LISTING = {"listdir", "scandir", "readdir"}
_LOOKING = {"stat", "lstat", "fstat", "access", "readlink"}
#: What is broken in one object's row is shown by so many failures.
_MOST_KEPT = 3


class HostileObject(BaseModel):
    """One row: a name, and the hazards that put the object in the way."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    hazards: list[dict[str, Any]] = Field(min_length=1)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    object: list[HostileObject]


@cache
def objects() -> dict[str, HostileObject]:
    """Every hostile object by its name."""
    text = Path(__file__).with_name("hostile.toml").read_text(encoding="utf-8")
    return {one.name: one for one in _File.model_validate(tomllib.loads(text)).object}


@dataclass(slots=True)
class Row:
    """What one object met: how often each step, and how often that broke something."""

    name: str
    tried: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    kept: list[Failure] = field(default_factory=list)
    #: Clause -> in how many places it held, and broke; the first failure of each.
    held: Counter[str] = field(default_factory=Counter)
    broken: Counter[str] = field(default_factory=Counter)
    first: list[Failure] = field(default_factory=list)
    seconds: float = 0.0
    #: How the collector ended the whole row's process, if it did; whether the machine did.
    death: str = ""
    starved: bool = False

    def add(self, placed: Placement) -> None:
        """Count one placement."""
        step = step_met(placed)
        self.tried[step] += 1
        self.failed[step] += bool(placed.problems)
        failures = [Failure(slug, f"{step}: {placed.variant}", why) for slug, why in placed.problems]
        self.kept += failures[: _MOST_KEPT - len(self.kept)]
        firsts = {failure.slug: failure for failure in reversed(failures)}
        self.first += [failure for slug, failure in firsts.items() if slug not in self.broken]
        self.broken.update(list(firsts))
        self.held.update(placed.held)


def scenario_of(hostile: HostileObject) -> Scenario:
    """The small scenario in which an object gets in the way: in the first of three passes."""
    scenario = Scenario.model_validate(
        {
            "schema": 1,
            "title": f"In the way: {hostile.name}",
            "about": "One object in the way of one collector, in each place.",
            "clauses": ["isolate.extension", "discover.links", "run.errors"],
            "passes": 3,
            "actor": [
                {
                    "handler": _ATTACKER, "role": "attacker", "events": 1, "passes": [0],
                    "hazards": [{"passes": [0], **options} for options in [*hostile.hazards, _LEFTOVER]],
                },
                {"handler": "Fabrikam.Bystander", "events": 1, "passes": [0]},
            ],
        }
    )  # fmt: skip
    return scenario.model_copy(update={"id": f"matrix/{hostile.name}"})


def step_met(placed: Placement) -> str:
    """The step of the collector's work before which the object got in the way."""
    for record in _after_the_step(placed):
        if record.op in {"deliver", "flush"}:
            if record.op == "flush" or (record.result["key"] or [""])[0] == _ATTACKER:
                return "enqueue"
        elif record.op == "call" and (step := _step_of_call(record.result["call"], record.path)):
            return step
    return "end"


def _after_the_step(placed: Placement) -> Iterator[Record]:
    """The collector's records of the pass, after the placed step."""
    inside = stepped = False
    for record in placed.history:
        if record.pass_number != placed.falls_in:
            continue
        if record.op in {"pass-begin", "pass-end"}:
            inside = record.op == "pass-begin"
        elif inside and record.op == "step":
            stepped = True
        elif inside and stepped and record.actor == COLLECTOR:
            yield record


def _step_of_call(label: str, path: str) -> str:
    """Which step of the work it is; none ("") of what is not about the attacker's events dir."""
    directory, _, name = path.partition(f"{_DIRECTORY}/")
    if path == _DIRECTORY:
        return "" if label == "close" else "list"
    if directory or not name:
        return ""
    if label in _LISTING:
        return "list"
    if not _EVENT_FILE.match(name):
        return "sweep"
    if label in _LOOKING:
        return "stat"
    return {"open": "open", "read": "read", "close": "parse", "unlink": "remove"}.get(label, "")


def rows(
    chosen: Sequence[HostileObject],
    collector: str,
    world: str,
    *,
    seed: int = 0,
    workers: int = 1,
    timeout: float = WATCHDOG,
) -> Iterator[Row]:
    """The row of each object, as it ends. Raises BadInput, and KitBroke for an object that was
    never in the way.
    """
    cage = cage_for(collector)
    jobs = [Job(one.name, _work(one, collector, seed), world, timeout, form=Row, cage=cage) for one in chosen]
    for job, ended, seconds in results_of(jobs, workers):
        outcome = unbroken(ended)
        if isinstance(outcome, Died):
            death = f"{outcome.kind}: {outcome.detail}"
            yield Row(job.name, death=death, starved=outcome.kind == STARVED, seconds=seconds)
            continue
        if not outcome.tried:
            raise KitBroke(f"the object {job.name!r} was never in the way")
        outcome.seconds = seconds  # the clock of the worker stands still
        yield outcome


def _work(hostile: HostileObject, collector: str, seed: int) -> Callable[[FakeWorld | RealWorld], Row]:
    def work(place: FakeWorld | RealWorld) -> Row:
        explorer = Explorer(RunSpec(scenario_of(hostile), seed, collector, place.name), place)
        row = Row(hostile.name)
        for step in explorer.steps_during(0):
            for placed in explorer.placements(0, step):
                row.add(placed)
        return row

    return work
