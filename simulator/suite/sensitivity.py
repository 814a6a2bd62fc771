"""Which clauses catch which mutant: the proof that the judges can fail.

Rules: a mutant has to be caught by its own clause in that clause's own scenarios, or the kit is
broken; a mutant that does not apply is broken too. The full matrix runs every light scenario, and
counts a clause once however many scenarios caught it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ..base import KitBroke
from ..runner import Died, Job, RunSpec, results_of
from ..scenario import Scenario, limits_of, make_plan
from ..shipped import Mutant
from ..subjects import REFERENCE
from ..world import FakeWorld, RealWorld
from .exhaustion import examine_fully

#: Passes, and steps of writers, of a scenario in the full matrix: a day's, or a hundred directories
#: full of files, would take most of its time, and hardly show what smaller ones do not. A mutant's
#: own clause is judged by all of its scenarios.
MOST_PASSES, MOST_STEPS = 100, 5_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one mutant: the clauses that failed it, and what went wrong with the kit, if
    anything.
    """

    mutant: Mutant
    caught_by: tuple[str, ...]
    trouble: str = ""

    @property
    def caught(self) -> bool:
        return self.mutant.clause in self.caught_by

    @property
    def strange(self) -> tuple[str, ...]:
        """The clauses that are red for a defect of another clause only."""
        return tuple(slug for slug in self.caught_by if slug != self.mutant.clause and slug not in self.mutant.also)


def outcomes(
    mutants: Iterable[Mutant], library: dict[str, Scenario], *, full: bool, workers: int, seed: int = 0
) -> Iterator[Outcome]:
    """Each mutant, as it ends.

    ``full``: every light scenario as well; otherwise the mutant's clause's own alone, until one
    catches it.
    """
    by_name = {mutant.name: mutant for mutant in mutants}
    light = [scenario for scenario in library.values() if full and _is_light(scenario, seed)]
    jobs = []
    own_jobs: set[int] = set()
    for mutant in by_name.values():
        own = [scenario for scenario in library.values() if mutant.clause in scenario.clauses]
        others = [scenario for scenario in light if scenario not in own]
        for world in ("fake", "real"):
            # Its own apart: a death there is a catch, a death elsewhere says nothing of the clause.
            for is_own, scenarios in ((True, own), (False, others)):
                chosen = [scenario for scenario in scenarios if scenario.worlds[0] == world]
                if chosen:
                    jobs.append(Job(mutant.name, _work(mutant, chosen, seed, is_own=is_own, full=full), world))
                    own_jobs |= {id(jobs[-1])} if is_own else set()
    waiting = {name: sum(job.name == name for job in jobs) for name in by_name}
    found: dict[str, set[str]] = {name: set() for name in by_name}
    trouble: dict[str, str] = {}
    for name in [name for name, count in waiting.items() if not count]:
        yield Outcome(by_name[name], (), "no scenario checks its clause")
    for job, outcome, _ in results_of(jobs, workers):
        if isinstance(outcome, Died):
            found[job.name] |= {by_name[job.name].clause} if id(job) in own_jobs else set()  # its run is a failed one
        elif isinstance(outcome, KitBroke):
            trouble[job.name] = str(outcome).strip().splitlines()[-1]
        else:
            found[job.name] |= outcome
        waiting[job.name] -= 1
        if not waiting[job.name]:
            yield Outcome(by_name[job.name], tuple(sorted(found[job.name])), trouble.get(job.name, ""))


def _is_light(scenario: Scenario, seed: int) -> bool:
    if scenario.pass_count > MOST_PASSES:
        return False
    return (
        sum(len(actor.steps) for actor in make_plan(scenario, seed, limits_of({}, scenario.collector)).actors)
        <= MOST_STEPS
    )


def _work(
    mutant: Mutant, scenarios: Sequence[Scenario], seed: int, *, is_own: bool, full: bool
) -> Callable[[FakeWorld | RealWorld], set[str]]:
    def work(place: FakeWorld | RealWorld) -> set[str]:
        caught: set[str] = set()
        for scenario in sorted(scenarios, key=lambda scenario: (len(scenario.exhaust), scenario.pass_count)):
            kinds = scenario.exhaust if is_own and mutant.clause not in caught else []
            spec = RunSpec(scenario, seed, f"mutant:{mutant.name}", place.name)
            result = examine_fully(spec, place, kinds)
            caught |= {clause.slug for clause in result.clauses if clause.verdict == "fail"}
            if mutant.clause in caught and not full:
                break
        return caught

    return work


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


def document(found: Sequence[Outcome], date: str) -> str:
    """The sensitivity matrix as a Markdown page of that date (YYYY-MM-DD): a row a mutant, its own
    clause, and the others that caught it as well.
    """
    caught = sum(outcome.caught for outcome in found)
    red = sum(len(outcome.caught_by) for outcome in found)
    strange = sum(len(outcome.strange) for outcome in found)
    lines = [
        "<!-- Made by `simulate mutants --full`: change that. -->",
        "# Which clauses catch which mutant",
        "",
        "Each mutant is one small change of the reference collector (`simulate mutants --show NAME` prints it), put through every scenario",
        f"of at most {MOST_PASSES} passes and {MOST_STEPS:,} steps of writers. Its own clause has to catch it, in that clause's own scenarios;",
        "One change may break what several clauses say: these are declared with the mutant, with the reason. Any other clause that is red is so for a defect",
        "that is not its own. Those are few, and stand in the last column: mostly an event that two clauses are about, or a collector that loses so much that",
        "nobody can tell for what.",
        "",
        f"{date}: {caught} of {len(found)} caught by their own clause; {red} clauses red in all,",
        f"{strange} of them for a defect of another clause only ({strange / max(red, 1):.0%}).",
        "",
        "| mutant | its clause | caught | also breaks | red for that alone |",
        "| --- | --- | --- | --- | --- |",
    ]
    for outcome in sorted(found, key=lambda outcome: (outcome.mutant.clause, outcome.mutant.name)):
        mutant = outcome.mutant
        also = "; ".join(f"{slug}: {why}" for slug, why in mutant.also.items() if slug in outcome.caught_by)
        lines.append(
            f"| {mutant.name} | {mutant.clause} | {'yes' if outcome.caught else '**no**'} | {also} | {', '.join(outcome.strange)} |"
        )
    return "\n".join(lines) + "\n"
