"""What a conformance run selects: clauses, and the (scenario, world) pairs that check them.

Rules: where the user names scenarios, the clauses are those that these check. Core is what a collector owes under ordinary conditions: at that level what
is hostile beyond it is left out, unless it is named. A selected clause without a scenario is an error of the kit and never a pass.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from ..base import BadInput, did_you_mean
from ..contract import CLAUSES
from ..scenario import Scenario

NO_SCENARIO = "no scenario checks it"


@dataclass(frozen=True, slots=True)
class Selection:
    """Clauses to judge and (scenario, world) pairs to run for them; both in a fixed order."""

    clauses: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    #: Clauses that no pair checks, with the reason; by verdict ``error`` or ``skip``.
    unchecked: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    #: At ``core`` nothing is exhausted.
    level: str = "hardened"


def select(
    library: Mapping[str, Scenario],
    *,
    level: str = "hardened",
    clauses: Sequence[str] = (),
    scenarios: Sequence[str] = (),
    world: str = "auto",
    option: str = "--",
) -> Selection:
    """What to run of a library. Raises BadInput for a pattern that matches nothing that exists; ``option``: how the names of the options begin."""
    _exist(clauses, CLAUSES, "clause", f"{option}clause")
    _exist(scenarios, library, "scenario", f"{option}scenario")
    wanted = [
        slug
        for slug, clause in CLAUSES.items()
        if (level != "core" or clause.level == "core") and (not clauses or _matches(slug, clauses))
    ]
    named = [name for name in library if (_matches(name, scenarios) if scenarios else level != "core" or not is_hardened(library[name]))]
    checking = {slug: [name for name in named if slug in library[name].clauses] for slug in wanted}
    if scenarios:
        wanted = [slug for slug in wanted if checking[slug]]
    useful = {name for slug in wanted for name in checking[slug]}
    pairs = tuple(
        (name, place)
        for name in named
        if name in useful
        for place in library[name].worlds
        if world in ("auto", place)
    )
    run = {name for name, _ in pairs}
    unchecked = {}
    for slug in wanted:
        if not checking[slug]:
            unchecked[slug] = ("error", NO_SCENARIO)
        elif not run.intersection(checking[slug]):
            unchecked[slug] = ("skip", f"its scenarios do not run in the {world} world")
    return Selection(tuple(wanted), pairs, unchecked, level)


def is_hardened(scenario: Scenario) -> bool:
    """Whether it asks for more than core: by its own word, or because it checks a hardened clause."""
    if scenario.level is not None:
        return scenario.level == "hardened"
    return any(CLAUSES[slug].level == "hardened" for slug in scenario.clauses)


def _matches(name: str, patterns: Sequence[str]) -> bool:
    """By glob; a family, folder or unique stem stands for what is in it."""
    return any(
        fnmatchcase(name, pattern) or name.startswith((f"{pattern}.", f"{pattern}/")) or name.rpartition("/")[2] == pattern
        for pattern in patterns
    )


def _exist(patterns: Sequence[str], names: Iterable[str], what: str, where: str) -> None:
    known = list(names)
    for pattern in patterns:
        if not any(_matches(name, [pattern]) for name in known):
            hint = did_you_mean(pattern, [*known, *(name.rpartition("/")[2] for name in known)])
            raise BadInput(f"no {what} matches {pattern!r}", where=where, hint=hint or "`simulate list` shows them")
