"""What is judged of a run: its ledger, the same run without the attackers, what its passes cost and
hold, and what healing leaves.

Rules: a conformance run and a sweep judge by the same runs, so these are made here alone. A variant
is compared with none, and healed from nothing: it strikes another place there.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from ..contract import CLAUSES, MEASURED_CLAUSES
from ..core import Cost
from ..judging import Case, Ledger, lacking_capabilities
from ..runner import GROWTH, Run, RunSpec, held_of
from ..subjects import ProgramSubject, Subject
from ..world import FakeWorld, RealWorld
from . import liveness


def plain_spec(spec: RunSpec) -> RunSpec:
    """Of the runs that a run is compared with."""
    return replace(spec, variant=None, pass_by_pass=True)


def case_of(
    judged: Run,
    spec: RunSpec,
    subject: Subject,
    world: FakeWorld | RealWorld,
    clauses: Collection[str],
    *,
    compared: bool = True,
) -> Case:
    """What judges of these clauses look at, of a run that has ended. ``compared``: with the run
    without attackers, where it has both roles.
    """
    plain = plain_spec(spec)
    roles = {actor.role for actor in spec.scenario.actor}
    alone = None
    if compared and spec.variant is None and roles == {"attacker", "bystander"}:
        alone = Ledger(Run(replace(plain, without_attackers=True), subject, world).execute())
    costs = _costs(plain, subject, world, judged) if MEASURED_CLAUSES.intersection(clauses) else ()
    held = held_of(plain, subject, world) if GROWTH in clauses else None
    return Case(judged.history, Ledger(judged.history), alone, costs, held)


def stuck(case: Case, spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld) -> dict[str, str]:
    """Clause -> what waits for ever though the faults are over, of what the collector can show."""
    if spec.variant is not None or not liveness.has_trouble(spec.scenario) or not liveness.waits(case.ledger):
        return {}
    waiting = liveness.waiting_for_ever(plain_spec(spec), subject, world)
    run = case.ledger.run
    return {slug: why for slug, why in waiting.items() if not lacking_capabilities(CLAUSES[slug].requires, run)}


def _costs(plain: RunSpec, subject: Subject, world: FakeWorld | RealWorld, judged: Run) -> tuple[Cost, ...]:
    """Cost of each pass, measured in a run of its own; a program is measured in the judged run."""
    if isinstance(subject, ProgramSubject):
        return tuple(judged.costs)
    weighed = Run(replace(plain, weighed=True), subject, world)
    weighed.execute()
    return tuple(weighed.costs)
