"""The causes of failed verdicts, each of so much work as nobody minds who did not ask for it.

Rules: a cause is asked for in a worker of its own, once the verdict is there. So the verdict stays,
whatever the collector does then. What would take longer says how to ask for it. Which causes those
are is decided by counts, so a report is the same on every machine. A run that hung or died has told
its cause, and one that was refused was none.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..base import BadInput, KitBroke
from ..contract import MEASURED_CLAUSES
from ..judging import ScenarioVerdict
from ..runner import GROWTH, Died, Job, cage_for, results_of
from ..scenario import Scenario, Variant, parse_variant
from ..world import FakeWorld, RealWorld
from .inquiry import Asked, TooLong, cause_of
from .judged import Failure
from .replaying import data_of
from .shrinking import REFERENCE_SPEC

#: Records of runs that nobody asked for: about two seconds on an ordinary machine.
MOST_RECORDS = 25_000
#: How a reason begins that variants alone showed, with the first of them (``suite.exhaustion``).
_VARIANT = re.compile(r"[0-9]+ of [0-9]+ variants \([a-z]+\), such as ([^ ]+): ")


@dataclass(frozen=True, slots=True)
class Shown:
    """A verdict, and the scenario that it is of. ``name``: as a command names that."""

    verdict: ScenarioVerdict
    scenario: Scenario
    name: str


def tell_causes(
    judged: Sequence[Shown], collector: str, workers: int, tick: Callable[[], None] = lambda: None
) -> None:
    """Give each failed verdict its cause. Raises BadInput."""
    jobs = {}
    for one in judged:
        failure = _failure(one.verdict)
        if failure is not None:
            one.verdict.cause = (_asking(one, collector, failure),)
        if failure is None or one.verdict.records > MOST_RECORDS:
            tick()
        else:
            jobs[f"{one.name} {one.verdict.world}"] = (one, failure)
    work = [_job(name, one, failure, collector) for name, (one, failure) in jobs.items()]
    for job, told, _ in results_of(work, workers):
        if not isinstance(told, (Died, KitBroke)) and told:
            jobs[job.name][0].verdict.cause = tuple(told)
        tick()


def _failure(verdict: ScenarioVerdict) -> Failure | None:
    """The first clause that failed by what a run showed; None where there is none."""
    if verdict.kind or verdict.verdict != "fail":
        return None
    failed = [one for one in verdict.clauses if one.verdict == "fail" and not one.kind]
    return Failure(failed[0].slug, "", failed[0].reason) if failed else None


def _job(name: str, one: Shown, failure: Failure, collector: str) -> Job[tuple[str, ...]]:
    measured = failure.clause in MEASURED_CLAUSES or failure.clause == GROWTH
    clauses = () if measured else (failure.clause,)
    data = data_of(one.name, one.scenario)
    asked = Asked(data, one.verdict.seed, collector, REFERENCE_SPEC, clauses, failure, _variant(failure.reason))

    def work(place: FakeWorld | RealWorld) -> tuple[str, ...]:
        try:
            cause = cause_of(asked, place, MOST_RECORDS)
        except (BadInput, TooLong):
            return ()
        return tuple(cause.lines()) if cause is not None else ()

    return Job(name, work, one.verdict.world, form=tuple[str, ...], cage=cage_for(collector))


def _variant(reason: str) -> Variant | None:
    found = _VARIANT.match(reason)
    return parse_variant(found[1]) if found else None


def _asking(one: Shown, collector: str, failure: Failure) -> str:
    """The line that asks for it."""
    verdict = one.verdict
    words = ["simulate", "why", one.name, "--collector", collector, "--seed", str(verdict.seed)]
    words += ["--world", verdict.world, "--clause", failure.clause]
    return f"what it comes from takes longer to find: {shlex.join(words)}"
