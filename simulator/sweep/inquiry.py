"""The cause of a failure: the first decision in which its run and its nearest passing twin differ,
and what makes the difference.

Rules: the twin is the same scenario and seed, of the reference, or of another collector that is
named. Where the twin fails likewise, the twin is the run without the fault or the attacker whose
removal makes it pass. A cause is one decision; consequences are counted and not listed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from ..base import BadInput
from ..core import PARAMETER_NAMES, Record
from ..runner import Died, Job, cage_for, result_of
from ..scenario import Scenario, scenario_from_data
from ..subjects import resolve
from ..world import FakeWorld, RealWorld
from .aligning import Parting, parting
from .judged import Judged, judged_run

_LONGEST = 60


@dataclass(frozen=True, slots=True)
class Cause:
    """Why a run fails. ``twin``: what it was compared with; ``decisive``: what of the scenario
    makes the difference, "" for nothing in particular.
    """

    signature: str
    reason: str
    collector: str
    twin: str
    parting: Parting | None
    decisive: str
    died: str = ""

    def lines(self) -> list[str]:
        """At most twelve, with a column an actor."""
        head = [f"{self.signature}: {self.reason}"]
        if self.died:
            return [*head, f"the run gave no history: {self.died}", *self._decisive()]
        if self.parting is None:
            return [
                *head,
                f"no decision differs from {self.twin}: what is judged was not seen by either",
                *self._decisive(),
            ]
        found = self.parting
        width = max(len(self.collector), len(self.twin), 12)
        rows = [f"pass {_pass_of(found)}"]
        if found.before is not None:
            rows.append(f"  {'both':<{width}}  {_told(found.before)}")
        mine, other = _told_apart(found.here, found.there)
        rows += [f"  {self.collector:<{width}}  {mine}", f"  {self.twin:<{width}}  {other}"]
        ours, theirs = found.consequences
        return [
            *head,
            "the first decision that differs:",
            *rows,
            f"what follows from it: {ours} acts here, {theirs} there",
            *self._decisive(),
        ]

    def _decisive(self) -> list[str]:
        return [f"it needs {self.decisive}: without it the verdict is another"] if self.decisive else []


def cause_of(
    data: dict[str, Any], seed: int, place: FakeWorld | RealWorld, collector: str, against: str, clauses: list[str]
) -> Cause | None:
    """The cause of the first failure; None where nothing fails. For a worker process."""
    return _Inquiry(data, seed, place, clauses).cause(collector, against)


def why(data: dict[str, Any], seed: int, world: str, collector: str, against: str, clauses: list[str]) -> Cause | None:
    """The same, in a worker of its own. Raises BadInput."""

    def work(place: FakeWorld | RealWorld) -> Cause | None:
        return cause_of(data, seed, place, collector, against, clauses)

    try:
        return result_of(Job("why", work, world, form=Cause | None, cage=cage_for(collector)))[0]
    except Died as death:
        return Cause(f"run.errors/{death.kind}", death.detail, collector, against, None, "", death.detail)


class _Inquiry:
    """Runs of one scenario and what was changed of it. For a worker process."""

    def __init__(self, data: dict[str, Any], seed: int, world: FakeWorld | RealWorld, clauses: list[str]) -> None:
        self._scenario = _changed(data)
        self._data = data
        self._seed = seed
        self._world = world
        self._clauses = clauses

    def cause(self, collector: str, against: str) -> Cause | None:
        judged = self._judged(self._scenario, collector)
        if not judged.failures:
            return None
        failure = judged.failures[0]
        twin, name, decisive = self._judged(self._scenario, against), against, ""
        if collector == against or self._fails(twin, failure.signature):
            twin, name, decisive = self._spared(collector, failure.signature)
        if judged.history is None or twin.history is None:
            return Cause(failure.signature, failure.reason, collector, name, None, decisive, judged.detail)
        found = parting(judged.history, twin.history)
        if not decisive:
            decisive = self._spared(collector, failure.signature)[2]
        return Cause(failure.signature, failure.reason, collector, name, found, decisive)

    def _spared(self, collector: str, signature: str) -> tuple[Judged, str, str]:
        """The run without the one thing that makes the difference, its name, and what that is."""
        for what, data in _without_one(self._data):
            try:
                judged = self._judged(_changed(data), collector)
            except (BadInput, ValueError):
                continue
            if not self._fails(judged, signature) and judged.verdict != "skip":
                return judged, f"without {what}", what
        return Judged("skip"), "no other run", ""

    def _judged(self, scenario: Scenario, collector: str) -> Judged:
        return judged_run(scenario, self._seed, resolve(collector), self._world, self._clauses)

    def _fails(self, judged: Judged, signature: str) -> bool:
        return signature in [failure.signature for failure in judged.failures]


def _changed(data: dict[str, Any]) -> Scenario:
    return scenario_from_data(data, "a changed scenario")


def _without_one(data: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each fault, attacker, hazard, setting and life, with the scenario without it."""
    for number, fault in enumerate(data.get("fault", ())):
        yield f"the fault {fault['kind']}", {**data, "fault": [f for i, f in enumerate(data["fault"]) if i != number]}
    for number, actor in enumerate(data["actor"]):
        handler = actor["handler"][:_LONGEST]
        hazards = actor.get("hazards", [])
        for place, hazard in enumerate(hazards):
            kept = {**actor, "hazards": hazards[:place] + hazards[place + 1 :]}
            yield f"the hazard {hazard['kind']} of {handler}", _with_actor(data, number, kept)
        if "life" in actor:
            yield f"the life of {handler}", _with_actor(data, number, {k: v for k, v in actor.items() if k != "life"})
        if len(data["actor"]) > 1:
            yield f"the extension {handler}", _with_actor(data, number, None)
    for name in data.get("collector", {}):
        yield f"the setting {name}", {**data, "collector": {k: v for k, v in data["collector"].items() if k != name}}


