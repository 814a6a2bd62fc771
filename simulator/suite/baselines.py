"""A baseline: today's failures as a known-failing list, so that an upgrade begins with a green run
and no failure is forgotten.

Rules: an entry that still holds stays as it is, and so does one about which this run learned
nothing. One that passes goes. One that has expired and still fails comes back without a date,
failure by failure, under its old issue. What a profile expects needs no entry. Pure:
``known_failures`` has the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..judging import DIFFERENCE, EXPECTED, ClauseVerdict, ScenarioVerdict
from .expectations import Expectations
from .known_failures import Known, reason_of

_Seen = tuple[str, ClauseVerdict]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The entries of the list.

    ``new`` of them are new, ``kept`` stood in the given list, and ``removed`` of that list were
    left out.
    """

    entries: tuple[Known, ...]
    new: int
    kept: int
    removed: int


def baseline(results: Sequence[ScenarioVerdict], expectations: Expectations) -> Baseline:
    """The list for these results, which were marked with the expectations: given entries first, in
    their order, then the new ones in the results'.
    """
    seen = [
        (result.id, clause) for result in results for clause in result.clauses if clause.verdict in {"pass", "fail"}
    ]
    kept = [entry for entry in expectations.known if _stays(entry, seen, expectations)]
    new: dict[tuple[str, str], Known] = {}
    for scenario, clause in seen:
        if clause.verdict != "fail" or _expected(scenario, clause, kept):
            continue
        expired = next((entry for entry in expectations.known if entry.covers(scenario, clause.slug)), None)
        issue = expired.issue if expired else ""
        entry = Known(clause=clause.slug, scenario=scenario, reason=reason_of(clause.reason), issue=issue)
        new.setdefault((scenario, clause.slug), entry)
    return Baseline((*kept, *new.values()), len(new), len(kept), len(expectations.known) - len(kept))


def _stays(entry: Known, seen: Sequence[_Seen], expectations: Expectations) -> bool:
    """Whether it still holds, or nothing was learned about it."""
    verdicts = set(_verdicts(entry, seen))
    return not verdicts or ("fail" in verdicts and not entry.expired(expectations.today))


def _verdicts(entry: Known, seen: Sequence[_Seen]) -> Iterator[str]:
    for scenario, clause in seen:
        if entry.covers(scenario, clause.slug) and clause.kind != DIFFERENCE:
            yield clause.verdict


def _expected(scenario: str, clause: ClauseVerdict, kept: Sequence[Known]) -> bool:
    return clause.kind in EXPECTED or any(entry.covers(scenario, clause.slug) for entry in kept)
