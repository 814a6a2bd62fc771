"""Liveness: once the faults of a scenario have ended, the backlog must be gone within two passes.

Rules: a scenario with faults runs once more with two healing passes added. In these nothing is
written and no fault strikes. The judged run stays as it is. An event that a healed pass could have
taken and left is stuck. A service is left out: its stop is for good.
"""

from __future__ import annotations

from dataclasses import replace

from ..core import is_agent_event, is_in_log_dir
from ..judging import LIVENESS, Ledger, Written, first
from ..runner import Run, RunSpec
from ..scenario import Scenario
from ..subjects import Subject
from ..world import FakeWorld, RealWorld

#: Passes in which the backlog must go: one that meets what is left, and one for what that leaves
#: for the next (clean.in-flight).
HEALING_PASSES = 2

EXTENSION, AGENT = LIVENESS


def has_trouble(scenario: Scenario) -> bool:
    """Whether there is something to heal from."""
    return bool(scenario.fault) and not scenario.service


def healing(scenario: Scenario) -> Scenario:
    """The same scenario with the healing passes added; writers write in the passes of before alone."""
    count = scenario.pass_count
    actors = [
        actor.model_copy(update={"passes": list(range(count)) if actor.passes is None else actor.passes})
        for actor in scenario.actor
    ]
    return scenario.model_copy(update={"passes": count + HEALING_PASSES, "duration": None, "actor": actors})


def waits(ledger: Ledger) -> bool:
    """Whether a run left anything that healing could take. Where it did not, no healed run does:
    both are the same up to the healing.
    """
    return any(_stuck(event) for event in ledger.events)


def waiting_for_ever(spec: RunSpec, subject: Subject, world: FakeWorld | RealWorld) -> dict[str, str]:
    """Clause -> what still waits when the world has healed, of a run that is made pass by pass."""
    count = spec.scenario.pass_count
    run = Run(replace(spec, scenario=healing(spec.scenario), heals_at=count, pass_by_pass=True), subject, world)
    stuck = [event for event in Ledger(run.execute()).events if _stuck(event)]
    found: dict[str, str] = {}
    for slug in (EXTENSION, AGENT):
        events = [event for event in stuck if is_agent_event(event.path) == (slug == AGENT)]
        told = first(
            [f"{event.extension}: {event.file} waits for ever, though the faults are over" for event in events]
        )
        if told:
            found[slug] = "; ".join(told)
    return found


def _stuck(event: Written) -> bool:
    there = is_agent_event(event.path) or is_in_log_dir(event.path)
    return there and not event.thrown_away and event.due in {"collect", "cut"} and event.fate in {"waiting", "kept"}
