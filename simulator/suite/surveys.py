"""Many scenarios against one or more collectors: the verdicts as they come, each told with the
collector that it is of.

Rules: a collector that hangs or dies costs a verdict. The kit's own failure is an error. Neither
ends the survey. Nothing is exhausted.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence

from ..judging import ScenarioVerdict
from ..runner import Job, RunSpec, cage_for, results_of
from ..scenario import Scenario
from ..world import FakeWorld, RealWorld
from .examination import examine
from .reproduce import reproducing_line
from .unjudged import verdict_of


def first_worlds(library: Mapping[str, Scenario], names: Iterable[str], world: str = "auto") -> list[tuple[str, str]]:
    """(scenario, world): each in the first world that it declares, or in the one that is asked for,
    where it declares that.
    """
    return [
        (name, library[name].worlds[0] if world == "auto" else world)
        for name in names
        if world in ("auto", *library[name].worlds)
    ]


def survey(
    library: Mapping[str, Scenario],
    pairs: Sequence[tuple[str, str]],
    collectors: Sequence[str],
    *,
    seed: int,
    jobs: int,
    timeout: float,
) -> Generator[tuple[int, ScenarioVerdict], None, None]:
    """(place of the collector, verdict) for each collector and pair, as they end. Raises BadInput."""
    specs = [
        (place, RunSpec(library[name], seed, collector, world))
        for name, world in pairs
        for place, collector in enumerate(collectors)
    ]
    work = [
        Job(str(number), _examined(spec), spec.world, timeout, form=ScenarioVerdict, cage=cage_for(spec.subject))
        for number, (_, spec) in enumerate(specs)
    ]
    for job, outcome, seconds in results_of(work, jobs):
        place, spec = specs[int(job.name)]
        verdict = verdict_of(spec, outcome, seconds)
        verdict.reproduce = reproducing_line(verdict, spec.subject, spec.scenario.worlds[0], timeout=timeout)
        yield place, verdict


def _examined(spec: RunSpec) -> Callable[[FakeWorld | RealWorld], ScenarioVerdict]:
    return lambda place: examine(spec, place)
