"""What a conformance run selects: clauses, and the (scenario, world) pairs that check them.

Rules: where the user names scenarios, the clauses are those that these check. Core is what a
collector owes under ordinary conditions: at that level what is hostile beyond it is left out,
unless it is named. A selected clause without a scenario is an error of the kit and never a pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..base import BadInput, picked
from ..contract import CLAUSES
from ..scenario import Scenario
from .quick_tier import left_out, quick_tier

NO_SCENARIO = "no scenario checks it"


@dataclass(frozen=True, slots=True)
class Selection:
    """Clauses to judge and (scenario, world) pairs to run for them; both in a fixed order."""

    clauses: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    #: Clauses that no pair checks, with the reason; by verdict ``error`` or ``skip``.
    unchecked: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    level: str = "hardened"
    quick: bool = False

    @property
    def exhausts(self) -> bool:
        """Whether small scenarios are tried with everything at every call."""
        return self.level != "core" and not self.quick


def select(
    library: Mapping[str, Scenario],
    *,
    level: str = "hardened",
    clauses: Sequence[str] = (),
    scenarios: Sequence[str] = (),
    world: str = "auto",
    option: str = "--",
    quick: bool = False,
) -> Selection:
    """What to run of a library. Raises BadInput for a pattern that matches nothing that exists.

    ``option``: how the names of the options begin. ``quick``: one scenario a clause, in one world.
    """
    if quick and scenarios:
        raise BadInput("names its scenarios itself", where=f"{option}quick", hint=f"leave {option}scenario out")
    shown = "`simulate list --clauses` shows them"
    chosen = picked(CLAUSES, clauses, "clause", f"{option}clause", hint=shown)
    wanted = [slug for slug in chosen if level != "core" or CLAUSES[slug].level == "core"]
    named = picked(library, scenarios, "scenario", f"{option}scenario", hint="`simulate list` shows them")
    if not scenarios:
        named = [name for name in named if level != "core" or not is_hardened(library[name])]
    checking = {slug: [name for name in named if slug in library[name].clauses] for slug in wanted}
    if quick:
        tier = quick_tier()
        checking = {slug: [name for name in names if name == tier.get(slug)] for slug, names in checking.items()}
    if scenarios:
        wanted = [slug for slug in wanted if checking[slug]]
    useful = {name for slug in wanted for name in checking[slug]}
    pairs = tuple(
        (name, place)
        for name in named
        if name in useful
        for place in [place for place in library[name].worlds if world in ("auto", place)][: 1 if quick else None]
    )
    run = {name for name, _ in pairs}
    unchecked = {}
    for slug in wanted:
        if not checking[slug] and quick:
            why = left_out().get(slug, "its scenario asks for more than core")
            unchecked[slug] = ("skip", f"not in the quick tier: {why}")
        elif not checking[slug]:
            unchecked[slug] = ("error", NO_SCENARIO)
        elif not run.intersection(checking[slug]):
            unchecked[slug] = ("skip", f"its scenarios do not run in the {world} world")
    return Selection(tuple(wanted), pairs, unchecked, level, quick)


def is_hardened(scenario: Scenario) -> bool:
    """Whether it asks for more than core: by its own word, or because it checks a hardened clause."""
    if scenario.level is not None:
        return scenario.level == "hardened"
    return any(CLAUSES[slug].level == "hardened" for slug in scenario.clauses)


def part_of(selection: Selection, library: Mapping[str, Scenario], number: int, of: int) -> Selection:
    """The ``number``-th of so many parts, which are disjoint and together the whole.

    A scenario stays whole, since it is exhausted in the last of its worlds. What nothing checks is
    told by the first part.
    """
    names = list(dict.fromkeys(name for name, _ in selection.pairs))[number - 1 :: of]
    pairs = tuple(pair for pair in selection.pairs if pair[0] in names)
    unchecked = selection.unchecked if number == 1 else {}
    judged = {*unchecked, *(slug for name in names for slug in library[name].clauses)}
    clauses = tuple(slug for slug in selection.clauses if slug in judged)
    return replace(selection, clauses=clauses, pairs=pairs, unchecked=unchecked)
