"""Rates, and each extension's share of one.

The rule: a share is exact for ever. An extension writes a whole number of events in windows of one
length. The length is a fraction of nanoseconds, which makes up for rounding the number. So 3 events
a second over 20 extensions are 3 events a second.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from ..base import SECOND, BadInput
from ..core import Limits, Window, amount
from ..scenario import Actor, Scenario

#: Tokens name an actor by three hexadecimal digits.
MOST_EXTENSIONS = 4_096
_RATE = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)(?:/([smh]))?\Z")
_PER = {"s": 1, "m": 60, "h": 3_600, None: 1}


def parse_rate(text: str) -> Fraction:
    """Events a second of ``500/s``, ``90/m``, ``1000/h`` or ``500``;
    ValueError for anything else.
    """
    match = _RATE.match(text)
    if match is None or not Fraction(match[1]):
        raise ValueError(f"a rate is such as '500/s', '90/m' or '1000/h', not {text!r}")
    return Fraction(match[1]) / _PER[match[2]]


@dataclass(frozen=True, slots=True)
class Extension:
    """One writer of a scenario, of which there may be several alike.
    ``number`` names its tokens.
    """

    number: int
    handler: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Share:
    """An extension's part: ``events`` in each window of ``length`` ns;
    windows of whose ``passes`` (modulo ``cycle``) it is silent are left out.

    ``budget``: after so many events it is done; None: it goes on to the end.
    """

    extension: Extension
    events: int
    length: Fraction
    cycle: int
    passes: frozenset[int] | None
    budget: int | None = None

    def windows(self, end: int) -> tuple[Window, ...]:
        """The windows in which it writes, until ``end`` (ns), or until its budget is spent."""
        count = -(-end // self.length)
        active = len(self.passes) if self.passes is not None else self.cycle
        if self.budget is not None and self.events and active:
            needed = -(-self.budget // self.events)
            count = (needed - 1) // active * self.cycle + self.cycle
        found = (
            Window(number, int(number * self.length), int((number + 1) * self.length))
            for number in range(int(count))
            if self.passes is None or number % self.cycle in self.passes
        )
        return tuple(found)


def extensions_of(scenario: Scenario, amount_wanted: int | None) -> tuple[Extension, ...]:
    """Who writes: the scenario's extensions, cut short or multiplied to the number wanted.
    Bystanders are multiplied; attackers only where all attack.
    """
    named: list[tuple[Actor, int]] = [(actor, copy) for actor in scenario.actor for copy in range(actor.copies)]
    if amount_wanted is not None:
        more = [actor for actor in scenario.actor if actor.role == "bystander"] or list(scenario.actor)
        copies = {id(actor): actor.copies for actor in scenario.actor}
        for turn in range(max(0, amount_wanted - len(named))):
            actor = more[turn % len(more)]
            named.append((actor, copies[id(actor)]))
            copies[id(actor)] += 1
        named = named[:amount_wanted]
    if len(named) > MOST_EXTENSIONS:
        raise BadInput(f"{len(named)} extensions are too many, {MOST_EXTENSIONS} can be told apart", where="--extensions")
    return tuple(
        Extension(number, actor.directory_name if copy == 0 else f"{actor.directory_name}-{copy + 1}", actor)
        for number, (actor, copy) in enumerate(named)
    )


def shares(
    extensions: Sequence[Extension], limits: Limits, cycle: int, rate: Fraction | None, events: int | None = None
) -> tuple[Share, ...]:
    """Each extension's share of ``rate`` (events a second of all together;
    None: as the scenario has it), in proportion to the scenario's amounts.

    ``events``: how many all together write, to the one;
    ``cycle``: the scenario's passes, which repeat.
    """
    amounts = [amount(extension.actor.events, limits) for extension in extensions]
    active = [_active(extension.actor, cycle) for extension in extensions]
    weights = [Fraction(n * (cycle if a is None else len(a)), cycle) for n, a in zip(amounts, active, strict=True)]
    total = sum(weights)
    if not total and (rate is not None or events is not None):
        raise BadInput("the scenario's extensions write no events of their own", where="--rate" if events is None else "--events")
    factor = Fraction(1) if rate is None else rate * limits.period / SECOND / total
    budgets = [None] * len(weights) if events is None else _split(events, weights)
    found = []
    for extension, number, passes, budget in zip(extensions, amounts, active, budgets, strict=True):
        exact = number * factor
        whole = max(1, round(exact)) if exact else 0
        length = Fraction(limits.period) * whole / exact if exact else Fraction(limits.period)
        found.append(Share(extension, whole, length, cycle, passes, budget))
    return tuple(found)


def natural_rate(shares: Sequence[Share]) -> Fraction:
    """Events a second of all shares together."""
    parts = (
        Fraction(share.events * (share.cycle if share.passes is None else len(share.passes)), share.cycle) / share.length
        for share in shares
    )
    return sum(parts, Fraction(0)) * SECOND


def _active(actor: Actor, cycle: int) -> frozenset[int] | None:
    return None if actor.passes is None else frozenset(number for number in actor.passes if number < cycle)


def _split(total: int, weights: Sequence[Fraction]) -> list[int | None]:
    """The total in whole parts, by weight;
    what rounding leaves goes to those that lost most by it.
    """
    whole = sum(weights, Fraction(0))
    exact = [total * weight / whole for weight in weights]
    parts = [int(part) for part in exact]
    order = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in order[: total - sum(parts)]:
        parts[place] += 1
    return list(parts)
