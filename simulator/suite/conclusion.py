"""What the verdicts of a conformance run add up to. Pure.

Rules: a clause that was never judged is an error of the kit and never a pass. Exit codes are ordered by how much they put in doubt: 3 the kit
broke, 1 not conformant, 10 all skipped, 5 nothing selected.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..contract import CLAUSES, LIMITS, Profile
from ..judging import EXPECTED, ClauseRow, ClauseVerdict, Conformance, ScenarioVerdict
from .expectations import Expectations
from .selection import Selection


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
