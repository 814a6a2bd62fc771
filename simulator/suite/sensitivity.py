"""Which clauses catch which mutant: the proof that the judges can fail.

Rules: a mutant has to be caught by its own clause in that clause's own scenarios, or the kit is
broken. A mutant that does not apply is broken too. The full matrix runs every light scenario in
which the mutant can differ from the reference. It counts a clause once however many scenarios
caught it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ..base import KitBroke
from ..core import STARVED
from ..judging import ScenarioVerdict
from ..runner import Died, Job, RunSpec, results_of
from ..scenario import Kind, Scenario, limits_of, make_plan
from ..shipped import Mutant
from ..subjects import REFERENCE
from ..world import FakeWorld, RealWorld
from .exhaustion import examine_fully
from .reach import Reach, may_differ, reach_of

#: Passes, and steps of writers, of a scenario in the full matrix: a day's, a hundred directories
#: full of files, or a listing without end, would take most of its time. They hardly show what
#: smaller ones do not. A mutant's own clause is judged by all of its scenarios, until one catches
#: it.
MOST_PASSES, MOST_STEPS = 100, 5_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant. ``red``: each clause that failed it, and where that was seen
    first, and why. ``trouble``: what went wrong with the kit, if anything.
    """

    mutant: Mutant
    red: Mapping[str, str] = field(default_factory=dict)
    trouble: str = ""

    @property
    def caught_by(self) -> tuple[str, ...]:
        return tuple(sorted(self.red))

    @property
    def caught(self) -> bool:
        return self.mutant.clause in self.red

    @property
    def strange(self) -> tuple[str, ...]:
        """The clauses that are red for a defect of another clause only."""
        return tuple(slug for slug in self.caught_by if slug != self.mutant.clause and slug not in self.mutant.also)


class _Part(NamedTuple):
    """A share of a mutant's scenarios, of one world. ``own``: they are of its clause."""

    mutant: Mutant
    scenarios: Sequence[Scenario]
    world: str
    own: bool


def outcomes(
    mutants: Iterable[Mutant], library: Mapping[str, Scenario], *, full: bool, workers: int, seed: int = 0
) -> Iterator[Outcome]:
    """Each mutant, as it ends.

    ``full``: every light scenario as well; otherwise the mutant's clause's own alone, until one
    catches it.
    """
    by_name = {mutant.name: mutant for mutant in mutants}
    light = {name for name, scenario in library.items() if full and is_light(scenario, seed)}
    reach = reach_of([library[name] for name in sorted(light)], workers, seed) if by_name else {}
    jobs: list[Job[dict[str, str]]] = []
    own_jobs: set[int] = set()
    for part in _parts(by_name.values(), library, light, reach):
        jobs.append(Job(part.mutant.name, _work(part, light, seed), part.world, form=dict[str, str]))
        # Its own apart: a death there is a catch, a death elsewhere says nothing of the clause.
        own_jobs |= {id(jobs[-1])} if part.own else set()
    waiting = {name: sum(job.name == name for job in jobs) for name in by_name}
    found: dict[str, dict[str, str]] = {name: {} for name in by_name}
    trouble: dict[str, str] = {}
    for name in [name for name, count in waiting.items() if not count]:
        yield Outcome(by_name[name], {}, "no scenario checks its clause")
    for job, outcome, _ in results_of(jobs, workers):
        if isinstance(outcome, KitBroke):
            trouble[job.name] = str(outcome).strip().splitlines()[-1]
        elif isinstance(outcome, Died) and outcome.kind == STARVED:
            trouble[job.name] = outcome.detail
        elif isinstance(outcome, Died):
            found[job.name] |= {by_name[job.name].clause: outcome.detail} if id(job) in own_jobs else {}
        else:
            found[job.name] = {**outcome, **found[job.name]}
        waiting[job.name] -= 1
        if not waiting[job.name]:
            yield Outcome(by_name[job.name], dict(sorted(found[job.name].items())), trouble.get(job.name, ""))


def _parts(
    mutants: Iterable[Mutant], library: Mapping[str, Scenario], light: set[str], reach: Reach
) -> Iterator[_Part]:
    for mutant in mutants:
        own = [scenario for scenario in library.values() if mutant.clause in scenario.clauses]
        others = [
            scenario
            for name, scenario in library.items()
            if name in light and mutant.clause not in scenario.clauses and may_differ(mutant, name, reach)
        ]
        for world in ("fake", "real"):
            for is_own, scenarios in ((True, own), (False, others)):
                chosen = [scenario for scenario in scenarios if scenario.worlds[0] == world]
                if chosen:
                    yield _Part(mutant, chosen, world, is_own)


def is_light(scenario: Scenario, seed: int) -> bool:
    """Whether it is in the full matrix."""
    if scenario.pass_count > MOST_PASSES or any(fault.kind == "endless" for fault in scenario.fault):
        return False
    plan = make_plan(scenario, seed, limits_of({}, scenario.collector))
    return sum(len(actor.steps) for actor in plan.actors) <= MOST_STEPS


def _work(part: _Part, light: set[str], seed: int) -> Callable[[FakeWorld | RealWorld], dict[str, str]]:
    """What each clause found first. Without ``light`` ones it ends with what catches the mutant.

    Its own scenarios come in order of their cost. What is dear, and every variant, is run only
    while nothing has caught it.
    """
    clause = part.mutant.clause

    def work(place: FakeWorld | RealWorld) -> dict[str, str]:
        red: dict[str, str] = {}

        def look(scenario: Scenario, kinds: Sequence[Kind]) -> None:
            spec = RunSpec(scenario, seed, f"mutant:{part.mutant.name}", place.name)
            told = examine_fully(spec, place, kinds)
            red.update({slug: why for slug, why in _reds(told).items() if slug not in red})

        for scenario in sorted(part.scenarios, key=lambda one: (one.id not in light, one.pass_count)):
            if not part.own or scenario.id in light or clause not in red:
                look(scenario, [])
        for scenario in part.scenarios:
            if part.own and scenario.exhaust and clause not in red:
                look(scenario, scenario.exhaust)
        return red

    return work


def _reds(result: ScenarioVerdict) -> dict[str, str]:
    return {c.slug: f"{result.id}: {c.reason}" for c in result.clauses if c.verdict == "fail"}


def difference(mutant: Mutant) -> str:
    """The mutant as a unified diff of the reference. Raises KitBroke where it does not apply."""
    text = (REFERENCE / mutant.file).read_text(encoding="utf-8")
    changed = mutant.edit.apply(text)
    if changed == text:
        raise KitBroke(f"mutant {mutant.name} changes nothing")
    name = f"collector/{mutant.file}"
    return "".join(
        difflib.unified_diff(text.splitlines(True), changed.splitlines(True), name, f"{name} ({mutant.name})")
    )
