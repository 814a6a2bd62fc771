"""Rows of the matrix as verdicts, for reports: an object is a scenario, each place a variant."""

from __future__ import annotations

from ..contract import CLAUSES
from ..judging import ClauseVerdict, ScenarioVerdict, overall
from ..runner import RunSpec
from .matrix import STEPS, Row, objects, scenario_of
from .reproduce import matrix_line
from .unjudged import died

#: Where the objects stand, as a report names what ships with the kit.
FILE = "simulator/suite/hostile.toml"


def verdict_of_row(row: Row, collector: str, seed: int, world: str) -> ScenarioVerdict:
    """What came of one object. It is named ``matrix/OBJECT``."""
    scenario = scenario_of(objects()[row.name])
    if row.death:
        kind, _, detail = row.death.partition(": ")
        verdict = died(RunSpec(scenario, seed, collector, world), kind, detail, row.seconds)
    else:
        slugs = {*scenario.clauses, *row.held, *row.broken}
        clauses = [_clause(row, slug) for slug in CLAUSES if slug in slugs]
        verdict = ScenarioVerdict(scenario.id, seed, world, overall(clauses), clauses=clauses)
        verdict.variants = {"interleave": {"tried": row.tried.total(), "failed": row.failed.total()}}
        verdict.met = {step: row.tried[step] for step in STEPS if row.tried[step]}
        verdict.wall_seconds = row.seconds
    verdict.title, verdict.file = scenario.title, FILE
    verdict.reproduce = matrix_line(row.name, collector, seed, world)
    return verdict


def _clause(row: Row, slug: str) -> ClauseVerdict:
    level, times = CLAUSES[slug].level, row.broken[slug]
    if times:
        first = next(failure for failure in row.first if failure.slug == slug)
        told = f"in {times} of {row.tried.total()} places, such as before {first.variant}: {first.reason}"
        return ClauseVerdict(slug, level, "fail", told)
    if row.held[slug]:
        return ClauseVerdict(slug, level, "pass")
    return ClauseVerdict(slug, level, "skip", "nothing was seen of it")
