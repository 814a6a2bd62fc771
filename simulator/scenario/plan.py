"""From a scenario and a seed to the steps that each actor will take.

Rules:

* The plan is a pure function of (scenario, seed, limits).
* Each actor draws from a stream of its own, named by the seed and its position in the scenario. So
  the run without attackers writes the same bytes for everybody else.
* Pass ``k`` begins at ``(k + 1) * period``. An actor's steps fall into the window before a pass, or
  (``during``) among the calls of the pass itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..base import EPOCH, SECOND, BadInput, Draw
from ..core import (
    AGENT_EVENTS_DIR,
    Limits,
    Step,
    Window,
    amount,
    events_dir,
)
from ..writers import PRODUCERS, Assignment, left
from .life import lived
from .model import Actor, Scenario
from .references import hazard, writes_agent_events

#: Events that one run can hold: each is a record of the history, which ends at as many (``simulator.runner.listener.MOST_RECORDS``).
MOST_EVENTS = 1_000_000

#: Which setting or capability of a collector is which limit of the contract.
_LIMIT_SETTINGS = {
    "quota": "quota", "max_file_size": "file_size", "max_message": "message", "max_event": "event", "max_element": "element",
    "max_rejects": "rejects", "max_parse": "parse", "max_spared": "spared",
    "max_early_removals": "removals",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class ActorPlan:
    """One extension's whole work under one name, in order of time.

    ``present``: its directories are there before anybody writes.
    """

    name: str
    handler: str
    role: str
    producer: str
    agent_events: bool
    steps: tuple[Step, ...]
    present: bool = True


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that will be written in a run, and when its passes begin (virtual ns)."""

    actors: tuple[ActorPlan, ...]
    pass_times: tuple[int, ...]
    period: int
    limits: Limits


def limits_of(capabilities: Mapping[str, Any], settings: Mapping[str, Any]) -> Limits:
    """The limits that hold in a run: the scenario's settings, else what the collector declares,
    else the contract's.
    """
    found: dict[str, int] = {}
    for setting, name in _LIMIT_SETTINGS.items():
        value = settings.get(setting, capabilities.get(setting))
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            found[name] = int(value)
    period = settings.get("period", 300)
    return replace(Limits(), **found, period=round(float(period) * SECOND))


#: Plans made last, with the scenarios that they are of: a run and its thousand variants share one.
_RECENT: deque[tuple[Scenario, tuple[int, Limits, bool], Plan]] = deque(maxlen=4)


def make_plan(scenario: Scenario, seed: int, limits: Limits, *, without_attackers: bool = False) -> Plan:
    """The plan of a run; with ``without_attackers`` that of the same run in which they do not
    exist.
    """
    key = (seed, limits, without_attackers)
    for known, its_key, plan in _RECENT:
        if known is scenario and its_key == key:
            return plan
    plan = _planned(scenario, seed, limits, without_attackers)
    _RECENT.append((scenario, key, plan))
    return plan


def _planned(scenario: Scenario, seed: int, limits: Limits, without_attackers: bool) -> Plan:
    _check_size(scenario, limits)
    period = scenario.period
    windows = tuple(Window(k, k * period, (k + 1) * period) for k in range(scenario.pass_count))
    plans = []
    number = 0
    for actor in scenario.actor:
        for copy in range(actor.copies):
            if not (without_attackers and actor.role == "attacker"):
                plans += lived(actor_plan(actor, copy, number, seed, limits, windows), actor, copy, windows)
            number += 1
    return Plan(tuple(plans), tuple(window.end for window in windows), period, limits)


def _check_size(scenario: Scenario, limits: Limits) -> None:
    """Raise BadInput for a scenario that nobody could run: planning it would fill the memory, as if
    the collector had.
    """
    passes = scenario.pass_count
    events = sum(
        amount(actor.events, limits) * actor.copies * (passes if actor.passes is None else len(actor.passes)) for actor in scenario.actor
    )
    if events > MOST_EVENTS:
        raise BadInput(f"plans {events:,} events, and a run holds {MOST_EVENTS:,} at most", where=scenario.id or "scenario")


def actor_plan(
    actor: Actor, copy: int, number: int, seed: int, limits: Limits, windows: tuple[Window, ...]
) -> ActorPlan:
    """The work of one copy of an actor, which is the ``number``-th of all."""
    producer = PRODUCERS[actor.producer]
    agent_events = writes_agent_events(actor)
    handler = actor.directory_name if copy == 0 else f"{actor.directory_name}-{copy + 1}"
    assignment = Assignment(
        actor=number,
        handler=handler,
        directory=AGENT_EVENTS_DIR if agent_events else events_dir(handler),
        windows=windows if actor.passes is None else tuple(w for w in windows if w.number in actor.passes),
        events=amount(actor.events, limits),
        per_file=max(1, amount(actor.per_file, limits)),
        traffic=actor.traffic,
        limits=limits,
        epoch=EPOCH,
    )
    draw = Draw(seed, "actor", number)
    steps = list(producer.plan(assignment, draw.spawn("producer")))
    for place, options in enumerate(actor.hazards):
        steps = hazard(options).apply(steps, assignment, draw.spawn("hazard", place))
    if handler.startswith("-") and not agent_events:
        # Nobody may read what such a handler writes (discover.dash).
        steps = [step if step.labels is None else step._replace(labels=left(step.labels)) for step in steps]
    steps.sort(key=lambda step: (step.at, step.during))
    return ActorPlan(f"{number}:{handler}", handler, actor.role, actor.producer, agent_events, tuple(steps))
