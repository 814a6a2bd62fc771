"""Whether a cause names the defect of a mutant: its file and call, or its field, as its data tell.

Rules: a mutant is looked at where its own clause fails, in the smallest of that clause's scenarios
that shows it. Where no plain run shows it, as it takes a measurement or a variant, the two runs are
compared all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..runner import Died, Job, result_of
from ..scenario import Scenario
from ..shipped import Mutant
from ..world import FakeWorld, RealWorld
from .inquiry import Asked, cause_of, used
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


def named(mutant: Mutant, library: Mapping[str, Scenario]) -> Named:
    """Run it, or take what is kept of it."""
    told = kept(mutant, "why")
    if told is None:
        told = _named(mutant, library)
        keep(mutant, "why", told)
    return Named(mutant, told["scenario"], frozenset(told["words"]), told["seconds"])


def _named(mutant: Mutant, library: Mapping[str, Scenario]) -> dict[str, Any]:
    own = sorted((one for one in library.values() if mutant.clause in one.clauses), key=_weight)
    for scenario in own:
        if (told := _tried(mutant, scenario, None)) is not None:
            return told
    unseen = Failure(mutant.clause, "", "as more than one run shows")
    return _tried(mutant, own[0], unseen) or {"scenario": own[0].id, "words": [], "seconds": 0.0}


def _weight(scenario: Scenario) -> tuple[bool, int, int]:
    return scenario.id.startswith(_HEAVY), scenario.pass_count, len(scenario.actor)


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
