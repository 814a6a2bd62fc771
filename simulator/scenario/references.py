"""Names that a scenario uses: producers, hazards, traffic shapes, clauses.

Each must exist, and a misspelt one is told the nearest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pydantic import ValidationError

from ..base import BadInput, did_you_mean
from ..contract import CLAUSES
from ..hazards import HAZARDS, HazardType
from ..writers import PRODUCERS, TRAFFIC
from . import timezones
from .model import Actor, Scenario


def writes_agent_events(actor: Actor) -> bool:
    """Whether it writes into the agent's directory, and not into an events dir of its own."""
    return bool(getattr(PRODUCERS[actor.producer], "agent_events", False))


def has_agent_pass(scenario: Scenario) -> bool:
    """Whether its own actors have each pass follow one over agent events."""
    return scenario.agent_events_dir == "missing" or any(map(writes_agent_events, scenario.actor))


def check_references(scenario: Scenario, where: str) -> None:
    """Raise BadInput for the first name that does not exist, or hazard option that does not fit."""
    if timezones.has_data() and not timezones.is_known(scenario.timezone):
        hint = (
            did_you_mean(scenario.timezone, timezones.names())
            or "a name such as Asia/Kolkata, or a rule such as NST3:30"
        )
        raise BadInput(f"unknown time zone {scenario.timezone!r} in 'timezone'", where=where, hint=hint)
    for index, slug in enumerate(scenario.clauses):
        _known(slug, CLAUSES, "clause", f"clauses[{index}]", where)
    for index, actor in enumerate(scenario.actor):
        _known(actor.producer, PRODUCERS, "producer", f"actor[{index}].producer", where)
        _known(actor.traffic, TRAFFIC, "traffic shape", f"actor[{index}].traffic", where)
        if actor.life and writes_agent_events(actor):
            raise BadInput(
                f"'actor[{index}].life' is an extension's; {actor.producer} writes agent events", where=where
            )
        for number, options in enumerate(actor.hazards):
            hazard(options, f"actor[{index}].hazards[{number}]", where)


def hazard(options: dict[str, Any], place: str = "hazard", where: str = "") -> HazardType:
    """The hazard that a table of a scenario file describes. Raises BadInput."""
    given = dict(options)
    kind = given.pop("kind", None)
    if not isinstance(kind, str):
        raise BadInput(f"'{place}' has no 'kind'", where=where, hint=f"one of: {', '.join(HAZARDS)}")
    _known(kind, HAZARDS, "hazard", f"{place}.kind", where)
    model = HAZARDS[kind]
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        option = ".".join(str(step) for step in first["loc"])
        hint = did_you_mean(option, model.model_fields) or f"options: {', '.join(model.model_fields) or 'none'}"
        told = (
            "unknown option" if first["type"] == "extra_forbidden" else first["msg"].removeprefix("Value error, ") + ":"
        )
        raise BadInput(f"{told} '{place}.{option}' of hazard {kind!r}", where=where, hint=hint) from None


def _known(name: str, known: Iterable[str], what: str, place: str, where: str) -> None:
    names = list(known)
    if name not in names:
        raise BadInput(
            f"unknown {what} {name!r} in '{place}'",
            where=where,
            hint=did_you_mean(name, names) or "`simulate list` shows them",
        )
