"""The conformance run: what is selected, and what the verdicts add up to. Pure; ``cli/conform.py`` runs it.

Rules: a selected clause without a scenario, or never judged, is an error of the kit and never a pass; where the user names scenarios, the clauses are
those that these check. Core is what a collector owes under ordinary conditions: at that level what is hostile beyond it is left out, unless it is named.
What a profile or a known-failing list expects still runs, and is stale when it passes. Exit codes are ordered by how much they put in doubt: 3 the kit
broke, 1 not conformant, 10 all skipped, 5 nothing selected.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase

from simulator.contract import CLAUSES, LIMITS, Difference, KnownFailure, Profile
from simulator.errors import BadInput, did_you_mean
from simulator.known import Known, reason_of
from simulator.scenario import Scenario
from simulator.verdict import ClauseVerdict, ScenarioVerdict, overall

EXPECTED = frozenset({"difference", "known"})

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


@dataclass(frozen=True, slots=True)
class Expected:
    """One expectation of a failure: ``kind``, or "" where it has expired; ``stale``: what is told of it where it no longer holds."""

    clause: str
    scenario: str
    kind: str
    reason: str
    stale: str

    def covers(self, scenario: str, clause: str) -> bool:
        """Whether it is about this clause in this scenario."""
        return self.clause in ("", clause) and self.scenario in ("", scenario)

    def is_stale(self, verdicts: Collection[str]) -> bool:
        """Whether it no longer holds, by the verdicts of all that it covers."""
        if not self.kind:
            return bool(verdicts)
        return "pass" in verdicts and "fail" not in verdicts and "error" not in verdicts


@dataclass(frozen=True, slots=True)
class Expectations:
    """What is expected to fail: by design, or for a while."""

    profile: Profile | None = None
    known: tuple[Known, ...] = ()
    today: datetime.date = datetime.date.min
    python: tuple[int, int] = (3, 0)

    def all(self) -> Iterator[Expected]:
        """The profile's, then the known-failing list's in its order."""
        if self.profile is not None:
            stale = f"the profile {self.profile.name} expects it to fail, and it passes"
            profiled: list[tuple[str, Difference | KnownFailure]] = [
                *(("difference", entry) for entry in self.profile.difference),
                *(("known", entry) for entry in self.profile.expected_failures(self.python)),
            ]
            for kind, listed in profiled:
                yield Expected(listed.clause, "", kind, listed.reason, stale)
            for kind, listed in profiled:
                for brought in listed.brings:
                    for scenario in brought.scenarios:
                        yield Expected(brought.clause, scenario, kind, f"follows from {listed.clause}: {listed.reason}", stale)
        for entry in self.known:
            if entry.expired(self.today):
                stale = f"its entry in the known-failing list expired on {entry.expires}"
                yield Expected(entry.clause, entry.scenario, "", entry.reason, stale)
            else:
                yield Expected(entry.clause, entry.scenario, "known", entry.reason, "listed as known failing, and passes: remove the entry")

    def kind(self, scenario: str, slug: str) -> tuple[str, str]:
        """(kind, reason) of an expected failure, or ("", "")."""
        for expected in self.all():
            if expected.kind and expected.covers(scenario, slug):
                return expected.kind, expected.reason
        return "", ""

    def stale(self, results: Sequence[ScenarioVerdict]) -> list[tuple[str, str, str]]:
        """(clause, scenario, reason) of every entry that no longer holds; clause or scenario may be empty."""
        seen = [(result.id, clause.slug, clause.verdict) for result in results for clause in result.clauses]
        return [
            (expected.clause, expected.scenario, expected.stale)
            for expected in self.all()
            if expected.is_stale({verdict for name, slug, verdict in seen if expected.covers(name, slug)})
        ]


@dataclass(frozen=True, slots=True)
class ClauseRow:
    """One clause over all that ran."""

    slug: str
    level: str
    verdict: str
    kind: str = ""
    reason: str = ""
    scenarios: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Conformance:
    """The whole: a row for every selected clause, the results with expected failures marked, stale entries, the exit code."""

    rows: tuple[ClauseRow, ...]
    results: tuple[ScenarioVerdict, ...]
    stale: tuple[tuple[str, str, str], ...]
    exit: int

    @property
    def failures(self) -> list[ScenarioVerdict]:
        """Results that need someone: failures that nobody expected, and errors."""
        return [result for result in self.results if needs_someone(result)]


def needs_someone(result: ScenarioVerdict) -> bool:
    """Whether it failed unexpectedly, or the kit did."""
    return result.verdict in {"fail", "error"} and result.kind not in EXPECTED


def marked(result: ScenarioVerdict, clauses: Sequence[str], expectations: Expectations) -> ScenarioVerdict:
    """The result with the selected clauses only, and expected failures told apart."""
    kept = []
    numbers = _other_numbers(result.declared, expectations.profile)
    for clause in result.clauses:
        if clause.slug not in clauses:
            continue
        if clause.slug in numbers and clause.verdict in {"pass", "fail"}:
            found = f"{numbers[clause.slug]}; {clause.reason}" if clause.verdict == "fail" else numbers[clause.slug]
            clause = replace(clause, verdict="fail", reason=found)
        kind, why = expectations.kind(result.id, clause.slug) if clause.verdict == "fail" else ("", "")
        kept.append(replace(clause, kind=kind, reason=_both(why, clause.reason)) if kind else clause)
    verdict = overall(kept)
    kind = result.kind
    failed = [clause.kind for clause in kept if clause.verdict == "fail"]
    if failed and all(kind in EXPECTED for kind in failed):
        kind = "known" if "known" in failed else "difference"
        if any(clause.verdict == "error" for clause in kept):
            verdict, kind = "error", ""
    return replace(result, clauses=kept, verdict=verdict, kind=kind)


def _other_numbers(declared: Mapping[str, int], profile: Profile | None) -> dict[str, str]:
    """Clause -> that the collector has another limit than its profile says. By the limit that it declares it was judged, so it keeps that one for sure; of what
    the profile says nothing the contract's own holds."""
    if profile is None:
        return {}
    found: dict[str, list[str]] = {}
    for name, value in declared.items():
        due = profile.quota if name == "quota" else LIMITS[name].value
        if value != due:
            found.setdefault(LIMITS[name].clause, []).append(f"{name} is {value}, and the profile {profile.name} says {due}")
    return {clause: "; ".join(told) for clause, told in found.items()}


