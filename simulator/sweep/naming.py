"""Whether a cause names the defect of a mutant: its file and call, or its field, as its data tell.

Rules: a mutant is looked at where its own clause fails, in the smallest of that clause's scenarios
that shows it. Where no plain run shows it, as it takes a measurement or a variant, the two runs are
compared all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..core import Limits
from ..runner import Died, Job, result_of
from ..scenario import Scenario, load_scenario, make_plan
from ..shipped import Mutant, shipped_scenarios
from ..world import FakeWorld, RealWorld
from .inquiry import BYTES_A_RECORD, Asked, cause_of, used
from .judged import Failure
from .kept_hunts import keep, kept
from .replaying import data_of
from .shrinking import REFERENCE_SPEC

#: Seconds of processor time that a cause may take.
MOST_SECONDS = 2.0
#: Seconds of processor time of a pass of a mutant that is slow on purpose, after which another
#: scenario is tried.
_LONGEST_PASS = 10.0
#: Scenarios of thousands of events, for which others stand in.
_HEAVY = ("field/", "load/")


@dataclass(frozen=True, slots=True)
class Named:
    """What the cause of a mutant's failure names, and in which scenario."""

    mutant: Mutant
    scenario: str
    words: frozenset[str]
    seconds: float

    @property
    def is_right(self) -> bool:
        return bool(self.mutant.shows) and self.words.issuperset(self.mutant.shows.split())

    @property
    def is_quick(self) -> bool:
        return self.seconds < MOST_SECONDS


def library_by_work() -> dict[str, Scenario]:
    """The scenarios of the suite, those first in which the least is written."""
    found = map(load_scenario, shipped_scenarios())
    return {scenario.id: scenario for scenario in sorted(found, key=_weight)}


def named(mutant: Mutant, library: Mapping[str, Scenario]) -> Named:
    """Run it, or take what is kept of it. ``library``: the first of a clause's scenarios that shows
    it is taken.
    """
    told = kept(mutant, "why")
    if told is None:
        told = _named(mutant, library)
        keep(mutant, "why", told)
    return Named(mutant, told["scenario"], frozenset(told["words"]), told["seconds"])


def _named(mutant: Mutant, library: Mapping[str, Scenario]) -> dict[str, Any]:
    own = [one for one in library.values() if mutant.clause in one.clauses]
    for scenario in own:
        if (told := _tried(mutant, scenario, None)) is not None:
            return told
    unseen = Failure(mutant.clause, "", "as more than one run shows")
    return _tried(mutant, own[0], unseen) or {"scenario": own[0].id, "words": [], "seconds": 0.0}


def _weight(scenario: Scenario) -> tuple[bool, int, str]:
    steps = [step for actor in make_plan(scenario, 0, Limits()).actors for step in actor.steps]
    work = scenario.pass_count + len(steps) + sum(len(step.data) for step in steps) // BYTES_A_RECORD
    return scenario.id.startswith(_HEAVY), work, scenario.id


def _tried(mutant: Mutant, scenario: Scenario, failure: Failure | None) -> dict[str, Any] | None:
    clauses = [mutant.clause] if failure is None else []
    asked = Asked(data_of(scenario.id, scenario), 0, f"mutant:{mutant.name}", REFERENCE_SPEC, clauses, failure)

    def work(place: FakeWorld | RealWorld) -> dict[str, Any] | None:
        begin = used()
        cause = cause_of(asked, place)
        if cause is None:
            return None
        return {"scenario": scenario.id, "words": sorted(cause.names), "seconds": round(used() - begin, 2)}

    try:
        told: dict[str, Any] | None = result_of(Job(f"why {mutant.name}", work, scenario.worlds[-1], _LONGEST_PASS))[0]
    except Died:
        return None  # another scenario shows it in less time, or none does
    return told
