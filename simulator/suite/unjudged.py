"""Verdicts of runs that gave no history to judge: skipped, refused, died, or broken by the kit itself."""

from __future__ import annotations

from ..contract import CLAUSES
from ..judging import ClauseVerdict, ScenarioVerdict
from ..scenario import Scenario


def skipped(scenario: Scenario, seed: int, world: str, reason: str) -> ScenarioVerdict:
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "skip", reason) for slug in scenario.clauses]
    return ScenarioVerdict(scenario.id, seed, world, "skip", clauses=clauses, detail=reason)


def refused(scenario: Scenario, seed: int, world: str, detail: str) -> ScenarioVerdict:
    """The verdict of a run that the collector did not let begin, against what it declares."""
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "fail", detail, "refused") for slug in scenario.clauses]
    return ScenarioVerdict(scenario.id, seed, world, "fail", "refused", clauses, detail=detail)


def died(scenario: Scenario, seed: int, world: str, kind: str, detail: str, wall: float) -> ScenarioVerdict:
    """The verdict of a run that gave none: kind ``hang`` or ``crash``. Every clause it names is failed by it."""
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "fail", detail, kind) for slug in scenario.clauses]
    return ScenarioVerdict(scenario.id, seed, world, "fail", kind, clauses, wall_seconds=wall, detail=detail)


def broken(scenario: Scenario, seed: int, world: str, detail: str, wall: float) -> ScenarioVerdict:
    """The verdict of a run in which the kit itself failed: none of its clauses was judged."""
    last = detail.strip().splitlines()[-1] if detail.strip() else "no reason was told"
    clauses = [ClauseVerdict(slug, CLAUSES[slug].level, "error", f"the kit broke: {last}") for slug in scenario.clauses]
    return ScenarioVerdict(
        scenario.id, seed, world, "error", clauses=clauses, wall_seconds=wall, detail=f"the kit broke: {last}"
    )
