"""A random hazard, with options that keep it small and bring it to a limit."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from ..base import Draw
from ..hazards import HAZARD_KINDS, HAZARDS
from .swarm import Swarm

#: Kinds that a sweep leaves out. The first four are beyond a lowered limit, and their labels do not
#: know that. The others are heavy: what their size does is judged in runs that are measured.
_KINDS_LEFT_OUT = {
    *("event-far-over", "unknown-numbers", "message-far-over", "deep-objects"),
    *("one-list", "one-object", "one-text", "long-integer", "nests-of-900"),
}
#: Hazards whose kinds are many and cost little, and how many kinds of such a one, and of the
#: others, are drawn.
_SMALL = {"bad-keys", "odd-names", "secrets"}
_MANY, _FEW = (1, 4, 16, 48), (1, 1, 2)
_EXTENSION = tuple(HAZARDS)
_AGENT = tuple(name for name in _EXTENSION if HAZARDS[name].agent_events)
#: Amounts that are not one or two: at the limits that the hazard is about.
_AMOUNTS: dict[str, tuple[int | str, ...]] = {
    "flood": ("quota-1", "quota", "quota+1", 1, 3),
    "temporary-flood": ("spared-1", "spared", "spared+1", 1, 3),
}
#: Bytes of a file of tiny values: some dozens of them, and some hundreds.
_HEAVY = (200, 2_000)
#: Options that keep their defaults: an events dir that never comes back is told from one that was
#: removed by nobody.
_FIXED = {("events-dir", "restored")}
#: Words of options that only one world knows: a seed is swept in both.
_ONE_WORLD = {"mount"}
_NUMBERS: dict[str, tuple[int, ...]] = {
    "over": (0, 1),
    "excess": (1, 2, 1_000),
    "rounds": (1, 2, 3),
    "events": (2, 3),
    "neighbours": (0, 1, 2),
    "per_file": (1, 2, 4),
    "size": (0, 64, 1_000),
    "front": (0, 1, 2),
    "name_length": (0, 100, 255),
    "length": (1_000, 4_000),
}


def random_hazard(draw: Draw, swarm: Swarm, passes: int, *, agent: bool) -> dict[str, Any]:
    """The table of a hazard."""
    name = swarm.choice("agent-hazard" if agent else "hazard", _AGENT if agent else _EXTENSION)
    table: dict[str, Any] = {"kind": name}
    for option, field in HAZARDS[name].model_fields.items():
        if option in {"kind", "passes", "names", "number"} or (name, option) in _FIXED:
            continue
        value = _value(draw, name, option, field.annotation)
        if value is not None and value != field.default:
            table[option] = value
    if passes > 1 and draw.chance(0.3):
        table["passes"] = [draw.below(passes)]
    return table


def _value(draw: Draw, hazard: str, option: str, annotation: Any) -> Any:
    if option == "kinds":
        return draw.sample(
            [kind for kind in HAZARD_KINDS[hazard] if kind not in _KINDS_LEFT_OUT],
            draw.choice(_MANY if hazard in _SMALL else _FEW),
        )
    if (hazard, option) == ("heavy-json", "size"):
        return draw.choice(_HEAVY)
    if option in {"amount", "exact", "sparse"} or (hazard == "oversized" and option == "over"):
        return (
            draw.choice(_AMOUNTS[hazard])
            if hazard in _AMOUNTS and option == "amount"
            else draw.choice((1, 1, 1, 2) if option == "amount" else (0, 1))
        )
    if get_origin(annotation) is Literal:
        return draw.choice([word for word in get_args(annotation) if word not in _ONE_WORLD])
    if annotation is bool:
        return draw.chance(0.5)
    if option in _NUMBERS:
        return draw.choice(_NUMBERS[option])
    raise AssertionError(f"hazard {hazard!r} has an option that no sweep draws: {option}")