def _with_actor(data: dict[str, Any], number: int, actor: dict[str, Any] | None) -> dict[str, Any]:
    actors = list(data["actor"])
    actors[number : number + 1] = [] if actor is None else [actor]
    return {**data, "actor": actors}


def _pass_of(found: Parting) -> int:
    record = found.here or found.there or found.before
    return record.pass_number if record else 0


def _told_apart(here: Record | None, there: Record | None) -> tuple[str, str]:
    """Both acts; of two deliveries of one event the first value that differs."""
    both = here is not None and there is not None and here.op == there.op == "deliver"
    if both and here and there and here.result["key"] == there.result["key"]:
        names = here.result.get("names", PARAMETER_NAMES)
        for name, mine, other in zip(names, here.result["values"], there.result["values"], strict=False):
            if mine != other:
                where = "/".join(map(str, here.result["key"]))
                lead = f"hands over {where} with {name} = "
                return f"{lead}{mine!r:.{_LONGEST}}", f"{lead}{other!r:.{_LONGEST}}"
    return _told(here), _told(there)


def _told(record: Record | None) -> str:
    """One act, in a line."""
    if record is None:
        return "has come to its end"
    result = record.result if isinstance(record.result, dict) else {}
    if record.op == "call":
        error = f" -> {result['errno']}" if "errno" in result else ""
        wait = f" {result['ns'] / 1e9:g} s" if "ns" in result else ""
        return f"{result['call']} {record.path}{wait}{error}".strip()
    if record.op == "step":
        return f"{record.actor.partition(':')[2]} does {result['act']} {record.path}"
    if record.op == "deliver":
        key = result["key"]
        where = "/".join(str(part) for part in key) if isinstance(key, list) else str(key)
        return f"hands over {where}: {_values(result)}"
    if record.op == "flush":
        return f"flush: {'confirmed' if result.get('confirmed') else 'not confirmed'}"
    rest = ", ".join(f"{key} {value}" for key, value in result.items() if value not in (None, ""))
    return f"{record.op} {record.path} {rest}".replace("  ", " ").strip()


def _values(result: dict[str, Any]) -> str:
    return " | ".join(str(value)[:_LONGEST] for value in result["values"] if value not in ("", None))
