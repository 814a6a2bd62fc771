"""Verdicts of runs that gave no history to judge: skipped, refused, died, or broken by the kit
itself.

However a job ends, ``verdict_of`` makes one verdict of it. Work that is no verdict (shares, rows)
goes on or ends by ``unbroken``.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from ..base import KitBroke, counted
from ..contract import CLAUSES
from ..core import STARVED
from ..judging import ClauseVerdict, ScenarioVerdict
from ..runner import Died, RunSpec

T = TypeVar("T")


def verdict_of(
    spec: RunSpec, outcome: ScenarioVerdict | Died | KitBroke, seconds: float, *, whole: bool = False
) -> ScenarioVerdict:
    """The verdict of a job, whichever way it ended.

    ``seconds``: real ones, by the parent's clock. ``whole``: it has variants.
    """
    if isinstance(outcome, Died):
        unrun = max(outcome.planned - outcome.begun, 0)
        detail = outcome.detail + unrun_text(unrun, outcome.planned, whole=whole)
        verdict = died(spec, outcome.kind, detail, seconds, outcome.variant)
        return replace(verdict, said=outcome.said, unrun=unrun)
    if isinstance(outcome, KitBroke):
        return broken(spec, str(outcome), seconds)
    if not _is_of(spec, outcome):
        return died(spec, "crash", "the collector's process gave a verdict of something else than was asked", seconds)
    return replace(outcome, wall_seconds=seconds)  # the clock of the child stands still


def _is_of(spec: RunSpec, verdict: ScenarioVerdict) -> bool:
    """Whether a verdict is of this run. That each clause has its verdict is asked when a run is
    concluded: one that is missing is the kit's fault.
    """
    return (verdict.id, verdict.seed, verdict.world) == _named(spec)


def unrun_text(unrun: int, planned: int, *, whole: bool) -> str:
    """What was not run, as a detail goes on. ``planned``: 0 where nobody knows yet."""
    if not planned:
        return "; none of its variants was run" if whole else ""
    return f"; up to {unrun:,} of {counted(planned, 'variant')} were not run" if unrun else ""


def unbroken(outcome: T | Died | KitBroke) -> T | Died:
    """What a job gave, or how the collector ended it. Raises KitBroke where the kit did."""
    if isinstance(outcome, KitBroke):
        raise outcome
    return outcome


def skipped(spec: RunSpec, reason: str) -> ScenarioVerdict:
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "skip", reason) for slug in spec.scenario.clauses]
    return ScenarioVerdict(*_named(spec), "skip", clauses=clauses, detail=reason)


def refused(spec: RunSpec, detail: str) -> ScenarioVerdict:
    """The verdict of a run that the collector did not let begin, against what it declares."""
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "fail", detail, "refused") for slug in spec.scenario.clauses]
    return ScenarioVerdict(*_named(spec), "fail", "refused", clauses, detail=detail)


def died(spec: RunSpec, kind: str, detail: str, wall: float, variant: str = "") -> ScenarioVerdict:
    """The verdict of a run that gave none. ``variant``: in which one of an exhaustive run.

    By a ``hang`` or a ``crash`` every clause that it names is failed; ``STARVED`` is the machine's
    doing, and nobody's failure.
    """
    verdict = "skip" if kind == STARVED else "fail"
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, verdict, detail, kind) for slug in spec.scenario.clauses]
    return ScenarioVerdict(*_named(spec), verdict, kind, clauses, wall_seconds=wall, detail=detail, variant=variant)


def broken(spec: RunSpec, detail: str, wall: float) -> ScenarioVerdict:
    """The verdict of a run in which the kit itself failed: none of its clauses was judged."""
    last = detail.strip().splitlines()[-1] if detail.strip() else "no reason was told"
    told = f"the kit broke: {last}"
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "error", told) for slug in spec.scenario.clauses]
    return ScenarioVerdict(*_named(spec), "error", clauses=clauses, wall_seconds=wall, detail=told)


def _named(spec: RunSpec) -> tuple[str, int, str]:
    """The run, as a verdict names it."""
    return spec.scenario.id, spec.seed, spec.world
