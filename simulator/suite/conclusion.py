"""What the verdicts of a conformance run add up to. Pure.

Rules: a clause that was never judged is an error of the kit and never a pass. What the machine
starved is neither a pass nor a failure, whatever else holds. Exit codes are ordered by how much
they put in doubt
(``base.exit_codes``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..base import Exit
from ..contract import CLAUSES
from ..core import STARVED
from ..judging import ClauseRow, Conformance, ScenarioVerdict, is_failure, rank
from .expectations import Expectations
from .selection import Selection


def conclude(
    selection: Selection, results: Sequence[ScenarioVerdict], expectations: Expectations, *, stopped: bool = False
) -> Conformance:
    """Sum up marked results. ``stopped``: the run ended early, so that what was not run is skipped,
    not missing.
    """
    stale = tuple(expectations.stale(results))
    seen = {clause.slug for result in results for clause in result.clauses}
    wanted = [slug for slug in selection.clauses if slug in seen or slug not in selection.in_passing]
    rows = tuple(_row(slug, selection, results, stale, stopped=stopped) for slug in wanted)
    return Conformance(rows, tuple(results), stale, _exit(rows, results, stale))


def _row(
    slug: str,
    selection: Selection,
    results: Sequence[ScenarioVerdict],
    stale: Sequence[tuple[str, str, str]],
    *,
    stopped: bool,
) -> ClauseRow:
    level = CLAUSES[slug].level
    judged = [(result.id, clause) for result in results for clause in result.clauses if clause.slug == slug]
    scenarios = tuple(dict.fromkeys(name for name, _ in judged))
    missing = selection.unchecked.get(slug)
    if missing is not None and (missing[0] == "error" or not judged):
        # a universal clause may be seen in passing; without a scenario of its own that proves too
        # little
        worst = [clause for _, clause in judged if clause.verdict == "fail" and is_failure(clause.verdict, clause.kind)]
        if worst:
            return ClauseRow(slug, level, "fail", worst[0].kind, worst[0].reason, scenarios)
        return ClauseRow(slug, level, missing[0], "", missing[1], scenarios)
    if not judged:
        verdict, reason = ("skip", "not run: stopped early") if stopped else ("error", "never judged")
        return ClauseRow(slug, level, verdict, "", reason, ())
    worst_clause = min((clause for _, clause in judged), key=lambda clause: rank(clause.verdict, clause.kind))
    row = ClauseRow(slug, level, worst_clause.verdict, worst_clause.kind, worst_clause.reason, scenarios)
    for clause, scenario, reason in stale:
        if row.verdict != "error" and (clause == slug if clause else scenario in scenarios) and (row.verdict == "pass"):
            return replace(row, verdict="fail", kind="stale", reason=reason)
    return row


def _exit(rows: Sequence[ClauseRow], results: Sequence[ScenarioVerdict], stale: Sequence[tuple[str, str, str]]) -> Exit:
    if not rows:
        return Exit.NOTHING_SELECTED
    if any(row.verdict == "error" for row in rows) or any(result.verdict == "error" for result in results):
        return Exit.KIT_BROKE
    if stale or any(row.verdict == "fail" and is_failure(row.verdict, row.kind) for row in rows):
        return Exit.NOT_CONFORMANT
    if all(row.verdict == "skip" for row in rows) or any(result.kind == STARVED for result in results):
        return Exit.INCONCLUSIVE
    return Exit.CONFORMANT
