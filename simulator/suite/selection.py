"""What a conformance run selects: clauses, and the (scenario, world) pairs that check them.

Rules: where the user names scenarios, the clauses are those that these check, and those that are
judged in every run. What breaks one of the latter is no pass because nobody named it. Core is what
a collector owes under ordinary conditions: at that level what is hostile beyond it is left out,
unless it is named. A selected clause without a scenario is an error of the kit and never a pass.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from ..base import BadInput, picked
from ..contract import CLAUSES, RequirementSet, today
from ..judging import UNIVERSAL
from ..scenario import Scenario
from .quick_tier import left_out, quick_tier

NO_SCENARIO = "no scenario checks it"
_NEWER = "not scored: it is newer than contract {}"


@dataclass(frozen=True, slots=True)
class Selection:
    """Clauses to judge and (scenario, world) pairs to run for them; both in a fixed order."""

    clauses: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...]
    #: Clauses that no pair checks, with the reason; by verdict ``error`` or ``skip``.
    unchecked: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    level: str = "hardened"
    quick: bool = False
    #: Of the clauses those that no scenario of the pairs names: a run need not show any of them.
    in_passing: frozenset[str] = frozenset()
    #: Of the clauses those that came after the requirement set that was asked for: they are listed,
    #: and no verdict counts them.
    newer: frozenset[str] = frozenset()

    @property
    def scored(self) -> tuple[str, ...]:
        """The clauses whose verdicts count."""
        return tuple(slug for slug in self.clauses if slug not in self.newer)

    @property
    def named(self) -> tuple[str, ...]:
        """The clauses that it is about."""
        return tuple(slug for slug in self.scored if slug not in self.in_passing)

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
    contract: RequirementSet | None = None,
) -> Selection:
    """What to run of a library. Raises BadInput for a pattern that matches nothing that exists.

    ``option``: how the names of the options begin. ``quick``: one scenario a clause, in one world.
    ``contract``: the set whose clauses are scored; default: all of today's.
    """
    contract = contract or today()
    if quick and scenarios:
        raise BadInput("names its scenarios itself", where=f"{option}quick", hint=f"leave {option}scenario out")
    shown = "`simulate list --clauses` shows them"
    chosen = picked(CLAUSES, clauses, "clause", f"{option}clause", hint=shown)
    wanted = [slug for slug in chosen if level != "core" or contract.level_of(slug) == "core"]
    newer = frozenset(wanted) & contract.newer
    wanted = [slug for slug in wanted if slug not in newer]
    named = picked(library, scenarios, "scenario", f"{option}scenario", hint="`simulate list` shows them")
    if not scenarios:
        named = [name for name in named if level != "core" or not is_hardened(library[name])]
    checking = {slug: [name for name in named if slug in library[name].clauses] for slug in wanted}
    if quick:
        tier = quick_tier()
        checking = {slug: [name for name in names if name == tier.get(slug)] for slug, names in checking.items()}
    in_passing: frozenset[str] = frozenset()
    if scenarios:
        in_passing = frozenset(slug for slug in wanted if slug in UNIVERSAL and not checking[slug])
        wanted = [slug for slug in wanted if checking[slug] or slug in in_passing]
    useful = set(named) if in_passing else {name for slug in wanted for name in checking[slug]}
    pairs = tuple(
        (name, place)
        for name in named
        if name in useful
        for place in [place for place in library[name].worlds if world in ("auto", place)][: 1 if quick else None]
    )
    run = {name for name, _ in pairs}
    unchecked = {}
    for slug in wanted:
        if slug in in_passing:
            continue
        if not checking[slug] and quick:
            why = left_out().get(slug, "its scenario asks for more than core")
            unchecked[slug] = ("skip", f"not in the quick tier: {why}")
        elif not checking[slug]:
            unchecked[slug] = ("error", NO_SCENARIO)
        elif not run.intersection(checking[slug]):
            unchecked[slug] = ("skip", f"its scenarios do not run in the {world} world")
    in_passing &= frozenset(wanted if pairs else ())
    unchecked |= {slug: ("skip", _NEWER.format(contract.version)) for slug in newer}
    listed = {slug for slug in wanted if pairs or slug in unchecked} | newer
    return Selection(
        tuple(slug for slug in CLAUSES if slug in listed), pairs, unchecked, level, quick, in_passing, newer
    )


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
    return narrowed(selection, library, pairs, selection.unchecked if number == 1 else {})


def narrowed(
    selection: Selection,
    library: Mapping[str, Scenario],
    pairs: tuple[tuple[str, str], ...],
    unchecked: Mapping[str, tuple[str, str]] = MappingProxyType({}),
) -> Selection:
    """The same with these pairs alone, and the clauses that they judge."""
    named = {slug for name, _ in pairs for slug in library[name].clauses}
    in_passing = frozenset(slug for slug in selection.clauses if pairs and slug in UNIVERSAL and slug not in named)
    judged = {*unchecked, *named, *in_passing}
    judged -= selection.newer - frozenset(unchecked)
    clauses = tuple(slug for slug in selection.clauses if slug in judged)
    return replace(
        selection, clauses=clauses, pairs=pairs, unchecked=unchecked, in_passing=in_passing - frozenset(unchecked)
    )
