"""A world for a user's own tests: extensions write into real directories, and a collector makes
passes over them.

Rules:

* The test's process stays as it is: nothing is hooked and no clock is frozen there. A pass is made in a forked worker, on the
  frozen clock, behind the seam, under a watchdog. What the collector does to the directories stays. Its memory goes with the
  worker, as a restarted agent's does.
* What is written is planned as in a scenario, from the same producers and hazards. What comes of it
  is judged by the same ledger.
* Time is the world's own. It begins at the start of every run, goes on with each write, and a
  period from one pass to the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from ..base import SECOND, BadInput
from ..core import (
    AGENT,
    AGENT_EVENTS_DIR,
    KIT,
    LABELLED_PARAMETERS,
    LOG_DIR,
    PARAMETER_NAMES,
    History,
    Limits,
    Record,
    Step,
    Window,
    events_dir,
    handler_dir,
)
from ..judging import Ledger, Written, as_labelled
from ..runner import WATCHDOG, Job, Run, RunSpec, Visit, result_of, step_result
from ..safe import safe
from ..scenario import ActorPlan, Scenario, actor_plan, limits_of, scenario_from_data
from ..subjects import Factory, is_program
from ..world import CLOCK, RealWorld
from .collector_under_test import CollectorUnderTest, subject_of

#: Virtual time that a write takes at least, and for each of its events: names in milliseconds must not run out.
_LEAST, _EACH = 10 * SECOND, SECOND // 100


@dataclass(frozen=True)
class WrittenEvent:
    """One event that an extension wrote, and what must become of it: ``due`` is collect, cut, drop
    (for ``reason``) or leave.
    """

    extension: str
    file: str
    token: str
    due: str
    reason: str
    #: name -> text as it must be delivered; empty unless it is due to be collected or cut, and for agent events.
    parameters: Mapping[str, str]
    #: Its place in the file, from 0: what tells it from an equal one.
    index: int = 0


@dataclass(frozen=True)
class DeliveredEvent:
    """One event that the sender got: all its parameters by name."""

    extension: str
    file: str
    index: int
    token: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True)
class Collected:
    """What became of everything so far; ``events``, ``notices``, ``calls`` and ``ends`` are those
    of the passes just made.
    """

    events: tuple[DeliveredEvent, ...]
    notices: tuple[Mapping[str, Any], ...]
    #: ``label path``, as ``open log/Contoso.Extension/events/1767571200000.json``.
    calls: tuple[str, ...]
    #: How each pass ended: ``returned`` where all is well.
    ends: tuple[str, ...]
    #: fate -> count over all events of the world (docs/reports.md).
    fates: Mapping[str, int]
    #: What is not as it is due, in a sentence each; empty where everything is.
    problems: tuple[str, ...]
    history: History = field(repr=False)

    def of(self, written: WrittenEvent) -> tuple[DeliveredEvent, ...]:
        """The deliveries of a written event in these passes."""
        if written.token:
            return tuple(event for event in self.events if (event.extension, event.token) == (written.extension, written.token))
        place = (written.extension, written.file, written.index)
        return tuple(event for event in self.events if not event.token and (event.extension, event.file, event.index) == place)


class WriteEvents(Protocol):
    """What the fixture ``write_events`` is: ``EventWorld.write``."""

    def __call__(
        self,
        producer: str = "plain",
        *,
        events: int | str = 10,
        extension: str = "Contoso.Extension",
        hazards: Sequence[Mapping[str, Any]] = (),
        traffic: str = "steady",
        per_file: int = 1,
        role: str = "bystander",
    ) -> list[WrittenEvent]: ...


@dataclass(frozen=True)
class _Visited:
    """What a worker tells of its passes."""

    records: tuple[Record, ...]
    #: How many of an actor's steps were not taken: the last ones.
    waiting: Mapping[str, int]
    immutable: frozenset[str]
    now: int


class EventWorld:
    """Directories below ``root``: ``log_dir`` (one a handler), ``agent_events_dir``; and the
    writers and passes of one test.
    """

    def __init__(self, root: Path, *, seed: int = 0, collector: str = "reference", timeout: float = WATCHDOG) -> None:
        self._world = RealWorld(root)
        self._world.set_up()
        self.root = root
        self.log_dir = root / LOG_DIR
        self.agent_events_dir = root / AGENT_EVENTS_DIR
        self._seed = seed
        self._collector = CollectorUnderTest(collector)
        self._timeout = timeout
        self._now = 0
        self._passes = 0
        self._writers: list[ActorPlan] = []
        self._records: list[Record] = []

    # --- writing ------------------------------------------------------------------------------------------------------

    def write(
        self,
        producer: str = "plain",
        *,
        events: int | str = 10,
        extension: str = "Contoso.Extension",
        hazards: Sequence[Mapping[str, Any]] = (),
        traffic: str = "steady",
        per_file: int = 1,
        role: str = "bystander",
    ) -> list[WrittenEvent]:
        """Have an extension write, as an ``[[actor]]`` of a scenario does.

        What a hazard does during a pass waits for the next. Raises BadInput.
        """
        actor = {"handler": extension, "producer": producer, "events": events, "hazards": [dict(one) for one in hazards],
                 "traffic": traffic, "per_file": per_file, "role": role}  # fmt: skip
        scenario = _scenario({"passes": 1, "actor": [actor]})
        limits = limits_of(self._collector.capabilities, {})
        amount = events if isinstance(events, int) else limits.quota
        window = Window(0, self._now, self._now + max(_LEAST, amount * _EACH))
        plan = actor_plan(scenario.actor[0], 0, len(self._writers), self._seed, limits, (window,))
        at_once = next((place for place, step in enumerate(plan.steps) if step.during), len(plan.steps))
        self._make_directories(plan)
        for step in plan.steps[:at_once]:
            self._take(plan.name, step)
        self._writers.append(_left(plan, plan.steps[at_once:]))
        self._now = window.end
        told = [Record(step.at, 0, plan.name, "step", step.path, step_result(step, "", step.at)) for step in plan.steps]
        return [_written(event) for event in _ledger([_run_record(self._told_writers(), limits)], told, []).events]

    def _make_directories(self, plan: ActorPlan) -> None:
        if not plan.agent_events:
            for path in (handler_dir(plan.handler), events_dir(plan.handler)):
                self._take(AGENT, Step(self._now, "mkdir", path, mode=0o700))

    def _take(self, actor: str, step: Step) -> None:
        outcome = self._world.perform(step)
        if actor != AGENT or not outcome:
            self._records.append(Record(step.at, self._passes, actor, "step", step.path, step_result(step, outcome, step.at)))

    # --- passes -------------------------------------------------------------------------------------------------------

    def collect(
        self,
        collector: CollectorUnderTest | Factory | str | None = None,
        *,
        passes: int = 1,
        faults: Sequence[Mapping[str, Any]] = (),
        timeout: float | None = None,
        **settings: Any,
    ) -> Collected:
        """Let a collector make passes: the one under test, one by its name, or a factory of the
        test's own.

        ``faults``: as ``[[fault]]`` of a scenario, ``in_pass`` counted from the first of these
        passes. Raises BadInput for what cannot be run, and ``simulator.runner.job.Died`` for a
        collector that hangs or ends its process.
        """
        scenario = _scenario({"passes": passes, "collector": settings, "fault": [dict(one) for one in faults], "actor": [{"handler": "-"}]})
        visit = Visit(self._writers, self._now)
        chosen = self._collector if collector is None else collector
        subject = chosen.spec if isinstance(chosen, CollectorUnderTest) else chosen
        limit = self._timeout if timeout is None else timeout

        def work(_: object) -> _Visited:
            return _visited(scenario, self._seed, subject, self._world, visit)

        job = Job("event_world", work, "real", limit, form=_Visited, cage="none")
        visited, _ = result_of(job)
        self._writers = [_left(plan, plan.steps[len(plan.steps) - visited.waiting[plan.name] :]) for plan in self._writers]
        self._world.immutable = set(visited.immutable)
        self._now = visited.now
        return self._collected([record._replace(pass_number=record.pass_number + self._passes) for record in visited.records], passes)

    def _collected(self, records: list[Record], passes: int) -> Collected:
        run, *made = records
        tree = made.pop()
        self._passes += passes
        self._records += made
        run = run._replace(result={**run.result, "actors": self._told_writers()})
        ledger = _ledger([run], self._records, [tree])
        ends = tuple(record.result["end"] for record in made if record.op == "pass-end")
        return Collected(
            events=tuple(_delivered(one) for one in _ledger([run], made, [tree]).deliveries),
            notices=tuple(record.result for record in made if record.op == "notice"),
            calls=tuple(f"{record.result['call']} {record.path}".rstrip() for record in made if record.op == "call"),
            ends=ends,
            fates=ledger.fates(),
            problems=tuple(_problems(ledger, ends)),
            history=History([run, *self._records, tree]),
        )

    def _told_writers(self) -> list[dict[str, str]]:
        return [{"name": w.name, "handler": w.handler, "role": w.role, "producer": w.producer} for w in self._writers]


def _visited(scenario: Scenario, seed: int, collector: str | Factory, world: RealWorld, visit: Visit) -> _Visited:
    """Passes over directories that are there already, made in this process, which is a worker's."""
    if isinstance(collector, str) and is_program(collector):
        raise BadInput(
            "a program runs in no world of a test's own",
            where=safe(collector),
            hint="simulate run, simulate conform or pytest --collector",
        )
    subject = subject_of(collector)
    standing = RealWorld(Path(world.root), world.immutable)
    run = Run(RunSpec(scenario, seed, subject.spec, world.name), subject, standing, setting=visit)
    history = run.execute()
    waiting = {name: len(steps) for name, steps in run.schedule.waiting().items()}
    return _Visited(tuple(history), waiting, frozenset(standing.immutable), CLOCK.now + SECOND)


