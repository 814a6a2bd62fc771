"""What a load is asked to do, and what is refused before anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from ..base import SECOND, BadInput, Draw
from ..core import (
    Limits,
    events_dir,
)
from ..safe import safe
from ..scenario import Scenario, hazard
from ..writers import PRODUCERS, Assignment
from .directory import below
from .disk_limits import Rail
from .extension_steps import apply
from .rate import Extension, Share, extensions_of, natural_rate, shares
from .step_writer import danger

Setting = int | float | str | bool
MOST_EVENTS = 1_000 * 10**6
MOST_EXTENSIONS = 10**4


@dataclass(frozen=True)
class Orders:
    """``rate``: events a second, None: the scenario's own.
    ``length``: ns, ``events``: how many; where both are None, as long as the scenario is.

    ``collector``, ``pid``, ``sink``: what is run, watched, read.
    ``settle``: seconds to wait for the agent once all is written, None: two periods and some.
    """

    scenario: Scenario
    into: Path
    seed: int = 0
    rate: Fraction | None = None
    length: int | None = None
    events: int | None = None
    extensions: int | None = None
    writers: int | None = None
    collector: str | None = None
    pid: int | None = None
    sink: str | None = None
    settings: dict[str, Setting] = field(default_factory=dict)
    settle: float | None = None
    rail: Rail = field(default_factory=Rail)
    dangerous: bool = False

    @property
    def collector_settings(self) -> dict[str, Setting]:
        """The scenario's settings, with those of the command line over them."""
        return {**self.scenario.collector, **self.settings}

    @property
    def extent_text(self) -> str:
        """How long it goes on, for people."""
        rate = "" if self.rate is None else f"{float(self.rate):g} events a second "
        if self.events is not None:
            return f"{rate}until {self.events:,} events are written"
        seconds = (self.length or self.scenario.pass_count * self.scenario.period) / SECOND
        return f"{rate}for {seconds:g} s"

    @property
    def watches(self) -> bool:
        """Whether anybody is known to take what is written."""
        return self.collector is not None or self.pid is not None or self.sink is not None


@dataclass(frozen=True)
class Course:
    """What will be written: each extension's share, and until when (ns from the start)."""

    shares: tuple[Share, ...]
    end: int
    rate: Fraction
    left_out: tuple[str, ...]


def course_of(orders: Orders, limits: Limits) -> Course:
    """The course that the orders mean for a collector with these limits.
    Raises BadInput, also for what would be dangerous.
    """
    asked = (("events", orders.events, MOST_EVENTS), ("extensions", orders.extensions, MOST_EXTENSIONS))
    for name, given, most in asked:
        if given is not None and given > most:
            raise BadInput(f"{given:,} is more than a load plans; at most {most:,} are expected", where=f"--{name}")
    everybody = extensions_of(orders.scenario, orders.extensions)
    if any(one.actor.life for one in everybody):
        raise BadInput(f"scenario {orders.scenario.id} installs or removes extensions; those of a load are there from its start to its end")
    writing = [one for one in everybody if not _is_agents(one)]
    if not writing:
        raise BadInput(f"scenario {orders.scenario.id} writes agent events alone; a load writes extension events")
    cycle = orders.scenario.pass_count
    parts = shares(writing, limits, cycle, orders.rate, orders.events)
    rate = natural_rate(parts)
    if orders.length is not None:
        end = orders.length
    elif orders.events is not None and rate:
        end = max(1, int(orders.events / rate * SECOND))
    else:
        end = cycle * limits.period
    if not orders.dangerous:
        _refuse_danger(parts, limits, end)
    return Course(parts, end, rate, tuple(one.handler for one in everybody if _is_agents(one)))


def _is_agents(extension: Extension) -> bool:
    return bool(getattr(PRODUCERS[extension.actor.producer], "agent_events", False))


def _refuse_danger(parts: Sequence[Share], limits: Limits, end: int) -> None:
    """Raise BadInput for the first hazard that could hurt the machine,
    found by what it does in one window.
    """
    for share in parts:
        windows = share.windows(end)[:2]
        for options in share.extension.actor.hazards if windows else ():
            handler = share.extension.handler
            assignment = Assignment(share.extension.number, handler, events_dir(handler), windows, 0, 1, "steady", limits, 0)
            for step in apply(hazard(options), [], assignment, Draw(0)):
                reason = danger(step)
                if reason:
                    raise BadInput(
                        f"hazard {options['kind']!r} of {safe(handler)} {reason}", where="--scenario",
                        hint="on a machine that may be hurt, --dangerous allows it",
                    )  # fmt: skip
                if below(step.path) is None:
                    raise BadInput(f"hazard {options['kind']!r} works outside the log dir, a load cannot")
