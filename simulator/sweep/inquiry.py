"""The cause of a failure: the first decision in which its run and its nearest passing twin differ,
and what makes the difference.

Rules: the twin is the same scenario and seed, of the reference, or of another collector that is
named. Where the twin fails likewise, the twin is the run without the fault or the attacker whose
removal makes it pass. A cause is one decision; consequences are counted and not listed. Who did not
ask for it waits for so much work and no more. Work is counted and not timed, so a cause is the same
on every machine.
"""

from __future__ import annotations

import resource
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ..base import BadInput
from ..core import History
from ..runner import Died, Job, cage_for, result_of
from ..scenario import Scenario, Variant, scenario_from_data
from ..subjects import ProgramSubject, resolve
from ..world import FakeWorld, RealWorld
from .aligning import parting
from .cause import Cause
from .judged import Failure, Judged, judged_run
from .reductions import with_actor

_LONGEST = 60
#: Collectors that are the reference, or an edit or a copy of it.
_ALIKE = ("reference", "mutant:", "dir:")


#: Bytes that writers write, for which a collector works about as long as for one record.
BYTES_A_RECORD = 8_192
#: Work of the smallest run, in records; a program begins as a process, which takes as long as many.
_LEAST = 200
_LEAST_OF_PROGRAM = 2_000


class TooLong(Exception):
    """More work than somebody would wait for."""


def used() -> float:
    """Seconds of processor time of this process, and of its children that have ended."""
    return sum(
        one.ru_utime + one.ru_stime for one in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose failure, of what. ``told``: as a run judged it, which may be by more than one history;
    "" where the first is asked for. ``variant``: of an exhaustive run.
    """

    data: dict[str, Any]
    seed: int
    collector: str
    against: str
    clauses: Sequence[str]
    told: Failure | None = None
    variant: Variant | None = None


def cause_of(asked: Asked, place: FakeWorld | RealWorld, most: int | None = None) -> Cause | None:
    """The cause of the first failure; None where nothing fails. For a worker process. No run begins
    once runs took as much work as ``most`` records do. Raises TooLong where the twin's would have
    been the next. What takes more after that is left out.
    """
    return _Inquiry(asked, place, most).cause()


def why(asked: Asked, world: str) -> Cause | None:
    """The same, in a worker of its own, however long it takes. Raises BadInput."""

    def work(place: FakeWorld | RealWorld) -> Cause | None:
        return cause_of(asked, place)

    try:
        return result_of(Job("why", work, world, form=Cause | None, cage=cage_for(asked.collector)))[0]
    except Died as death:
        signature = f"run.errors/{death.kind}"
        return Cause(signature, death.detail, asked.collector, asked.against, None, "", death.detail)


class _Inquiry:
    """Runs of one scenario and what was changed of it. For a worker process."""

    def __init__(self, asked: Asked, world: FakeWorld | RealWorld, most: int | None) -> None:
        self._asked = asked
        self._scenario = _changed(asked.data)
        self._world = world
        self._most = most
        self._done = 0

    def cause(self) -> Cause | None:
        asked = self._asked
        judged = self._judged(self._scenario, asked.collector)
        failure = asked.told or next(iter(judged.failures), None)
        if failure is None:
            return None
        twin, name, decisive = self._judged(self._scenario, asked.against), asked.against, ""
        is_seen = failure.signature in _signatures(judged)
        try:
            if asked.collector == asked.against or (is_seen and failure.signature in _signatures(twin)):
                twin, name, decisive = self._spared(failure.signature)
            elif is_seen:
                decisive = self._spared(failure.signature)[2]
        except TooLong:
            if asked.collector == asked.against:
                raise
        if judged.history is None or twin.history is None:
            return Cause(failure.signature, failure.reason, asked.collector, name, None, decisive, judged.detail)
        alike = name != asked.against or all(spec.startswith(_ALIKE) for spec in (asked.collector, asked.against))
        found = parting(judged.history, twin.history, alike=alike)
        return Cause(failure.signature, failure.reason, asked.collector, name, found, decisive)

    def _spared(self, signature: str) -> tuple[Judged, str, str]:
        """The run without the one thing that makes the difference, its name, and what that is."""
        for what, data in _without_one(self._asked.data):
            try:
                judged = self._judged(_changed(data), self._asked.collector)
            except (BadInput, ValueError):
                continue
            if signature not in _signatures(judged) and judged.verdict != "skip":
                return judged, f"without {what}", what
        return Judged("skip"), "no other run", ""

    def _judged(self, scenario: Scenario, collector: str) -> Judged:
        """Raises TooLong where enough was done before."""
        if self._most is not None and self._done >= self._most:
            raise TooLong
        asked = self._asked
        subject = resolve(collector)
        judged = judged_run(scenario, asked.seed, subject, self._world, asked.clauses, asked.variant)
        self._done += work_of(judged.history, program=isinstance(subject, ProgramSubject))
        return judged


def work_of(history: History | None, *, program: bool) -> int:
    """How much work a run was, in records: all of its own, and more for many bytes."""
    least = _LEAST_OF_PROGRAM if program else _LEAST
    if history is None:
        return least
    written: int = sum(record.result.get("bytes", 0) for record in history if record.op == "step")
    return max(least, len(history.records) + written // BYTES_A_RECORD)


def _signatures(judged: Judged) -> list[str]:
    return [failure.signature for failure in judged.failures]


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
            yield f"the hazard {hazard['kind']} of {handler}", with_actor(data, number, kept)
        if "life" in actor:
            yield f"the life of {handler}", with_actor(data, number, {k: v for k, v in actor.items() if k != "life"})
        if len(data["actor"]) > 1:
            yield f"the extension {handler}", with_actor(data, number, None)
    for name in data.get("collector", {}):
        yield f"the setting {name}", {**data, "collector": {k: v for k, v in data["collector"].items() if k != name}}
