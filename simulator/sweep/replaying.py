"""A kept failure run again, and a failing scenario made small, each in a worker of its own."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Any, Literal

from ..base import BadInput
from ..runner import Died, Job, cage_for, result_of
from ..scenario import Scenario, load_scenario
from ..shipped import find_scenario
from ..subjects import resolve
from ..world import FakeWorld, RealWorld
from .applies import applicable
from .failures import Kept
from .judged import Failure, Judged, judged_run
from .outcome import Found
from .shrinking import REFERENCE_SPEC, Shrinker, found_of

#: What of a run comes out of its worker: the fields of ``Judged`` without the history.
_Shown = tuple[str, list[Failure], list[str], int, str]
#: Runs that shrinking a scenario of a user's may take: somebody waits for it.
_MOST_RUNS = 2_000


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of a kept failure, and why that is said."""

    outcome: Literal["FAILED", "FIXED", "DIFFERENT"]
    why: str


def replay(kept: Kept, collector: str = "") -> Replayed:
    """Run it again. Raises BadInput. FIXED is said of a run that showed what the failure was
    about, and nothing less.
    """
    recorded = kept.recorded
    clause = recorded.signature.partition("/")[0]

    def work(place: FakeWorld | RealWorld) -> _Shown:
        judged = judged_run(kept.scenario, recorded.seed, resolve(collector or recorded.collector), place, [clause])
        return judged.verdict, judged.failures, judged.judged, judged.unmet, judged.detail

    try:
        cage = cage_for(collector or recorded.collector)
        shown, _ = result_of(Job("replay", work, recorded.world, form=_Shown, cage=cage))
    except Died as death:
        same = recorded.signature == f"run.errors/{death.kind}"
        return Replayed("FAILED" if same else "DIFFERENT", death.detail)
    verdict, failures, clauses, unmet, detail = shown
    return _replayed(Judged(verdict, failures, clauses, unmet=unmet, detail=detail), recorded.signature, clause)


def _replayed(judged: Judged, signature: str, clause: str) -> Replayed:
    for failure in judged.failures:
        if failure.signature == signature:
            return Replayed("FAILED", failure.reason)
    if judged.failures:
        other = judged.failures[0]
        return Replayed("DIFFERENT", f"it fails otherwise: {other.signature}: {other.reason}")
    if judged.verdict == "skip":
        return Replayed("DIFFERENT", f"it was not run: {judged.detail}")
    if judged.unmet:
        return Replayed("DIFFERENT", f"{judged.unmet} of its places were met by nothing")
    if clause not in judged.judged:
        return Replayed("DIFFERENT", f"{clause} had nothing to judge")
    return Replayed("FIXED", f"{clause} holds")


def shrink_scenario(name: str, seed: int, collector: str, world: str, clause: str = "") -> Found | None:
    """A failing scenario made small: the first of its clauses that fails, or the one that is
    named. None: it does not fail.
    """
    scenario = load_scenario(name)
    data = data_of(name, scenario)
    clauses = [clause] if clause else [*dict.fromkeys((*scenario.clauses, *applicable(scenario)))]

    def work(place: FakeWorld | RealWorld) -> Found | None:
        subject = resolve(collector)
        judged = judged_run(scenario, seed, subject, place, clauses)
        if not judged.failures:
            return None
        signature = judged.failures[0].signature
        witness = None if collector == REFERENCE_SPEC else resolve(REFERENCE_SPEC)
        shrinker = Shrinker(subject, place, seed, signature, witness, _MOST_RUNS, named=True)
        small = shrinker.shrink(data)
        return None if small is None else found_of(small, signature, seed, place.name, collector, data)

    try:
        return result_of(Job(f"shrink {name}", work, world, form=Found | None, cage=cage_for(collector)))[0]
    except Died as death:
        raise BadInput(f"cannot be made small, its run gives no history: {death.detail}", where=name) from None


def data_of(name: str, scenario: Scenario) -> dict[str, Any]:
    """The data of its file, with the passes counted: what shrinks is a number."""
    _, path = find_scenario(name)
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    data.pop("duration", None)
    return {**data, "passes": scenario.pass_count}
