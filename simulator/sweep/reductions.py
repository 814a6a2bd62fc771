"""Every way in which a scenario can be made one step smaller or plainer, the largest cuts first.

Rules: a reduction is a change of the data of a scenario file, so what is left is a scenario of the
ordinary language. What it gives may be no scenario at all: whoever tries it finds out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from ..core import handler_dir

Data = dict[str, Any]

#: What an actor is without anything special, in the order in which it is tried.
_PLAIN_ACTOR: tuple[tuple[str, Any], ...] = (("producer", "plain"), ("handler", "A"))
#: Keys of an actor, a fault and a place that go.
_ACTOR_KEYS = ("hazards", "life", "copies", "passes", "traffic", "per_file", "producer", "role")
_FAULT_KEYS = ("in_pass", "times", "call", "path", "when", "said")
_PLACE_KEYS = ("steps", "nth", "path", "before")
_TOP_KEYS = ("service", "log_dir", "agent_events_dir", "timezone", "collector", "fault", "place")
#: Options whose smallest value is not their absence.
_NUMBERS = (
    "amount",
    "exact",
    "over",
    "sparse",
    "excess",
    "rounds",
    "events",
    "neighbours",
    "per_file",
    "size",
    "length",
    "name_length",
)


def reductions(data: Data) -> Iterator[Data]:
    """Each one reduction away from the data, which stays as it is."""
    yield from _shorter(data)
    yield from _without(data, _TOP_KEYS)
    for kind, least in (("actor", 1), ("fault", 0), ("place", 0)):
        for number in range(len(data.get(kind, ()))):
            if len(data[kind]) > least:
                yield _replaced(data, kind, number, None)
    yield from _smaller_settings(data)
    for number, actor in enumerate(data["actor"]):
        for smaller in _smaller_actors(actor):
            yield _renamed(_replaced(data, "actor", number, smaller), actor["handler"], smaller["handler"])
    for number, fault in enumerate(data.get("fault", ())):
        for smaller in _smaller_faults(fault):
            yield _replaced(data, "fault", number, smaller)
    for number, place in enumerate(data.get("place", ())):
        for key in _PLACE_KEYS:
            if key in place:
                yield _replaced(data, "place", number, {name: value for name, value in place.items() if name != key})


def _shorter(data: Data) -> Iterator[Data]:
    passes = data["passes"]
    for fewer in dict.fromkeys((1, passes // 2, passes - 1)):
        if 1 <= fewer < passes:
            yield _kept_places(within({**data, "passes": fewer}))


def within(data: Data) -> Data:
    """What happened in passes that are gone happens in the last, or in any."""
    last = data["passes"] - 1
    within = {**data, "actor": [_actor_within(actor, last) for actor in data["actor"]]}
    if "fault" in data:
        within["fault"] = [_at_most(fault, last) for fault in data["fault"]]
    return within


def _actor_within(actor: Data, last: int) -> Data:
    within = _passes_within(actor, last)
    if "hazards" in actor:
        within["hazards"] = [_passes_within(table, last) for table in actor["hazards"]]
    if "life" in actor:
        within["life"] = [_at_most(change, last) for change in actor["life"]]
    return within


def _passes_within(table: Data, last: int) -> Data:
    if "passes" not in table:
        return dict(table)
    rest = {key: value for key, value in table.items() if key != "passes"}
    kept = [number for number in table["passes"] if number <= last]
    return {**rest, "passes": kept} if kept else rest


def _at_most(table: Data, last: int) -> Data:
    return {**table, "in_pass": min(table["in_pass"], last)} if "in_pass" in table else table


def _kept_places(data: Data) -> Data:
    """Places of passes that are gone go with them."""
    places = [place for place in data.get("place", ()) if place.get("in_pass", 0) < data["passes"]]
    rest = {key: value for key, value in data.items() if key != "place"}
    return {**rest, "place": places} if places else rest


def _smaller_settings(data: Data) -> Iterator[Data]:
    settings = data.get("collector", {})
    for name in settings:
        yield {**data, "collector": {key: value for key, value in settings.items() if key != name}}
    for name, value in settings.items():
        if isinstance(value, int):
            yield from ({**data, "collector": {**settings, name: fewer}} for fewer in _fewer(value))


def _without(data: Data, keys: tuple[str, ...]) -> Iterator[Data]:
    for key in keys:
        if key in data:
            yield {name: value for name, value in data.items() if name != key}


def with_actor(data: Data, number: int, actor: Data | None) -> Data:
    """The data with another actor in that place, or with none."""
    return _replaced(data, "actor", number, actor)


def _replaced(data: Data, kind: str, number: int, table: Data | None) -> Data:
    tables = list(data[kind])
    tables[number : number + 1] = [] if table is None else [table]
    if not tables:
        return {key: value for key, value in data.items() if key != kind}
    return {**data, kind: tables}


def _renamed(data: Data, old: str, new: str) -> Data:
    """The places of an actor go with its name."""
    if old == new or "place" not in data:
        return data
    places = [
        {**place, "actor": new, "path": place.get("path", "*").replace(f"{handler_dir(old)}/", f"{handler_dir(new)}/")}
        if place["actor"] == old
        else place
        for place in data["place"]
    ]
    return {**data, "place": places}


def _smaller_actors(actor: Data) -> Iterator[Data]:
    if "hazards" in actor:  # a plain event is plainer than what a hazard makes of none
        yield {**{key: value for key, value in actor.items() if key != "hazards"}, "events": 1}
    yield from _without(actor, _ACTOR_KEYS)
    for key, value in _PLAIN_ACTOR:
        if key in actor and actor[key] != value:
            yield {**actor, key: value}
    for fewer in _fewer(actor.get("events", 10)):
        yield {**actor, "events": fewer}
    hazards = actor.get("hazards", [])
    for number in range(len(hazards)):
        if len(hazards) > 1:
            yield {**actor, "hazards": hazards[:number] + hazards[number + 1 :]}
    for number, table in enumerate(hazards):
        for smaller in _smaller_hazards(table):
            yield {**actor, "hazards": [*hazards[:number], smaller, *hazards[number + 1 :]]}
    life = actor.get("life", [])
    if len(life) > 1:
        yield {**actor, "life": life[:1]}


def _smaller_hazards(table: Data) -> Iterator[Data]:
    for key in table:
        if key not in {"kind", "kinds"}:
            yield {name: value for name, value in table.items() if name != key}
    kinds = table.get("kinds", ())
    if len(kinds) > 1:
        yield from ({**table, "kinds": [kind]} for kind in kinds)
    if len(kinds) > 2:
        half = len(kinds) // 2
        yield from ({**table, "kinds": some} for some in (kinds[:half], kinds[half:]))
        yield from ({**table, "kinds": [other for other in kinds if other != kind]} for kind in kinds)
    for key in _NUMBERS:
        if key in table:
            for fewer in _fewer(table[key]):
                yield {**table, key: fewer}


def _smaller_faults(fault: Data) -> Iterator[Data]:
    yield from _without(fault, _FAULT_KEYS)
    for fewer in _fewer(fault.get("nth", 1)):
        if fewer >= 1:
            yield {**fault, "nth": fewer}
    if fault.get("in_pass"):
        yield {**fault, "in_pass": 0}
    if abs(fault.get("seconds", 0)) > 1:
        yield {**fault, "seconds": 1 if fault["seconds"] > 0 else -1}


def _fewer(amount: int | str) -> Iterator[Any]:
    """Smaller numbers, the smallest first; an amount by a limit becomes a number, or stands just
    beyond it.
    """
    if isinstance(amount, str):
        yield from (0, 1, 2, 3)
        if (nearer := _beyond(amount)) != amount:
            yield nearer
        return
    yield from (number for number in dict.fromkeys((0, 1, amount // 2, amount - 1)) if 0 <= number < amount)


def _beyond(amount: str) -> str:
    """One more than the limit that an amount names."""
    return re.sub(r"^(?:[0-9]+\*)?([a-z_]+)(?:[+-][0-9]+)?$", r"\1+1", amount)
