"""What the suite does for one (scenario, world), for whoever runs it: the command, over all processors, or pytest, one item after the other.

Rules: a small scenario is exhausted once, in the last of its worlds that is selected; however the work ends, it ends in a verdict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..base import KitBroke
from ..judging import ScenarioVerdict
from ..runner import WATCHDOG, Died, Job, result_of
from ..scenario import Scenario
from .exhaustion import examine_fully
from .selection import Selection
from .unjudged import broken, died


@dataclass(frozen=True)
class Suite:
    """The scenarios of a selection against one collector."""

    library: Mapping[str, Scenario]
    selection: Selection
    collector: str
    seed: int = 0
    timeout: float = WATCHDOG

    def job(self, name: str, world: str, *, keep_lines: bool = False) -> Job[ScenarioVerdict]:
        """The work of one pair of the selection."""
        scenario = self.library[name]
        last = [place for place in scenario.worlds if (name, place) in self.selection.pairs][-1]
        kinds = scenario.exhaust if world == last and self.selection.level != "core" else []
        return Job(
            name,
            lambda place: examine_fully(scenario, self.seed, self.collector, place, kinds, keep_lines=keep_lines),
            world,
            self.timeout,
        )

    def verdict(self, job: Job[ScenarioVerdict], outcome: ScenarioVerdict | Died | KitBroke, seconds: float) -> ScenarioVerdict:
        """What became of a job, whichever way it ended."""
        scenario = self.library[job.name]
        if isinstance(outcome, Died):
            return died(scenario, self.seed, job.world, outcome.kind, outcome.detail, seconds)
        if isinstance(outcome, KitBroke):
            return broken(scenario, self.seed, job.world, str(outcome), seconds)
        return replace(outcome, wall_seconds=seconds)  # the clock of the child stands still

    def run(self, name: str, world: str) -> ScenarioVerdict:
        """One pair, run now, in a worker of its own. Raises BadInput."""
        job = self.job(name, world)
        try:
            outcome, seconds = result_of(job)
        except (Died, KitBroke) as failure:
            return self.verdict(job, failure, failure.seconds if isinstance(failure, Died) else 0.0)
        return self.verdict(job, outcome, seconds)
