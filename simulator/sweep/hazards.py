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
#: Hazard -> how many of its kinds are drawn. Those of the first three can share a file or cost next
#: to nothing. Those of the next two have a small file each. The others each cost as a whole file.
_KINDS_AT_ONCE: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(("bad-keys", "odd-names", "secrets"), (1, 4, 16, 48)),
    **dict.fromkeys(("malformed", "tld-shapes"), (1, 2, 8)),
    **dict.fromkeys(("heavy-json", "odd-times", "xml-bombs"), (1, 1, 2)),
}
_EXTENSION = tuple(HAZARDS)
_AGENT = tuple(name for name in _EXTENSION if HAZARDS[name].agent_events)
#: What has more kinds comes in one pass alone, as a flood does: a second time shows little more.
_MOST_KINDS_AGAIN = 4
#: Amounts that are not one or two: at the limits that the hazard is about.
_AMOUNTS: dict[str, tuple[int | str, ...]] = {
    "flood": ("quota-1", "quota", "quota+1", 1, 3),
    "temporary-flood": ("spared-1", "spared", "spared+1", 1, 3),
}
#: Options that keep their defaults: an events dir that never comes back is told from one that was
#: removed by nobody.
_FIXED = {("events-dir", "restored")}
#: Words of options that only one world knows: a seed is swept in both.
_ONE_WORLD = {"mount"}
#: How likely an option is that is not as likely as its contrary: a file for each kind is dear.
_CHANCES = {"together": 0.8}
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
#: The same of one hazard alone: a file of some dozens of tiny values, and one of some hundreds.
_NUMBERS_OF_ONE = {("heavy-json", "size"): (200, 2_000)}


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
    is_heavy = len(table.get("kinds", ())) > _MOST_KINDS_AGAIN or name in _AMOUNTS
    if passes > 1 and (is_heavy or draw.chance(0.6)):
        table["passes"] = [draw.below(passes)]
    return table


def _value(draw: Draw, hazard: str, option: str, annotation: Any) -> Any:
    if option == "kinds":
        return draw.sample(
            [kind for kind in HAZARD_KINDS[hazard] if kind not in _KINDS_LEFT_OUT],
            draw.choice(_KINDS_AT_ONCE[hazard]),
        )
    if option in {"amount", "exact", "sparse"} or (hazard == "oversized" and option == "over"):
        return (
            draw.choice(_AMOUNTS[hazard])
            if hazard in _AMOUNTS and option == "amount"
            else draw.choice((1, 1, 1, 2) if option == "amount" else (0, 1))
        )
    if get_origin(annotation) is Literal:
        return draw.choice([word for word in get_args(annotation) if word not in _ONE_WORLD])
    if annotation is bool:
        return draw.chance(_CHANCES.get(option, 0.5))
    if numbers := _NUMBERS_OF_ONE.get((hazard, option)) or _NUMBERS.get(option):
        return draw.choice(numbers)
    raise AssertionError(f"hazard {hazard!r} has an option that no sweep draws: {option}")
