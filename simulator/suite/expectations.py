"""Failures that are expected: by a profile (by design), or by a known-failing list (for a while).

Rules: what is expected still runs, and is stale when it passes.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

from ..contract import Difference, KnownFailure, Profile
from ..judging import DIFFERENCE, EXPECTED, KNOWN, ClauseVerdict, ScenarioVerdict, overall
from .known_failures import Known, reason_of
from .profile_numbers import other_numbers


@dataclass(frozen=True, slots=True)
class Expected:
    """An expected failure. ``kind`` is "" once it has expired; ``stale`` is the message when it no
    longer fails.
    """

    clause: str
    scenario: str
    kind: str
    reason: str
    stale: str
    by: str = ""

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
            by = f"the profile {self.profile.name}"
            stale = f"the profile {self.profile.name} expects it to fail, and it passes"
            profiled: list[tuple[str, Difference | KnownFailure]] = [
                *((DIFFERENCE, entry) for entry in self.profile.difference),
                *((KNOWN, entry) for entry in self.profile.expected_failures(self.python)),
            ]
            for kind, listed in profiled:
                yield Expected(listed.clause, "", kind, listed.reason, stale, by)
            for kind, listed in profiled:
                for brought in listed.brings:
                    for scenario in brought.scenarios:
                        why = f"follows from {listed.clause}: {listed.reason}"
                        yield Expected(brought.clause, scenario, kind, why, stale, by)
        for entry in self.known:
            if entry.expired(self.today):
                stale = f"its entry in the known-failing list expired on {entry.expires}"
                yield Expected(entry.clause, entry.scenario, "", entry.reason, stale)
            else:
                stale = "listed as known failing, and passes: remove the entry"
                yield Expected(entry.clause, entry.scenario, KNOWN, entry.reason, stale, "the known-failing list")

    def of(self, scenario: str, slug: str) -> Expected | None:
        """What expects a clause to fail in a scenario, the first of all; None where nothing
        does."""
        return next((expected for expected in self.all() if expected.kind and expected.covers(scenario, slug)), None)

    def stale(self, results: Sequence[ScenarioVerdict]) -> list[tuple[str, str, str]]:
        """(clause, scenario, reason) of every entry that no longer holds; clause or scenario may be
        empty.
        """
        seen = [(result.id, clause.slug, clause.verdict) for result in results for clause in result.clauses]
        return [
            (expected.clause, expected.scenario, expected.stale)
            for expected in self.all()
            if expected.is_stale({verdict for name, slug, verdict in seen if expected.covers(name, slug)})
        ]


def marked(result: ScenarioVerdict, clauses: Sequence[str], expectations: Expectations) -> ScenarioVerdict:
    """The result with the selected clauses only, and expected failures told apart."""
    kept = []
    numbers = other_numbers(result.declared, expectations.profile)
    for clause in result.clauses:
        if clause.slug not in clauses:
            continue
        if clause.slug in numbers and clause.verdict in {"pass", "fail"}:
            found = f"{numbers[clause.slug]}; {clause.reason}" if clause.verdict == "fail" else numbers[clause.slug]
            clause = replace(clause, verdict="fail", reason=found)
        expected = expectations.of(result.id, clause.slug) if clause.verdict == "fail" else None
        kept.append(_as_expected(clause, expected) if expected else clause)
    verdict = overall(kept)
    kind = result.kind
    failed = [clause.kind for clause in kept if clause.verdict == "fail"]
    if failed and all(kind in EXPECTED for kind in failed):
        kind = KNOWN if KNOWN in failed else DIFFERENCE
        if any(clause.verdict == "error" for clause in kept):
            verdict, kind = "error", ""
    return replace(result, clauses=kept, verdict=verdict, kind=kind)


def _as_expected(clause: ClauseVerdict, expected: Expected) -> ClauseVerdict:
    reason = _both(expected.reason, clause.reason)
    return replace(clause, kind=expected.kind, reason=reason, expected_by=expected.by, expected_why=expected.reason)


def _both(why: str, found: str) -> str:
    """Why it is expected, and what was found; a baseline expects it for just what was found."""
    return why if why == reason_of(found) else f"{why}; {found}"
