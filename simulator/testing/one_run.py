"""One run as a function: a scenario and a seed in, what happened out.

Why a function of its own: the test's process stays as it is. The same arguments give the same
history, in any order and on any machine. Judging by clauses is ``pytest --collector``'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from ..base import BadInput, BuildRefused
from ..core import History, Record
from ..judging import Ledger
from ..runner import WATCHDOG, Job, Run, RunSpec, hindrance, result_of
from ..safe import safe
from ..scenario import Scenario, load_scenario
from ..subjects import Factory, is_program, world_for
from ..world import FakeWorld, RealWorld
from .collector_under_test import CollectorUnderTest, subject_of


@dataclass(frozen=True)
class Ran:
    """What happened in a run; its ledger is made when it is asked for."""

    scenario: Scenario
    seed: int
    world: str
    history: History

    @cached_property
    def ledger(self) -> Ledger:
        """What became of every event that was written."""
        return Ledger(self.history)

    @property
    def fates(self) -> Mapping[str, int]:
        """fate -> count over all events (docs/reports.md)."""
        return self.ledger.fates()

    @property
    def ends(self) -> tuple[str, ...]:
        """How each pass ended: ``returned`` where all is well."""
        return tuple(end["end"] for end in self.ledger.ends)


def run(
    scenario: Scenario | str,
    *,
    seed: int = 0,
    collector: CollectorUnderTest | Factory | str = "reference",
    world: str = "auto",
    without_attackers: bool = False,
    timeout: float = WATCHDOG,
) -> Ran:
    """Run a scenario once, in a process of its own, and give what happened.

    ``scenario``: an object, or what ``simulate run`` takes. ``collector``: what ``--collector``
    takes, or a factory of the test's own. ``world``: ``fake``, ``real``, or ``auto``, the first
    that the scenario declares. ``timeout``: seconds of processor time that one pass may take.

    Raises BadInput for what cannot be run, and Died for a collector that hangs or ends its process.
    """
    if isinstance(scenario, str):
        scenario = load_scenario(scenario)
    if seed < 0:
        raise BadInput(f"{seed} is negative, a seed is 0 or more", where="seed")
    spec = collector.spec if isinstance(collector, CollectorUnderTest) else collector
    place = _world(scenario, world, spec if isinstance(spec, str) else "")

    def work(here: FakeWorld | RealWorld) -> list[Record]:
        subject = subject_of(collector)
        if why := hindrance(scenario, subject):
            raise BadInput(why, where=scenario.id, hint="another collector, or another scenario")
        run_spec = RunSpec(scenario, seed, subject.spec, here.name, without_attackers=without_attackers)
        try:
            return list(Run(run_spec, subject, here).execute())
        except BuildRefused as refusal:
            raise BadInput(str(refusal), where=safe(subject.spec)) from None

    records, _ = result_of(Job(scenario.id, work, place, timeout, form=list[Record], cage="none"))
    return Ran(scenario, seed, place, History(records))


def _world(scenario: Scenario, asked: str, collector: str) -> str:
    """The world to run in. Raises BadInput for one that the scenario does not declare."""
    if asked not in ("auto", "fake", "real"):
        raise BadInput(f"no world is named {safe(asked)!r}", where="world", hint="auto, fake or real")
    asked = world_for(collector, asked, "world") if is_program(collector) else asked
    chosen = scenario.worlds[0] if asked == "auto" else asked
    if chosen not in scenario.worlds:
        raise BadInput(f"scenario {scenario.id} declares only the {scenario.world} world", where="world")
    return chosen