def _scenario(data: dict[str, Any]) -> Scenario:
    return scenario_from_data({"schema": 1, "title": "event_world", "about": "a test's own", "clauses": ["run.errors"], **data}, "event_world")


def _left(plan: ActorPlan, steps: Sequence[Step]) -> ActorPlan:
    return ActorPlan(plan.name, plan.handler, plan.role, plan.producer, plan.agent_events, tuple(steps))


def _run_record(actors: list[dict[str, str]], limits: Limits) -> Record:
    told = {name: getattr(limits, name) for name in limits.__dataclass_fields__}
    return Record(0, 0, KIT, "run", "", {"limits": told, "delivery": "at-most-once", "capabilities": {}, "actors": actors})


def _ledger(*parts: Sequence[Record]) -> Ledger:
    return Ledger(History([record for part in parts for record in part]))


def _written(event: Written) -> WrittenEvent:
    parameters = dict(zip(LABELLED_PARAMETERS, event.expected[-1], strict=True)) if event.expected else {}
    return WrittenEvent(event.extension, event.file, event.token, event.due, event.reason, parameters, event.index)


def _delivered(one: Any) -> DeliveredEvent:
    names = one.names if len(one.names) == len(one.values) else PARAMETER_NAMES
    return DeliveredEvent(one.extension, one.file, one.index, one.token, dict(zip(names, one.values, strict=False)))


def _problems(ledger: Ledger, ends: Sequence[str]) -> list[str]:
    """What is not as due; that nothing was there to judge is a problem as well."""
    found = as_labelled(ledger.events)
    problems = ["nothing was judged: no event was delivered or dropped"] if found is None else found
    problems += [f"{one.extension}: {one.file}, element {one.index}, was delivered and never written" for one in ledger.invented]
    return problems + [f"a pass ended: {end}" for end in ends if end != "returned"]
