"""A run's parts for tests: a stage in a fake world of this process, and what its history holds."""

from __future__ import annotations

from typing import Any

from etp_kit.simulator.base.units import SECOND
from etp_kit.simulator.core.limits import Limits
from etp_kit.simulator.core.steps import Step
from etp_kit.simulator.runner.spec import RunSpec
from etp_kit.simulator.runner.stage import Declared, Loaded, Stage
from etp_kit.simulator.scenario.library import scenario_from_data
from etp_kit.simulator.scenario.model import Scenario
from etp_kit.simulator.scenario.plan import ActorPlan, Plan
from etp_kit.simulator.subjects.subject import Subject

PERIOD = 300 * SECOND
#: An event file of the only extension, and one of the agent's own.
FILE, AGENT_FILE = "log/Ext/events/1.json", "lib/events/1.tld"


def scenario(**keys: Any) -> Scenario:
    """A small one, with these keys otherwise."""
    small = {"schema": 1, "title": "t", "about": "a", "clauses": ["event.mapping"], "passes": 2}
    return scenario_from_data({**small, "actor": [{"handler": "Ext", "events": 1}], **keys}, "small.toml")


def spec(world: str = "fake", faults: list[dict[str, Any]] | None = None, **keys: Any) -> RunSpec:
    """Of the small scenario with these faults, or of the one that is given."""
    chosen = keys.pop("scenario", None) or scenario(fault=faults or [])
    return RunSpec(chosen, 0, "py:mine:make", world, **keys)


def subject(factory: Any = None) -> Subject:
    return Subject("py:mine:make", lambda: factory)


def actor(name: str = "0:Ext", steps: tuple[Step, ...] = (), **keys: Any) -> ActorPlan:
    plan = ActorPlan(name, name.partition(":")[2], "bystander", "plain", agent_events=False, steps=steps)
    return plan if not keys else ActorPlan(**{**{slot: getattr(plan, slot) for slot in plan.__slots__}, **keys})


def mkdir(path: str = "log/Ext", at: int = 0, *, during: bool = False) -> Step:
    return Step(at, "mkdir", path, during=during)


def loaded(stage: Stage, factory: Any = None, actors: tuple[ActorPlan, ...] = (), **capabilities: Any) -> Loaded:
    """The factory with what it declares, and a plan of as many passes as the scenario has."""
    times = tuple((number + 1) * PERIOD for number in range(stage.spec.scenario.pass_count))
    handlers = tuple(dict.fromkeys(one.handler for one in actors))
    return Loaded(factory, Declared(stage, capabilities), {}, Plan(actors, times, PERIOD, Limits()), handlers)


def told(stage: Stage, *ops: str) -> list[tuple[str, str, Any]]:
    """(op, path, result) of each record, or of those of these kinds."""
    return [(one.op, one.path, one.result) for one in stage.recorder.history if not ops or one.op in ops]
