"""Where scenarios are found: shipped with the kit, or a file of the user's.

Rules: a scenario's id is its path below ``scenarios/`` without the ending (``quota/flood``), and a
stem that occurs once will do; the shipped ones are found beside the installed package, never by
import name; of an unknown key the nearest known one is named.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from ..base import BadInput, did_you_mean
from ..safe import load_toml, read_toml
from .faults import Fault
from .model import Actor, Change, Scenario, Threshold
from .places import Place
from .references import check_references

#: The directory of the scenarios that ship with the kit.
SHIPPED = Path(__file__).resolve().parents[2] / "scenarios"


def parse_scenario(text: str, where: str) -> Scenario:
    """A scenario from the text of its file; ``where`` names it in errors. Raises BadInput."""
    try:
        data = load_toml(text)
    except ValueError as error:
        raise BadInput(f"not TOML: {error}", where=where) from None
    return scenario_from_data(data, where)


def scenario_from_data(data: dict[str, Any], where: str) -> Scenario:
    """A scenario from the data of a file; ``where`` names it in errors. Raises BadInput."""
    try:
        scenario = Scenario.model_validate(data)
    except ValidationError as error:
        raise _bad_input(error, where) from None
    check_references(scenario, where)
    return scenario


_MODELS: dict[str, type[BaseModel]] = {"actor": Actor, "fault": Fault, "place": Place, "threshold": Threshold}


def _bad_input(error: ValidationError, where: str) -> BadInput:
    """The first finding, told in the words of the file."""
    findings = error.errors(include_url=False)
    first = next((f for f in findings if f["type"] == "extra_forbidden"), findings[0])
    steps = [step for step in first["loc"] if step != "schema_"]
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps).lstrip(".")
    more = f"; {len(findings) - 1} more" if len(findings) > 1 else ""
    if first["type"] == "extra_forbidden":
        model = Change if "life" in steps[1:-1] else _MODELS.get(str(steps[0]), Scenario) if len(steps) > 1 else Scenario
        known = [field.alias or name for name, field in model.model_fields.items() if name != "id"]
        hint = did_you_mean(str(steps[-1]), known) or f"known keys: {', '.join(known)}"
        return BadInput(f"unknown key '{place}'{more}", where=where, hint=hint)
    if first["type"] == "missing":
        return BadInput(f"missing key '{place}'{more}", where=where)
    message = first["msg"].removeprefix("Value error, ")
    return BadInput(f"'{place}': {message}{more}" if place else f"{message}{more}", where=where)


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
    hint = did_you_mean(name, [*scenarios, *(path.stem for path in scenarios.values())])
    raise BadInput(f"no scenario is named {name!r}", hint=hint or "`simulate list` shows them all")


def load_scenario(name: str) -> Scenario:
    """The scenario of that id, stem or file. Raises BadInput."""
    identity, path = find_scenario(name)
    try:
        data = read_toml(path)
    except OSError as error:
        raise BadInput(f"cannot be read: {error.strerror}", where=str(path)) from None
    except ValueError as error:
        raise BadInput(f"not TOML: {error}", where=str(path)) from None
    return scenario_from_data(data, str(path)).model_copy(update={"id": identity})
