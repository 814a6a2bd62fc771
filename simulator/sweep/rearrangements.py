"""Ways to say a scenario otherwise, that may take fewer steps of writers though no word less.

Rules: one counts only where the run that fails has fewer steps than before; so they end.
Events share a file, and one actor has the hazards of two. An option of a hazard has another of its
values, a list of them has one alone, and a number is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from ..hazards import HAZARDS
from .reductions import Data, with_actor, within


def rearrangements(data: Data) -> Iterator[Data]:
    """Each one change away from the data, which stays as it is."""
    for number, actor in enumerate(data["actor"]):
        for other in _actors(actor):
            yield with_actor(data, number, other)
        yield from _joined(data, number)


def least(data: Data) -> Data:
    """All numbers of the scenario and of its hazards as small as they get, at once."""
    return within({**data, "passes": 1, "actor": [_least_of(actor) for actor in data["actor"]]})


def _least_of(actor: Data) -> Data:
    events = actor.get("events", 10)
    small = {**actor, "events": min(events, 1) if isinstance(events, int) else events}
    if "hazards" in actor:
        small["hazards"] = [{**table, **dict.fromkeys(_larger_than_one(table), 1)} for table in actor["hazards"]]
    return small


def _larger_than_one(table: Data) -> Iterator[str]:
    for option, field in HAZARDS[table["kind"]].model_fields.items():
        given = table.get(option, field.default)
        if isinstance(given, int) and given > 1:
            yield option


def _joined(data: Data, number: int) -> Iterator[Data]:
    """An actor's hazards are another one's, and the actor is gone."""
    hazards = data["actor"][number].get("hazards", [])
    for place, other in enumerate(data["actor"]):
        if place != number and hazards:
            whole = {**other, "hazards": [*other.get("hazards", []), *hazards]}
            yield with_actor(with_actor(data, place, whole), number, None)


def _actors(actor: Data) -> Iterator[Data]:
    events = actor.get("events", 10)
    if events not in (0, 1) and actor.get("per_file", 1) != events:
        yield {**actor, "per_file": events}
    hazards = actor.get("hazards", [])
    for number, table in enumerate(hazards):
        for other in _hazards(table):
            yield {**actor, "hazards": [*hazards[:number], other, *hazards[number + 1 :]]}


def _hazards(table: Data) -> Iterator[Data]:
    for option, field in HAZARDS[table["kind"]].model_fields.items():
        if option in {"kind", "kinds", "passes"}:
            continue
        given = table.get(option, field.default)
        for value in _values(given, field.annotation):
            yield {**table, option: value}


def _values(given: Any, annotation: Any) -> list[Any]:
    """Other values of an option: all of a word's or a switch's, and each one of a list's. Of a
    number it is 1: where it is left out, it may be more.
    """
    if isinstance(given, (tuple, list)):
        return [[one] for one in given] if len(given) > 1 else []
    if get_origin(annotation) is Literal:
        return [value for value in get_args(annotation) if value != given]
    if isinstance(given, bool):
        return [not given]
    return [1] if isinstance(given, int) and given > 1 else []
