"""What a scenario says of itself, for lists and explanations.

Rules: it is what the file says, with the defaults of the format, and not validated. The models that
validate take longer to load than all files to read. A test compares both for every scenario that
ships; a file of the user's is to be validated before.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from ..safe import read_toml
from .scenario_files import shipped_scenarios


class Writer(NamedTuple):
    """One who writes. ``hazards``: their kinds."""

    handler: str
    role: str
    producer: str
    events: str
    hazards: tuple[str, ...]


class Synopsis(NamedTuple):
    title: str
    about: str
    worlds: tuple[str, ...]
    clauses: tuple[str, ...]
    writers: tuple[Writer, ...]


def synopsis(path: Path) -> Synopsis:
    """Of a file that holds a scenario."""
    data = read_toml(path)
    world = data.get("world", "both")
    return Synopsis(
        data["title"],
        data["about"],
        ("fake", "real") if world == "both" else (world,),
        tuple(data["clauses"]),
        tuple(map(_writer, data["actor"])),
    )


def synopses() -> dict[str, Synopsis]:
    """id -> synopsis of every scenario that ships."""
    return {name: synopsis(path) for name, path in shipped_scenarios().items()}


def _writer(actor: Mapping[str, Any]) -> Writer:
    return Writer(
        actor["handler"],
        actor.get("role", "bystander"),
        actor.get("producer", "plain"),
        str(actor.get("events", 10)),
        tuple(hazard["kind"] for hazard in actor.get("hazards", ())),
    )
