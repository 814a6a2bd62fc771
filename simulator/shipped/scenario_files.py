"""Where scenarios are found: shipped with the kit, or a file of the user's.

Rules: a scenario's id is its path below ``scenarios/`` without the ending (``quota/flood``), and a
stem that occurs once will do. The shipped ones are found beside the installed package, never by
import name.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from ..base import BadInput, did_you_mean

#: The directory of the scenarios that ship with the kit.
SHIPPED = Path(__file__).resolve().parents[2] / "scenarios"


@cache
def shipped_scenarios() -> dict[str, Path]:
    """id -> file of every scenario that ships with the kit, sorted."""
    return {
        str(path.relative_to(SHIPPED).with_suffix("")): path
        for path in sorted(SHIPPED.rglob("*.toml"))
        if not path.name.startswith(".")
    }


def find_scenario(name: str) -> tuple[str, Path]:
    """(id, file) of a shipped scenario by id or unique stem, or of a file by its path.
    Raises BadInput.
    """
    scenarios = shipped_scenarios()
    if name in scenarios:
        return name, scenarios[name]
    stems = [(key, path) for key, path in scenarios.items() if path.stem == name]
    if len(stems) == 1:
        return stems[0]
    if stems:
        raise BadInput(f"scenario {name!r} is ambiguous", hint="one of " + ", ".join(key for key, _ in stems))
    if name.endswith(".toml") or "/" in name:
        path = Path(name)
        if path.is_file():
            return name.removesuffix(".toml"), path
        if name.endswith(".toml"):
            raise BadInput("no such scenario file", where=name)
    hint = did_you_mean(name, scenario_names())
    raise BadInput(f"no scenario is named {name!r}", hint=hint or "`simulate list` shows them all")


def scenario_names() -> list[str]:
    """Every id of a shipped scenario, and every stem."""
    return [*shipped_scenarios(), *(path.stem for path in shipped_scenarios().values())]


def is_scenario(name: str) -> bool:
    """Whether a scenario may be meant: a shipped one's id or stem, or a TOML file."""
    return name in scenario_names() or name.endswith(".toml")
