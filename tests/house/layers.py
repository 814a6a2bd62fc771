"""The floors of the rooms, as [tool.importlinter] in pyproject.toml has them."""

from __future__ import annotations

import tomllib
from functools import cache
from typing import Any

from .source import ROOT, SIMULATOR


@cache
def _contracts() -> tuple[dict[str, Any], ...]:
    with (ROOT / "pyproject.toml").open("rb") as stream:
        return tuple(tomllib.load(stream)["tool"]["importlinter"]["contracts"])


@cache
def floors() -> tuple[tuple[str, ...], ...]:
    """Rooms by floor, the highest first; without modules that lie beside the rooms."""
    (layers,) = (contract["layers"] for contract in _contracts() if contract["id"] == "layers")
    split = (tuple(name.strip() for name in floor.split("|")) for floor in layers)
    return tuple(floor for floor in split if not floor[0].startswith("_"))


def forbidden(room: str) -> set[str]:
    """The rooms below a room that it may not import all the same."""
    named: set[str] = set()
    for contract in _contracts():
        if contract["type"] == "forbidden" and f"{SIMULATOR}.{room}" in contract["source_modules"]:
            named |= {name.removeprefix(f"{SIMULATOR}.") for name in contract["forbidden_modules"]}
    return named


def below(room: str) -> str:
    """What a room may import, in words: rooms by name as long as one is barred, then all below."""
    (floor,) = (at for at, names in enumerate(floors()) if room in names)
    lower, barred = floors()[floor + 1 :], forbidden(room)
    if not lower:
        return "the standard library"
    mixed = max((at for at, names in enumerate(lower) if barred & {*names}), default=-1)
    allowed = [name for names in lower[: mixed + 1] for name in names if name not in barred]
    assert mixed + 1 < len(lower), f"{room}: something below is always allowed"
    return f"{', '.join([*allowed, *lower[mixed + 1]])} and below"
