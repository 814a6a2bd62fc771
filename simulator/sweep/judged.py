"""One scenario run and judged by every clause that needs no hand-written expectation.

Rules: which clauses apply is data (``clauses.toml``), with a reason for each that does not. A
clause that had nothing to judge is no failure here: it is counted, and a sweep tells which never
had.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from ..base import BuildRefused, uncollected
from ..core import History
from ..judging import judge
from ..runner import Placed, Run, RunSpec, hindrance
from ..scenario import Scenario, Variant
from ..subjects import Broken, Subject
from ..suite import case_of, stuck
from ..world import FakeWorld, RealWorld

_ISOLATION = "isolate.extension"


@dataclass(frozen=True, slots=True)
class Failure:
    """A clause that did not hold: ``kind`` is that of the verdict, "" for an ordinary failure."""

    clause: str
    kind: str
    reason: str

    @property
    def signature(self) -> str:
        """What counts as the same failure."""
        return f"{self.clause}/{self.kind}" if self.kind else self.clause


@dataclass(slots=True)
class Judged:
    """What a run showed. ``verdict``: pass, fail or skip. ``history``: of the judged run, None
    where there is none.
    """

    verdict: str
    failures: list[Failure] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)
    fates: dict[str, int] = field(default_factory=dict)
    history: History | None = None
    #: Places of the scenario that nothing met.
    unmet: int = 0
    detail: str = ""


def judged_run(
    scenario: Scenario,
    seed: int,
    subject: Subject,
    world: FakeWorld | RealWorld,
    clauses: Collection[str],
    variant: Variant | None = None,
) -> Judged:
    """Run it and judge these clauses. ``variant``: the one thing more that happens. For a worker
    process. Raises BadInput or KitBroke.
    """
    if why := hindrance(scenario, subject):
        return Judged("skip", detail=why)
    try:
        with uncollected():
            return _judged(RunSpec(scenario, seed, subject.spec, world.name, variant), subject, world, clauses)
    except BuildRefused as refusal:
        return _unfinished("refused", world.readable(str(refusal)))
    except Broken as broken:
        return _unfinished(broken.kind, world.readable(broken.detail))


def history_of(scenario: Scenario, seed: int, subject: Subject, world: FakeWorld | RealWorld) -> History | None:
    """The history alone, which is not judged; None where a run has none. For a worker process."""
    if hindrance(scenario, subject):
        return None
    try:
        with uncollected():
            return Run(RunSpec(scenario, seed, subject.spec, world.name), subject, world).execute()
    except (BuildRefused, Broken):
        return None


def _unfinished(kind: str, detail: str) -> Judged:
    """``detail``: the same wherever the world lies."""
    return Judged("fail", [Failure("run.errors", kind, detail)], detail=detail)


def _judged(spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld, clauses: Collection[str]) -> Judged:
    run = Run(spec, subject, world)
    history = run.execute()
    unmet = len(run.schedule.unmet) if isinstance(run.schedule, Placed) else 0
    case = case_of(run, spec, subject, world, clauses, compared=_ISOLATION in clauses)
    verdicts = judge(clauses, case)
    failures = [Failure(v.slug, v.kind, v.reason) for v in verdicts if v.verdict == "fail" and v.slug in clauses]
    fates = case.ledger.fates()
    waiting = stuck(case, spec, subject, world)
    failures += [Failure(slug, "", why) for slug, why in waiting.items() if slug in clauses]
    judged = [v.slug for v in verdicts if v.verdict in {"pass", "fail"} and v.slug in clauses]
    return Judged("fail" if failures else "pass", failures, judged, fates, history, unmet)