def _both(why: str, found: str) -> str:
    """Why a failure is expected, and what was found; a baseline expects it for just what was found."""
    return why if why == reason_of(found) else f"{why}; {found}"


def conclude(
    selection: Selection, results: Sequence[ScenarioVerdict], expectations: Expectations, *, stopped: bool = False
) -> Conformance:
    """Sum up marked results. ``stopped``: the run ended early, so that what was not run is skipped, not missing."""
    stale = tuple(expectations.stale(results))
    rows = tuple(_row(slug, selection, results, stale, stopped=stopped) for slug in selection.clauses)
    return Conformance(rows, tuple(results), stale, _exit(rows, results, stale))


def _row(
    slug: str, selection: Selection, results: Sequence[ScenarioVerdict], stale: Sequence[tuple[str, str, str]], *, stopped: bool
) -> ClauseRow:
    level = CLAUSES[slug].level
    judged = [(result.id, clause) for result in results for clause in result.clauses if clause.slug == slug]
    scenarios = tuple(dict.fromkeys(name for name, _ in judged))
    missing = selection.unchecked.get(slug)
    if missing is not None and (missing[0] == "error" or not judged):
        # a universal clause may be seen in passing; without a scenario of its own that proves too little
        worst = [clause for _, clause in judged if clause.verdict == "fail" and clause.kind not in EXPECTED]
        if worst:
            return ClauseRow(slug, level, "fail", worst[0].kind, worst[0].reason, scenarios)
        return ClauseRow(slug, level, missing[0], "", missing[1], scenarios)
    if not judged:
        verdict, reason = ("skip", "not run: stopped early") if stopped else ("error", "never judged")
        return ClauseRow(slug, level, verdict, "", reason, ())
    worst_clause = min((clause for _, clause in judged), key=_rank)
    row = ClauseRow(slug, level, worst_clause.verdict, worst_clause.kind, worst_clause.reason, scenarios)
    for clause, scenario, reason in stale:
        if row.verdict != "error" and (clause == slug if clause else scenario in scenarios) and (row.verdict == "pass"):
            return replace(row, verdict="fail", kind="stale", reason=reason)
    return row


def _rank(clause: ClauseVerdict) -> int:
    if clause.verdict == "fail":
        return 2 if clause.kind in EXPECTED else 0
    if clause.verdict == "skip":  # that it was to be judged and was not tells more than that it was not to be
        return 5 if not clause.kind else 4
    return {"error": 1, "pass": 3}[clause.verdict]


def _exit(
    rows: Sequence[ClauseRow], results: Sequence[ScenarioVerdict], stale: Sequence[tuple[str, str, str]]
) -> int:
    if not rows:
        return 5
    if any(row.verdict == "error" for row in rows) or any(result.verdict == "error" for result in results):
        return 3
    if stale or any(row.verdict == "fail" and row.kind not in EXPECTED for row in rows):
        return 1
    if all(row.verdict == "skip" for row in rows):
        return 10
    return 0
