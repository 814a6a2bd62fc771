"""Runs one (scenario, world) of a selection, for ``simulate conform`` and for pytest.

Rules: a small scenario is exhausted once, in the last of its selected worlds. However the work
ends, it ends in a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..base import KitBroke
from ..judging import FAILING, ScenarioVerdict
from ..runner import WATCHDOG, Died, Job, RunSpec, cage_for, results_of
from ..scenario import Kind, Scenario
from .exhaustion import examine_fully, possible
from .selection import Selection
from .unjudged import verdict_of

#: Whose histories a report is given: nobody's, those of failures, or all.
Kept = Literal["none", "failed", "all"]


@dataclass(frozen=True)
class Suite:
    """The scenarios of a selection against one collector."""

    library: Mapping[str, Scenario]
    selection: Selection
    collector: str
    seed: int = 0
    timeout: float = WATCHDOG

    def spec(self, name: str, world: str) -> RunSpec:
        """The run of one pair."""
        return RunSpec(self.library[name], self.seed, self.collector, world)

    def kinds(self, name: str, world: str) -> list[Kind]:
        """What of a pair is exhausted."""
        scenario = self.library[name]
        last = [place for place in scenario.worlds if (name, place) in self.selection.pairs][-1]
        return list(possible(scenario.exhaust, self.collector)) if world == last and self.selection.exhausts else []

    def job(self, name: str, world: str, *, keep_lines: Kept = "none") -> Job[ScenarioVerdict]:
        """The work of one pair of the selection."""
        kinds = self.kinds(name, world)
        return Job(
            name,
            lambda place: _with_lines(
                examine_fully(self.spec(name, world), place, kinds, keep_lines=keep_lines != "none"), keep_lines
            ),
            world,
            self.timeout,
            form=ScenarioVerdict,
            cage=cage_for(self.collector),
        )

    def verdict(
        self, job: Job[ScenarioVerdict], outcome: ScenarioVerdict | Died | KitBroke, seconds: float
    ) -> ScenarioVerdict:
        """What became of a job, whichever way it ended."""
        whole = bool(self.kinds(job.name, job.world))
        return verdict_of(self.spec(job.name, job.world), outcome, seconds, whole=whole)

    def run(self, name: str, world: str) -> ScenarioVerdict:
        """One pair, run now, in a worker of its own. Raises BadInput."""
        ((job, outcome, seconds),) = results_of([self.job(name, world)], 1)
        return self.verdict(job, outcome, seconds)


def _with_lines(verdict: ScenarioVerdict, kept: Kept) -> ScenarioVerdict:
    """Histories are large, and most runs pass: what nobody will read stays in its worker."""
    if kept == "failed" and verdict.verdict not in FAILING:
        verdict.lines = []
    return verdict
